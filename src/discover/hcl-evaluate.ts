import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { oneOf, template, valueKey } from './cloudformation-values.ts';
import type { HclExpression, HclPart, HclStep } from './hcl-ast.ts';
import { callFunction } from './hcl-functions.ts';
import type { HclFiles } from './hcl-functions.ts';
import { array, entryOf, isWhole, object, sized, sortedEntries } from './hcl-values.ts';

const MAX_DEPTH = 400;
const MAX_ITEMS = 1_000;

/** What names mean to an expression, and how much work is left. */
export interface HclScope {
  /** Names that only this place knows: of `for`, `each`, `count`, iterators. */
  readonly names: ReadonlyMap<string, Value>;
  readonly world: HclWorld;
}

/** The rest of what an expression can ask for: the module around it. */
export interface HclWorld extends HclFiles {
  /** Value of a name with as many of the steps as belong to it (`var.x`: one). */
  resolve(name: string, steps: readonly HclStep[], scope: HclScope): { readonly value: Value; readonly used: number } | undefined;
  /** Attribute of a resource that is referred to as a whole. */
  attribute(whole: Value & { readonly kind: 'resource' }, name: string): Value;
  readonly budget: HclBudget;
}

/** Counted work: evaluation ends, with unknown values, when it is used up. */
export interface HclBudget {
  steps: number;
  depth: number;
}

/**
 * Value of an expression (Terraform language reference, "Expressions", read 2026-11). Folds what is known exactly as Terraform
 * does; the rest keeps the references in it.
 */
export function evaluate(expression: HclExpression, scope: HclScope): Value {
  const { budget } = scope.world;
  if (--budget.steps < 0) return unknown('too much to evaluate');
  if (budget.depth >= MAX_DEPTH) return unknown('nested too deeply');
  budget.depth++;
  try {
    return sized(valueOf(expression, scope));
  } finally {
    budget.depth--;
  }
}

/** The scope with further names. */
export function withNames(scope: HclScope, added: readonly (readonly [string, Value])[]): HclScope {
  return { world: scope.world, names: new Map([...scope.names, ...added]) };
}

function valueOf(expression: HclExpression, scope: HclScope): Value {
  switch (expression.kind) {
    case 'literal': return literal(expression.value);
    case 'template': return templateValue(expression.parts, scope);
    case 'name': return reference(expression.name, [], scope);
    case 'steps':
      return expression.on.kind === 'name' ? reference(expression.on.name, expression.steps, scope) : follow(evaluate(expression.on, scope), expression.steps, 0, scope);
    case 'call': return call(expression, scope);
    case 'list': return array(expression.items.slice(0, MAX_ITEMS).map((item) => evaluate(item, scope)), expression.items.length > MAX_ITEMS);
    case 'object': return objectValue(expression.entries, scope);
    case 'for': return comprehension(expression, scope);
    case 'conditional': {
      const test = evaluate(expression.test, scope);
      if (test.kind === 'literal') return evaluate(isTrue(test) ? expression.yes : expression.no, scope);
      return oneOf([evaluate(expression.yes, scope), evaluate(expression.no, scope)]);
    }
    case 'binary': return binary(expression.operator, evaluate(expression.left, scope), () => evaluate(expression.right, scope));
    case 'unary': {
      const operand = evaluate(expression.operand, scope);
      if (operand.kind !== 'literal') return derived(expression.operator, [operand]);
      return literal(expression.operator === '!' ? !isTrue(operand) : -Number(operand.value));
    }
    default: return unknown('not understood');
  }
}

function derived(what: string, from: readonly Value[]): Value {
  return { kind: 'derived', what, from, io: false };
}

const isTrue = (value: Value): boolean => value.kind === 'literal' && (value.value === true || value.value === 'true');

/** Templates of one value that is no text keep its type (`"${var.list}"`). */
function templateValue(parts: readonly HclPart[], scope: HclScope): Value {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === 'value') return evaluate(only.value, scope);
  return template(partValues(parts, scope));
}

function partValues(parts: readonly HclPart[], scope: HclScope): Value[] {
  const values: Value[] = [];
  for (const part of parts) {
    if (values.length > MAX_ITEMS) return [...values, unknown('text of too many parts')];
    switch (part.kind) {
      case 'text': values.push(literal(part.text)); break;
      case 'value': values.push(inText(evaluate(part.value, scope))); break;
      case 'if': {
        const test = evaluate(part.condition, scope);
        if (test.kind === 'literal') values.push(...partValues(isTrue(test) ? part.then : part.otherwise, scope));
        else values.push(oneOf([template(partValues(part.then, scope)), template(partValues(part.otherwise, scope))]));
        break;
      }
      case 'for': {
        const rounds = iterations(evaluate(part.collection, scope));
        if (!rounds) values.push(unknown('loop over an unknown collection'));
        for (const [key, value] of rounds ?? []) values.push(...partValues(part.body, withNames(scope, bindings(part.names, key, value))));
        break;
      }
      default: break;
    }
  }
  return values;
}

function inText(value: Value): Value {
  return value.kind === 'object' || value.kind === 'array' ? unknown('a collection in a text') : value;
}

function reference(name: string, steps: readonly HclStep[], scope: HclScope): Value {
  const own = scope.names.get(name);
  if (own) return follow(own, steps, 0, scope);
  const found = scope.world.resolve(name, steps, scope);
  return found ? follow(found.value, steps, found.used, scope) : unknown(`no value ${name}`);
}

/** Applies steps to a value, from one on. */
export function follow(value: Value, steps: readonly HclStep[], from: number, scope: HclScope): Value {
  let current = value;
  for (let index = from; index < steps.length; index++) {
    const step = steps[index];
    if (!step) break;
    if (--scope.world.budget.steps < 0) return unknown('too much to evaluate');
    if (step.kind !== 'splat') {
      const key = step.kind === 'attribute' ? literal(step.name) : evaluate(step.key, scope);
      current = member(current, key, scope);
      continue;
    }
    // `.*` covers the attributes that follow it, `[*]` everything that follows.
    let end = steps.length;
    if (!step.full) for (end = index + 1; steps[end]?.kind === 'attribute'; end++);
    const rest = steps.slice(index + 1, end);
    const items = current.kind === 'array' ? current.items : current.kind === 'literal' && current.value === null ? [] : [current];
    if (current.kind !== 'array' && current.kind !== 'literal' && current.kind !== 'object' && !isWhole(current)) return derived('splat', [current]);
    current = array(items.map((item) => follow(item, rest, 0, scope)), current.kind === 'array' ? current.open : isWhole(current));
    index = end - 1;
  }
  return current;
}

/** `value.key` and `value[key]`. */
function member(value: Value, key: Value, scope: HclScope): Value {
  if (value.kind === 'oneOf') return oneOf(value.options.map((option) => member(option, key, scope)));
  if (key.kind === 'oneOf') return oneOf(key.options.map((option) => member(value, option, scope)));
  const name = key.kind === 'literal' && key.value !== null && key.value !== undefined ? String(key.value) : undefined;
  switch (value.kind) {
    case 'object': {
      if (name === undefined) return value.entries.length === 0 || value.open ? unknown('key is not known') : oneOf(value.entries.map(([, entry]) => entry));
      return entryOf(value, name) ?? unknown(value.open ? `${name} is not known` : `no attribute ${name}`);
    }
    case 'array': {
      const at = name === undefined ? Number.NaN : Number(name);
      if (Number.isInteger(at)) return value.items[at] ?? unknown(value.open ? 'item is not known' : `no item ${at}`);
      return value.items.length === 0 || value.open || name !== undefined ? unknown('item is not known') : oneOf(value.items);
    }
    case 'resource':
      if (!isWhole(value)) return derived(name ?? 'index', [value]);
      // One instance whose number is not known: `[0]` and `[each.key]` are it.
      return name === undefined || key.kind !== 'literal' || typeof key.value === 'number' ? value : scope.world.attribute(value, name);
    case 'env': return name === undefined ? unknown('key is not known') : { kind: 'env', name: `${value.name}.${name}` };
    case 'unknown': return value;
    case 'literal': return unknown(`no attribute ${name ?? ''}`);
    default: return derived(name ?? 'index', [value]);
  }
}

function objectValue(entries: readonly { readonly key: HclExpression; readonly value: HclExpression }[], scope: HclScope): Value {
  const found: [string, Value][] = [];
  let open = entries.length > MAX_ITEMS;
  for (const entry of entries.slice(0, MAX_ITEMS)) {
    const key = evaluate(entry.key, scope);
    if (key.kind === 'literal') found.push([String(key.value), evaluate(entry.value, scope)]);
    else open = true;
  }
  return object(found, open);
}

function comprehension(expression: HclExpression & { readonly kind: 'for' }, scope: HclScope): Value {
  const collection = evaluate(expression.collection, scope);
  const rounds = iterations(collection);
  if (!rounds) return derived('for', [collection]);
  let open = rounds.length >= MAX_ITEMS;
  const items: Value[] = [];
  const entries: [string, Value][] = [];
  for (const [key, value] of rounds) {
    const inner = withNames(scope, bindings(expression.names, key, value));
    if (expression.condition) {
      const kept = evaluate(expression.condition, inner);
      if (kept.kind === 'literal' && !isTrue(kept)) continue;
      if (kept.kind !== 'literal') open = true;
    }
    const result = evaluate(expression.value, inner);
    if (!expression.key) items.push(result);
    else {
      const name = evaluate(expression.key, inner);
      if (name.kind !== 'literal') open = true;
      else if (!expression.group) entries.push([String(name.value), result]);
      else {
        const text = String(name.value);
        const at = entries.findIndex(([other]) => other === text);
        const before = at < 0 ? undefined : entries[at]?.[1];
        if (before?.kind === 'array') entries[at] = [text, array([...before.items, result], false)];
        else entries.push([text, array([result], false)]);
      }
    }
  }
  return expression.key ? object(entries, open) : array(items, open);
}

function bindings(names: readonly string[], key: Value, value: Value): (readonly [string, Value])[] {
  const [first = '', second] = names;
  return second === undefined ? [[first, value]] : [[first, key], [second, value]];
}

/** Keys and values of a known collection in Terraform's order: maps by key. */
export function iterations(value: Value): readonly (readonly [Value, Value])[] | undefined {
  if (value.kind === 'array' && !value.open) return value.items.slice(0, MAX_ITEMS).map((item, index) => [literal(index), item]);
  if (value.kind === 'object' && !value.open) return sortedEntries(value).slice(0, MAX_ITEMS).map(([name, item]) => [literal(name), item]);
  return undefined;
}

function binary(operator: string, left: Value, evaluateRight: () => Value): Value {
  if (left.kind === 'literal' && operator === '||' && isTrue(left)) return literal(true);
  if (left.kind === 'literal' && operator === '&&' && !isTrue(left)) return literal(false);
  const right = evaluateRight();
  if (operator === '==' || operator === '!=') return equality(operator, left, right);
  if (right.kind === 'literal' && ((operator === '||' && isTrue(right)) || (operator === '&&' && !isTrue(right)))) return literal(operator === '||');
  if (left.kind !== 'literal' || right.kind !== 'literal') return derived(operator, [left, right]);
  const [a, b] = [Number(left.value), Number(right.value)];
  switch (operator) {
    case '||': return literal(isTrue(left) || isTrue(right));
    case '&&': return literal(isTrue(left) && isTrue(right));
    case '<': return literal(a < b);
    case '>': return literal(a > b);
    case '<=': return literal(a <= b);
    case '>=': return literal(a >= b);
    case '+': return number(a + b);
    case '-': return number(a - b);
    case '*': return number(a * b);
    case '/': return number(a / b);
    case '%': return number(a % b);
    default: return unknown(`operator ${operator}`);
  }
}

function number(value: number): Value {
  return Number.isFinite(value) ? literal(value) : unknown('not a number');
}

/** Equal when both are known; never equal to null when one is a resource, a collection or a text with known parts. */
function equality(operator: string, left: Value, right: Value): Value {
  const settled = (value: Value): boolean => value.kind === 'literal' || ((value.kind === 'array' || value.kind === 'object') && !value.open && JSON.stringify(value).search(/"kind":"(?!literal|array|object)/) < 0);
  if (settled(left) && settled(right)) return literal((valueKey(left) === valueKey(right)) === (operator === '=='));
  const empty = [left, right].some((value) => value.kind === 'literal' && (value.value === null || value.value === ''));
  const present = [left, right].some((value) => value.kind === 'resource' || value.kind === 'object' || value.kind === 'array' || (value.kind === 'template' && value.parts.some((part) => part.kind === 'literal')));
  return empty && present ? literal(operator === '!=') : derived(operator, [left, right]);
}

function call(expression: HclExpression & { readonly kind: 'call' }, scope: HclScope): Value {
  if (expression.name === 'templatefile') return templateFile(expression, scope);
  let args = expression.args.slice(0, MAX_ITEMS).map((argument) => evaluate(argument, scope));
  if (expression.spread) {
    const last = args.at(-1);
    if (last?.kind !== 'array' || last.open) return derived(expression.name, args);
    args = [...args.slice(0, -1), ...last.items];
  }
  return callFunction(expression.name, args, scope.world);
}

/** A file of the repository as a template with given variables. */
function templateFile(expression: HclExpression & { readonly kind: 'call' }, scope: HclScope): Value {
  const [path, variables] = expression.args;
  if (!path || !variables) return unknown('templatefile without arguments');
  const parsed = scope.world.template(evaluate(path, scope));
  const given = evaluate(variables, scope);
  if (!parsed) return derived('templatefile', [given]);
  // Only the given names count in the file.
  return evaluate(parsed, { world: scope.world, names: new Map(given.kind === 'object' ? given.entries : []) });
}
