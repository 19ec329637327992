import { batchRange, concurrencyRange, environmentBytes, memoryRange, mostLayers, temporaryRange, timeoutRange, variableBytes, type SettingRange } from '../../catalog/capacities.ts';
import { textOf } from '../../catalog/look-up.ts';
import { longestTimeout } from '../../catalog/trigger-limits.ts';
import type { Trigger } from '../../model/function.ts';
import type { FlowStep, Severity } from '../../model/finding.ts';
import type { Located, Location, SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { IacChange } from '../../catalog/iac-changes.ts';
import { shownChange } from './iac-change.ts';
import { queueOf, queueProperty } from './queues.ts';

/** A size or number beyond a limit: which, where, and what a message needs. */
export interface Overrun {
  readonly message: 'setting' | 'layers' | 'environment' | 'variable' | 'batch' | 'records' | 'unbounded' | 'number' | 'tooBig' | 'whole' | 'pages';
  readonly at: SourcePlace | Location;
  readonly key: string;
  readonly data: Readonly<Record<string, string | number>>;
  readonly flow?: readonly FlowStep[];
  readonly severity?: Severity;
  readonly assumptions?: readonly string[];
  readonly evidence?: readonly string[];
}

/** Settings of a function and its triggers that the platform refuses; each at its property. */
export function* wrongSettings(view: FunctionView): Iterable<Overrun> {
  const { fn } = view;
  const [declared] = fn.declaredAt;
  const settings: readonly (readonly [string, NumberChange, Located<number> | undefined, SettingRange | undefined])[] = [
    ['The memory', 'memoryMb', fn.memoryMb, memoryRange(fn)],
    ['The timeout', 'timeoutSeconds', fn.timeoutSeconds, timeoutRange(fn, longestTimeout(fn))],
    ['The temporary folder', 'temporaryMb', fn.ephemeralStorageMb, temporaryRange(fn)],
    ['The number of retries', 'retries', fn.maximumRetryAttempts, fn.platform === 'aws' ? { least: 0, most: 2, unit: '', grade: 'doc', source: 'docs.aws.amazon.com/lambda API_PutFunctionEventInvokeConfig (2026)' } : undefined],
  ];
  for (const [what, change, set, range] of settings) if (set && range) yield* outOf(view, what, change, set.value, set.location, range);
  for (const trigger of fn.triggers) {
    const at = trigger.location ?? declared;
    if (!at) continue;
    const batch = batchRange(fn, trigger, isFifo(view, trigger));
    if (trigger.batchSize !== undefined && batch) yield* outOf(view, 'The batch size', 'batchSize', trigger.batchSize, trigger.batchSizeAt ?? at, batch);
    const concurrency = concurrencyRange(fn, trigger);
    if (trigger.maximumConcurrency !== undefined && concurrency) yield* outOf(view, 'The maximum concurrency', 'maximumConcurrency', trigger.maximumConcurrency, trigger.maximumConcurrencyAt ?? at, concurrency);
  }
  const layers = mostLayers(fn);
  const layersAt = fn.layersAt ?? declared;
  if (layers && layersAt && fn.layers.length > layers.value) yield { message: 'layers', at: layersAt, key: keyOf('layers', layersAt), data: { count: fn.layers.length, most: layers.value } };
  yield* environment(view);
}

function* environment(view: FunctionView): Iterable<Overrun> {
  const { fn } = view;
  const at = fn.environmentAt ?? fn.declaredAt[0];
  if (!at) return;
  const whole = environmentBytes(fn);
  const single = variableBytes(fn);
  let sum = 0;
  for (const [name, value] of fn.environment) {
    // What is not known counts as nothing: the sum is the least that it can be.
    const bytes = byteLength(textOf(value) ?? '');
    sum += byteLength(name) + bytes;
    if (single && bytes > single.value) yield { message: 'variable', at, key: `${keyOf('variable', at)}:${name}`, data: { name, bytes, most: `${single.value} bytes` } };
  }
  if (whole && sum > whole.value) yield { message: 'environment', at, key: keyOf('environment', at), data: { bytes: sum, most: `${whole.value} bytes` }, ...(whole.grade === 'inferred' ? { assumptions: [whole.source], severity: 'warning' as const } : {}) };
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
const keyOf = (what: string, at: Location): string => `${what}:${at.file}:${at.line}:${at.column}`;

/** Changes that set a number. */
type NumberChange = Extract<IacChange, { readonly value: number }>['set'];

function* outOf(view: FunctionView, what: string, set: NumberChange, value: number, at: Location, range: SettingRange): Iterable<Overrun> {
  if (!Number.isFinite(value) || (value >= range.least && value <= range.most)) return;
  const { fn } = view;
  const unit = range.unit === '' ? '' : ` ${range.unit}`;
  yield {
    message: 'setting', at, key: keyOf(what, at), data: { what, value: `${value}${/^(?:MB|s)$/.test(range.unit) ? unit : ''}`, range: `${range.least} to ${range.most}${unit}`, change: shownChange(fn, at, { set, value: Math.min(Math.max(value, range.least), range.most) }) },
    ...(isOfflineOnly(view, at) ? { severity: 'info' as const } : range.assumption === undefined ? {} : { assumptions: [range.assumption], severity: 'warning' as const }),
  };
}

/**
 * A `serverless.yml` whose only use is `serverless offline` (scripts of the manifest beside it): nothing is deployed by it, and
 * the emulator takes any number.
 */
export function isOfflineOnly(view: FunctionView, { file }: Location): boolean {
  if (!/(?:^|\/)serverless[\w.-]*\.(?:ya?ml|json|[cm]?[jt]s)$/.test(file)) return false;
  const scripts = (view.project.packages?.manifestsAbove(file) ?? []).flatMap((one) => one.scripts);
  return scripts.some((one) => /\b(?:sls|serverless|osls)\b[^&|;]{0,80}\boffline\b/.test(one)) && !scripts.some((one) => /\bdeploy/.test(one));
}

/** A queue that keeps the order says so in its declaration or name. */
function isFifo(view: FunctionView, trigger: Trigger): boolean {
  const queue = queueOf(view.project, view.fn, trigger);
  if (!queue) return textOf(trigger.resource)?.endsWith('.fifo') === true;
  const flag = queueProperty(queue, 'FifoQueue', 'fifo_queue', 'fifoQueue', 'fifo');
  return typeof flag === 'object' && flag.kind === 'literal' && String(flag.value) === 'true';
}
