import type { Expr, ModuleFacts, Target } from '../../model/facts.ts';
import { memberPath } from '../module-index.ts';
import { walk, type Item } from '../walk.ts';

/** Something that holds a value across rounds: a variable, or a field of `this`. */
export type Holder = string;

/** How one round changes a holder. */
export interface Change {
  readonly holder: Holder;
  /** `set`: gets a new value. `step`: moves from its own value. `grow`, `shrink`: items go in or out of a list or map. */
  readonly how: 'set' | 'step' | 'grow' | 'shrink';
  readonly value?: Expr;
  readonly op: string;
  /** Only a part of it is written (`list[i] = x`): its length stays. */
  readonly part: boolean;
  readonly at: Item;
  /** What is changed, as far as it is a chain of properties: of `a.b.push(x)` it is `b`. */
  readonly path: readonly string[];
}

const growing: ReadonlySet<string> = new Set(['push', 'unshift', 'add', 'set', 'enqueue', 'append']);
const shrinking: ReadonlySet<string> = new Set(['pop', 'shift', 'splice', 'delete', 'clear', 'dequeue']);

/** The holder that an expression reads or is a part of: `a`, `a.b.c` and `a[0]` are `a`; `this.x.y` is `this.x`. */
export function holderOf(expr: Expr | Target): Holder | undefined {
  if (expr.kind === 'ref') return `b${expr.binding}`;
  if (expr.kind === 'global') return `g.${expr.name}`;
  if (expr.kind !== 'member') return undefined;
  const { root, path } = memberPath(expr);
  if (root.kind === 'ref') return `b${root.binding}`;
  return root.kind === 'this' && path[0] !== undefined ? `this.${path[0]}` : undefined;
}

const pathOf = (expr: Expr | Target): readonly string[] => (expr.kind === 'member' ? memberPath(expr).path : []);

/** Whether a change leaves alone what a chain of properties of the same holder reads: `a.b.push(x)` and `a.c.length`. */
export function isBeside(change: Change, read: Expr): boolean {
  const path = pathOf(read);
  const at = change.path.findIndex((name, index) => name !== path[index]);
  return at >= 0 && path[at] !== undefined && path[at] !== '*' && change.path[at] !== '*';
}

/** Holders that an expression reads. */
export function readsOf(expr: Item): ReadonlySet<Holder> {
  const found = new Set<Holder>();
  walk([expr], (item) => {
    const holder = item.kind === 'ref' || item.kind === 'member' ? holderOf(item) : undefined;
    if (holder !== undefined) found.add(holder);
  });
  return found;
}

/** What some code changes, in source order; code of nested functions is not looked into unless it is given. */
export function changesIn(roots: readonly Item[]): readonly Change[] {
  const found: Change[] = [];
  const put = (target: Target, value: Expr | undefined, op: string, at: Item): void => {
    if (target.kind === 'pattern') { for (const element of target.elements) put(element.target, value, '=', at); return; }
    const holder = holderOf(target);
    if (holder === undefined) return;
    const isPart = target.kind === 'member' && !(target.object.kind === 'this');
    const own = value !== undefined && readsOf(value).has(holder);
    const shrunk = own && value !== undefined && isSlice(value);
    found.push({ holder, path: pathOf(target), how: shrunk ? 'shrink' : op !== '=' && !op.endsWith('?=') && op !== '||=' ? 'step' : own && !isPart ? 'step' : 'set', op, part: isPart, at, ...(value ? { value } : {}) });
  };
  walk(roots, (item) => {
    if (item.kind === 'declare') put(item.target, item.value, '=', item);
    if (item.kind === 'assign') put(item.target, item.value, item.op, item);
    if (item.kind === 'loop' && item.target && item.iterable) put(item.target, item.iterable, '=', item);
    if (item.kind === 'call' && item.callee.kind === 'member' && typeof item.callee.property === 'string') {
      const how = growing.has(item.callee.property) ? 'grow' : shrinking.has(item.callee.property) ? 'shrink' : undefined;
      const holder = how ? holderOf(item.callee.object) : undefined;
      if (how && holder !== undefined) for (const arg of item.args.length > 0 ? item.args : [item]) found.push({ holder, path: pathOf(item.callee.object), how, value: arg, op: item.callee.property, part: false, at: item });
    }
    if (item.kind === 'unary' && item.op === 'delete') { const holder = holderOf(item.of); if (holder !== undefined) found.push({ holder, path: pathOf(item.of), how: 'shrink', op: 'delete', part: true, at: item }); }
  });
  return found;
}

/** `rest = rest.slice(25)`, `text = text.replace(…)`: less of the same. */
function isSlice(value: Expr): boolean {
  return value.kind === 'call' && value.callee.kind === 'member' && typeof value.callee.property === 'string' && ['slice', 'substring', 'substr', 'filter', 'subarray', 'trimStart'].includes(value.callee.property);
}

/** Holders that some calls' answers reach within a round, from the calls themselves on; the fixed point over all changes. */
export function reachedBy(changes: readonly Change[], source: (expr: Expr) => boolean, seed: ReadonlySet<Holder> = new Set()): ReadonlySet<Holder> {
  const reached = new Set(seed);
  const reads = new Map(changes.map((change) => [change, change.value ? readsOf(change.value) : new Set<Holder>()]));
  const direct = new Set(changes.filter((change) => change.value !== undefined && (change.how !== 'shrink' || change.op !== 'delete') && source(change.value)));
  for (let grown = true; grown;) {
    grown = false;
    for (const change of changes) {
      if (reached.has(change.holder)) continue;
      const from = reads.get(change);
      // Taking an item out does not bring anything in.
      if (change.how === 'shrink' && change.op !== '=') continue;
      if (direct.has(change) || [...(from ?? [])].some((holder) => reached.has(holder))) { reached.add(change.holder); grown = true; }
    }
  }
  return reached;
}

/** Whether a holder lives longer than a round: a field, or a variable declared outside the range. */
export function outlives(facts: ModuleFacts, holder: Holder, start: number, end: number): boolean {
  if (!holder.startsWith('b')) return true;
  const fact = facts.bindings[Number(holder.slice(1))];
  return fact !== undefined && (fact.start < start || fact.start >= end);
}
