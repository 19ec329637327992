import { relative, resolve, sep } from 'node:path';
import { analyze, type AnalyzeOptions } from '../analyze.ts';
import { isDate } from '../check/config.ts';
import { UsageError } from '../check/usage-error.ts';
import type { ScanResult } from '../model/finding.ts';
import { countBySeverity, plural, type ReportContext } from '../report/context.ts';
import { functionsJson, functionsText } from '../report/functions.ts';
import { jsonReport } from '../report/json.ts';
import { sarifReport } from '../report/sarif.ts';
import { textReport } from '../report/text.ts';
import { writeTextFile } from '../workspace/write.ts';
import { rules } from '../../rules/index.ts';
import { exitCode, type FailOn } from './exit-code.ts';
import type { Io } from './io.ts';
import { findRule } from './rule-names.ts';
import { progressLine, wantsColor } from './terminal.ts';

/** Options of the commands that read a project, as the command line gives them. */
export interface ProjectFlags {
  readonly format: string;
  readonly outputFile?: string;
  readonly root?: string;
  /** A file; `false` for none; `true` when not given. */
  readonly config?: string | boolean;
  readonly stage?: string;
  readonly param?: readonly string[];
  readonly allowIncomplete?: boolean;
}

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
  emit(io, flags, scanReport(result, context, io, flags));
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
  return exitCode(result, 'never', flags.allowIncomplete === true);
}

function projectOptions(paths: readonly string[], flags: ProjectFlags): AnalyzeOptions {
  const config = typeof flags.config === 'string' ? flags.config : flags.config === false ? false : undefined;
  return {
    ...(paths.length > 0 ? { paths } : {}), ...(flags.root === undefined ? {} : { root: flags.root }), ...(config === undefined ? {} : { config }),
    ...(flags.stage === undefined ? {} : { stage: flags.stage }), params: paramsOf(flags.param ?? []),
  };
}

function paramsOf(items: readonly string[]): ReadonlyMap<string, string> {
  return new Map(items.map((item) => {
    const equals = item.indexOf('=');
    if (equals < 1) throw new UsageError(`--param "${item}" has no value. Give it as name=value.`);
    return [item.slice(0, equals), item.slice(equals + 1)];
  }));
}

/** The root relative to the working directory: the same in every copy of a repository. */
function shownRoot(io: Io, root: string): string {
  return relative(io.cwd, root).split(sep).join('/') || '.';
}

const color = (io: Io, flags: ProjectFlags): boolean => flags.outputFile === undefined && wantsColor(io.stdout, io.env);

function scanReport(result: ScanResult, context: ReportContext, io: Io, flags: ScanFlags): string {
  if (flags.format === 'json') return jsonReport(result, context);
  if (flags.format === 'sarif') return sarifReport(result, context);
  return textReport(result, { ...context, color: color(io, flags), gaps: flags.gaps === true, quiet: flags.quiet === true });
}

function emit(io: Io, flags: ProjectFlags, text: string): void {
  if (flags.outputFile === undefined) return io.stdout.write(text);
  try {
    writeTextFile(resolve(io.cwd, flags.outputFile), text);
  } catch (error) {
    throw new UsageError(`--output-file ${flags.outputFile} was not written (${(error as Error).message}). Give a file in a folder that exists.`);
  }
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
  return `${facts.map(([name, value]) => `${String(name)}: ${String(value)}\n`).join('')}`;
}
