import { objectEvents, publicMethods, workerEvents } from '../link/class-methods.ts';
import type { Evaluator } from '../link/evaluate.ts';
import type { Expr, ModuleFacts, Stmt } from '../model/facts.ts';
import type { Handler } from '../model/function.ts';
import { alternatives } from '../model/value.ts';
import type { ClassValue, Value } from '../model/value.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext } from './reader.ts';

/** Events that a worker's default export answers (Workers documentation, "Handlers", read 2026-11). `test` is the test runner's own. */
const events: readonly string[] = [...workerEvents];
const maximumDepth = 6;

/** The handlers of a worker's main module: those of its default export, or its listeners. */
export function workerHandlers(context: ReadContext, main: string): readonly Handler[] {
  const evaluator = context.evaluator?.();
  const facts = evaluator?.modules.facts(main);
  if (evaluator === undefined || facts === undefined) return exportsOf(context.workspace.read(main) ?? '', ['default']).map(() => ({ file: main, export: 'default', kind: 'fetch' }));
  const found = evaluator.modules.exported(main, 'default', new Set());
  if (found.kind === 'missing' || (found.kind === 'namespace' && found.file === main)) return listeners(facts, evaluator);
  const at = found.kind === 'local' && found.fact.name !== '=' ? { file: found.file, name: found.fact.name } : { file: main, name: 'default' };
  const shape = shapeOf(evaluator.exportValue(main, 'default'), evaluator, 0);
  const named = (names: readonly string[]): Handler[] => names.map((name) => ({ file: at.file, export: `${at.name}.${name}`, kind: name }));
  if (shape?.kind === 'names') return named(shape.names);
  if (shape?.kind === 'class') {
    const names = publicMethods(evaluator, shape.cls, workerEvents);
    // Methods that service bindings call are one more way in.
    return [...named(names.filter((name) => workerEvents.has(name))), ...(names.some((name) => !workerEvents.has(name)) ? [{ file: at.file, export: at.name, kind: 'rpc' }] : [])];
  }
  return [{ file: at.file, export: at.name, kind: 'fetch' }];
}

/** What stands behind an export: an object or instance with handlers of these names, or a class that the runtime instantiates. */
type Shape = { readonly kind: 'names'; readonly names: readonly string[] } | { readonly kind: 'class'; readonly cls: ClassValue };

function shapeOf(value: Value, evaluator: Evaluator, depth: number): Shape | undefined {
  if (depth > maximumDepth) return undefined;
  for (const one of alternatives(value)) {
    if (one.kind === 'class') return { kind: 'class', cls: one };
    if (one.kind === 'object') {
      const names = events.filter((name) => one.entries.some(([key]) => key === name));
      if (names.length > 0) return { kind: 'names', names };
    }
    if (one.kind === 'instance' && one.of.kind === 'class') {
      const names = events.filter((name) => evaluator.member(one, name).kind === 'function');
      if (names.length > 0) return { kind: 'names', names };
    }
    // A wrapper of a package (`withSentry(options, handler)`): what it was given.
    const inner = one.kind === 'derived' ? one.from : one.kind === 'instance' && one.of.kind === 'external' ? one.args : [];
    for (const item of inner) {
      const shape = shapeOf(item, evaluator, depth + 1);
      if (shape !== undefined) return shape;
    }
  }
  return undefined;
}

/** A class that a main module exports under a name, through wrappers, with the name that its own file exports it under. */
export interface ExportedClass {
  readonly cls: ClassValue;
  readonly file: string;
  readonly name: string;
  /** Package and name of the class at the end of its heritage: `cloudflare:workers`, `DurableObject`. */
  readonly base: { readonly module: string; readonly name: string } | undefined;
  /** Methods that can be called from outside. */
  readonly methods: readonly string[];
}

/** Why a class has no code here, or where it is. */
export function exportedClass(context: ReadContext, main: string, name: string): ExportedClass | { readonly gap: string } | undefined {
  const evaluator = context.evaluator?.();
  if (evaluator?.modules.facts(main) === undefined) return undefined;
  const value = evaluator.exportValue(main, name);
  const shape = shapeOf(value, evaluator, 0);
  if (shape?.kind !== 'class') {
    if (value.kind === 'external') return { gap: `class ${name} comes from the package ${value.module}` };
    return { gap: `${main} exports no class ${name} that can be followed` };
  }
  const { cls } = shape;
  const external = evaluator.heritage(cls).external;
  const base = external === undefined ? undefined : { module: external.module, name: external.path.at(-1) ?? '' };
  const own = (evaluator.modules.facts(cls.file)?.exports ?? []).find((one) => {
    if (one.typeOnly || one.name === '*' || one.name === '=') return false;
    const exported = evaluator.exportValue(cls.file, one.name);
    return exported.kind === 'class' && exported.file === cls.file && exported.cls === cls.cls;
  });
  const methods = publicMethods(evaluator, cls, objectEvents);
  return own === undefined ? { cls, file: main, name, base, methods } : { cls, file: cls.file, name: own.name, base, methods };
}

/** Names that a module exports as classes. */
export function exportedClasses(context: ReadContext, main: string): readonly string[] {
  const evaluator = context.evaluator?.();
  const names = new Set<string>();
  const collect = (file: string, depth: number): void => {
    for (const one of evaluator?.modules.facts(file)?.exports ?? []) {
      if (one.typeOnly || one.name === 'default' || one.name === '=') continue;
      if (one.name !== '*') { names.add(one.name); continue; }
      const target = one.from === undefined || depth > maximumDepth ? undefined : evaluator?.modules.resolve(file, one.from.source);
      if (target !== undefined && 'file' in target) collect(target.file, depth + 1);
    }
  };
  collect(main, 0);
  return [...names].filter((name) => {
    const value = evaluator?.exportValue(main, name);
    return value !== undefined && shapeOf(value, evaluator as Evaluator, 0)?.kind === 'class';
  });
}

/** Handlers of a worker in the older syntax: `addEventListener('fetch', listener)` at module level. */
function listeners(facts: ModuleFacts, evaluator: Evaluator): readonly Handler[] {
  const found: Handler[] = [];
  const visit = (statements: readonly Stmt[], depth: number): void => {
    for (const statement of statements) {
      if (statement.kind === 'block' && depth < maximumDepth) visit(statement.body, depth + 1);
      if (statement.kind === 'try' && depth < maximumDepth) visit(statement.block, depth + 1);
      if (statement.kind === 'if' && depth < maximumDepth) visit([...statement.then, ...statement.else], depth + 1);
      const call = statement.kind === 'expr' ? statement.expr : undefined;
      if (call?.kind === 'call' && isAddEventListener(call.callee)) {
        const event = call.args[0];
        const name = event?.kind === 'literal' && typeof event.value === 'string' ? event.value : undefined;
        if (name === undefined || !events.includes(name)) continue;
        const given = call.args[1];
        const listener = given === undefined ? undefined : alternatives(evaluator.value(given, evaluator.open(facts.file, 0))).find((one) => one.kind === 'function');
        const fn = listener === undefined || listener.file !== facts.file || listener.self !== undefined ? undefined : facts.functions[listener.fn];
        // A method, or a function of another module, is found again from what is written here, with the object that it belongs to.
        const at = fn ?? (listener === undefined ? undefined : given);
        found.push({ file: facts.file, export: name, kind: 'listener', ...(at === undefined ? {} : { at: { start: at.start, end: at.end } }) });
      }
    }
  };
  visit(facts.functions[0]?.body ?? [], 0);
  return found;
}

function isAddEventListener(callee: Expr): boolean {
  if (callee.kind === 'global') return callee.name === 'addEventListener';
  return callee.kind === 'member' && callee.property === 'addEventListener' && callee.object.kind === 'global' && /^(?:self|globalThis)$/.test(callee.object.name);
}
