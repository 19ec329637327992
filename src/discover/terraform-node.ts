import { literal } from '../model/value.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { bounded } from './cloudformation-values.ts';
import type { HclBlock, HclBody, HclExpression, HclFile } from './hcl-ast.ts';
import { hclLocation } from './hcl.ts';
import { evaluate, iterations, withNames } from './hcl-evaluate.ts';
import type { HclScope } from './hcl-evaluate.ts';
import { isUnset, isWhole, numberOf, object, textOf } from './hcl-values.ts';
import { bodyOfEntries } from './terraform-directory.ts';

const nothing = literal(undefined);
const MAX_BLOCKS = 500;

/** Where the caller of a module gave an argument, so that a property set by `var.x` is found where its value stands. */
export interface Origins {
  /** Place of the argument for a variable, or `undefined` when its default holds. */
  argument(variable: string): Location | undefined;
  /** Place of the default of a variable. */
  fallback(variable: string): Location | undefined;
  /**
   * Place of the call, where that stands for what the module declares: blocks that stand in no file of the repository, and modules
   * that are called several times, whose own lines do not tell which function is meant.
   */
  readonly call?: Location;
}

/** A block of a configuration in one instance of its module, with its attributes evaluated on demand. */
export class TerraformNode {
  readonly body: HclBody;
  readonly file: HclFile;
  readonly scope: HclScope;
  readonly #origins: Origins;
  readonly #range: { readonly start: number; readonly end: number };

  constructor(block: { readonly body: HclBody; readonly start: number; readonly end: number }, file: HclFile, scope: HclScope, origins: Origins) {
    this.body = block.body;
    this.file = file;
    this.scope = scope;
    this.#origins = origins;
    this.#range = block;
  }

  has(name: string): boolean {
    return this.body.attributes.has(name);
  }

  /** Value of an attribute; a literal `undefined` when it is absent or null. */
  value(name: string): Value {
    const value = settled(bounded(this.whole(name)), 0);
    return isUnset(value) ? nothing : value;
  }

  /** As `value`, however large, with references to whole resources in it. */
  whole(name: string): Value {
    const attribute = this.body.attributes.get(name);
    return attribute ? evaluate(attribute.value, this.scope) : nothing;
  }

  /** Value of an expression where this block stands. */
  evaluate(expression: HclExpression): Value {
    return evaluate(expression, this.scope);
  }

  text(name: string): string | undefined {
    return textOf(this.value(name));
  }

  number(name: string): number | undefined {
    return numberOf(this.value(name));
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** Nested blocks of a type: written as blocks, made by `dynamic`, or given as objects. */
  blocks(type: string): readonly TerraformNode[] {
    const found: TerraformNode[] = [];
    for (const block of this.body.blocks) {
      if (block.type === type) found.push(this.#child(block, this.scope));
      else if (block.type === 'dynamic' && block.labels[0] === type) found.push(...this.#dynamic(block, type));
      if (found.length > MAX_BLOCKS) break;
    }
    const attribute = this.body.attributes.get(type);
    const items = attribute?.value.kind === 'list' ? attribute.value.items : attribute ? [attribute.value] : [];
    for (const item of items) if (item.kind === 'object') found.push(this.#child({ body: bodyOfEntries(item), start: item.start, end: item.end }, this.scope));
    return found.slice(0, MAX_BLOCKS);
  }

  block(type: string): TerraformNode | undefined {
    return this.blocks(type)[0];
  }

  /** The declaration's first line; of a module that is called several times, the call's. */
  get location(): Location {
    return this.#origins.call ?? this.ownLocation;
  }

  /** The first line of the block itself. */
  get ownLocation(): Location {
    if (this.file.file === '' && this.#origins.call) return this.#origins.call;
    const line = hclLocation(this.file, this.#range).line;
    const next = this.file.lines[line];
    return hclLocation(this.file, { start: this.#range.start, end: Math.max(this.#range.start, Math.min(this.#range.end, next === undefined ? this.#range.end : next - 1)) });
  }

  /** `{ writtenAt }` with the first line of the block itself, where that is another place than `location` and lies in the repository. */
  get written(): { readonly writtenAt?: Location } {
    return this.#origins.call && this.file.file !== '' ? { writtenAt: this.ownLocation } : {};
  }

  /** Where an attribute gets its value: the argument of the module's caller for `x = var.y`, else the attribute, else the block. */
  locationOf(name: string): Location {
    const attribute = this.body.attributes.get(name);
    if (!attribute) return this.location;
    const variables = this.file.file === '' ? variablesOf(attribute.value) : [variableOf(attribute.value) ?? ''];
    const given = variables.map((variable) => this.#origins.argument(variable)).find((place) => place !== undefined);
    return given ?? this.#origins.call ?? hclLocation(this.file, attribute);
  }

  /** As `locationOf`, but a default that all callers share is found where it stands. */
  sourceLocationOf(name: string): Location {
    const attribute = this.body.attributes.get(name);
    const variable = attribute && variableOf(attribute.value);
    const fallback = variable === undefined || this.#origins.argument(variable) ? undefined : this.#origins.fallback(variable);
    return fallback ?? this.locationOf(name);
  }

  /** All attributes, and nested blocks as lists of objects. */
  properties(): Value {
    const entries: [string, Value][] = [...this.body.attributes.keys()].filter((name) => !ignored.has(name)).map((name) => [name, this.value(name)]);
    const types = new Set(this.body.blocks.map((block) => (block.type === 'dynamic' ? block.labels[0] ?? '' : block.type)).filter((type) => !ignored.has(type)));
    for (const type of types) entries.push([type, { kind: 'array', items: this.blocks(type).map((node) => node.properties()), open: false }]);
    return bounded(object(entries.filter(([, value]) => !isUnset(value))));
  }

  #child(block: { readonly body: HclBody; readonly start: number; readonly end: number }, scope: HclScope): TerraformNode {
    return new TerraformNode(block, this.file, scope, this.#origins);
  }

  #dynamic(block: HclBlock, type: string): TerraformNode[] {
    const content = block.body.blocks.find((inner) => inner.type === 'content');
    const collection = block.body.attributes.get('for_each');
    if (!content || !collection) return [];
    const iterator = block.body.attributes.get('iterator')?.value;
    const name = iterator?.kind === 'name' ? iterator.name : type;
    const rounds = iterations(evaluate(collection.value, this.scope));
    // Blocks of an unknown collection: one stands for all of them.
    const each = rounds ?? [[{ kind: 'unknown', reason: 'unknown collection' }, { kind: 'unknown', reason: 'unknown collection' }] as const];
    return each.slice(0, MAX_BLOCKS).map(([key, value]) => this.#child({ ...content, start: block.start, end: block.end }, withNames(this.scope, [[name, object([['key', key], ['value', value]])]])));
  }
}

/** The variable that an expression is, and nothing else. */
function variableOf(value: HclExpression): string | undefined {
  const step = value.kind === 'steps' && value.on.kind === 'name' && value.on.name === 'var' && value.steps.length === 1 ? value.steps[0] : undefined;
  return step?.kind === 'attribute' ? step.name : undefined;
}

/** Variables among the arguments of calls: of several names for one thing a caller gives one. */
function variablesOf(value: HclExpression): readonly string[] {
  const own = variableOf(value);
  return own !== undefined ? [own] : value.kind === 'call' ? value.args.flatMap(variablesOf) : [];
}

const ignored: ReadonlySet<string> = new Set(['for_each', 'count', 'depends_on', 'lifecycle', 'provider', 'providers', 'tags', 'connection', 'provisioner']);

/** References to whole resources become references to what names them. */
function settled(value: Value, depth: number): Value {
  if (isWhole(value)) return { ...value, attribute: 'Ref' };
  if (depth > 20) return value;
  if (value.kind === 'array' && value.items.some(holds)) return { ...value, items: value.items.map((item) => settled(item, depth + 1)) };
  if (value.kind === 'object' && value.entries.some(([, item]) => holds(item))) return { ...value, entries: value.entries.map(([name, item]) => [name, settled(item, depth + 1)]) };
  return value;
}

function holds(value: Value): boolean {
  return value.kind === 'array' || value.kind === 'object' || isWhole(value);
}
