import type { CallExpr, Expr, FunctionFact, NewExpr } from '../../model/facts.ts';
import type { ClassValue, InstanceValue, Value } from '../../model/value.ts';
import { isFrame, type Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';

/**
 * What an object of a class of the repository keeps of what it is made with: the values that its constructors put into fields.
 * `new Repository(context)` that reads an address from its settings keeps no context. `undefined`: more may be kept than can be told.
 */
export function keptFields(view: LinkedFunction, made: InstanceValue): readonly Value[] | undefined {
  const { evaluator } = view;
  if (made.of.kind !== 'class' || !isFrame(made.frame)) return undefined;
  const { classes, external } = evaluator.heritage(made.of);
  if (external || hasOpenBase(view, classes)) return undefined;
  const kept: Value[] = [];
  let frame: Frame | undefined = made.frame;
  for (const cls of classes) {
    const fn = constructorOf(view, cls);
    if (fn === undefined) continue;
    if (!frame || frame.file !== cls.file || frame.fn !== fn.id) return undefined;
    const own: Frame = frame;
    const puts = putInto(view, cls.file, fn);
    if (!puts) return undefined;
    kept.push(...puts.map((expr) => evaluator.value(expr, own)));
    const base = classes.slice(classes.indexOf(cls) + 1).find((one) => constructorOf(view, one) !== undefined);
    const below = base && constructorOf(view, base);
    const call: CallExpr | NewExpr | undefined = evaluator.modules.index(cls.file)?.calls[fn.id]?.find((item) => item.kind === 'call' && item.callee.kind === 'super');
    frame = base && below && call ? evaluator.enter({ kind: 'function', file: base.file, fn: below.id, self: made }, call.args.map((expr) => ({ expr, frame: own })), `${cls.file}:super`, own) : undefined;
  }
  return kept;
}

/** Whether objects of a class can have a field: it is declared or written in the class or below it, or a base is not known, or somebody writes a property of that name from outside. */
export function mayHaveField(view: LinkedFunction, cls: ClassValue, field: string): boolean {
  const { evaluator } = view;
  const { classes, external } = evaluator.heritage(cls);
  if (field === '*' || external || hasOpenBase(view, classes)) return true;
  return classes.some((one) => {
    const fn = constructorOf(view, one);
    return evaluator.modules.facts(one.file)?.classes[one.cls]?.members.some((member) => member.name === field) === true
      || evaluator.modules.index(one.file)?.fieldWrites.get(one.cls)?.has(field) === true
      || (fn?.params ?? []).some((param) => param.property && param.target.kind === 'ref' && evaluator.modules.facts(one.file)?.bindings[param.target.binding]?.name === field)
      // `Object.assign(this, options)`
      || (fn !== undefined && putInto(view, one.file, fn) === undefined);
  }) || writtenNames(view).has(field);
}

function constructorOf(view: LinkedFunction, cls: ClassValue): FunctionFact | undefined {
  const facts = view.evaluator.modules.facts(cls.file);
  const id = facts?.classes[cls.cls]?.members.find((member) => member.kind === 'constructor')?.fn;
  return id === undefined ? undefined : facts?.functions[id];
}

/** A base that heritage could not follow. */
function hasOpenBase(view: LinkedFunction, classes: readonly ClassValue[]): boolean {
  const last = classes.at(-1);
  return last === undefined || view.evaluator.modules.facts(last.file)?.classes[last.cls]?.superClass !== undefined;
}

/** What a constructor puts into the fields of its own object; `undefined` where a function within it, or one that is given the object, may do so as well. */
function putInto(view: LinkedFunction, file: string, fn: FunctionFact): readonly Expr[] | undefined {
  if (view.evaluator.modules.facts(file)?.functions.some((inner) => inner.parent === fn.id)) return undefined;
  const found: Expr[] = fn.params.flatMap((param) => (param.property && param.target.kind === 'ref' ? [param.target] : []));
  let open = false;
  walk(fn.body, (item, ancestors) => {
    if (item.kind !== 'this') {
      if (item.kind === 'assign' && item.target.kind === 'member' && rootOf(item.target).kind === 'this') found.push(item.value);
      return !open;
    }
    // `this.a.b = …`, `f(this.a)`: only what is written into, or read from, a field; the object itself, and its methods, may do anything.
    const path = [...ancestors];
    let part: unknown = item;
    while (path.at(-1)?.kind === 'member') part = path.pop();
    const around = path.at(-1);
    if (part === item || (around?.kind === 'call' && around.callee === part) || around?.kind === 'pattern') open = true;
    return !open;
  });
  return open ? undefined : found;
}

function rootOf(expr: Expr): Expr {
  let current = expr;
  while (current.kind === 'member') current = current.object;
  return current;
}

/** Names of properties that the function's code writes into anything but `this`. */
function writtenNames(view: LinkedFunction): ReadonlySet<string> {
  const graph = view.reach();
  let names = written.get(graph);
  if (!names) {
    const all = new Set<string>();
    for (const body of view.bodies()) {
      walk(body.fn.body, (item) => { if (item.kind === 'assign' && item.target.kind === 'member' && typeof item.target.property === 'string' && item.target.object.kind !== 'this') all.add(item.target.property); });
    }
    names = all;
    written.set(graph, names);
  }
  return names;
}

const written = new WeakMap<object, ReadonlySet<string>>();
