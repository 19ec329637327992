import { severityRank, type Finding, type Severity } from '../model/finding.ts';
import type { FlowStep } from '../model/finding.ts';
import type { ServerlessFunction, Skipped } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { FunctionView, ProjectView } from '../model/project.ts';
import type { FunctionRule, Report, Rule, RuleOptions } from '../rule.ts';
import { outgoing } from '../link/graph/hops.ts';
import { anchorOf, fingerprints } from './anchors.ts';
import { functionsNamed } from './named.ts';
import { repairsOf } from './repairs.ts';

/** How one rule is set: `level` caps the severity, `minSeverity` leaves out what weighs less. */
export interface RuleSetting {
  readonly level: Severity;
  readonly minSeverity: Severity;
  readonly options: RuleOptions;
}

export interface CheckResult {
  readonly findings: readonly Finding[];
  /** Found, and below the rule's `minSeverity`: not shown, but what comments and baselines refer to is still there. */
  readonly hidden: readonly Finding[];
  /** Rules that failed: the run is incomplete. */
  readonly failures: readonly Skipped[];
}

const lighter = (a: Severity, b: Severity): Severity => (severityRank[a] <= severityRank[b] ? a : b);
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Runs rules over a project and turns what they report into findings: texts, severity, confidence, fingerprint, one finding
 * for what several functions share. A rule that throws in a function costs what it finds there, and makes the run incomplete.
 *
 * @param text the text of a source file, for fingerprints
 * @param alsoAsk asked of each function while its call graph is there
 */
export function check(project: ProjectView, rules: readonly (readonly [Rule, RuleSetting])[], text: TextOf = () => undefined, alsoAsk?: (view: FunctionView) => void): CheckResult {
  const raw = new Map<Rule, Raw[]>(rules.map(([rule]) => [rule, []]));
  const failures = new Map<string, Skipped>();
  const outputs = new Set(project.infrastructure.outputs);
  const attempt = (rule: Rule, fns: readonly ServerlessFunction[], reports: () => Iterable<Report>): void => {
    try {
      const found: Raw[] = [];
      for (const report of reports()) {
        const location = 'line' in report.at ? report.at : project.location(report.at);
        if (!outputs.has(location.file)) found.push({ report, location, fns });
      }
      raw.get(rule)?.push(...found);
    } catch (error) {
      if (!failures.has(rule.id)) failures.set(rule.id, failed(rule, error, fns[0]?.name));
    }
  };
  const graph = rules.some(([rule]) => (rule.scope === 'project' && rule.needs === 'eventGraph') || (rule.scope === 'function' && rule.last));
  const last: (readonly [NonNullable<FunctionRule['last']>, Rule, RuleOptions, FunctionView])[] = [];
  // Function by function, so that the memory of one call graph is free before the next one is built.
  for (const view of project.functions) {
    for (const [rule, { options }] of rules) {
      if (rule.scope !== 'function') continue;
      attempt(rule, [view.fn], () => rule.check({ view, options }));
      attempt(rule, [view.fn], () => { if (rule.last?.wants(view)) last.push([rule.last, rule, options, view]); return []; });
    }
    try {
      if (graph) outgoing(view);
      alsoAsk?.(view);
    } catch (error) {
      if (!failures.has('')) failures.set('', { file: view.fn.handlers[0]?.file ?? view.fn.unit, reason: `what ${view.fn.name} does was not worked out: ${error instanceof Error ? error.message : String(error)}. Other functions are not affected; please report it.` });
    }
    view.release();
  }
  for (const [check, rule, options, view] of last) {
    attempt(rule, [view.fn], () => check.check({ view, options }));
    view.release();
  }
  for (const [rule, setting] of rules) if (rule.scope === 'project') attempt(rule, [], () => rule.check({ project, options: setting.options }));
  const weighed: Weighed[] = [];
  for (const [rule, setting] of rules) {
    try {
      weighed.push(...combine(project, rule, setting, raw.get(rule) ?? [], text));
    } catch (error) {
      failures.set(rule.id, failed(rule, error));
    }
  }
  weighed.sort((a, b) => order(a.finding, b.finding));
  // Numbered before anything is left out, so that fingerprints are the same under every preset.
  const numbered = fingerprints(weighed.map((item) => item.finding));
  const shown = (index: number): boolean => weighed[index]?.shown === true;
  return { findings: numbered.filter((_, index) => shown(index)), hidden: numbered.filter((_, index) => !shown(index)), failures: [...failures.values()] };
}

const failed = (rule: Rule, error: unknown, name?: string): Skipped => ({ file: `rules/${rule.id}`, reason: `the rule failed${name === undefined ? '' : ` in ${name}`}: ${error instanceof Error ? error.message : String(error)}. Other rules are not affected; please report it.` });

export function order(a: Finding, b: Finding): number {
  return byCodeUnit(a.file, b.file) || a.line - b.line || a.column - b.column || byCodeUnit(a.rule, b.rule) || byCodeUnit(a.messageId, b.messageId) || byCodeUnit(a.functions.join(), b.functions.join());
}

type TextOf = (file: string) => string | undefined;

interface Raw {
  readonly report: Report;
  readonly location: Location;
  readonly fns: readonly ServerlessFunction[];
}

interface Weighed {
  readonly finding: Finding;
  /** At or above the rule's `minSeverity`. */
  readonly shown: boolean;
}

/** Reports at one place, for one reason, are one finding. */
function combine(project: ProjectView, rule: Rule, setting: RuleSetting, raw: readonly Raw[], text: TextOf): readonly Weighed[] {
  const groups = new Map<string, Raw[]>();
  for (const item of raw) {
    const key = item.report.key ?? `${item.location.file}:${item.location.line}:${item.location.column}:${item.location.endLine}:${item.location.endColumn}:${item.report.message}`;
    const group = groups.get(key);
    if (group) group.push(item); else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap((group) => merge(project, rule, setting, group, text) ?? []);
}

/**
 * One finding of what several functions share: the heaviest report speaks, all functions are named. Where another function comes by the same
 * place and is not concerned, the place itself is in order: a note.
 */
function merge(project: ProjectView, rule: Rule, setting: RuleSetting, all: readonly Raw[], text: TextOf): Weighed | undefined {
  const group = all.filter(({ report }) => !report.counterexample);
  const counterexample = all.find(({ report }) => report.counterexample)?.report;
  const weigh = (item: Raw): Severity => {
    const message = rule.messages[item.report.message];
    let severity: Severity = message?.severity ?? 'info';
    if (item.report.severity) severity = lighter(severity, item.report.severity);
    // A function known only by local evidence may not be deployed at all.
    if (evidenceOnly(project, item)) severity = lighter(severity, 'warning');
    return counterexample ? 'info' : severity;
  };
  const [speaker] = [...group].sort((a, b) => severityRank[weigh(b)] - severityRank[weigh(a)]);
  if (!speaker) return undefined;
  const own = weigh(speaker);
  const { report, location } = speaker;
  const guard = report.guard ?? counterexample?.guard;
  const message = rule.messages[report.message];
  if (!message) throw new Error(`it reported the unknown message '${report.message}'`);
  const data = report.data ?? {};
  const assumptions = [...(report.assumptions ?? []), ...(evidenceOnly(project, speaker) ? [shownBy(concernedBy(project, speaker))] : [])];
  const flow = closeFlow(report.flow ?? [], location, render(message.text, data));
  const functions = [...new Set(group.flatMap((item) => [...item.fns.map((fn) => fn.name), ...(item.report.functions ?? [])]))].sort(byCodeUnit);
  const named = [...new Set(group.flatMap((item) => item.report.functions ?? []))].flatMap((name) => functionsNamed(project.infrastructure, name));
  const functionIds = [...new Set([...group.flatMap((item) => item.fns), ...named].map((fn) => fn.id))].sort(byCodeUnit);
  const source = report.suggestions && report.suggestions.length > 0 ? text(location.file) : undefined;
  const repairs = source === undefined ? [] : repairsOf(report.suggestions ?? [], location.file, source, (place) => project.location(place));
  const finding: Finding = {
    ...location, rule: rule.id, severity: lighter(own, setting.level), confidence: assumptions.length > 0 ? 'possible' : 'proved', assumptions,
    message: render(message.text, data), risk: rule.risk, repair: render(message.repair, data), functions, functionIds, flow,
    ...(guard ? { guard } : {}), ...(repairs.length > 0 ? { suggestions: repairs } : {}), references: rule.references, fingerprint: anchorOf(project, rule.id, report, location, functions, text(location.file)),
    messageId: report.message, data, evidence: [...new Set([location.file, ...flow.map((step) => step.file), ...(report.evidence ?? []), ...(guard && counterexample ? [guard.file] : [])])].sort(byCodeUnit),
  };
  return { finding, shown: severityRank[own] >= severityRank[setting.minSeverity] };
}

/** Whether nothing but their own code, or a script, says that the functions concerned are functions. */
function evidenceOnly(project: ProjectView, raw: Raw): boolean {
  const concerned = concernedBy(project, raw);
  return concerned.length > 0 && concerned.every((fn) => fn.foundBy === 'evidence');
}

const concernedBy = (project: ProjectView, { fns, report }: Raw): readonly ServerlessFunction[] => (fns.length > 0 ? fns : (report.functions ?? []).flatMap((name) => functionsNamed(project.infrastructure, name)));

/** What it rests on that functions are functions: a script or pipeline that names them, else their own code. */
function shownBy(fns: readonly ServerlessFunction[]): string {
  const byScript = fns.every((fn) => fn.declaredAt.some((place) => fn.handlers.every((handler) => handler.file !== place.file)));
  return byScript ? 'a script that deploys or starts the function shows it; no infrastructure in the repository declares it' : 'the file looks like a function by its own code; no declaration of it was found in the repository';
}

/** The place of the finding is the last step of its path. */
function closeFlow(flow: readonly FlowStep[], location: Location, text: string): readonly FlowStep[] {
  const last = flow[flow.length - 1];
  if (flow.length === 0 || (last && last.file === location.file && last.line === location.line)) return flow;
  return [...flow, { file: location.file, line: location.line, column: location.column, endLine: location.endLine, endColumn: location.endColumn, message: text }];
}

/** Replaces `{name}`; a name without data stays as it is, which a test of the rules' messages refuses. */
export function render(text: string, data: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(data, name) ? String(data[name]) : whole));
}
