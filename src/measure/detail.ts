import { limitsOf, memoryByDefault, type Limit } from '../catalog/limits.ts';
import type { BundleDetail, BundleLimit, BundlePart, BundleSaving } from '../model/bundle.ts';
import type { BundleResult } from '../model/finding.ts';
import type { ServerlessFunction } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import { whileBundling } from './bundler.ts';
import { traceEntries, type Traced } from './bundle.ts';
import { addParts, coldStart } from './cold-start.ts';
import { collapse } from './collapse.ts';
import { leaveOuts } from './leave-out.ts';
import { measureWith, type Measurement, type MeasureOptions } from './measure.ts';
import { chainTo, repoKey } from './metafile.ts';
import { notesOf } from './notes.ts';
import { entryPlan, type TracePlan } from './plan.ts';
import type { NotMeasured, Part, Size } from './result.ts';
import { packageOf, total } from './result.ts';
import { bySaving, savingsOf, versionOf } from './savings.ts';
import { resolverFor, toolsFor, type Tools } from './tools.ts';

export interface DetailOptions extends MeasureOptions {
  /** Try out changes. Default true. */
  readonly savings?: boolean;
  /** Packages whose changes are tried out, the biggest first; default 25. */
  readonly savingsOfAtMost?: number;
}

/** Files and folders of a part that are listed. */
const MAX_FILES = 28;

/** Sizes of functions' packages with what is in them, why, and what changes would save; in the functions' order. */
export async function measureInDetail(workspace: Workspace, functions: readonly ServerlessFunction[], options: DetailOptions = {}): Promise<readonly BundleDetail[]> {
  const tools = toolsFor(workspace, { timeLimitSeconds: options.timeLimitSeconds ?? 180, detail: true });
  return whileBundling(async () => {
    const measurements = await measureWith(tools, functions, options);
    const traces = await folderTraces(measurements, tools);
    const { tried, savings, leftOut } = await tryOut(measurements, options, tools);
    return measurements.map((one): BundleDetail => {
      const trace = traces.get(one);
      const parts = partsOf(one, trace, tools);
      const found = savings.get(savingsKey(one)) ?? [];
      const direct = leaveOuts(one, trace?.shared, tools);
      return {
        result: one.result, unit: one.fn.unit, platform: one.fn.platform, ...(one.fn.runtime === undefined ? {} : { runtime: one.fn.runtime.value }),
        ...madeBy(one),
        parts, limits: limitsFor(one), notes: notesOf(one, parts, trace?.shared, tools), savings: [...found, ...direct].sort(bySaving),
        ...startOf(one, trace?.own),
        ...(one.result.status === 'measured' && leftOut !== undefined && !tried.has(savingsKey(one)) ? { savingsLeftOut: leftOut } : {}),
      };
    });
  });
}

function madeBy({ fn, plan }: Measurement): Pick<BundleDetail, 'form' | 'tool'> {
  const packaging = plan.form === 'done' ? fn.packaging : plan.packaging;
  return { form: packaging?.form ?? 'unknown', tool: packaging?.by ?? packaging?.tool ?? 'unknown' };
}

/** What changes save a folder that several functions ship differs by function: each can be bundled by itself. */
const savingsKey = ({ fn, plan, result }: Measurement): string => `${packageKey(result)}${plan.form === 'folder' ? ` ${fn.id}` : ''}`;

const packageKey = (result: BundleResult): string => result.package ?? `function ${result.id ?? result.function}`;

interface Tried {
  readonly tried: ReadonlySet<string>;
  readonly savings: ReadonlyMap<string, readonly BundleSaving[]>;
  readonly leftOut?: string;
}

/** Changes of the biggest packages, each package once, however many functions ship it. */
async function tryOut(measurements: readonly Measurement[], options: DetailOptions, tools: Tools): Promise<Tried> {
  if (options.savings === false) return { tried: new Set(), savings: new Map() };
  const packages = new Map(measurements.filter(({ result }) => result.status === 'measured').map((one) => [packageKey(one.result), one]));
  const most = options.savingsOfAtMost ?? 25;
  const biggest = [...packages].sort((a, b) => (b[1].result.bytes ?? 0) - (a[1].result.bytes ?? 0)).slice(0, most).map(([key]) => key);
  const wanted = new Set(biggest);
  const chosen = [...new Map(measurements.filter(({ result }) => wanted.has(packageKey(result))).map((one) => [savingsKey(one), one]))];
  const found = await savingsOf(chosen.map(([, one]) => one), tools);
  return {
    tried: new Set(chosen.map(([key]) => key)), savings: new Map(chosen.map(([key, one]) => [key, found.get(one) ?? []])),
    ...(packages.size > most ? { leftOut: `changes are tried out for the ${most} biggest packages; name the function to have its own` } : {}),
  };
}

/** What the imports of handlers reach in a folder that ships. */
interface FolderTrace {
  readonly own: Traced;
  /** That of all functions that ship the folder; absent where one of them cannot be followed. */
  readonly shared?: Traced;
}

async function folderTraces(measurements: readonly Measurement[], tools: Tools): Promise<ReadonlyMap<Measurement, FolderTrace>> {
  const folders = measurements.filter(({ plan, result }) => plan.form === 'folder' && result.status === 'measured');
  const plans = new Map<ServerlessFunction, TracePlan>();
  for (const { fn, plan, sharers } of folders) {
    for (const one of [fn, ...sharers]) {
      if (plans.has(one) || plan.form !== 'folder') continue;
      const own = entryPlan(one, { ...plan.packaging, form: 'bundled', tool: 'vercel', external: [] }, tools);
      if (own.form === 'trace') plans.set(one, own);
    }
  }
  const groups = new Map<string, { readonly plan: TracePlan; readonly members: Map<ServerlessFunction, readonly string[]> }>();
  for (const [fn, plan] of plans) {
    const key = JSON.stringify(plan.settings);
    const group = groups.get(key) ?? { plan, members: new Map() };
    groups.set(key, group);
    group.members.set(fn, plan.entries);
  }
  const traces = new Map<ServerlessFunction, Traced>();
  for (const { plan, members } of groups.values()) {
    const entries = [...new Set([...members.values()].flat())].sort();
    const traced = await traceEntries(entries, plan.settings, { root: tools.workspace.root, sizes: tools.sizes, resolve: resolverFor(plan, tools), left: tools.left, deflated: tools.deflated });
    for (const [fn, own] of members) {
      const found = joined(own.map((entry) => traced.get(entry)));
      if (found !== undefined) traces.set(fn, found);
    }
  }
  const found = new Map<Measurement, FolderTrace>();
  const together = new Map<string, Traced | undefined>();
  for (const one of folders) {
    const own = traces.get(one.fn);
    const key = packageKey(one.result);
    if (!together.has(key)) together.set(key, joined([one.fn, ...one.sharers].map((fn) => traces.get(fn))));
    const shared = together.get(key);
    if (own !== undefined) found.set(one, { own, ...(shared === undefined ? {} : { shared }) });
  }
  return found;
}

/** All of them, or nothing where one could not be followed. */
function joined(list: readonly (Traced | NotMeasured | undefined)[]): Traced | undefined {
  const traces = list.filter((trace): trace is Traced => trace?.status === 'traced');
  const [first] = traces;
  if (first === undefined || traces.length !== list.length) return undefined;
  if (traces.length === 1) return first;
  return { status: 'traced', files: new Map(traces.flatMap((trace) => [...trace.files])), from: new Map(traces.flatMap((trace) => [...trace.from])), start: addParts(traces.map((trace) => trace.start)) ?? first.start };
}

/** What its cold start costs, by the imports of its handler. */
function startOf({ fn, parts: [code], result }: Measurement, trace: Traced | undefined): Pick<BundleDetail, 'start'> {
  const parts = code?.status === 'measured' ? code.start ?? trace?.start : undefined;
  if (result.status !== 'measured' || parts === undefined) return {};
  const memoryMb = fn.memoryMb?.value ?? memoryByDefault(fn)?.value;
  return { start: coldStart(parts, { platform: fn.platform, ...(fn.generation === undefined ? {} : { generation: fn.generation }), ...(memoryMb === undefined ? {} : { memoryMb }) }) };
}

function partsOf(one: Measurement, traced: FolderTrace | undefined, tools: Tools): readonly BundlePart[] {
  if (one.result.status !== 'measured') return [];
  const [code, ...layers] = one.parts;
  const chains = new Map<string, readonly string[]>();
  // The function's own way to a package before that of another one that ships it.
  for (const trace of [traced?.own, traced?.shared]) {
    for (const path of trace?.files.keys() ?? []) {
      const { folder, name } = packageOf(path);
      if (trace === undefined || folder === undefined) continue;
      if (!chains.has(folder)) chains.set(folder, chainTo(repoKey(path), trace.from));
      if (!chains.has(name)) chains.set(name, chainTo(repoKey(path), trace.from));
    }
  }
  const parts = measuredParts(code).map((part): BundlePart => {
    const version = versionOf(part.folder, tools);
    const chain = part.folder === undefined ? undefined : chains.get(part.folder) ?? chains.get(part.name);
    const unreached = traced?.shared !== undefined && part.kind === 'package' && chain === undefined;
    return {
      kind: part.kind, name: part.name, ...(version === undefined ? {} : { version }), ...(part.folder === undefined ? {} : { folder: part.folder }), bytes: part.bytes,
      chain: chain ?? part.chain, ...(unreached ? { unreached: true as const } : {}), files: collapse(part.files, part.folder ?? '', MAX_FILES), fileCount: part.files.length,
    };
  });
  const ofLayers = layers.map((layer): BundlePart => {
    const files = measuredParts(layer).flatMap((part) => part.files);
    return { kind: 'layer', name: 'layer', bytes: total(files.map(({ bytes }) => bytes)), chain: [], files: collapse(files, '', MAX_FILES), fileCount: files.length };
  });
  return [...parts, ...ofLayers].sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

const measuredParts = (size: Size | undefined): readonly Part[] => (size?.status === 'measured' ? size.parts ?? [] : []);

function limitsFor({ fn, result }: Measurement): readonly BundleLimit[] {
  const { packageBytes, archiveBytes } = limitsOf(fn.platform);
  const of = (kind: BundleLimit['of'], limit: Limit | undefined, used: number | undefined): readonly BundleLimit[] =>
    (limit === undefined || used === undefined ? [] : [{ of: kind, bytes: limit.value, usedBytes: used, source: limit.source, date: limit.date, ...(limit.condition === undefined ? {} : { condition: limit.condition }) }]);
  return [...of('unpacked', packageBytes, result.bytes), ...of('archive', archiveBytes, result.zippedBytes)];
}
