import type { Repair } from '../../src/model/suggestion.ts';

/** The text after a repair. */
export function applyRepair(text: string, repair: Repair): string {
  let result = '';
  let at = 0;
  for (const edit of repair.edits) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
