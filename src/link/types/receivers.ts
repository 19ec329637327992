import type { Expr } from '../../model/facts.ts';
import { alternatives, unknown, type ClassValue, type DerivedValue, type Value } from '../../model/value.ts';
import type { Evaluator } from '../evaluate.ts';
import type { Frame } from '../frame.ts';
import { oneOf } from '../values.ts';
import type { Declared, TypeOracle } from './oracle.ts';

/** Questions that one deployed function may ask. */
const MAX_QUESTIONS = 40;

const typed = /\.[mc]?tsx?$/;
/** Of the platform's own things only collections and promises give back what was put in. */
const collections = /^global:(?:Map|Set|WeakMap|Array|Promise|Object\.(?:values|entries|freeze|assign))\b/;
/** Values whose type says nothing: thrown, folded, or one of more than are told apart. */
const hopeless: ReadonlySet<string> = new Set(['caught error', 'accumulator', 'one of many', 'environment', 'key', 'regex']);
/** Methods of strings, lists and promises: a class that has one too is hardly ever what they are called on. */
const builtin: ReadonlySet<string> = new Set(['then', 'catch', 'finally', 'map', 'filter', 'forEach', 'reduce', 'flatMap', 'some', 'every', 'join', 'split', 'slice', 'includes', 'concat', 'indexOf', 'push', 'toString', 'toJSON', 'valueOf']);

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
    if (expr.kind === 'super' || builtin.has(name) || !this.names().has(name)) return undefined;
    // One object that is known is enough: the rest of the answer would mostly be that object again.
    const options = alternatives(receiver).filter((one) => one.kind !== 'literal' || (one.value !== undefined && one.value !== null));
    if (options.some((one) => one.kind !== 'derived' && one.kind !== 'unknown' && one.kind !== 'param') || !options.some((one) => this.open(one, frame.file))) return undefined;
    const key = `${frame.file}:${expr.start}:${expr.end}`;
    if (!this.known.has(key)) this.known.set(key, this.left-- > 0 ? this.ask(expr, frame) : undefined);
    const typed = this.known.get(key);
    if (!typed) return undefined;
    const methods = alternatives(this.evaluator.member(typed, name));
    return methods.some((one) => one.kind === 'function') ? methods : undefined;
  }

  /** Whether a value leaves open what object it is, while it comes from code of the repository. */
  private open(value: Value, file: string): boolean {
    if (value.kind === 'param') return typed.test(file);
    if (value.kind === 'unknown') return !value.reason.startsWith('import of');
    return value.kind === 'derived' && comesFromOurs(value);
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

/**
 * Whether what a value was derived from can have a type that the repository declares: not what a package, the network or a
 * thrown error gave.
 */
function comesFromOurs(value: DerivedValue): boolean {
  let current: Value | undefined = value;
  for (let steps = 0; current && steps < 12; steps++) {
    switch (current.kind) {
      case 'derived':
        if (hopeless.has(current.what)) return false;
        if (current.what.includes(':')) return collections.test(current.what);
        current = current.from[0];
        break;
      case 'oneOf': current = current.options[0]; break;
      case 'param': case 'unknown': case 'function': case 'class': case 'array': case 'object': return true;
      case 'instance': return current.of.kind === 'class' || collections.test(`${current.of.module}:${current.of.path.join('.')}`);
      default: return false;
    }
  }
  return false;
}
