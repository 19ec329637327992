import { describe, expect, it } from 'vitest';
import { platformPromise } from '../../src/catalog/promises.ts';
import { keptState } from '../../src/link/queries/state.ts';
import type { LinkedBody } from '../../src/link/view.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const run = (source: string, extra: Partial<ServerlessFunction>) => project({ 'a.js': source }, [deployed('F', 'a.js', extra)]).fn;
const handlers = (list: readonly (readonly [string, string])[]): Pick<ServerlessFunction, 'handlers'> => ({ handlers: list.map(([name, kind]) => ({ file: 'a.js', export: name, kind })) });
/** Names of the functions that invocations reach directly. */
const reached = (source: string, extra: Partial<ServerlessFunction>): string[] => run(source, extra).bodies('invoke').filter((body) => body.path[0]?.message.startsWith('handler of')).map((body) => body.fn.name).sort();

describe('classes that the runtime instantiates', () => {
  const object = "import { DurableObject } from 'cloudflare:workers';\nclass Base extends DurableObject { async add() { report(this); } }\nexport class Room extends Base { constructor(ctx) { super(ctx); } async fetch(request) { fetch(request.url); } _own() {} static make() {} }\nfunction report() {}\n";
  it('runs events and public methods of a Durable Object, inherited ones too', () => {
    expect(reached(object, { platform: 'cloudflare', ...handlers([['Room', 'durableObject']]) })).toEqual(['add', 'fetch', 'report']);
  });
  it('runs the constructor before them, with the bindings', () => {
    const environment = new Map([['URL', literal('https://example.org')]]);
    const source = "import { DurableObject } from 'cloudflare:workers';\nexport class Room extends DurableObject { constructor(ctx, env) { super(ctx, env); this.env = env; ctx.blockConcurrencyWhile(async () => { await fetch(env.URL); }); } async load() { await fetch(this.env.URL); } }\n";
    const fn = run(source, { platform: 'cloudflare', environment, ...handlers([['Room', 'durableObject']]) });
    expect(fn.bodies('init').map((body) => body.fn.name)).toContain('constructor');
    expect(fn.calls().filter((call) => call.callee.path.join('.') === 'fetch').map((call) => call.arg(0))).toEqual([literal('https://example.org'), literal('https://example.org')]);
  });
  it('runs only the events of a class that extends nothing', () => {
    expect(reached('export class Room { fetch() {} helper() {} alarm() {} }', { platform: 'cloudflare', ...handlers([['Room', 'durableObject']]) })).toEqual(['alarm', 'fetch']);
  });
  it('runs the one method of a workflow, and what a wrapper was given', () => {
    const source = "import { wrap } from 'x';\nimport { WorkflowEntrypoint } from 'cloudflare:workers';\nclass Flow extends WorkflowEntrypoint { async run(event, step) { await step.do('a', () => fetch(event.payload.url)); } other() {} }\nexport const Wrapped = wrap(() => ({}), Flow);\n";
    expect(reached(source, { platform: 'cloudflare', ...handlers([['Wrapped', 'workflow']]) })).toEqual(['', 'run']);
  });
  it('runs the method that a handler names, of classes, wrapped objects and objects of classes', () => {
    const source = "import { withSentry } from '@sentry/cloudflare';\nexport default withSentry(() => ({}), { async fetch() { a(); }, async queue() { b(); } });\nfunction a() {}\nfunction b() {}\nclass App { fetch() { b(); } }\nexport const app = new App();\nexport { App };\n";
    expect(reached(source, { platform: 'cloudflare', ...handlers([['default.queue', 'queue']]) }).filter((name) => name.length === 1)).toEqual(['b']);
    expect(reached(source, { platform: 'cloudflare', ...handlers([['App.fetch', 'fetch']]) }).filter((name) => name !== '')).toEqual(['b', 'fetch']);
    expect(reached(source, { platform: 'cloudflare', ...handlers([['app.fetch', 'fetch']]) }).filter((name) => name !== '')).toEqual(['b', 'fetch']);
  });
});

describe('what the platform passes', () => {
  const environment = new Map([['QUEUE', { kind: 'resource' as const, unit: 'wrangler.toml', id: 'Queue:q', attribute: 'binding' }], ['URL', literal('https://example.org')]]);
  it('a worker gets its variables and bindings', () => {
    const fn = run('export default { async fetch(request, env) { await env.QUEUE.send(1); await fetch(env.URL); await fetch(env.SECRET); } };', { platform: 'cloudflare', environment, ...handlers([['default.fetch', 'fetch']]) });
    const [send, get, secret] = fn.calls('invoke');
    expect(send?.callee.receiver).toEqual(environment.get('QUEUE'));
    expect(get?.arg(0)).toEqual(literal('https://example.org'));
    expect(secret?.arg(0)).toEqual({ kind: 'context', path: ['env', 'SECRET'] });
  });
  it('a Pages function gets one context, and a chain of middleware is all of its functions', () => {
    const fn = run('const one = async ({ request, env, params }) => { await env.QUEUE.send(request.url); await fetch(params.id); };\nconst two = ({ next }) => next();\nexport const onRequest = [one, two];', { platform: 'cloudflare', environment, ...handlers([['onRequest', 'pages']]) });
    expect(fn.bodies('invoke').map((body) => body.fn.name)).toEqual(['one', 'two']);
    const [send, get] = fn.calls('invoke');
    expect([send?.callee.receiver, send?.arg(0), get?.arg(0)]).toEqual([environment.get('QUEUE'), { kind: 'event', path: ['url'] }, { kind: 'event', path: ['params', 'id'] }]);
  });
});

describe('rules over bindings and objects of the platform', () => {
  const environment = new Map([['QUEUE', { kind: 'resource' as const, unit: 'wrangler.toml', id: 'Queue:q', attribute: 'binding' }]]);
  it('a binding that is declared and one that is not start the same work', () => {
    for (const given of [environment, new Map()]) {
      const fn = run('export default { async fetch(request, env) { env.QUEUE.send(1); env.QUEUE.describe(); } };', { platform: 'cloudflare', environment: given, ...handlers([['default.fetch', 'fetch']]) });
      const [send, other] = fn.bodies('invoke').flatMap((body) => (body as LinkedBody).node.externals);
      expect([send, other].map((item) => item && platformPromise(item.callee, 'cloudflare') !== undefined)).toEqual([true, false]);
    }
  });
  it('fields of a Durable Object are no state between callers', () => {
    const source = "import { DurableObject } from 'cloudflare:workers';\nlet last;\nexport class Room extends DurableObject { messages = []; async add(message) { this.messages.push(message); last = message; } }\n";
    const fn = run(source, { platform: 'cloudflare', generation: 'durableObject', ...handlers([['Room', 'durableObject']]) });
    expect([...new Set(keptState(fn).map((item) => item.mutation.place.label))]).toEqual(['last']);
  });
});

describe('OpenWhisk', () => {
  it('runs the global function of a script that exports nothing', () => {
    const source = 'function helper(p) { return p.a; }\nfunction main(params) { return helper(params); }\nconst other = (p) => p;\n';
    expect(reached(source, { platform: 'openwhisk', ...handlers([['main', 'handler']]) })).toEqual(['helper', 'main']);
    expect(reached(source, { platform: 'openwhisk', ...handlers([['other', 'handler']]) })).toEqual(['other']);
    expect(reached(source, { platform: 'openwhisk', ...handlers([['missing', 'handler']]) })).toEqual([]);
    expect(reached(source, { platform: 'aws', ...handlers([['main', 'handler']]) })).toEqual([]);
  });
  it('prefers the export of that name', () => {
    expect(reached('function main() { inner(); }\nfunction inner() {}\nfunction real() {}\nexports.main = real;\n', { platform: 'openwhisk', ...handlers([['main', 'handler']]) })).toEqual(['real']);
  });
});

describe('durable functions of Azure', () => {
  const source = "export const handler = function* (context) { const given = context.df.getInput(); note(given.name, context.instanceId); };";
  const argsOf = (trigger: string): string[] => {
    const fn = run(source, { platform: 'azure', triggers: [{ kind: 'invoke', source: trigger, filters: [] }], handlers: [{ file: 'a.js', export: 'handler', kind: 'v4' }] });
    return fn.calls('invoke').filter((call) => call.callee.path.join('.') === 'note').flatMap((call) => [call.arg(0), call.arg(1)]).map((value) => ('path' in value ? `${value.kind} ${value.path.join('.')}` : value.kind));
  };
  it('hand an orchestration a context, which it asks for what it was started with', () => {
    expect(argsOf('orchestration')).toEqual(['event name', 'context instanceId']);
    expect(argsOf('orchestrationTrigger')).toEqual(['event name', 'context instanceId']);
  });
  it('hand an activity its input', () => expect(argsOf('activity')).toEqual(['derived', 'event instanceId']));
});
