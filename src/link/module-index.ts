import type { CallExpr, Expr, MemberExpr, ModuleFacts, NewExpr, PatternTarget, Stmt, Target } from '../model/facts.ts';
import { guardsAround, type Guard } from './platform-branches.ts';
import { walk, type Item } from './walk.ts';

/** One way in which a binding, a field or an undeclared name gets a value. */
export interface Definition {
  readonly form: 'init' | 'assign' | 'update' | 'iterate' | 'function' | 'class' | 'caught';
  /** The expression the value comes from; with `path`, a part of it. Absent: declared without a value. */
  readonly expr?: Expr;
  readonly path: readonly string[];
  readonly default?: Expr;
  readonly op: string;
  /** The function whose code holds the definition. */
  readonly fn: number;
  readonly start: number;
  readonly end: number;
  /** Function or class id for declarations. */
  readonly id?: number;
  /** Of the rest of a pattern (`...rest`): the names that it leaves out. */
  readonly without?: readonly string[];
}

/** `root.path = value`: a write into an object. `path` ends with '*' for a computed key. */
export interface MemberWrite {
  readonly path: readonly string[];
  readonly target: MemberExpr;
  readonly expr: Expr;
  readonly op: string;
  readonly fn: number;
  readonly start: number;
  readonly end: number;
}

/** Where a function is written as an argument: `call(a, () => …)` has `at` 1. */
export interface Handed {
  readonly call: CallExpr | NewExpr;
  readonly at: number;
}

/** What is put into a list, and the function that does it. */
export interface Addition {
  readonly args: readonly Expr[];
  readonly fn: number;
}

/** Look-ups over the facts of one module, made in one pass when first needed. Derived data: never stored. */
export interface ModuleIndex {
  readonly definitions: ReadonlyMap<number, readonly Definition[]>;
  readonly memberWrites: ReadonlyMap<number, readonly MemberWrite[]>;
  /** `this.x = …` by class, then by field. */
  readonly fieldWrites: ReadonlyMap<number, ReadonlyMap<string, readonly Definition[]>>;
  /** `this.x.y = …`, a write into what a field holds: by class, then by field; the path is that below the field. */
  readonly fieldParts: ReadonlyMap<number, ReadonlyMap<string, readonly MemberWrite[]>>;
  /** What lists get later, `list.push(a, b)`, by the name of the list. */
  readonly additions: ReadonlyMap<number, readonly Addition[]>;
  /** Assignments to names that the module does not declare. */
  readonly globalWrites: ReadonlyMap<string, readonly Definition[]>;
  readonly returns: readonly (readonly Expr[])[];
  readonly calls: readonly (readonly (CallExpr | NewExpr)[])[];
  /** Functions and classes written inside a function's own body (not inside nested ones). */
  readonly nested: readonly (readonly number[])[];
  /** Functions that are written as an argument of a call: the call, and which argument. */
  readonly handed: ReadonlyMap<number, Handed>;
  /** Tests around a call that may ask on which platform it runs; few calls have any. */
  readonly guards: ReadonlyMap<CallExpr | NewExpr, readonly Guard[]>;
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The innermost object of `a.b[c].d` and the path to the written property. */
export function memberPath(expr: MemberExpr): { readonly root: Expr; readonly path: readonly string[] } {
  const path: string[] = [];
  let current: Expr = expr;
  while (current.kind === 'member') {
    path.unshift(typeof current.property === 'string' ? current.property : '*');
    current = current.object;
  }
  return { root: current, path };
}

/** The names beside `...` of a pattern of an object, which the rest does not have. */
export function takenOut(target: PatternTarget, path: readonly string[]): { readonly without?: readonly string[] } {
  if (path.at(-1) !== '...') return {};
  const depth = path.length - 1;
  const names = [...new Set(target.elements.flatMap((element) => (element.path.length > depth && element.path.slice(0, depth).every((step, index) => step === path[index]) ? [element.path[depth] as string] : [])))].filter((name) => name !== '...');
  return names.length > 0 && !names.some((name) => name === '*' || /^\d+$/.test(name)) ? { without: names } : {};
}

export function indexModule(facts: ModuleFacts): ModuleIndex {
  const definitions = new Map<number, Definition[]>();
  const memberWrites = new Map<number, MemberWrite[]>();
  const fieldWrites = new Map<number, Map<string, Definition[]>>();
  const fieldParts = new Map<number, Map<string, MemberWrite[]>>();
  const additions = new Map<number, Addition[]>();
  const globalWrites = new Map<string, Definition[]>();
  const returns: Expr[][] = facts.functions.map(() => []);
  const calls: (CallExpr | NewExpr)[][] = facts.functions.map(() => []);
  const nested: number[][] = facts.functions.map(() => []);
  const handed = new Map<number, Handed>();
  const guards = new Map<CallExpr | NewExpr, readonly Guard[]>();

  const classOf = (fn: number): number | undefined => {
    for (let id = fn; id > 0;) {
      const fact = facts.functions[id];
      if (!fact) return undefined;
      if (fact.kind !== 'arrow') return fact.cls;
      id = fact.parent;
    }
    return undefined;
  };

  const define = (target: Target, rest: Omit<Definition, 'path'>, path: readonly string[] = [], fallback?: Expr): void => {
    const definition: Definition = { ...rest, path, ...(fallback ? { default: fallback } : {}) };
    switch (target.kind) {
      case 'ref': put(definitions, target.binding, definition); break;
      case 'global': put(globalWrites, target.name, definition); break;
      case 'pattern': for (const element of target.elements) define(element.target, { ...rest, start: element.target.start, end: element.target.end, ...takenOut(target, element.path) }, [...path, ...element.path], element.default); break;
      case 'member': {
        const { root, path: written } = memberPath(target);
        const expr = rest.expr;
        if (root.kind === 'this' && written.length === 1) {
          const cls = classOf(rest.fn);
          if (cls !== undefined) {
            const fields = fieldWrites.get(cls) ?? new Map<string, Definition[]>();
            fieldWrites.set(cls, fields);
            put(fields, written[0] as string, definition);
          }
        } else if (root.kind === 'this' && expr && path.length === 0) {
          const cls = classOf(rest.fn);
          const [field, ...below] = written;
          if (cls !== undefined && field !== undefined) {
            const fields = fieldParts.get(cls) ?? new Map<string, MemberWrite[]>();
            fieldParts.set(cls, fields);
            put(fields, field, { path: below, target, expr, op: rest.op, fn: rest.fn, start: rest.start, end: rest.end });
          }
        } else if (root.kind === 'ref' && expr && path.length === 0) {
          put(memberWrites, root.binding, { path: written, target, expr, op: rest.op, fn: rest.fn, start: rest.start, end: rest.end });
        }
        break;
      }
      default: break;
    }
  };

  for (const fact of facts.functions) {
    const fn = fact.id;
    for (const param of fact.params) if (param.default) walk([param.default], (item) => visit(item, fn));
    walk(fact.body, (item, ancestors) => visit(item, fn, ancestors));
    if (fact.parent >= 0) nested[fact.parent]?.push(fn);
  }
  for (const cls of facts.classes) {
    for (const member of cls.members) if (member.value) walk([member.value], (item) => visit(item, cls.fn));
    if (cls.superClass) walk([cls.superClass], (item) => visit(item, cls.fn));
    for (const decorator of [...cls.decorators, ...cls.members.flatMap((member) => member.decorators)]) walk([decorator], (item) => visit(item, cls.fn));
  }

  function visit(item: Item | Stmt, fn: number, ancestors?: readonly Item[]): void {
    switch (item.kind) {
      case 'declare':
        if (item.value || item.target.kind === 'ref') define(item.target, { form: 'init', op: '=', fn, start: item.start, end: item.end, ...(item.value ? { expr: item.value } : {}) });
        break;
      case 'assign':
        define(item.target, { form: item.op === '=' || item.op.endsWith('?=') || item.op === '||=' || item.op === '??=' || item.op === '&&=' ? 'assign' : 'update', expr: item.value, op: item.op, fn, start: item.start, end: item.end });
        break;
      case 'loop':
        if (item.target && item.iterable) define(item.target, { form: 'iterate', expr: item.iterable, op: item.form === 'in' ? 'in' : 'of', fn, start: item.target.start, end: item.target.end });
        break;
      case 'try': if (item.param) define(item.param, { form: 'caught', op: '=', fn, start: item.param.start, end: item.param.end }); break;
      case 'function': if ('binding' in item && item.binding >= 0) put(definitions, item.binding, { form: 'function', path: [], op: '=', fn, start: item.start, end: item.end, id: item.fn } as Definition); break;
      case 'class': if ('binding' in item && item.binding >= 0) put(definitions, item.binding, { form: 'class', path: [], op: '=', fn, start: item.start, end: item.end, id: item.cls } as Definition); break;
      case 'return': if (item.value) returns[fn]?.push(item.value); break;
      case 'call': case 'new':
        calls[fn]?.push(item);
        if (item.callee.kind === 'member' && item.callee.object.kind === 'ref' && (item.callee.property === 'push' || item.callee.property === 'unshift')) put(additions, item.callee.object.binding, { args: item.args, fn });
        if (ancestors) {
          const around = guardsAround(item, ancestors, facts);
          if (around.length > 0) guards.set(item, around);
        }
        for (const [at, arg] of item.args.entries()) if (arg.kind === 'function') handed.set(arg.fn, { call: item, at });
        break;
      default: break;
    }
  }
  return { definitions, memberWrites, fieldWrites, fieldParts, additions, globalWrites, returns, calls, nested, handed, guards };
}
