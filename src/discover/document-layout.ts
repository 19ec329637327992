/**
 * Puts each flow collection and quoted text of a YAML file on one line, its line breaks and comments replaced by as many
 * spaces, so that every offset stays. For files whose closing brackets or continued lines are indented less than YAML asks for: the
 * services' own parsers read them, ours does not. Linear; gives the text back unchanged where it is not sure.
 */
export function joinFlowLines(text: string): string {
  const layout = new Layout(text);
  layout.run();
  return layout.result();
}

const space = (c: string | undefined): boolean => c === ' ' || c === '\t';
const lineEnd = (c: string | undefined): boolean => c === '\n' || c === undefined;

class Layout {
  readonly #text: string;
  readonly #blanks: (readonly [number, number])[] = [];
  /** Something that opened never closed: nothing more is looked for, which keeps the time linear. */
  #unclosed = false;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    let at = 0;
    while (at < this.#text.length) at = this.#line(at);
  }

  result(): string {
    const parts: string[] = [];
    let from = 0;
    for (const [start, end] of this.#blanks) {
      parts.push(this.#text.slice(from, start), ' '.repeat(end - start));
      from = end;
    }
    return this.#blanks.length === 0 ? this.#text : parts.join('') + this.#text.slice(from);
  }

  /** Handles one line of block context (and what its value spans); gives the start of the next. */
  #line(start: number): number {
    const text = this.#text;
    let at = start;
    let column = 0;
    let keyed = false;
    for (;;) {
      while (space(text[at])) at++;
      const c = text[at];
      if (lineEnd(c) || c === '#' || c === '\r') return this.#next(at);
      if ((c === '-' || c === '?') && (space(text[at + 1]) || lineEnd(text[at + 1])) && !keyed) {
        column = at - start;
        at++;
      } else if (c === '!' || c === '&') {
        while (!lineEnd(text[at]) && !space(text[at])) at++;
      } else if (c === '|' || c === '>') {
        return this.#block(this.#next(at), column);
      } else {
        const end = this.#unclosed ? undefined : c === '"' || c === "'" ? this.#quoted(at, c) : c === '[' || c === '{' ? this.#flow(at) : undefined;
        if (end === undefined && keyed) return this.#next(at);
        // A key: what follows its colon is the value.
        const colon = this.#colon(end ?? at);
        if (colon === undefined || keyed) return this.#next(end ?? at);
        column = at - start;
        keyed = true;
        at = colon + 1;
      }
    }
  }

  #next(at: number): number {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? this.#text.length : end + 1;
  }

  /** The colon that ends a key which starts at or before `at`, on the same line. */
  #colon(at: number): number | undefined {
    const text = this.#text;
    for (let i = at; !lineEnd(text[i]); i++) {
      if (text[i] === ':' && (space(text[i + 1]) || lineEnd(text[i + 1]) || text[i + 1] === '\r')) return i;
      if (text[i] === '#' && space(text[i - 1])) return undefined;
    }
    return undefined;
  }

  /** Skips the lines of a block scalar: those indented more than its key. */
  #block(from: number, column: number): number {
    const text = this.#text;
    let at = from;
    while (at < text.length) {
      let i = at;
      while (text[i] === ' ') i++;
      if (!lineEnd(text[i]) && text[i] !== '\r' && i - at <= column) return at;
      at = this.#next(i);
    }
    return at;
  }

  /** End of a quoted text; its line breaks are marked for blanking. `undefined` when it does not end. */
  #quoted(start: number, quote: string): number | undefined {
    const text = this.#text;
    const marks: number[] = [];
    for (let i = start + 1; i < text.length; i++) {
      const c = text[i];
      if (c === '\\' && quote === '"') i++;
      else if (c === quote && quote === "'" && text[i + 1] === "'") i++;
      else if (c === quote) {
        for (const mark of marks) this.#blanks.push([mark, mark + 1]);
        return i + 1;
      } else if (c === '\n' || c === '\r') marks.push(i);
    }
    this.#unclosed = true;
    return undefined;
  }

  /** End of a flow collection; its line breaks and comments are marked for blanking. */
  #flow(start: number): number | undefined {
    const text = this.#text;
    const before = this.#blanks.length;
    let depth = 0;
    for (let i = start; i < text.length; i++) {
      const c = text[i];
      const previous = text[i - 1];
      if (c === '[' || c === '{') depth++;
      else if (c === ']' || c === '}') {
        if (--depth === 0) return i + 1;
      } else if (c === '\n' || c === '\r') this.#blanks.push([i, i + 1]);
      else if (c === '#' && (space(previous) || previous === '\n')) {
        const end = text.indexOf('\n', i);
        if (end < 0) break;
        this.#blanks.push([i, end]);
        i = end - 1;
      } else if ((c === '"' || c === "'") && (space(previous) || previous === '\n' || '[{,:'.includes(previous ?? 'x'))) {
        const end = this.#quoted(i, c);
        if (end === undefined) break;
        i = end - 1;
      }
    }
    this.#blanks.length = before;
    this.#unclosed = true;
    return undefined;
  }
}
