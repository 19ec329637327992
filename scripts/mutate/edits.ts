/** The text after the edits, and where an offset of the old text is in it. */
export interface Edited {
  readonly text: string;
  map(offset: number): number;
}

interface Edit { readonly start: number; readonly end: number; readonly text: string; readonly rank: number; readonly order: number }

/**
 * Edits of one text that are put in all at once. Offsets are those of the old text. Edits that overlap an earlier one are left out:
 * `replace` says so, and a caller that needs several together asks `isFree` first.
 */
export class Edits {
  private readonly text: string;
  private readonly edits: Edit[] = [];
  private readonly taken: Edit[] = [];

  constructor(text: string) { this.text = text; }

  get count(): number { return this.edits.length; }

  isFree(start: number, end: number): boolean {
    return this.taken.every((edit) => end <= edit.start || start >= edit.end);
  }

  /** Whether nothing is edited in a range, not even by an insertion. */
  isUntouched(start: number, end: number): boolean {
    return this.edits.every((edit) => edit.end < start || edit.start > end);
  }

  replace(start: number, end: number, text: string): boolean {
    if (!this.isFree(start, end)) return false;
    const edit = { start, end, text, rank: 0, order: this.edits.length };
    this.edits.push(edit);
    if (end > start) this.taken.push(edit);
    return true;
  }

  remove(start: number, end: number): boolean { return this.replace(start, end, ''); }

  insert(at: number, text: string): boolean { return this.replace(at, at, text); }

  /** Text around a node. Wrappings may nest: the outer one's parts stand outside. */
  wrap(node: { readonly range: readonly [number, number] }, before: string, after: string): void {
    const [start, end] = node.range;
    this.edits.push({ start, end: start, text: before, rank: 1e9 - end, order: this.edits.length });
    this.edits.push({ start: end, end, text: after, rank: -1e9 - start, order: this.edits.length });
  }

  apply(): Edited {
    const sorted = [...this.edits].sort((a, b) => a.start - b.start || (a.end === a.start ? 0 : 1) - (b.end === b.start ? 0 : 1) || a.rank - b.rank || a.order - b.order);
    const parts: string[] = [];
    const marks: { readonly start: number; readonly end: number; readonly shift: number; readonly at: number }[] = [];
    let from = 0;
    let length = 0;
    for (const edit of sorted) {
      if (edit.start < from) continue;
      parts.push(this.text.slice(from, edit.start), edit.text);
      length += edit.start - from;
      marks.push({ start: edit.start, end: edit.end, at: length, shift: length + edit.text.length - edit.end });
      length += edit.text.length;
      from = edit.end;
    }
    parts.push(this.text.slice(from));
    return {
      text: parts.join(''),
      map(offset) {
        let shift = 0;
        for (const mark of marks) {
          if (mark.start > offset) break;
          if (offset < mark.end) return mark.at;
          shift = mark.shift;
        }
        return offset + shift;
      },
    };
  }
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** Offset of a line and column, both from 1. */
export function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let current = 1; current < line; current++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  return start + column - 1;
}
