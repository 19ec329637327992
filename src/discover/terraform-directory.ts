import { parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import type { HclAttribute, HclBlock, HclBody, HclExpression, HclFile } from './hcl-ast.ts';
import { parseHcl, parseHclTemplate } from './hcl.ts';

/** A block together with the file that it stands in. */
export interface Declared {
  readonly block: HclBlock;
  readonly file: HclFile;
}

/** What the configuration files of one folder declare. The first of two equal declarations counts. */
export interface TerraformDirectory {
  readonly dir: string;
  readonly files: readonly HclFile[];
  readonly variables: ReadonlyMap<string, Declared>;
  readonly locals: ReadonlyMap<string, { readonly attribute: HclAttribute; readonly file: HclFile }>;
  /** By `type.name`, with `data.` before data sources. */
  readonly resources: ReadonlyMap<string, Declared>;
  readonly modules: ReadonlyMap<string, Declared>;
  readonly outputs: ReadonlyMap<string, Declared>;
  readonly providers: readonly Declared[];
  readonly settings: readonly Declared[];
}

/** Reads the blocks of parsed files into one configuration. Override files change what the others declare (Terraform language reference, "Override Files"). */
export function directoryOf(dir: string, files: readonly HclFile[]): TerraformDirectory {
  const variables = new Map<string, Declared>();
  const locals = new Map<string, { readonly attribute: HclAttribute; readonly file: HclFile }>();
  const resources = new Map<string, Declared>();
  const modules = new Map<string, Declared>();
  const outputs = new Map<string, Declared>();
  const providers: Declared[] = [];
  const settings: Declared[] = [];
  const overrides = files.filter((file) => isOverride(file.file));
  for (const file of [...files.filter((candidate) => !isOverride(candidate.file)), ...overrides]) {
    const add = (map: Map<string, Declared>, key: string, block: HclBlock): void => {
      const known = map.get(key);
      if (!known) map.set(key, { block, file });
      else if (isOverride(file.file)) map.set(key, { block: { ...known.block, body: merged(known.block.body, block.body) }, file: known.file });
    };
    for (const block of file.body.blocks) {
      const [first = '', second = ''] = block.labels;
      switch (block.type) {
        case 'variable': add(variables, first, block); break;
        case 'resource': add(resources, `${first}.${second}`, block); break;
        case 'data': add(resources, `data.${first}.${second}`, block); break;
        case 'module': add(modules, first, block); break;
        case 'output': add(outputs, first, block); break;
        case 'provider': providers.push({ block, file }); break;
        case 'terraform': settings.push({ block, file }); break;
        case 'locals': for (const [name, attribute] of block.body.attributes) if (!locals.has(name) || isOverride(file.file)) locals.set(name, { attribute, file }); break;
        default: break;
      }
    }
  }
  return { dir, files, variables, locals, resources, modules, outputs, providers, settings };
}

function isOverride(file: string): boolean {
  return /(?:^|[/_])override\.tf(?:\.json)?$/.test(file);
}

function merged(base: HclBody, over: HclBody): HclBody {
  const replaced = new Set(over.blocks.map((block) => block.type));
  return { attributes: new Map([...base.attributes, ...over.attributes]), blocks: [...base.blocks.filter((block) => !replaced.has(block.type)), ...over.blocks] };
}

/** Parses a configuration file in either syntax. */
export function parseTerraform(file: string, text: string): HclFile {
  return file.endsWith('.json') ? parseJson(file, text) : parseHcl(file, text);
}

/** How many names stand before the body of a block in JSON syntax. */
const labelCounts: ReadonlyMap<string, number> = new Map([['resource', 2], ['data', 2], ['module', 1], ['variable', 1], ['output', 1], ['provider', 1], ['locals', 0], ['terraform', 0]]);

/** JSON syntax (Terraform language reference, "JSON Configuration Syntax"): texts are templates, blocks are objects or lists of them. */
function parseJson(file: string, text: string): HclFile {
  const lines = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  const empty: HclFile = { file, body: { attributes: new Map(), blocks: [] }, problems: [], lines };
  try {
    const root = parseTree(text, [], { allowTrailingComma: true });
    if (root?.type !== 'object') return { ...empty, problems: [{ line: 1, message: 'not a JSON object' }] };
    const blocks: HclBlock[] = [];
    const attributes = new Map<string, HclAttribute>();
    for (const { name, value, node } of properties(root)) {
      const count = labelCounts.get(name);
      if (count === undefined) attributes.set(name, { name, value: fromJson(value), start: node.offset, end: node.offset + node.length });
      else collect(name, value, node, count, [], blocks);
    }
    return { ...empty, body: { attributes, blocks } };
  } catch (error) {
    // The JSON parser recurses: deep brackets end here.
    if (error instanceof RangeError) return { ...empty, problems: [{ line: 1, message: 'nested too deeply' }] };
    throw error;
  }
}

function collect(type: string, value: Node, node: Node, labelsLeft: number, labels: readonly string[], blocks: HclBlock[]): void {
  if (value.type === 'array') {
    for (const item of value.children ?? []) collect(type, item, item, labelsLeft, labels, blocks);
    return;
  }
  if (value.type !== 'object') return;
  if (labelsLeft === 0) {
    blocks.push({ type, labels, body: bodyOfEntries(fromJson(value)), start: node.offset, end: node.offset + node.length });
    return;
  }
  for (const property of properties(value)) collect(type, property.value, property.node, labelsLeft - 1, [...labels, property.name], blocks);
}

function properties(object: Node): { readonly name: string; readonly value: Node; readonly node: Node }[] {
  return (object.children ?? []).flatMap((node) => {
    const [key, value] = node.children ?? [];
    return value && typeof key?.value === 'string' && key.value !== '//' ? [{ name: key.value, value, node }] : [];
  });
}

function fromJson(node: Node): HclExpression {
  const range = { start: node.offset, end: node.offset + node.length };
  if (node.type === 'array') return { kind: 'list', items: (node.children ?? []).map(fromJson), ...range };
  if (node.type === 'object') {
    return { kind: 'object', entries: properties(node).map(({ name, value, node: whole }) => ({ key: { kind: 'literal', value: name, start: whole.offset, end: whole.offset + whole.length }, value: fromJson(value) })), ...range };
  }
  const value: unknown = node.value;
  if (typeof value === 'string') return { ...(parseHclTemplate(value) ?? { kind: 'literal', value }), ...range };
  return { kind: 'literal', value: typeof value === 'number' || typeof value === 'boolean' ? value : null, ...range };
}

/** A body whose attributes are the entries of an object expression: how JSON syntax, and attributes that are lists of objects, write nested blocks. */
export function bodyOfEntries(expression: HclExpression): HclBody {
  const attributes = new Map<string, HclAttribute>();
  for (const { key, value } of expression.kind === 'object' ? expression.entries : []) {
    if (key.kind === 'literal') attributes.set(String(key.value), { name: String(key.value), value, start: key.start, end: value.end });
  }
  return { attributes, blocks: [] };
}
