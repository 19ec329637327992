import type { Handler, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { folderOf, withoutExtension } from './source-path-names.ts';
import { openTo, webFunction } from './web-function.ts';
import { configured, inFolder, manifestOf, placeIn } from './web-project.ts';

/** Options of one `claudia create` or `claudia update`, with the place of the script that runs it. */
interface Command { readonly name: string; readonly options: ReadonlyMap<string, string>; readonly location: Location }

/**
 * Claudia.js (command line documentation of `create`, `update`, `add-scheduled-event` and the other event sources, read 2026-11): the
 * scripts of a manifest deploy the package as one Lambda function, whose handler or API module they name.
 */
export const claudiaReader: Reader = {
  name: 'claudia',
  about: {
    format: 'Claudia.js', platform: 'AWS', files: 'scripts of `package.json`, `claudia.json`',
    reads: 'handler or API module, settings, scheduled and other event sources',
    not: 'commands that are typed by hand',
  },
  matches: (file) => /(?:^|\/)(?:package|claudia)\.json$/.test(file),
  sniff: (text) => text.includes('claudia') || text.includes('"lambda"'),
  read(given, context) {
    const folder = folderOf(given);
    const file = inFolder(folder, 'package.json');
    const manifest = manifestOf(context.workspace, folder);
    // A manifest that speaks of claudia is read by itself, with the state beside it.
    if (given !== file && (context.workspace.read(file) ?? 'claudia').includes('claudia')) return;
    const commands = [...manifest?.scripts ?? []].flatMap(([name, text]) => commandsOf(file, name, text, context));
    const creations = commands.filter((command) => command.name === 'create');
    // Without the script the state that claudia keeps tells that the package is deployed; the module is then the package's own.
    const kept = creations.length > 0 ? undefined : keptCommand(context, folder, file, manifest?.dependencies ?? new Set());
    for (const command of creations.length > 0 ? unique(creations) : kept ?? []) {
      deploy(file, folder, command, commands, context);
    }
  },
};

/**
 * What `claudia create` was once told, as far as the state file says it (`lambda.name`, `lambda.region`, `api.module`); where it names no
 * module, that is the package's own with the export that takes an event.
 */
function keptCommand(context: ReadContext, folder: string, file: string, dependencies: ReadonlySet<string>): readonly Command[] | undefined {
  const stateFile = inFolder(folder, 'claudia.json');
  const state = readJson(context.workspace, stateFile);
  const part = (name: string): Readonly<Record<string, unknown>> => Object(state?.[name]) as Record<string, unknown>;
  if (state === undefined || typeof part('lambda')['name'] !== 'string') return undefined;
  const main = mainOf(context, file);
  const { module } = part('api');
  const isApi = typeof module === 'string' || ['claudia-api-builder', 'claudia-bot-builder'].some((name) => dependencies.has(name));
  const options = new Map<string, string>();
  const found = context.sourceOf(folder, folder, main);
  const name = isApi || !('file' in found) ? undefined : handlerName(context.workspace.read(found.file) ?? '');
  if (isApi) options.set('api-module', typeof module === 'string' ? module : main);
  else if (name !== undefined) options.set('handler', `${main}.${name}`);
  else return undefined;
  const region = part('lambda')['region'];
  if (typeof region === 'string') options.set('region', region);
  const place = /"claudia[^"]{0,100}"/.test(context.workspace.read(file) ?? '') ? [file, /"claudia[^"]{0,100}"/] as const : [stateFile, /"lambda"/] as const;
  return [{ name: 'create', options, location: placeIn(place[0], context.workspace.read(place[0]) ?? '', place[1]) }];
}

/** The export that takes an event, of the names that handlers have. */
function handlerName(text: string): string | undefined {
  const names = ['handler', 'lambda', 'main'].filter((name) => exportsOf(text, [name]).length > 0);
  return names.find((name) => new RegExp(`\\b${name}\\s{0,5}(?:[=:]\\s{0,5})?(?:async\\s{0,5})?(?:function\\s{0,5})?\\(\\s{0,5}(?:_?event|evt|\\{)`).test(text)) ?? names[0];
}

/** Scripts for several stages create the same module under several versions. */
function unique(commands: readonly Command[]): readonly Command[] {
  const seen = new Map<string, Command>();
  for (const command of commands) {
    const key = `${command.options.get('config') ?? ''} ${command.options.get('handler') ?? command.options.get('api-module') ?? ''} ${command.options.get('source') ?? ''}`;
    if (!seen.has(key)) seen.set(key, command);
  }
  return [...seen.values()];
}

function commandsOf(file: string, script: string, text: string, context: ReadContext): readonly Command[] {
  return text.slice(0, 5_000).split(/&&|\|\||;/).flatMap((part): Command[] => {
    const words = [...part.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
    const at = words.findIndex((word) => /(?:^|\/)claudia$/.test(word));
    const name = words[at + 1];
    if (at < 0 || name === undefined) return [];
    const options = new Map<string, string>();
    for (let index = at + 2; index < words.length; index++) {
      const [key = '', value] = (words[index] ?? '').split(/=(.*)/s);
      if (!key.startsWith('--')) continue;
      const next = words[index + 1];
      options.set(key.slice(2), value ?? (next !== undefined && !next.startsWith('--') ? next : 'true'));
    }
    const pattern = new RegExp(`"${script.replaceAll(/[^\w]/g, (char) => `\\${char}`)}"\\s{0,20}:`);
    return [{ name, options, location: placeIn(file, context.workspace.read(file) ?? '', pattern) }];
  });
}

function deploy(file: string, folder: string, command: Command, commands: readonly Command[], context: ReadContext): void {
  const { options, location } = command;
  const source = configured(folder, options.get('source') ?? '.') ?? folder;
  const api = options.get('api-module');
  const written = options.get('handler') ?? (api === undefined ? undefined : `${api}.proxyRouter`);
  const dot = written?.lastIndexOf('.') ?? -1;
  if (written === undefined || dot <= 0) {
    context.gap({ kind: 'handler', file, line: location.line, message: 'claudia create names no handler' });
    return;
  }
  const found = context.sourceOf(folder, source, withoutExtension(written.slice(0, dot)));
  const handlers: Handler[] = 'file' in found ? [{ file: found.file, export: exportIn(context, found.file, written.slice(dot + 1)), kind: 'handler' }] : [];
  if ('gap' in found) context.gap({ kind: 'handler', file, line: location.line, message: found.gap });
  const number = (name: string): { readonly value: number; readonly location: Location } | undefined => {
    const value = Number(options.get(name) ?? 'none');
    return Number.isFinite(value) ? { value, location } : undefined;
  };
  const timeout = number('timeout');
  const memory = number('memory');
  const runtime = options.get('runtime');
  const name = options.get('name') ?? packageName(context, file) ?? 'function';
  const triggers: Trigger[] = api !== undefined || options.get('deploy-proxy-api') === 'true' ? [{ kind: 'http', source: 'API Gateway', filters: [{ kind: 'route', method: '*', path: '/{proxy+}' }], auth: openTo(location), location }] : [];
  const settings: Partial<ServerlessFunction> = {
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(memory === undefined ? {} : { memoryMb: memory }),
    ...(runtime === undefined ? {} : { runtime: { value: runtime, location } }), ...(options.get('region') === undefined ? {} : { region: literal(options.get('region')) }),
  };
  context.used(file);
  context.addFunction(webFunction({
    name, unit: file, platform: 'aws', handlers, foundBy: 'infrastructure', declaredAt: [location], physicalName: literal(name), ...settings,
    environment: environmentOf(options), triggers: [...triggers, ...commands.filter((one) => one.options.get('config') === options.get('config')).flatMap(eventSource)],
    packaging: { form: 'folder', tool: 'claudia', folder: source, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
  }));
}

/** An API builder object is the module itself; its `proxyRouter` is a method that the package gives it. */
function exportIn(context: ReadContext, file: string, name: string): string {
  return name === 'proxyRouter' && exportsOf(context.workspace.read(file) ?? '', ['proxyRouter']).length === 0 ? 'default' : name;
}

/** `--set-env A=1,B=2`. */
function environmentOf(options: ReadonlyMap<string, string>): ReadonlyMap<string, Value> {
  const pairs = (options.get('set-env') ?? options.get('update-env') ?? '').split(',').flatMap((pair): [string, Value][] => {
    const [key = '', value] = pair.split(/=(.*)/s);
    return key === '' || value === undefined ? [] : [[key.trim(), /\$/.test(value) ? { kind: 'env', name: key.trim() } : literal(value)]];
  });
  return new Map(pairs);
}

/** Triggers that other scripts of the package add (`claudia add-sqs-event-source --queue name`). */
function eventSource(command: Command): readonly Trigger[] {
  const { options, location } = command;
  const named = (option: string): { readonly resource?: Value } => (options.get(option) === undefined ? {} : { resource: literal(options.get(option)) });
  const batch = Number(options.get('batch-size') ?? 'none');
  const mapped = { filters: [], location, source: command.name, ...(Number.isFinite(batch) ? { batchSize: batch } : {}) };
  switch (command.name) {
    case 'add-scheduled-event': {
      const schedule = options.get('schedule') ?? (options.get('rate') === undefined ? options.get('cron') === undefined ? undefined : `cron(${options.get('cron') ?? ''})` : `rate(${options.get('rate') ?? ''})`);
      return [{ kind: 'schedule', ...mapped, ...(schedule === undefined ? {} : { schedule: literal(schedule) }) }];
    }
    case 'add-sqs-event-source': return [{ kind: 'queue', ...mapped, ...named('queue') }];
    case 'add-sns-event-source': return [{ kind: 'topic', ...mapped, ...named('topic') }];
    case 'add-kinesis-event-source': return [{ kind: 'stream', ...mapped, ...named('stream') }];
    case 'add-s3-event-source': {
      const prefix = options.get('prefix');
      const suffix = options.get('suffix');
      const rule = { ...(prefix === undefined ? {} : { prefix: literal(prefix) }), ...(suffix === undefined ? {} : { suffix: literal(suffix) }) };
      const events = (options.get('events') ?? 's3:ObjectCreated:*').split(',');
      return [{ kind: 'bucket', source: command.name, location, filters: [{ kind: 'object', events, rules: prefix === undefined && suffix === undefined ? [] : [rule] }], ...named('bucket') }];
    }
    case 'add-cognito-user-pool-trigger': return [{ kind: 'auth', ...mapped, ...named('user-pool-id') }];
    case 'add-iot-topic-rule': return [{ kind: 'topic', ...mapped }];
    case 'allow-alexa-skill-trigger': return [{ kind: 'invoke', ...mapped }];
    default: return [];
  }
}

function packageName(context: ReadContext, file: string): string | undefined {
  return /"name"\s{0,20}:\s{0,20}"([^"]{1,200})"/.exec((context.workspace.read(file) ?? '').slice(0, 20_000))?.[1];
}

function mainOf(context: ReadContext, file: string): string {
  return withoutExtension(/"main"\s{0,20}:\s{0,20}"(?:\.\/)?([^"]{1,200})"/.exec((context.workspace.read(file) ?? '').slice(0, 20_000))?.[1] ?? 'index');
}
