/**
 * The syntax tree as both hosts give it (ESTree with TypeScript nodes), typed no further than needed: the extractor reads
 * fields by name and treats null, absent, false and `[]` alike, which is all that separates the parsers.
 */
export interface Node {
  readonly type: string;
  /** ESLint's trees have it; the analyzer's has `start` and `end` alone, which makes it a quarter smaller. */
  readonly range?: readonly [number, number];
  readonly start?: number;
  readonly end?: number;
}

export function startOf(node: Node): number {
  return node.range === undefined ? (node.start ?? 0) : node.range[0];
}

export function endOf(node: Node): number {
  return node.range === undefined ? (node.end ?? 0) : node.range[1];
}

type Fields = Readonly<Record<string, unknown>>;

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Fields)['type'] === 'string';

export function child(node: Node, key: string): Node | undefined {
  const value = (node as unknown as Fields)[key];
  return isNode(value) ? value : undefined;
}

/** A list of nodes; holes (`[, a]`) stay as `undefined`. */
export function list(node: Node, key: string): readonly (Node | undefined)[] {
  const value = (node as unknown as Fields)[key];
  return Array.isArray(value) ? value.map((item) => (isNode(item) ? item : undefined)) : [];
}

export function nodes(node: Node, key: string): readonly Node[] {
  const value = (node as unknown as Fields)[key];
  if (!Array.isArray(value)) return [];
  return value.every(isNode) ? value : value.filter(isNode);
}

export function text(node: Node, key: string): string | undefined {
  const value = (node as unknown as Fields)[key];
  return typeof value === 'string' ? value : undefined;
}

export function flag(node: Node, key: string): boolean {
  return Boolean((node as unknown as Fields)[key]);
}

export function raw(node: Node, key: string): unknown {
  return (node as unknown as Fields)[key];
}

/** Wrappers that change nothing at run time. */
const transparent: ReadonlySet<string> = new Set([
  'TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion', 'TSInstantiationExpression', 'ChainExpression',
  'ParenthesizedExpression', 'TypeCastExpression',
]);

export function unwrap(node: Node): Node {
  let current = node;
  while (transparent.has(current.type)) {
    const inner = child(current, 'expression');
    if (!inner) break;
    current = inner;
  }
  return current;
}

/** Every child node, in no promised order; for the few node types that are lowered to `opaque`. */
export function anyChildren(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'parent' || key === 'loc' || key === 'range' || key === 'tokens' || key === 'comments' || key === 'typeAnnotation' || key === 'typeArguments') continue;
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) found.push(item);
  }
  return found.sort((a, b) => startOf(a) - startOf(b));
}
