import { bindingChain, bindingEffects, type BindingKind } from '../../catalog/effects-cloudflare.ts';
import { chainOf } from '../../catalog/effect-chain.ts';
import type { Effect } from '../../catalog/effects.ts';
import { outputTypes } from '../../catalog/effects-azure.ts';
import type { AssignExpr, Expr } from '../../model/facts.ts';
import type { Binding } from '../../model/function.ts';
import type { Body, Callee, FunctionView } from '../../model/project.ts';
import { literal, unknown, type Value } from '../../model/value.ts';
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
  const given = bound.root?.kind === 'resource' ? bound.root : view.fn.environment.get(name);
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
  if (resource) return 'other';
  return view.project.infrastructure.functions.some((fn) => fn.id === id) ? 'service' : undefined;
}

/** Words of the wrangler file's sections (`kv_namespaces`, `r2_buckets`, …) as readers name the types of resources. */
const types: readonly (readonly [RegExp, BindingKind])[] = [
  [/kv/i, 'kv'], [/r2/i, 'r2'], [/queue/i, 'queue'], [/d1/i, 'd1'], [/durable/i, 'durable-object'], [/workflow/i, 'workflow'], [/service/i, 'service'], [/email/i, 'email'], [/analytics/i, 'analytics'],
];

export interface BindingWrite {
  readonly effect: Effect;
  readonly body: Body;
  readonly expr: Expr;
}

/** Values given to output bindings of Azure Functions: `context.bindings.out = value`, and the returned value where the declaration binds it. */
export function bindingWrites(view: FunctionView): readonly BindingWrite[] {
  if (view.fn.platform !== 'azure') return [];
  const returned = outputOf(view, '$return');
  return view.bodies('invoke').flatMap((body) => {
    const found: BindingWrite[] = [];
    const isHandler = body.path.length === 1;
    walk(body.fn.body, (item) => {
      if (item.kind === 'return' && item.value && returned && isHandler) found.push({ effect: outputEffect(view, returned.name, returned, view.value(item.value, body)), body, expr: item.value });
      if (item.kind !== 'assign') return;
      const name = boundName(view, body, item);
      const output = name === undefined ? undefined : outputOf(view, name);
      if (name !== undefined && (output ? output.type !== 'http' : name !== 'res')) found.push({ effect: outputEffect(view, name, output, view.value(item.value, body)), body, expr: item });
    });
    return found;
  });
}

/** The name of the binding that an assignment gives a value. */
function boundName(view: FunctionView, body: Body, { target }: AssignExpr): string | undefined {
  if (target.kind !== 'member' || typeof target.property !== 'string') return undefined;
  const holder = view.value(target.object, body);
  return holder.kind === 'context' && holder.path.length === 1 && holder.path[0] === 'bindings' ? target.property : undefined;
}

const outputOf = (view: FunctionView, name: string): Binding | undefined => view.fn.bindings?.find((one) => one.name === name && one.direction !== 'in' && one.type !== 'http');

function outputEffect(view: FunctionView, name: string, output: Binding | undefined, payload: Value): Effect {
  const [service, kind, resourceKind] = outputTypes.get(output?.type.toLowerCase() ?? '') ?? (['azure-binding', 'publish', 'binding'] as const);
  return {
    kind, service, resourceKind: resourceKind === 'queue' && output?.kind === 'topic' ? 'topic' : resourceKind, target: output?.resource ?? (output ? unknown('the binding does not name its target') : literal(name)), payload,
    waits: false, detail: name === '$return' ? 'returned value' : `bindings.${name}`, row: `${service} binding`, ...(output?.key ? { key: output.key } : {}),
  };
}
