import { literalText, type Value } from '../../model/value.ts';

const MAX_PATTERN = 120;
const MAX_REPEATS = 3;

/** Longer texts are not tried: with a few repeats the time grows with a power of their length. */
export const MAX_SAMPLE = 200;

/** A repeated group, a look-around or a back reference: what can take long, or asks for more than the text. */
const costly = /\)[+*{]|\(\?[=!<]|\\[1-9kpPuxc]/;

/** The text of a regular expression that can be tried on short texts without cost: the repository may have been written to cost time. */
export function patternOf(value: Value): string | undefined {
  const [first] = value.kind === 'derived' && value.what === 'regex' ? value.from : [];
  const pattern = first && literalText(first);
  if (pattern === undefined || pattern.length > MAX_PATTERN || costly.test(pattern) || (pattern.match(/[+*]|\{\d*,/g)?.length ?? 0) > MAX_REPEATS) return undefined;
  try { new RegExp(pattern); } catch { return undefined; }
  return pattern;
}

/** A text that an expression takes, of the first of its alternatives; `undefined` where none was found. */
export function exampleOf(pattern: string): string | undefined {
  const reader = new Reader(pattern.replace(/^\^/, '').replace(/(^|[^\\])\$$/, '$1'));
  const example = reader.alternatives();
  return example !== undefined && example.length <= MAX_SAMPLE && reader.isAtEnd() && new RegExp(pattern, 'i').test(example) ? example : undefined;
}

/** Reads an expression from left to right and writes down the shortest thing that each part takes. */
class Reader {
  private at = 0;
  private readonly pattern: string;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** The first of `a|b|c`; the others are read over. */
  alternatives(): string | undefined {
    const first = this.sequence();
    while (this.pattern[this.at] === '|') { this.at++; if (this.sequence() === undefined) return undefined; }
    return first;
  }

  private sequence(): string | undefined {
    let text = '';
    while (!this.isAtEnd() && this.pattern[this.at] !== '|' && this.pattern[this.at] !== ')') {
      const part = this.part();
      if (part === undefined) return undefined;
      text += this.repeated(part);
    }
    return text;
  }

  private part(): string | undefined {
    const char = this.pattern[this.at++] ?? '';
    if (char === '(') {
      if (this.pattern.startsWith('?:', this.at)) this.at += 2;
      const inner = this.alternatives();
      return this.pattern[this.at++] === ')' ? inner : undefined;
    }
    if (char === '[') return this.set();
    if (char === '\\') return this.escaped();
    return char === '.' ? 'a' : char === '^' || char === '$' ? undefined : char;
  }

  private escaped(): string | undefined {
    const char = this.pattern[this.at++];
    const classes: Readonly<Record<string, string>> = { d: '1', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
    return char === undefined || /[bBnrtfv0]/.test(char) ? undefined : (classes[char] ?? char);
  }

  private set(): string | undefined {
    const end = this.pattern.slice(this.at).search(/[^\\]\]/);
    if (end < 0) return undefined;
    const body = this.pattern.slice(this.at, this.at + end + 1);
    this.at += end + 2;
    if (body.startsWith('^')) return body.includes('a') ? 'x' : 'a';
    return body.startsWith('\\') ? ({ d: '1', w: 'a', s: ' ' }[body.charAt(1)] ?? body.charAt(1)) : body.charAt(0);
  }

  private repeated(part: string): string {
    const found = /^(?:[+*?]|\{(\d{1,2})(?:,\d{0,3})?\})\??/.exec(this.pattern.slice(this.at));
    if (!found) return part;
    this.at += found[0].length;
    return found[1] === undefined ? part : part.repeat(Number(found[1]));
  }
}
