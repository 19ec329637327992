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

/** Functions of SQL that tell of the server and the session, of no row (PostgreSQL 18, MySQL 9, SQLite 3, SQL Server 2025; November 2026). */
const ofServer = /^(?:now|version|pg_backend_pid|current_(?:database|schema|user|date|time|timestamp)|database|schema|user|session_user|inet_server_addr|getdate|sysdatetime|sysdate|utc_timestamp|unix_timestamp|datetime|date|time|strftime|sqlite_version|connection_id|random|rand|uuid|gen_random_uuid|newid|pg_postmaster_start_time|to_char|cast|upper|lower|round|concat)$/i;
const MAX_READ_TEXT = 20_000;

/**
 * What a statement of SQL that changes nothing reads: `rows`, or `server` for a query that asks for no table at all (`SELECT NOW()`). Pure;
 * `undefined` for what changes something or may.
 */
export function sqlRead(text: string): 'rows' | 'server' | undefined {
  if (text.length > MAX_READ_TEXT) return undefined;
  const whole = text.replace(/'[^']{0,999}'/g, "''").replace(/--[^\n]{0,999}(?:\n|$)/g, ' ');
  const reads: ('rows' | 'server')[] = [];
  const temporary = new Set<string>();
  for (const one of whole.split(';').map((part) => part.trim())) {
    if (one === '') continue;
    const read = ofTemporary(one, temporary) ? 'server' : readOf(one);
    if (read === undefined) return undefined;
    reads.push(read);
  }
  return reads.length === 0 ? undefined : reads.includes('rows') ? 'rows' : 'server';
}

/** Makes a table that only this session has and that ends with it, fills it or takes it away (PostgreSQL 18, MySQL 9, SQLite 3: `CREATE TEMPORARY TABLE`; November 2026). */
function ofTemporary(one: string, names: Set<string>): boolean {
  const made = /^create\s+(?:(?:global|local)\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?["`]?([\w.?]{1,160})["`]?/i.exec(one)?.[1];
  if (made !== undefined && !made.includes('?')) names.add(made.toLowerCase());
  const used = /^(?:insert\s+into|update|delete\s+from|truncate(?:\s+table)?|drop\s+(?:temporary\s+)?table(?:\s+if\s+exists)?)\s+["`]?([\w.]{1,160})["`]?/i.exec(one)?.[1];
  if (made === undefined && (used === undefined || !names.has(used.toLowerCase()))) return false;
  // What is copied into it may come out of a function that does anything.
  return !/\b(?:from|join)\s{1,99}["`\w.?]{1,160}\s{0,9}\(/i.test(one);
}

/** Of one statement, without its texts and comments. */
function readOf(only: string): 'rows' | 'server' | undefined {
  // A copy into a table and a lock for the change that follows are no mere read.
  if (/\b(?:insert|update|delete|merge|into)\b/i.test(only)) return undefined;
  if (!/^(?:\(\s{0,9})?(?:select|with)\b/i.test(only)) return undefined;
  // A function in place of a table may do anything.
  if (/\bfrom\b/i.test(only)) return /\b(?:from|join)\s{1,99}["`\w.]{1,160}\s{0,9}\(/i.test(only) ? undefined : 'rows';
  return [...only.matchAll(/\b(\w{1,64})\s{0,9}\(/g)].every(([, name]) => ofServer.test(name ?? '') || /^(?:select|as|in)$/i.test(name ?? '')) ? 'server' : undefined;
}
