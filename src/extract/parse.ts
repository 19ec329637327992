import { parseSync } from 'oxc-parser';
import type { ModuleFacts } from '../model/facts.ts';
import type { Node } from './estree.ts';
import { extractFacts, type CommentNode } from './extract.ts';

/** The only user of the native parser, whose version is pinned: golden tree tests guard an upgrade. */

export type Parsed = { readonly facts: ModuleFacts } | { readonly error: string; readonly line?: number };

type Lang = 'js' | 'jsx' | 'ts' | 'tsx' | 'dts';

/** Language by extension. Plain JavaScript may hold JSX; TypeScript may not, `<T>x` would change its meaning. */
function langOf(file: string): Lang {
  if (file.endsWith('.d.ts') || file.endsWith('.d.mts') || file.endsWith('.d.cts')) return 'dts';
  if (file.endsWith('.tsx')) return 'tsx';
  return /\.[mc]?ts$/.test(file) ? 'ts' : 'jsx';
}

/** Plain JavaScript has no types: the tree without their places is a third smaller, and comes over as text. */
const astTypeOf = (lang: Lang): 'js' | 'ts' => (lang === 'jsx' || lang === 'js' ? 'js' : 'ts');

/**
 * Parses one file and extracts its facts. A syntax error gives an error, never empty facts: the parser answers a syntax error
 * with an empty body, which must not read as a file without findings.
 *
 * @param text without byte order mark; a hashbang stays
 */
export function parseModule(file: string, text: string): Parsed {
  const lang = langOf(file);
  const kinds = /\.c[jt]s$/.test(file) ? (['commonjs', 'module'] as const) : (['module', 'commonjs'] as const);
  let failure: Parsed | undefined;
  for (const sourceType of kinds) {
    const result = parseSync(file, text, { astType: astTypeOf(lang), preserveParens: false, lang, sourceType });
    const first = result.errors.find((error) => error.severity === 'Error');
    const program = result.program as unknown as Node & { readonly body: readonly unknown[] };
    // Context errors (`return` outside a function) come with the whole tree; syntax errors with an empty one.
    if (first && program.body.length === 0) {
      const offset = first.labels[0]?.start;
      // What the likelier kind says: of a module, the other one only says that it is one.
      failure ??= { error: `syntax error: ${first.message}`, ...(offset !== undefined ? { line: text.slice(0, offset).split('\n').length } : {}) };
      continue;
    }
    try {
      return { facts: extractFacts(file, text, program, result.comments.map((comment): CommentNode => ({ type: comment.type, value: comment.value, range: [comment.start, comment.end] }))) };
    } catch (error) {
      if (error instanceof RangeError) return { error: 'nested too deeply to be analysed' };
      throw error;
    }
  }
  return failure ?? { error: 'cannot be parsed' };
}

/** The syntax tree alone, of text that may stand in no workspace file; `undefined` for a syntax error. */
export function parseTree(file: string, text: string, lang: 'jsx' | 'ts' | 'tsx'): Node | undefined {
  for (const sourceType of ['module', 'commonjs'] as const) {
    const { errors, program } = parseSync(file, text, { astType: astTypeOf(lang), preserveParens: false, lang, sourceType });
    if (program.body.length > 0 || !errors.some(({ severity }) => severity === 'Error')) return program as unknown as Node;
  }
  return undefined;
}
