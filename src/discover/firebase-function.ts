import type { ServerlessFunction } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import { madeOf, type Made, type Sym } from '../link/program-values.ts';
import { Options, type MadeView } from './code-made.ts';
import { firebaseCall } from './firebase-call.ts';
import { firebaseTrigger, FirebaseOptions, megabytes } from './firebase-trigger.ts';

/** What the source folder of some Firebase functions says for all of them. */
export interface FirebaseSource {
  /** Path of the declaring file. */
  readonly unit: string;
  readonly runtime?: Located<string>;
  /** Variables of the `.env` file that all projects share. */
  readonly environment: ReadonlyMap<string, Value>;
  /** Version of firebase-functions that the manifest asks for. */
  readonly major: number | undefined;
  /** Calls of `setGlobalOptions`, in the order of the program. */
  readonly globals: readonly Made[];
}

/** The function that an exported value is, or `undefined` when no call of firebase-functions made it. `names`: the path of exports to it. */
export function firebaseFunction(made: Made, names: readonly string[], source: FirebaseSource, view: MadeView): ServerlessFunction | undefined {
  const call = firebaseCall(made, source.major);
  if (call === undefined) return undefined;
  const name = names.join('-');
  const location = view.location(made.place);
  const options = optionsOf(made, call.first, source.globals, view);
  const written = firebaseTrigger(call, options, view);
  // A queue of tasks has the name of its function.
  const trigger = written.kind === 'queue' ? { ...written, resource: literal(name) } : written;
  const handler = view.handler(call.handler, { place: made.argPlaces.at(-1) ?? made.place, name: names.at(-1) ?? name, made }, trigger.kind);
  const number = (property: string, convert: (options: Options) => number | undefined): Located<number> | undefined => {
    const from = options.from(property);
    const value = from === undefined ? undefined : convert(from);
    return from === undefined || value === undefined ? undefined : { value, location: from.place(property) };
  };
  const timeout = number('timeoutSeconds', (from) => from.number('timeoutSeconds'));
  // What stands in the options' place and is no text of a path may be options with anything in them.
  const told = call.first === undefined || /^(?:record|literal|template)$/.test(call.first.kind);
  const timeoutUnknown = timeout === undefined && (!told || options.open || options.from('timeoutSeconds') !== undefined);
  const memory = number('memory', (from) => megabytes(from.value('memory')));
  const kept = number('minInstances', (from) => from.number('minInstances'));
  const together = call.generation === 'gen2' ? concurrencyOf(options) : 1;
  const most = number('maxInstances', (from) => from.number('maxInstances'));
  const limit = most === undefined || together === undefined ? undefined : { value: most.value * together, location: most.location };
  const concurrency = options.number('concurrency');
  const region = call.steps.get('region')?.[0] !== undefined ? view.value(call.steps.get('region')?.[0]) : options.value('region');
  return {
    id: `${source.unit}#${name}`, name, unit: source.unit, platform: 'firebase', handlers: [handler], triggers: [trigger], declaredAt: [location], foundBy: 'convention',
    physicalName: literal(name), environment: source.environment, layers: [], mounts: [], destinations: [],
    ...(call.generation === undefined ? {} : { generation: call.generation }), ...(source.runtime === undefined ? {} : { runtime: source.runtime }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(timeoutUnknown ? { timeoutUnknown: true as const } : {}), ...(memory !== undefined ? { memoryMb: memory } : options.from('memory') === undefined ? {} : { memoryUnknown: true as const }), ...(kept === undefined ? {} : { provisionedConcurrency: kept }),
    ...(limit === undefined ? {} : { reservedConcurrency: limit }), ...(concurrency === undefined ? {} : { concurrencyPerInstance: concurrency }), ...(region === undefined ? {} : { region }),
  };
}

/** Own options, `runWith` of the first generation, then what was set for all functions before this one was made. */
function optionsOf(made: Made, first: Sym | undefined, globals: readonly Made[], view: MadeView): FirebaseOptions {
  const sources: Options[] = [];
  if (first?.kind === 'record') sources.push(new Options(view, first, made.argPlaces[0] ?? made.place));
  for (let at: Made | undefined = made, count = 0; at !== undefined && count < 20; count++) {
    if (/^#?(?:runWith|taskQueue)$/.test(at.path.at(-1) ?? '') && at.args[0] !== undefined) sources.push(new Options(view, at.args[0], at.argPlaces[0] ?? at.place));
    at = at.receiver?.kind === 'attribute' ? at.receiver.of : madeOf(at.receiver);
  }
  const set = globals.findLast((one) => one.index < made.index && one.certain);
  if (set?.args[0] !== undefined) sources.push(new Options(view, set.args[0], set.argPlaces[0] ?? set.place));
  return new FirebaseOptions(sources);
}

/** Invocations at a time in one instance: 80 unless written or the instance has less than one processor (firebase-functions, v2 options, read 2026-08). */
function concurrencyOf(options: FirebaseOptions): number | undefined {
  if (options.from('concurrency') !== undefined) return options.number('concurrency');
  const cpu = options.value('cpu');
  if (cpu === undefined) return 80;
  return cpu.kind !== 'literal' ? undefined : cpu.value === 'gcf_gen1' || (typeof cpu.value === 'number' && cpu.value < 1) ? 1 : 80;
}
