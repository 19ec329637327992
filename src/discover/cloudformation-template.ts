import type { Location } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { bounded, Evaluator } from './cloudformation-values.ts';
import type { ValueScope } from './cloudformation-values.ts';
import type { DocNode } from './document.ts';

/** One entry of a template's `Resources`. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** The whole entry: Type, Properties, Metadata, Condition, … */
  readonly node: DocNode;
  readonly properties: DocNode | undefined;
  /** Place of the logical id. */
  readonly location: Location;
}

/** Type of a resource entry when it is one of CloudFormation's. */
export function resourceType(node: DocNode | undefined): string | undefined {
  const type = node?.get('Type')?.text();
  return type !== undefined && /^(?:[A-Z][A-Za-z0-9]*::[A-Za-z0-9]+(?:::[A-Za-z0-9]+)*|Custom::.+)$/.test(type) ? type : undefined;
}

/** A map is a template when its `Resources` holds typed entries, or when it says so itself. */
export function looksLikeTemplate(root: DocNode): boolean {
  const resources = root.get('Resources');
  if (resources?.kind !== 'map') return false;
  for (const entry of resources.entries.values()) if (resourceType(entry) !== undefined) return true;
  return root.get('AWSTemplateFormatVersion') !== undefined;
}

/** One template: names, values and its place in a tree of nested stacks. Everything is worked out on demand. */
export class Template implements ValueScope {
  readonly file: string;
  readonly unit: string;
  readonly root: DocNode;
  readonly resources: ReadonlyMap<string, TemplateResource>;
  /** Nested stacks by logical id. */
  readonly children = new Map<string, Template>();
  /** Who deploys this template as a nested stack, and the parameters handed down. */
  readonly parents: { readonly template: Template; readonly parameters: DocNode | undefined }[] = [];
  /** What another format hands down for a parameter by its name. */
  handed?: (parameter: string) => Value | undefined;
  readonly #values: Evaluator;
  readonly #given: ReadonlyMap<string, string>;
  readonly #imports: (name: Value) => Value | undefined;
  readonly #parameters = new Map<string, { readonly value: Value; readonly assumed: boolean }>();
  readonly #outputs = new Map<string, Value>();
  #byType: Map<string, TemplateResource[]> | undefined;

  /** `given`: `--param`. `imports`: finds exports of other templates. `parts`: resources that a build puts into the template from other files. */
  constructor(file: string, root: DocNode, given: ReadonlyMap<string, string>, imports: (name: Value) => Value | undefined, parts: readonly DocNode[] = []) {
    this.file = file;
    this.unit = file;
    this.root = root;
    this.#given = given;
    this.#imports = imports;
    this.#values = new Evaluator(this);
    const resources = new Map<string, TemplateResource>();
    for (const section of [root.get('Resources'), ...parts]) {
      for (const [id, node] of section?.entries ?? []) {
        const type = resourceType(node);
        if (section && type !== undefined && !resources.has(id)) resources.set(id, { id, type, node, properties: node.get('Properties'), location: section.keyLocation(id) });
      }
    }
    this.resources = resources;
  }

  /** Resources of the given types, in order of the file; found once. */
  ofType(...types: readonly string[]): readonly TemplateResource[] {
    if (!this.#byType) {
      this.#byType = new Map();
      for (const resource of this.resources.values()) {
        const list = this.#byType.get(resource.type);
        if (list) list.push(resource);
        else this.#byType.set(resource.type, [resource]);
      }
    }
    return types.flatMap((type) => this.#byType?.get(type) ?? []);
  }

  value(node: DocNode | undefined): Value {
    return this.#values.value(node);
  }

  substitute(text: string, variables: (name: string) => Value | undefined): Value {
    return this.#values.substitute(text, variables);
  }

  /** Reference to a resource of this template. */
  reference(id: string, attribute: string): Value {
    return { kind: 'resource', unit: this.unit, id, attribute };
  }

  /** Text of a property that folds to one literal. */
  text(node: DocNode | undefined): string | undefined {
    const value = this.value(node);
    return value.kind === 'literal' && value.value !== null && value.value !== undefined ? String(value.value) : undefined;
  }

  number(node: DocNode | undefined): number | undefined {
    const text = this.text(node);
    return text !== undefined && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(text) ? Number(text) : undefined;
  }

  boolean(node: DocNode | undefined): boolean | undefined {
    const text = this.text(node)?.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** SAM makes `<function>Alias<name>` and `<function>Version<hash>`, and knows `Fn.Alias` and `Fn.Version`. */
  resource(name: string): { readonly id: string; readonly attribute?: string } | undefined {
    if (this.resources.has(name)) return { id: name };
    if (name.length > 300) return undefined;
    // The API that SAM makes of events that name none.
    if ((name === 'ServerlessRestApi' || name === 'ServerlessHttpApi') && this.root.get('Transform') !== undefined) return { id: name };
    const made = /^(.+?)(?:\.(Alias|Version|Arn)|(Alias)[A-Za-z0-9]+|(Version)[0-9a-f]{10})$/.exec(name);
    const id = made?.[1];
    return id !== undefined && this.resources.get(id)?.type === 'AWS::Serverless::Function' ? { id, attribute: made?.[2] ?? made?.[3] ?? 'Version' } : undefined;
  }

  mapping(name: string): DocNode | undefined {
    return this.root.at('Mappings', name);
  }

  condition(name: string): DocNode | undefined {
    return this.root.at('Conditions', name);
  }

  imported(name: Value): Value | undefined {
    return this.#imports(name);
  }

  parameter(name: string): { readonly value: Value; readonly assumed: boolean } | undefined {
    const declared = this.root.at('Parameters', name);
    if (!declared) return undefined;
    const known = this.#parameters.get(name);
    if (known) return known;
    // Stands while the value is worked out: a parameter that depends on itself through nested stacks.
    this.#parameters.set(name, { value: unknown('cyclic parameter'), assumed: true });
    const result = this.#parameter(name, declared);
    this.#parameters.set(name, result);
    return result;
  }

  #parameter(name: string, declared: DocNode): { readonly value: Value; readonly assumed: boolean } {
    const type = declared.get('Type')?.text() ?? 'String';
    const given = this.#given.get(name);
    if (given !== undefined) return { value: typed(type, given), assumed: false };
    const handed = this.parents.map((parent) => parent.parameters?.get(name) && parent.template.value(parent.parameters.get(name)));
    const linked = handed.length === 0 ? this.handed?.(name) : undefined;
    if (linked !== undefined) return { value: bounded(linked), assumed: false };
    const [first] = handed;
    if (first !== undefined && handed.every((value) => value !== undefined && JSON.stringify(value) === JSON.stringify(first))) return { value: bounded(first), assumed: false };
    if (handed.some((value) => value !== undefined)) return { value: { kind: 'env', name: `param:${name}` }, assumed: true };
    const text = declared.get('Default')?.text();
    // The default of an SSM parameter type is the name of the SSM parameter; its value is known at deployment only.
    if (type.startsWith('AWS::SSM::Parameter::Value')) return { value: text === undefined ? { kind: 'env', name: `param:${name}` } : { kind: 'derived', what: 'parameter', from: [literal(text)], io: false }, assumed: true };
    return { value: text === undefined ? { kind: 'env', name: `param:${name}` } : typed(type, text), assumed: true };
  }

  output(stack: string, name: string): Value | undefined {
    return this.children.get(stack)?.ownOutput(name);
  }

  /** Value of this template's own output. */
  ownOutput(name: string): Value | undefined {
    const declared = this.root.at('Outputs', name, 'Value');
    if (!declared) return undefined;
    const known = this.#outputs.get(name);
    if (known) return known;
    this.#outputs.set(name, unknown('cyclic output'));
    const value = bounded(this.value(declared));
    this.#outputs.set(name, value);
    return value;
  }
}

function typed(type: string, text: string): Value {
  if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) return literal(text);
  return { kind: 'array', items: text.split(',').slice(0, 200).map((item) => literal(item.trim())), open: false };
}
