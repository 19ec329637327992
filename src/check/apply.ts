import type { Finding } from '../model/finding.ts';
import type { Workspace } from '../model/workspace.ts';
import type { ProjectView } from '../model/project.ts';
import type { IgnoreEntry } from './config.ts';
import { functionsNamed } from './named.ts';
import { nearest } from './nearest.ts';
import { plainDirectives, sourceDirectives, suppress, type Directive } from './suppress.ts';

const withComments = /\.(?:ya?ml|toml|tf|tfvars|hcl|template|jsonc?)$/;

export interface Applied {
  readonly findings: readonly Finding[];
  readonly notices: readonly string[];
}

/**
 * Applies comments and `ignore` entries. Without a reason they work and are reported as unexplained; unused ones are reported
 * after a run over the whole project.
 */
export function applySuppressions(findings: readonly Finding[], input: {
  readonly project: ProjectView; readonly workspace: Workspace; readonly sources: readonly string[]; readonly ignore: readonly IgnoreEntry[]; readonly date: string; readonly wholeRun: boolean;
  /** Found and not shown: a comment on one is in use. */
  readonly hidden: readonly Finding[];
  /** Ids of all rules, and of those that ran. */
  readonly known: readonly string[]; readonly ran: ReadonlySet<string>;
}): Applied {
  const directives: Directive[] = [];
  for (const file of input.sources) {
    const facts = input.project.facts(file);
    if (facts) directives.push(...sourceDirectives(facts));
  }
  for (const file of new Set([...input.project.infrastructure.files, ...findings.map((finding) => finding.file)])) {
    if (withComments.test(file)) directives.push(...plainDirectives(file, input.workspace.read(file) ?? ''));
  }
  const { findings: marked, unused: idle } = suppress(findings, directives);
  const unused = suppress(input.hidden, idle.concat(directives.filter((directive) => directive.kind === 'enable'))).unused;
  const usedEntries = new Set(input.ignore.filter((entry) => input.hidden.some((finding) => ignores(entry, finding, input.date))));
  const result = marked.map((finding): Finding => {
    if (finding.suppressed) return finding;
    const declared = declaredIgnore(finding, input.project);
    if (declared) return { ...finding, suppressed: { by: 'source', ...(declared.reason === undefined ? {} : { reason: declared.reason }) } };
    const entry = input.ignore.find((item) => ignores(item, finding, input.date));
    if (!entry) return finding;
    usedEntries.add(entry);
    return { ...finding, suppressed: { by: 'configuration', ...(entry.reason === undefined ? {} : { reason: entry.reason }) } };
  });
  const notices: string[] = [];
  const unexplained = result.filter((finding) => finding.suppressed && finding.suppressed.reason === undefined).length;
  if (unexplained > 0) notices.push(`${unexplained} finding${unexplained === 1 ? ' is' : 's are'} suppressed without a reason. Add one after '--'.`);
  if (input.wholeRun) {
    const ran = (rules: readonly string[]): boolean => (rules.length === 0 ? input.known : rules).every((rule) => input.ran.has(rule));
    for (const directive of unused.toSorted(byPlace)) {
      const place = `${directive.file}:${directive.line}`;
      const strange = directive.rules.find((rule) => !input.known.includes(rule));
      const near = strange === undefined ? undefined : nearest(strange, input.known);
      if (strange !== undefined) notices.push(`${place}: suppression of the unknown rule ${strange}.${near === undefined ? '' : ` Did you mean ${near}?`}`);
      else if (ran(directive.rules)) notices.push(`${place}: unused suppression${directive.rules.length > 0 ? ` of ${directive.rules.join(', ')}` : ''}. Remove it.`);
    }
    for (const entry of input.ignore) if (!usedEntries.has(entry) && ran(entry.rule === '*' ? [] : [entry.rule])) notices.push(`configuration: unused ignore of ${entry.rule}${entry.path === undefined ? '' : ` in ${entry.path}`}. Remove it.`);
  }
  return { findings: result, notices };
}

/** A finding is silenced by declarations only when those of all its functions say so. */
function declaredIgnore(finding: Finding, project: ProjectView): { readonly reason?: string } | undefined {
  const entries = finding.functions.flatMap((name) => functionsNamed(project.infrastructure, name)).map((fn) => fn.ignore?.find((entry) => entry.rule === finding.rule));
  return entries.length > 0 && entries.every((entry) => entry !== undefined) ? entries[0] : undefined;
}

const byPlace = (a: Directive, b: Directive): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line);

function ignores(entry: IgnoreEntry, finding: Finding, date: string): boolean {
  if (entry.rule !== '*' && entry.rule !== finding.rule) return false;
  if (entry.until !== undefined && date >= entry.until) return false;
  if (entry.path !== undefined && finding.file !== entry.path && !finding.file.startsWith(entry.path.endsWith('/') ? entry.path : `${entry.path}/`)) return false;
  return entry.function === undefined || finding.functions.includes(entry.function);
}
