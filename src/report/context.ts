import type { Finding, Reference, Severity } from '../model/finding.ts';

/** What reports say of a rule; a rule itself fits. */
export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly category: string;
  readonly risk: string;
  readonly references: readonly Reference[];
  readonly messages: Readonly<Record<string, { readonly severity: Severity; readonly repair: string }>>;
}

/** What every report needs beside the result. */
export interface ReportContext {
  /** Version of the tool. */
  readonly version: string;
  /** The root as it is shown: relative to where the command runs, `.` when it is that folder. Never a path of the machine. */
  readonly root: string;
  readonly rules: readonly RuleText[];
}

export const toolName = 'faaslint';
export const projectUrl = 'https://github.com/faaslint/faaslint';

/** What a run says that found nothing to look at. */
export const noFunction = 'no function was found: give the folder that holds the infrastructure (template.yaml, serverless.yml, …) or the handlers.';

/** Page that explains one rule. */
export function ruleUrl(id: string): string {
  return `${projectUrl}/blob/main/docs/rules/${encodeURIComponent(id)}.md`;
}

/** Findings that count: neither suppressed nor accepted by the baseline. */
export function isOpen(finding: Finding): boolean {
  return !finding.suppressed && finding.state !== 'preexisting';
}

/** Number of open findings by severity. */
export function countBySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const finding of findings) if (isOpen(finding)) counts[finding.severity]++;
  return counts;
}

/** `1 file`, `2 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
