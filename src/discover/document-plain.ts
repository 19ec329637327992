import { FlowReader, isFlowStart, isNoName, noStart, quotedAt, tagAt, tagged } from './document-flow.ts';
import type { Built, PlainRules } from './document-flow.ts';
import { DocNode } from './document-node.ts';
import type { Positions } from './document-node.ts';
import type { DocError } from './document.ts';
import { isBlank, isLineEnd, ONE_LINE, readBlockScalar, readDoubleQuoted, readPlainText, readSingleQuoted, skipSpaces, Unusual, unusual } from './document-scalars.ts';

/** Nesting that is left to the full parser; far above what people write. */
const MAX_DEPTH = 50;
const MAX_ERRORS = 50;

const [SPACE, DOT, LINE_FEED, RETURN, QUOTE, HASH, APOSTROPHE, DASH, COLON, QUESTION, BAR, GREATER] = [32, 46, 10, 13, 34, 35, 39, 45, 58, 63, 124, 62];

/** Characters that make a text one for the full parser. */
const strange = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\uFEFF]|\r(?!\n)/;

/** What was read, with the keys that are there twice. */
export interface PlainDocument {
  readonly roots: readonly DocNode[];
  readonly errors: readonly DocError[];
}

/**
 * Reads the YAML that people write by hand: block maps and lists, flow collections, quoted, plain and block scalars, short tags,
 * comments, several documents. The tree is exactly that of the full parser, at a tenth of the cost. Whatever is rarer (anchors,
 * merge keys, explicit keys, directives, tabs between words) or any sort of mistake gives `undefined`: that text is for
 * the full parser. `layout`: the full parser would find the continuation of a quoted text or flow collection badly indented. Linear in the text.
 */
export function parsePlain(text: string, positions: Positions, rules: PlainRules): PlainDocument | 'layout' | undefined {
  if (strange.test(text)) return undefined;
  try {
    const parser = new PlainParser(text, positions, rules);
    return { roots: parser.documents(), errors: parser.errors };
  } catch (error) {
    if (error instanceof Unusual) return error.isLayout ? 'layout' : undefined;
    throw error;
  }
}

class PlainParser {
  readonly #text: string;
  readonly #positions: Positions;
  readonly #rules: PlainRules;
  readonly #flow: FlowReader;
  /** Keys that are there twice; anything else that is wrong is for the full parser to tell. */
  readonly errors: DocError[] = [];
  /** Where reading goes on. */
  #at = 0;
  /** Column of the next line that holds something, `-1` at the end of the document; `#at` stands on its first character. */
  #column = 0;
  #depth = 0;

  constructor(text: string, positions: Positions, rules: PlainRules) {
    this.#text = text;
    this.#positions = positions;
    this.#rules = rules;
    this.#flow = new FlowReader(text, positions, rules);
  }

  documents(): readonly DocNode[] {
    const roots: DocNode[] = [];
    this.#nextLine();
    while (this.#at < this.#text.length) {
      if (this.#isMarker()) {
        this.#at += 3;
        this.#lineEnd();
        this.#nextLine();
      }
      if (this.#column < 0) throw new Unusual();
      const isCollection = this.#isItem() || this.#keyEnd() >= 0;
      if (!isCollection) throw new Unusual();
      roots.push(this.#collection(this.#column).node);
      if (this.#column >= 0) throw new Unusual();
    }
    return roots.length === 0 ? unusual() : roots;
  }

  /** Steps over empty lines and comments to the next line that holds something. */
  #nextLine(): void {
    const text = this.#text;
    for (let at = this.#at; ;) {
      const start = at;
      at = skipSpaces(text, at);
      const code = text.charCodeAt(at);
      if (code === HASH) {
        at = text.indexOf('\n', at) + 1;
        if (at === 0) at = text.length;
      } else if (code === LINE_FEED) at++;
      else if (code === RETURN) at += 2;
      else {
        this.#at = at;
        this.#column = at >= text.length ? -1 : at - start;
        if (this.#column === 0 && this.#isMarker()) this.#column = -1;
        return;
      }
    }
  }

  /** Three dashes at the start of a line; three dots are left to others. */
  #isMarker(): boolean {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    if ((first !== DASH && first !== DOT) || (this.#at > 0 && text.charCodeAt(this.#at - 1) !== LINE_FEED)) return false;
    if (!/^(?:---|\.\.\.)(?:[ \t\r\n]|$)/.test(text.slice(this.#at, this.#at + 4))) return false;
    return first === DASH || unusual();
  }

  /** After a value: spaces, a comment, and the end of the line, which is passed. */
  #lineEnd(): void {
    const text = this.#text;
    let at = skipSpaces(text, this.#at);
    if (text.charCodeAt(at) === HASH) {
      if (text.charCodeAt(at - 1) !== SPACE) throw new Unusual();
      at = text.indexOf('\n', at);
      this.#at = at < 0 ? text.length : at + 1;
      return;
    }
    if (text.charCodeAt(at) === RETURN) at++;
    if (at < text.length && text.charCodeAt(at) !== LINE_FEED) throw new Unusual();
    this.#at = Math.min(text.length, at + 1);
  }

  #isItem(): boolean {
    return this.#text.charCodeAt(this.#at) === DASH && isBlank(this.#text.charCodeAt(this.#at + 1));
  }

  /** Offset of the colon when a key stands here, on one line; else `-1`. */
  #keyEnd(): number {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    let at = this.#at;
    if (first === QUOTE || first === APOSTROPHE) {
      const scalar = first === QUOTE ? readDoubleQuoted(text, at, ONE_LINE) : readSingleQuoted(text, at, ONE_LINE);
      if (scalar === undefined) return -1;
      at = skipSpaces(text, scalar.end);
      return text.charCodeAt(at) === COLON && isBlank(text.charCodeAt(at + 1)) ? at : -1;
    }
    if (noStart.has(first) || first === COLON || first === QUESTION || this.#isItem()) return -1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED) return -1;
      if (code === COLON && isBlank(text.charCodeAt(at + 1))) return at;
      if (code === HASH && isBlank(text.charCodeAt(at - 1))) return -1;
    }
    return -1;
  }

  /** The list or map whose first entry stands here, at the given column. */
  #collection(column: number): Built {
    if (++this.#depth > MAX_DEPTH) throw new Unusual();
    const built = this.#isItem() ? this.#list(column) : this.#map(column);
    this.#depth--;
    return built;
  }

  #list(column: number): Built {
    const start = this.#at;
    const items: DocNode[] = [];
    let end = start;
    do {
      const dash = this.#at;
      const at = skipSpaces(this.#text, dash + 1);
      const next = this.#text.charCodeAt(at);
      this.#at = at;
      let built: Built;
      if (isLineEnd(next) || next === HASH) built = this.#below(column, false, undefined);
      else {
        this.#column = column + at - dash;
        built = this.#isItem() || this.#keyEnd() >= 0 ? this.#collection(this.#column) : this.#value(column, false);
      }
      items.push(built.node);
      end = built.end;
    } while (this.#column === column && this.#isItem());
    if (this.#column > column) throw new Unusual();
    return { node: new DocNode(this.#positions, start, end, { items }), end };
  }

  #map(column: number): Built {
    const start = this.#at;
    const entries = new Map<string, DocNode>();
    const keys = new Map<string, readonly [number, number]>();
    let end = start;
    do {
      const from = this.#at;
      const colon = this.#keyEnd();
      if (colon < 0) throw new Unusual();
      const [name, keyEnd] = this.#key(from, colon);
      if (entries.has(name) && this.errors.length < MAX_ERRORS) {
        this.errors.push({ line: this.#positions.line(from), message: `key "${name.slice(0, 100)}" is there twice, the last one counts`, kind: 'duplicate' });
      }
      this.#at = skipSpaces(this.#text, colon + 1);
      const next = this.#text.charCodeAt(this.#at);
      const built = isLineEnd(next) || next === HASH ? this.#below(column, true, undefined) : this.#value(column, true);
      entries.set(name, built.node);
      keys.set(name, [from, keyEnd]);
      end = built.end;
    } while (this.#column === column);
    if (this.#column > column) throw new Unusual();
    return { node: new DocNode(this.#positions, start, end, { entries, keys }), end };
  }

  /** Name and end of the key between two offsets. Merge keys and those that are no text are left to others. */
  #key(from: number, colon: number): readonly [string, number] {
    const quoted = quotedAt(this.#text, from, ONE_LINE);
    if (quoted) return [quoted.text, quoted.end];
    let end = colon;
    while (end > from && this.#text.charCodeAt(end - 1) === SPACE) end--;
    const name = this.#text.slice(from, end);
    if (isNoName(name)) throw new Unusual();
    return [name, end];
  }

  /** What stands on the lines below a key (`isKey`) or a dash at the given column; the rest of this line is empty. */
  #below(column: number, isKey: boolean, tag: string | undefined): Built {
    const from = this.#at;
    this.#lineEnd();
    this.#nextLine();
    if (this.#column > column || (isKey && this.#column === column && this.#isItem())) {
      if (!this.#isItem() && this.#keyEnd() < 0) return tag === undefined ? this.#value(column, isKey) : unusual();
      const { node, end } = this.#collection(this.#column);
      return { node: tagged(this.#positions, this.#rules, node, tag), end };
    }
    if (tag !== undefined) throw new Unusual();
    return { node: new DocNode(this.#positions, from, from, { scalar: null }), end: from };
  }

  /** A value that is no block collection; what follows it on its line is passed, and the next line is looked up. */
  #value(column: number, isKey: boolean): Built {
    const text = this.#text;
    const head = tagAt(text, this.#at);
    const start = head?.next ?? this.#at;
    const first = text.charCodeAt(start);
    this.#at = start;
    if (isLineEnd(first) || first === HASH) return this.#below(column, isKey, head?.tag);
    const isBlock = first === BAR || first === GREATER;
    const { node, end } = isBlock ? this.#block(start, column + 1) : isFlowStart(first) ? this.#flow.read(start, column + 1) : this.#scalar(start, column + 1, head !== undefined);
    this.#at = end;
    if (!isBlock) this.#lineEnd();
    this.#nextLine();
    return { node: tagged(this.#positions, this.#rules, node, head?.tag), end };
  }

  #block(start: number, indent: number): Built {
    const { text, end } = readBlockScalar(this.#text, start, indent);
    return { node: new DocNode(this.#positions, start, end, { scalar: text, raw: text }), end };
  }

  /** A quoted or plain scalar. `indent`: columns that further lines of it need. */
  #scalar(start: number, indent: number, isTagged: boolean): Built {
    const text = this.#text;
    const first = text.charCodeAt(start);
    const quoted = quotedAt(text, start, indent);
    if (!quoted && (noStart.has(first) || ((first === DASH || first === COLON || first === QUESTION) && isBlank(text.charCodeAt(start + 1))))) throw new Unusual();
    const { text: value, end } = quoted ?? readPlainText(text, start, indent);
    return { node: new DocNode(this.#positions, start, end, quoted || isTagged ? { scalar: value, raw: value } : this.#rules.typed(value)), end };
  }
}
