import { check, order } from './check/check.ts';
import { applyBaseline, baselineText, type BaselineRun } from './check/baseline.ts';
import { applySuppressions } from './check/apply.ts';
import { dayOf } from './check/config.ts';
import { settings, type Preset } from './check/settings.ts';
import { account } from './check/account.ts';
import { functionsInScope, inScope, isInScope, scopeOf } from './check/scope.ts';
import { discoverAll } from './discover/all.ts';
import { createFactsLoader } from './extract/load.ts';
import { effectGaps, reasonCounts } from './link/graph/gaps.ts';
import { pictureOf } from './link/graph/picture.ts';
import { link } from './link/link.ts';
import { profileOf } from './link/queries/profile.ts';
import { largeFileKilobytes, slowInits } from './link/queries/slow-init.ts';
import type { Budgets } from './measure/budgets.ts';
import { declaredLayers } from './measure/layers.ts';
import type { BundleDetail } from './model/bundle.ts';
import type { BundleResult, ScanResult } from './model/finding.ts';
import type { Gap, Infrastructure, ServerlessFunction } from './model/function.ts';
import type { FunctionProfile } from './model/profile.ts';
import type { Workspace } from './model/workspace.ts';
import { oldBaseline, readBaseline, readConfig, today } from './workspace/inputs.ts';
import { packageSizes } from './workspace/installed.ts';
import { openWorkspace } from './workspace/workspace.ts';
import { relativeTo } from './workspace/paths.ts';
import { writeTextFile } from './workspace/write.ts';
import { rules } from '../rules/index.ts';

export interface AnalyzeOptions {
  /** Overrides the root that is found from the scan path. */
  readonly root?: string;
  /** What to report on: folders or files. Their whole project is analysed. Default: the working directory. */
  readonly paths?: readonly string[];
  readonly preset?: Preset;
  /** Only these rules. */
  readonly rules?: readonly string[];
  /** A configuration file, or `false` for none. Default: the nearest one. */
  readonly config?: string | false;
  readonly stage?: string;
  readonly params?: ReadonlyMap<string, string>;
  /** The day that dated facts are judged on, `YYYY-MM-DD`. Default: the configuration's, else today. */
  readonly date?: string;
  /** Measure deployment packages. Default true. */
  readonly bundles?: boolean;
  /** What packages are made of and what changes would save (`ScanResult.bundleDetails`), of all functions or those of these names or ids. */
  readonly bundleDetail?: { readonly only?: readonly string[]; readonly savings?: boolean; readonly savingsOfAtMost?: number };
  /** Ask TypeScript's inference (ts-morph) for the class behind a receiver where names and declared types do not tell. Default false: it takes a third of a second to load and hardly ever tells more. */
  readonly types?: boolean;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly stats?: boolean;
  /** Draw the event graph of the whole project (`ScanResult.graph`). */
  readonly graph?: boolean;
  /** Say of each function what it is made of and what it asks of others (`ScanResult.profiles`). */
  readonly profiles?: boolean;
  readonly onProgress?: (text: string) => void;
}

/**
 * Analyses the project around the given paths: one pass through the layers, each of which says in its own folder what it may
 * and may not do. Runs no code of the project and reads nothing outside the root.
 *
 * @throws UsageError when an option, a path or the configuration is wrong
 */
export async function analyze(options: AnalyzeOptions = {}): Promise<ScanResult> {
  const paths = options.paths ?? [options.root ?? '.'];
  const probe = openWorkspace(paths[0] ?? '.', options.root === undefined ? {} : { root: options.root });
  const config = readConfig(probe, relativeTo(probe.root, paths[0] ?? '.') ?? '', options.config, rules);
  const workspace = config.exclude.length === 0 ? probe : openWorkspace(paths[0] ?? '.', { ...(options.root === undefined ? {} : { root: options.root }), exclude: config.exclude });
  const scope = scopeOf(workspace.root, paths);
  const date = dayOf(options.date ?? config.date ?? today());
  const chosen = settings(rules, options.preset ?? config.preset ?? 'recommended', config.rules, options.rules);

  options.onProgress?.('reading infrastructure');
  const loader = createFactsLoader(workspace);
  const stage = options.stage ?? config.stage;
  const infrastructure = discoverAll(workspace, loader, { ...(stage === undefined ? {} : { stage }), params: new Map([...config.params, ...(options.params ?? [])]) });

  const functions = functionsInScope(infrastructure, scope);
  const isMeasured = options.bundles !== false && chosen.some(([rule]) => rule.id === 'no-oversized-bundle');
  if (isMeasured) options.onProgress?.('measuring packages');
  const { bundles, bundleDetails } = await sizes(workspace, functions, infrastructure, config.bundle, isMeasured, options.bundleDetail);
  options.onProgress?.(`analysing ${functions.length} functions`);
  const project = link({ workspace, infrastructure, loader, sizes: packageSizes(workspace.root), date, whole: true, bundles, typeOracle: options.types === true });
  const reported = new Set(functions.map((fn) => fn.id));
  const profiles: FunctionProfile[] = [];
  const starts = new Map<string, number>(bundleDetails?.flatMap(({ result, start }) => (start === undefined || result.id === undefined ? [] : [[result.id, 0] as const])));
  const checked = check(project, chosen, (file) => workspace.read(file), (view) => {
    if (options.profiles && reported.has(view.fn.id)) profiles.push(profileOf(view));
    if (starts.has(view.fn.id)) starts.set(view.fn.id, slowInits(view, largeFileKilobytes).length);
  });

  const graph = options.graph ? pictureOf(project) : undefined;
  // What an effect names is asked of every function only for the event graph.
  const isGraphKnown = options.graph === true || chosen.some(([rule]) => rule.scope === 'project' && rule.needs === 'eventGraph');
  const unresolved = isGraphKnown ? effectGaps(project).filter((gap) => isInScope(scope, gap.file)) : [];

  const sources = loader.loaded();
  const kept = inScope(checked.findings, infrastructure, scope);
  const hidden = inScope(checked.hidden, infrastructure, scope);
  const ran = new Set(chosen.map(([rule]) => rule.id));
  const applied = applySuppressions(kept, { project, workspace, sources, ignore: config.ignore, date, hidden, ran, known: rules.map((rule) => rule.id), wholeRun: scope.whole && options.rules === undefined });
  const run: BaselineRun = { hidden, settled: (entry) => ran.has(entry.rule) && isInScope(scope, entry.file) };
  const base = options.updateBaseline || options.baseline === undefined ? undefined : applyBaseline(applied.findings, readBaseline(options.baseline), run);
  if (options.updateBaseline && options.baseline !== undefined) writeTextFile(options.baseline, baselineText(applied.findings, oldBaseline(options.baseline), run));
  const closed = workspace.unlisted.map((item): Gap => ({ kind: 'folder', file: item.file, message: item.reason }));
  const gaps = [...closed, ...infrastructure.gaps, ...project.gaps].filter((gap) => isInScope(scope, gap.file)).sort(byPlace);
  const { files, incomplete } = account(infrastructure, loader, project, gaps, scope);
  return {
    root: workspace.root, functions, findings: [...(base?.findings ?? applied.findings)].sort(order), bundles, gaps: withoutCopies([...gaps, ...unresolved].sort(byPlace)), files,
    ...(graph ? { graph } : {}), ...(options.profiles ? { profiles, ran: [...ran] } : {}), ...(bundleDetails ? { bundleDetails: bundleDetails.map((detail) => withWaits(detail, starts)) } : {}),
    incomplete: [...incomplete, ...checked.failures],
    notices: [...applied.notices, ...(base?.stale ?? []).map((item) => `baseline: ${item} is no longer found. Run with --update-baseline.`)],
    ...(options.stats ? { stats: { sourcesParsed: sources.length, filesListed: workspace.files.length, functions: functions.length, typeOracleFiles: project.typeOracle.files, typeOracleQuestions: project.typeOracle.questions, typeOracleMs: Math.round(project.typeOracle.milliseconds), ...reasonCounts(unresolved) } } : {}),
  };
}

/** A stack that is made twice says the same of one line twice. */
function withoutCopies(gaps: readonly Gap[]): readonly Gap[] {
  return [...new Map(gaps.map((gap) => [JSON.stringify([gap.kind, gap.file, gap.line, gap.message]), gap])).values()];
}

/** Sizes of what is deployed, and what packages are made of where somebody asks; the measuring itself is loaded only then. */
async function sizes(workspace: Workspace, functions: readonly ServerlessFunction[], infrastructure: Infrastructure, budgets: Budgets | undefined, isMeasured: boolean, detail: AnalyzeOptions['bundleDetail']): Promise<{ readonly bundles: readonly BundleResult[]; readonly bundleDetails?: readonly BundleDetail[] }> {
  const options = { ...(budgets ? { budgets } : {}), layers: declaredLayers(infrastructure.resources) };
  const bundles = isMeasured ? await (await import('./measure/measure.ts')).measure(workspace, functions, options) : [];
  if (!detail) return { bundles };
  const { only, ...rest } = detail;
  const wanted = functions.filter((fn) => only === undefined || only.includes(fn.name) || only.includes(fn.id));
  return { bundles, bundleDetails: await (await import('./measure/detail.ts')).measureInDetail(workspace, wanted, { ...options, ...rest, among: functions }) };
}

/** A cold-start estimate with how many things the start waits for. */
function withWaits(detail: BundleDetail, starts: ReadonlyMap<string, number>): BundleDetail {
  const waits = detail.result.id === undefined ? undefined : starts.get(detail.result.id);
  return detail.start === undefined || waits === undefined ? detail : { ...detail, start: { ...detail.start, waits } };
}

const byPlace = (a: Gap, b: Gap): number => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0) || (a.message < b.message ? -1 : a.message > b.message ? 1 : 0));
