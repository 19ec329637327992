import { mayKeepInMemory, memoryStoreOf, puts, takesLock, type MemoryStore } from '../../catalog/memory-stores.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type InstanceValue, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { ancestorsOf } from './positions.ts';
import { runsLocallyOnly } from './local-run.ts';
import { filesBehind } from './started.ts';
import { isNewEachTime } from './taint.ts';
import { registriesOf } from './registries.ts';
import { argsOf } from './arguments.ts';

/** Something that callers share only as long as they meet in one process. */
export interface MemoryUse {
  readonly kind: MemoryStore['kind'] | 'sockets';
  readonly what: string;
  readonly place: SourcePlace;
  readonly path: readonly FlowStep[];
  readonly files: readonly string[];
}

type Site = NonNullable<InstanceValue['site']>;
const keyOf = (place: { readonly file: string; readonly start: number }): string => `${place.file}:${place.start}`;

/** Sessions, limits, locks, caches and connections that a deployed function keeps in its process. */
export function memoryUseOf(of: FunctionView): readonly MemoryUse[] {
  const view = of as LinkedFunction;
  // An object of its own, with a store and one address: what it keeps in memory is its own.
  if (view.fn.generation === 'durableObject') return [];
  const found = new Map<string, MemoryUse>();
  const add = (use: MemoryUse): void => { if (!found.has(keyOf(use.place))) found.set(keyOf(use.place), use); };
  const made = new Map<string, { readonly call: ExternalCall; readonly store: MemoryStore }>();
  for (const call of view.calls()) {
    if (!mayKeepInMemory(call.callee)) continue;
    const store = memoryStoreOf(call.callee, argsOf(call), call.expr.kind === 'new');
    if (!store) continue;
    if (store.kind === 'lock' || store.kind === 'store' || store.kind === 'rooms') { if (!made.has(keyOf(call.place))) made.set(keyOf(call.place), { call, store }); continue; }
    if (isSpare(call) || runsLocallyOnly(view, call.body, call.expr) === 'local') continue;
    add({ kind: store.kind, what: store.what, place: call.place, path: call.path, files: call.expr.args.flatMap((arg) => namesIn(view, call.place.file, arg)) });
  }
  for (const use of usesOf(view, made)) add(use);
  for (const use of registriesOf(view)) add(use);
  return [...found.values()];
}

/** What happens to locks, caches and servers that are made once a process. */
function* usesOf(view: LinkedFunction, made: ReadonlyMap<string, { readonly call: ExternalCall; readonly store: MemoryStore }>): Iterable<MemoryUse> {
  const written = new Map<string, { readonly call: ExternalCall; readonly own: boolean }[]>();
  const adapted = new Set<string>();
  for (const call of view.calls()) {
    const method = call.expr.callee.kind === 'member' && typeof call.expr.callee.property === 'string' ? call.expr.callee.property : '';
    const site = siteOf(call.callee.receiver);
    if (!site) continue;
    const maker = made.get(keyOf(site));
    if (!maker) continue;
    if (maker.store.kind === 'rooms' && method === 'adapter' && call.argCount > 0) adapted.add(keyOf(site));
    if (call.body.phase !== 'invoke' || !livesOn(view, site)) continue;
    if (maker.store.kind === 'lock' && takesLock.has(method)) yield useAt(maker, site, call, [call.place.file]);
    if (maker.store.kind === 'store' && puts.has(method)) {
      const value = call.arg(method === 'add' ? 0 : 1);
      const fetched = contains(value, (one) => (one.kind === 'derived' && one.io && !isNewEachTime(one)) || one.kind === 'unknown' || one.kind === 'param');
      const list = written.get(keyOf(site)) ?? [];
      list.push({ call, own: !fetched && contains(value, (one) => one.kind === 'event') });
      written.set(keyOf(site), list);
    }
  }
  for (const [key, calls] of written) {
    const maker = made.get(key);
    const [first] = calls;
    // Where something fetched is kept as well, or could be, it is a copy.
    if (!maker || !first || !calls.every((item) => item.own)) continue;
    const shared = isExported(view, maker.call);
    if (shared && !view.project.whole) continue;
    yield useAt(maker, maker.call.place, first.call, [...calls.map((item) => item.call.place.file), ...(shared ? view.files() : [])]);
  }
  for (const [key, maker] of made) {
    if (maker.store.kind !== 'rooms' || adapted.has(key) || runsLocallyOnly(view, maker.call.body, maker.call.expr) === 'local') continue;
    const shared = isExported(view, maker.call);
    if (!shared || view.project.whole) yield useAt(maker, maker.call.place, maker.call, shared ? view.files() : []);
  }
}

function useAt(maker: { readonly store: MemoryStore }, at: SourcePlace, call: ExternalCall, files: readonly string[]): MemoryUse {
  return { kind: maker.store.kind, what: maker.store.what, place: { file: at.file, start: at.start, end: at.end }, path: call.path, files };
}

function siteOf(receiver: Value | undefined): Site | undefined {
  for (const one of receiver ? alternatives(receiver) : []) if (one.kind === 'instance' && one.of.kind === 'external' && one.site) return one.site;
  return undefined;
}

/** Made when the module is loaded, and not as a part of some object. */
function livesOn(view: LinkedFunction, site: Site): boolean {
  const facts = view.evaluator.modules.facts(site.file);
  return site.fn === 0 && !facts?.classes.some((cls) => cls.start <= site.start && cls.end >= site.end && !cls.members.some((member) => member.static && member.start <= site.start && member.end >= site.end));
}

function isExported(view: LinkedFunction, call: ExternalCall): boolean {
  const facts = view.evaluator.modules.facts(call.place.file);
  const index = view.evaluator.modules.index(call.place.file);
  return (facts?.exports ?? []).some((one) => one.binding !== undefined && (index?.definitions.get(one.binding) ?? []).some((definition) => definition.expr === call.expr));
}

/** The limiter that takes over when the shared one fails. */
function isSpare(call: ExternalCall): boolean {
  return ancestorsOf(call.body.fn, call.expr).some((item) => item.kind === 'object' && item.properties.some((property) => property.key === 'insuranceLimiter' && property.value === call.expr));
}

function namesIn(view: LinkedFunction, file: string, expr: ExternalCall['expr']['args'][number]): readonly string[] {
  const files: string[] = [];
  walk([expr], (item) => { if (item.kind === 'ref') files.push(...filesBehind(view, file, item)); });
  return files;
}
