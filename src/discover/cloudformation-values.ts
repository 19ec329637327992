import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { withDynamicReferences } from './cloudformation-dynamic.ts';
import type { DocNode } from './document.ts';

/** What a template knows of the names that its intrinsic functions use. */
export interface ValueScope {
  /** Deployment unit of the template. */
  readonly unit: string;
  /** Logical id of a resource (also generated ones that stand for a declared one), or `undefined`. */
  resource(name: string): { readonly id: string; readonly attribute?: string } | undefined;
  /** `value` of a declared parameter; `assumed` when it rests on the default only. */
  parameter(name: string): { readonly value: Value; readonly assumed: boolean } | undefined;
  mapping(name: string): DocNode | undefined;
  condition(name: string): DocNode | undefined;
  /** Output of a nested stack whose template lies in the repository. */
  output(stack: string, name: string): Value | undefined;
  /** What another template of the repository exports under a name. */
  imported(name: Value): Value | undefined;
}

const MAX_PARTS = 200;
const MAX_DEPTH = 150;
const MAX_OPTIONS = 20;
const nothing = literal(undefined);

/** Two values are the same when their keys are: equal unresolved names count as equal. */
export const valueKey = (value: Value): string => JSON.stringify(value);

export function isNothing(value: Value): boolean {
  return value.kind === 'literal' && value.value === undefined;
}

/** A string of parts: literals next to each other joined, templates flattened, a single part as itself. */
export function template(parts: readonly Value[]): Value {
  const flat: Value[] = [];
  for (const part of parts.flatMap((item) => (item.kind === 'template' ? item.parts : [item]))) {
    const last = flat[flat.length - 1];
    if (part.kind === 'literal') {
      const text = part.value === undefined || part.value === null ? '' : String(part.value);
      if (text === '') continue;
      if (last?.kind === 'literal') flat[flat.length - 1] = literal(`${String(last.value)}${text}`);
      else flat.push(literal(text));
    } else flat.push(part);
    if (flat.length > MAX_PARTS) return unknown('text of too many parts');
  }
  const whole = withDynamicReferences(flat);
  const [only] = whole;
  return only === undefined ? literal('') : whole.length === 1 && only.kind !== 'unknown' ? only : { kind: 'template', parts: whole };
}

/** The value itself when it has few parts: what is handed between templates must not grow with every hop. */
export function bounded(value: Value): Value {
  let budget = 2000;
  const pending: Value[] = [value];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (--budget < 0) return unknown('too large');
    switch (item.kind) {
      case 'template': pending.push(...item.parts); break;
      case 'array': pending.push(...item.items); break;
      case 'oneOf': pending.push(...item.options); break;
      case 'derived': pending.push(...item.from); break;
      case 'object': pending.push(...item.entries.map(([, entry]) => entry)); break;
      default: break;
    }
  }
  return value;
}

/** One of several values; equal ones once. */
export function oneOf(options: readonly Value[]): Value {
  const distinct = new Map<string, Value>();
  for (const option of options.flatMap((item) => (item.kind === 'oneOf' ? item.options : [item]))) distinct.set(valueKey(option), option);
  const list = [...distinct.values()];
  if (list.length > MAX_OPTIONS) return unknown('too many possible values');
  return list.length === 1 && list[0] ? list[0] : { kind: 'oneOf', options: list };
}

/**
 * Folds nodes of one template into values. Intrinsic functions per the CloudFormation user guide, "Intrinsic function
 * reference" (read 2026-11). What is only known at deployment stays symbolic: pseudo parameters and parameters without a value
 * are `env` values (`AWS::Region`, `param:Stage`). A stack's own name and id carry the unit: other stacks have others.
 */
export class Evaluator {
  readonly #scope: ValueScope;
  /** Outcomes of named conditions; `undefined` also stands while one is worked out, which ends cycles. */
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(scope: ValueScope) {
    this.#scope = scope;
  }

  value(node: DocNode | undefined, depth = 0): Value {
    if (!node) return nothing;
    if (depth > MAX_DEPTH) return unknown('nested too deeply');
    if (node.tag !== undefined) return unknown(`tag ${node.tag}`);
    if (node.kind === 'scalar') return scalar(node);
    if (node.kind === 'list') return { kind: 'array', items: node.items.map((item) => this.value(item, depth + 1)).filter((item) => !isNothing(item)), open: false };
    const [first] = node.entries;
    if (first && node.entries.size === 1 && (first[0] === 'Ref' || first[0] === 'Condition' || first[0].startsWith('Fn::'))) return this.#intrinsic(first[0], first[1], depth + 1);
    const entries: [string, Value][] = [];
    let open = false;
    for (const [name, child] of node.entries) {
      if (name.startsWith('Fn::')) {
        open = true;
        continue;
      }
      const value = this.value(child, depth + 1);
      if (!isNothing(value)) entries.push([name, value]);
    }
    return { kind: 'object', entries, open };
  }

  /** A condition's outcome, where it does not rest on a parameter's default. */
  condition(node: DocNode | undefined, depth = 0): boolean | undefined {
    if (!node || depth > MAX_DEPTH) return undefined;
    const [first] = node.entries;
    if (!first) return node.boolean();
    const [name, argument] = first;
    const all = (): (boolean | undefined)[] => argument.items.map((item) => this.condition(item, depth + 1));
    switch (name) {
      case 'Condition': return this.#named(argument.text(), depth);
      case 'Fn::And': return all().includes(false) ? false : all().includes(undefined) ? undefined : true;
      case 'Fn::Or': return all().includes(true) ? true : all().includes(undefined) ? undefined : false;
      case 'Fn::Not': {
        const value = this.condition(argument.items[0] ?? argument, depth + 1);
        return value === undefined ? undefined : !value;
      }
      case 'Fn::Equals': {
        if (argument.items.some((item) => this.#assumed(item, 0))) return undefined;
        const [a, b] = [this.value(argument.items[0], depth + 1), this.value(argument.items[1], depth + 1)];
        if (a.kind === 'literal' && b.kind === 'literal') return String(a.value) === String(b.value);
        return a.kind !== 'unknown' && valueKey(a) === valueKey(b) ? true : undefined;
      }
      default: return undefined;
    }
  }

  #named(name: string | undefined, depth: number): boolean | undefined {
    if (name === undefined) return undefined;
    if (this.#conditions.has(name)) return this.#conditions.get(name);
    this.#conditions.set(name, undefined);
    const value = this.condition(this.#scope.condition(name), depth + 1);
    this.#conditions.set(name, value);
    return value;
  }

  /** Whether a node's value rests on a parameter's default, which a deployment may override. */
  #assumed(node: DocNode, depth: number): boolean {
    if (depth > MAX_DEPTH) return true;
    const ref = node.get('Ref')?.text();
    if (ref !== undefined) return this.#scope.parameter(ref)?.assumed === true;
    const sub = node.get('Fn::Sub');
    const text = sub?.text() ?? sub?.items[0]?.text();
    if (text !== undefined && [...text.matchAll(/\$\{([^}!]{1,255})\}/g)].some((match) => this.#scope.parameter(match[1] ?? '')?.assumed === true)) return true;
    return [...node.entries.values(), ...node.items].some((child) => this.#assumed(child, depth + 1));
  }

  #intrinsic(name: string, argument: DocNode, depth: number): Value {
    const at = (index: number): Value => this.value(argument.items[index], depth);
    switch (name) {
      case 'Ref': return this.#ref(argument.text());
      case 'Condition': return unknown('condition');
      case 'Fn::GetAtt': return this.#getAtt(argument, depth);
      case 'Fn::Sub': return this.#substitute(argument, depth);
      case 'Fn::If': return this.#if(argument, depth);
      case 'Fn::Join': {
        const separator = argument.items[0]?.text() ?? '';
        const list = at(1);
        if (list.kind !== 'array') return { kind: 'derived', what: 'join', from: [list], io: false };
        return template(list.items.flatMap((item, index) => (index === 0 ? [item] : [literal(separator), item])));
      }
      case 'Fn::Select': {
        const index = argument.items[0]?.number();
        const list = at(1);
        const item = list.kind === 'array' && index !== undefined ? list.items[index] : undefined;
        return item ?? { kind: 'derived', what: 'select', from: [list], io: false };
      }
      case 'Fn::Split': {
        const separator = argument.items[0]?.text();
        const text = at(1);
        if (text.kind !== 'literal' || typeof text.value !== 'string' || !separator) return { kind: 'derived', what: 'split', from: [text], io: false };
        return { kind: 'array', items: text.value.split(separator).slice(0, MAX_PARTS).map((part) => literal(part)), open: false };
      }
      case 'Fn::FindInMap': return this.#findInMap(argument, depth);
      case 'Fn::ImportValue': {
        const exported = this.value(argument, depth);
        return this.#scope.imported(exported) ?? { kind: 'derived', what: 'import', from: [exported], io: false };
      }
      case 'Fn::Base64': return { kind: 'derived', what: 'base64', from: [this.value(argument, depth)], io: false };
      case 'Fn::ToJsonString': return { kind: 'derived', what: 'json', from: [this.value(argument, depth)], io: false };
      case 'Fn::Length': {
        const list = this.value(argument, depth);
        return list.kind === 'array' && !list.open ? literal(list.items.length) : unknown('length of an unknown list');
      }
      default: return unknown(name);
    }
  }

  /** Value of `Ref: name`, also of `${name}` in a substitution. */
  #ref(name: string | undefined): Value {
    if (name === undefined) return unknown('Ref without a name');
    if (name === 'AWS::NoValue') return nothing;
    if (name === 'AWS::StackName' || name === 'AWS::StackId') return { kind: 'env', name: `${name}@${this.#scope.unit}` };
    if (name.startsWith('AWS::')) return { kind: 'env', name };
    const parameter = this.#scope.parameter(name);
    if (parameter) return parameter.value;
    const resource = this.#scope.resource(name);
    return resource ? { kind: 'resource', unit: this.#scope.unit, id: resource.id, attribute: resource.attribute ?? 'Ref' } : unknown(`no resource or parameter ${name}`);
  }

  #getAtt(argument: DocNode, depth: number): Value {
    const text = argument.text();
    const dot = text?.indexOf('.') ?? -1;
    const id = text === undefined ? argument.items[0]?.text() : dot < 0 ? text : text.slice(0, dot);
    let attribute: string | undefined = dot < 0 ? undefined : text?.slice(dot + 1);
    if (text === undefined) {
      const rest = argument.items.slice(1).map((item) => this.value(item, depth));
      attribute = rest.every((item) => item.kind === 'literal') ? rest.map((item) => (item.kind === 'literal' ? String(item.value) : '')).join('.') : undefined;
    }
    return id === undefined || attribute === undefined ? unknown('GetAtt of an unknown attribute') : this.#attribute(id, attribute);
  }

  #attribute(id: string, attribute: string): Value {
    if (attribute.startsWith('Outputs.')) {
      const output = this.#scope.output(id, attribute.slice('Outputs.'.length));
      if (output) return output;
    }
    const resource = this.#scope.resource(id);
    // SAM makes the URL of a function under the function's id with `Url` behind it (AWS SAM developer guide, "Generated resources", November 2026).
    const ofUrl = !resource && attribute === 'FunctionUrl' && id.endsWith('Url') ? this.#scope.resource(id.slice(0, -3)) : undefined;
    if (ofUrl) return { kind: 'resource', unit: this.#scope.unit, id: ofUrl.id, attribute };
    return resource ? { kind: 'resource', unit: this.#scope.unit, id: resource.id, attribute } : unknown(`no resource ${id}`);
  }

  #substitute(argument: DocNode, depth: number): Value {
    const text = argument.text() ?? argument.items[0]?.text();
    if (text === undefined) return unknown('Sub without a text');
    const variables = argument.items[1];
    return this.substitute(text, (name) => {
      const own = variables?.get(name);
      return own ? this.value(own, depth) : undefined;
    });
  }

  /** A text with `${Name}`, `${Id.Attribute}` and `${!Literal}` filled in; `variables` come first. */
  substitute(text: string, variables: (name: string) => Value | undefined): Value {
    const parts: Value[] = [];
    let from = 0;
    for (let open = text.indexOf('${'); open >= 0; open = text.indexOf('${', from)) {
      const close = text.indexOf('}', open);
      if (close < 0 || parts.length > 2 * MAX_PARTS) break;
      parts.push(literal(text.slice(from, open)));
      const name = text.slice(open + 2, close).trim();
      if (name.startsWith('!')) parts.push(literal(`\${${name.slice(1)}}`));
      else {
        const dot = name.indexOf('.');
        const value = variables(name) ?? (dot < 0 ? this.#ref(name) : this.#attribute(name.slice(0, dot), name.slice(dot + 1)));
        parts.push(value.kind === 'object' || value.kind === 'array' ? unknown('a list in a text') : value);
      }
      from = close + 1;
    }
    parts.push(literal(text.slice(from)));
    return template(parts);
  }

  #if(argument: DocNode, depth: number): Value {
    const [name, yes, no] = argument.items;
    const outcome = this.#named(name?.text(), depth);
    if (outcome !== undefined) return this.value(outcome ? yes : no, depth);
    return oneOf([this.value(yes, depth), this.value(no, depth)]);
  }

  #findInMap(argument: DocNode, depth: number): Value {
    const [map, first, second] = [0, 1, 2].map((index) => this.value(argument.items[index], depth));
    const rows = map?.kind === 'literal' ? this.#scope.mapping(String(map.value)) : undefined;
    if (!rows) return unknown('FindInMap of an unknown map');
    const chosen = first?.kind === 'literal' ? [rows.get(String(first.value))] : inOrder(rows);
    const cells = chosen.flatMap((row) => (second?.kind === 'literal' ? [row?.get(String(second.value))] : inOrder(row)));
    const found = cells.filter((cell) => cell !== undefined).slice(0, MAX_OPTIONS + 1).map((cell) => this.value(cell, depth));
    const fallback = argument.items[3]?.get('DefaultValue');
    if (fallback) found.push(this.value(fallback, depth));
    return found.length === 0 ? unknown('FindInMap without a match') : oneOf(found);
  }
}

/** Numbers and booleans keep their type when their text says nothing else (`012345678901` is an account, not a number). */
function scalar(node: DocNode): Value {
  if (node.scalar === null) return literal(null);
  const text = node.text();
  if (text?.includes('{{resolve:') === true) return template([literal(text)]);
  return literal(typeof node.scalar === 'string' || String(node.scalar) === text ? node.scalar : text ?? null);
}

/** Values of a map in order of their keys: that in which they are written has no meaning. */
const inOrder = (node: DocNode | undefined): DocNode[] => [...(node?.entries ?? [])].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
