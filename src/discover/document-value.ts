import { literal, unknown, type Value } from '../model/value.ts';
import type { DocNode } from './document-node.ts';

const maximumDepth = 30;

/** A node of a document as a value, nothing in its texts resolved. Nodes with a foreign tag and nodes nested deeper than 30 are unknown. */
export function plainValue(node: DocNode, depth = 0): Value {
  if (node.tag !== undefined) return unknown(`tag ${node.tag}`);
  if (depth > maximumDepth) return unknown('nested too deeply');
  if (node.kind === 'list') return { kind: 'array', items: node.items.map((item) => plainValue(item, depth + 1)), open: false };
  if (node.kind === 'map') return { kind: 'object', entries: [...node.entries].map(([key, item]): [string, Value] => [key, plainValue(item, depth + 1)]), open: false };
  return literal(node.scalar);
}
