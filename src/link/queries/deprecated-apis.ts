import { azureModelV3, deprecatedCall, deprecatedPackage, firebaseExtensions, firebaseGen1, lambdaCallback, type DeprecatedApi } from '../../catalog/deprecated-apis.ts';
import { lambdaRuntime } from '../../catalog/runtimes.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { Location, SourcePlace } from '../../model/location.ts';
import type { FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { handlerPlace } from './handler-place.ts';
import { packageImports } from './packaged.ts';

/** A use of something with an announced end: of each in a function the first by file, the handler's before others, and place. */
export interface DeprecatedUse {
  readonly api: DeprecatedApi;
  readonly at: SourcePlace | Location;
  readonly flow?: readonly FlowStep[];
  /** The declared runtime does without it already: the function fails when it is called. */
  readonly refused?: string;
  readonly evidence: readonly string[];
}

/** What a function uses that has an announced end: one entry for each API, at its first use by place, whatever is loaded first. */
export function deprecatedUses(view: FunctionView): readonly DeprecatedUse[] {
  const found = new Map<string, DeprecatedUse>();
  const handlers = new Set(view.fn.handlers.map((handler) => handler.file));
  const isBefore = ({ at: one }: DeprecatedUse, { at: other }: DeprecatedUse): boolean => {
    if (!('start' in one) || !('start' in other)) return false;
    if (one.file === other.file) return one.start < other.start;
    return handlers.has(one.file) === handlers.has(other.file) ? one.file < other.file : handlers.has(one.file);
  };
  const add = (use: DeprecatedUse): void => {
    const known = found.get(use.api.name);
    if (!known || isBefore(use, known)) found.set(use.api.name, use);
  };
  for (const one of packageImports(view)) {
    const api = deprecatedPackage(one.package);
    if (api) add({ api, at: { file: one.file, start: one.fact.start, end: one.fact.end }, evidence: [] });
  }
  for (const call of [...view.calls('init'), ...view.calls('invoke')]) {
    const api = deprecatedCall(call.callee);
    if (api) add({ api, at: call.place, ...(call.body.phase === 'invoke' ? { flow: call.path } : {}), evidence: [] });
  }
  const callback = callbackOf(view as LinkedFunction);
  if (callback) add(callback);
  const { fn } = view;
  const [declared] = fn.declaredAt;
  const model = fn.platform === 'azure' && fn.generation === 'v3' ? handlerPlace(view) ?? declared : undefined;
  if (model) add({ api: azureModelV3, at: model, evidence: [] });
  if (declared && fn.platform === 'firebase' && /(?:^|\/)extension\.ya?ml$/.test(declared.file)) add({ api: firebaseExtensions, at: declared, evidence: [] });
  else if (declared && fn.platform === 'firebase' && fn.generation === 'gen1' && fn.triggers.length > 0 && fn.triggers.every((trigger) => isReplaced(trigger.kind, trigger.source))) add({ api: firebaseGen1, at: declared, evidence: [] });
  return [...found.values()];
}

/** Users made or deleted, and analytics, have no trigger of the second generation (Firebase, "2nd gen upgrade", November 2026). */
const isReplaced = (kind: string, source: string): boolean => kind !== 'auth' && kind !== 'custom' && kind !== 'unknown' && !/auth|analytics|user/i.test(source);

/** A handler of AWS Lambda that is the exported function itself, waits for nothing and answers through its third parameter. */
function callbackOf(view: LinkedFunction): DeprecatedUse | undefined {
  const { fn, evaluator } = view;
  const [handler] = fn.handlers;
  if (fn.platform !== 'aws' || fn.handlers.length !== 1 || !handler || handler.at) return undefined;
  const runtime = fn.runtime && lambdaRuntime(fn.runtime.value);
  if (!runtime) return undefined;
  const value = evaluator.exportValue(handler.file, handler.export);
  if (value.kind !== 'function' || value.bound !== undefined || value.file !== handler.file) return undefined;
  const fact = evaluator.fact(value.file, value.fn);
  const facts = view.project.facts(value.file);
  const third = fact?.params[2];
  if (!fact || !facts || fact.async || fact.generator || !third || third.rest || third.target.kind !== 'ref') return undefined;
  // Parameters with a default do not count for what the runtime looks at.
  if (fact.params.slice(0, 3).some((param) => param.default !== undefined || param.rest)) return undefined;
  const { binding } = third.target;
  let used = false;
  // Handed to a wrapper, what the platform calls has parameters of its own.
  let wrapped = false;
  const isHandler = (item: Item): boolean => (item.kind === 'function' && 'fn' in item && item.fn === fact.id) || (item.kind === 'ref' && fact.name !== '' && facts.bindings[item.binding]?.name === fact.name);
  for (const one of facts.functions) {
    walk(one.body, (item) => {
      if (item.kind === 'ref' && item.binding === binding) used = true;
      if ((item.kind === 'call' || item.kind === 'new') && item.args.some(isHandler)) wrapped = true;
    });
  }
  if (!used || wrapped || facts.exports.some((one) => one.value?.kind === 'call' || one.value?.kind === 'new')) return undefined;
  const place = { file: value.file, start: fact.start, end: fact.start };
  return { api: lambdaCallback, at: place, evidence: [], ...(runtime.callbacks ? {} : { refused: runtime.name }) };
}
