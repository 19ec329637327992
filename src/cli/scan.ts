import { analyze, type AnalyzeOptions } from '../analyze.ts';
import { isDate } from '../check/config.ts';
import { UsageError } from '../check/usage-error.ts';
import type { ScanResult } from '../model/finding.ts';
import { countBySeverity, plural, type ReportContext } from '../report/context.ts';
import { escapeTerminal } from '../report/escape.ts';
import { functionsJson, functionsText } from '../report/functions.ts';
import { jsonReport } from '../report/json.ts';
import { sarifReport } from '../report/sarif.ts';
import { textReport } from '../report/text.ts';
import { rules } from '../../rules/index.ts';
import { exitCode, type FailOn } from './exit-code.ts';
import type { Io } from './io.ts';
import { areFiles, emit, projectOptions, shownRoot, tellMissing, type ProjectFlags } from './project.ts';
import { findRule } from './rule-names.ts';
import { progressLine, wantsColor } from './terminal.ts';

export type FunctionsFlags = ProjectFlags;

export interface ScanFlags extends ProjectFlags {
  readonly failOn: FailOn;
  readonly preset?: NonNullable<AnalyzeOptions['preset']>;
  readonly rule?: readonly string[];
  readonly date?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly quiet?: boolean;
  readonly gaps?: boolean;
  readonly stats?: boolean;
}

/** `faaslint scan`; gives the exit code. */
export async function scan(io: Io, version: string, paths: readonly string[], flags: ScanFlags): Promise<number> {
  const ids = flags.rule?.flatMap((item) => item.split(',')).map((item) => findRule(rules, item.trim()).id);
  if (flags.date !== undefined && !isDate(flags.date)) throw new UsageError(`--date "${flags.date}" is no day. Give it as YYYY-MM-DD.`);
  if (flags.updateBaseline && flags.baseline === undefined) throw new UsageError('--update-baseline needs a file. Add --baseline FILE.');
  const started = io.now();
  const progress = progressLine(flags.quiet ? {} : io.stderr, io.env, (text) => io.stderr.write(text), io.now);
  let result: ScanResult;
  try {
    result = await analyze({
      ...projectOptions(paths, flags), onProgress: (text) => progress.show(text),
      ...(ids ? { rules: ids } : {}), ...(flags.preset ? { preset: flags.preset } : {}), ...(flags.date === undefined ? {} : { date: flags.date }),
      ...(flags.baseline === undefined ? {} : { baseline: flags.baseline }), updateBaseline: flags.updateBaseline === true, stats: flags.stats === true,
    });
  } finally {
    progress.clear();
  }
  if (flags.updateBaseline) result = accepted(result);

  const context = { version, root: shownRoot(io, result.root), rules };
  emit(io, flags, scanReport(result, context, io, flags, areFiles(io, paths)));
  if (flags.format !== 'text' && !flags.quiet) tellMissing(io, result, paths);
  if (flags.updateBaseline && !flags.quiet) io.stderr.write(`faaslint: the baseline now holds ${plural(result.findings.filter((finding) => finding.state === 'preexisting').length, 'finding')}\n`);
  if (flags.outputFile !== undefined && !flags.quiet) io.stderr.write(`faaslint: ${summary(result)}, report written\n`);
  if (flags.stats) io.stderr.write(statsText(result, io, started));
  return exitCode(result, flags.failOn, flags.allowIncomplete === true);
}

/** `faaslint functions`; gives the exit code. Runs no rule and measures nothing. */
export async function functions(io: Io, version: string, paths: readonly string[], flags: FunctionsFlags): Promise<number> {
  const result = await analyze({ ...projectOptions(paths, flags), rules: [], bundles: false });
  const context = { version, root: shownRoot(io, result.root), rules };
  emit(io, flags, flags.format === 'json' ? functionsJson(result, context) : functionsText(result, { color: color(io, flags) }));
  // The text says of itself what was not read.
  if (flags.format === 'json' || result.incomplete.length === 0) tellMissing(io, result, paths);
  return exitCode(result, 'never', flags.allowIncomplete === true);
}

const color = (io: Io, flags: ProjectFlags): boolean => flags.outputFile === undefined && wantsColor(io.stdout, io.env);

function scanReport(result: ScanResult, context: ReportContext, io: Io, flags: ScanFlags, filesOnly: boolean): string {
  if (flags.format === 'json') return jsonReport(result, context);
  if (flags.format === 'sarif') return sarifReport(result, context);
  return textReport(result, { ...context, color: color(io, flags), gaps: flags.gaps === true, quiet: flags.quiet === true, filesOnly });
}

/** What a new baseline has just accepted is open no more. */
function accepted(result: ScanResult): ScanResult {
  return { ...result, findings: result.findings.map((finding) => (finding.suppressed ? finding : { ...finding, state: 'preexisting' })) };
}

function summary(result: ScanResult): string {
  const { error, warning, info } = countBySeverity(result.findings);
  return `${plural(error, 'error')}, ${plural(warning, 'warning')}, ${info} info${result.incomplete.length > 0 ? `, incomplete (${plural(result.incomplete.length, 'file')})` : ''}`;
}

function statsText(result: ScanResult, io: Io, started: number): string {
  const { cpuMilliseconds, peakBytes } = io.usage();
  const facts = [...Object.entries(result.stats ?? {}), ['wallMilliseconds', Math.round(io.now() - started)], ['cpuMilliseconds', Math.round(cpuMilliseconds)], ['peakMegabytes', Math.round(peakBytes / 1e6)]];
  return facts.map(([name, value]) => `${escapeTerminal(String(name))}: ${String(value)}\n`).join('');
}
