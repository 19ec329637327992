import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/**
 * Reading of the annotations in `fixtures/`, and their comparison with what a scan found.
 *
 * Three forms, in a comment that starts with `//`, `#` or stands between a block comment's marks:
 *
 *     finding: <rule-id> <error|warning> [message-id] [-- note]     reported, with exactly this severity
 *     info: <rule-id> [message-id] [-- note]                        reported, with severity info exactly
 *     ok: <rule-id> <why>                                           nothing above info
 *
 * At the end of a line an annotation concerns that line; alone on a line it concerns the next line that is no
 * annotation. Several annotations above each other concern the same line.
 */
export interface Annotation {
  readonly expect: 'finding' | 'quiet';
  readonly rule: string;
  /** Given for `finding`. */
  readonly severity?: FixtureSeverity;
  readonly messageId?: string;
  /** What follows `--`, or the reason of an `ok`. */
  readonly note: string;
  /** Relative to the fixture's folder, forward slashes. */
  readonly file: string;
  /** The line that it concerns, counted from 1. */
  readonly line: number;
  /** The line that it stands on. */
  readonly at: number;
}

export type FixtureSeverity = 'error' | 'warning' | 'info';

/** What the comparison needs of a finding; the analyzer's findings have more. */
export interface FoundSpot {
  readonly rule: string;
  readonly severity: string;
  readonly file: string;
  readonly line: number;
  readonly messageId?: string;
  readonly message?: string;
  readonly suppressed?: unknown;
}

/** One difference between the annotations and the findings of a fixture. */
export interface Mismatch {
  readonly kind: 'missing' | 'unexpected' | 'wrong severity' | 'wrong message' | 'near miss violated';
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const annotatedFile = /\.(?:[cm]?[jt]sx?|ya?ml|jsonc|toml|tf)$/;
const comment = /(?:\/\/|#|\/\*)[ \t]*(finding|info|ok):[ \t]*(\S.*)$/;
const ruleId = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;
const messageId = /^[a-z][A-Za-z0-9]*$/;

/** Every file under a folder, relative to it, sorted by code unit. `node_modules` is left out. */
export function listFiles(dir: string): string[] {
  const found: string[] = [];
  const folders = [dir];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') folders.push(path);
      } else if (entry.isFile()) {
        found.push(relative(dir, path).split(sep).join('/'));
      }
    }
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** All annotations of a fixture project, by file and line. Throws where one is malformed: a typing error must not pass as "nothing expected". */
export function readAnnotations(dir: string): Annotation[] {
  return listFiles(dir)
    .filter((file) => annotatedFile.test(file))
    .flatMap((file) => parseAnnotations(readFileSync(join(dir, file), 'utf8'), file));
}

/** Annotations of one file's text. */
export function parseAnnotations(text: string, file: string): Annotation[] {
  const annotations: Annotation[] = [];
  const waiting: { readonly parsed: ParsedAnnotation; readonly at: number }[] = [];
  const lines = text.split(/\r\n|\n|\r/);
  for (const [index, content] of lines.entries()) {
    const number = index + 1;
    const match = comment.exec(content);
    const parsed = match === null ? undefined : parseOne(match[1] ?? '', match[2] ?? '', `${file}:${number}`);
    if (match !== null && parsed !== undefined && content.slice(0, match.index).trim() === '') {
      waiting.push({ parsed, at: number });
      continue;
    }
    for (const each of waiting.splice(0)) annotations.push({ ...each.parsed, file, line: number, at: each.at });
    if (parsed !== undefined) annotations.push({ ...parsed, file, line: number, at: number });
  }
  const dangling = waiting[0];
  if (dangling !== undefined) throw new Error(`${file}:${dangling.at}: the annotation has no line after it`);
  return annotations;
}

type ParsedAnnotation = Omit<Annotation, 'file' | 'line' | 'at'>;

function parseOne(form: string, rest: string, place: string): ParsedAnnotation {
  const body = rest.replace(/\*\/\s*$/, '').trim();
  const [rule = '', ...words] = body.split(/\s+/);
  if (!ruleId.test(rule)) throw new Error(`${place}: "${rule}" is no rule id`);
  if (form === 'ok') {
    const note = words.join(' ');
    if (note === '') throw new Error(`${place}: a near miss says why it is one`);
    return { expect: 'quiet', rule, note };
  }
  const split = words.indexOf('--');
  const head = split < 0 ? words : words.slice(0, split);
  const note = split < 0 ? '' : words.slice(split + 1).join(' ');
  const severity = form === 'info' ? 'info' : head.shift();
  if (severity !== 'error' && severity !== 'warning' && !(severity === 'info' && form === 'info')) {
    throw new Error(`${place}: the severity is error or warning (for info write "info: ${rule}"), not "${severity ?? ''}"`);
  }
  const id = head.shift();
  if (head.length > 0 || (id !== undefined && !messageId.test(id))) throw new Error(`${place}: write the note after "--"`);
  return { expect: 'finding', rule, severity, ...(id === undefined ? {} : { messageId: id }), note };
}

/**
 * Compares findings with annotations. The rules in `rules` are compared in full: each finding needs an annotation.
 * Findings of any other rule count only on lines that are annotated for it. Suppressed findings count as not reported.
 */
export function compare(annotations: readonly Annotation[], findings: readonly FoundSpot[], rules: ReadonlySet<string>): Mismatch[] {
  const mismatches: Mismatch[] = [];
  const add = (kind: Mismatch['kind'], spot: { rule: string; file: string; line: number }, text: string): void => {
    mismatches.push({ kind, rule: spot.rule, file: spot.file, line: spot.line, text });
  };
  const key = (spot: { rule: string; file: string; line: number }): string => `${spot.rule}\n${spot.file}\n${spot.line}`;
  const found = new Map<string, FoundSpot[]>();
  for (const finding of findings) {
    if (finding.suppressed !== undefined) continue;
    const list = found.get(key(finding));
    if (list === undefined) found.set(key(finding), [finding]);
    else list.push(finding);
  }
  const quiet = new Set<string>();
  for (const annotation of annotations) {
    if (annotation.expect === 'quiet') {
      quiet.add(key(annotation));
      continue;
    }
    const here = found.get(key(annotation)) ?? [];
    const index = Math.max(0, here.findIndex((finding) => finding.severity === annotation.severity));
    const finding = here[index];
    const expected = `${annotation.severity ?? ''}${annotation.note === '' ? '' : ` (${annotation.note})`}`;
    if (finding === undefined) {
      add('missing', annotation, `expected ${expected}`);
      continue;
    }
    here.splice(index, 1);
    if (finding.severity !== annotation.severity) add('wrong severity', annotation, `expected ${expected}, found ${describeSpot(finding)}`);
    else if (annotation.messageId !== undefined && finding.messageId !== annotation.messageId) {
      add('wrong message', annotation, `expected ${annotation.messageId}, found ${describeSpot(finding)}`);
    }
  }
  for (const [place, rest] of found) {
    for (const finding of rest) {
      if (quiet.has(place)) {
        if (finding.severity !== 'info') {
          const why = annotations.find((each) => each.expect === 'quiet' && key(each) === place)?.note ?? '';
          add('near miss violated', finding, `found ${describeSpot(finding)}; must stay quiet: ${why}`);
        }
      } else if (rules.has(finding.rule)) add('unexpected', finding, `found ${describeSpot(finding)}`);
    }
  }
  return mismatches.sort((a, b) => order(a.file, b.file) || a.line - b.line || order(a.rule, b.rule) || order(a.kind, b.kind));
}

function describeSpot(finding: FoundSpot): string {
  const id = finding.messageId === undefined ? '' : ` [${finding.messageId}]`;
  return `${finding.severity}${id}${finding.message === undefined ? '' : `: ${finding.message}`}`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Mismatches as lines for people, one each; empty when there are none. */
export function describe(mismatches: readonly Mismatch[]): string {
  return mismatches.map((each) => `${each.file}:${each.line}  ${each.kind}  ${each.rule}  ${each.text}`).join('\n');
}

/** A fixture project: a folder whose annotations are compared with one scan of it. */
export interface FixtureProject {
  /** `<rule-id>/<case>`, or the folder's name for a project of several rules. */
  readonly name: string;
  readonly dir: string;
  /** The rule that it was written for. */
  readonly rule?: string;
}

/** The fixture projects of a fixtures folder: `<rule-id>/<case>/` for folders named like a rule, in order of name. */
export function listProjects(fixtures: string): FixtureProject[] {
  const projects: FixtureProject[] = [];
  for (const entry of readdirSync(fixtures, { withFileTypes: true })) {
    if (!entry.isDirectory() || !/^(?:no|require)-/.test(entry.name)) continue;
    for (const inner of readdirSync(join(fixtures, entry.name), { withFileTypes: true })) {
      if (inner.isDirectory()) projects.push({ name: `${entry.name}/${inner.name}`, dir: join(fixtures, entry.name, inner.name), rule: entry.name });
    }
  }
  return projects.sort((a, b) => order(a.name, b.name));
}
