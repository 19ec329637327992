import { posix } from 'node:path';
import { optionsOf, ROOT, type Slot, type Sym } from '../link/program-values.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import { bounded } from './cloudformation-values.ts';
import type { HclAttribute, HclBody, HclExpression, HclFile } from './hcl-ast.ts';
import type { HclScope } from './hcl-evaluate.ts';
import { isUnset, object } from './hcl-values.ts';
import { TerraformNode } from './terraform-node.ts';

/** What a node asks of the program that it stands in. */
export interface NodeHome {
  readonly scope: HclScope;
  readonly cwd: string;
  value(sym: Sym): Value;
  location(place: SourcePlace): Location;
}

export type Fields = ReadonlyMap<string, Slot>;

const nothing = literal(undefined);

/** `sourceArn` → `source_arn`, as providers that are made from Terraform's spell their properties. */
export const snakeCase = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/([A-Z])([A-Z][a-z])/g, '$1_$2').toLowerCase();

/** The properties of something that a program makes, under the names of Terraform's provider. */
export function fieldsOf(props: Sym | undefined): Fields {
  const fields = new Map<string, Slot>();
  for (const option of props === undefined ? [] : optionsOf(props)) {
    if (option.kind !== 'record') continue;
    for (const [name, item] of option.entries) if (!fields.has(snakeCase(name))) fields.set(snakeCase(name), item);
  }
  return fields;
}

/**
 * A resource that a program makes through a provider of Terraform (Pulumi's bridged providers, CDKTF), in the form in which the
 * Terraform reader looks at resources: blocks are objects or lists of them, under singular or plural names.
 */
export class CodeNode extends TerraformNode {
  readonly #home: NodeHome;
  readonly #fields: Fields;
  readonly #place: SourcePlace;

  constructor(home: NodeHome, fields: Fields, place: SourcePlace) {
    const file: HclFile = { file: place.file, body: { attributes: new Map(), blocks: [] }, problems: [], lines: [] };
    super({ body: bodyOf(fields), start: place.start, end: place.end }, file, home.scope, { argument: () => undefined, fallback: () => undefined });
    this.#home = home;
    this.#fields = fields;
    this.#place = place;
  }

  override has(name: string): boolean {
    const found = this.#fields.get(name);
    return found !== undefined && !(found.value.kind === 'literal' && (found.value.value === undefined || found.value.value === null));
  }

  override value(name: string): Value {
    const value = bounded(this.whole(name));
    return isUnset(value) ? nothing : value;
  }

  override whole(name: string): Value {
    const found = this.#fields.get(name);
    return found === undefined ? nothing : inFolder(this.#home.value(found.value), this.#home.cwd);
  }

  override evaluate(expression: HclExpression): Value {
    return expression.kind === 'literal' ? literal(expression.value) : nothing;
  }

  override blocks(type: string): readonly CodeNode[] {
    const found = this.#fields.get(type) ?? this.#fields.get(`${type}s`) ?? this.#fields.get(type.replace(/y$/, 'ies'));
    if (found === undefined) return [];
    const items = optionsOf(found.value).flatMap((option) => (option.kind === 'list' ? option.items.flatMap((item) => optionsOf(item)) : [option]));
    return items.slice(0, 500).flatMap((item) => (item.kind === 'record' ? [new CodeNode(this.#home, fieldsOf(item), item.place ?? found.place ?? this.#place)] : []));
  }

  override block(type: string): CodeNode | undefined {
    return this.blocks(type)[0];
  }

  override get location(): Location {
    return this.#home.location(this.#place);
  }

  override get ownLocation(): Location {
    return this.location;
  }

  override locationOf(name: string): Location {
    return this.#home.location(this.#fields.get(name)?.place ?? this.#place);
  }

  override sourceLocationOf(name: string): Location {
    return this.locationOf(name);
  }

  override properties(): Value {
    return bounded(object([...this.#fields].filter(([name]) => !/^(?:tags|provider|lifecycle|\*.*)$/.test(name)).map(([name, item]): [string, Value] => [name, this.#home.value(item.value)]).filter(([, value]) => !isUnset(value))));
  }
}

/** Paths that the program computes inside the workspace, as the program's folder sees them. */
function inFolder(value: Value, cwd: string): Value {
  if (value.kind !== 'literal' || typeof value.value !== 'string' || !value.value.startsWith(`${ROOT}/`)) return value;
  const path = value.value.slice(ROOT.length + 1);
  return literal(posix.relative(`/${cwd}`, `/${path}`) || '.');
}

/** Names and places of the properties; a text that is read from a file shows as that, everything else is asked for by value. */
function bodyOf(fields: Fields): HclBody {
  const attributes = new Map<string, HclAttribute>();
  for (const [name, item] of fields) {
    const range = { start: item.place?.start ?? 0, end: item.place?.end ?? 0 };
    const from = item.value.kind === 'derived' && item.value.what === 'file' ? item.value.from[0] : undefined;
    const path = from?.kind === 'literal' && typeof from.value === 'string' ? from.value : undefined;
    const value: HclExpression = path === undefined ? { kind: 'literal', value: null, ...range } : { kind: 'call', name: 'file', args: [{ kind: 'literal', value: path, ...range }], spread: false, ...range };
    attributes.set(name, { name, value, ...range });
  }
  return { attributes, blocks: [] };
}
