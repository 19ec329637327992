import { nestVerbs, routeCallOf } from '../../catalog/web-frameworks.ts';
import { property } from '../../catalog/look-up.ts';
import type { Expr, ModuleFacts } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { Handler } from '../../model/function.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { resourceOf } from './route-names.ts';
import { writtenRoutes } from './written-routers.ts';

/** One thing that callers can ask a function for. */
export interface ServedRoute {
  /** `GET /orders`, `createOrder`. */
  readonly label: string;
  /** What it is about; '' where its name does not say. */
  readonly resource: string;
  readonly place: SourcePlace;
  readonly flow: readonly FlowStep[];
  /** Key of the function that answers; routes with one answer are one concern. */
  readonly answer?: string;
}

/** Where most of the routes are registered: the first of them in the file that has the most. */
export function placeOf(routes: readonly ServedRoute[]): ServedRoute | undefined {
  const counts = new Map<string, number>();
  for (const { place: { file } } of routes) counts.set(file, (counts.get(file) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  const file = routes.find(({ place }) => counts.get(place.file) === most)?.place.file;
  return routes.filter(({ place }) => place.file === file).sort((a, b) => a.place.start - b.place.start)[0];
}

/** The routes that a function's code tells apart, in order, and by what. */
export interface Served {
  readonly by: string;
  readonly routes: readonly ServedRoute[];
  /** Distinct resources, by code unit. */
  readonly resources: readonly string[];
}

/** What a function serves: the routes of the web application in it, or of the router that it wrote itself. */
export function servedRoutes(of: FunctionView): readonly Served[] {
  const view = of as LinkedFunction;
  const nest = nestRoutes(view);
  const apps = [...appRoutes(view), ...(nest ? [nest] : [])];
  const own = view.bodies('invoke').flatMap((body) => writtenRoutes(view, body).map(({ labels, place }): ServedRoute => ({ label: labels.join(' '), resource: namedIn(labels), place, flow: body.path })));
  return [...apps, ...(own.length > 0 ? [{ by: 'its own router', routes: distinct(own), resources: resourcesOf(own) }] : [])];
}

/** The resource that the comparisons on the way name: the last one that names any, a path before an action. */
function namedIn(labels: readonly string[]): string {
  const named = labels.flatMap((label) => label.split(' ')).filter((label) => resourceOf(label) !== '');
  const path = named.find((label) => label.includes('/'));
  return resourceOf(path ?? named.at(-1) ?? '');
}

/** Routes with one name are one; a body in both phases or on two paths is seen once. */
function distinct(routes: readonly ServedRoute[]): readonly ServedRoute[] {
  const seen = new Map<string, ServedRoute>();
  for (const route of routes) if (!seen.has(route.label)) seen.set(route.label, route);
  return [...seen.values()];
}

/** Resources, those with a common answer counted as one under the first of their names. */
function resourcesOf(routes: readonly ServedRoute[]): readonly string[] {
  const leader = new Map<string, string>();
  const find = (name: string): string => {
    let current = name;
    for (let next = leader.get(current); next !== undefined && next !== current; next = leader.get(current)) current = next;
    return current;
  };
  const byAnswer = new Map<string, string>();
  for (const { resource, answer } of routes) {
    if (resource === '') continue;
    if (!leader.has(resource)) leader.set(resource, resource);
    if (answer === undefined) continue;
    const first = byAnswer.get(answer);
    if (first === undefined) byAnswer.set(answer, resource);
    else leader.set(find(resource), find(first));
  }
  return [...new Set([...leader.keys()].map(find))].sort();
}

/** One entry for each application that is loaded, with the routers that are mounted in it; only the handler's where it can be told. */
function appRoutes(view: LinkedFunction): readonly Served[] {
  const mounts = new Map<string, string[]>();
  const parents = new Map<string, string>();
  const calls = view.calls().flatMap((call) => { const does = routeCallOf(call.callee); return does ? [{ call, does }] : []; });
  for (const { call, does } of calls) {
    const [prefix] = does.does === 'mount' ? pathsOf(call.arg(0)) : [];
    if (prefix === undefined) continue;
    for (let index = 1; index < call.argCount; index++) {
      const key = routerKey(call.arg(index));
      const parent = call.callee.receiver && routerKey(call.callee.receiver);
      if (key === undefined) continue;
      mounts.set(key, [...(mounts.get(key) ?? []), prefix]);
      if (parent !== undefined && parent !== key) parents.set(key, parent);
    }
  }
  const rootOf = (key: string): string => {
    let root = key;
    for (let step = 0; step < 16; step++) root = parents.get(root) ?? root;
    return root;
  };
  const applications = new Map<string, { readonly by: string; readonly routes: ServedRoute[] }>();
  for (const { call, does } of calls) {
    if (does.does === 'mount') continue;
    const chained = does.does === 'route' ? chainedPath(view, call) : undefined;
    if (does.does === 'route' && chained === undefined && call.argCount < 2) continue;
    const verbs = does.does === 'options' ? pathsOf(property(call.arg(0), 'method')) : [does.verb];
    const paths = does.does === 'options' ? pathsOf(property(call.arg(0), 'url')) : chained !== undefined ? [chained] : [...new Set(view.instances(call).flatMap(({ args }) => pathsOf(args[0])))];
    const answer = answerKey(does.does === 'options' ? property(call.arg(0), 'handler') : call.arg(call.argCount - 1));
    const key = call.callee.receiver && routerKey(call.callee.receiver);
    const prefixes = (key === undefined ? undefined : mounts.get(key)) ?? [''];
    const root = key === undefined ? call.place.file : rootOf(key);
    const application = applications.get(root) ?? { by: `its ${does.framework} application`, routes: [] };
    applications.set(root, application);
    for (const path of paths) {
      if (does.verb === 'OPTIONS' || !/^\/|^\*|^[\w-]+\//.test(path)) continue;
      for (const prefix of prefixes) {
        const label = `${verbs[0] ?? '*'} ${`${prefix}/${path}`.replace(/\/+/g, '/')}`;
        application.routes.push({ label, resource: resourceOf(label), place: call.place, flow: call.path, ...(answer === undefined ? {} : { answer }) });
      }
    }
  }
  const asked = new Set<string>();
  for (const handler of view.fn.handlers) {
    contains(handlerValue(view, handler), (part) => { const key = routerKey(part); if (key !== undefined && applications.has(key)) asked.add(key); return false; });
  }
  // One codebase is loaded by all of its functions: an application in it belongs to those that the web calls.
  const { triggers, platform } = view.fn;
  if (asked.size === 0 && /^(?:firebase|google)$/.test(platform) && triggers.length > 0 && !triggers.some(({ kind }) => kind === 'http' || kind === 'url')) return [];
  return [...applications].filter(([key]) => asked.size === 0 || asked.has(key)).map(([, { by, routes }]) => ({ by, routes: distinct(routes), resources: resourcesOf(routes) }));
}

function handlerValue(view: LinkedFunction, handler: Handler): Value {
  return handler.at ? { kind: 'unknown', reason: 'written in a call' } : view.evaluator.exportValue(handler.file, handler.export);
}

/** `app.route('/orders').get(list).post(place)`: the path stands at the head of the chain. */
function chainedPath(view: LinkedFunction, call: ExternalCall): string | undefined {
  let object: Expr | undefined = call.expr.callee.kind === 'member' ? call.expr.callee.object : undefined;
  for (let step = 0; step < 12 && object?.kind === 'call' && object.callee.kind === 'member'; step++) {
    const [first] = object.args;
    if (object.callee.property === 'route' && first && object.args.length === 1) return pathsOf(view.value(first, call.body))[0];
    object = object.callee.object;
  }
  return undefined;
}

/** The router behind a chain of calls on it. */
function routerKey(value: Value): string | undefined {
  let current = value;
  for (let step = 0; step < 32 && current.kind === 'derived' && /^\.|#/.test(current.what) && current.from[0]; step++) {
    current = current.from[0];
  }
  return current.kind === 'derived' || current.kind === 'instance' ? valueKey(current) : undefined;
}

const answerKey = (value: Value | undefined): string | undefined => (value && (value.kind === 'function' || value.kind === 'instance' || value.kind === 'external') ? valueKey(value) : undefined);

/** Paths in a value: a text, a list of texts; what is not known of one stands as a parameter. */
function pathsOf(value: Value | undefined): readonly string[] {
  if (!value) return [];
  return alternatives(value).flatMap((one): readonly string[] => {
    if (one.kind === 'literal') return typeof one.value === 'string' ? [one.value] : [];
    if (one.kind === 'template') return [one.parts.map((part) => (part.kind === 'literal' ? String(part.value) : ':any')).join('')];
    return one.kind === 'array' ? one.items.flatMap(pathsOf) : [];
  });
}

/** Methods of Nest's controllers among the files that are loaded. */
function nestRoutes(view: LinkedFunction): Served | undefined {
  const routes: ServedRoute[] = [];
  for (const file of view.files()) {
    const facts = view.project.facts(file);
    if (!facts?.imports.some((one) => one.source === '@nestjs/common')) continue;
    for (const cls of facts.classes) {
      const controller = cls.decorators.map((one) => decoration(facts, one)).find((one) => one?.name === 'Controller');
      if (!controller) continue;
      for (const member of cls.members) {
        for (const decorator of member.decorators) {
          const one = decoration(facts, decorator);
          const verb = one && nestVerbs.get(one.name);
          if (!one || verb === undefined || verb === 'OPTIONS') continue;
          const label = `${verb} ${`/${controller.path}/${one.path}`.replace(/\/+/g, '/')}`;
          routes.push({ label, resource: resourceOf(label), place: { file, start: decorator.start, end: decorator.end }, flow: [] });
        }
      }
    }
  }
  return routes.length === 0 ? undefined : { by: 'its Nest application', routes: distinct(routes), resources: resourcesOf(routes) };
}

/** Imported name and path of `@Get('path')`, where it comes from Nest. */
function decoration(facts: ModuleFacts, expr: Expr): { readonly name: string; readonly path: string } | undefined {
  const callee = expr.kind === 'call' ? expr.callee : expr;
  if (callee.kind !== 'ref') return undefined;
  const name = facts.imports.filter((one) => one.source === '@nestjs/common').flatMap((one) => one.names).find((one) => one.binding === callee.binding)?.imported;
  const first = expr.kind === 'call' ? expr.args[0] : undefined;
  const path = first?.kind === 'literal' && typeof first.value === 'string' ? first.value : first?.kind === 'object' ? first.properties.find((one) => one.key === 'path')?.value : undefined;
  return name === undefined ? undefined : { name, path: typeof path === 'string' ? path : path?.kind === 'literal' ? String(path.value) : '' };
}
