import type { AssignExpr, CallExpr, Expr, FunctionFact, IfStmt, ModuleFacts, Stmt, Target } from '../../model/facts.ts';
import { alternatives } from '../../model/value.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { isLog } from './error-handling.ts';
import { leaves } from './positions.ts';
import { asPart, compared, isJoined, isNothing, isText, isWell, partOf, picked, type Kind } from './settled-kinds.ts';

/**
 * What becomes of rejected results of `Promise.allSettled`. `acted`: somebody may look at them, or it cannot be told. `logged`: they end in log
 * lines, or in what nobody reads. `unseen`: nothing that is looked at tells whether one was rejected.
 */
export type Settled = 'acted' | 'logged' | 'unseen';

/** A function that is given results one by one, and the call that it is given to. */
interface Round { readonly call: CallExpr; readonly outer: FunctionFact; readonly method: string }

const MAX_STEPS = 400;
const picks = /^(?:filter|find|findLast|findIndex|findLastIndex|some|every)$/;

/** Follows the results from the call that gives them, through names, loops, callbacks and tests, in one body of a function. */
export class SettledUses {
  /** Something reads what fulfilled ones gave. */
  readsValues = false;
  private steps = 0;
  private verdict: Settled = 'unseen';
  private readonly rounds = new Map<number, Round>();
  private readonly seen = new Set<string>();
  private readonly view: LinkedFunction;
  private readonly body: LinkedBody;
  private readonly facts: ModuleFacts;
  private readonly isUnread: (expr: Expr) => boolean;

  /** @param isUnread whether nobody reads what the body gives back at an expression of its own */
  constructor(view: LinkedFunction, body: LinkedBody, isUnread: (expr: Expr) => boolean) {
    this.view = view;
    this.body = body;
    this.facts = body.facts;
    this.isUnread = isUnread;
  }

  of(call: CallExpr): Settled {
    this.use(this.body.fn, call, 'list');
    return this.verdict;
  }

  /** For a function that is given the whole list, by `then`. */
  ofParam(target: Target): Settled {
    this.give(target, 'list');
    return this.verdict;
  }

  private raise(next: Settled): void {
    if (next === 'acted' || this.verdict === 'unseen') this.verdict = next;
  }

  private ancestors(fn: FunctionFact, target: Item): readonly Item[] {
    let found: readonly Item[] = [];
    walk(fn.body, (item, around) => {
      if (item === target) found = [...around];
      return !(item.end <= target.start || item.start >= target.end);
    });
    return found;
  }

  /** What the places around a value do with it. */
  private use(fn: FunctionFact, expr: Expr, kind: Kind): void {
    this.readsValues ||= kind === 'good';
    const around = this.ancestors(fn, expr);
    if (around.some((one) => (one.kind === 'call' || one.kind === 'new') && isLog(this.view, this.body, one))) {
      const part = around.at(-1);
      if (kind !== 'good' && !(kind === 'one' && part?.kind === 'member' && part.property === 'value')) this.raise('logged');
      return;
    }
    let inner: Item = expr;
    let now = kind;
    for (let index = around.length - 1; index >= 0; index--) {
      if (this.verdict === 'acted' || ++this.steps > MAX_STEPS) { this.raise('acted'); return; }
      const outer = around[index] as Item;
      const above = around[index - 1];
      switch (outer.kind) {
        case 'await': case 'sequence': break;
        case 'spread': if (now === 'one') { this.raise('acted'); return; } break;
        case 'array': if (inner.kind !== 'spread') now = asPart(now); break;
        case 'object': case 'template': now = asPart(now); break;
        case 'expr': return;
        case 'declare': this.give(outer.target, now); return;
        case 'assign': if (inner === outer.target) return; this.give(outer.target, now); return;
        case 'member': {
          if (outer.object !== inner) { this.raise('acted'); return; }
          const next = this.ofMember(fn, outer, now, above);
          if (next === undefined) return;
          now = next.kind;
          if (next.at === above) index--;
          inner = next.at;
          continue;
        }
        case 'call': {
          if (inner === outer.callee) { this.raise('acted'); return; }
          const kept = this.keptIn(outer, now);
          if (kept) { this.give(kept, now); return; }
          if (isJoined(outer, inner)) break;
          if (now === 'good') return;
          if ((now === 'bad' || now === 'sign') && isText(outer)) break;
          const holds = now === 'one' ? this.named(outer.callee) : undefined;
          if (holds === undefined) { this.raise('acted'); return; }
          this.test(fn, outer, around.slice(0, index), holds, 'sign');
          return;
        }
        case 'binary': {
          if (/^[=!<>]=*$/.test(outer.op)) { this.test(fn, outer, around.slice(0, index), compared(outer, inner, now), 'sign'); return; }
          if (now !== 'good' || outer.op === '-') now = now === 'sign' ? now : 'bad';
          break;
        }
        case 'unary':
          if (outer.op === '!') { this.test(fn, inner as Expr, around.slice(0, index + 1), isWell(now), 'sign'); return; }
          if (outer.op === 'void') return;
          break;
        case 'conditional': case 'logical': {
          if (outer.kind === 'conditional' ? outer.test === inner : outer.left === inner) { this.test(fn, inner as Expr, around.slice(0, index + 1), isWell(now), now); return; }
          break;
        }
        case 'if': this.test(fn, inner as Expr, around.slice(0, index + 1), isWell(now), now); return;
        case 'loop': this.ofLoop(outer, inner, now); return;
        case 'return': this.handBack(fn, inner as Expr, now); return;
        default: if (now !== 'good') this.raise('acted'); return;
      }
      inner = outer;
    }
    this.handBack(fn, inner as Expr, now);
  }

  /** A part of a value: where to go on from, and with what. `undefined` where its use is judged. */
  private ofMember(fn: FunctionFact, member: Expr & { kind: 'member' }, kind: Kind, above: Item | undefined): { readonly kind: Kind; readonly at: Expr } | undefined {
    const name = typeof member.property === 'string' ? member.property : '[]';
    if (above?.kind === 'call' && above.callee === member) return this.ofMethod(fn, above, name, kind);
    if (kind === 'good' || kind === 'bad' || kind === 'sign') return { kind, at: member };
    if (kind === 'list') return name === 'length' ? undefined : { kind: /^(?:\d+|\[\])$/.test(name) ? 'one' : 'bad', at: member };
    if (kind === 'one' && name === 'value') { this.readsValues = true; return { kind: 'good', at: member }; }
    if (kind === 'one' && name === 'status') return { kind: 'one', at: member };
    return { kind: 'bad', at: member };
  }

  private ofMethod(fn: FunctionFact, call: CallExpr, method: string, kind: Kind): { readonly kind: Kind; readonly at: Expr } | undefined {
    const [first] = call.args;
    if (kind === 'one' || kind === 'pairs') { this.raise('acted'); return undefined; }
    if (/^(?:then|catch|finally)$/.test(method)) {
      if (method !== 'then') return { kind, at: call };
      const next = this.functionOf(first);
      const target = next?.params[0]?.target;
      if (next && target) { this.rounds.set(next.id, { call, outer: fn, method }); this.give(target, kind); } else if (!next) this.raise('acted');
      return undefined;
    }
    // What is worked out of values that are there tells of no other one; of failures, all of it does.
    if (kind === 'good') return method === 'forEach' ? undefined : { kind, at: call };
    if (kind !== 'list') return this.ofFailures(fn, call, method, kind);
    if (/^(?:slice|concat|reverse|toReversed|values|flat)$/.test(method)) return { kind: 'list', at: call };
    if (method === 'entries') return { kind: 'pairs', at: call };
    if (method === 'at' || method === 'shift' || method === 'pop') return { kind: 'one', at: call };
    if (!picks.test(method) && !/^(?:map|flatMap|forEach|reduce)$/.test(method)) { this.raise('acted'); return undefined; }
    const next = this.functionOf(first);
    if (!next) {
      const holds = first ? this.named(first) : undefined;
      if (holds === undefined || !picks.test(method)) { this.raise('acted'); return undefined; }
      return { kind: picked(method, holds), at: call };
    }
    this.rounds.set(next.id, { call, outer: fn, method });
    const target = next.params[method === 'reduce' ? 1 : 0]?.target;
    if (target) this.give(target, 'one');
    return undefined;
  }

  /** A method of a list of failures: what it is given does nothing but log, or put texts together. */
  private ofFailures(fn: FunctionFact, call: CallExpr, method: string, kind: Kind): { readonly kind: Kind; readonly at: Expr } | undefined {
    if (/^(?:push|unshift|add)$/.test(method)) return undefined;
    const next = this.functionOf(call.args[0]);
    if (next) {
      this.rounds.set(next.id, { call, outer: fn, method });
      this.failed(next, next.body);
    } else if (call.args.some((arg) => arg.kind === 'ref' || arg.kind === 'member')) this.raise('acted');
    return method === 'forEach' ? undefined : { kind, at: call };
  }

  private functionOf(expr: Expr | undefined): FunctionFact | undefined {
    return expr?.kind === 'function' ? this.facts.functions[expr.fn] : undefined;
  }

  /** `list.push(value)`: the name of the list. */
  private keptIn(call: CallExpr, kind: Kind): Target | undefined {
    if (call.callee.kind !== 'member' || call.callee.object.kind !== 'ref' || kind === 'one') return undefined;
    return /^(?:push|unshift|add)$/.test(String(call.callee.property)) ? call.callee.object : undefined;
  }

  /** A name, or names of parts, that are given a value: what becomes of it is theirs. */
  private give(target: Target, kind: Kind): void {
    if (target.kind === 'pattern') {
      for (const element of target.elements) {
        const part = partOf(kind, element);
        if (part !== undefined) this.give(element.target, part);
      }
      return;
    }
    if (target.kind !== 'ref') { if (kind !== 'good') this.raise('acted'); return; }
    const key = `${target.binding}:${kind}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    for (const fn of this.facts.functions) {
      const refs: Expr[] = [];
      walk(fn.body, (item, around) => {
        if (item.kind !== 'ref' || item.binding !== target.binding) return;
        const parent = around.at(-1);
        if (parent?.kind === 'pattern' || ((parent?.kind === 'declare' || parent?.kind === 'assign' || parent?.kind === 'loop') && parent.target === item)) return;
        refs.push(item);
      });
      for (const ref of refs) this.use(fn, ref, kind);
    }
  }

  private ofLoop(loop: Stmt & { kind: 'loop' }, inner: Item, kind: Kind): void {
    if (loop.iterable !== inner || !loop.target) { if (kind !== 'good') this.raise('acted'); return; }
    if (kind === 'bad') this.failed(undefined, loop.body);
    else if (kind === 'list') this.give(loop.target, 'one');
    else if (kind === 'pairs') this.give(loop.target, 'pairs');
  }

  /** `isFulfilled`, a function of its own: whether it holds for what was fulfilled. */
  private named(expr: Expr): boolean | undefined {
    const found = alternatives(this.view.value(expr, this.body));
    const [first] = found;
    if (found.length !== 1 || first?.kind !== 'function') return undefined;
    const fact = this.view.evaluator.fact(first.file, first.fn);
    const [statement] = fact?.body ?? [];
    const target = fact?.params[0]?.target;
    if (fact?.body.length !== 1 || statement?.kind !== 'return' || statement.value?.kind !== 'binary' || target?.kind !== 'ref') return undefined;
    const { left } = statement.value;
    if (left.kind !== 'member' || left.property !== 'status' || left.object.kind !== 'ref' || left.object.binding !== target.binding) return undefined;
    return compared(statement.value, left, 'one');
  }

  /**
   * What a test leads to.
   *
   * @param holds whether all is well where it is true; `undefined` where either way may be the failure's
   * @param value what it is where it is a value and no test
   */
  private test(fn: FunctionFact, test: Expr, around: readonly Item[], holds: boolean | undefined, value: Kind): void {
    let inner: Item = test;
    let well = holds;
    for (let index = around.length - 1; index >= 0; index--) {
      const outer = around[index] as Item;
      if (outer.kind === 'unary' && outer.op === '!') { if (well !== undefined) well = !well; } else if (outer.kind === 'logical' && outer.op !== '??') {
        // `ok && value()`: what stands behind it runs for one outcome only.
        if (outer.left === inner && well !== undefined && (outer.op === '&&') !== well && around[index - 1]?.kind === 'expr') { this.failed(fn, [outer.right]); return; }
      } else if (outer.kind === 'if') { this.branch(fn, outer, well); return; } else if (outer.kind === 'conditional' && outer.test === inner) {
        const failing = well === undefined ? [outer.then, outer.else] : [well ? outer.else : outer.then];
        this.use(fn, outer, failing.every(isNothing) ? 'good' : 'sign');
        return;
      } else if (outer.kind === 'return') { this.handBackTest(fn, outer.value ?? test, well, value); return; } else if (outer.kind === 'expr') return;
      else { this.use(fn, inner as Expr, value); return; }
      inner = outer;
    }
    this.handBackTest(fn, inner as Expr, well, value);
  }

  private branch(fn: FunctionFact, stmt: IfStmt, well: boolean | undefined): void {
    if (well === undefined) { this.failed(fn, [...stmt.then, ...stmt.else]); return; }
    const good = well ? stmt.then : stmt.else;
    this.failed(fn, [...(well ? stmt.else : stmt.then), ...(leaves(good) ? this.after(fn, stmt) : [])]);
  }

  /** What comes behind a statement in its list. */
  private after(fn: FunctionFact, stmt: Stmt): readonly Stmt[] {
    const around = this.ancestors(fn, stmt);
    const outer = around.at(-1);
    const list = outer?.kind === 'loop' || outer?.kind === 'block' ? outer.body : outer === undefined ? fn.body : [];
    const position = list.indexOf(stmt);
    return position >= 0 ? list.slice(position + 1) : [];
  }

  /** What is done for a failure: logged, counted, or more. */
  private failed(fn: FunctionFact | undefined, items: readonly Item[]): void {
    walk(items, (item) => {
      switch (item.kind) {
        case 'throw': case 'await': case 'yield': this.raise('acted'); break;
        case 'return': if (item.value && !isNothing(item.value)) this.handBack(fn ?? this.body.fn, item.value, 'bad'); break;
        case 'assign': this.ofAssign(item); break;
        case 'call': {
          if (isLog(this.view, this.body, item)) { this.raise('logged'); return false; }
          const kept = this.keptIn(item, 'bad');
          if (kept) this.give(kept, 'bad'); else if (!isText(item)) this.raise('acted');
          break;
        }
        default: break;
      }
      return this.verdict !== 'acted';
    });
  }

  private ofAssign(item: AssignExpr): void {
    if (item.target.kind === 'ref') this.give(item.target, 'bad'); else this.raise('acted');
  }

  /** A value that a function returns: of a callback, what the call around it makes of it. */
  private handBack(fn: FunctionFact, expr: Expr, kind: Kind): void {
    const round = this.rounds.get(fn.id);
    if (!round) {
      if (kind !== 'good' && (kind === 'bad' || kind === 'sign' || fn.id !== this.body.fn.id || !this.isUnread(expr))) this.raise('acted');
      return;
    }
    const { call, outer, method } = round;
    if (method === 'forEach') return;
    if (picks.test(method)) { if (kind !== 'good') this.raise('acted'); else this.use(outer, call, 'good'); return; }
    this.use(outer, call, kind === 'one' ? 'list' : kind);
  }

  /** A test that a function returns: `results.filter((one) => one.status === 'fulfilled')`. */
  private handBackTest(fn: FunctionFact, expr: Expr, well: boolean | undefined, value: Kind): void {
    const round = this.rounds.get(fn.id);
    if (round && picks.test(round.method) && well !== undefined) this.use(round.outer, round.call, picked(round.method, well));
    else this.handBack(fn, expr, value);
  }
}
