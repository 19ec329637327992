import type { CallExpr, Expr, FunctionFact } from '../../model/facts.ts';
import type { FunctionValue } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { Definition, ModuleIndex } from '../module-index.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import type { ActiveCondition } from './asked-functions.ts';
import { saysThereIsSome } from './resets.ts';
import { within } from './within.ts';

/** One place that puts something into a list or an object, or sets a flag or a text, with the tests on the way to it. */
export interface Filling {
  readonly tests: readonly ActiveCondition[];
  readonly frame: Frame;
  /** Fields of the object that are put in here. */
  readonly fields: readonly FilledField[];
}

export interface FilledField {
  /** A name, or what it is worked out from. */
  readonly name: string | Expr;
  readonly value: Expr;
}

/** Where a name lives. */
interface Home {
  readonly binding: number;
  readonly frame: Frame;
  readonly fn: FunctionFact;
}

type Kind = 'list' | 'object' | 'flag' | 'text';

interface Wanted {
  readonly binding: number;
  readonly kind: Kind;
  /** Of an object: the field that has to be there; absent: any. Of a name: the text that it has to be. */
  readonly text?: string;
}

/** Calls of one's own functions inside one another further than this are not looked through. */
const MAX_DEPTH = 3;
const MAX_PLACES = 40;

/**
 * A test that wants something in a list or an object (`if (changes.length === 0) return`), a flag to be set, or a name to be a text, that
 * starts out otherwise: for each place that puts something in, the tests on the way to it. One of these places was passed. They may stand
 * in a function that makes the list or object, or that is given it. `undefined`: the test asks something else, or something may come in
 * elsewhere.
 */
export function filledUnder(view: LinkedFunction, condition: ActiveCondition): readonly Filling[] | undefined {
  const asked = askedIn(condition);
  if (!asked) return undefined;
  const home = homeOf(view, asked.binding, condition.frame, condition.fn);
  const found: Filling[] = [];
  if (!home || !new Search(view, asked, condition, found).from(home, [])) return undefined;
  // What is put in where the test holds already does not make it hold.
  const ways = found.filter(({ tests }) => !tests.some((one) => one.test === condition.test && one.outcome === condition.outcome && one.frame === condition.frame));
  return ways.length === 0 || ways.length > MAX_PLACES ? undefined : ways;
}

/** What a test wants to be filled. */
function askedIn({ test, outcome, subject }: ActiveCondition): Wanted | undefined {
  if (outcome === 'case') return subject?.kind === 'ref' && test.kind === 'literal' && typeof test.value === 'string' ? { binding: subject.binding, kind: 'text', text: test.value } : undefined;
  if (test.kind === 'ref') return outcome ? { binding: test.binding, kind: 'flag' } : undefined;
  if (test.kind === 'binary' && /^[!=]==?$/.test(test.op) && test.left.kind === 'ref' && test.right.kind === 'literal' && typeof test.right.value === 'string') {
    return test.op.startsWith('=') === outcome ? { binding: test.left.binding, kind: 'text', text: test.right.value } : undefined;
  }
  if (test.kind === 'member' && typeof test.property === 'string' && test.object.kind === 'ref' && test.property !== 'length' && test.property !== 'size') {
    return outcome ? { binding: test.object.binding, kind: 'object', text: test.property } : undefined;
  }
  if (!saysThereIsSome(test, outcome)) return undefined;
  let found: Wanted | undefined;
  walk([test], (item) => {
    if (item.kind !== 'member' || item.property !== 'length') return;
    const { object } = item;
    const [of] = object.kind === 'call' && object.callee.kind === 'member' && /^(?:keys|values|entries)$/.test(String(object.callee.property)) ? object.args : [];
    if (object.kind === 'ref') found ??= { binding: object.binding, kind: 'list' };
    else if (of?.kind === 'ref') found ??= { binding: of.binding, kind: 'object' };
  });
  return found;
}

/** A parameter is what it was given. */
function homeOf(view: LinkedFunction, binding: number, frame: Frame, fn: FunctionFact): Home | undefined {
  const owner = view.evaluator.modules.facts(frame.file)?.bindings[binding]?.fn;
  if (owner !== undefined && owner !== fn.id) {
    const around = frame.parent && frame.parent.file === frame.file ? view.evaluator.fact(frame.file, frame.parent.fn) : undefined;
    return frame.parent && around && owner > 0 ? homeOf(view, binding, frame.parent, around) : undefined;
  }
  const at = fn.params.findIndex(({ target }) => target.kind === 'ref' && target.binding === binding);
  if (at < 0) return { binding, frame, fn };
  const given = frame.args?.[at];
  if (!given || !('expr' in given) || given.expr.kind !== 'ref') return undefined;
  const around = view.evaluator.fact(given.frame.file, given.frame.fn);
  return around && homeOf(view, given.expr.binding, given.frame, around);
}

/** Goes from where a name starts out to everything that fills it. */
class Search {
  private readonly view: LinkedFunction;
  private readonly asked: Wanted;
  private readonly condition: ActiveCondition;
  private readonly found: Filling[];

  constructor(view: LinkedFunction, asked: Wanted, condition: ActiveCondition, found: Filling[]) {
    this.view = view;
    this.asked = asked;
    this.condition = condition;
    this.found = found;
  }

  /**
   * Adds the places in and below the function that declares the name; `false` where it may be filled elsewhere.
   *
   * @param way tests on the way to the call that this function is
   */
  from(home: Home, way: readonly ActiveCondition[], depth = 0): boolean {
    const index = this.view.evaluator.modules.index(home.frame.file);
    const definitions = index?.definitions.get(home.binding) ?? [];
    if (!index || definitions.length === 0 || definitions.some((one) => one.form !== 'init' && one.form !== 'assign')) return false;
    let startsOut = 0;
    for (const one of definitions) {
      const started = this.starts(one, home, way, depth);
      if (started === undefined) return false;
      if (started) startsOut++;
    }
    return this.asked.kind === 'flag' || this.asked.kind === 'text' || (startsOut > 0 && this.fillings(index, home, way, depth));
  }

  /** Whether a definition leaves the name as it starts out; adds it where it fills it; `undefined`: not known. */
  private starts(one: Definition, home: Home, way: readonly ActiveCondition[], depth: number): boolean | undefined {
    const { kind } = this.asked;
    const inside = this.reach(home, one.fn, way);
    if (!inside) return undefined;
    const { expr } = one;
    const call = expr?.kind === 'await' ? expr.of : expr;
    if (call?.kind === 'call' && (kind === 'list' || kind === 'object') && one.form === 'init' && one.fn === home.fn.id) return this.made(call, one.path, home, way, depth);
    if (one.path.length > 0 || one.op !== '=') return kind === 'flag' && one.op === '||=' && expr ? this.leaf(expr, inside) : undefined;
    if (!expr) return true;
    if (kind === 'flag' || kind === 'text') return this.leaf(expr, inside);
    if (kind === 'list' ? expr.kind === 'array' && expr.items.length === 0 : expr.kind === 'object' && expr.properties.length === 0) return true;
    if (kind === 'list') { this.add(expr, inside, []); return expr.kind === 'array' ? false : undefined; }
    if (expr.kind !== 'object') return undefined;
    const fields = expr.properties.flatMap(({ key, value }): readonly FilledField[] => (key === undefined ? [] : [{ name: key, value }]));
    if (fields.length < expr.properties.length) return undefined;
    if (this.asked.text !== undefined && !fields.some(({ name }) => typeof name !== 'string' || name === this.asked.text)) return true;
    this.add(expr, inside, fields);
    return false;
  }

  /** Each value of `a ? b : c`: what a flag or a text comes to be. `true`: none of them fills it. */
  private leaf(expr: Expr, home: Inside): boolean | undefined {
    if (expr.kind === 'conditional') {
      const [first, second] = [this.leaf(expr.then, home), this.leaf(expr.else, home)];
      return first === undefined || second === undefined ? undefined : first && second;
    }
    const { kind, text } = this.asked;
    if (expr.kind === 'literal') {
      if (kind === 'text' ? expr.value !== text : !expr.value) return true;
      this.add(expr, home, []);
      return false;
    }
    if (kind === 'text') return undefined;
    // `changed = changed || name !== before.name`
    const isSelf = (one: Expr): boolean => one.kind === 'ref' && one.binding === this.asked.binding;
    const tested = expr.kind === 'logical' && expr.op === '||' && isSelf(expr.left) ? expr.right : expr;
    let again = false;
    walk([tested], (item) => { if (item.kind === 'ref' && isSelf(item)) again = true; });
    if (again || home.frame.fn !== home.fn.id) return undefined;
    this.add(expr, home, [], [{ test: tested, outcome: true, frame: home.frame, fn: home.fn }]);
    return false;
  }

  /** What a function makes and gives back: `const changes = changesOf(after)`, `const { changes } = …`. */
  private made(call: CallExpr, path: readonly string[], home: Home, way: readonly ActiveCondition[], depth: number): boolean | undefined {
    const target = this.view.evaluator.value(call.callee, home.frame);
    const fn = target.kind === 'function' ? this.view.evaluator.fact(target.file, target.fn) : undefined;
    if (target.kind !== 'function' || !fn || fn.generator || depth >= MAX_DEPTH || path.length > 1) return undefined;
    const bindings = new Set<number>();
    for (const returned of this.view.evaluator.modules.index(target.file)?.returns[target.fn] ?? []) {
      const [name] = path;
      const part = name === undefined ? returned : returned.kind === 'object' ? returned.properties.findLast(({ key }) => key === name)?.value : undefined;
      if (part && isEmpty(part, this.asked.kind)) continue;
      if (part?.kind !== 'ref') return undefined;
      bindings.add(part.binding);
    }
    const [only] = bindings;
    if (only === undefined || bindings.size > 1) return undefined;
    const frame = this.view.evaluator.enter(target, call.args.map((expr) => ({ expr, frame: home.frame })), `${home.frame.file}:${call.start}`, home.frame);
    return this.from({ binding: only, frame, fn }, [...way, ...this.tests(call, home)], depth + 1) ? true : undefined;
  }

  /** Adds the places that put something into a list or an object, there and in what it is handed to; `false` where others may. */
  private fillings(index: ModuleIndex, home: Home, way: readonly ActiveCondition[], depth: number): boolean {
    const isIt = (expr: Expr | undefined): boolean => expr?.kind === 'ref' && expr.binding === home.binding;
    const { kind } = this.asked;
    let isSure = true;
    for (const one of this.view.evaluator.modules.facts(home.frame.file)?.functions ?? []) {
      walk(one.body, (item) => {
        if (item.kind !== 'call' || !isSure) return;
        const inside = item.args.some(isIt) || (item.callee.kind === 'member' && isIt(item.callee.object)) ? this.reach(home, one.id, way) : undefined;
        if (kind === 'list' && item.callee.kind === 'member' && isIt(item.callee.object) && /^(?:push|unshift|splice)$/.test(String(item.callee.property))) {
          if (inside) this.add(item, inside, []); else isSure = false;
        } else if (item.args.some(isIt) && !this.isAfter(item, one.id, home)) {
          // A method gets an object in order to read it (`ref.update(changes)`); a function of one's own may fill it.
          const mayFill = item.callee.kind === 'ref' || (item.callee.kind === 'member' && item.callee.property === 'assign' && isIt(item.args[0])) || kind === 'list';
          if (mayFill) isSure = inside !== undefined && this.handed(item, home, inside, depth);
        }
      });
    }
    for (const write of index.memberWrites.get(home.binding) ?? []) {
      const inside = this.reach(home, write.fn, way);
      if (!inside) { isSure = false; continue; }
      const { object, property } = write.target;
      if (kind === 'object' && this.asked.text !== undefined && isIt(object) && typeof property === 'string' && property !== this.asked.text) continue;
      this.add(write.expr, inside, isIt(object) && write.op === '=' ? [{ name: property, value: write.expr }] : []);
    }
    return isSure;
  }

  /** Whether a call stands behind the test: what it does comes too late, but in a loop. */
  private isAfter(call: Expr, fn: number, { frame, fn: own }: Home): boolean {
    const { test, frame: asking } = this.condition;
    return frame.file === asking.file && frame.fn === asking.fn && fn === own.id && call.start > test.end;
  }

  /** Looks into a function of the repository that is given the object; `false`: it may fill it unseen. */
  private handed(call: CallExpr, home: Home, inside: Inside, depth: number): boolean {
    const target = this.view.evaluator.value(call.callee, home.frame);
    const fn = target.kind === 'function' ? this.view.evaluator.fact(target.file, target.fn) : undefined;
    const at = call.args.findIndex((arg) => arg.kind === 'ref' && arg.binding === home.binding);
    const param = fn?.params[at]?.target;
    const index = target.kind === 'function' ? this.view.evaluator.modules.index(target.file) : undefined;
    if (target.kind !== 'function' || !fn || !index || param?.kind !== 'ref' || depth >= MAX_DEPTH || inside.frame !== home.frame) return false;
    const frame = this.view.evaluator.enter(target, call.args.map((expr) => ({ expr, frame: home.frame })), `${home.frame.file}:${call.start}`, home.frame);
    const way = [...inside.way, ...this.tests(call, inside)];
    return (index.definitions.get(param.binding) ?? []).length === 0 && this.fillings(index, { binding: param.binding, frame, fn }, way, depth + 1);
  }

  /** A function that is written inside the one a name is declared in, where it is handed to a call there (`names.forEach((name) => { … })`). */
  private reach(home: Home, fn: number, way: readonly ActiveCondition[]): Inside | undefined {
    if (fn === home.fn.id) return { ...home, way };
    const { modules } = this.view.evaluator;
    const inner = modules.facts(home.frame.file)?.functions[fn];
    const at = modules.index(home.frame.file)?.handed.get(fn);
    const callback = at?.call.args[at.at];
    if (!inner || inner.parent !== home.fn.id || !at || callback?.kind !== 'function' || at.call.kind !== 'call') return undefined;
    const target = this.view.evaluator.value(callback, home.frame);
    if (target.kind !== 'function') return undefined;
    const frame = this.view.evaluator.enter(target as FunctionValue, undefined, `${home.frame.file}:${callback.start}`, home.frame);
    return { binding: home.binding, frame, fn: inner, way: [...way, ...this.tests(at.call, home)] };
  }

  private tests(place: Expr, { frame, fn }: Pick<Home, 'frame' | 'fn'>): readonly ActiveCondition[] {
    return within(fn, place).map((one): ActiveCondition => ({ ...one, frame, fn }));
  }

  private add(place: Expr, inside: Inside, fields: readonly FilledField[], more: readonly ActiveCondition[] = []): void {
    this.found.push({ tests: [...inside.way, ...this.tests(place, inside), ...more], frame: inside.frame, fields });
  }
}

/** A function that fills, and the tests on the way to it. */
interface Inside extends Home {
  readonly way: readonly ActiveCondition[];
}

/** Nothing at all: what a function gives back where it found nothing. */
function isEmpty(expr: Expr, kind: Kind): boolean {
  if (expr.kind === 'literal') return expr.value === null || expr.value === undefined;
  return kind === 'list' ? expr.kind === 'array' && expr.items.length === 0 : expr.kind === 'object' && expr.properties.length === 0;
}
