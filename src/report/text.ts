import { styleText } from 'node:util';
import type { Finding, FlowStep, ScanResult, Severity } from '../model/finding.ts';
import { brief, type Shown } from './brief.ts';
import { countBySeverity, isOpen, noFunction, plural, ruleUrl, type ReportContext } from './context.ts';
import { escapeTerminal } from './escape.ts';

export interface TextOptions extends ReportContext {
  readonly color: boolean;
  /** List every gap and every size that is not measured, instead of their number. */
  readonly gaps: boolean;
  /** One line a finding, and nothing else; incomplete files are still named. */
  readonly quiet: boolean;
  /** Only files were asked for: none of them need be a handler. */
  readonly filesOnly?: boolean;
}

type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'cyan' | 'underline';
type Paint = (style: Style, text: string) => string;

const severityStyle: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** The report for people. Every text from the scanned repository passes `escapeTerminal`. */
export function textReport(result: ScanResult, options: TextOptions): string {
  const paint: Paint = options.color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
  const open = result.findings.filter(isOpen);
  const lines: string[] = [];
  if (options.quiet) {
    for (const finding of open) lines.push(`${place(finding)}: ${paint(severityStyle[finding.severity], finding.severity)}: ${escapeTerminal(finding.message)} (${finding.rule})`);
    lines.push(...incompleteLines(result, paint));
  } else {
    let file: string | undefined;
    const aboutLoops = new Set(options.rules.flatMap((rule) => (rule.category === 'loops' ? [rule.id] : [])));
    for (const shown of brief(open)) {
      if (shown.finding.file !== file) {
        file = shown.finding.file;
        lines.push(paint('underline', escapeTerminal(file)));
      }
      lines.push(...findingLines(shown, aboutLoops.has(shown.finding.rule), paint), '');
    }
    lines.push(...ruleLines(open, paint));
    if (options.gaps) lines.push(...gapLines(result, paint));
    lines.push(...noticeLines(result, paint), ...incompleteLines(result, paint), ...summaryLines(result, options, paint));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

const place = (at: { readonly file: string; readonly line?: number; readonly column?: number }): string =>
  [escapeTerminal(at.file), at.line, at.column].filter((part) => part !== undefined).join(':');

function findingLines({ finding, more }: Shown, aboutLoop: boolean, paint: Paint): readonly string[] {
  const indent = '      ';
  const text = (label: string, value: string): string => `${indent}${paint('dim', `${label}:`)} ${escapeTerminal(value)}`;
  const lines = [
    `  ${finding.line}:${finding.column}  ${paint(severityStyle[finding.severity], finding.severity)}  ${paint('bold', escapeTerminal(finding.message))}  ${paint('dim', finding.rule)}`,
    text('repair', finding.repair),
  ];
  if (finding.functions.length > 0) lines.push(text(finding.functions.length === 1 ? 'function' : 'functions', finding.functions.join(', ')));
  if (!isPlain(finding)) {
    lines.push(`${indent}${paint('dim', 'path:')}`);
    lines.push(...pathLines(finding, aboutLoop, paint).map((line) => `${indent}${line}`));
  }
  if (finding.guard) {
    const strength = finding.guard.strength === 'ends' ? 'ends it' : 'weak';
    lines.push(`${indent}${paint('dim', `guard (${strength}):`)} ${place({ file: finding.guard.file, line: finding.guard.line })}  ${escapeTerminal(finding.guard.why)}`);
  }
  for (const assumption of finding.assumptions) lines.push(text('possible', assumption));
  if (more > 0) lines.push('', `  ${paint('dim', `… and ${plural(more, 'more finding')} of ${finding.rule} in ${escapeTerminal(finding.functions.join(', '))} (--format json lists all)`)}`);
  return lines;
}

/** A path that says no more than its place: the handler of the file and the line in it. */
const isPlain = ({ flow, file }: Finding): boolean => flow.length < 2 || (flow.length === 2 && flow.every((step) => step.file === file) && flow[0]?.message.startsWith('handler of ') === true);

/** The path, one step a line; of a finding about a loop, where it comes back to the very place of an earlier step, drawn as a loop. */
function pathLines({ flow, message, severity }: Finding, aboutLoop: boolean, paint: Paint): readonly string[] {
  const last = flow.at(-1);
  const start = flow.findIndex((step) => last !== undefined && isSame(step, last));
  const isLoop = aboutLoop && start < flow.length - 1;
  const shown = isLoop ? flow.slice(0, -1) : flow;
  const places = shown.map((step) => place({ file: step.file, line: step.line }));
  const width = isLoop ? Math.max(...places.map((text) => text.length)) : 0;
  return shown.map((step, index) => {
    const mark = !isLoop ? '' : index < start ? '  ' : index === start ? (start === shown.length - 1 ? '↻ ' : '┌▶') : index === shown.length - 1 ? '└─' : '│ ';
    const text = step.message === message ? 'here' : escapeTerminal(step.message);
    return `${mark === '' ? '' : paint(severityStyle[severity], mark)}  ${index + 1}. ${(places[index] ?? '').padEnd(width)}  ${text}`;
  });
}

const isSame = (a: FlowStep, b: FlowStep): boolean => a.file === b.file && a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn;

/** What each rule that spoke is about, once: the consequence, and where to read on. */
function ruleLines(open: readonly Finding[], paint: Paint): readonly string[] {
  const risks = new Map(open.map((finding) => [finding.rule, finding.risk]));
  const rules = [...risks].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rules.flatMap(([rule, risk]) => [`  ${rule}  ${paint('dim', ruleUrl(rule))}`, `      ${escapeTerminal(risk)}`]);
  return lines.length === 0 ? [] : [paint('bold', 'Rules'), ...lines, ''];
}

function gapLines(result: ScanResult, paint: Paint): readonly string[] {
  const lines: string[] = [];
  if (result.gaps.length > 0) {
    lines.push(paint('bold', 'Gaps (seen and not resolved)'));
    for (const gap of result.gaps) lines.push(`  ${place(gap)}  ${escapeTerminal(gap.message)}  ${paint('dim', escapeTerminal(gap.kind))}`);
    lines.push('');
  }
  const unmeasured = result.bundles.filter((bundle) => bundle.status === 'notMeasured');
  if (unmeasured.length > 0) {
    lines.push(paint('bold', 'Sizes not measured'));
    for (const bundle of unmeasured) lines.push(`  ${escapeTerminal(bundle.function)}  ${escapeTerminal(bundle.reason ?? 'no reason given')}${bundle.fix === undefined ? '' : `  run: ${escapeTerminal(bundle.fix)}`}`);
    lines.push('');
  }
  return lines;
}

function noticeLines(result: ScanResult, paint: Paint): readonly string[] {
  return result.notices.length === 0 ? [] : [paint('bold', 'Notes'), ...result.notices.map((notice) => `  ${escapeTerminal(notice)}`), ''];
}

function incompleteLines(result: ScanResult, paint: Paint): readonly string[] {
  if (result.incomplete.length === 0) return [];
  const title = `Incomplete: ${plural(result.incomplete.length, 'file')} that functions need could not be used`;
  return [paint('red', title), ...result.incomplete.map((item) => `  ${place(item)}  ${escapeTerminal(item.reason)}`), ''];
}

function summaryLines(result: ScanResult, options: TextOptions, paint: Paint): readonly string[] {
  const { files } = result;
  const counts = countBySeverity(result.findings);
  const total = counts.error + counts.warning + counts.info;
  const suppressed = result.findings.filter((finding) => finding.suppressed).length;
  const accepted = result.findings.filter((finding) => !finding.suppressed && finding.state === 'preexisting').length;
  const aside = [suppressed > 0 ? `${suppressed} suppressed` : '', accepted > 0 ? `${accepted} in the baseline` : ''].filter((part) => part !== '');
  const bySeverity = `${plural(counts.error, 'error')}, ${plural(counts.warning, 'warning')}, ${counts.info} info`;
  const lines = [
    `${plural(result.functions.length, 'function')} in ${plural(files.discovered, 'file')} (${files.analysed} analysed, ${files.partial} partial, ${files.skipped.length} skipped)`,
    paint('bold', `${plural(total, 'finding')}${total > 0 ? `: ${bySeverity}` : ''}${aside.length > 0 ? ` (${aside.join(', ')})` : ''}`),
  ];
  if (result.functions.length === 0 && result.incomplete.length === 0 && options.filesOnly !== true) lines.push(`${noFunction[0]?.toUpperCase()}${noFunction.slice(1)}`);
  if (result.gaps.length > 0) lines.push(`${plural(result.gaps.length, 'gap')}: seen and not resolved${options.gaps ? '' : ' (--gaps lists them)'}`);
  const unmeasured = result.bundles.filter((bundle) => bundle.status === 'notMeasured').length;
  if (unmeasured > 0) lines.push(`${plural(unmeasured, 'size')} not measured${options.gaps ? '' : ' (--gaps says why)'}`);
  return lines;
}
