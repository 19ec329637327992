import type { Trigger } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { arcOfDocument, parseArc } from './arc-document.ts';
import type { ArcDocument, ArcEntry } from './arc-document.ts';
import { addArcFunction } from './architect-function.ts';
import type { ArcProject } from './architect-function.ts';
import { literal } from '../model/value.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';
import { openTo } from './web-function.ts';
import { firstIn, firstLine, inFolder } from './web-project.ts';

/**
 * Architect (arc.codes, "Project manifest", and the folder names of @architect/inventory, read 2026-11): each entry of `@http`,
 * `@events`, `@queues`, `@scheduled`, `@tables-streams` and `@ws` is a Lambda function whose code lies in a folder named after it.
 */
export const architectReader: Reader = {
  name: 'architect',
  about: {
    format: 'Architect', platform: 'AWS', files: '`app.arc`, `.arc`, `arc.json`, `arc.yaml`',
    reads: "`@http`, `@events`, `@queues`, `@scheduled`, `@tables-streams`, `@ws` and their folders, `@aws` settings and each function's own",
    not: 'functions that plugins add without naming their `src`, and what calls the others',
  },
  matches: (file) => /(?:^|\/)(?:app\.arc|\.arc|arc\.(?:json|ya?ml|toml))$/.test(file),
  read(file, context) {
    const folder = folderOf(file);
    // The first of a folder's manifests is the one that counts.
    if (firstIn(context.workspace, folder, ['app.arc', '.arc', 'arc.json', 'arc.yaml', 'arc.yml', 'arc.toml']) !== file) return;
    const document = read(file, context);
    // Other tools have files of these names; every manifest names its application.
    if (document === undefined || !document.has('app')) return;
    const project: ArcProject = { unit: file, folder, document };
    resources(project, context);
    functions(project, context);
    unread(project, context);
    context.used(file);
  },
};

const known: ReadonlySet<string> = new Set([
  'app', 'aws', 'http', 'events', 'queues', 'scheduled', 'tables-streams', 'streams', 'tables', 'tables-indexes', 'indexes', 'ws', 'static', 'shared', 'views', 'proxy', 'cdn', 'macros', 'plugins',
  'storage-private', 'storage-public', 'env', 'sandbox', 'begin',
]);

/** Plugins may add functions of their own, under pragmas of their own. */
function unread(project: ArcProject, context: ReadContext): void {
  const plugins = [...project.document.get('plugins') ?? [], ...project.document.get('macros') ?? []];
  const [first] = plugins;
  if (first !== undefined) context.gap({ kind: 'plugin', file: project.unit, line: first.location.line, message: `functions that plugins add are not read: ${plugins.slice(0, 20).map((entry) => (entry.words[0] ?? '').slice(0, 100)).join(', ')}` });
  for (const [pragma, entries] of project.document) {
    const own = known.has(pragma) ? [] : entries.filter((entry) => entry.properties.has('src'));
    // An entry with a `src` is what a plugin hands on as a function; what calls it only the plugin knows.
    for (const entry of own) {
      const name = entry.words[0] ?? '';
      if (name !== '') addArcFunction(project, { pragma, name, directory: name, entry, triggers: [] }, context);
    }
    const [one] = own;
    if (one !== undefined) context.gap({ kind: 'trigger', file: project.unit, line: one.location.line, message: `what calls the functions of the pragma @${pragma.slice(0, 100)} is not known` });
  }
}

function read(file: string, context: ReadContext): ArcDocument | undefined {
  if (file.endsWith('arc')) {
    const text = context.workspace.read(file);
    return text === undefined ? undefined : parseArc(file, text);
  }
  const document = context.document(file, { version: '1.2' });
  const broken = document?.errors.find((error) => error.kind !== 'duplicate');
  const root = document?.roots[0];
  if (root?.kind !== 'map' || !(root.get('app') ?? root.get('@app'))) return undefined;
  if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
  return arcOfDocument(root);
}

const kinds = new Map([
  ['tables', ['table', 'AWS::DynamoDB::Table']], ['queues', ['queue', 'AWS::SQS::Queue']], ['events', ['topic', 'AWS::SNS::Topic']],
  ['storage-private', ['bucket', 'AWS::S3::Bucket']], ['storage-public', ['bucket', 'AWS::S3::Bucket']],
] as const);

/** Tables, queues, topics and buckets go by their names in the manifest: code asks for them by those. */
function resources(project: ArcProject, context: ReadContext): void {
  for (const [pragma, [kind, type]] of kinds) {
    for (const entry of project.document.get(pragma) ?? []) {
      const [name] = entry.words;
      if (name === undefined) continue;
      const logicalId = `${pragma}/${name}`;
      context.addResource({
        id: `${project.unit}#${logicalId}`, unit: project.unit, logicalId, kind, type, location: entry.location,
        properties: { kind: 'object', open: true, entries: [['Name', literal(name)]] },
      });
    }
  }
}

function functions(project: ArcProject, context: ReadContext): void {
  const entries = (pragma: string): readonly ArcEntry[] => project.document.get(pragma) ?? [];
  const resource = (pragma: string, name: string): Value => ({ kind: 'resource', unit: project.unit, id: `${pragma}/${name}`, attribute: 'Arn' });
  for (const entry of entries('http')) {
    const [first = '', second] = entry.words;
    // `get /path`, or `/path` with a `method`; a path alone is every method.
    const path = second ?? first;
    const method = (second === undefined ? entry.properties.get('method')?.words[0] ?? 'any' : first).toLowerCase();
    if (!path.startsWith('/')) continue;
    const route = path.replaceAll(/:([\w-]{1,200})/g, '{$1}').replace(/\*$/, '{proxy+}');
    const trigger: Trigger = { kind: 'http', source: '@http', filters: [{ kind: 'route', method: method === 'any' ? '*' : method.toUpperCase(), path: route }], auth: openTo(entry.location), location: entry.location };
    addArcFunction(project, { pragma: 'http', name: `${method} ${path}`, directory: `${method}${lambdaName(path)}`, entry, triggers: [trigger] }, context);
  }
  for (const entry of entries('events')) named(project, 'events', entry, (name) => ({ kind: 'topic', source: '@events', resource: resource('events', name), filters: [], location: entry.location }), context);
  // Architect's queues are first in, first out unless they say otherwise, and give one message at a time then; its streams give ten (@architect/package 10, read 2026-11).
  for (const entry of entries('queues')) named(project, 'queues', entry, (name) => ({ kind: 'queue', source: '@queues', resource: resource('queues', name), filters: [], location: entry.location, batchSize: entry.properties.get('fifo')?.words[0] === 'false' ? 10 : 1 }), context);
  for (const entry of entries('scheduled')) {
    const written = ['rate', 'cron'].flatMap((kind) => {
      const words = entry.properties.get(kind)?.words;
      return words === undefined ? [] : [`${kind}(${words.join(' ')})`];
    })[0] ?? entry.words.slice(1).join(' ');
    named(project, 'scheduled', entry, () => ({ kind: 'schedule', source: '@scheduled', filters: [], schedule: literal(written), location: entry.location }), context);
  }
  const streams = [...entries('tables-streams'), ...entries('streams'), ...entries('tables').filter((entry) => entry.properties.get('stream')?.words[0] === 'true')];
  const seen = new Set<string>();
  for (const entry of streams) {
    if (seen.has(entry.words[0] ?? '')) continue;
    seen.add(entry.words[0] ?? '');
    named(project, 'tables-streams', entry, (name) => ({ kind: 'stream', source: '@tables-streams', resource: resource('tables', entry.properties.get('table')?.words[0] ?? name), filters: [], location: entry.location, batchSize: 10 }), context);
  }
  if (project.document.has('ws')) {
    const written = entries('ws');
    // The routes that every web socket has are made without being named.
    const standard = ['connect', 'default', 'disconnect'].filter((name) => !written.some((entry) => entry.words[0]?.replace(/^\$/, '') === name) && context.workspace.isDirectory(inFolder(project.folder, `src/ws/${name}`)));
    for (const entry of [...written, ...standard.map((name): ArcEntry => ({ words: [name], properties: new Map(), location: firstLine(project.unit) }))]) named(project, 'ws', entry, (name) => ({ kind: 'http', source: '@ws', filters: [{ kind: 'route', method: '*', path: name }], auth: openTo(entry.location), location: entry.location }), context);
  }
}

function named(project: ArcProject, pragma: string, entry: ArcEntry, trigger: (name: string) => Trigger, context: ReadContext): void {
  const name = entry.words[0]?.replace(/^\$/, '');
  if (name !== undefined) addArcFunction(project, { pragma, name, directory: name, entry, triggers: [trigger(name)] }, context);
}

/** A path as a folder's name: `/a-b/:id` is `-a_b-000id`, `/*` is `-catchall`, `/` is `-index`. */
function lambdaName(path: string): string {
  return path === '/' ? '-index' : path.replaceAll(/[-.]/g, '_').replaceAll('/', '-').replaceAll(':', '000').replaceAll('*', 'catchall');
}
