import type { Finding } from '../model/finding.ts';
import { lineOf } from '../link/modules.ts';
import type { ModuleFacts } from '../model/facts.ts';
import { plainComments } from './comments.ts';

/** A comment that silences findings: `faaslint-disable-next-line id, id -- reason` and its relatives. */
export interface Directive {
  readonly file: string;
  /** Line of the comment. */
  readonly line: number;
  readonly kind: 'next-line' | 'line' | 'disable' | 'enable';
  /** Empty: every rule. */
  readonly rules: readonly string[];
  readonly reason?: string;
  /** An ESLint comment: counts only for `faaslint/…` rules and is never reported as unused. */
  readonly eslint: boolean;
}

const words = /^\s*\*?\s*(faaslint|eslint)-(disable-next-line|disable-line|disable|enable)(?:\s+([\s\S]*))?$/;

/** Reads the text of one comment. */
export function parseDirective(text: string): Omit<Directive, 'file' | 'line'> | undefined {
  const match = words.exec(text.trimEnd());
  if (!match) return undefined;
  const eslint = match[1] === 'eslint';
  const rest = match[3] ?? '';
  const dash = rest.indexOf('--');
  const ids = (dash < 0 ? rest : rest.slice(0, dash)).split(/[,\s]+/).map((id) => id.trim()).filter((id) => id !== '' && id !== '*');
  const rules = ids.map((id) => (id.startsWith('faaslint/') ? id.slice(9) : eslint ? '' : id)).filter((id) => id !== '');
  if (eslint && (ids.length === 0 || rules.length === 0)) return undefined;
  const reason = dash < 0 ? '' : rest.slice(dash + 2).trim();
  const kind = match[2] === 'disable-next-line' ? 'next-line' : match[2] === 'disable-line' ? 'line' : match[2] === 'enable' ? 'enable' : 'disable';
  return { kind, rules, eslint, ...(reason !== '' ? { reason } : {}) };
}

/** Directives of a source file. A block comment stands for the line on which it ends. */
export function sourceDirectives(facts: ModuleFacts): readonly Directive[] {
  return facts.comments.flatMap((comment) => {
    const parsed = parseDirective(comment.text);
    return parsed ? [{ ...parsed, file: facts.file, line: lineOf(facts, Math.max(comment.start, comment.end - 1)) ?? 1 }] : [];
  });
}

/** Directives of a file that is not source: YAML, TOML, HCL, JSON with comments. ESLint's own comments mean nothing there. */
export function plainDirectives(file: string, text: string): readonly Directive[] {
  if (!text.includes('faaslint-')) return [];
  return plainComments(file, text).flatMap((comment) => {
    const parsed = parseDirective(comment.text);
    return parsed && !parsed.eslint ? [{ ...parsed, file, line: comment.line }] : [];
  });
}

/** Marks what directives silence. `unused`: directives that silenced nothing. */
export function suppress(findings: readonly Finding[], directives: readonly Directive[]): { readonly findings: readonly Finding[]; readonly unused: readonly Directive[] } {
  const byFile = new Map<string, Directive[]>();
  for (const directive of directives) {
    const list = byFile.get(directive.file);
    if (list) list.push(directive); else byFile.set(directive.file, [directive]);
  }
  for (const list of byFile.values()) list.sort((a, b) => a.line - b.line);
  const used = new Set<Directive>();
  const result = findings.map((finding): Finding => {
    const directive = silencing(byFile.get(finding.file) ?? [], finding);
    if (!directive) return finding;
    used.add(directive);
    return { ...finding, suppressed: { by: 'source', ...(directive.reason === undefined ? {} : { reason: directive.reason }) } };
  });
  return { findings: result, unused: directives.filter((directive) => directive.kind !== 'enable' && !directive.eslint && !used.has(directive)) };
}

function silencing(directives: readonly Directive[], finding: Finding): Directive | undefined {
  const names = (directive: Directive): boolean => directive.rules.length === 0 || directive.rules.includes(finding.rule);
  let range: Directive | undefined;
  for (const directive of directives) {
    if (!names(directive)) continue;
    if (directive.kind === 'next-line' && directive.line === finding.line - 1) return directive;
    if (directive.kind === 'line' && directive.line === finding.line) return directive;
    if (directive.line > finding.line) continue;
    if (directive.kind === 'disable') range = directive;
    if (directive.kind === 'enable') range = undefined;
  }
  return range;
}
