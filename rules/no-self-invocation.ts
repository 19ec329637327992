import { watchedServices } from '../src/link/graph/allowed-loops.ts';
import { effectsOfHop, guardIn } from '../src/link/graph/graph.ts';
import { restsOn, verb, type Hop } from '../src/link/graph/hop.ts';
import { outgoing } from '../src/link/graph/hops.ts';
import { taskFiles } from '../src/link/graph/machines.ts';
import { askedOnTheWay } from '../src/link/queries/asked.ts';
import { effects, type ReachedEffect } from '../src/link/queries/effects.ts';
import type { FoundGuard } from '../src/link/queries/guards.ts';
import { lacksMark } from '../src/link/queries/loop-mark.ts';
import { writesSameAgain } from '../src/link/queries/marked-documents.ts';
import { settles } from '../src/link/queries/settles.ts';
import type { FunctionView } from '../src/model/project.ts';
import type { Value } from '../src/model/value.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** AWS cuts a chain after about so many rounds (Lambda developer guide, "recursive loop detection", November 2026). */
const CUT_AFTER_ROUNDS = 16;

const names: Readonly<Record<string, string>> = { queue: 'queue', topic: 'topic', bucket: 'bucket', table: 'table', stream: 'stream', bus: 'event bus', stateMachine: 'state machine', document: 'document' };

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
    leads: { severity: 'error', text: '{function} {verb} what leads back to it: {resource}.', repair: 'Break the way at one link: write somewhere else, or let a filter keep out what the function writes.' },
    requests: { severity: 'error', text: '{function} requests its own route ({resource}).', repair: 'Call the code itself instead of its route, or ask another one.' },
    settles: { severity: 'warning', text: '{function} {verb} the {kind} that triggers it ({resource}); only that a write that changes nothing raises no event ends the loop.', repair: 'Leave when the value is already what would be written, or write to another path.' },
    removes: { severity: 'info', text: '{function} removes what triggers it ({resource}); it runs again for each removal, and a removed {kind} is removed once.', repair: 'Leave at once when the event is a removal.' },
    possible: { severity: 'info', text: '{function} may run itself again: it {verb} {resource}.', repair: 'Make the target or the filter such that the two cannot meet.' },
    cut: { severity: 'warning', text: '{function} continues itself through {via}; the chain ends by itself, but AWS cuts it silently after about 16 rounds.', repair: 'Set RecursiveLoop: Allow on the function if the chain is meant, or move the continuation to a state machine.' },
    unmarked: { severity: 'warning', text: '{function} continues itself through {via}; the chain ends by itself, but were it not to, AWS would not stop it: the client takes off the mark by which it would.', repair: 'Leave the middleware in and set RecursiveLoop: Allow on the function if the chain is meant, or move the continuation to a state machine.' },
    doubtful: { severity: 'warning', text: '{function} continues itself through {via}; whether a check ends the chain is not known, and AWS cuts it silently after about 16 rounds.', repair: 'Carry a counter that is compared with a limit. Set RecursiveLoop: Allow on the function if a longer chain is meant, or move the continuation to a state machine.' },
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
    const best = new Map<string, Hop>();
    for (const hop of outgoing(view).hops) {
      // A worker with several handlers: what one of them sends and another one receives is no loop by itself.
      if (hop.to !== hop.from || (hop.fromHandler !== undefined && hop.toHandler !== undefined && hop.fromHandler !== hop.toHandler)) continue;
      const place = `${hop.place.file}:${hop.place.line}:${hop.place.column}`;
      const known = best.get(place);
      if (!known || rank(hop) < rank(known)) best.set(place, hop);
    }
    for (const hop of best.values()) {
      // What a task is given is said by other functions, which the editor does not see.
      const found = view.project.whole || taskFiles(view.project, hop).every((file) => view.project.facts(file)) ? report(view, hop) : undefined;
      if (found) yield found;
    }
  },
});

/** Of several loops through one line the surest and shortest is told. */
const rank = (hop: Hop): number => hop.assumptions.length * 10 + hop.through.length;

/** `undefined` where a check that the editor does not see may end the loop. */
function report(view: FunctionView, found: Hop): Report | undefined {
  const guard = guardIn(view, found);
  // What has to be so for the line to be reached again matters where nothing ends the loop.
  const hop = { ...found, assumptions: [...found.assumptions, ...(guard?.strength === 'ends' ? (guard.rests ?? []) : [...restsOn(found, found), ...(guard?.doubt ? [guard.doubt] : [])])] };
  const items = effectsOfHop(view, hop);
  const [first] = items;
  const endsHere = guard?.strength === 'ends' && guard.file === hop.place.file;
  const asked = endsHere ? undefined : askedOnTheWay(view, items);
  if (asked?.isUnseen) return undefined;
  const { name } = view.fn;
  const kind = first ? (names[first.effect.resourceKind] ?? 'resource') : 'resource';
  const things = hop.through.map((thing) => thing.label);
  const resource = things.join(' → ').replace(/^\w+:string:/, '');
  const data = { function: name, kind, resource, via: hop.how === 'invoke' ? 'its own invocation' : hop.how === 'request' ? 'its own route' : `the ${kind} ${resource}`, verb: first ? verb(first.effect) : hop.how === 'destination' ? 'hands its results to' : 'writes to' };
  // The call may stand in a helper of another file than the line that names the target.
  const evidence = [...new Set([...items.flatMap((item) => (item.call && item.call.place.file !== hop.place.file ? [item.call.place.file] : [])), ...(asked?.files ?? []), ...taskFiles(view.project, hop)])];
  const common = { at: hop.place, flow: hop.steps, ...(evidence.length > 0 ? { evidence } : {}), data, ...(hop.assumptions.length > 0 ? { assumptions: hop.assumptions } : {}), ...(guard ? { guard: { strength: guard.strength, file: guard.file, line: guard.line, why: guard.why } } : {}) };
  if (guard?.strength === 'ends') return { ...common, message: !first || !stopsHalfway(view, hop, guard) ? 'ends' : items.every(({ call }) => call && lacksMark(view, call)) ? 'unmarked' : 'cut' };
  if (guard?.doubt !== undefined) return { ...common, message: found.assumptions.length === 0 && isCutAnyway(view, hop) ? 'doubtful' : 'possible' };
  if (hop.how === 'invoke') return { ...common, message: 'invokes', ...(hop.assumptions.length > 0 ? { severity: 'warning' as const } : {}) };
  if (hop.how === 'request') return { ...common, message: 'requests', ...(hop.assumptions.length > 0 ? { severity: 'warning' as const } : {}) };
  if (first?.effect.resourceKind === 'document' && items.every((item) => item.effect.kind === 'delete' || isRemoval(item.effect.payload))) return { ...common, message: 'removes' };
  if (hop.assumptions.length > 0) return { ...common, message: 'possible' };
  return { ...common, message: comesToRest(view, hop, items) ? 'settles' : hop.through.length > 1 ? 'leads' : 'feeds' };
}

/** The same thing is written to the same document again and again, and that raises no event. */
const comesToRest = (view: FunctionView, hop: Hop, items: readonly ReachedEffect[]): boolean => (hop.own ? items.every((item) => settles(item.effect.payload)) : items.length > 0 && items.every((item) => item.effect.resourceKind === 'document' && writesSameAgain(view, item)));

/** A write of nothing but `null` to a tree removes what is there. */
const isRemoval = (payload: Value | undefined): boolean => payload?.kind === 'literal' ? payload.value === null : payload?.kind === 'object' && payload.entries.length > 0 && payload.entries.every(([, value]) => value.kind === 'literal' && value.value === null);

/** What the next round invokes is not known, nor whether that leads back here: then nobody can say that the chain is over with it. */
const invokesWhatEventNames = (view: FunctionView): boolean => effects(view).some((item) => item.effect.kind === 'invoke' && item.targets.some(({ names: target }) => target.kind === 'event'));

/** A chain of messages that the platform cuts, whether a check ends it or not. What is put into a bucket has a key, and checks of it are mostly what keeps it out. */
const isCutAnyway = (view: FunctionView, hop: Hop): boolean => view.fn.platform === 'aws' && hop.services.every((service) => service !== 's3' && watchedServices.has(service)) && view.fn.recursiveLoop?.value !== 'Allow';

/** A chain that ends, but may take more rounds than the platform lets it have. */
function stopsHalfway(view: FunctionView, hop: Hop, guard: FoundGuard): boolean {
  if (view.fn.platform !== 'aws' || !hop.services.every((service) => watchedServices.has(service)) || view.fn.recursiveLoop?.value === 'Allow') return false;
  if (guard.oneHop) return invokesWhatEventNames(view);
  return !(guard.rounds !== undefined && guard.rounds < CUT_AFTER_ROUNDS);
}
