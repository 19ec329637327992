import { bindingChain, bindingEffects, type BindingKind } from '../../catalog/effects-cloudflare.ts';
import { chainOf } from '../../catalog/effect-chain.ts';
import type { Effect } from '../../catalog/effects.ts';
import type { AssignExpr } from '../../model/facts.ts';
import type { Body, Callee, FunctionView } from '../../model/project.ts';
import { literal, type Value } from '../../model/value.ts';
import { walk } from '../walk.ts';

/**
 * Effects through names that the infrastructure binds: properties of Cloudflare's `env`, and Azure's output bindings
 * (`context.bindings.out = value`).
 */

/** Effects of a call on a Cloudflare binding; `undefined` when the call is none. */
export function bindingEffectsOf(view: FunctionView, callee: Callee, args: () => readonly Value[]): readonly Effect[] | undefined {
  if (view.fn.platform !== 'cloudflare' || !mayBeBinding(callee)) return undefined;
  const found = chainOf(callee, []);
  const bound = found && bindingChain(found);
  const name = bound?.links[0]?.name;
  if (!bound || name === undefined) return undefined;
  const chain = { ...bound, links: bound.links.map((link, index) => (index === bound.links.length - 1 ? { ...link, args: args() } : link)) };
  const given = view.fn.environment.get(name);
  const effects = bindingEffects(chain, given ? kindOf(view, given) : undefined, given ?? literal(name));
  return effects.length > 0 ? effects : undefined;
}

const mayBeBinding = (callee: Callee): boolean => callee.module === 'cloudflare:workers' || (callee.module === 'unknown' && callee.receiver !== undefined);

/** What a binding is, by the type of the resource that it stands for. */
function kindOf(view: FunctionView, value: Value): BindingKind | undefined {
  if (value.kind !== 'resource') return undefined;
  const id = `${value.unit}#${value.id}`;
  if (view.project.infrastructure.functions.some((fn) => fn.id === id && fn.generation === 'durableObject')) return 'durable-object';
  const resource = view.project.resources.get(id);
  const type = resource?.type ?? '';
  for (const [pattern, kind] of types) if (pattern.test(type)) return kind;
  return view.project.infrastructure.functions.some((fn) => fn.id === id) ? 'service' : undefined;
}

/** Words of the wrangler file's sections (`kv_namespaces`, `r2_buckets`, …) as readers name the types of resources. */
const types: readonly (readonly [RegExp, BindingKind])[] = [
  [/kv/i, 'kv'], [/r2/i, 'r2'], [/queue/i, 'queue'], [/d1/i, 'd1'], [/durable/i, 'durable-object'], [/workflow/i, 'workflow'], [/service/i, 'service'], [/email/i, 'email'], [/analytics/i, 'analytics'],
];

export interface BindingWrite {
  readonly effect: Effect;
  readonly body: Body;
  readonly expr: AssignExpr;
}

/** `context.bindings.out = value`, and values pushed to it, of Azure's first programming model. */
export function bindingWrites(view: FunctionView): readonly BindingWrite[] {
  if (view.fn.platform !== 'azure') return [];
  const found: BindingWrite[] = [];
  for (const body of view.bodies('invoke')) {
    walk(body.fn.body, (item) => {
      if (item.kind !== 'assign' || item.target.kind !== 'member' || typeof item.target.property !== 'string') return;
      const name = item.target.property;
      const holder = view.value(item.target.object, body);
      if (holder.kind !== 'context' || holder.path.length !== 1 || holder.path[0] !== 'bindings' || name === 'res') return;
      const effect: Effect = {
        kind: 'publish', service: 'azure-binding', resourceKind: 'binding', target: bindingTarget(view, name), payload: view.value(item.value, body),
        waits: false, detail: `bindings.${name}`, row: 'azure-binding context.bindings',
      };
      found.push({ effect, body, expr: item });
    });
  }
  return found;
}

/** What `function.json` says an output stands for; its own name where it does not say. */
function bindingTarget(view: FunctionView, name: string): Value {
  return view.fn.environment.get(`binding:${name}`) ?? literal(name);
}
