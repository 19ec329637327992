import type { CommentFact, ModuleFacts } from '../model/facts.ts';
import { child, nodes, type Node } from './estree.ts';
import { lowerBlock } from './lower-stmt.ts';
import { Lowering } from './lower.ts';
import { prototypeClasses } from './prototypes.ts';
import { typeRef } from './types.ts';

export interface CommentNode {
  readonly type: string;
  readonly value: string;
  readonly range: readonly [number, number];
}

/**
 * Turns one syntax tree into facts. Pure: the same tree gives the same facts in every host.
 *
 * @param file path relative to the root
 * @param program the tree's root, with `range`, or `start` and `end`, on every node, over the text without byte order mark
 * @throws RangeError when the tree is nested deeper than the stack holds; the caller counts the file as skipped
 */
export function extractFacts(file: string, text: string, program: Node, comments: readonly CommentNode[]): ModuleFacts {
  const low = new Lowering();
  const body = nodes(program, 'body');
  low.functions.push({
    id: 0, name: '', kind: 'module', async: true, generator: false, params: [], body: [], parent: -1, start: 0, end: text.length, decorators: [],
  });
  low.binder.hoistVars(low.scope, body, (node) => typeRef(child(node, 'typeAnnotation')));
  const statements = lowerBlock(low, body, false);
  low.functions[0] = { ...(low.functions[0] as (typeof low.functions)[number]), body: statements };
  if (text.includes('.prototype') || text.includes('inherits(') || ownMethods.test(text)) prototypeClasses({ functions: low.functions, classes: low.classes, bindings: low.binder.bindings });
  return {
    file, lineStarts: lineStarts(text), length: text.length,
    imports: low.imports, exports: low.exports, functions: low.functions, classes: low.classes, bindings: low.binder.bindings, types: low.types,
    globals: [...low.globals].sort(),
    comments: comments.flatMap((comment): CommentFact[] =>
      comment.value.includes('faaslint') || comment.value.includes('eslint-disable') || comment.value.includes('eslint-enable')
        ? [{ text: comment.value, line: comment.type === 'Line', start: comment.range[0], end: comment.range[1] }] : []),
  };
}

/** Text without which no function gives an object its methods: `this.load = function`, `this.load = async (`. */
const ownMethods = /\bthis\.[\w$]+\s*=\s*(?:async\b|function\b|\(|[\w$]+\s*=>)/;

/** Offsets where lines begin; line ends are those of ECMAScript: LF, CRLF, CR, U+2028, U+2029. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  // Nearly every text ends its lines with LF alone: searching for one letter takes no object a line.
  if (!/[\r\u2028\u2029]/u.test(text)) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  const ends = /\r\n|[\n\r\u2028\u2029]/gu;
  for (let match = ends.exec(text); match; match = ends.exec(text)) starts.push(match.index + match[0].length);
  return starts;
}
