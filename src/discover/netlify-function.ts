import type { Handler, ServerlessFunction, Trigger, TriggerKind } from '../model/function.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { Location } from '../model/location.ts';
import { memoryMb } from './netlify-config.ts';
import type { NetlifyConfig } from './netlify-config.ts';
import type { ReadContext } from './reader.ts';
import { openTo, webFunction } from './web-function.ts';
import { exportedCall, exportedNames, exportedSetting } from './web-module.ts';
import type { Setting } from './web-module.ts';
import { firstLine } from './web-project.ts';

/** A file that a site deploys as a function. */
export interface NetlifyEntry { readonly file: string; readonly name: string; readonly unit: string; readonly config: NetlifyConfig }

/** File names that subscribe to events of the site (Netlify documentation, "Trigger functions on events", read 2026-11). */
const eventNames = /^(?:deploy-(?:building|succeeded|failed|deleted|locked|unlocked)|split-test-(?:activated|deactivated|modified)|submission-created|identity-(?:validate|signup|login))(?:-background)?$/;

/**
 * A function of the functions folder: `export default` (web request, or an object of `fetch` and event handlers) or the older
 * `handler`. Its `config`, its block in `netlify.toml`, `schedule()` and its name say what invokes it.
 */
export function netlifyFunction(entry: NetlifyEntry, context: ReadContext): void {
  const { file, name, unit, config } = entry;
  // The platform takes the newer programming model only where there is no `handler` (zip-it-and-ship-it, in-source configuration, read 2026-11).
  const exported = exportedNames(context, file, ['handler', 'default'])[0];
  // A helper in the functions folder has no entry point: the platform would fail to call it.
  if (exported === undefined) return;
  const settings = exportedSetting(context, file, 'config');
  const subscribed = exported === 'default' ? subscriptions(context, file) : undefined;
  const handlers = subscribed?.handlers ?? [{ file, export: exported, kind: 'handler' }];
  const schedule = scheduleOf(entry, exported, settings, context);
  const background = name.endsWith('-background') || config.background(name) || settings?.get('background')?.boolean() === true || settings?.get('type')?.text() === 'background';
  const triggers = subscribed?.triggers ?? (schedule !== undefined ? [schedule] : eventNames.test(name) ? [siteEvent(name.replace(/-background$/, ''), firstLine(file))] : [httpTrigger(entry, settings, background ? 'background' : 'function')]);
  context.addFunction(webFunction({
    name, unit, platform: 'netlify', handlers, ...config.settingsOf(name), ...moduleSettings(settings), triggers, declaredAt: [firstLine(file), ...config.declarationOf(name)],
  }));
}

/** An edge function runs where its `config` or an `[[edge_functions]]` entry gives it a path, and nowhere else. */
export function netlifyEdgeFunction(entry: NetlifyEntry, context: ReadContext): void {
  const { file, name, unit, config } = entry;
  if (exportedNames(context, file, ['default']).length === 0) return;
  const settings = exportedSetting(context, file, 'config');
  const path = settings?.get('path') ?? settings?.get('pattern');
  const location = path?.location ?? firstLine(file);
  const own = path === undefined ? [] : [{ paths: path.texts(), methods: settings?.get('method')?.texts() ?? [], location }];
  const routes = [...own, ...config.edgeRoutes(name)];
  const triggers = routes.map((route): Trigger => ({
    kind: 'http', source: 'edge', auth: openTo(route.location), location: route.location,
    filters: route.paths.flatMap((one) => methods(route.methods).map((method) => ({ kind: 'route' as const, method, path: one }))),
  }));
  if (routes.length === 0) {
    if (context.evaluator === undefined || settings?.value.kind === 'unknown') triggers.push({ kind: 'http', source: 'edge', filters: [], auth: openTo(location), location });
    else context.gap({ kind: 'trigger', file, line: 1, message: `${name}: no path is declared for this edge function` });
  }
  context.addFunction(webFunction({
    name, unit, platform: 'netlify', generation: 'edge', handlers: [{ file, export: 'default', kind: 'edge' }], triggers,
    declaredAt: [firstLine(file), ...routes.filter((route) => route.location.file !== file).map((route) => route.location)],
  }));
}

/** `export default { fetch() {}, deploySucceeded() {} }`: a handler and a trigger each. */
function subscriptions(context: ReadContext, file: string): { readonly handlers: readonly Handler[]; readonly triggers: readonly Trigger[] } | undefined {
  if (!/\bexport\s{1,20}default\s{0,20}\{/.test(context.workspace.read(file) ?? '')) return undefined;
  const value = context.evaluateExport?.(file, 'default');
  const names = value?.kind === 'object' ? value.entries.map(([key]) => key).filter((key) => /^(?:fetch|(?:deploy|form|user|identity|submission|splitTest)\w*)$/.test(key)) : [];
  if (names.length === 0) return undefined;
  const location = firstLine(file);
  return {
    handlers: names.map((name) => ({ file, export: `default.${name}`, kind: name === 'fetch' ? 'handler' : 'event' })),
    triggers: names.map((name): Trigger => ({ ...(name === 'fetch' ? { kind: 'http' as const, source: 'function', filters: [], auth: openTo(location), location } : siteEvent(name, location)), handlerExport: `default.${name}` })),
  };
}

function siteEvent(name: string, location: Location): Trigger {
  const kind: TriggerKind = /^(?:identity|user)/.test(name) ? 'auth' : 'bus';
  return { kind, source: name, filters: [], location };
}

/** A schedule runs the function and closes its address. */
function scheduleOf(entry: NetlifyEntry, exported: string, settings: Setting | undefined, context: ReadContext): Trigger | undefined {
  const trigger = (schedule: Value, location: Location): Trigger => ({ kind: 'schedule', source: 'scheduled', filters: [], schedule, location });
  const own = settings?.get('schedule');
  if (own !== undefined) return trigger(own.value, own.location);
  const written = entry.config.schedule(entry.name);
  if (written !== undefined) return trigger(literal(written.value), written.location);
  if (!/\bschedule\b/.test(context.workspace.read(entry.file) ?? '')) return undefined;
  const [first] = exportedCall(context, entry.file, exported, '@netlify/functions', 'schedule') ?? [];
  return first === undefined ? undefined : trigger(first.value, first.location);
}

function httpTrigger(entry: NetlifyEntry, settings: Setting | undefined, source: string): Trigger {
  const path = settings?.get('path');
  const location = path?.location ?? firstLine(entry.file);
  const paths = path === undefined ? [`/.netlify/functions/${entry.name}`, ...entry.config.aliasesOf(entry.name)] : path.texts();
  const allowed = methods(settings?.get('method')?.texts() ?? []);
  return { kind: 'http', source, filters: paths.flatMap((one) => allowed.map((method) => ({ kind: 'route' as const, method, path: one }))), auth: openTo(location), location };
}

function methods(written: readonly string[]): readonly string[] {
  return written.length === 0 ? ['*'] : written.map((method) => method.toUpperCase());
}

function moduleSettings(settings: Setting | undefined): Partial<ServerlessFunction> {
  const memory = settings?.get('memory');
  const megabytes = memoryMb(memory?.text());
  const timeout = settings?.get('timeout')?.number();
  const region = settings?.get('region');
  const node = settings?.get('nodeVersion');
  return {
    ...(memory === undefined || megabytes === undefined ? {} : { memoryMb: { value: megabytes, location: memory.location } }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(region === undefined ? {} : { region: region.value }),
    ...(node?.text() === undefined ? {} : { runtime: { value: `nodejs${node.text() ?? ''}.x`, location: node.location } }),
  };
}
