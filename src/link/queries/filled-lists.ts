import type { Expr } from '../../model/facts.ts';
import type { Definition, ModuleIndex } from '../module-index.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import type { ActiveCondition } from './asked-functions.ts';
import { saysThereIsSome } from './resets.ts';
import { within, type Test } from './within.ts';

/**
 * A test that wants something in a list or an object (`if (changes.length === 0) return`), or a flag to be set, that starts empty in the
 * same function: for each place that puts something in, the tests on the way to it. One of these places was passed. `undefined`: the test
 * asks something else, or something may come in elsewhere.
 */
export function filledUnder(view: LinkedFunction, { test, outcome, frame, fn }: ActiveCondition): readonly (readonly Test[])[] | undefined {
  if (outcome === 'case') return undefined;
  const asked = askedIn(test, outcome);
  const facts = view.evaluator.modules.facts(frame.file);
  const index = view.evaluator.modules.index(frame.file);
  if (!asked || !facts || !index) return undefined;
  const { binding, kind } = asked;
  const definitions = index.definitions.get(binding) ?? [];
  const fillings = definitions.filter((one) => !isEmpty(one, kind));
  if (definitions.length !== fillings.length + 1 || definitions.some((one) => one.fn !== fn.id || one.path.length > 0 || (one.form !== 'init' && one.form !== 'assign'))) return undefined;
  const places: Expr[] = [];
  for (const one of fillings) {
    if (!one.expr || one.op !== '=' || (kind === 'flag' && !(one.expr.kind === 'literal' && one.expr.value === true))) return undefined;
    places.push(one.expr);
  }
  if (kind !== 'flag' && !collect(index, binding, kind, places, view, frame.file, fn.id)) return undefined;
  // What is put in where the test holds already does not make it hold.
  const ways = places.map((place) => within(fn, place)).filter((tests) => !tests.some((one) => one.test === test && one.outcome === outcome));
  return ways.length === 0 ? undefined : ways;
}

type Kind = 'list' | 'object' | 'flag';

/** What a test wants to be filled. */
function askedIn(test: Expr, outcome: boolean): { readonly binding: number; readonly kind: Kind } | undefined {
  if (test.kind === 'ref') return outcome ? { binding: test.binding, kind: 'flag' } : undefined;
  if (!saysThereIsSome(test, outcome)) return undefined;
  let found: { readonly binding: number; readonly kind: Kind } | undefined;
  walk([test], (item) => {
    if (item.kind !== 'member' || item.property !== 'length') return;
    const { object } = item;
    const [of] = object.kind === 'call' && object.callee.kind === 'member' && /^(?:keys|values|entries)$/.test(String(object.callee.property)) ? object.args : [];
    if (object.kind === 'ref') found ??= { binding: object.binding, kind: 'list' };
    else if (of?.kind === 'ref') found ??= { binding: of.binding, kind: 'object' };
  });
  return found;
}

/** What a name is when nothing has been put into it. */
function isEmpty({ expr }: Definition, kind: Kind): boolean {
  if (kind === 'flag') return expr?.kind === 'literal' && expr.value === false;
  return kind === 'list' ? expr?.kind === 'array' && expr.items.length === 0 : expr?.kind === 'object' && expr.properties.length === 0;
}

/** Adds the places of a module that put something in; `false` where it may happen elsewhere. */
function collect(index: ModuleIndex, binding: number, kind: Kind, places: Expr[], view: LinkedFunction, file: string, home: number): boolean {
  const isIt = (expr: Expr): boolean => expr.kind === 'ref' && expr.binding === binding;
  let elsewhere = false;
  for (const one of view.evaluator.modules.facts(file)?.functions ?? []) {
    walk(one.body, (item) => {
      if (item.kind !== 'call') return;
      // A method gets an object in order to read it (`ref.update(changes)`); a function of one's own may fill it.
      if (item.args.some(isIt) && (kind === 'list' || item.callee.kind === 'ref' || (item.callee.kind === 'member' && item.callee.property === 'assign'))) elsewhere = true;
      if (kind !== 'list' || item.callee.kind !== 'member' || !isIt(item.callee.object) || !/^(?:push|unshift|splice)$/.test(String(item.callee.property))) return;
      if (one.id === home) places.push(item); else elsewhere = true;
    });
  }
  for (const write of index.memberWrites.get(binding) ?? []) if (write.fn === home) places.push(write.expr); else elsewhere = true;
  return !elsewhere;
}
