/** Characters that a terminal obeys or does not show: controls, format characters (bidirectional overrides, zero width), line separators, lone surrogates. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of a scanned repository as a terminal may show it: `\x1b`, `\u202e` for what would act on the terminal or hide. */
export function escapeTerminal(text: string): string {
  return text.replace(unseen, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** JSON text of a value, ended by a line feed; what a terminal would obey is written as `\uXXXX`, which reads back as the same value. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2).replace(unseen, (char) => (char === '\n' ? char : escapeUnits(char)));
  return `${text}\n`;
}

const escapeUnits = (char: string): string => Array.from({ length: char.length }, (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');

/** Relative path as a URI reference (RFC 3986): each segment percent-encoded, lone surrogates replaced. */
export function escapeUri(path: string): string {
  return path.replace(/\p{Cs}/gu, '\ufffd').split('/').map(encodeURIComponent).join('/');
}

/**
 * Text as a SARIF message (SARIF 2.1.0, sections 3.11.5 and 3.11.6, OASIS 2020-03-27): `{0}` would be a placeholder and
 * `[text](0)` a link, so braces are doubled and the brackets of what looks like a link get a backslash.
 */
export function escapeMessage(text: string): string {
  const braces = text.replace(/[{}]/g, '$&$&');
  return braces.includes('](') ? braces.replace(/[[\]]/g, '\\$&') : braces;
}

/** Text for an element or an attribute of XML 1.0: what XML can not hold or a reader would not see is written as `escapeTerminal` does. */
export function escapeXml(text: string): string {
  return escapeTerminal(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Characters that stand for themselves in a quoted label of Mermaid, wherever they are. */
const plainInMermaid = /[\p{L}\p{N} ,:/()$@=?+…→-]/u;

/**
 * Text for a quoted label of Mermaid (its documentation, "Flowcharts: entity codes to escape characters", November 2026): all
 * that could end the label or be markup is written as `#NUMBER;`. Names keep inner dots and underscores.
 */
export function escapeMermaid(text: string): string {
  const shown = escapeTerminal(text);
  const characters = [...shown];
  const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);
  // `1. x` and `- x` at the start would be a list: position of what makes it one.
  const list = /^\s*(?:\d{1,9}(?=\.(?:\s|$))|(?=[-+]))/.exec(shown)?.[0].length;
  const escaped = characters.map((char, index) => {
    const isInner = (char === '.' || char === '_') && isWord(characters[index - 1]) && isWord(characters[index + 1]);
    const isComment = char === '/' && characters[index + 1] === '/';
    return index !== list && !isComment && (isInner || plainInMermaid.test(char)) ? char : `#${char.codePointAt(0)};`;
  });
  return escaped.join('');
}

/** Text inside a quoted string of DOT (Graphviz documentation, "The DOT language" and "escString", November 2026): backslashes, quotes and entities are what it reads. */
export function escapeDot(text: string): string {
  return escapeTerminal(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/&/g, '&amp;');
}

/**
 * Text inside a paragraph, list item, heading or table cell of GitHub's Markdown (GitHub Flavored Markdown spec 0.29, "Backslash escapes" and
 * "Tables"): every character that could be markup gets a backslash, `<` and `&` too; line breaks and what a reader would not see are
 * written as `escapeTerminal` does. Names keep inner dots, dashes and slashes.
 */
export function escapeMarkdown(text: string): string {
  return escapeTerminal(text).replace(/[\\`*_{}[\]<>#|~&!$@]/g, '\\$&').replace(/^(\s*)([-+=])/, '$1\\$2').replace(/^(\s*\d{1,9})([.)])/, '$1\\$2');
}
