import type { Expr } from '../../model/facts.ts';
import type { FunctionValue, Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Activation, LinkedFunction } from '../view.ts';
import type { ActiveCondition } from './conditions.ts';
import { isEqual } from './within.ts';

/** What a function was chosen by on the way to an activation: `handlers[event.action](event)` runs the one under that name. */
export function choicesAlong(view: LinkedFunction, { callers, frame }: Activation): readonly ActiveCondition[] {
  return callers.flatMap((step, index): readonly ActiveCondition[] => {
    const fn = view.evaluator.fact(step.frame.file, step.frame.fn);
    const next = callers[index + 1]?.frame ?? frame;
    const choice = fn && step.site.kind === 'call' ? choiceIn(view, step.site.callee, step.frame) : undefined;
    if (!fn || !choice) return [];
    const table = tableOf(view, view.evaluator.value(choice.object, step.frame));
    if (!table || table.open) return [];
    const names = table.entries.filter(([, value]) => value.kind === 'function' && runs(value, next)).map(([name]) => name);
    const [name] = names;
    if (name === undefined || names.length > 1 || name === '...' || name === '*') return [];
    const { start, end } = choice.key;
    return [{ ...isEqual(choice.key, { kind: 'literal', value: name, start, end }, true), fn, frame: step.frame }];
  });
}

interface Table {
  readonly entries: readonly (readonly [string, Value])[];
  readonly open: boolean;
}

/** What stands under which name: of an object, or of a module of the repository that is taken as a whole. */
function tableOf(view: LinkedFunction, value: Value): Table | undefined {
  if (value.kind === 'object') return value;
  if (value.kind !== 'external' || !value.module.startsWith('repo:') || value.path.length > 0) return undefined;
  const exported = view.project.facts(value.module.slice('repo:'.length))?.exports ?? [];
  return { open: exported.some(({ name }) => name === '*' || name === '='), entries: exported.map(({ name }) => [name, view.evaluator.member(value, name)]) };
}

const runs = (value: FunctionValue, frame: Frame): boolean => value.file === frame.file && value.fn === frame.fn;

/** `table[key]`, also through a variable that holds it. */
function choiceIn(view: LinkedFunction, callee: Expr, frame: Frame): { readonly object: Expr; readonly key: Expr } | undefined {
  let current: Expr | undefined = callee;
  if (current.kind === 'ref') {
    const definitions: readonly { readonly expr?: Expr; readonly path: readonly unknown[]; readonly fn: number }[] = view.evaluator.modules.index(frame.file)?.definitions.get(current.binding) ?? [];
    const [only] = definitions;
    current = definitions.length === 1 && only?.path.length === 0 && only.fn === frame.fn ? only.expr : undefined;
  }
  return current?.kind === 'member' && typeof current.property !== 'string' ? { object: current.object, key: current.property } : undefined;
}

/**
 * Whether a test that asks if a table has something under a key (`typeof actions[event.action] === 'function'`,
 * `event.action in actions`) comes out otherwise for the keys that are sent.
 *
 * @param came what the test came out as
 * @param sentFor what is sent for a value of the event; empty: not known
 */
export function choiceRefuses(view: LinkedFunction, test: Expr, came: boolean, frame: Frame, sentFor: (key: Value) => readonly Value[]): boolean {
  const asked = askedChoice(test);
  if (!asked) return false;
  const table = tableOf(view, view.evaluator.value(asked.object, frame));
  if (!table || (asked.wants === came && table.open)) return false;
  const keys = sentFor(view.evaluator.value(asked.key, frame));
  const isIn = (key: Value): boolean => key.kind === 'literal' && table.entries.some(([name, value]) => name === String(key.value) && value.kind === 'function');
  return keys.length > 0 && keys.every((key) => key.kind === 'literal') && (asked.wants === came ? !keys.some(isIn) : keys.every(isIn));
}

/** `wants`: the test holds where the table has it. */
function askedChoice(test: Expr): { readonly object: Expr; readonly key: Expr; readonly wants: boolean } | undefined {
  if (test.kind === 'member' && typeof test.property !== 'string') return { object: test.object, key: test.property, wants: true };
  if (test.kind !== 'binary') return undefined;
  if (test.op === 'in') return { object: test.right, key: test.left, wants: true };
  const { left, right } = test;
  if (!/^[!=]==?$/.test(test.op) || left.kind !== 'unary' || left.op !== 'typeof' || right.kind !== 'literal' || right.value !== 'function') return undefined;
  return left.of.kind === 'member' && typeof left.of.property !== 'string' ? { object: left.of.object, key: left.of.property, wants: test.op.startsWith('=') } : undefined;
}
