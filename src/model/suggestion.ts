import type { Location, TextRange } from './location.ts';

/** A part of new text: words of the tool, a range of the file that is taken over, or the indentation of the line at an offset. */
export type EditPart = string | TextRange | { readonly indentOf: number };

/**
 * One change of a file. `before` and `after` put text on a line of its own beside the statement at an offset; `drop` takes a
 * declaration out. These three are refused, and the suggestion with them, where the text does not bear it: a statement
 * that is the whole body of an `if`, a declaration that shares its line.
 */
export type Edit =
  | { readonly kind: 'insert'; readonly at: number; readonly text: readonly EditPart[] }
  | { readonly kind: 'replace'; readonly start: number; readonly end: number; readonly text: readonly EditPart[] }
  | { readonly kind: 'before' | 'after'; readonly at: number; readonly text: readonly EditPart[] }
  | { readonly kind: 'drop'; readonly start: number; readonly end: number };

/** A mechanical repair, as a rule proposes it: changes of the file that the finding is in. */
export interface Suggestion {
  /** What is done, in the imperative. */
  readonly title: string;
  readonly edits: readonly [Edit, ...Edit[]];
}

/** A change with its text worked out; `start` and `end` are offsets into the file without byte order mark. */
export interface TextEdit extends Location, TextRange {
  readonly text: string;
}

/** A mechanical repair of one finding. Its edits do not overlap and come in order. */
export interface Repair {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}
