import type { Finding, ScanResult, Severity } from '../model/finding.ts';
import { severityRank } from '../model/finding.ts';
import { isOpen, projectUrl, ruleUrl, toolName, type ReportContext, type RuleText } from './context.ts';
import { escapeMessage, escapeUri, toJson } from './escape.ts';

/** SARIF's word for each severity (SARIF 2.1.0, section 3.27.10). */
const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = { error: 'error', warning: 'warning', info: 'note' };

/** Key of our fingerprint among `partialFingerprints`; the number changes when fingerprints do. */
const fingerprintKey = 'faaslint/v1';

/** The result as a SARIF 2.1.0 log (OASIS standard, 2020-03-27) that GitHub code scanning takes. */
export function sarifReport(result: ScanResult, context: ReportContext): string {
  const rules = rulesOf(result.findings, context.rules);
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]));
  // A log says of all results or of none whether they are suppressed (section 3.27.23).
  const suppressions = result.findings.some((finding) => !isOpen(finding));
  return toJson({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: { driver: { name: toolName, informationUri: projectUrl, semanticVersion: context.version, version: context.version, rules: rules.map(ruleData) } },
      automationDetails: { id: `${toolName}/` },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the scanned repository.' } } },
      invocations: [{
        executionSuccessful: result.incomplete.length === 0,
        toolExecutionNotifications: [
          ...result.incomplete.map((item) => ({ level: 'error', descriptor: { id: 'incomplete' }, message: message(item.reason), locations: [{ physicalLocation: artifact(item.file) }] })),
          ...result.notices.map((notice) => ({ level: 'note', descriptor: { id: 'notice' }, message: message(notice) })),
        ],
      }],
      results: result.findings.map((finding) => resultData(finding, indexes.get(finding.rule), suppressions)),
    }],
  });
}

/** All rules by id; a rule that only a finding names still gets its entry. */
function rulesOf(findings: readonly Finding[], known: readonly RuleText[]): readonly RuleText[] {
  const rules = new Map(known.map((rule) => [rule.id, rule]));
  for (const finding of findings) {
    if (rules.has(finding.rule)) continue;
    rules.set(finding.rule, {
      id: finding.rule, title: finding.rule, category: 'other', risk: finding.risk, references: finding.references,
      messages: { [finding.messageId]: { severity: finding.severity, repair: finding.repair } },
    });
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function ruleData(rule: RuleText): object {
  const messages = Object.values(rule.messages);
  const heaviest = messages.reduce<Severity>((best, { severity }) => (severityRank[severity] > severityRank[best] ? severity : best), 'info');
  const repairs = [...new Set(messages.map((item) => item.repair))];
  const references = rule.references.map((reference) => (reference.url === undefined ? reference.title : `${reference.title}: ${reference.url}`));
  const help = [rule.risk, ...repairs, ...references];
  return {
    id: rule.id,
    name: rule.id,
    shortDescription: message(rule.title),
    fullDescription: message(rule.risk),
    help: { text: escapeMessage(help.join('\n')), markdown: [rule.risk, ...[...repairs, ...references].map((line) => `- ${line}`)].join('\n') },
    helpUri: ruleUrl(rule.id),
    defaultConfiguration: { level: levels[heaviest] },
    properties: { tags: ['serverless', rule.category], precision: 'high', 'problem.severity': heaviest === 'info' ? 'recommendation' : heaviest },
  };
}

function resultData(finding: Finding, ruleIndex: number | undefined, suppressions: boolean): object {
  const assumptions = finding.assumptions.length > 0 ? `Possible, if ${finding.assumptions.join(' and ')}.` : undefined;
  const text = [finding.message, finding.risk, finding.repair, assumptions].filter((part) => part !== undefined).join(' ');
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    message: message(text),
    locations: [{ physicalLocation: { ...artifact(finding.file), region: { startLine: finding.line, startColumn: finding.column, endLine: finding.endLine, endColumn: finding.endColumn } } }],
    codeFlows: finding.flow.length === 0 ? undefined : [{ threadFlows: [{ locations: finding.flow.map((step) => ({ location: locationOf(step, step.message) })) }] }],
    relatedLocations: finding.guard && [{ id: 1, ...locationOf({ file: finding.guard.file, line: finding.guard.line }, `Guard: ${finding.guard.why}`) }],
    fixes: finding.suggestions?.map(({ title, edits }) => ({
      description: message(title),
      artifactChanges: [{ ...artifact(finding.file), replacements: edits.map((edit) => ({ deletedRegion: { startLine: edit.line, startColumn: edit.column, endLine: edit.endLine, endColumn: edit.endColumn }, insertedContent: { text: edit.text } })) }],
    })),
    partialFingerprints: { [fingerprintKey]: finding.fingerprint },
    baselineState: finding.state === 'preexisting' ? 'unchanged' : finding.state === 'introduced' ? 'new' : undefined,
    suppressions: suppressions ? suppressionsOf(finding) : undefined,
    properties: { confidence: finding.confidence, functions: finding.functions },
  };
}

function suppressionsOf(finding: Finding): readonly object[] {
  if (finding.suppressed) return [{ kind: finding.suppressed.by === 'source' ? 'inSource' : 'external', status: 'accepted', justification: finding.suppressed.reason }];
  return finding.state === 'preexisting' ? [{ kind: 'external', status: 'accepted', justification: 'Accepted in the baseline.' }] : [];
}

function locationOf(at: { readonly file: string; readonly line: number; readonly column?: number; readonly endLine?: number; readonly endColumn?: number }, text: string): object {
  return {
    physicalLocation: { ...artifact(at.file), region: { startLine: at.line, startColumn: at.column, endLine: at.endLine, endColumn: at.endColumn } },
    message: message(text),
  };
}

const artifact = (file: string): object => ({ artifactLocation: { uri: escapeUri(file), uriBaseId: '%SRCROOT%' } });
const message = (text: string): { readonly text: string } => ({ text: escapeMessage(text) });
