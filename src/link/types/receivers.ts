import type { Expr } from '../../model/facts.ts';
import { alternatives, unknown, type ClassValue, type Value } from '../../model/value.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import { contains, oneOf } from '../values.ts';
import type { Declared, TypeOracle } from './oracle.ts';

/** Questions that one deployed function may ask. */
export const MAX_QUESTIONS = 40;

const typed = /\.[mc]?tsx?$/;
/** Of the platform's own things only collections and promises give back what was put in. */
const containers: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'Array', 'Object', 'Promise']);

/**
 * The type oracle for one deployed function: it decides whether a question has a chance, counts questions, and turns answers
 * into values by what the function's own code holds (implementations of an interface).
 */
export class Receivers {
  private readonly oracle: TypeOracle;
  private readonly evaluator: Evaluator;
  private readonly files: readonly string[];
  private methods: Set<string> | undefined;
  private readonly known = new Map<string, Value | undefined>();
  private left = MAX_QUESTIONS;

  constructor(oracle: TypeOracle, evaluator: Evaluator, files: readonly string[]) {
    this.oracle = oracle;
    this.evaluator = evaluator;
    this.files = files;
  }

  /**
   * What `expr.method(…)` may call, given the receiver's value that names and declared types gave; `undefined` when that value
   * is good enough, when types have no chance to say more, or when they lead to no method of the repository.
   */
  method(expr: Expr, name: string, receiver: Value, frame: Frame): readonly Value[] | undefined {
    const options = alternatives(receiver);
    if (!options.some((one) => this.open(one, frame.file)) || !this.names().has(name)) return undefined;
    const key = `${frame.file}:${expr.start}:${expr.end}`;
    if (!this.known.has(key)) this.known.set(key, this.left-- > 0 ? this.ask(expr, frame) : undefined);
    const typed = this.known.get(key);
    if (!typed) return undefined;
    const objects = oneOf([...options.filter((one) => !this.open(one, frame.file)), typed]);
    const methods = alternatives(this.evaluator.member(objects, name));
    return methods.some((one) => one.kind === 'function') ? methods : undefined;
  }

  /** Whether a value leaves open what object it is, while it comes from code of the repository. */
  private open(value: Value, file: string): boolean {
    if (value.kind === 'param') return typed.test(file);
    if (value.kind === 'unknown') return !value.reason.startsWith('import of');
    return value.kind === 'derived' && value.what !== 'caught error' && contains(value, ours, { left: 40 });
  }

  /** Names of the methods of all classes that the function's files declare: no other name can lead to one. */
  private names(): ReadonlySet<string> {
    if (!this.methods) {
      this.methods = new Set();
      for (const file of this.files) {
        for (const cls of this.evaluator.modules.facts(file)?.classes ?? []) {
          for (const member of cls.members) if (!member.static && member.kind !== 'constructor') this.methods.add(member.name);
        }
      }
    }
    return this.methods;
  }

  private ask(expr: Expr, frame: Frame): Value | undefined {
    const { declared, complete } = this.oracle.ask(frame.file, expr.start, expr.end);
    const found = declared.map((item) => this.instances(item));
    if (found.every((list) => list.length === 0)) return undefined;
    return oneOf([...found.flat(), ...(complete && found.every((list) => list.length > 0) ? [] : [unknown('part of a type')])]);
  }

  private instances(item: Declared): readonly Value[] {
    const { modules, types } = this.evaluator;
    if (item.kind === 'interface') {
      const value = types.instance(item.file, { name: item.name, args: [] });
      return value ? alternatives(value) : [];
    }
    const cls = modules.facts(item.file)?.classes.find((one) => one.end === item.end && one.start >= item.start) ?? modules.facts(item.file)?.classes.find((one) => one.start === item.start);
    if (!cls) return [];
    const of: ClassValue = { kind: 'class', file: item.file, cls: cls.id };
    return [{ kind: 'instance', of, args: [] }];
  }
}

function ours(value: Value): boolean {
  switch (value.kind) {
    case 'param': case 'unknown': case 'function': case 'class': return true;
    case 'instance': return value.of.kind === 'class' || (value.of.module === 'global' && containers.has(value.of.path[0] ?? ''));
    case 'external': return value.module === 'global' && containers.has(value.path[0] ?? '');
    default: return false;
  }
}
