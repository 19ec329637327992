import type { HclExpression, HclStep } from './hcl-ast.ts';
import type { HclCursor } from './hcl-cursor.ts';
import { hereDocument, quoted } from './hcl-template.ts';

const MAX_CHAIN = 500;

/** One expression at the cursor. Chains are read in loops, only brackets and conditionals nest. */
export function expression(cursor: HclCursor): HclExpression {
  const test = binary(cursor, 0);
  if (!cursor.take('?')) return test;
  return cursor.nested(cursor.newlines, () => {
    cursor.skip(true);
    const yes = expression(cursor);
    cursor.skip(true);
    cursor.expect(':');
    cursor.skip(true);
    const no = expression(cursor);
    return { kind: 'conditional', test, yes, no, start: test.start, end: no.end };
  });
}

/** Operators that bind at least as tightly as `level`, the left ones first. */
function binary(cursor: HclCursor, level: number): HclExpression {
  let left = unary(cursor);
  for (let count = 0; ; count++) {
    const found = operatorAt(cursor);
    if (found === undefined || found.level < level) return left;
    if (count >= MAX_CHAIN) cursor.fail('too many operators');
    cursor.at += found.operator.length;
    const right = binary(cursor, found.level + 1);
    left = { kind: 'binary', operator: found.operator, left, right, start: left.start, end: right.end };
  }
}

interface Operator {
  readonly operator: string;
  /** How tightly it binds: HCL specification, "Operators". */
  readonly level: number;
}

const operators: ReadonlyMap<string, Operator> = new Map(
  [['||'], ['&&'], ['==', '!='], ['<=', '>=', '<', '>'], ['+', '-'], ['*', '/', '%']].flatMap((names, level) => names.map((operator): [string, Operator] => [operator, { operator, level }])),
);

/** The operator that the cursor stands on after space. `=>` and three equals signs are none; `%{` and `${` never stand here. */
function operatorAt(cursor: HclCursor): Operator | undefined {
  cursor.skip();
  const first = cursor.text.charAt(cursor.at);
  if (cursor.at >= cursor.end || !'|&=!<>+-*/%'.includes(first)) return undefined;
  const two = cursor.at + 1 < cursor.end ? operators.get(cursor.text.slice(cursor.at, cursor.at + 2)) : undefined;
  return two ? two.operator === '==' && cursor.text.charAt(cursor.at + 2) === '=' ? undefined : two : operators.get(first);
}

function unary(cursor: HclCursor): HclExpression {
  const operators: { readonly operator: '!' | '-'; readonly at: number }[] = [];
  for (let char = cursor.peek(); (char === '-' || char === '!') && cursor.text.charAt(cursor.at + 1) !== '='; char = cursor.peek()) {
    if (operators.length >= MAX_CHAIN) cursor.fail('too many operators');
    operators.push({ operator: char, at: cursor.at });
    cursor.at++;
  }
  let value = withSteps(cursor, term(cursor));
  for (const { operator, at } of operators.reverse()) value = { kind: 'unary', operator, operand: value, start: at, end: value.end };
  return value;
}

function withSteps(cursor: HclCursor, on: HclExpression): HclExpression {
  const steps: HclStep[] = [];
  for (;;) {
    cursor.skip();
    const char = cursor.text.charAt(cursor.at);
    if (cursor.at >= cursor.end) break;
    if (char === '.' && !cursor.text.startsWith('...', cursor.at)) {
      cursor.at++;
      steps.push(afterDot(cursor));
    } else if (char === '[') {
      cursor.at++;
      steps.push(cursor.nested(false, (): HclStep => {
        if (cursor.take('*')) {
          cursor.expect(']');
          return { kind: 'splat', full: true };
        }
        const key = expression(cursor);
        cursor.expect(']');
        return { kind: 'index', key };
      }));
    } else break;
    if (steps.length > 2 * MAX_CHAIN) cursor.fail('too many steps');
  }
  return steps.length === 0 ? on : { kind: 'steps', on, steps, start: on.start, end: cursor.at };
}

function afterDot(cursor: HclCursor): HclStep {
  if (cursor.take('*')) return { kind: 'splat', full: false };
  const name = cursor.name();
  if (name !== undefined) return { kind: 'attribute', name };
  // `list.0`: the index syntax of old versions.
  const start = cursor.at;
  while (cursor.at < cursor.end && /[0-9]/.test(cursor.text.charAt(cursor.at))) cursor.at++;
  if (cursor.at === start) cursor.fail('expected a name');
  return { kind: 'index', key: { kind: 'literal', value: Number(cursor.text.slice(start, cursor.at)), start, end: cursor.at } };
}

function term(cursor: HclCursor): HclExpression {
  const char = cursor.peek();
  const start = cursor.at;
  switch (char) {
    case '"': return quoted(cursor, expression);
    case '(': {
      cursor.at++;
      return cursor.nested(false, () => {
        const inner = expression(cursor);
        cursor.expect(')');
        // `(name)` as a key is an expression, `name` a text: the steps keep that apart.
        return inner.kind === 'name' ? { kind: 'steps', on: inner, steps: [], start, end: cursor.at } : { ...inner, start, end: cursor.at };
      });
    }
    case '[': cursor.at++; return cursor.nested(false, () => list(cursor, start));
    case '{': cursor.at++; return cursor.nested(false, () => object(cursor, start));
    case '<': if (cursor.text.startsWith('<<', start)) return hereDocument(cursor, expression); break;
    default: break;
  }
  if (char >= '0' && char <= '9') return number(cursor, start);
  const name = cursor.name();
  if (name === undefined) cursor.fail(char === '' ? 'the text ends in an expression' : 'expected a value');
  if (name === 'true' || name === 'false' || name === 'null') return { kind: 'literal', value: name === 'null' ? null : name === 'true', start, end: cursor.at };
  if (cursor.text.charAt(cursor.at) === '(') return call(cursor, name, start);
  if (cursor.text.startsWith('::', cursor.at)) return call(cursor, providerFunction(cursor, name), start);
  return { kind: 'name', name, start, end: cursor.at };
}

/** `provider::name::function`. */
function providerFunction(cursor: HclCursor, first: string): string {
  let name = first;
  for (let parts = 0; parts < 5 && cursor.take('::'); parts++) name += `::${cursor.name() ?? ''}`;
  if (cursor.text.charAt(cursor.at) !== '(') cursor.fail('expected "("');
  return name;
}

function number(cursor: HclCursor, start: number): HclExpression {
  const match = /^\d{1,300}(?:\.\d{1,300})?(?:[eE][+-]?\d{1,4})?/.exec(cursor.text.slice(start, Math.min(cursor.end, start + 700)));
  cursor.at = start + (match?.[0].length ?? 1);
  return { kind: 'literal', value: Number(match?.[0]), start, end: cursor.at };
}

function call(cursor: HclCursor, name: string, start: number): HclExpression {
  cursor.at++;
  return cursor.nested(false, () => {
    const args: HclExpression[] = [];
    let spread = false;
    while (!cursor.take(')')) {
      args.push(expression(cursor));
      if (cursor.take('...')) spread = true;
      if (!cursor.take(',')) {
        cursor.expect(')');
        break;
      }
    }
    return { kind: 'call', name, args, spread, start, end: cursor.at };
  });
}

function list(cursor: HclCursor, start: number): HclExpression {
  const loop = comprehension(cursor, start, ']');
  if (loop) return loop;
  const items: HclExpression[] = [];
  while (!cursor.take(']')) {
    items.push(expression(cursor));
    if (!cursor.take(',')) {
      cursor.expect(']');
      break;
    }
  }
  return { kind: 'list', items, start, end: cursor.at };
}

function object(cursor: HclCursor, start: number): HclExpression {
  const loop = comprehension(cursor, start, '}');
  if (loop) return loop;
  const entries: { readonly key: HclExpression; readonly value: HclExpression }[] = [];
  cursor.skip(true);
  while (!cursor.take('}')) {
    const key = expression(cursor);
    if (!cursor.take('=') && !cursor.take(':')) cursor.fail('expected "="');
    cursor.skip(true);
    // Entries end at a line break, so the value must not run on over it.
    cursor.newlines = true;
    const value = expression(cursor);
    entries.push({ key: key.kind === 'name' ? { kind: 'literal', value: key.name, start: key.start, end: key.end } : key, value });
    cursor.skip();
    const ended = cursor.take(',') || cursor.text.charAt(cursor.at) === '\n';
    cursor.newlines = false;
    cursor.skip(true);
    if (!ended && cursor.peek() !== '}') cursor.fail('expected "," or a line break');
  }
  return { kind: 'object', entries, start, end: cursor.at };
}

/** `for k, v in c : …` after an opening bracket; `undefined` when none starts here. */
function comprehension(cursor: HclCursor, start: number, close: string): HclExpression | undefined {
  cursor.skip(true);
  const at = cursor.at;
  const first = cursor.name() === 'for' ? cursor.name() : undefined;
  if (first === undefined) {
    cursor.at = at;
    return undefined;
  }
  const names = [first];
  if (cursor.take(',')) names.push(cursor.name() ?? '');
  if (cursor.name() !== 'in') cursor.fail('expected "in"');
  const collection = expression(cursor);
  cursor.expect(':');
  const head = expression(cursor);
  const value = close === '}' ? (cursor.expect('=>'), expression(cursor)) : head;
  const group = cursor.take('...');
  const condition = cursor.peekName() === 'if' ? (cursor.name(), expression(cursor)) : undefined;
  cursor.expect(close);
  return { kind: 'for', names, collection, ...(close === '}' ? { key: head } : {}), value, ...(condition ? { condition } : {}), group, start, end: cursor.at };
}
