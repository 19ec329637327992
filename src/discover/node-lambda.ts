import type { Handler, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { parseDocument } from './document.ts';
import type { DocNode } from './document.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, withoutExtension } from './source-path-names.ts';
import { webFunction } from './web-function.ts';
import { configured, inFolder, manifestOf, placeIn } from './web-project.ts';

/** One `node-lambda deploy` of a script, with its options by their long names. */
interface Deployment { readonly script: string; readonly options: ReadonlyMap<string, string>; readonly location: Location }

/** A setting with the place where it is written. */
interface Setting { readonly value: string; readonly location: Location }

/** Short names of options, and the variable of `.env` that stands for each (README of node-lambda, "deploy", read 2026-11). */
const longNames: ReadonlyMap<string, string> = new Map([
  ['h', 'handler'], ['e', 'environment'], ['n', 'functionName'], ['m', 'memorySize'], ['t', 'timeout'], ['u', 'runtime'], ['r', 'region'],
  ['f', 'configFile'], ['S', 'eventSourceFile'],
]);
const variables: ReadonlyMap<string, string> = new Map([
  ['handler', 'AWS_HANDLER'], ['functionName', 'AWS_FUNCTION_NAME'], ['memorySize', 'AWS_MEMORY_SIZE'], ['timeout', 'AWS_TIMEOUT'], ['runtime', 'AWS_RUNTIME'],
  ['region', 'AWS_REGION'], ['configFile', 'CONFIG_FILE'], ['eventSourceFile', 'EVENT_SOURCE_FILE'],
]);

/**
 * node-lambda (README, "deploy", "Deploying to multiple environments", "Event sources", read 2026-11): the scripts of a manifest deploy the package as one
 * function, whose handler and settings they or the `.env` beside it name. Scripts for several environments deploy the same function.
 */
export const nodeLambdaReader: Reader = {
  name: 'node-lambda',
  about: {
    format: 'node-lambda', platform: 'AWS', files: 'scripts of `package.json`, `.env`, files of event sources and of variables',
    reads: 'handler, settings, variables, event source mappings, schedules and S3 events; of several environments production',
    not: 'commands that are typed by hand',
  },
  matches: (file) => /(?:^|\/)package\.json$/.test(file),
  sniff: (text) => text.includes('node-lambda'),
  read(file, context) {
    const folder = folderOf(file);
    const deployments = [...manifestOf(context.workspace, folder)?.scripts ?? []].flatMap(([name, text]) => deploymentsOf(file, name, text, context));
    const functions = new Map<string, Deployment>();
    const settings = settingsOf(context, inFolder(folder, '.env'));
    for (const deployment of deployments) {
      const key = `${deployment.options.get('functionName') ?? ''} ${deployment.options.get('handler') ?? ''}`;
      const known = functions.get(key);
      if (known === undefined || (isProduction(deployment) && !isProduction(known))) functions.set(key, deployment);
    }
    for (const deployment of functions.values()) deploy(file, folder, deployment, settings, context);
  },
};

const isProduction = ({ script, options }: Deployment): boolean => /^prod(?:uction)?$|[-_:]prod(?:uction)?$/i.test(options.get('environment') ?? script) || /[-_:]prod(?:uction)?$/i.test(script);

function deploymentsOf(file: string, script: string, text: string, context: ReadContext): readonly Deployment[] {
  return text.slice(0, 5_000).split(/&&|\|\||;/).flatMap((part): Deployment[] => {
    const words = [...part.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
    const at = words.findIndex((word) => /(?:^|\/)node-lambda$/.test(word));
    if (at < 0 || words[at + 1] !== 'deploy') return [];
    const options = new Map<string, string>();
    for (let index = at + 2; index < words.length; index++) {
      const found = /^--?([A-Za-z]{1,30})(?:=(.*))?$/s.exec(words[index] ?? '');
      const next = words[index + 1];
      const value = found?.[2] ?? (next !== undefined && !next.startsWith('-') ? next : undefined);
      if (found?.[1] !== undefined && value !== undefined) options.set(longNames.get(found[1]) ?? found[1], value);
    }
    const pattern = new RegExp(`"${script.replaceAll(/[^\w]/g, (char) => `\\${char}`)}"\\s{0,20}:`);
    return [{ script, options, location: placeIn(file, context.workspace.read(file) ?? '', pattern) }];
  });
}

/** The lines of a file of variables, with their places. */
function settingsOf(context: ReadContext, file: string): ReadonlyMap<string, Setting> {
  const found = new Map<string, Setting>();
  if (!context.workspace.has(file)) return found;
  for (const [index, text] of (context.workspace.read(file) ?? '').slice(0, 100_000).split('\n').entries()) {
    const parts = /^\s{0,20}(?:export\s{1,5})?([A-Za-z_]\w{0,200})\s{0,20}=\s{0,20}(.*?)\s{0,200}$/.exec(text.slice(0, 5_000));
    if (parts?.[1] === undefined) continue;
    const written = parts[2] ?? '';
    const quoted = /^(["'])(.*)\1$/s.exec(written)?.[2];
    const end = text.trimEnd().length + 1;
    found.set(parts[1], { value: quoted ?? written.replace(/\s+#.*$/, ''), location: { file, line: index + 1, column: 1, endLine: index + 1, endColumn: end } });
  }
  return found;
}

function deploy(file: string, folder: string, deployment: Deployment, settings: ReadonlyMap<string, Setting>, context: ReadContext): void {
  const { options, location } = deployment;
  const setting = (name: string): Setting | undefined => {
    const value = options.get(name);
    if (value !== undefined) return { value, location };
    const kept = settings.get(variables.get(name) ?? '');
    return kept === undefined || kept.value === '' ? undefined : kept;
  };
  const written = setting('handler')?.value ?? 'index.handler';
  const dot = written.lastIndexOf('.');
  const found = dot <= 0 ? undefined : context.sourceOf(folder, folder, withoutExtension(written.slice(0, dot)));
  if (found === undefined || 'gap' in found) {
    context.gap({ kind: 'handler', file, line: location.line, message: found?.gap ?? 'node-lambda deploy names no handler' });
    return;
  }
  const handlers: Handler[] = [{ file: found.file, export: written.slice(dot + 1), kind: 'handler' }];
  const number = (name: string): { readonly value: number; readonly location: Location } | undefined => {
    const given = setting(name);
    const value = Number(given?.value ?? 'none');
    return given === undefined || !Number.isFinite(value) ? undefined : { value, location: given.location };
  };
  // Without a word of its own a function has 60 s and 128 MB.
  const timeoutSeconds = number('timeout') ?? { value: 60, location };
  const memoryMb = number('memorySize') ?? { value: 128, location };
  const runtime = setting('runtime');
  const region = setting('region');
  const name = setting('functionName')?.value ?? /"name"\s{0,20}:\s{0,20}"([^"]{1,200})"/.exec((context.workspace.read(file) ?? '').slice(0, 20_000))?.[1] ?? 'function';
  const stage = options.get('environment');
  context.used(file);
  for (const used of [inFolder(folder, '.env'), configured(folder, setting('configFile')?.value ?? ''), configured(folder, setting('eventSourceFile')?.value ?? '')]) {
    if (used !== undefined && context.workspace.has(used)) context.used(used);
  }
  context.addFunction(webFunction({
    name, unit: file, platform: 'aws', handlers, foundBy: 'infrastructure', declaredAt: [location], timeoutSeconds, memoryMb,
    physicalName: literal(stage === undefined ? name : `${name}-${stage}`),
    ...(runtime === undefined ? {} : { runtime }), ...(region === undefined ? {} : { region: literal(region.value) }),
    environment: environmentOf(context, folder, setting('configFile')?.value), triggers: triggersOf(context, folder, setting('eventSourceFile')?.value),
    packaging: { form: 'folder', tool: 'node-lambda', folder, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
  }));
}

function environmentOf(context: ReadContext, folder: string, written: string | undefined): ReadonlyMap<string, Value> {
  const file = written === undefined ? undefined : configured(folder, written);
  return new Map(file === undefined ? [] : [...settingsOf(context, file)].map(([name, { value }]): [string, Value] => [name, literal(value)]));
}

/** Mappings, schedules and S3 events of a file of event sources; in old files the mappings stand there as a list. */
function triggersOf(context: ReadContext, folder: string, written: string | undefined): readonly Trigger[] {
  const file = written === undefined ? undefined : configured(folder, written);
  const text = file === undefined || !context.workspace.has(file) ? undefined : context.workspace.read(file);
  const root = file === undefined || text === undefined ? undefined : parseDocument(file, text).roots[0];
  if (!root) return [];
  const mappings = root.kind === 'list' ? root.items : root.get('EventSourceMappings')?.items ?? [];
  return [...mappings.flatMap(mapping), ...(root.get('ScheduleEvents')?.items ?? []).flatMap(schedule), ...(root.get('S3Events')?.items ?? []).flatMap(bucket)];
}

function mapping(node: DocNode): readonly Trigger[] {
  const arn = node.get('EventSourceArn')?.scalar;
  const service = typeof arn === 'string' ? /^arn:[\w-]{1,20}:(kinesis|dynamodb|sqs):/.exec(arn)?.[1] : undefined;
  if (typeof arn !== 'string' || service === undefined) return [];
  const size = node.get('BatchSize')?.scalar;
  return [{
    kind: service === 'sqs' ? 'queue' : 'stream', source: service === 'sqs' ? 'SQS' : service === 'kinesis' ? 'Kinesis' : 'DynamoDB', filters: [], resource: literal(arn), location: node.location,
    ...(typeof size === 'number' ? { batchSize: size } : {}), ...(node.get('Enabled')?.scalar === false ? { enabled: false } : {}),
  }];
}

function schedule(node: DocNode): readonly Trigger[] {
  const expression = node.get('ScheduleExpression')?.scalar;
  return [{
    kind: 'schedule', source: 'Schedule', filters: [], location: node.location,
    ...(typeof expression === 'string' ? { schedule: literal(expression) } : {}), ...(node.get('ScheduleState')?.scalar === 'DISABLED' ? { enabled: false } : {}),
  }];
}

function bucket(node: DocNode): readonly Trigger[] {
  const name = node.get('Bucket')?.scalar;
  const events = (node.get('Events')?.items ?? []).flatMap((item) => (typeof item.scalar === 'string' ? [item.scalar] : []));
  const parts = (node.at('Filter', 'Key', 'FilterRules')?.items ?? []).map((rule) => [String(rule.get('Name')?.scalar).toLowerCase(), rule.get('Value')?.scalar] as const);
  const part = (wanted: string): Value | undefined => { const value = parts.find(([one]) => one === wanted)?.[1]; return typeof value === 'string' ? literal(value) : undefined; };
  const [prefix, suffix] = [part('prefix'), part('suffix')];
  const rules = prefix === undefined && suffix === undefined ? [] : [{ ...(prefix === undefined ? {} : { prefix }), ...(suffix === undefined ? {} : { suffix }) }];
  return [{ kind: 'bucket', source: 'S3', filters: [{ kind: 'object', events, rules }], location: node.location, ...(typeof name === 'string' ? { resource: literal(name) } : {}) }];
}
