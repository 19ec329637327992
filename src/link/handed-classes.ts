import { classFamilyOf, parameterSources } from '../catalog/class-frameworks.ts';
import type { Expr, ParamFact } from '../model/facts.ts';
import { unknown, type ClassValue, type ExternalValue, type FunctionValue, type Value } from '../model/value.ts';
import type { Evaluator } from './evaluate.ts';
import type { Argument, Frame } from './frame.ts';
import { externalPath } from './values.ts';

/** Modules of a large application are below a hundred; what lies beyond is not followed. */
const MAX_CLASSES = 400;
/** How deep classes lie in what a call or a decorator is given: `{ imports: [{ module: M, providers: [{ provide: T, useClass: C }] }] }`. */
const MAX_DEPTH = 5;

/** A method that a framework calls, and what it is given. */
export interface HandedMethod {
  readonly target: FunctionValue;
  readonly args: readonly Argument[];
}

/**
 * Methods of classes that a framework is handed, directly or by the decorators of those (`@Module({ controllers: [Cats] })`): those with one
 * of its own decorators. What they ask of their constructors comes by type, as everywhere.
 */
export function handedMethods(value: Value, module: string, evaluator: Evaluator): readonly HandedMethod[] {
  const family = classFamilyOf(module);
  const found: HandedMethod[] = [];
  const seen = new Set<string>();
  const pending = classesIn(value, 0);
  for (let cls = pending.shift(); cls && seen.size < MAX_CLASSES; cls = pending.shift()) {
    const key = `${cls.file}#${cls.cls}`;
    const fact = evaluator.modules.facts(cls.file)?.classes[cls.cls];
    if (!fact || seen.has(key)) continue;
    seen.add(key);
    const home = evaluator.open(cls.file, fact.fn);
    const ofFamily = (decorator: Expr): ExternalValue | undefined => {
      const callee = evaluator.value(decorator.kind === 'call' ? decorator.callee : decorator, home);
      return callee.kind === 'external' && classFamilyOf(callee.module) === family ? callee : undefined;
    };
    for (const decorator of fact.decorators) if (decorator.kind === 'call' && ofFamily(decorator)) for (const arg of decorator.args) pending.push(...classesIn(evaluator.value(arg, home), 0));
    const self = { kind: 'instance', of: cls, args: [], site: { file: cls.file, start: fact.start, end: fact.end, fn: fact.fn } } as const;
    for (const { kind, fn, decorators } of fact.members) {
      if (kind !== 'method' || fn === undefined || !decorators.some(ofFamily)) continue;
      const args = (evaluator.fact(cls.file, fn)?.params ?? []).map((param): Argument => ({ value: given(param, home, evaluator, ofFamily) }));
      found.push({ target: { kind: 'function', file: cls.file, fn, self, ...(fact.fn > 0 ? { frame: home } : {}) }, args });
    }
  }
  return found;
}

/** What a parameter is given, by its decorator. */
function given(param: ParamFact, home: Frame, evaluator: Evaluator, ofFamily: (decorator: Expr) => ExternalValue | undefined): Value {
  for (const decorator of param.decorators) {
    const callee = ofFamily(decorator);
    const path = callee && parameterSources.get(externalPath(callee).at(-1) ?? '');
    if (!path) continue;
    const name = decorator.kind === 'call' && decorator.args[0] ? evaluator.value(decorator.args[0], home) : undefined;
    return { kind: 'event', path: name?.kind === 'literal' && typeof name.value === 'string' ? [...path, name.value] : path };
  }
  return unknown('given by a framework');
}

function classesIn(value: Value, depth: number): ClassValue[] {
  if (depth > MAX_DEPTH) return [];
  switch (value.kind) {
    case 'class': return [value];
    case 'oneOf': return value.options.flatMap((one) => classesIn(one, depth));
    case 'array': return value.items.flatMap((one) => classesIn(one, depth + 1));
    case 'object': return value.entries.flatMap(([, one]) => classesIn(one, depth + 1));
    default: return [];
  }
}
