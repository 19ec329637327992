import type { ModuleFacts } from '../../model/facts.ts';
import type { FunctionValue, Value } from '../../model/value.ts';
import type { Argument, Frame } from '../frame.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { parts, walk, type Item } from '../walk.ts';

/** Calls inside calls further than this are not looked into. */
const MAX_DEPTH = 24;
const MAX_ITEMS = 600;

/**
 * Everything that decides how an expression comes out: what the names in it hold, also in callbacks that are written in it and in
 * functions of the repository that it calls (`kinds.find((one) => one.name === after.kind)`, `PRICES[after.plan]`, `isOpen(after)`).
 * Where each of these values is the same again the expression is. `undefined`: not known.
 */
export function inputsOf(view: LinkedFunction, expr: Item, frame: Frame): readonly Value[] | undefined {
  const inputs = new Inputs(view);
  inputs.read(expr, frame, 0);
  return inputs.isKnown ? inputs.values : undefined;
}

/** A value that says by itself what it was worked out from. */
const isPlain = (value: Value): boolean => !contains(value, ({ kind }) => kind === 'oneOf' || kind === 'unknown' || kind === 'function' || kind === 'param' || kind === 'class');

class Inputs {
  readonly values: Value[] = [];
  isKnown = true;
  private left = MAX_ITEMS;
  private readonly view: LinkedFunction;
  /** Functions whose whole bodies are read: what they declare is decided by what is read there. */
  private readonly whole = new Set<string>();

  constructor(view: LinkedFunction) {
    this.view = view;
  }

  read(item: Item, frame: Frame, depth: number): void {
    if (!this.isKnown) return;
    if (depth > MAX_DEPTH || this.left-- <= 0) return this.giveUp();
    switch (item.kind) {
      case 'literal': case 'regex': case 'global': return;
      case 'this': case 'super': case 'yield': case 'opaque': case 'import': case 'class': case 'pattern': return this.giveUp();
      case 'function': return 'fn' in item ? this.enter(this.view.evaluator.value(item, frame), undefined, item, frame, depth) : undefined;
      case 'declare': return item.value && this.read(item.value, frame, depth + 1);
      case 'assign': return item.target.kind === 'ref' && this.isOwn(item.target.binding, frame) ? this.read(item.value, frame, depth + 1) : this.giveUp();
      case 'ref': return this.name(item, frame, depth);
      case 'member': case 'call': case 'await': case 'new': return this.value(item, frame, depth);
      case 'loop': for (const one of [...item.init, item.iterable, item.test, ...item.body, item.update]) if (one) this.read(one, frame, depth + 1); return;
      default: for (const part of parts(item)) this.read(part, frame, depth + 1);
    }
  }

  private giveUp(): void {
    this.isKnown = false;
  }

  private facts({ file }: Frame): ModuleFacts | undefined {
    return this.view.evaluator.modules.facts(file);
  }

  /** Whether a name is declared in a function that is read as a whole. */
  private isOwn(binding: number, frame: Frame): boolean {
    return this.whole.has(`${frame.file}#${this.facts(frame)?.bindings[binding]?.fn}`);
  }

  private value(item: Item & { kind: 'member' | 'call' | 'await' | 'new' }, frame: Frame, depth: number): void {
    const value = this.view.evaluator.value(item, frame);
    if (isPlain(value) && !this.namesEdited(item, frame)) { this.values.push(value); return; }
    if (item.kind === 'call') {
      const callee = this.view.evaluator.value(item.callee, frame);
      if (callee.kind === 'function') return this.enter(callee, item.args.map((expr) => ({ expr, frame })), item, frame, depth);
      // `list.find(…)` reads the list; what a package or the platform does by its name is what it is given.
      if (item.callee.kind === 'member') this.read(item.callee.object, frame, depth + 1);
      else if (callee.kind !== 'external') return this.giveUp();
      for (const part of item.args) this.read(part, frame, depth + 1);
      return;
    }
    for (const part of parts(item)) this.read(part, frame, depth + 1);
  }

  private name(item: Item & { kind: 'ref' }, frame: Frame, depth: number): void {
    const binding = this.facts(frame)?.bindings[item.binding];
    if (!binding) return this.giveUp();
    const isOwn = this.isOwn(item.binding, frame);
    if (isOwn && !(binding.kind === 'param' && frame.args)) return;
    if (this.namesEdited(item, frame)) return this.giveUp();
    const value = this.view.evaluator.value(item, frame);
    if (value.kind === 'function') return this.enter(value, undefined, item, frame, depth);
    if (isPlain(value)) { this.values.push(value); return; }
    const argument = isOwn ? this.argument(item.binding, frame) : undefined;
    if (argument) return 'expr' in argument ? this.read(argument.expr, argument.frame, depth + 1) : this.giveUp();
    const [only, ...others] = this.view.evaluator.modules.index(frame.file)?.definitions.get(item.binding) ?? [];
    const home = only && aroundOf(frame, only.fn);
    if (!only?.expr || !home || others.length > 0 || only.form !== 'init') return this.giveUp();
    this.read(only.expr, home, depth + 1);
  }

  /** What a parameter is given on this path. */
  private argument(binding: number, { file, fn, args }: Frame): Argument | undefined {
    const at = this.view.evaluator.fact(file, fn)?.params.findIndex(({ target }) => target.kind === 'ref' && target.binding === binding) ?? -1;
    return args?.[at];
  }

  private enter(target: Value, args: readonly Argument[] | undefined, site: Item, frame: Frame, depth: number): void {
    const fact = target.kind === 'function' ? this.view.evaluator.fact(target.file, target.fn) : undefined;
    if (target.kind !== 'function' || !fact || fact.generator || this.whole.has(keyOf(target))) return this.giveUp();
    const inner = this.view.evaluator.enter(target, args, `${frame.file}:${site.start}`, frame);
    this.whole.add(keyOf(target));
    for (const stmt of fact.body) this.read(stmt, inner, depth + 1);
  }

  /** Whether something in an expression is changed in place somewhere: it is not what it was made as. */
  private namesEdited(item: Item, frame: Frame): boolean {
    const facts = this.facts(frame);
    const edited = facts && editedIn(facts);
    let found = false;
    walk([item], (one) => { found ||= one.kind === 'ref' && edited?.has(one.binding) === true; });
    return found;
  }
}

const keyOf = ({ file, fn }: FunctionValue): string => `${file}#${fn}`;

/** The activation around one in which another function's names are. */
function aroundOf(frame: Frame, fn: number): Frame | undefined {
  for (let one: Frame | undefined = frame; one; one = one.parent) if (one.fn === fn) return one;
  return undefined;
}

const changing = /^(?:push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|assign)$/;
const kept = new WeakMap<ModuleFacts, ReadonlySet<number>>();

/** Names of a file whose value is changed in place: `seen.add(id)`, `flags[id] = true`, `delete copy.at`, `Object.assign(copy, …)`. */
function editedIn(facts: ModuleFacts): ReadonlySet<number> {
  let edited = kept.get(facts);
  if (!edited) {
    const found = new Set<number>();
    const edit = (item: Item): void => {
      let root = item;
      while (root.kind === 'member') root = root.object;
      if (root.kind === 'ref') found.add(root.binding);
    };
    for (const { body } of facts.functions) {
      walk(body, (item) => {
        if (item.kind === 'assign' && item.target.kind === 'member') edit(item.target);
        else if (item.kind === 'unary' && item.op === 'delete') edit(item.of);
        else if (item.kind === 'call' && item.callee.kind === 'member' && changing.test(String(item.callee.property))) edit(item.callee.property === 'assign' && item.args[0] ? item.args[0] : item.callee.object);
      });
    }
    edited = found;
    kept.set(facts, edited);
  }
  return edited;
}
