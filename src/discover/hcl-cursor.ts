/** What the parser throws for a piece of text that is no HCL; costs the block around it. */
export class HclError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const MAX_DEPTH = 150;

const [TAB, LINE_FEED, RETURN, SPACE, HASH, STAR, SLASH] = [9, 10, 13, 32, 35, 42, 47];
const identifier = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy;

/**
 * A place in a text, with what native syntax, templates and here-documents all need. Every look ahead is bounded or answered
 * from an index, so that reading is linear in the text.
 */
export class HclCursor {
  readonly text: string;
  at: number;
  readonly end: number;
  /** Whether line breaks separate (bodies) or count as space (inside brackets). */
  newlines = true;
  #depth = 0;
  #lastCommentEnd: number | undefined;
  #markers: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(text: string, at = 0, end = text.length) {
    this.text = text;
    this.at = at;
    this.end = end;
  }

  fail(message: string, offset = this.at): never {
    throw new HclError(message, offset);
  }

  /** Runs `work` one level deeper, with line breaks as space or not. */
  nested<T>(newlines: boolean, work: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail('nested too deeply');
    const before = this.newlines;
    this.newlines = newlines;
    const result = work();
    this.newlines = before;
    this.#depth--;
    return result;
  }

  /** Forgets what a failed attempt left open. */
  reset(at: number): void {
    this.at = at;
    this.#depth = 0;
    this.newlines = true;
  }

  /** Steps over space and comments; over line breaks too where they do not separate. */
  skip(newlines = !this.newlines): void {
    const [text, end] = [this.text, this.end];
    while (this.at < end) {
      const code = text.charCodeAt(this.at);
      if (code === SPACE || code === TAB || code === RETURN || (newlines && code === LINE_FEED)) this.at++;
      else if (code === HASH || (code === SLASH && text.charCodeAt(this.at + 1) === SLASH)) this.at = this.lineEnd(this.at);
      else if (code === SLASH && text.charCodeAt(this.at + 1) === STAR) this.#blockComment();
      else return;
    }
  }

  peek(): string {
    this.skip();
    return this.at < this.end ? this.text.charAt(this.at) : '';
  }

  /** Whether the text goes on with `token` here; steps over it. */
  take(token: string): boolean {
    this.skip();
    if (this.at + token.length > this.end || !this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.take(token)) this.fail(`expected "${token}"`);
  }

  /** An identifier here, or `undefined`. */
  name(): string | undefined {
    this.skip();
    if (this.at >= this.end) return undefined;
    identifier.lastIndex = this.at;
    const name = identifier.exec(this.text)?.[0];
    this.at += name?.length ?? 0;
    return name;
  }

  /** The next identifier without stepping over it. */
  peekName(): string | undefined {
    this.skip();
    const start = this.at;
    const name = this.name();
    this.at = start;
    return name;
  }

  lineEnd(from: number): number {
    const end = this.text.indexOf('\n', from);
    return end < 0 || end > this.end ? this.end : end;
  }

  /** Start of the first line at or after `from` that holds only `marker`, or -1. From an index: many that never close stay cheap. */
  markerLine(marker: string, from: number): number {
    this.#markers ??= markerLines(this.text);
    const lines = this.#markers.get(marker) ?? [];
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((lines[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return lines[low] ?? -1;
  }

  #blockComment(): void {
    this.#lastCommentEnd ??= this.text.lastIndexOf('*/');
    if (this.#lastCommentEnd < this.at + 2) this.fail('a comment is not closed');
    this.at = this.text.indexOf('*/', this.at + 2) + 2;
  }
}

/** Lines that hold one word, by the word. */
function markerLines(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  for (const match of text.matchAll(/^[ \t]*([\p{L}_][\p{L}\p{N}_-]{0,99})[ \t]*\r?$/gmu)) {
    const list = lines.get(match[1] ?? '');
    if (list) list.push(match.index);
    else lines.set(match[1] ?? '', [match.index]);
  }
  return lines;
}
