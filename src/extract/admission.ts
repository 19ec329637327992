/**
 * Decides, in one linear scan, whether a file may be handed to the native parser in this process. The parser dies of a
 * native stack overflow on deep nesting, and nothing in the process can catch that, so the scan errs towards refusing:
 * closing brackets count only where they surely are code.
 *
 * Limits from docs/decisions.md: 1 MB, 1,000 levels of brackets, 2,000 `else if`, 5,000 links of one chain.
 */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 1_000;
const MAX_ELSE_IF = 2_000;
const MAX_LINKS = 5_000;

export function refusal(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return 'larger than 1 MB';
  let depth = 0;
  let links = 0;
  let elseIfs = 0;
  let index = 0;
  let previous = 0;
  // One stack entry for each template literal that a `${` left open: the bracket depth inside it.
  const templates: number[] = [];
  while (index < text.length) {
    const code = text.charCodeAt(index);
    switch (code) {
      case 0x28: case 0x5b: case 0x7b: if (++depth > MAX_DEPTH) return 'more than 1,000 levels of brackets'; break;
      case 0x29: case 0x5d: if (depth > 0) depth--; break;
      case 0x7d:
        if (depth > 0) depth--;
        if (templates.length > 0 && templates[templates.length - 1] === depth) { templates.pop(); index = endOfTemplate(text, index + 1, templates, depth); if (text.charCodeAt(index) === 0x7b) depth++; }
        break;
      case 0x3b: links = 0; break;
      // A tag, a generic or a comparison: `<` nests without brackets in types and JSX.
      case 0x3c: case 0x3d: case 0x3f: case 0x2e: case 0x2b: case 0x2d: case 0x21: case 0x7e: case 0x26: case 0x7c: case 0x2a: case 0x3a:
        if (++links > MAX_LINKS) { if (chained(text, index)) return 'a chain of more than 5,000 links'; links = 0; }
        break;
      case 0x65: if (text.startsWith('else', index) && /^else\s+if\b/.test(text.slice(index, index + 40)) && ++elseIfs > MAX_ELSE_IF) return 'more than 2,000 else if'; break;
      case 0x22: case 0x27: index = endOfString(text, index, code); break;
      case 0x60: index = endOfTemplate(text, index + 1, templates, depth); if (text.charCodeAt(index) === 0x7b) depth++; break;
      case 0x2f: {
        const next = text.charCodeAt(index + 1);
        if (next === 0x2f) index = endOfLine(text, index) - 1;
        else if (next === 0x2a) { const end = text.indexOf('*/', index + 2); index = end < 0 ? text.length : end + 1; }
        else if (!isOperand(previous)) index = endOfRegex(text, index);
        break;
      }
      default: break;
    }
    const now = text.charCodeAt(index);
    if (now > 0x20) previous = now;
    index++;
  }
  return undefined;
}

/** A run of 5,000 links without a semicolon is only a danger when it is one expression: hardly any line or comma between. */
function chained(text: string, index: number): boolean {
  const window = text.slice(Math.max(0, index - 40_000), index);
  let separators = 0;
  for (const character of window) if (character === ',' || character === '}' || character === '>') separators++;
  return separators * 4 < MAX_LINKS;
}

const isOperand = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || code === 0x24 || code === 0x29 || code === 0x5d || code > 0x7f;

function endOfLine(text: string, index: number): number {
  const end = text.indexOf('\n', index);
  return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number, quote: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === quote || code === 0x0a) return index;
  }
  return text.length;
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x5b) inClass = true;
    else if (code === 0x5d) inClass = false;
    else if (code === 0x0a) return start;
    else if (code === 0x2f && !inClass) return index;
  }
  return start;
}

/** Index of the closing backquote, or of the `{` of a hole, which is then noted as open. */
function endOfTemplate(text: string, start: number, templates: number[], depth: number): number {
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x60) return index;
    else if (code === 0x24 && text.charCodeAt(index + 1) === 0x7b) { templates.push(depth); return index + 1; }
  }
  return text.length;
}
