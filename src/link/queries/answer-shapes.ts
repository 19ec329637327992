import type { Expr, FunctionFact } from '../../model/facts.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { MemberWrite } from '../module-index.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import type { Item } from '../walk.ts';
import { ancestorsOf } from './positions.ts';
import { answersOf } from './returned.ts';

/** What is known of the fields at the top of one answer of a function. Plain data: it outlives the call graph. */
export interface AnswerShape {
  readonly names: readonly string[];
  /** Keys that are worked out when it runs. */
  readonly computed: readonly Value[];
  /** It has what the function was given as well. */
  readonly passes: boolean;
  /** Fields that the function writes on what it was given, where it passes that on. */
  readonly written: readonly string[];
}

const kept = new WeakMap<ServerlessFunction, { readonly shapes: readonly AnswerShape[] | undefined }>();

/** The fields of everything that a function may answer; `undefined` where one answer is not known to its last field. */
export function answerShapes(view: LinkedFunction): readonly AnswerShape[] | undefined {
  let known = kept.get(view.fn);
  if (!known) {
    const wasLinked = view.isLinked;
    known = { shapes: shapesOf(view) };
    kept.set(view.fn, known);
    if (!wasLinked) view.release();
  }
  return known.shapes;
}

function shapesOf(view: LinkedFunction): readonly AnswerShape[] | undefined {
  const shapes: AnswerShape[] = [];
  const answers = answersOf(view);
  if (answers.length === 0) return undefined;
  for (const { value } of answers) {
    for (const one of alternatives(value)) {
      const shape = shapeOf(one);
      if (!shape) return undefined;
      if (!shape.passes) { shapes.push(shape); continue; }
      const writes = writesOnEvent(view);
      if (!writes) return undefined;
      shapes.push({ ...shape, written: writes.flatMap(({ field }) => (typeof field === 'string' ? [field] : [])), computed: [...shape.computed, ...writes.flatMap(({ field }) => (typeof field === 'string' ? [] : [field]))] });
    }
  }
  return shapes;
}

function shapeOf(value: Value): AnswerShape | undefined {
  const plain = { names: [], computed: [], passes: false, written: [] };
  // A text, a number or a list has no fields by name.
  if (value.kind === 'literal' || value.kind === 'template' || value.kind === 'array') return plain;
  if (value.kind === 'event') return value.path.length === 0 ? { ...plain, passes: true } : undefined;
  if (value.kind !== 'object') return undefined;
  const spread = value.entries.filter(([key]) => key === '...').map(([, one]) => one);
  const isEvent = (one: Value): boolean => one.kind === 'event' && one.path.length === 0;
  if (!spread.every(isEvent) || (value.open && !value.computed && spread.length === 0)) return undefined;
  return { names: value.entries.flatMap(([key]) => (key === '...' || key === '*' ? [] : [key])), computed: value.computed ?? [], passes: spread.length > 0, written: [] };
}

/** An assignment to a field of the event. */
export interface EventWrite {
  readonly file: string;
  readonly fn: number;
  readonly at: MemberWrite;
  /** Name of the field, or the value that is worked out as its name. */
  readonly field: string | Value;
}

/** What a function writes on its event, by assignment; `undefined` where a call may write on it. */
export function writesOnEvent(view: LinkedFunction): readonly EventWrite[] | undefined {
  const found: EventWrite[] = [];
  const isEvent = (value: Value): boolean => alternatives(value).some((one) => one.kind === 'event' && one.path.length === 0);
  for (const body of view.bodies('invoke')) {
    for (const writes of view.evaluator.modules.index(body.file)?.memberWrites.values() ?? []) {
      for (const at of writes) {
        const { object, property } = at.target;
        if (at.fn === body.fn.id && isEvent(view.value(object, body))) found.push({ file: body.file, fn: at.fn, at, field: typeof property === 'string' ? property : view.value(property, body) });
      }
    }
  }
  const assigns = view.calls('invoke').some((call) => /^#?(?:assign|merge|extend|defaults|set|defineProperty|mergeWith|defaultsDeep)$/.test(call.callee.path.at(-1) ?? '') && call.argCount > 1 && isEvent(call.arg(0)));
  return assigns ? undefined : found;
}

/** Whether a write is one of a field of that name. */
export const mayWrite = ({ field }: EventWrite, name: string): boolean => (typeof field === 'string' ? field === name : !alternatives(field).every((one) => cannotBe(one, name)));

/** Whether a function may write a field of its event before a test in the same function asks for it: the write stands in front of it, and not in another branch. */
export function comesBefore(write: EventWrite, file: string, fn: FunctionFact, test: Expr): boolean {
  if (write.file !== file || write.fn !== fn.id) return true;
  const target = write.at.target;
  const [around, own] = [[...ancestorsOf(fn, test), test], [...ancestorsOf(fn, target), target]];
  const depth = around.findIndex((item, index) => item !== own[index]);
  const shared = around.slice(0, depth);
  if (shared.some((item) => item.kind === 'loop')) return true;
  if (target.start >= test.end) return false;
  const last = shared.at(-1);
  const inside = own[depth];
  if (last?.kind === 'if') return !((last.then as readonly (Item | undefined)[]).includes(inside) && (last.else as readonly (Item | undefined)[]).includes(around[depth]));
  // Tests of a `switch` are asked before any of its bodies runs.
  if (last?.kind === 'switch') return !last.cases.some((one) => one.test === around[depth]);
  return true;
}

const lowered = (value: Value): boolean => value.kind === 'derived' && value.what === '#toLowerCase';
const firstOf = (value: Value | undefined): boolean => value !== undefined && contains(value, (one) => one.kind === 'derived' && /^#(?:charAt|slice|substring|substr|at)$/.test(one.what));

/** Whether a key that is worked out can surely not be a name: by what is literal at its ends, or by the case of its letters. */
export function cannotBe(key: Value, name: string): boolean {
  if (key.kind === 'literal') return String(key.value) !== name;
  if (lowered(key)) return name !== name.toLowerCase();
  if (key.kind === 'derived' && key.what === '#toUpperCase') return name !== name.toUpperCase();
  const parts = key.kind === 'template' ? key.parts : key.kind === 'derived' && key.what === '+' ? key.from : [];
  const [first] = parts;
  const last = parts.at(-1);
  const head = first?.kind === 'literal' ? String(first.value) : '';
  const tail = last?.kind === 'literal' ? String(last.value) : '';
  if (head !== '' && !name.startsWith(head)) return true;
  if (tail !== '' && !name.endsWith(tail)) return true;
  // `key.charAt(0).toLowerCase() + key.slice(1)`
  const initial = name.charAt(0);
  return first !== undefined && lowered(first) && firstOf(first) && initial !== initial.toLowerCase();
}
