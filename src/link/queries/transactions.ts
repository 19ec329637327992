import type { Effect } from '../../catalog/effects.ts';
import type { Expr, FunctionFact, ModuleFacts } from '../../model/facts.ts';
import { alternatives, unknown, type FunctionValue, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { within } from './within.ts';

/** Fields that a function changes of what it is given, with what it sets them to; a value that is not plain is absent. */
type Fields = ReadonlyMap<string, Expr | undefined>;

/**
 * A transaction of the Realtime Database whose function gives back what it was given: only the children that the function
 * changes are other ones afterwards, as after an update of them. Any other transaction is left as it is.
 *
 * Source: Firebase JavaScript SDK reference, Reference.transaction (November 2026): the function gets the current value and
 * returns the new one; `undefined` calls it off, and `{}` and `null` are no data.
 */
export function asChildren(view: LinkedFunction, frame: Frame, site: Expr, effect: Effect): Effect {
  if (effect.row !== 'rtdb transaction' || !effect.payload) return effect;
  const [only, ...others] = alternatives(effect.payload);
  if (only?.kind !== 'function' || others.length > 0) return effect;
  const facts = view.evaluator.modules.facts(only.file);
  const fn = facts?.functions[only.fn];
  const fields = facts && fn && fieldsOf(facts, fn);
  if (!fields || fields.size === 0) return effect;
  const inner = entered(view, only, `${frame.file}:${site.start}`, frame);
  const entries = [...fields].map(([name, expr]): readonly [string, Value] => [name, expr ? view.evaluator.value(expr, inner) : unknown('changed in a transaction')]);
  return { ...effect, merges: true, payload: { kind: 'object', entries, open: false } };
}

const entered = (view: LinkedFunction, fn: FunctionValue, site: string, caller: Frame): Frame => view.evaluator.enter(fn, [{ value: unknown('what is stored') }], site, caller);

const kept = new WeakMap<FunctionFact, Fields | null>();

function fieldsOf(facts: ModuleFacts, fn: FunctionFact): Fields | undefined {
  let fields = kept.get(fn);
  if (fields === undefined) {
    fields = changedIn(facts, fn) ?? null;
    kept.set(fn, fields);
  }
  return fields ?? undefined;
}

function changedIn(facts: ModuleFacts, fn: FunctionFact): Fields | undefined {
  const target = fn.params[0]?.target;
  if (target?.kind !== 'ref' || fn.async || fn.generator) return undefined;
  const fields = new Map<string, Expr | undefined>();
  const change = (name: string, value: Expr | undefined): void => { fields.set(name, fields.has(name) ? undefined : value); };
  let isKnown = true;
  // What a function inside it makes of it is its doing as well.
  for (const one of facts.functions) {
    walk(one.body, (item, ancestors) => {
      if (item.kind !== 'ref' || item.binding !== target.binding) return;
      const use = useOf(item, ancestors, one === fn);
      if (use === undefined) isKnown = false;
      else if (use !== 'read') change(use.name, use.value);
    });
    if (!isKnown) return undefined;
  }
  let givesBack = false;
  walk(fn.body, (item) => {
    if (item.kind !== 'return') return;
    const given = returned(fn, item, target.binding);
    if (!given) { isKnown = false; return; }
    for (const [name, value] of given.fields) change(name, value);
    if (given.isWhole) givesBack = true;
  });
  return isKnown && givesBack ? fields : undefined;
}

/** What a `return` leaves of what was given: all of it, but for some fields; or no data where there was none. */
function returned(fn: FunctionFact, item: Item & { kind: 'return' }, binding: number): { readonly isWhole: boolean; readonly fields: readonly (readonly [string, Expr])[] } | undefined {
  const isIt = (expr: Expr): boolean => expr.kind === 'ref' && expr.binding === binding;
  // `current && { ...current, done: true }`: nothing stays nothing.
  const value = item.value?.kind === 'logical' && item.value.op === '&&' && isIt(item.value.left) ? item.value.right : item.value;
  if (!value || (value.kind === 'literal' && value.value === undefined) || (value.kind === 'global' && value.name === 'undefined')) return { isWhole: false, fields: [] };
  if (isIt(value)) return { isWhole: true, fields: [] };
  const isNoData = (value.kind === 'object' && value.properties.length === 0) || (value.kind === 'literal' && value.value === null);
  if (isNoData) return within(fn, item).some(({ test, outcome }) => isMissing(test, outcome, isIt)) ? { isWhole: false, fields: [] } : undefined;
  // `{ ...current, done: true }`
  if (value.kind !== 'object') return undefined;
  const [first, ...rest] = value.properties;
  if (!first || first.key !== undefined || !isIt(first.value)) return undefined;
  const named = rest.flatMap(({ key, value: set }): readonly (readonly [string, Expr])[] => (typeof key === 'string' ? [[key, set]] : []));
  return named.length === rest.length ? { isWhole: true, fields: named } : undefined;
}

/** `current == null`, `!current`: there is nothing stored. */
function isMissing(test: Expr, outcome: boolean | 'case', isIt: (expr: Expr) => boolean): boolean {
  if (isIt(test)) return outcome === false;
  if (test.kind === 'unary' && test.op === '!' && outcome !== 'case') return isMissing(test.of, !outcome, isIt);
  if (test.kind !== 'binary' || !/^[!=]==?$/.test(test.op)) return false;
  const isNothing = (expr: Expr): boolean => (expr.kind === 'literal' && (expr.value === null || expr.value === undefined)) || (expr.kind === 'global' && expr.name === 'undefined');
  return ((isIt(test.left) && isNothing(test.right)) || (isNothing(test.left) && isIt(test.right))) && outcome === test.op.startsWith('=');
}

/** Methods of texts, numbers and lists that change nothing. */
const readers = /^(?:at|concat|entries|every|filter|find|findIndex|flat|flatMap|forEach|hasOwnProperty|includes|indexOf|join|keys|map|padStart|reduce|replace|slice|some|split|startsWith|endsWith|substring|to[A-Z]\w*|trim|values)$/;

/** What becomes of one mention of what was given; `undefined`: that is not known. */
function useOf(ref: Item, ancestors: readonly Item[], isOwn: boolean): 'read' | { readonly name: string; readonly value: Expr | undefined } | undefined {
  let at = ancestors.length - 1;
  let top = ref;
  let name: string | undefined;
  let steps = 0;
  for (let parent = ancestors[at]; parent?.kind === 'member' && parent.object === top; parent = ancestors[--at]) {
    if (steps === 0) {
      if (typeof parent.property !== 'string') return undefined;
      name = parent.property;
    }
    const next = ancestors[at - 1];
    if (next?.kind === 'call' && next.callee === parent) return methodUse(parent.property, steps, name);
    top = parent;
    steps++;
  }
  const parent = ancestors[at];
  if (name === undefined) return isAsked(parent, ancestors[at - 1]) || (isOwn && (parent?.kind === 'return' || isSpreadBack(parent, ancestors[at - 1]))) || isShown(parent) ? 'read' : undefined;
  if (parent?.kind === 'assign' && parent.target === top) return { name, value: parent.op === '=' && steps === 1 ? parent.value : undefined };
  if (parent?.kind === 'unary' && parent.op === 'delete') return { name, value: undefined };
  // Handed to a function that may change it, or kept under another name.
  if ((parent?.kind === 'call' || parent?.kind === 'new') && !isShown(parent)) return { name, value: undefined };
  return parent?.kind === 'declare' || (parent?.kind === 'assign' && parent.value === top) ? { name, value: undefined } : 'read';
}

function methodUse(method: string | Expr, steps: number, name: string | undefined): 'read' | { readonly name: string; readonly value: undefined } | undefined {
  const reads = typeof method === 'string' && readers.test(method);
  if (steps === 0) return reads && method !== 'forEach' && method !== 'map' ? 'read' : undefined;
  return reads ? 'read' : name === undefined ? undefined : { name, value: undefined };
}

/** Compared, or asked whether there is anything. */
function isAsked(parent: Item | undefined, above: Item | undefined): boolean {
  if (parent?.kind === 'binary' || parent?.kind === 'if' || (parent?.kind === 'unary' && (parent.op === '!' || parent.op === 'typeof'))) return true;
  return parent?.kind === 'logical' && (above?.kind === 'if' || above?.kind === 'unary' || above?.kind === 'logical' || above?.kind === 'return');
}

const isSpreadBack = (parent: Item | undefined, above: Item | undefined): boolean => parent?.kind === 'object' && (above?.kind === 'return' || above?.kind === 'logical');

/** Calls of the language that look at what they are given: `Number(…)`, `console.log(…)`, `Object.keys(…)`. */
function isShown(call: Item | undefined): boolean {
  if (call?.kind !== 'call') return false;
  const { callee } = call;
  if (callee.kind === 'global') return /^(?:Number|String|Boolean|parseInt|parseFloat|isNaN)$/.test(callee.name);
  if (callee.kind !== 'member' || callee.object.kind !== 'global') return false;
  return /^(?:console|Math|JSON|Number|Array)$/.test(callee.object.name) || (callee.object.name === 'Object' && /^(?:keys|values|entries|hasOwn)$/.test(String(callee.property)));
}
