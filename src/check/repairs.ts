import type { SourcePlace, Location } from '../model/location.ts';
import type { Edit, EditPart, Repair, Suggestion, TextEdit } from '../model/suggestion.ts';

interface Change { readonly start: number; readonly end: number; readonly text: string }

/** What rules propose for a file, as changes of its text; a suggestion that the text does not bear is left out. */
export function repairsOf(suggestions: readonly Suggestion[], file: string, text: string, locate: (place: SourcePlace) => Location): readonly Repair[] {
  return suggestions.flatMap((suggestion) => {
    const changes: Change[] = [];
    for (const edit of suggestion.edits) {
      const change = changeOf(edit, text);
      if (!change) return [];
      changes.push(change);
    }
    changes.sort((a, b) => a.start - b.start || a.end - b.end);
    if (changes.some((change, index) => change.start < (changes[index - 1]?.end ?? 0) || change.end > text.length)) return [];
    return [{ title: suggestion.title, edits: changes.map((change): TextEdit => ({ ...change, ...locate({ file, start: change.start, end: change.end }) })) }];
  });
}

function changeOf(edit: Edit, text: string): Change | undefined {
  switch (edit.kind) {
    case 'insert': return { start: edit.at, end: edit.at, text: join(edit.text, text) };
    case 'replace': return { start: edit.start, end: edit.end, text: join(edit.text, text) };
    case 'before': {
      const start = statementStart(text, edit.at);
      return start === undefined || !canPrecede(text, start) ? undefined : { start, end: start, text: `${join(edit.text, text)}\n${indentAt(text, start)}` };
    }
    case 'after': {
      const rest = /^[ \t]*;/.exec(text.slice(edit.at, edit.at + 200));
      const end = edit.at + (rest?.[0].length ?? 0);
      return { start: end, end, text: `\n${indentAt(text, edit.at)}${join(edit.text, text)}` };
    }
    case 'drop': return dropped(text, edit.start, edit.end);
  }
}

const join = (parts: readonly EditPart[], text: string): string => parts.map((part) => (typeof part === 'string' ? part : 'indentOf' in part ? indentAt(text, part.indentOf) : text.slice(part.start, part.end))).join('');

const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const indentAt = (text: string, at: number): string => /^[ \t]*/.exec(text.slice(lineStart(text, at), at))?.[0] ?? '';

/** Where the statement of a declarator or declaration begins: `export const x` at its `export`. Nothing where another stands in front of it. */
function statementStart(text: string, at: number): number | undefined {
  const before = text.slice(lineStart(text, at), at);
  const words = /^([ \t]*)(?:export[ \t]+(?:default[ \t]+)?)?(?:(?:const|let|var)[ \t]+)?$/.exec(before);
  return words ? lineStart(text, at) + (words[1] ?? '').length : undefined;
}

/** Whether a statement more may stand here: after another one or at the start of a block, not in place of an unbraced body. */
function canPrecede(text: string, at: number): boolean {
  const code = codeBefore(text, at);
  const last = code.at(-1);
  return last === undefined || last === '{' || last === '}' || last === ';' || (/['"`\]\w$]/.test(last) && !/\b(?:else|do)$/.test(code));
}

/** The text before a place, without blanks and comments at its end. */
function codeBefore(text: string, at: number): string {
  let code = text.slice(Math.max(0, at - 4_000), at).trimEnd();
  for (let count = 0; count < 50; count++) {
    const line = code.slice(code.lastIndexOf('\n') + 1);
    const comment = /(?:^|\s)\/\/.*$/.exec(line);
    if (comment) code = code.slice(0, code.length - line.length + comment.index).trimEnd();
    else if (code.endsWith('*/') && code.lastIndexOf('/*') >= 0) code = code.slice(0, code.lastIndexOf('/*')).trimEnd();
    else break;
  }
  return code;
}

/** Takes a declaration with its whole lines out, where it has them for itself. */
function dropped(text: string, start: number, end: number): Change | undefined {
  const first = lineStart(text, start);
  const next = text.indexOf('\n', end);
  const last = next < 0 ? text.length : next + 1;
  if (!/^[ \t]*(?:(?:const|let|var)[ \t]+)?$/.test(text.slice(first, start)) || !/^[ \t]*;?[ \t]*\r?\n?$/.test(text.slice(end, last))) return undefined;
  return { start: first, end: last, text: '' };
}
