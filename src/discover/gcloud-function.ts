import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { template } from '../link/values.ts';
import { eventKind, shortName } from './firebase-extension.ts';
import { megabytes } from './firebase-trigger.ts';
import type { Deployment } from './gcloud-commands.ts';

/** A word of a script as a value: variables that it does not set are environment variables of whoever deploys, not of the function. */
export function wordValue(word: string): Value {
  const parts: Value[] = [];
  let at = 0;
  for (const match of word.slice(0, 2_000).matchAll(/\$\{\{[^}]{0,200}\}\}|\$\([^)]{0,200}\)|\$\{[^}]{0,200}\}|\$\w{1,100}/g)) {
    if (match.index > at) parts.push(literal(word.slice(at, match.index)));
    parts.push(unknown(`variable ${match[0]} of a deployment script`));
    at = match.index + match[0].length;
  }
  if (at < word.length || parts.length === 0) parts.push(literal(word.slice(at)));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : template(parts);
}

export const isPlain = (word: string): boolean => !word.includes('$');

const first = (deployment: Deployment, ...names: readonly string[]): string | undefined => names.map((name) => deployment.flags.get(name)?.[0]).find((value) => value !== undefined);

/** What a deployment says of a function besides its code (gcloud reference, `functions deploy` and `run deploy`, read 2026-11). */
export function deployedSettings(deployment: Deployment): Partial<ServerlessFunction> & { readonly triggers: readonly Trigger[] } {
  const located = <T>(value: T | undefined): Located<T> | undefined => (value === undefined ? undefined : { value, location: deployment.location });
  const number = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : undefined);
  const seconds = /^(\d{1,6})s?$/.exec(first(deployment, 'timeout') ?? '')?.[1];
  const runtime = first(deployment, 'runtime');
  const timeout = located(seconds === undefined ? undefined : Number(seconds));
  const memory = located(megabytes(literal(first(deployment, 'memory')?.replace(/(?<=\d)([MG])i$/i, '$1iB'))));
  const concurrency = number(first(deployment, 'concurrency'));
  const most = number(first(deployment, 'max-instances'));
  const kept = located(number(first(deployment, 'min-instances')));
  const second = deployment.product === 'run' ? 'run' : deployment.flags.has('gen2') ? 'gen2' : deployment.flags.has('no-gen2') ? 'gen1' : undefined;
  const region = first(deployment, 'region');
  const limit = located(most === undefined || (second !== 'gen1' && concurrency === undefined) ? undefined : most * (concurrency ?? 1));
  return {
    triggers: triggersOf(deployment), environment: environmentOf(deployment),
    ...(second === undefined ? {} : { generation: second }), ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(memory === undefined ? {} : { memoryMb: memory }),
    ...(runtime === undefined || !isPlain(runtime) ? {} : { runtime: { value: runtime, location: deployment.location } }), ...(concurrency === undefined ? {} : { concurrencyPerInstance: concurrency }),
    ...(kept === undefined ? {} : { provisionedConcurrency: kept }), ...(limit === undefined ? {} : { reservedConcurrency: limit }), ...(region === undefined ? {} : { region: wordValue(region) }),
  };
}

function environmentOf(deployment: Deployment): ReadonlyMap<string, Value> {
  const environment = new Map<string, Value>();
  for (const list of [...(deployment.flags.get('set-env-vars') ?? []), ...(deployment.flags.get('update-env-vars') ?? [])]) {
    // `^:^A=1:B=2` names another separator.
    const other = /^\^([^^]{1,5})\^/.exec(list);
    for (const pair of (other === null ? list : list.slice(other[0].length)).split(other?.[1] ?? ',').slice(0, 500)) {
      const equals = pair.indexOf('=');
      if (equals > 0) environment.set(pair.slice(0, equals).trim(), wordValue(pair.slice(equals + 1)));
    }
  }
  return environment;
}

function triggersOf(deployment: Deployment): Trigger[] {
  const { location } = deployment;
  const retry = deployment.flags.has('retry') ? { maximumRetryAttempts: -1 } : {};
  if (deployment.product === 'run' || deployment.flags.has('trigger-http')) {
    const ingress = first(deployment, 'ingress-settings', 'ingress');
    const kind = ingress !== undefined && /^internal/.test(ingress) ? 'private' : deployment.flags.has('allow-unauthenticated') ? 'none' : deployment.flags.has('no-allow-unauthenticated') ? 'identity' : undefined;
    return [{ kind: 'http', source: deployment.product === 'run' ? 'run' : 'trigger-http', filters: [{ kind: 'route', method: '*', path: '*' }], location, ...(kind === undefined ? {} : { auth: { kind, location } }) }];
  }
  const topic = first(deployment, 'trigger-topic');
  if (topic !== undefined) return [{ kind: 'topic', source: 'trigger-topic', filters: [], location, resource: wordValue(shortName(topic)), ...retry }];
  const bucket = first(deployment, 'trigger-bucket');
  if (bucket !== undefined) return [{ kind: 'bucket', source: 'trigger-bucket', filters: [{ kind: 'object', events: ['finalize'], rules: [] }], location, resource: wordValue(bucket.replace(/^gs:\/\//, '')), ...retry }];
  const filters = new Map([...(deployment.flags.get('trigger-event-filters') ?? []), ...(deployment.flags.get('trigger-event-filters-path-pattern') ?? [])].flatMap((list) => list.split(',')).flatMap((pair) => { const equals = pair.indexOf('='); return equals < 0 ? [] : [[pair.slice(0, equals), pair.slice(equals + 1)] as const]; }));
  const type = first(deployment, 'trigger-event') ?? filters.get('type');
  if (type === undefined) return [];
  const resource = first(deployment, 'trigger-resource') ?? filters.get('document') ?? filters.get('ref') ?? filters.get('bucket') ?? filters.get('topic');
  return [{ kind: eventKind(type), source: type, filters: [], location, ...(resource === undefined ? {} : { resource: wordValue(shortName(resource)) }), ...retry }];
}
