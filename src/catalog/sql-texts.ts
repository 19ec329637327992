/**
 * What a statement of SQL does when it runs a second time, as far as its text shows. Texts are looked at up to a bound; placeholders of
 * tagged templates stand as `?`.
 */
export type SqlRepeat =
  /** `n = n + 1`. */
  | { readonly kind: 'step' }
  /** A row is inserted; `columns` in their order, where the text names them. */
  | { readonly kind: 'insert'; readonly columns: readonly string[] }
  /** A row that is there already is left alone: `ON CONFLICT`, `INSERT IGNORE`. */
  | { readonly kind: 'onceOnly' };

const MAX_TEXT = 4_000;
const step = /\b(\w{1,64})["`\]]?\s{0,9}=\s{0,9}(?:coalesce\s{0,3}\(\s{0,3}|ifnull\s{0,3}\(\s{0,3})?(?:["`[]?\w{1,64}["`\]]?\.)?["`[]?\1["`\]]?\s{0,9}(?:,\s{0,9}[\d.]{1,9}\s{0,3}\)\s{0,9})?[-+]/i;

/** Pure; `undefined` for what only reads, sets or deletes. */
export function sqlRepeat(text: string): SqlRepeat | undefined {
  const head = text.slice(0, MAX_TEXT);
  const isInsert = /^\s*(?:with\b.{0,999}\)\s*)?insert\b/is.test(head);
  if ((isInsert || /^\s*update\b/i.test(head)) && step.test(head)) {
    // A condition on the value itself or on what was counted is the author's own check.
    return /\bwhere\b[\s\S]{0,999}(?:<>|!=|\bnot\s+(?:exists|in)\b|\bversion\b)/i.test(head) ? { kind: 'onceOnly' } : { kind: 'step' };
  }
  if (!isInsert) return undefined;
  if (/\bon\s+conflict\b|\bon\s+duplicate\s+key\b|\binsert\s+(?:or\s+)?(?:ignore|replace)\b|\bnot\s+exists\b/i.test(head)) return { kind: 'onceOnly' };
  const list = /\binto\s+["`[\]\w.]{1,160}\s{0,9}\(([^()]{1,1999})\)/i.exec(head)?.[1];
  return { kind: 'insert', columns: list === undefined ? [] : list.split(',').map((name) => name.trim().replace(/["`[\]]/g, '')) };
}
