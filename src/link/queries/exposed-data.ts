import { normalName } from '../../catalog/look-up.ts';
import type { Effect } from '../../catalog/effects.ts';
import type { Binding } from '../../model/function.ts';
import type { Body, Callee, FunctionView } from '../../model/project.ts';
import { walk } from '../walk.ts';
import { effects } from './effects.ts';
import { sqlReadOf } from './sql-statements.ts';

/** What a function does that whoever may call it should be asked for. */
export interface ExposedData {
  /** `reads`, `writes`, `deletes`, `sends to`, `starts`, … */
  readonly verb: string;
  /** What it is done to, for people: `the table (dynamodb PutItem)`. */
  readonly what: string;
}

const verbs: Readonly<Record<Effect['kind'], string>> = {
  invoke: 'invokes', publish: 'sends to', write: 'writes', read: 'reads', delete: 'deletes from', start: 'starts', request: 'asks', send: 'sends to', charge: 'charges', subscribe: 'subscribes to',
};

/** What a reader should hear of first: each of these is one digit in the order. */
const gravest: readonly Effect['kind'][] = ['charge', 'delete', 'write', 'start', 'invoke', 'publish', 'send', 'subscribe', 'request', 'read'];

/** Services that hold settings and secrets of the application itself, and ones that only compute or count. */
const ownMatters: ReadonlySet<string> = new Set([
  'ssm', 'secretsmanager', 'appconfig', 'cloudwatch', 'logs', 'http', 'rekognition', 'textract', 'transcribe', 'aws', 'gcp', 'apigateway-management',
]);
const changes: ReadonlySet<Effect['kind']> = new Set(['write', 'delete', 'publish', 'start', 'invoke', 'send', 'charge']);

/** Bindings of Azure Functions that hold data, by direction. */
const noData = /^(?:http|httpTrigger|signalR\w*|webPubSub\w*|assistant\w*|embeddings?\w*|textCompletion\w*|durableClient|orchestrationClient)$/i;

/** The gravest thing that a function does to data: changes before reads; `undefined` where it does nothing of the kind. */
export function exposedDataOf(view: FunctionView): ExposedData | undefined {
  const bindings = (view.fn.bindings ?? []).filter((binding) => !noData.test(binding.type));
  const all = effects(view).flatMap(({ effect }) => (effect.wraps || !isData(effect) ? [] : asRead(effect)));
  const change = first(all.filter((effect) => changes.has(effect.kind)));
  if (change) return said(change);
  if (view.calls('invoke').some(({ callee }) => writesFile(callee))) return { verb: 'writes', what: 'a file' };
  const out = bindings.find((binding) => binding.direction !== 'in');
  if (out) return bound(out, 'writes');
  const read = first(all);
  if (read) return said(read);
  const input = bindings.find((binding) => binding.direction === 'in' && binding.kind !== 'bucket');
  if (input) return bound(input, 'reads');
  // Inputs of a registration that is known by its code alone.
  return view.fn.platform === 'azure' && view.bodies('invoke').some((body) => usesInputs(body)) ? { verb: 'reads', what: 'an input binding' } : undefined;
}

/** The gravest kind, then the first by name: the order of the code says nothing of what counts most. */
function first(effects: readonly Effect[]): Effect | undefined {
  const key = (effect: Effect): string => `${gravest.indexOf(effect.kind)} ${effect.service} ${effect.detail}`;
  return effects.reduce<Effect | undefined>((best, effect) => (best === undefined || key(effect) < key(best) ? effect : best), undefined);
}

function usesInputs(body: Body): boolean {
  let found = false;
  walk(body.fn.body, (item) => { found ||= item.kind === 'member' && item.property === 'extraInputs'; });
  return found;
}

/** What a caller sends ends up on the disk. */
function writesFile(callee: Callee): boolean {
  const { module, method } = normalName(callee);
  return /^(?:fs|fs\/promises|fs-extra|graceful-fs)$/.test(module) && /^(?:createWriteStream|writeFile|writeFileSync|appendFile|appendFileSync|outputFile)$/.test(method);
}

function isData(effect: Effect): boolean {
  if (effect.kind === 'request' || effect.kind === 'subscribe') return false;
  // Metrics and images of a Worker are no data; what is linked to one is.
  if (effect.service === 'cloudflare') return effect.resourceKind !== 'other' && effect.resourceKind !== 'binding';
  if (effect.service === 'ssm' || effect.service === 'secretsmanager') return changes.has(effect.kind);
  return !ownMatters.has(effect.service);
}

/** A statement that only selects is a read; one that asks for no table gives nothing away. */
function asRead(effect: Effect): readonly Effect[] {
  const reads = sqlReadOf(effect);
  return reads === undefined ? [effect] : reads === 'rows' ? [{ ...effect, kind: 'read' }] : [];
}

const said = (effect: Effect): ExposedData => ({ verb: verbs[effect.kind], what: `${effect.service} (${effect.detail})` });
const bound = (binding: Binding, verb: string): ExposedData => ({ verb, what: `${binding.type} (binding)` });
