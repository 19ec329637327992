import type { Stmt, TryStmt } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { answersFailures, batchesOf, isRecords, recordLoops } from './records.ts';

/** Code by which some records of a batch are acknowledged without having been looked at. */
export interface Dropped {
  /** `first`: only the first record is read. `leaves`: a round over the records ends the invocation. */
  readonly kind: 'first' | 'leaves';
  readonly place: SourcePlace;
  readonly body: LinkedBody;
}

/** A `return` in a `catch` of a round over the records. */
export interface LeftOnError {
  readonly at: Stmt;
  readonly around: TryStmt;
  readonly body: LinkedBody;
}

/** Returns by which an error of one record ends the whole batch with success: the records behind it are acknowledged unread. */
export function leavesBatchOnError(view: LinkedFunction): readonly LeftOnError[] {
  if (batchesOf(view, false).length === 0 || answersFailures(view)) return [];
  const found: LeftOnError[] = [];
  for (const { at, body } of recordLoops(view)) {
    if (at.kind !== 'loop') continue;
    walk(at.body, (item, ancestors) => {
      const around = item.kind === 'return' && !isFailure(item) ? ancestors.find((one, index): one is TryStmt => one.kind === 'try' && (one.handler as readonly Item[] | undefined ?? []).includes(ancestors[index + 1] ?? item)) : undefined;
      if (around && item.kind === 'return') found.push({ at: item, around, body });
    });
  }
  return found;
}

/** Everything by which records of a batch are lost; nothing where the whole batch goes somewhere that is not known. */
export function droppedRecords(of: FunctionView): readonly Dropped[] {
  const view = of as LinkedFunction;
  const loops = recordLoops(view);
  const leaving = loops.flatMap((loop): readonly Dropped[] => {
    if (loop.at.kind !== 'loop') return [];
    const statement = leavesAfterWork(loop.at.body);
    return statement ? [{ kind: 'leaves', place: { file: loop.body.file, start: statement.start, end: statement.end }, body: loop.body }] : [];
  });
  if (loops.length > 0) return leaving;
  const first: Dropped[] = [];
  for (const body of view.bodies('invoke')) {
    let whole = false;
    const here: Dropped[] = [];
    walk(body.fn.body, (item, ancestors) => {
      const use = useOf(view, body, item, ancestors);
      if (use === 'whole') whole = true;
      else if (use === 'first') here.push({ kind: 'first', place: { file: body.file, start: item.start, end: item.end }, body });
      return undefined;
    });
    if (whole) return [];
    first.push(...here);
  }
  return first.slice(0, 1);
}

/** What is done with the batch at one place: one record of it taken, or all of it used in a way that may be right. */
function useOf(view: LinkedFunction, body: LinkedBody, item: Item, ancestors: readonly Item[]): 'first' | 'whole' | undefined {
  const parent = ancestors.at(-1);
  if (item.kind === 'declare' && item.target.kind === 'pattern' && item.value && isBatch(view, view.value(item.value, body))) {
    const { elements } = item.target;
    // `const { length } = records` names their number.
    if (elements.length > 0 && elements.every((element) => element.path[0] === 'length')) return undefined;
    return elements.length > 0 && elements.every((element) => element.path[0] === '0') ? 'first' : 'whole';
  }
  if (item.kind !== 'member' && item.kind !== 'ref') return undefined;
  const value = view.value(item, body);
  if (!isBatch(view, value)) return undefined;
  // `event.Records[0]`, `event.Records.at(0)`, `event.Records.pop()`
  if (parent?.kind === 'member' && parent.object === item) {
    if (parent.property === '0' || (typeof parent.property === 'object' && isZero(view.value(parent.property, body)))) return 'first';
    const call = ancestors.at(-2);
    if (call?.kind === 'call' && call.callee === parent) {
      if (parent.property === 'at' && call.args[0] && isZero(view.value(call.args[0], body))) return 'first';
      if (parent.property === 'pop' || parent.property === 'shift') return ancestors.some((one) => one.kind === 'loop') ? 'whole' : 'first';
    }
    // A number of records that is looked at may be the check that there is one.
    if (parent.property === 'length') return isCompared(ancestors.at(-2)) ? 'whole' : undefined;
    return 'whole';
  }
  // `const records = event.Records` names it; its uses are looked at on their own. Taking it from the event is the same.
  if (parent?.kind === 'declare' || parent?.kind === 'pattern' || (parent?.kind === 'member' && parent.object === item)) return undefined;
  // A test for its presence is no use.
  if (parent?.kind === 'if' || parent?.kind === 'logical' || parent?.kind === 'unary' || parent?.kind === 'conditional') return undefined;
  if (parent?.kind === 'call' && parent.args.includes(item)) return isShown(parent) ? undefined : 'whole';
  return 'whole';
}

const isZero = (value: Value): boolean => value.kind === 'literal' && value.value === 0;
const isBatch = (view: LinkedFunction, value: Value): boolean => value.kind === 'event' && value.path.length === 1 && isRecords(view, value);
const isCompared = (item: Item | undefined): boolean => item?.kind === 'binary' && !([item.left, item.right].some((side) => side.kind === 'literal' && side.value === 0));

/** `console.log(…)`, `JSON.stringify(…)`, a logger: the records are only shown. */
function isShown(call: Extract<Item, { kind: 'call' }>): boolean {
  const { callee } = call;
  if (callee.kind !== 'member' || typeof callee.property !== 'string') return false;
  return /^(?:log|info|debug|warn|error|trace|stringify|dir|isArray)$/.test(callee.property);
}

/**
 * A statement of a round that leaves the function with success after work was done: the rest of the batch is acknowledged with it.
 * What a `catch` does is an error's matter, and a return before any work is a look at the record.
 */
function leavesAfterWork(round: readonly Stmt[]): Stmt | undefined {
  let found: Stmt | undefined;
  let worked = false;
  walk(round, (item, ancestors) => {
    if (item.kind === 'await' || (item.kind === 'call' && ancestors.at(-1)?.kind === 'expr' && !isShown(item))) worked = true;
    if (!found && item.kind === 'return' && worked && !inCatch(ancestors, item) && !isFailure(item)) found = item;
    return undefined;
  });
  return found;
}

const inCatch = (ancestors: readonly Item[], item: Item): boolean => ancestors.some((one, index) => one.kind === 'try' && !(one.block as readonly Item[]).includes(ancestors[index + 1] ?? item));

/** Answers that stand for a failure or carry the failed records; and loops that are left because something failed. */
function isFailure(statement: Extract<Stmt, { kind: 'return' }>): boolean {
  let found = false;
  walk(statement.value ? [statement.value] : [], (item) => {
    if (item.kind === 'object' && item.properties.some((one) => one.key === 'batchItemFailures')) found = true;
    if (item.kind === 'call' && item.callee.kind === 'member' && (item.callee.property === 'reject' || item.callee.property === 'retryAll')) found = true;
    return undefined;
  });
  return found;
}
