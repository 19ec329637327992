/**
 * Decides, in one linear scan, whether a file may be handed to the native parser in this process. The parser dies of a
 * native stack overflow on deep nesting, and nothing in the process can catch that, so the scan errs towards refusing: a
 * refused file is parsed in a child, which costs time only.
 *
 * Three things are bounded (docs/decisions.md has the depths at which the parser dies): levels of brackets; operators and
 * words that nest without brackets (`a => b => …`, `!!…`, `if (a) if (b) …`) since the statement or list item began, added
 * over all open brackets; and elements and type arguments, of which only elements are counted back. What looks like a comment, string or regular
 * expression may be code after all (JSX text), so the brackets in it are bounded too.
 */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 1_000;
const MAX_ELSE_IF = 2_000;
const MAX_LINKS = 2_000;
const MAX_ANGLES = 4_000;
const MAX_HIDDEN = 4_000;

/** Words that may be followed by another of the kind without a bracket or separator between. */
const nesting = new Set([
  'if', 'while', 'for', 'do', 'with', 'else', 'typeof', 'void', 'delete', 'await', 'new', 'yield', 'keyof', 'infer', 'readonly', 'unique', 'extends', 'as', 'satisfies', 'in',
  'of', 'instanceof', 'class', 'async', 'is', 'asserts', 'abstract', 'function', 'throw', 'return', 'case', 'default', 'export', 'import', 'declare', 'type', 'try', 'catch', 'finally',
]);
/** Words whose parentheses are followed by a statement that is part of theirs. */
const heads = new Set(['if', 'while', 'for', 'with', 'await', 'catch', 'switch']);
/** Words that begin a statement of their own at whatever place a statement may begin. */
const starters = new Set(['function', 'class', 'async', 'throw', 'return', 'case', 'default', 'export', 'import', 'declare', 'type', 'abstract', 'try', 'await', 'yield', 'delete', 'void', 'new', 'typeof', 'if', 'for', 'while', 'do']);

export function refusal(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return 'larger than 1 MB';
  if (isSmall(text)) return undefined;
  const runs = new Int32Array(MAX_DEPTH + 2);
  const isHead = new Uint8Array(MAX_DEPTH + 2);
  let open = 0;
  let depth = 0;
  let angles = 0;
  let hidden = 0;
  let elseIfs = 0;
  let previous = 0;
  let word = '';
  let headEnded: boolean = false;
  let newline = false;
  // One entry for each template literal that a `${` left open: the bracket depth around it.
  const templates: number[] = [];
  const end = (): void => { open -= runs[depth] ?? 0; runs[depth] = 0; };

  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029) { newline = true; continue; }
    if (code <= 0x20) continue;
    const start = index;
    if (isWord(code)) {
      while (index + 1 < text.length && isWord(text.charCodeAt(index + 1))) index++;
      // Long names are no keywords; cutting them all out costs.
      const next = index - start < 10 ? text.slice(start, index + 1) : '';
      const begins = isOperandEnd(previous) && !headEnded && (newline || previous === 0x7d) && !nesting.has(word) && (!nesting.has(next) || (starters.has(next) && previous !== 0x29));
      if (begins && (next !== 'while' || previous !== 0x7d)) end();
      if (nesting.has(next)) {
        runs[depth] = (runs[depth] ?? 0) + 1;
        open++;
        if (next === 'if' && word === 'else' && ++elseIfs > MAX_ELSE_IF) return 'more than 2,000 else if';
      }
      word = next;
      headEnded = false;
    } else {
      const before = previous;
      const wordBefore = word;
      const ended: boolean = headEnded;
      word = '';
      headEnded = false;
      switch (code) {
        case 0x28: case 0x5b: case 0x7b:
          if (++depth > MAX_DEPTH) return 'more than 1,000 levels of brackets';
          isHead[depth] = code === 0x28 && heads.has(wordBefore) ? 1 : 0;
          break;
        case 0x29: case 0x5d: case 0x7d:
          if (depth > 0) { end(); headEnded = code === 0x29 && isHead[depth] === 1; depth--; }
          if (code === 0x7d && templates.length > 0 && templates[templates.length - 1] === depth) { templates.pop(); index = endOfTemplate(text, index + 1); }
          break;
        case 0x3b: case 0x2c: end(); break;
        case 0x3c: {
          const next = text.charCodeAt(index + 1);
          if (next === 0x2f) angles = Math.max(0, angles - 1);
          else if (next !== 0x3d && next !== 0x3c && next > 0x20 && before !== 0x3c && ++angles > MAX_ANGLES) return 'more than 4,000 angle brackets';
          runs[depth] = (runs[depth] ?? 0) + 1; open++;
          break;
        }
        case 0x3e:
          // `/>` ends an element. A lone `>` may end type arguments or the tag that opens an element: not told apart, not counted back.
          if (before === 0x2f) angles = Math.max(0, angles - 1);
          break;
        case 0x22: case 0x27: index = endOfString(text, index, code); break;
        case 0x60: index = endOfTemplate(text, index + 1); break;
        case 0x2f: {
          const next = text.charCodeAt(index + 1);
          if (next === 0x2f || next === 0x2a) {
            if (next === 0x2f) index = endOfLine(text, index) - 1;
            else { const close = text.indexOf('*/', index + 2); const until = close < 0 ? text.length : close + 1; if (text.slice(index, until).includes('\n')) newline = true; index = until; }
            hidden += brackets(text, start, index);
            if (hidden > MAX_HIDDEN) return 'more than 4,000 brackets in comments and strings';
            word = wordBefore; headEnded = ended;
            continue;
          }
          if (!isOperandEnd(before) || before === 0x7d || before === 0x29) index = endOfRegex(text, index);
          runs[depth] = (runs[depth] ?? 0) + 1; open++;
          break;
        }
        case 0x40: break;
        default: runs[depth] = (runs[depth] ?? 0) + 1; open++; break;
      }
      if (index > start) {
        hidden += brackets(text, start + 1, index);
        if (hidden > MAX_HIDDEN) return 'more than 4,000 brackets in comments and strings';
        if (text.charCodeAt(index) === 0x7b && (code === 0x60 || code === 0x7d)) {
          templates.push(depth);
          if (++depth > MAX_DEPTH) return 'more than 1,000 levels of brackets';
          isHead[depth] = 0;
        }
      }
    }
    if (open > MAX_LINKS) return 'a chain of more than 2,000 links';
    previous = text.charCodeAt(Math.min(index, text.length - 1));
    newline = false;
  }
  return undefined;
}

/** So few words, signs and brackets that none of the bounds can be passed, whatever they mean. Most files are like that. */
function isSmall(text: string): boolean {
  let [tokens, brackets, wasWord] = [0, 0, false];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const word = isWord(code);
    if (word ? !wasWord : code > 0x20) {
      if (++tokens > MAX_LINKS) return false;
      if ((code === 0x28 || code === 0x5b || code === 0x7b) && ++brackets > MAX_DEPTH) return false;
    }
    wasWord = word;
  }
  return true;
}

const isWord = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x24 || code === 0x23 || code > 0x7f;

/** A name, number, literal or closing bracket: what stands after it on a new line begins something, unless it is an operator. */
const isOperandEnd = (code: number): boolean => isWord(code) || code === 0x29 || code === 0x5d || code === 0x7d || code === 0x22 || code === 0x27 || code === 0x60;

function brackets(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x28 || code === 0x5b || code === 0x7b) count++;
  }
  return count;
}

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

/** Index of the closing backquote, or of the `{` of a hole. */
function endOfTemplate(text: string, start: number): number {
  for (let index = start; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x5c) index++;
    else if (code === 0x60) return index;
    else if (code === 0x24 && text.charCodeAt(index + 1) === 0x7b) return index + 1;
  }
  return text.length;
}
