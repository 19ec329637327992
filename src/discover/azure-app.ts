import type { Binding, ServerlessFunction } from '../model/function.ts';
import { literal, type Value } from '../model/value.ts';
import { textOf, type Made, type Sym } from '../link/program-values.ts';
import { azureBinding, azureConcurrency, azureDestinations, azureTrigger, type BindingSource } from './azure-bindings.ts';
import { azureHost, type AzureHost } from './azure-host.ts';
import { entriesOf } from './azure-entry.ts';
import { madeView, Options, type MadeView } from './code-made.ts';
import { codeManifest, isAside, majorOf } from './code-manifest.ts';
import { followEntries, loadedFiles, madeBehind } from './code-program.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';

/** Types of triggers by the method that registers them (`@azure/functions` 4 and durable-functions 3, read 2026-11). */
const triggerTypes: ReadonlyMap<string, string> = new Map([
  ['http', 'httpTrigger'], ['get', 'httpTrigger'], ['put', 'httpTrigger'], ['post', 'httpTrigger'], ['patch', 'httpTrigger'], ['deleteRequest', 'httpTrigger'],
  ['timer', 'timerTrigger'], ['storageBlob', 'blobTrigger'], ['storageQueue', 'queueTrigger'], ['serviceBusQueue', 'serviceBusTrigger'], ['serviceBusTopic', 'serviceBusTrigger'],
  ['eventHub', 'eventHubTrigger'], ['eventGrid', 'eventGridTrigger'], ['cosmosDB', 'cosmosDBTrigger'], ['warmup', 'warmupTrigger'], ['sql', 'sqlTrigger'], ['mySql', 'mysqlTrigger'],
  ['webPubSub', 'webPubSubTrigger'], ['mcpTool', 'mcpToolTrigger'], ['mcpResource', 'mcpResourceTrigger'], ['mcpPrompt', 'mcpPromptTrigger'], ['generic', 'generic'],
  ['orchestration', 'orchestrationTrigger'], ['activity', 'activityTrigger'], ['entity', 'entityTrigger'],
]);

/** Types of `input.x` and `output.x` that are not the method's own name. */
const bindingTypes: ReadonlyMap<string, string> = new Map([['storageBlob', 'blob'], ['storageQueue', 'queue'], ['serviceBusQueue', 'serviceBus'], ['serviceBusTopic', 'serviceBus'], ['mySql', 'mysql']]);

const shorthands: ReadonlyMap<string, string> = new Map([['get', 'GET'], ['put', 'PUT'], ['post', 'POST'], ['patch', 'PATCH'], ['deleteRequest', 'DELETE']]);

/** Azure Functions, programming model v4: what `main` of the manifest beside `host.json` loads registers functions on `app`. */
export const azureAppReader: Reader = {
  name: 'azure-app',
  about: {
    format: 'Azure Functions, model v4', platform: 'Azure', files: '`host.json` and what `main` of the manifest beside it loads',
    reads: '`app.*` registrations with loops, helpers and constants, `input.*` and `output.*`, durable functions',
    not: 'hooks; registrations whose name is computed from outside',
  },
  matches: (file) => (file === 'host.json' || file.endsWith('/host.json')) && !isAside(file),
  read(file, context) {
    const folder = folderOf(file);
    const manifest = codeManifest(context, folder);
    if (manifest === undefined) return;
    const asked = manifest.dependency('@azure/functions') ?? manifest.dependency('durable-functions');
    const entries = manifest.mainWritten ? entriesOf(context, folder, manifest.main) : [];
    if (entries.length === 0) {
      if (manifest.mainWritten && (majorOf(manifest.dependency('@azure/functions')) ?? 0) >= 4) context.gap({ kind: 'handler', file: manifest.file, message: `no source found for main "${manifest.main.slice(0, 200)}"` });
      return;
    }
    const loaded = loadedFiles(context, entries);
    // Following a program costs more than looking for the package's name in it.
    if (asked === undefined && !loaded.some((one) => /@azure\/functions|durable-functions/.test(context.workspace.read(one) ?? ''))) return;
    const program = followEntries(context, entries, folder);
    const evaluator = context.evaluator?.();
    if (program === undefined || evaluator === undefined) return;
    const host = azureHost(context, folder);
    const view = madeView(evaluator);
    const taken = new Set<string>();
    for (const made of program.made) {
      const method = registration(made);
      if (method === undefined) continue;
      const fn = functionOf(made, method, file, host, view, context);
      const id = taken.has(fn.id) ? `${fn.id}@${made.place.file}:${view.location(made.place).line}` : fn.id;
      taken.add(id);
      context.addFunction({ ...fn, id });
    }
    if (taken.size === 0) return;
    for (const one of loaded) context.used(one);
    context.used(manifest.file);
    if (program.cut) context.gap({ kind: 'program', file: manifest.file, message: 'the main module does more than is followed' });
  },
};

/** The method of a registration: `http` of `app.http(…)`, `df.app.client.http(…)`. Hooks and `setup` are none. */
function registration(made: Made): string | undefined {
  if (made.form !== 'call' || (made.module !== '@azure/functions' && made.module !== 'durable-functions')) return undefined;
  const path = made.path[0] === 'default' ? made.path.slice(1) : made.path;
  if (path[0] !== 'app' || (path.length !== 2 && !(path.length === 3 && path[1] === 'client'))) return undefined;
  const method = path.at(-1) ?? '';
  return triggerTypes.has(method) ? method : undefined;
}

function functionOf(made: Made, method: string, unit: string, host: AzureHost, view: MadeView, context: ReadContext): ServerlessFunction {
  const location = view.location(made.place);
  const [nameSym, second] = made.args;
  const written = textOf(nameSym);
  if (written === undefined) context.gap({ kind: 'name', file: made.place.file, line: location.line, message: `the name of a function that app.${method} registers is not known` });
  const name = written ?? `${made.place.file}:${location.line}`;
  const optionsPlace = made.argPlaces[1] ?? made.place;
  const options = new Options(view, second, optionsPlace);
  const handlerSym = options.known ? options.sym('handler') : second;
  if (options.known && handlerSym === undefined) context.gap({ kind: 'handler', file: made.place.file, line: location.line, message: `${name}: the handler is not among the options` });
  const handler = view.handler(handlerSym, { place: optionsPlace, name, made }, 'v4');
  const generic = options.sym('trigger');
  const settings = method === 'generic' && generic !== undefined ? settingsOf(generic, view, optionsPlace) : options;
  const type = method === 'generic' ? settings.text('type') ?? 'generic' : triggerTypes.get(method) ?? method;
  const trigger = azureTrigger(source(settings, { type, name: '', direction: 'in', location, ...(shorthands.has(method) ? { method: shorthands.get(method) ?? '*' } : {}) }), name, host);
  const retries = new Options(view, options.sym('retry'), optionsPlace).number('maxRetryCount');
  const bindings = bindingsOf(options, host, view, optionsPlace, context);
  const concurrency = azureConcurrency(type, host);
  const off = host.only?.has(name) === false;
  const triggers = [{ ...trigger, ...(retries === undefined ? {} : { maximumRetryAttempts: retries }), ...(off ? { enabled: false } : {}) }];
  return {
    id: `${unit}#${name}`, name, unit, platform: 'azure', generation: 'v4', handlers: [handler], declaredAt: [location], foundBy: 'convention', physicalName: literal(name),
    triggers, environment: host.names, layers: [], mounts: [], destinations: azureDestinations(triggers),
    ...(bindings.length === 0 ? {} : { bindings }), ...(host.timeoutSeconds === undefined ? {} : { timeoutSeconds: host.timeoutSeconds }),
    ...(concurrency === undefined ? {} : { concurrencyPerInstance: concurrency }),
  };
}

/** `output.x({ … })` and `trigger.x({ … })` hold their settings as argument; a plain object is its own settings. */
function settingsOf(sym: Sym, view: MadeView, place: Made['place']): Options {
  const made = madeBehind(sym);
  return made === undefined ? new Options(view, sym, place) : new Options(view, made.args[0], made.argPlaces[0] ?? made.place);
}

function bindingsOf(options: Options, host: AzureHost, view: MadeView, place: Made['place'], context: ReadContext): Binding[] {
  const found: Binding[] = [];
  const add = (sym: Sym | undefined, direction: 'in' | 'out', fixed: string | undefined): void => {
    if (sym === undefined) return;
    const made = madeBehind(sym);
    const settings = settingsOf(sym, view, place);
    const method = made?.path.at(-1)?.replace(/^#/, '');
    const type = method === undefined || method === 'generic' ? settings.text('type') : bindingTypes.get(method) ?? method;
    const location = view.location(made?.place ?? place);
    if (type === undefined) context.gap({ kind: 'binding', file: location.file, line: location.line, message: 'a binding is not known' });
    else found.push(azureBinding(source(settings, { type, name: fixed ?? settings.text('name') ?? '', direction, location }), host));
  };
  add(options.sym('return'), 'out', '$return');
  for (const [name, direction] of [['extraOutputs', 'out'], ['extraInputs', 'in']] as const) {
    const list = options.sym(name);
    if (list?.kind === 'list') for (const item of list.items) add(item, direction, undefined);
    else if (list !== undefined) { const at = options.place(name); context.gap({ kind: 'binding', file: at.file, line: at.line, message: `${name} are not known` }); }
  }
  return found;
}

function source(settings: Options, of: Pick<BindingSource, 'type' | 'name' | 'direction' | 'location'> & { readonly method?: string }): BindingSource {
  const methods: Value | undefined = of.method === undefined ? undefined : { kind: 'array', items: [literal(of.method)], open: false };
  return {
    ...of, model: 'v4',
    property: (name) => (name === 'methods' && methods !== undefined ? methods : settings.known ? settings.value(name) : undefined),
    place: (name) => (settings.sym(name) === undefined ? of.location : settings.place(name)),
  };
}
