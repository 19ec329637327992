import { madeOf, numberOf, optionsOf, textOf, workspacePath, type Made, type Slot, type Sym } from '../link/program-values.ts';
import { constructDefaults } from '../catalog/construct-defaults.ts';
import type { ServerlessFunction } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import type { CdkApp, CdkDraft } from './cdk-app.ts';
import { archive, bundledCode, bundlesItself, packagedCode, type CdkCode } from './cdk-code.ts';
import { fullName, lastStep, memberName, nameOf } from './cdk-names.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';

const functionClasses: ReadonlySet<string> = new Set([
  'aws-lambda.Function', 'aws-lambda.SingletonFunction', 'aws-lambda.DockerImageFunction', 'aws-lambda-nodejs.NodejsFunction', 'aws-cloudfront.experimental.EdgeFunction',
  'aws-cloudfront.EdgeFunction', 'triggers.TriggerFunction',
]);

/**
 * Whether something made is a function: a class of the CDK, or a class of a package that is not known and whose properties are
 * those of a function (a handler with a path and an export together with its code, or an entry file of the repository).
 */
export function isFunction(app: CdkApp, made: Made): boolean {
  if (made.form !== 'new') return false;
  if (nameOf(made)) return functionClasses.has(fullName(made));
  if (made.module === 'global' || made.args.length < 2) return false;
  const handler = app.text(made, 'handler');
  const has = (name: string): boolean => app.prop(made, name) !== undefined;
  if (handler !== undefined && /^[\w./-]{1,200}\.[\w$]{1,100}$/.test(handler) && (has('code') || has('fileName') || has('runtime'))) return true;
  const entry = app.prop(made, 'entry')?.value;
  const path = entry && workspacePath(entry, app.entry.cwd);
  return path !== undefined && /\.[cm]?[jt]s$/.test(path) && app.context.workspace.has(path) && /(?:Function|Lambda|Fn|Handler)/.test(lastStep(made));
}

/** One function; `undefined` when its code is surely no JavaScript, or nothing at all is known of it. */
export function readCdkFunction(app: CdkApp, made: Made): CdkDraft | undefined {
  const runtime = runtimeOf(app, made);
  if (runtime && !/^(?:nodejs|provided)/.test(runtime.value)) return undefined;
  const code = codeOf(app, made);
  if ('other' in code) return undefined;
  if ('gap' in code) {
    if (runtime?.value.startsWith('provided')) return undefined;
    app.gap('handler', made, `${app.idOf(made)}: ${code.gap}`);
    if (runtime === undefined && !bundlesItself(made)) return undefined;
  }
  // Inline code whose runtime is not known: only what reads like JavaScript.
  if ('handlers' in code && code.packaging.form === 'inline' && runtime === undefined && code.handlers.every((handler) => handler.kind === 'inline') && !/\bexports\.|=>|\brequire\(|\bexport\s+(?:const|async|function)\b/.test(code.packaging.inlineCode ?? '')) {
    app.gap('handler', made, `${app.idOf(made)}: inline code whose language is not known`);
    return undefined;
  }
  const environment = new Map<string, Value>();
  const variables = app.prop(made, 'environment')?.value;
  for (const option of variables ? optionsOf(variables) : []) {
    if (option.kind !== 'record') continue;
    for (const [name, item] of option.entries) if (!name.startsWith('*') && !(item.value.kind === 'literal' && item.value.value === undefined)) environment.set(name, app.value(item.value));
    if (option.open) app.gap('environment', made, `${app.idOf(made)}: the environment has variables that are not known`);
  }
  const located = <T>(name: string, read: (sym: Sym) => T | undefined): Located<T> | undefined => {
    const found = app.prop(made, name);
    const value = found && read(found.value);
    return value === undefined ? undefined : { value, location: app.at(made, name) };
  };
  const id = app.idOf(made);
  const edge = /EdgeFunction$/.test(fullName(made));
  const own = constructDefaults(made.module, lastStep(made));
  const orDefault = (name: string, value: number | undefined): Located<number> | undefined => (value === undefined || app.prop(made, name) || app.prop(made, `${name}InSeconds`) ? undefined : { value, location: app.at(made) });
  const timeout = located('timeout', (sym) => app.seconds(sym)) ?? located('timeoutInSeconds', numberOf) ?? located('timeoutSeconds', numberOf) ?? orDefault('timeout', own?.timeoutSeconds);
  const memory = located('memorySize', numberOf) ?? orDefault('memorySize', own?.memoryMb);
  // A construct of a package that is not in the repository may set one by itself.
  const foreign = nameOf(made) === undefined && !bundlesItself(made);
  const fn: CdkDraft['fn'] = {
    id: `${app.unit}#${id}`, name: shortName(id), unit: app.unit, platform: 'aws', handlers: 'handlers' in code ? code.handlers : [],
    declaredAt: declaredAt(app, made), foundBy: 'infrastructure', environment, packaging: code.packaging,
    layers: listOf(app.prop(made, 'layers')?.value).map((item) => layer(app, item)), mounts: mounts(app, made),
    ...optional('environmentAt', app.prop(made, 'environment') ? app.at(made, 'environment') : undefined),
    ...optional('layersAt', app.prop(made, 'layers') ? app.at(made, 'layers') : undefined),
    ...optional('generation', edge ? 'edge' : undefined),
    ...optional('physicalName', present(app, app.prop(made, 'functionName'))),
    // `NODEJS_LATEST` tells the language and no version.
    ...optional('runtime', runtime?.value === 'nodejs' ? undefined : runtime ?? (own?.runtime === undefined ? undefined : { value: own.runtime, location: app.at(made) })),
    ...optional('timeoutSeconds', timeout),
    ...optional('timeoutUnknown', timeout === undefined && (foreign || (app.prop(made, 'timeout') && !isLeftOut(app.prop(made, 'timeout')?.value))) ? true as const : undefined),
    ...optional('memoryMb', memory),
    ...optional('memoryUnknown', memory === undefined && (foreign || (app.prop(made, 'memorySize') && !isLeftOut(app.prop(made, 'memorySize')?.value))) ? true as const : undefined),
    ...optional('reservedConcurrency', located('reservedConcurrentExecutions', numberOf)),
    ...optional('maximumRetryAttempts', located('retryAttempts', numberOf)),
    ...optional('ephemeralStorageMb', located('ephemeralStorageSize', size)),
    ...optional('tracing', located('tracing', (sym) => { const name = memberName(sym, 'Tracing'); return name === undefined ? undefined : name === 'ACTIVE'; })),
    ...optional('architecture', architecture(app.prop(made, 'architecture')?.value)),
    ...optional('recursiveLoop', located('recursiveLoop', (sym) => { const name = memberName(sym, 'RecursiveLoop'); return name === 'ALLOW' ? 'Allow' as const : name === 'TERMINATE' ? 'Terminate' as const : undefined; })),
  };
  return { made, fn, environment, triggers: [], destinations: [], late: {} };
}

const isLeftOut = (sym: Sym | undefined): boolean => sym?.kind === 'literal' && sym.value === undefined;

function codeOf(app: CdkApp, made: Made): CdkCode {
  if (bundlesItself(made)) return bundledCode(app, made);
  if (nameOf(made)) return packagedCode(app, made);
  if (app.prop(made, 'entry') && !app.prop(made, 'code')) return bundledCode(app, made);
  if (app.prop(made, 'code')) return packagedCode(app, made);
  const handler = app.text(made, 'handler');
  return archive(app, made, undefined, handler === undefined ? undefined : splitHandler(handler)) ?? { gap: 'the code of a construct from a package is not known', packaging: packaging('unknown', 'cdk') };
}

/** The construct, and the construction that led to it where the class stands in another file. */
function declaredAt(app: CdkApp, made: Made): ServerlessFunction['declaredAt'] {
  const own = app.location(made.place);
  return made.written.file === made.place.file && made.written.start === made.place.start ? [own] : [own, app.location(made.written)];
}

export function listOf(sym: Sym | undefined): readonly Sym[] {
  return sym === undefined ? [] : optionsOf(sym).flatMap((one) => (one.kind === 'list' ? one.items : []));
}

/** Values of a record, of each possibility. */
export function valuesOf(sym: Sym | undefined): readonly Sym[] {
  return sym === undefined ? [] : optionsOf(sym).flatMap((one) => (one.kind === 'record' ? [...one.entries.values()].map((item) => item.value) : []));
}

/** Values of the given names anywhere inside. */
export function deep(sym: Sym | undefined, wanted: ReadonlySet<string>, depth = 0, seen = new Set<Sym>()): readonly Sym[] {
  if (sym === undefined || depth > 12 || seen.has(sym)) return [];
  seen.add(sym);
  if (sym.kind === 'list') return sym.items.flatMap((item) => deep(item, wanted, depth + 1, seen));
  if (sym.kind === 'oneOf') return sym.options.flatMap((item) => deep(item, wanted, depth + 1, seen));
  if (sym.kind !== 'record') return [];
  return [...sym.entries].flatMap(([name, item]) => (wanted.has(name) ? [item.value] : deep(item.value, wanted, depth + 1, seen)));
}

function optional<K extends string, T>(key: K, value: T | undefined): { readonly [P in K]?: T } {
  const entry: { [P in K]?: T } = {};
  if (value !== undefined) entry[key] = value;
  return entry;
}

function present(app: CdkApp, found: Slot | undefined): Value | undefined {
  return found === undefined || (found.value.kind === 'literal' && found.value.value === undefined) ? undefined : app.value(found.value);
}

/** `Runtime.NODEJS_20_X`, `new Runtime('nodejs20.x')`. Of several possibilities the first Node one. */
function runtimeOf(app: CdkApp, made: Made): Located<string> | undefined {
  const found = app.prop(made, 'runtime');
  if (!found) return undefined;
  const names = optionsOf(found.value).flatMap((one) => {
    const name = memberName(one, 'Runtime') ?? (one.kind === 'attribute' ? one.path[one.path.length - 1] : undefined);
    if (name === 'FROM_IMAGE') return [];
    if (name !== undefined) return [runtimeText(name)];
    const own = madeOf(one);
    const text = own && lastStep(own) === 'Runtime' ? textOf(own.args[0]) : textOf(one);
    return text === undefined ? [] : [text];
  });
  const value = names.find((name) => name.startsWith('nodejs')) ?? names[0];
  return value === undefined ? undefined : { value, location: app.at(made, 'runtime') };
}

/** `NODEJS_20_X` → `nodejs20.x`, `PYTHON_3_12` → `python3.12`; `NODEJS_LATEST` names no version. */
/** The last step of a construct's path; where a wrapper calls each of its functions alike (`Function`), the step above it, which tells them apart. */
function shortName(id: string): string {
  const steps = id.slice(id.indexOf('#') + 1).split('/');
  const last = steps.at(-1) ?? id;
  const above = steps.length > 2 ? steps.at(-2) : undefined;
  return above !== undefined && /^(?:lambda|function|lambda-?function|nodejs-?function|fn|func|handler|default|resource)$/i.test(last) ? above : last;
}

function runtimeText(name: string): string {
  const node = /^NODEJS_(\d+)_X$/.exec(name)?.[1] ?? /^NODEJS_(\d+)$/.exec(name)?.[1];
  if (node !== undefined) return `nodejs${node}.x`;
  if (name.startsWith('NODEJS')) return /^NODEJS_\d/.test(name) ? `nodejs${name.slice(7).toLowerCase().replace('_', '.')}` : 'nodejs';
  return name.toLowerCase().replace(/_/, '').replaceAll('_', '.');
}

function size(sym: Sym): number | undefined {
  const made = madeOf(sym);
  const amount = made && numberOf(made.args[0]);
  const factor = made && ({ mebibytes: 1, gibibytes: 1024 } as Readonly<Record<string, number>>)[lastStep(made)];
  return amount === undefined || factor === undefined ? undefined : amount * factor;
}

function architecture(sym: Sym | undefined): string | undefined {
  const name = memberName(sym, 'Architecture');
  return name === undefined ? undefined : name.toLowerCase();
}

/** `fn.addLayers(a, b)`. */
export function addLayers(app: CdkApp, draft: CdkDraft, { args }: Made): void {
  draft.fn = { ...draft.fn, layers: [...draft.fn.layers, ...args.slice(0, 20).map((item) => layer(app, item))] };
}

function layer(app: CdkApp, sym: Sym): Value {
  const made = madeOf(sym);
  const code = made && /^aws-lambda\.LayerVersion$/.test(fullName(made)) ? madeOf(app.prop(made, 'code')?.value) : undefined;
  const folder = code && workspacePath(code.args[0], app.entry.cwd);
  return folder !== undefined && app.context.workspace.isDirectory(folder) ? { kind: 'literal', value: folder } : app.value(sym);
}

function mounts(app: CdkApp, made: Made): readonly string[] {
  const system = madeOf(app.prop(made, 'filesystem')?.value);
  // `fromEfsAccessPoint`, `fromS3FilesAccessPoint` (CDK, aws-lambda.FileSystem): access point, then the path of the mount.
  const path = system && /^from\w*AccessPoint$/.test(lastStep(system) ?? '') ? textOf(system.args[1]) : undefined;
  return path === undefined ? [] : [path];
}

const drafts = new WeakMap<CdkApp, ReadonlyMap<string, Made>>();

/** The function that an ARN or a name means, by the physical name that its declaration gives. */
function namedFunction(app: CdkApp, sym: Sym | undefined, whole: boolean): Made | undefined {
  const text = sym?.kind === 'template' ? sym.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('') : textOf(sym);
  const name = text === undefined ? undefined : /:function:([\w-]{1,140})(?::|$)/.exec(text)?.[1] ?? (whole && /^[\w-]{1,140}$/.test(text) ? text : undefined);
  if (name === undefined) return undefined;
  let known = drafts.get(app);
  if (!known) {
    known = new Map([...app.drafts.keys()].flatMap((made): [string, Made][] => { const own = app.text(made, 'functionName'); return own === undefined ? [] : [[own, made]]; }));
    drafts.set(app, known);
  }
  return known.get(name);
}

/** The function behind a value: itself, its versions and aliases, patterns that hold one. */
export function functionOf(app: CdkApp, sym: Sym | undefined, depth = 0): Made | undefined {
  if (sym === undefined || depth > 12 || !app.spend()) return undefined;
  if (sym.kind === 'oneOf') return sym.options.map((option) => functionOf(app, option, depth + 1)).find((found) => found !== undefined);
  if (sym.kind === 'attribute') return app.parts.get(sym.of)?.has(sym.path[0] ?? '') === true ? undefined : functionOf(app, sym.of, depth + 1);
  if (sym.kind === 'template') return sym.parts.map((part) => functionOf(app, part, depth + 1)).find((found) => found !== undefined) ?? namedFunction(app, sym, false);
  if (sym.kind === 'literal') return namedFunction(app, sym, false);
  const made = madeOf(sym);
  if (!made) return undefined;
  if (app.drafts.has(made)) return app.alternativeOf.get(made) ?? made;
  const name = fullName(made);
  if (name === 'aws-lambda.Alias') return functionOf(app, app.prop(made, 'version')?.value, depth + 1);
  if (name === 'aws-lambda.Version') return functionOf(app, app.prop(made, 'lambda')?.value, depth + 1);
  if (/^core\.Arn\.format$|\.#?formatArn$/.test(name)) {
    const given = made.args[0]?.kind === 'record' ? made.args[0].entries : undefined;
    const own = given?.get('resourceName') ?? given?.get('resource');
    return textOf(given?.get('service')?.value) === 'lambda' ? namedFunction(app, own?.value, true) : undefined;
  }
  if (/^aws-lambda\.Function\.fromFunction(?:Name|Arn|Attributes)$/.test(name)) {
    const given = made.args[2];
    const arn = given?.kind === 'record' ? given.entries.get('functionArn')?.value : given;
    return functionOf(app, arn, depth + 1) ?? namedFunction(app, arn, true);
  }
  if (made.form === 'call' && /^(?:addAlias|addVersion|currentVersion|latestVersion)$/.test(lastStep(made))) return functionOf(app, made.receiver, depth + 1);
  if (/^core\.(?:Fn\.\w+|Lazy\.\w+|Token\.\w+)$/.test(name)) return made.args.map((arg) => functionOf(app, arg, depth + 1)).find((found) => found !== undefined);
  return undefined;
}

