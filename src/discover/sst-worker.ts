import { optionsOf, type Made, type Sym } from '../link/program-values.ts';
import type { Handler, RouteAuth, ServerlessFunction, Trigger } from '../model/function.ts';
import type { SourcePlace } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { packaging } from './cloudformation-handler.ts';
import { trigger } from './cloudformation-triggers.ts';
import { exportedClass, workerHandlers } from './cloudflare-module.ts';
import { itemsIn, property, thingOf } from './code-unit.ts';
import { componentOf } from './sst-component.ts';
import { nameOf, type SstApp } from './sst-function.ts';
import { firstFile, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** Workers and what runs them: `sst.cloudflare.*` (SST documentation, "Components", "Cloudflare", read 2026-11). */
export function readWorkers(app: SstApp, made: Made): void {
  const component = componentOf(made);
  if (component === undefined || !component.startsWith('cloudflare.')) return;
  const { unit } = app;
  const given = made.args[1];
  if (made.form === 'new') {
    const name = nameOf(app, made.args[0]);
    switch (component) {
      case 'cloudflare.Worker': worker(app, given, name, made.place, made); return;
      case 'cloudflare.Cron': {
        const found = property(given, 'worker') ?? property(given, 'job');
        const draft = argument(app, found?.value, `${name}/worker`, found?.place ?? made.place);
        for (const schedule of itemsIn(property(given, 'schedules')?.value)) {
          const place = property(given, 'schedules')?.place ?? made.place;
          draft?.triggers.push(trigger('schedule', 'cron', unit.location(place), { schedule: unit.value(schedule), ...exportOf(draft, 'scheduled') }));
        }
        return;
      }
      case 'cloudflare.Workflow': classFunction(app, given, name, made, 'workflow'); return;
      case 'cloudflare.Auth': {
        const found = property(given, 'issuer') ?? property(given, 'authenticator');
        const draft = argument(app, found?.value, `${name}/issuer`, found?.place ?? made.place);
        if (draft && draft.triggers.length === 0) draft.triggers.push(fetched(app, draft, found?.place ?? made.place, 'none'));
        return;
      }
      default: return;
    }
  }
  if (component === 'cloudflare.Queue.#subscribe') {
    const of = thingOf(made.receiver);
    const queue = of && unit.things.get(of);
    const draft = argument(app, made.args[0], `${queue?.id ?? 'queue'}/subscriber`, made.place);
    const size = property(made.args[1], 'batch', 'size')?.value;
    draft?.triggers.push(trigger('queue', 'queue', unit.location(made.place), {
      ...(queue ? { resource: unit.reference(queue) } : {}), ...exportOf(draft, 'queue'), ...(size?.kind === 'literal' && typeof size.value === 'number' ? { batchSize: size.value } : {}),
    }));
  }
}

/** Durable Objects are classes of the worker that is linked to them. */
export function readObjects(app: SstApp, made: Made): void {
  const { unit } = app;
  if (made.form !== 'new' || componentOf(made) !== 'cloudflare.Worker') return;
  const draft = unit.draftOf(made);
  const main = draft?.fn.handlers[0]?.file;
  const text = unit.text(property(made.args[1], 'handler')?.value);
  const entry = text === undefined ? undefined : mainFile(app, text);
  for (const item of itemsIn(property(made.args[1], 'link')?.value)) {
    const of = thingOf(item);
    if (!of || componentOf(of) !== 'cloudflare.DurableObject' || draft === undefined || (entry ?? main) === undefined) continue;
    classFunction(app, of.args[1], `${nameOf(app, of.args[0])}`, of, 'durableObject', entry ?? main, made.place);
  }
}

function argument(app: SstApp, sym: Sym | undefined, id: string, place: SourcePlace): TerraformDraft | undefined {
  for (const option of sym === undefined ? [] : optionsOf(sym)) {
    const known = app.unit.draftOf(option.kind === 'attribute' ? option.of : thingOf(option));
    if (known) return known;
    if (app.unit.text(option) !== undefined || option.kind === 'record') return worker(app, option, id, place, undefined);
  }
  return undefined;
}

function worker(app: SstApp, given: Sym | undefined, name: string, place: SourcePlace, made: Made | undefined): TerraformDraft | undefined {
  const { unit } = app;
  if (given) app.transform('cloudflare.Worker', name, given);
  const text = unit.text(given) ?? unit.text(property(given, 'handler')?.value);
  const file = text === undefined ? undefined : mainFile(app, text);
  if (file === undefined) {
    unit.gap('handler', property(given, 'handler')?.place ?? place, `${name}: ${text === undefined ? 'the handler is not known' : `no source found for the handler "${text.slice(0, 200)}"`}`);
    return undefined;
  }
  const handlers = workerHandlers(unit.context, file);
  const draft = add(app, { name, handlers, place, made, given });
  const url = property(given, 'url') ?? property(given, 'domain');
  const open = url !== undefined && !(url.value.kind === 'literal' && url.value.value === false);
  // A worker that something else runs has a trigger of that.
  if (handlers.some((handler) => handler.kind === 'fetch')) draft.triggers.push(fetched(app, draft, url?.place ?? place, open ? 'none' : 'private'));
  return draft;
}

/** A worker without an address of its own is only reached through bindings of other workers. */
function fetched(app: SstApp, draft: TerraformDraft, place: SourcePlace, kind: 'none' | 'private'): Trigger {
  const location = app.unit.location(place);
  const auth: RouteAuth = { kind, location };
  return trigger('http', kind === 'none' ? 'fetch' : 'service', location, { auth, ...exportOf(draft, 'fetch') });
}

const exportOf = (draft: TerraformDraft | undefined, kind: string): { readonly handlerExport?: string } => {
  const found = draft?.fn.handlers.find((handler) => handler.kind === kind)?.export;
  return found === undefined ? {} : { handlerExport: found };
};

function mainFile(app: SstApp, text: string): string | undefined {
  const path = joinInRoot(app.unit.cwd, text);
  if (path === undefined) return undefined;
  const { workspace } = app.unit.context;
  return workspace.has(path) ? path : firstFile(workspace, withoutExtension(path), sourceExtensions) ?? firstFile(workspace, path, sourceExtensions);
}

interface Parts {
  readonly name: string;
  readonly handlers: readonly Handler[];
  readonly place: SourcePlace;
  readonly made: Made | undefined;
  readonly given: Sym | undefined;
  readonly generation?: string;
}

function add(app: SstApp, parts: Parts): TerraformDraft {
  const { unit } = app;
  const id = unit.free(parts.name);
  const environment = new Map<string, Value>();
  for (const option of optionsOf(property(parts.given, 'environment')?.value ?? { kind: 'unknown', reason: '' })) {
    if (option.kind === 'record') for (const [key, item] of option.entries) if (!key.startsWith('*')) environment.set(key, unit.value(item.value));
  }
  const minify = property(parts.given, 'build', 'minify')?.value;
  const fn: Omit<ServerlessFunction, 'triggers' | 'destinations'> = {
    id: `${unit.unit}#${id}`, name: id, unit: unit.unit, platform: 'cloudflare', handlers: parts.handlers, declaredAt: [unit.location(parts.place)], foundBy: 'infrastructure', environment, layers: [], mounts: [],
    packaging: packaging('bundled', 'sst', { format: 'esm', minify: !(minify?.kind === 'literal' && minify.value === false) }), ...(parts.generation === undefined ? {} : { generation: parts.generation }),
  };
  const made: Made = parts.made ?? { kind: 'made', index: -1, form: 'call', module: 'sst', path: ['worker'], args: [], argPlaces: [], place: parts.place, written: parts.place, stack: [], certain: true };
  const instance = unit.declare(made, { id, type: 'cloudflare_workers_script', mode: 'resource', fields: new Map(), only: true });
  const draft: TerraformDraft = { fn, instance, triggers: [], destinations: [] };
  unit.wiring.add(draft);
  return draft;
}

/** A class of a module that the platform makes objects of: a workflow or a Durable Object. */
function classFunction(app: SstApp, given: Sym | undefined, name: string, made: Made, generation: 'workflow' | 'durableObject', main?: string, place = made.place): void {
  const { unit } = app;
  const own = property(given, 'handler');
  const text = unit.text(own?.value);
  const file = main ?? (text === undefined ? undefined : mainFile(app, text));
  const className = unit.text(property(given, 'className')?.value) ?? name;
  const found = file === undefined ? { gap: 'no source found for the handler' } : exportedClass(unit.context, file, className);
  if (found === undefined || 'gap' in found) {
    unit.gap('handler', own?.place ?? place, `${name}: ${found?.gap ?? 'the module could not be read'}`);
    return;
  }
  const known = unit.things.get(made);
  const draft = add(app, { name: known ? `${name}/class` : name, handlers: [{ file: found.file, export: found.name, kind: generation }], place: made.place, made, given, generation });
  if (known) unit.things.set(made, known);
  const location = unit.location(made.place);
  draft.triggers.push(trigger('invoke', generation, location, { resource: unit.reference(known ?? draft.instance), auth: { kind: 'private' } }));
  if (generation === 'durableObject' && found.methods.includes('alarm')) draft.triggers.push(trigger('schedule', 'alarm', location));
}
