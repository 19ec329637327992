import { literal, type Value } from '../model/value.ts';
import { each, oneOf, template, truthiness } from './values.ts';

/** Operators on symbolic values: folded where both sides are literals, else *derived* from their operands. */

const derived = (what: string, from: readonly Value[]): Value => ({ kind: 'derived', what, from, io: false });

export function unaryValue(op: string, value: Value): Value {
  return each(value, (one): Value => {
    if (op === '!') { const truth = truthiness(one); return truth === undefined ? derived(op, [one]) : literal(!truth); }
    if (op === 'void' || op === 'delete') return literal(undefined);
    if (one.kind === 'literal') {
      if (op === '-') return literal(-Number(one.value));
      if (op === '+') return literal(Number(one.value));
      if (op === 'typeof') return literal(typeof one.value);
    }
    return derived(op, [one]);
  });
}

export function binaryValue(op: string, left: Value, right: Value): Value {
  if (left.kind === 'oneOf') return oneOf(left.options.map((option) => binaryValue(op, option, right)));
  if (right.kind === 'oneOf') return oneOf(right.options.map((option) => binaryValue(op, left, option)));
  if (left.kind === 'literal' && right.kind === 'literal') return fold(op, left.value, right.value) ?? derived(op, [left, right]);
  if (op === '+' && (isText(left) || isText(right))) return template([left, right]);
  return derived(op, [left, right]);
}

const isText = (value: Value): boolean => value.kind === 'template' || (value.kind === 'literal' && typeof value.value === 'string') || value.kind === 'env';

function fold(op: string, left: unknown, right: unknown): Value | undefined {
  const a = Number(left);
  const b = Number(right);
  switch (op) {
    case '+': return typeof left === 'string' || typeof right === 'string' ? literal(String(left) + String(right)) : literal(a + b);
    case '-': return literal(a - b);
    case '*': return literal(a * b);
    case '/': return literal(a / b);
    case '%': return literal(a % b);
    case '**': return literal(a ** b);
    case '===': return literal(left === right);
    case '!==': return literal(left !== right);
    case '==': return literal(isAlike(left, right));
    case '!=': return literal(!isAlike(left, right));
    case '<': return literal(a < b);
    case '>': return literal(a > b);
    case '<=': return literal(a <= b);
    case '>=': return literal(a >= b);
    default: return undefined;
  }
}

/** `==`: null and undefined are alike, text and numbers are compared as numbers. */
function isAlike(left: unknown, right: unknown): boolean {
  const absent = (value: unknown): boolean => value === null || value === undefined;
  if (absent(left) || absent(right)) return absent(left) && absent(right);
  return typeof left === typeof right ? left === right : Number(left) === Number(right);
}

export function logicalValue(op: '&&' | '||' | '??', left: Value, right: () => Value): Value {
  if (left.kind === 'oneOf') return oneOf(left.options.map((option) => logicalValue(op, option, right)));
  if (op === '??') {
    if (left.kind === 'literal') return left.value === null || left.value === undefined ? right() : left;
    return truthiness(left) === true ? left : oneOf([left, right()]);
  }
  const truth = truthiness(left);
  if (op === '||') return truth === true ? left : truth === false ? right() : oneOf([left, right()]);
  return truth === true ? right() : truth === false ? left : oneOf([right(), left]);
}
