import { createHash } from 'node:crypto';
import type { BundleBudget, BundleResult } from '../model/finding.ts';
import type { ServerlessFunction } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import type { Workspace } from '../model/workspace.ts';
import { inside } from '../workspace/sizes.ts';
import { budgetFor, type Budgets } from './budgets.ts';
import { whileBundling } from './bundler.ts';
import { fixFor } from './fix.ts';
import { inOneArchive, planOf, type Plan } from './plan.ts';
import type { Size } from './result.ts';
import { notMeasured, oneLine } from './result.ts';
import { add, keyOf, measureLayer, sizesOf, toolsFor, type Tools } from './tools.ts';

export interface MeasureOptions {
  /** Given: packages below both budgets keep their numbers and leave out contributors and duplicates. */
  readonly warnBytes?: number;
  readonly errorBytes?: number;
  /** Budgets of the configuration. */
  readonly budgets?: Budgets;
  /** Folder, relative to the root, of layers that infrastructure declares in the repository, by resource id `unit#logicalId`. */
  readonly layers?: ReadonlyMap<string, string>;
  /** All functions of the project, where only some are measured: what ships with what rests on all of them. */
  readonly among?: readonly ServerlessFunction[];
  /** Default 60. What is not measured by then is not measured, and says so. */
  readonly timeLimitSeconds?: number;
}

/** One function's package with the plan by which it was measured. */
export interface Measurement {
  readonly fn: ServerlessFunction;
  readonly plan: Plan;
  /** Other functions that ship the same. */
  readonly sharers: readonly ServerlessFunction[];
  /** The code's package, then its layers. */
  readonly parts: readonly Size[];
  readonly result: BundleResult;
}

/**
 * Sizes of deployment packages, one result a function, in the functions' order. Nothing is executed, written or read
 * outside the root. What cannot be measured has the status `notMeasured` and a reason; it is never counted as zero.
 */
export async function measure(workspace: Workspace, functions: readonly ServerlessFunction[], options: MeasureOptions = {}): Promise<readonly BundleResult[]> {
  const tools = toolsFor(workspace, options);
  return (await whileBundling(() => measureWith(tools, functions, options))).map(({ result }) => result);
}

/** The same with what else is known, for a run that goes on with the same tools; within `whileBundling`. */
export async function measureWith(tools: Tools, functions: readonly ServerlessFunction[], options: MeasureOptions): Promise<readonly Measurement[]> {
  const among = [...new Set([...functions, ...(options.among ?? [])])];
  const planned = inOneArchive(among, among.map((fn) => planOf(fn, tools)));
  const plans = planned.slice(0, functions.length);
  const byKey = new Map<string, ServerlessFunction[]>();
  for (const [index, plan] of planned.entries()) {
    const fn = among[index];
    if (plan.form === 'done' || fn === undefined) continue;
    const group = byKey.get(plan.key);
    if (group === undefined) byKey.set(plan.key, [fn]);
    else group.push(fn);
  }
  const sizes = await sizesOf(plans, tools);
  const layerSizes = new Map<string, Promise<Size>>();
  const measurements: Measurement[] = [];
  for (const [index, fn] of functions.entries()) {
    const plan = plans[index] ?? { form: 'done', size: notMeasured('not planned') };
    const code = plan.form === 'done' ? plan.size : sizes.get(keyOf(plan)) ?? notMeasured('it was not measured');
    const layers = layerFolders(fn.layers, tools, options.layers);
    const parts: Size[] = [code];
    for (const path of code.status === 'measured' ? layers.folders : []) {
      let size = layerSizes.get(path);
      if (size === undefined) layerSizes.set(path, (size = tools.left() <= 0 ? Promise.resolve(notMeasured('measuring took longer than its time limit')) : measureLayer(path, tools.folders)));
      const layer = await size;
      parts.push(layer.status === 'measured' ? layer : notMeasured(`layer ${path}: ${layer.reason}`, layer.missing));
    }
    const key = plan.form === 'done' ? undefined : createHash('sha256').update(JSON.stringify([plan.key, layers])).digest('hex').slice(0, 12);
    const assumptions = plan.form === 'done' ? [] : plan.assumptions;
    const notes = { key, notCounted: layers.unknown, assumptions, budget: budgetFor(fn, options.budgets) };
    const sharers = plan.form === 'done' ? [] : (byKey.get(plan.key) ?? []).filter((other) => other !== fn);
    measurements.push({ fn, plan, sharers, parts, result: resultOf(fn, parts, notes, options, tools) });
  }
  return measurements;
}

/** Layers as folders of the repository where they are; the others by name. */
function layerFolders(layers: readonly Value[], tools: Tools, declared: MeasureOptions['layers']): { readonly folders: readonly string[]; readonly unknown: readonly string[] } {
  const folders: string[] = [];
  const unknown: string[] = [];
  for (const layer of layers) {
    const text = layer.kind === 'literal' && typeof layer.value === 'string' ? layer.value : undefined;
    const path = layer.kind === 'resource' ? declared?.get(`${layer.unit}#${layer.id}`) : text;
    const folder = path === undefined ? undefined : inside(path);
    if (folder !== undefined && tools.sizes.real(folder).kind === 'directory') folders.push(folder);
    else unknown.push(oneLine(`layer ${text ?? (layer.kind === 'resource' ? layer.id : 'of unknown name')}`));
  }
  return { folders, unknown };
}

interface Notes {
  readonly key: string | undefined;
  readonly notCounted: readonly string[];
  readonly assumptions: readonly string[];
  readonly budget: BundleBudget | undefined;
}

function resultOf(fn: ServerlessFunction, parts: readonly Size[], notes: Notes, options: MeasureOptions, tools: Tools): BundleResult {
  const size = add(parts);
  const named = { function: fn.name, id: fn.id, status: size.status };
  if (size.status === 'notMeasured') return { ...named, reason: size.reason, ...(size.missing === undefined ? {} : { fix: fixFor(size.missing, tools.sizes, tools.manifest) }) };
  // The archive holds the code alone: layers are uploaded by themselves.
  const zippedBytes = parts[0]?.status === 'measured' ? parts[0].zippedBytes : undefined;
  const budget = Math.min(options.warnBytes ?? 0, options.errorBytes ?? Infinity);
  return {
    ...named,
    bytes: size.bytes,
    ...(zippedBytes === undefined ? {} : { zippedBytes }),
    ...(notes.key === undefined ? {} : { package: notes.key }),
    ...(size.bytes < budget ? {} : { contributors: size.contributors }),
    ...(size.bytes < budget || size.duplicates.length === 0 ? {} : { duplicates: size.duplicates }),
    ...(notes.assumptions.length === 0 ? {} : { assumptions: notes.assumptions }),
    ...(notes.notCounted.length === 0 ? {} : { notCounted: notes.notCounted }),
    ...(notes.budget === undefined ? {} : { budget: notes.budget }),
  };
}
