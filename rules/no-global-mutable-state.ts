import { moveIn } from '../src/link/queries/repair-state.ts';
import { registryKeysOf } from '../src/link/queries/registries.ts';
import { isConcurrent, keptState, reportedAt, type KeptState } from '../src/link/queries/state.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule, type Report } from '../src/rule.ts';

/** How many of the other places that change the same variable are shown in the flow. */
const MAX_OTHERS = 5;

const local = 'Make the value in the handler and pass it on as an argument; keep what must outlive the invocation in a database or cache service.';

export default defineRule({
  id: 'no-global-mutable-state',
  title: 'Disallow state that an invocation leaves behind for the next one',
  scope: 'function',
  category: 'state',
  preset: 'core',
  risk: 'A platform keeps the process for later invocations and may drop it at any time: what one invocation leaves at module scope reaches another caller, goes stale, grows, or is lost.',
  references: [
    { title: 'What is Serverless Architecture: you can\'t store the state', document: '003' },
    { title: 'Serverless Architecture Overview: complicated state management', document: '004' },
    { title: 'AWS Lambda: execution environment lifecycle', url: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html' },
  ],
  messages: {
    caller: { severity: 'error', text: '{name} outlives the invocation and keeps data of the caller: {consequence}.', repair: local },
    memoised: { severity: 'error', text: '{name} is set once from the data of the first caller and kept: {consequence}.', repair: 'Make the value for each invocation, or keep one for each caller in a bounded cache that is keyed by what it depends on.' },
    growth: { severity: 'warning', text: '{name} outlives the invocation and grows without eviction: memory fills up and entries go stale.', repair: 'Make the collection in the handler, or use a cache with a maximum size and a time to live.' },
    counter: { severity: 'warning', text: '{name} counts on from one invocation to the next, in each process for itself: {consequence}.', repair: 'Count in the handler, or in a store that all instances share.' },
    clearedAtEnd: { severity: 'warning', text: '{name} is emptied only after its use: an exception or a timeout leaves the rest to the next invocation.', repair: 'Make the collection in the handler, or empty it as the first thing in every invocation.' },
    environment: { severity: 'warning', text: '{name} is rewritten in the invocation and stays so for later ones: {consequence}.', repair: 'Pass the setting as an argument; leave process.env as the platform gave it.' },
    sometimes: { severity: 'warning', text: '{name} is set in some invocations and read in others, which find what an earlier one left: {consequence}.', repair: local },
    bounded: { severity: 'info', text: '{name} is a cache in the process that throws old entries away.', repair: 'Nothing must change; each instance has its own copy.' },
    rewrite: { severity: 'info', text: '{name} gets the same value in every invocation.', repair: 'Set it once at module level.' },
  },
  options: {},
  examples: [
    { title: 'Data of a caller at module scope', code: `let user;\nexport const handler = async (event) => {\n  if (event.user) user = event.user;\n  return { statusCode: 200, body: user };\n};\n`, reports: ['caller'] },
    { title: 'A list that only grows', code: `const times = [];\nexport const handler = async () => {\n  times.push(Date.now());\n  return { statusCode: 200 };\n};\n`, reports: ['growth'] },
    { title: 'A counter', code: `let calls = 0;\nexport const handler = async () => {\n  calls += 1;\n  return { statusCode: 200, body: String(calls) };\n};\n`, reports: ['counter'] },
    { title: 'A lazily created client', code: `import { S3Client } from '@aws-sdk/client-s3';\nlet client;\nexport const handler = async () => {\n  client ??= new S3Client({});\n  return { statusCode: 200, body: client.config.region };\n};\n`, reports: [] },
    { title: 'State of one invocation', code: `export const handler = async (event) => {\n  const names = [];\n  for (const record of event.Records) names.push(record.body);\n  return names;\n};\n`, reports: [] },
    { title: 'Emptied first thing in every invocation', code: `const names = [];\nexport const handler = async (event) => {\n  names.length = 0;\n  for (const record of event.Records) names.push(record.body);\n  return names.length;\n};\n`, reports: [] },
  ],
  *check({ view }) {
    const states = keptState(view);
    // Open connections that leave when they close are the matter of no-in-memory-session.
    const registries = states.some(mayBeRegistry) ? registryKeysOf(view) : new Set<string>();
    for (const state of states) if (!mayBeRegistry(state) || !registries.has(state.mutation.place.key)) yield report(view, state);
  },
});

/** What a declaration in the handler would not do. The others are changed on purpose, or are no variable. */
const movable: ReadonlySet<KeptState['kind']> = new Set(['caller', 'memoised', 'growth', 'counter', 'cleared-at-end', 'sometimes']);

const mayBeRegistry = ({ kind }: KeptState): boolean => kind === 'bounded' || kind === 'cleared-at-end';

/** What makes several reports one finding: the variable; a field that its own class changes is one, however many objects and subclasses have it. */
function keyOf(view: FunctionView, mutation: KeptState['mutation']): string {
  const { place, body } = mutation;
  if (place.file === undefined) return `${body.file}:${place.key}`;
  const own = (place.kind === 'instance' || place.kind === 'static') && place.file === body.file && mutation.form !== 'setter' && reportedAt(view, mutation) === undefined;
  return own ? `${place.file}#${place.label}` : place.key;
}

function report(view: FunctionView, state: KeptState): Report {
  const { mutation, others } = state;
  const concurrent = isConcurrent(view.fn);
  const also = others.slice(0, MAX_OTHERS).map((other) => ({ ...view.location({ file: other.body.file, start: other.expr.start, end: other.expr.end }), message: `${other.place.label} is changed here too` }));
  const consequence = concurrent ? 'race between callers' : 'leak to the next caller';
  const assumptions = [...(mutation.body.certain ? [] : ['the call that leads here is one of several possible ones']), ...(state.assumed ? [state.assumed] : [])];
  return {
    message: state.kind === 'cleared-at-end' ? 'clearedAtEnd' : state.kind,
    at: reportedAt(view, mutation) ?? { file: mutation.body.file, start: mutation.expr.start, end: mutation.expr.end },
    data: { name: mutation.place.label, consequence },
    flow: [...mutation.path, ...also],
    ...(assumptions.length > 0 ? { assumptions } : {}),
    ...(state.evidence && state.evidence.length > 0 ? { evidence: state.evidence } : {}),
    ...(movable.has(state.kind) && mutation.place.binding !== undefined && mutation.place.file === mutation.body.file ? { suggestions: moveIn(view, mutation.body.file, mutation.place.binding) } : {}),
    // A name of the whole process (`globalThis.x`, `process.env.X`) is another variable in each function that has it.
    key: keyOf(view, mutation),
  };
}
