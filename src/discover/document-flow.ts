import { DocNode } from './document-node.ts';
import type { NodeParts, Positions } from './document-node.ts';
import { isBlank, isFlowIndicator, ONE_LINE, readDoubleQuoted, readFlowText, readSingleQuoted, skipSpaces, Unusual, unusual } from './document-scalars.ts';
import type { ScalarText } from './document-scalars.ts';

/** Nesting that is left to the full parser; far above what people write. */
const MAX_DEPTH = 50;

const [TAB, SPACE, LINE_FEED, RETURN, QUOTE, BANG, HASH, APOSTROPHE, COMMA, DASH, COLON] = [9, 32, 10, 13, 34, 33, 35, 39, 44, 45, 58];
const [OPEN_LIST, CLOSE_LIST, OPEN_MAP, CLOSE_MAP] = [91, 93, 123, 125];

/** Characters that no plain scalar begins with. */
export const noStart: ReadonlySet<number> = new Set([...'&*%@`,]}|>#"\'[{!\t'].map((char) => char.charCodeAt(0)));

/** What the caller knows: how a plain scalar is typed, and how a tag stands in the tree. */
export interface PlainRules {
  typed(text: string): NodeParts;
  /** Long name of a short tag (`!Sub` → `Fn::Sub`). */
  longName(tag: string): string | undefined;
}

/** A node with the offset behind its value. */
export interface Built {
  readonly node: DocNode;
  readonly end: number;
}

/** Whether a flow collection begins with this character. */
export const isFlowStart = (code: number): boolean => code === OPEN_LIST || code === OPEN_MAP;

/** Merge keys, and keys that are no text. */
export const isNoName = (name: string): boolean => /^(?:<<|~|null|Null|NULL|)$/.test(name) || name.includes('\t');

/** The quoted scalar at an offset; `undefined` when something else stands there. Throws `Unusual` when it does not end. */
export function quotedAt(text: string, at: number, indent: number): ScalarText | undefined {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return readDoubleQuoted(text, at, indent) ?? unusual();
  return first === APOSTROPHE ? readSingleQuoted(text, at, indent) ?? unusual() : undefined;
}

/** A short tag at an offset and where its value begins; `undefined` when there is none. */
export function tagAt(text: string, at: number): { readonly tag: string; readonly next: number } | undefined {
  if (text.charCodeAt(at) !== BANG) return undefined;
  let end = at + 1;
  while (isWord(text.charCodeAt(end))) end++;
  if (end === at + 1 || !isBlank(text.charCodeAt(end))) throw new Unusual();
  return { tag: text.slice(at, end), next: skipSpaces(text, end) };
}

/** Letters and digits, as in the names of intrinsic functions. */
const isWord = (code: number): boolean => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** A node under a short tag: the map of its long name. Other tags are left to the full parser. */
export function tagged(positions: Positions, rules: PlainRules, node: DocNode, tag: string | undefined): DocNode {
  if (tag === undefined) return node;
  const place = node.range;
  const name = rules.longName(tag) ?? unusual();
  return new DocNode(positions, place[0], place[1], { entries: new Map([[name, node]]), keys: new Map([[name, place]]) });
}

/** Flow collections (`[a, {b: c}]`) of the quick YAML reader. Throws `Unusual`. */
export class FlowReader {
  readonly #text: string;
  readonly #positions: Positions;
  readonly #rules: PlainRules;
  #at = 0;
  #depth = 0;
  /** Columns that further lines need; a bracket that closes the outermost collection may stand one to the left. */
  #indent = 0;

  constructor(text: string, positions: Positions, rules: PlainRules) {
    this.#text = text;
    this.#positions = positions;
    this.#rules = rules;
  }

  /** The collection that begins at an offset. `indent`: columns that further lines of it need. */
  read(start: number, indent: number): Built {
    this.#at = start;
    this.#indent = indent;
    this.#depth = 0;
    return this.#collection();
  }

  #collection(): Built {
    if (++this.#depth > MAX_DEPTH) throw new Unusual();
    const start = this.#at++;
    const parts = this.#text.charCodeAt(start) === OPEN_LIST ? this.#list() : this.#map();
    this.#depth--;
    return { node: new DocNode(this.#positions, start, ++this.#at, parts), end: this.#at };
  }

  #list(): NodeParts {
    const items: DocNode[] = [];
    for (let next = this.#space(); next !== CLOSE_LIST; next = this.#separator(CLOSE_LIST)) {
      const from = this.#at;
      const { node, end } = this.#value();
      this.#at = end;
      items.push(this.#space() === COLON ? this.#pair(from, end) : node);
    }
    return { items };
  }

  #map(): NodeParts {
    const entries = new Map<string, DocNode>();
    const keys = new Map<string, readonly [number, number]>();
    for (let next = this.#space(); next !== CLOSE_MAP; next = this.#separator(CLOSE_MAP)) {
      const from = this.#at;
      const { name, end, value } = this.#entry();
      if (entries.has(name)) throw new Unusual();
      entries.set(name, value.node);
      keys.set(name, [from, end]);
    }
    return { entries, keys };
  }

  /** The list item that turned out to be a map of one entry (`[Condition: Name]`); its key ends at `keyEnd`. */
  #pair(from: number, keyEnd: number): DocNode {
    if (this.#text.slice(keyEnd, this.#at).includes('\n')) throw new Unusual();
    this.#at = from;
    const { name, end, value } = this.#entry();
    return new DocNode(this.#positions, from, value.end, { entries: new Map([[name, value.node]]), keys: new Map([[name, [from, end]]]) });
  }

  /** Key, colon and value. */
  #entry(): { readonly name: string; readonly end: number; readonly value: Built } {
    const first = this.#text.charCodeAt(this.#at);
    const quoted = quotedAt(this.#text, this.#at, ONE_LINE);
    if (!quoted && (noStart.has(first) || first === DASH || first === COLON || first === 63)) throw new Unusual();
    const key = quoted ?? readFlowText(this.#text, this.#at);
    if (!quoted && isNoName(key.text)) throw new Unusual();
    this.#at = key.end;
    // After a quoted key the value may follow without a space.
    if (this.#space() !== COLON || !(quoted || isBlank(this.#text.charCodeAt(this.#at + 1)))) throw new Unusual();
    this.#at++;
    this.#space();
    const value = this.#value();
    this.#at = value.end;
    return { name: key.text, end: key.end, value };
  }

  #value(): Built {
    const text = this.#text;
    const head = tagAt(text, this.#at);
    if (head) this.#at = head.next;
    const start = this.#at;
    const first = text.charCodeAt(start);
    if (isFlowStart(first)) {
      const { node, end } = this.#collection();
      return { node: tagged(this.#positions, this.#rules, node, head?.tag), end };
    }
    const quoted = quotedAt(text, start, ONE_LINE);
    if (!quoted && (noStart.has(first) || isNoFlowStart(first, text.charCodeAt(start + 1)))) throw new Unusual();
    const { text: value, end } = quoted ?? readFlowText(text, start);
    const parts = quoted || head ? { scalar: value, raw: value } : this.#rules.typed(value);
    return { node: tagged(this.#positions, this.#rules, new DocNode(this.#positions, start, end, parts), head?.tag), end };
  }

  /** A comma, or the end of the collection; the next character after it. */
  #separator(close: number): number {
    const next = this.#space();
    if (next === close) return next;
    if (next !== COMMA) throw new Unusual();
    this.#at++;
    return this.#space();
  }

  /** Steps over white space, line breaks and comments; the next character. */
  #space(): number {
    const text = this.#text;
    let at = this.#at;
    for (let line = -1; ;) {
      at = skipSpaces(text, at);
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || code === RETURN) {
        at += code === RETURN ? 2 : 1;
        line = at;
      } else if (code === HASH) {
        if (at !== line && text.charCodeAt(at - 1) !== SPACE) throw new Unusual();
        at = text.indexOf('\n', at);
        if (at < 0) throw new Unusual();
      } else {
        if (at >= text.length || code === TAB) throw new Unusual();
        const isLastBracket = this.#depth === 1 && (code === CLOSE_LIST || code === CLOSE_MAP);
        if (line >= 0 && at - line < this.#indent - (isLastBracket ? 1 : 0)) throw new Unusual(true);
        this.#at = at;
        return code;
      }
    }
  }
}

/** A dash, colon or question mark that is no text inside a flow collection. */
const isNoFlowStart = (first: number, next: number): boolean => first === COLON || first === 63 || (first === DASH && (isBlank(next) || isFlowIndicator(next)));
