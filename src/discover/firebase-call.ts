import type { TriggerKind } from '../model/function.ts';
import { madeOf, type Made, type Sym } from '../link/program-values.ts';

/** A call of firebase-functions that makes a function, taken apart. */
export interface FirebaseCall {
  readonly made: Made;
  /** Part of the package: `https`, `firestore`, `database`; '' where the import does not say. */
  readonly provider: string;
  /** `onRequest`, `onDocumentWritten`. */
  readonly method: string;
  readonly generation: 'gen1' | 'gen2' | undefined;
  readonly kind: TriggerKind;
  /** Arguments of a builder's call on the way, by its name: `region`, `runWith`, `document`. */
  readonly steps: ReadonlyMap<string, readonly Sym[]>;
  /** What is called at an invocation. */
  readonly handler: Sym | undefined;
  /** Options or resource in front of the handler, in the second generation. */
  readonly first: Sym | undefined;
}

const moduleName = /^firebase-functions(?:\/(.*))?$/;

/** Steps that only the builders of the first generation have. */
const firstGeneration: ReadonlySet<string> = new Set([
  'region', 'runWith', 'document', 'ref', 'object', 'topic', 'schedule', 'user', 'event', 'testMatrix', 'taskQueue', 'bucket', 'instance', 'handler', 'issue',
]);

/** Kinds by part of the package, for the first generation. */
const providers: ReadonlyMap<string, TriggerKind> = new Map<string, TriggerKind>([
  ['https', 'http'], ['firestore', 'document'], ['database', 'document'], ['storage', 'bucket'], ['auth', 'auth'], ['identity', 'auth'], ['tasks', 'queue'],
  ['eventarc', 'bus'], ['scheduler', 'schedule'], ['alerts', 'custom'], ['remoteConfig', 'custom'], ['testLab', 'custom'], ['analytics', 'custom'], ['crashlytics', 'custom'], ['dataconnect', 'custom'],
]);

/** Kinds by method (firebase-functions 3 to 7, read 2026-11). */
const methods: readonly (readonly [RegExp, TriggerKind])[] = [
  [/^(?:onRequest|onCall|onCallGenkit)$/, 'http'], [/^on(?:Schedule|Run)$/, 'schedule'], [/^on(?:TaskDispatched|Dispatch)$/, 'queue'], [/^on(?:MessagePublished|Publish)$/, 'topic'],
  [/^onDocument\w+$/, 'document'], [/^onValue\w+$/, 'document'], [/^on(?:Object\w+|Finalize|Archive|MetadataUpdate)$/, 'bucket'], [/^onCustomEventPublished$/, 'bus'],
  [/^before\w+$/, 'auth'], [/^on(?:ConfigUpdated|TestMatrixCompleted|Complete|Log|NewDetected|\w*(?:Published|Report\w*)|Mutation\w+|Query\w+)$/, 'custom'],
];

/** Takes a call apart; `undefined` for calls that make no function. `major`: version of the package that is installed, where it is known. */
export function firebaseCall(made: Made, major: number | undefined): FirebaseCall | undefined {
  const path = made.path.map((part) => part.replace(/^#/, ''));
  const below = moduleName.exec(made.module);
  if (made.form !== 'call' || below === null) return undefined;
  const parts = [...(below[1]?.split('/') ?? []), ...path].filter((part) => part !== 'default' && part !== 'lib' && part !== 'providers');
  const method = parts.at(-1) ?? '';
  if (!/^(?:on|before)[A-Z]/.test(method)) return undefined;
  const steps = new Map<string, readonly Sym[]>();
  let at: Made | undefined = made;
  for (let count = 0; at !== undefined && count < 20; count++) {
    const name = (at.path.at(-1) ?? '').replace(/^#/, '');
    if (!steps.has(name)) steps.set(name, at.args);
    at = at.receiver?.kind === 'attribute' ? at.receiver.of : madeOf(at.receiver);
  }
  const provider = parts.slice(0, -1).find((part) => providers.has(part) || part === 'pubsub') ?? '';
  const kind = kindOf(provider, method, parts);
  const generation = firebaseGeneration(made.module, path, major);
  const last = made.args.at(-1);
  return { made, provider, method, generation, kind, steps, handler: last, first: made.args.length > 1 ? made.args[0] : undefined };
}

/** Generation of what a name of the package makes. `path`: names inside the module. */
export function firebaseGeneration(module: string, path: readonly string[], major?: number): 'gen1' | 'gen2' | undefined {
  const below = moduleName.exec(module)?.[1];
  const [version] = [...(below?.split('/') ?? []), ...path].filter((part) => part !== 'default');
  if (version === 'v1' || version === 'v2') return version === 'v1' ? 'gen1' : 'gen2';
  if (path.some((part) => firstGeneration.has(part))) return 'gen1';
  // Parts of the package imported on their own are of the second generation; the whole is, from version 6 on.
  if (below !== undefined) return 'gen2';
  return major === undefined ? undefined : major >= 6 ? 'gen2' : 'gen1';
}

function kindOf(provider: string, method: string, parts: readonly string[]): TriggerKind {
  if (provider === 'pubsub') return method === 'onRun' || parts.includes('schedule') ? 'schedule' : 'topic';
  // `handler.pubsub.schedule`, `auth.user().beforeCreate` and the like are told by what stands before the method.
  const byProvider = providers.get(provider);
  if (byProvider !== undefined && !(provider === 'https' && !/^onRequest$|^onCall/.test(method))) return byProvider;
  return methods.find(([pattern]) => pattern.test(method))?.[1] ?? 'unknown';
}
