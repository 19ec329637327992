import { optionsOf, record, slot, type Made, type Sym } from '../link/program-values.ts';
import type { RouteAuth, Trigger } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { unknown, type Value } from '../model/value.ts';
import { CdkApp, type CdkDraft } from './cdk-app.ts';
import { packaging } from './cloudformation-handler.ts';
import { trigger } from './cloudformation-triggers.ts';
import { itemsIn, property, thingOf } from './code-unit.ts';
import { firstFile, folderOf, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';
import { optional } from './terraform-function.ts';

/** Functions that define a part of a backend (Amplify documentation, generation 2, read 2026-11). */
const definitions = /^define(?:Function|Auth|Data|Storage)$/;

/** Name of a definition: `defineFunction`; `undefined` for anything else. */
export function definitionOf(made: Made | undefined): string | undefined {
  const step = made?.path.at(-1) ?? '';
  return made?.form === 'call' && /^@aws-amplify\/backend(?:-\w+)?$/.test(made.module) && definitions.test(step) ? step : undefined;
}

/** Functions that the callback of `defineFunction` makes with the CDK, by the definition (Amplify documentation, "Custom functions", read 2026-11). */
export const byCallback = new WeakMap<Made, Made>();
const customs = new WeakSet<Made>();

/** Follows the callback of a definition; what it makes stands for the definition. */
export function customFunction(definition: Made, work: (scope: Sym) => Sym): Sym | undefined {
  const result = work({ kind: 'external', module: 'amplify:backend', path: ['scope'] });
  const inner = thingOf(result);
  if (inner === undefined) return undefined;
  byCallback.set(definition, inner);
  customs.add(inner);
  return result;
}

/** The program of a backend: constructs of the CDK, and definitions with the names that the backend gives them. */
export class AmplifyApp extends CdkApp {
  readonly names = new Map<Made, string>();

  override idOf(made: Made): string {
    const [first] = made.args;
    // `backend.createStack('name')` is a scope.
    if (made.module === 'amplify:backend' && first?.kind === 'literal') return String(first.value);
    return this.names.get(made) ?? super.idOf(made);
  }
}

/** What `defineBackend({ … })` gives: each part with its resources, which are constructs. */
export function backendOf(parts: Sym | undefined): Sym {
  const entries: [string, Sym][] = [];
  for (const [key, item] of parts?.kind === 'record' ? parts.entries : []) {
    const made = thingOf(item.value);
    const kind = made && customs.has(made) ? 'defineFunction' : definitionOf(made);
    if (!made || kind === undefined) { entries.push([key, item.value]); continue; }
    const self: Sym = { kind: 'attribute', of: made, path: [] };
    const resources: [string, Sym][] = kind === 'defineFunction' ? [['lambda', made]] : kind === 'defineStorage' ? [['bucket', made]] : kind === 'defineAuth' ? [['userPool', made]] : [['graphqlApi', made]];
    entries.push([key, record([
      ['resources', record([...resources, ['cfnResources', unknown('resources of CloudFormation')]], 0, true)],
      ['addEnvironment', { kind: 'external', module: 'amplify:backend', path: ['addEnvironment', key] }], ['self', self],
    ], 0, true)]);
  }
  return record([...entries, ['createStack', { kind: 'external', module: 'amplify:backend', path: ['createStack'] }]], 0, true);
}

/** Registers a definition as a function or resource of the app. */
export function declareDefinition(app: AmplifyApp, made: Made, named: string | undefined): void {
  const kind = definitionOf(made);
  if (kind === undefined) return;
  const props = made.args[0];
  const own = app.context.program === undefined ? undefined : slot(props, 'name')?.value;
  const text = own?.kind === 'literal' && typeof own.value === 'string' ? own.value : undefined;
  const entry = textAt(props, 'entry');
  const folder = folderOf(made.place.file);
  // The name of the file that is given, else that of the folder (`defineFunction`, "name").
  const fallback = kind === 'defineFunction' ? (entry === undefined ? folder.slice(folder.lastIndexOf('/') + 1) : withoutExtension(entry.slice(entry.lastIndexOf('/') + 1))) : kind.slice('define'.length).toLowerCase();
  const name = free(app, (kind === 'defineFunction' ? text ?? named ?? fallback : named ?? text ?? fallback).slice(0, 200));
  if (kind === 'defineFunction') {
    const draft = readFunction(app, made, name);
    if (!draft) return;
    app.names.set(made, name);
    app.drafts.set(made, draft);
    app.known.add(made);
    return;
  }
  app.names.set(made, name);
  app.known.add(made);
  const [type, resource] = kind === 'defineStorage' ? ['AWS::S3::Bucket', 'bucket' as const] : kind === 'defineAuth' ? ['AWS::Cognito::UserPool', 'other' as const] : ['AWS::AppSync::GraphQLApi', 'api' as const];
  app.resources.set(made, { id: `${app.unit}#${name}`, unit: app.unit, logicalId: name, kind: resource, type, location: app.location(made.place), properties: { kind: 'object', entries: [], open: true } });
}

const free = (app: AmplifyApp, name: string): string => { const taken = new Set(app.names.values()); let found = name; for (let count = 2; taken.has(found); count++) found = `${name}~${count}`; return found; };

const textAt = (sym: Sym | undefined, ...path: readonly string[]): string | undefined => { const found = property(sym, ...path)?.value; return found?.kind === 'literal' && typeof found.value === 'string' ? found.value : undefined; };

function readFunction(app: AmplifyApp, made: Made, name: string): CdkDraft | undefined {
  const props = made.args[0];
  if (props?.kind === 'closure') {
    const inner = byCallback.get(made);
    if (inner !== undefined) app.names.set(inner, name);
    else app.gap('handler', made, `${name}: the function is made by a callback`);
    return undefined;
  }
  const { workspace } = app.context;
  const entry = textAt(props, 'entry') ?? (property(props, 'entry') ? undefined : './handler.ts');
  const stated = entry === undefined ? undefined : joinInRoot(folderOf(made.place.file), entry);
  const file = stated === undefined ? undefined : workspace.has(stated) ? stated : firstFile(workspace, withoutExtension(stated), sourceExtensions) ?? firstFile(workspace, stated, sourceExtensions);
  if (file === undefined) app.gap('handler', made, `${name}: ${entry === undefined ? 'the entry is not known' : `no source found for the entry "${entry.slice(0, 200)}"`}`);
  const at = (key: string): Located<number>['location'] => app.location(property(props, key)?.place ?? made.place);
  const number = (key: string, fallback?: number): Located<number> | undefined => {
    const found = property(props, key)?.value;
    const value = found === undefined ? fallback : found.kind === 'literal' && typeof found.value === 'number' ? found.value : undefined;
    return value === undefined ? undefined : { value, location: at(key) };
  };
  const runtime = number('runtime');
  const environment = new Map<string, Value>();
  for (const option of optionsOf(property(props, 'environment')?.value ?? unknown('none'))) {
    if (option.kind === 'record') for (const [key, item] of option.entries) if (!key.startsWith('*')) environment.set(key, app.value(item.value));
  }
  const minify = property(props, 'bundling', 'minify')?.value;
  const layers = property(props, 'layers')?.value;
  const fn: CdkDraft['fn'] = {
    id: `${app.unit}#${name}`, name, unit: app.unit, platform: 'aws', handlers: file === undefined ? [] : [{ file, export: 'handler', kind: 'handler' }], declaredAt: [app.location(made.place)], foundBy: 'infrastructure',
    environment, mounts: [], layers: layers?.kind === 'record' ? [...layers.entries.values()].map((item) => app.value(item.value)) : [],
    packaging: packaging('bundled', 'esbuild', { format: 'esm', minify: !(minify?.kind === 'literal' && minify.value === false), sourceMap: true, by: 'amplify', external: layers?.kind === 'record' ? [...layers.entries.keys()] : [] }),
    ...optional('timeoutSeconds', number('timeoutSeconds', 3)), ...optional('memoryMb', number('memoryMB', 512)), ...optional('ephemeralStorageMb', number('ephemeralStorageSizeMB')),
    ...optional('runtime', runtime === undefined ? undefined : { value: `nodejs${runtime.value}.x`, location: runtime.location }), ...optional('architecture', textAt(props, 'architecture')),
  };
  const draft: CdkDraft = { made, fn, environment, triggers: [], destinations: [], late: {} };
  const schedule = property(props, 'schedule');
  for (const item of itemsIn(schedule?.value)) draft.triggers.push(trigger('schedule', 'EventBridgeRule', at('schedule'), { schedule: scheduleOf(item) }));
  return draft;
}

/** `every 5m`, `every day` and lines of cron, as EventBridge writes them (Amplify documentation, "Scheduling functions"). */
function scheduleOf(sym: Sym): Value {
  const text = sym.kind === 'literal' && typeof sym.value === 'string' ? sym.value : undefined;
  if (text === undefined) return unknown('a schedule');
  const rate = /^every (\d{1,6})(m|h)$/.exec(text);
  if (rate !== null) return { kind: 'literal', value: `rate(${rate[1] ?? ''} ${rate[2] === 'h' ? 'hour' : 'minute'}${rate[1] === '1' ? '' : 's'})` };
  const named: Readonly<Record<string, string>> = { 'every day': 'cron(0 0 * * ? *)', 'every week': 'cron(0 0 ? * 1 *)', 'every month': 'cron(0 0 1 * ? *)', 'every year': 'cron(0 0 1 1 ? *)' };
  return { kind: 'literal', value: Object.hasOwn(named, text) ? named[text] ?? text : `cron(${text})` };
}

/** Triggers that definitions hand to functions: of the user pool, of the bucket, and operations of the API. */
export function wireDefinition(app: AmplifyApp, made: Made): void {
  const kind = definitionOf(made);
  const self: Value = { kind: 'resource', unit: app.unit, id: app.idOf(made), attribute: 'Ref' };
  const give = (sym: Sym | undefined, item: Trigger): void => { const of = thingOf(sym); if (of) app.drafts.get(of)?.triggers.push(item); };
  const [props] = made.args;
  for (const [key, item] of (kind === 'defineAuth' || kind === 'defineStorage') ? entriesOf(property(props, 'triggers')?.value) : []) {
    const location = app.location(item.place ?? made.place);
    if (kind === 'defineAuth') give(item.value, trigger('auth', 'Cognito', location, { resource: self }));
    else give(item.value, trigger('bucket', 'S3', location, { resource: self, filters: [{ kind: 'object', events: [key === 'onDelete' ? 's3:ObjectRemoved:*' : 's3:ObjectCreated:*'], rules: [] }] }));
  }
  if (kind === 'defineAuth') {
    const sender = property(props, 'senders', 'email', 'handler');
    if (sender) give(sender.value, trigger('auth', 'CognitoSender', app.location(sender.place ?? made.place), { resource: self }));
  }
  if (!/^@aws-amplify\/(?:backend|data-schema)$/.test(made.module) || made.form !== 'call') return;
  if (/(?:^|\.)a\.handler\.function$/.test(made.path.join('.'))) {
    const data = [...app.names.keys()].find((one) => definitionOf(one) === 'defineData');
    const auth = operationAuth(app, made);
    give(made.args[0], trigger('http', 'AppSync', app.location(made.place), { ...(data ? { resource: { kind: 'resource', unit: app.unit, id: app.idOf(data), attribute: 'ApiId' } } : {}), ...(auth ? { auth } : {}) }));
  }
}

function entriesOf(sym: Sym | undefined): readonly (readonly [string, { readonly value: Sym; readonly place?: Made['place'] }])[] {
  return sym?.kind === 'record' ? [...sym.entries].filter(([key]) => !key.startsWith('*')) : [];
}

/** Who may call the operation whose handler this is: the rules of its `authorization`. */
function operationAuth(app: AmplifyApp, handler: Made): RouteAuth | undefined {
  const users = app.program.made.find((one) => one.path.at(-1) === '#handler' && one.args.some((arg) => holds(arg, handler)));
  const root = users && rootOf(users);
  const rules = root && app.program.made.filter((one) => one.path.at(-1) === '#authorization' && rootOf(one) === root);
  const place = rules?.[0]?.place;
  if (!rules || !place) return undefined;
  const names = rules.flatMap((one) => itemsIn(allowed.get(one))).flatMap((item) => thingOf(item)?.path.slice(1) ?? []).map((step) => step.replace(/^#/, ''));
  const location = app.location(place);
  if (names.includes('publicApiKey')) return { kind: 'key', location };
  if (names.includes('custom')) return { kind: 'authorizer', location };
  return names.length > 0 ? { kind: 'identity', location } : undefined;
}

/** What a rule's function gives, by its call. */
export const allowed = new WeakMap<Made, Sym>();

const holds = (sym: Sym, made: Made): boolean => thingOf(sym) === made || (sym.kind === 'list' && sym.items.some((item) => thingOf(item) === made));

function rootOf(made: Made): Made {
  let at = made;
  for (let depth = 0; depth < 60; depth++) {
    const above = thingOf(at.receiver);
    if (!above) return at;
    at = above;
  }
  return at;
}
