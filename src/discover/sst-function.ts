import { madeOf, optionsOf, record, type Made, type Slot, type Sym } from '../link/program-values.ts';
import type { Packaging, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Located, SourcePlace } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import { buildSettings, programOptions } from './bundler-settings.ts';
import { packaging } from './cloudformation-handler.ts';
import { trigger } from './cloudformation-triggers.ts';
import { CodeUnit, itemsIn, property, thingOf } from './code-unit.ts';
import { firstFile, joinInRoot, sourceExtensions } from './source-path-names.ts';
import { optional } from './terraform-function.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** Values that hold where a declaration says nothing. */
export interface SstDefaults {
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly runtime?: string;
}

/** One application of SST: its program, what it declares, and how its functions are written. */
export interface SstApp {
  readonly unit: CodeUnit;
  readonly defaults: SstDefaults;
  /** Properties that functions get where they are made, weakest first. */
  shared: readonly Sym[];
  /** Changes what a component is given (`$transform`). */
  readonly transform: (component: string, name: string, props: Sym) => void;
}

const units: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/** Seconds of "3 minutes", or of a plain number. */
function sstSeconds(sym: Sym | undefined): number | undefined {
  if (sym?.kind !== 'literal') return undefined;
  if (typeof sym.value === 'number') return sym.value;
  const match = /^(\d{1,9}(?:\.\d{1,6})?) ?(second|minute|hour|day)s?$/.exec(typeof sym.value === 'string' ? sym.value : '');
  return match === null ? undefined : Number(match[1]) * (units[match[2] ?? ''] ?? 1);
}

/** Megabytes of "1 GB", "512 MB", or of a plain number. */
function sstMegabytes(sym: Sym | undefined): number | undefined {
  if (sym?.kind !== 'literal') return undefined;
  if (typeof sym.value === 'number') return sym.value;
  const match = /^(\d{1,9}(?:\.\d{1,6})?) ?(MB|GB)$/.exec(typeof sym.value === 'string' ? sym.value : '');
  return match === null ? undefined : Number(match[1]) * (match[2] === 'GB' ? 1024 : 1);
}

/** The name that a component is made with. */
export const nameOf = (app: SstApp, sym: Sym | undefined): string => {
  const value = app.unit.value(sym);
  return value.kind === 'literal' ? String(value.value) : value.kind === 'template' ? value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('') : '*';
};

/** How a function is written down: its own declaration, or an argument of another component. */
export interface FunctionSite {
  readonly id: string;
  readonly place: SourcePlace;
  /** What stands for the function, for references to it. */
  readonly made?: Made | undefined;
  /** The component's own word for it, where it is not `Function`. */
  readonly component?: string;
  /** Properties that the component around it gives its functions. */
  readonly base?: Sym | undefined;
}

/**
 * The function that an argument is: "src/file.handler", properties with a handler, or a function that is declared elsewhere.
 * `undefined`: no function of this program, or none in JavaScript.
 */
export function functionArgument(app: SstApp, sym: Sym | undefined, site: FunctionSite): TerraformDraft | undefined {
  for (const option of sym === undefined ? [] : optionsOf(sym)) {
    const known = option.kind === 'attribute' ? app.unit.draftOf(option.of) : app.unit.draftOf(thingOf(option));
    if (known) return known;
    const made = madeOf(option);
    if (made && isFunctionComponent(made)) continue;
    const text = app.unit.text(option);
    if (text !== undefined) {
      if (/^arn:|^\s*$/.test(text)) continue;
      const props = record([['handler', literal(text)]]);
      return readFunction(app, props, site);
    }
    if (option.kind !== 'record') continue;
    // SST v2: `{ function: … }` around what is meant, or `{ cdk: { function } }` with one that is made before.
    const around = option.entries.get('handler') === undefined ? option.entries.get('function') ?? property(option, 'cdk', 'function') : undefined;
    const draft = around === undefined ? readFunction(app, option, site) : functionArgument(app, around.value, { ...site, place: around.place ?? site.place });
    if (draft) return draft;
  }
  return undefined;
}

const isFunctionComponent = (made: Made): boolean => made.form === 'new' && /^(?:Function|Workflow)$/.test(made.path.at(-1) ?? '');

/** A function from its properties. */
export function readFunction(app: SstApp, given: Sym, site: FunctionSite): TerraformDraft | undefined {
  const { unit } = app;
  app.transform(site.component ?? 'Function', site.id, given);
  const sources = [given, ...(site.base ? [site.base] : []), ...[...app.shared].reverse()];
  const find = (...path: readonly string[]): Slot | undefined => sources.map((source) => property(source, ...path)).find((slot) => slot !== undefined);
  const at = (slot: Slot | undefined): ReturnType<CodeUnit['location']> => unit.location(slot?.place ?? site.place);
  const located = <T>(read: (sym: Sym) => T | undefined, fallback: T | undefined, ...path: readonly string[]): Located<T> | undefined => {
    const slot = find(...path);
    const value = slot === undefined ? fallback : optionsOf(slot.value).map(read).find((one) => one !== undefined);
    return value === undefined ? undefined : { value, location: at(slot) };
  };
  const runtime = located((sym) => unit.text(sym), app.defaults.runtime, 'runtime');
  if (runtime !== undefined && !runtime.value.startsWith('nodejs')) return undefined;
  const handlerSlot = find('handler');
  const handler = handlerSlot && optionsOf(handlerSlot.value).map((one) => unit.text(one)).find((one) => one !== undefined);
  const found = handlerFile(app, handler, (find('srcPath') ?? find('bundle'))?.value);
  if (!('file' in found)) {
    // Files of another language say so themselves.
    if (found.other === true) return undefined;
    unit.gap('handler', handlerSlot?.place ?? site.place, `${site.id}: ${found.gap}`);
    if (handlerSlot === undefined) return undefined;
  }
  const id = unit.free(site.id);
  const environment = new Map<string, Value>();
  for (const source of [...sources].reverse()) {
    const variables = property(source, 'environment')?.value;
    for (const option of variables ? optionsOf(variables) : []) {
      if (option.kind !== 'record') { unit.gap('environment', find('environment')?.place ?? site.place, `${id}: the environment is not known`); continue; }
      for (const [name, item] of option.entries) if (!name.startsWith('*') && !(item.value.kind === 'literal' && item.value.value === undefined)) environment.set(name, unit.value(item.value));
      if (option.open) unit.gap('environment', find('environment')?.place ?? site.place, `${id}: the environment has variables that are not known`);
    }
  }
  const name = find('name') ?? find('functionName');
  const boolean = (sym: Sym): boolean | undefined => (sym.kind === 'literal' && typeof sym.value === 'boolean' ? sym.value : undefined);
  const number = (sym: Sym): number | undefined => (sym.kind === 'literal' && typeof sym.value === 'number' ? sym.value : undefined);
  const volume = find('volume');
  const memory = located(sstMegabytes, app.defaults.memoryMb, find('memory') ? 'memory' : 'memorySize');
  const timeoutPath = site.component === 'Workflow' ? ['timeout', 'invocation'] : ['timeout'];
  const fn: TerraformDraft['fn'] = {
    id: `${unit.unit}#${id}`, name: id, unit: unit.unit, platform: 'aws', handlers: 'file' in found ? [{ file: found.file, export: found.export, kind: 'handler' }] : [],
    declaredAt: [unit.location(site.place)], foundBy: 'infrastructure', environment, packaging: packagingOf(app, find),
    layers: itemsIn(find('layers')?.value).map((item) => unit.value(item)),
    mounts: volume === undefined ? [] : [unit.text(property(volume.value, 'path')?.value) ?? '/mnt/efs'],
    ...optional('physicalName', name === undefined ? undefined : unit.value(name.value)),
    ...optional('environmentAt', find('environment') ? at(find('environment')) : undefined),
    ...optional('layersAt', find('layers') ? at(find('layers')) : undefined),
    ...optional('runtime', runtime),
    ...optional('timeoutSeconds', located(sstSeconds, app.defaults.timeoutSeconds, ...timeoutPath)),
    ...optional('timeoutUnknown', located(sstSeconds, app.defaults.timeoutSeconds, ...timeoutPath) === undefined ? true as const : undefined),
    ...optional('memoryMb', memory), ...optional('memoryUnknown', memory === undefined ? true as const : undefined),
    ...optional('ephemeralStorageMb', located(sstMegabytes, undefined, find('storage') ? 'storage' : 'diskSize')),
    ...optional('architecture', unit.text(find('architecture')?.value)),
    ...optional('reservedConcurrency', located(number, undefined, ...(find('concurrency') ? ['concurrency', 'reserved'] : ['reservedConcurrentExecutions']))),
    ...optional('tracing', located((sym) => boolean(sym) ?? (unit.text(sym) === 'active' ? true : unit.text(sym) === 'disabled' ? false : undefined), undefined, 'tracing')),
  };
  const placed = { ...site, id };
  const made = site.made ?? standIn(given, placed);
  const instance = unit.declare(made, { id, type: 'aws_lambda_function', mode: 'resource', fields: new Map(), only: true });
  const draft: TerraformDraft = { fn, instance, triggers: [], destinations: destinations(app, find) };
  const provisioned = located(number, undefined, 'concurrency', 'provisioned');
  if (provisioned) draft.provisionedConcurrency = provisioned;
  const retries = located(number, undefined, ...(find('retries') ? ['retries'] : ['retryAttempts']));
  if (retries) draft.maximumRetryAttempts = retries;
  const url = find('url');
  if (url && site.component !== 'Workflow') draft.triggers.push(...urlTrigger(app, url, instance.id));
  unit.wiring.add(draft);
  return draft;
}

/** Functions that nothing else stands for still need an identity of their own. */
function standIn(given: Sym, site: FunctionSite): Made {
  return { kind: 'made', index: -1, form: 'call', module: 'sst', path: ['function'], args: [given], argPlaces: [], place: site.place, written: site.place, stack: [], certain: true };
}

/** A function URL; without `authorization` it is open to anybody (SST documentation, `sst.aws.Function`, `url.authorization`). */
function urlTrigger(app: SstApp, url: Slot, id: string): readonly Trigger[] {
  const location = app.unit.location(url.place ?? { file: app.unit.unit, start: 0, end: 0 });
  const resource: Value = { kind: 'resource', unit: app.unit.unit, id, attribute: 'FunctionUrl' };
  return optionsOf(url.value).slice(0, 1).flatMap((option) => {
    if (option.kind === 'literal' && (option.value === false || option.value === undefined || option.value === null)) return [];
    const slot = property(option, 'authorization') ?? property(option, 'authorizer');
    const how = app.unit.text(slot?.value);
    const at = slot?.place ? app.unit.location(slot.place) : location;
    const auth = slot === undefined || how === 'none' ? { kind: 'none' as const, location: at } : how === 'iam' ? { kind: 'identity' as const, location: at } : undefined;
    return [trigger('url', 'FunctionUrl', location, { resource, ...(auth ? { auth } : {}) })];
  });
}

function destinations(app: SstApp, find: (...path: readonly string[]) => Slot | undefined): ServerlessFunction['destinations'][number][] {
  const out: ServerlessFunction['destinations'][number][] = [];
  const dead = find('transform', 'function', 'deadLetterConfig', 'targetArn') ?? find('deadLetterQueue');
  if (dead) out.push({ kind: 'deadLetter', target: app.unit.value(dead.value), ...(dead.place ? { location: app.unit.location(dead.place) } : {}) });
  for (const kind of ['onFailure', 'onSuccess'] as const) {
    const slot = find(kind);
    const target = slot && (madeOf(slot.value)?.args[0] ?? slot.value);
    if (slot && target) out.push({ kind, target: app.unit.value(target), ...(slot.place ? { location: app.unit.location(slot.place) } : {}) });
  }
  return out;
}

type Found = { readonly file: string; readonly export: string } | { readonly gap: string; readonly other?: boolean };

/** Source of "src/orders.create": a path from the application's folder (or its bundle), the export after the last dot. */
function handlerFile(app: SstApp, handler: string | undefined, bundle: Sym | undefined): Found {
  const { unit } = app;
  if (handler === undefined) return { gap: 'the handler is not known' };
  const folder = unit.text(bundle);
  const slash = handler.lastIndexOf('/');
  const dot = handler.lastIndexOf('.');
  if (dot <= slash + 1 || dot === handler.length - 1) return /\.(?:go|py|rs)$|^\.?\/?$/.test(handler) || dot <= slash ? { gap: `handler "${handler.slice(0, 200)}" names no export`, other: /\.(?:go|rs)$/.test(handler) } : { gap: `handler "${handler.slice(0, 200)}" names no export` };
  const path = handler.slice(0, dot);
  const exported = handler.slice(dot + 1);
  for (const source of [joinInRoot(unit.cwd, folder ?? '', path), folder === undefined ? undefined : joinInRoot(unit.cwd, path)]) {
    const file = source === undefined ? undefined : firstFile(unit.context.workspace, source, sourceExtensions) ?? firstFile(unit.context.workspace, `${source}/index`, sourceExtensions);
    if (file !== undefined) return { file, export: exported };
    if (source !== undefined && ['.py', '.go', '.rs'].some((extension) => unit.context.workspace.read(`${source}${extension}`) !== undefined)) return { gap: 'another language', other: true };
  }
  const base = joinInRoot(unit.cwd, folder ?? '');
  const source = base === undefined ? { gap: `the path "${path.slice(0, 200)}" leaves the repository` } : unit.context.sourceOf(unit.cwd, base, path);
  return 'file' in source ? { file: source.file, export: exported } : { gap: source.gap };
}

/** SST bundles with esbuild unless it is given a bundle (SST documentation, `sst.aws.Function`, `nodejs` and `bundle`). */
function packagingOf(app: SstApp, find: (...path: readonly string[]) => Slot | undefined): Packaging {
  const { unit } = app;
  const copied = itemsIn(find('copyFiles')?.value).flatMap((item) => unit.text(property(item, 'from')?.value) ?? []);
  const bundle = unit.text(find('bundle')?.value);
  if (bundle !== undefined) return packaging('folder', 'sst', { include: copied, ...optional('folder', joinInRoot(unit.cwd, bundle)) });
  const flag = (name: string): boolean | undefined => { const value = find('nodejs', name)?.value; return value?.kind === 'literal' && typeof value.value === 'boolean' ? value.value : undefined; };
  const list = (...path: readonly string[]): readonly string[] => {
    const value = find('nodejs', ...path)?.value;
    if (value?.kind === 'record') return [...value.entries.keys()];
    return itemsIn(value).flatMap((item) => unit.text(item) ?? []);
  };
  const format = unit.text(find('nodejs', 'format')?.value);
  return packaging('bundled', 'sst', {
    include: copied, external: [...new Set([...list('install'), ...list('esbuild', 'external')])], minify: flag('minify') ?? true, sourceMap: flag('sourcemap') ?? false, format: format === 'cjs' ? 'cjs' : 'esm',
    build: buildSettings(new Map([...programOptions(find('nodejs')?.value), ...programOptions(find('nodejs', 'esbuild')?.value)].filter(([name]) => name !== 'esbuild')), { folder: unit.cwd, install: list('install') }),
  });
}
