import type { Edited, Edits } from '../edits.ts';
import type { Tree } from '../tree.ts';

/** What a rewrite may know beyond the file at hand. */
export interface Surroundings {
  /** Handlers stand in it, or infrastructure was read from it. */
  readonly isEntry: boolean;
  /** Nothing but its own code, the types of parameters for one, says that the platform calls something in it. */
  readonly isKnownByTypes: boolean;
  /** All files with code are rewritten alike, so that an importer knows what its modules have become. */
  readonly all: boolean;
  /** The tree of a module of the repository, by the specifier of the file at hand. */
  resolve(specifier: string): Tree | undefined;
}

/** A change of a file that says the same in other words. */
export interface Rewrite {
  readonly id: string;
  readonly title: string;
  /** Rules for which it does change something, and why is said where it is declared. */
  readonly concerns?: readonly string[];
  /** Puts its edits in, or gives a whole new text where parts change places. `false`: there is nothing to rewrite. */
  apply(tree: Tree, edits: Edits, surroundings: Surroundings): Edited | boolean | undefined;
  /** The file's text goes to a file of this name beside it, and this text stands in its old place. */
  move?(tree: Tree, surroundings: Surroundings): { readonly name: string; readonly stub: string } | undefined;
}

/** Part of the old text, or new text. */
export type Piece = readonly [number, number] | string;

/** A text put together from pieces of an old one; every offset of the old one should be in some piece. */
export function assemble(text: string, pieces: readonly Piece[]): Edited {
  const parts: string[] = [];
  const known: { readonly start: number; readonly end: number; readonly at: number }[] = [];
  let length = 0;
  for (const piece of pieces) {
    const part = typeof piece === 'string' ? piece : text.slice(piece[0], piece[1]);
    if (typeof piece !== 'string') known.push({ start: piece[0], end: piece[1], at: length });
    parts.push(part);
    length += part.length;
  }
  return {
    text: parts.join(''),
    map(offset) {
      const piece = known.find((one) => offset >= one.start && offset < one.end);
      return piece ? piece.at + offset - piece.start : offset;
    },
  };
}
