import type { Effect } from '../src/catalog/effects.ts';
import { handlerOf } from '../src/link/graph/handlers.ts';
import type { Occurrence } from '../src/link/queries/business.ts';
import { effects, keyOf, resolutionKey, type ReachedEffect } from '../src/link/queries/effects.ts';
import { passes } from '../src/link/queries/filters.ts';
import { guardOf, type FoundGuard } from '../src/link/queries/guards.ts';
import { keyNames, standsApart } from '../src/link/queries/identity.ts';
import type { ResourceKind, Trigger } from '../src/model/function.ts';
import type { ExternalCall, FunctionView } from '../src/model/project.ts';
import type { Value } from '../src/model/value.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** The platform cuts chains through these services after about 16 rounds (AWS, invocation-recursion; platforms.md section 4, November 2026). */
const cutByPlatform: ReadonlySet<string> = new Set(['lambda', 'sqs', 'sns', 's3']);
const CUT_AFTER_ROUNDS = 16;
/** Things whose triggers tell of what is removed; a message taken off a queue runs nothing. */
const deletionsTrigger: ReadonlySet<string> = new Set(['bucket', 'table', 'document']);

const names: Readonly<Partial<Record<ResourceKind, string>>> = { queue: 'queue', topic: 'topic', bucket: 'bucket', table: 'table', stream: 'stream', bus: 'event bus', stateMachine: 'state machine' };

export default defineRule({
  id: 'no-self-invocation',
  title: 'Disallow functions that make themselves run again',
  scope: 'function',
  category: 'loops',
  preset: 'core',
  risk: 'A function that triggers itself runs for ever: the bill grows by the second, the account runs out of concurrency, and every other function in it stops.',
  references: [
    { title: 'Serverless Architecture Overview: ability to DoS yourself by mistake', document: '004' },
    { title: 'AWS Lambda: recursive loop detection', url: 'https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html' },
  ],
  messages: {
    invokes: { severity: 'error', text: '{function} invokes itself.', repair: 'Carry a counter in the payload and stop at a limit, or hand the rest of the work to a queue or a state machine with a bound.' },
    feeds: { severity: 'error', text: '{function} {verb} the {kind} that triggers it ({resource}).', repair: 'Write to another {kind}, or let the trigger\'s filter exclude what the function writes.' },
    possible: { severity: 'warning', text: '{function} may write to the {kind} that triggers it ({resource}).', repair: 'Make the target or the filter such that the two cannot meet.' },
    cut: { severity: 'warning', text: '{function} continues itself through {via}; the chain ends by itself, but AWS cuts it silently after about 16 rounds.', repair: 'Set RecursiveLoop: Allow on the function if the chain is meant, or move the continuation to a state machine.' },
    ends: { severity: 'info', text: '{function} continues itself through {via}; the chain ends.', repair: 'Keep the guard; a test of it is worth having.' },
  },
  options: {},
  examples: [
    { title: 'Invokes itself', code: `import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nexport const handler = async (event, context) => {\n  await lambda.send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: 'Event' }));\n};\n`, reports: ['invokes'] },
    { title: 'A counter ends the chain', code: `import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nexport const handler = async (event, context) => {\n  if (event.page >= 40) return;\n  await lambda.send(new InvokeCommand({ FunctionName: context.functionName, InvocationType: 'Event', Payload: JSON.stringify({ page: event.page + 1 }) }));\n};\n`, reports: ['cut'] },
    { title: 'The name is only logged', code: `export const handler = async (event, context) => {\n  console.log(context.functionName, event.id);\n};\n`, reports: [] },
    { title: 'Another function', code: `import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda';\nconst lambda = new LambdaClient({});\nexport const handler = async () => {\n  await lambda.send(new InvokeCommand({ FunctionName: 'billing' }));\n};\n`, reports: [] },
  ],
  *check({ view }) {
    const seen = new Set<string>();
    const judged = new Set<Occurrence>();
    for (const item of effects(view)) {
      const { call, occurrence } = item;
      // One finding for a call on one path, and one for each place that makes it.
      if (!call || !occurrence || judged.has(occurrence)) continue;
      const found = judge(view, { ...item, call, occurrence });
      if (!found) continue;
      judged.add(occurrence);
      const place = `${call.place.file}:${call.place.start}>${item.place.file}:${item.place.start}`;
      if (!seen.has(place)) yield found;
      seen.add(place);
    }
  },
});

type Act = ReachedEffect & { readonly call: ExternalCall; readonly occurrence: Occurrence };

function judge(view: FunctionView, act: Act): Report | undefined {
  const { effect, targets } = act;
  if (effect.kind === 'read' || effect.kind === 'subscribe' || (effect.kind === 'delete' && !deletionsTrigger.has(effect.resourceKind))) return undefined;
  if (effect.resourceKind === 'function') {
    const named = targets.map(({ names: one }) => one.kind === 'function' && one.id === view.fn.id);
    return named.includes(true) ? report(view, act, undefined, named.every(Boolean)) : undefined;
  }
  const handler = handlerOf(view, act);
  for (const trigger of view.fn.triggers) {
    const { resource } = trigger;
    const kind = trigger.enabled === false ? undefined : kindOf(trigger, effect);
    if (!resource || !kind || effect.resourceKind !== kind) continue;
    // A worker with several handlers: what one of them sends and another one receives is no loop by itself.
    if (trigger.handlerExport !== undefined && handler !== undefined && handler !== trigger.handlerExport) continue;
    const own = keyOf(view, resource, kind);
    if (own === undefined) continue;
    const reaches = targets.map((target) => !standsApart(target.value, resource) && (resolutionKey(target.names) === own || fromTrigger(target.value, trigger, kind)));
    if (!reaches.includes(true)) continue;
    const match = passes(trigger, effect, keyNames(view, own.replace(/^#/, '')));
    if (match !== 'no') return report(view, act, { own, kind, match }, reaches.every(Boolean));
  }
  return undefined;
}

/** Which kind of resource stands behind a trigger, if an effect of this service can reach it. */
function kindOf(trigger: Trigger, effect: Effect): ResourceKind | undefined {
  switch (trigger.kind) {
    case 'queue': case 'topic': case 'bucket': case 'bus': case 'stateMachine': return trigger.kind;
    case 'stream': return effect.resourceKind === 'table' ? 'table' : 'stream';
    default: return undefined;
  }
}

/** `event.Records[0].s3.bucket.name` and the like: the event names the very resource it came from. */
function fromTrigger(target: Value, trigger: Trigger, kind: ResourceKind): boolean {
  if (target.kind !== 'event') return false;
  const path = target.path.join('.');
  return kind === 'bucket' ? trigger.kind === 'bucket' && /(^|\.)s3\.bucket\.(name|arn)$|detail\.bucket\.name$/.test(path) : kind === 'topic' && /Sns\.TopicArn$/.test(path);
}

interface Wiring { readonly own: string; readonly kind: ResourceKind; readonly match: 'yes' | 'unknown' }

function report(view: FunctionView, { call, occurrence, effect, place: at }: Act, wiring: Wiring | undefined, sure: boolean): Report {
  const name = view.fn.name;
  const kind = wiring ? (names[wiring.kind] ?? wiring.kind) : 'function';
  const resource = wiring ? (wiring.own.split('#').pop() ?? '').replace(/^\w+:string:/, '') : name;
  const data = { function: name, kind, resource, via: wiring ? `the ${kind} ${resource}` : 'its own invocation', verb: effect.kind === 'delete' ? 'deletes from' : effect.service === 'sqs' ? 'sends to' : effect.service === 'sns' || effect.service === 'eventbridge' ? 'publishes to' : 'writes to' };
  const assumptions = [
    ...(sure ? [] : ['the target is one of several possible ones']),
    ...(wiring?.match === 'unknown' ? ['what is written passes the trigger\'s filter'] : []),
    ...(call.body.certain ? [] : ['the call that leads here is one of several possible ones']),
  ];
  const guard = guardOf(view, call, occurrence.activation, effect.payload, effect.key, effect.attributes);
  // The call may stand in a helper of another file than the line that names the target.
  const evidence = call.place.file === at.file ? [] : [call.place.file];
  const common = { at, flow: occurrence.activation.path, ...(evidence.length > 0 ? { evidence } : {}), data, ...(assumptions.length > 0 ? { assumptions } : {}), ...(guard ? { guard: { strength: guard.strength, file: guard.file, line: guard.line, why: guard.why } } : {}) };
  if (guard?.strength === 'ends') return { ...common, message: stopsHalfway(view, effect, guard) ? 'cut' : 'ends' };
  if (assumptions.length > 0 && wiring) return { ...common, message: 'possible' };
  return { ...common, message: wiring ? 'feeds' : 'invokes', ...(assumptions.length > 0 ? { severity: 'warning' as const } : {}) };
}

/** A chain that ends, but may take more rounds than the platform lets it have. */
function stopsHalfway(view: FunctionView, effect: Effect, guard: FoundGuard): boolean {
  if (view.fn.platform !== 'aws' || !cutByPlatform.has(effect.service) || view.fn.recursiveLoop?.value === 'Allow') return false;
  return !guard.oneHop && !(guard.rounds !== undefined && guard.rounds < CUT_AFTER_ROUNDS);
}
