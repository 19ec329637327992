import { describe, expect, it } from 'vitest';
import { longestTimeout, triggerLimit } from '../../src/catalog/trigger-limits.ts';
import { codeLimits } from '../../src/link/queries/client-timeouts.ts';
import { visibilitySeconds } from '../../src/link/queries/queues.ts';
import type { Platform, Resource, Trigger } from '../../src/model/function.ts';
import type { Value } from '../../src/model/value.ts';
import rule from '../../rules/no-timeout-overrun.ts';
import { deployed, project } from '../support/memory.ts';

const at = (file: string, line: number) => ({ file, line, column: 1, endLine: line, endColumn: 2 });
const http = (source: string, kind: Trigger['kind'] = 'http'): Trigger => ({ kind, source, filters: [], location: at('t.yaml', 40) });

describe('limits', () => {
  it.each<[Platform, Trigger, number | undefined]>([
    ['aws', http('Api'), 29], ['aws', http('http'), 29], ['aws', http('HttpApi'), 30], ['aws', http('httpApi'), 30], ['aws', http('WebSocket'), 29], ['aws', http('ALB'), undefined], ['aws', http('FunctionUrl', 'url'), undefined],
    ['aws', http('Authorizer', 'auth'), 30], ['aws', http('Cognito', 'auth'), 5], ['aws', http('AppSync'), 30], ['aws', http('CloudFront'), 30], ['aws', http('S3ObjectLambda', 'invoke'), 60], ['aws', http('Firehose', 'invoke'), 300], ['azure', http('httpTrigger'), 230], ['azure', http('queueTrigger', 'queue'), undefined], ['aws', { ...http('Api'), enabled: false }, undefined], ['google', http('http'), undefined],
  ])('%s %j', (platform, trigger, seconds) => {
    expect(triggerLimit({ platform }, trigger)?.seconds).toBe(seconds);
  });

  it('of OpenWhisk depend on who runs it', () => {
    const packaging = (tool: string) => ({ form: 'bundled', tool, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' }) as const;
    const limits = (tool: string) => [triggerLimit({ platform: 'openwhisk', packaging: packaging(tool) }, http('web'))?.seconds, triggerLimit({ platform: 'openwhisk', packaging: packaging(tool) }, http('feed', 'custom'))?.seconds, longestTimeout(deployed('F', 'a.js', { platform: 'openwhisk', packaging: packaging(tool) }))];
    expect(limits('webpack')).toEqual([60, undefined, 10_800]);
    expect(limits('unknown')).toEqual([undefined, undefined, 300]);
  });

  it('knows the longest timeout by generation and trigger', () => {
    const longest = (platform: Platform, generation?: string, kind?: Trigger['kind']) => longestTimeout(deployed('F', 'a.js', { platform, ...(generation ? { generation } : {}), triggers: kind ? [http('x', kind)] : [] }));
    expect([longest('aws'), longest('openwhisk'), longest('firebase', 'gen1', 'http'), longest('firebase', 'gen2', 'http'), longest('firebase', 'gen2', 'schedule'), longest('google', 'gen2', 'topic'), longest('azure')]).toEqual([900, 300, 540, 3600, 1800, 540, undefined]);
  });

  it.each<[Value, number | undefined]>([
    [{ kind: 'object', entries: [], open: false }, 30], [{ kind: 'object', entries: [], open: true }, undefined],
    [{ kind: 'object', entries: [['VisibilityTimeout', { kind: 'literal', value: 60 }]], open: false }, 60],
    [{ kind: 'object', entries: [['visibilityTimeout', { kind: 'literal', value: '2 minutes' }]], open: false }, 120],
    [{ kind: 'object', entries: [['visibility_timeout_seconds', { kind: 'unknown', reason: 'x' }]], open: false }, undefined],
  ])('visibility of %j', (properties, seconds) => {
    const queue: Resource = { id: 't#Q', unit: 't', logicalId: 'Q', kind: 'queue', type: 'AWS::SQS::Queue', location: at('t', 1), properties };
    expect(visibilitySeconds(queue)).toBe(seconds);
  });
});

describe('codeLimits', () => {
  const s3 = "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\n";
  const limits = (code: string) => codeLimits(project({ 'a.js': code }).fn).map(({ kind, sum }) => [kind, sum]);

  it.each<[string, string[][]]>([
    [`${s3}const c = new S3Client({ maxAttempts: 2, requestHandler: { socketTimeout: 29000, connectionTimeout: 1000 } }); export const handler = () => c.send(new GetObjectCommand({}));`, [['client', '2 × 29 s = 58 s']]],
    [`${s3}const c = new S3Client({ maxAttempts: 3 }); export const handler = () => c.send(new GetObjectCommand({}));`, []],
    [`${s3}const c = new S3Client({ region: 'eu-west-1' }); export const handler = () => c.send(new GetObjectCommand({}));`, []],
    ["import got from 'got'; export const handler = () => got('https://x.example', { timeout: { request: 9000 } });", [['request', '9 s']]],
    ["import got from 'got'; export const handler = () => got('https://x.example', { timeout: { request: 9000 }, retry: { limit: 2 } });", [['request', '3 × 9 s = 27 s']]],
    ["import got from 'got'; export const handler = () => got('https://x.example', { timeout: { request: 9000 }, retry: 0 });", [['request', '9 s']]],
    ["export const handler = () => fetch('https://x.example');", []],
    ['export const handler = () => { const start = performance.now(); work(); const taken = performance.now() - start; return taken > 5000; };', [['deadline', '5 s']]],
    // The age of what outlives the invocation goes on between invocations.
    ['const start = performance.now(); export const handler = () => { const taken = performance.now() - start; return taken > 5000; };', []],
    ['let client; let made; export const handler = () => { const now = new Date(); if (!client || now.getTime() - made.getTime() >= 1800000) { client = connect(); made = now; } };', []],
    ['const cache = { at: 0 }; export const handler = async () => { if (Date.now() - cache.at > 60000) { cache.at = Date.now(); cache.value = await fetch("https://a.example.com"); } };', []],
    ['class Cache { at = 0; fresh() { if (Date.now() - this.at > 60000) { this.at = Date.now(); return true; } return false; } } const cache = new Cache(); export const handler = async () => cache.fresh();', []],
    // So does that of an entry of what is kept, but not of what this invocation made.
    ['const kept = new Map(); const put = (key, value) => kept.set(key, { at: Date.now(), value }); export const handler = async (event) => { const entry = kept.get(event.id); if (entry && Date.now() - entry.at < 300000) return entry.value; put(event.id, 1); };', []],
    ['export const handler = async (event) => { const job = { at: Date.now(), id: event.id }; await work(job); return Date.now() - job.at > 300000; };', [['deadline', '300 s']]],
    ['export const handler = (event) => { const start = event.startedAt ?? Date.now(); if (Date.now() - start >= 1800000) return "failed"; return { again: start }; };', []],
    ['export const handler = (event) => { const start = event.quick ? Date.now() : Date.now() - 1000; if (Date.now() - start >= 1800000) return "failed"; return { again: start }; };', [['deadline', '1800 s']]],
    ['class Settings { static one; at = 0; async load() { await work(); this.at = Date.now(); } old() { return Date.now() - this.at > 120000; } static async get() { if (!Settings.one) { Settings.one = new Settings(); await Settings.one.load(); } else if (Settings.one.old()) { await Settings.one.load(); } return Settings.one; } } export const handler = async () => Settings.get();', []],
    ['class Job { constructor() { this.at = Date.now(); } late() { return Date.now() - this.at > 60000; } } export const handler = async () => new Job().late();', [['deadline', '60 s']]],
    ['class Job { at = Date.now(); late() { return Date.now() - this.at > 60000; } } export const handler = async () => new Job().late();', [['deadline', '60 s']]],
    ['export const handler = (event) => event.a - event.b > 5000;', []],
  ])('%s', (code, expected) => {
    expect(limits(code)).toEqual(expected);
  });
});

describe('no-timeout-overrun', () => {
  it('is a note where the caller is told that the function goes on', () => {
    const packaging = { form: 'bundled', tool: 'webpack', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } as const;
    const said = (extra: Parameters<typeof deployed>[2]): unknown => [...rule.check({ view: project({ 'a.js': 'exports.handler = async () => 1;' }, [deployed('F', 'a.js', { timeoutSeconds: { value: 600, location: at('app.config.yaml', 9) }, ...extra })]).fn, options: {} })].map((one) => [one.message, one.severity, one.data?.['limit']]);
    expect(said({ platform: 'openwhisk', packaging, triggers: [http('web')] })).toEqual([['behind', 'info', '60 s']]);
    expect(said({ triggers: [http('Api')] })).toEqual([['behind', undefined, '29 s']]);
  });

  it('stands at a default in another file only where it is wrong for all of its functions', () => {
    const shared = { value: 900, location: at('modules/lambda/variables.tf', 9) };
    const fns = (second: Trigger[]) => [
      deployed('A', 'a.js', { declaredAt: [at('main.tf', 10)], timeoutSeconds: shared, triggers: [http('Api')] }), deployed('B', 'a.js', { declaredAt: [at('main.tf', 20)], timeoutSeconds: shared, triggers: second }),
    ];
    const places = (second: Trigger[]) => project({ 'a.js': 'exports.handler = async () => 1;' }, fns(second)).project.functions.flatMap((view) => [...rule.check({ view, options: {} })]).map(({ message, at: place }) => [message, 'line' in place ? `${place.file}:${place.line}` : '']);
    expect(places([])).toEqual([['behind', 'main.tf:10'], ['longest', 'main.tf:20']]);
    expect(places([http('Api')])).toEqual([['behind', 'modules/lambda/variables.tf:9'], ['behind', 'modules/lambda/variables.tf:9']]);
  });

  it.each<[number, readonly string[]]>([[600, ['longest the Consumption plan host.json:7']], [300, []], [9_000, []]])('takes the maximum of a plan of Azure for what it is: %s s', (value, expected) => {
    const fns = [deployed('A', 'a.js', { platform: 'azure', declaredAt: [at('A/function.json', 1)], timeoutSeconds: { value, location: at('host.json', 7) }, triggers: [http('timerTrigger', 'schedule')] }),
      deployed('B', 'a.js', { platform: 'azure', declaredAt: [at('B/function.json', 1)], timeoutSeconds: { value, location: at('host.json', 7) }, triggers: [http('httpTrigger')] })];
    const found = project({ 'a.js': 'exports.handler = async () => 1;' }, fns).project.functions.flatMap((view) => [...rule.check({ view, options: {} })]);
    const said = found.map(({ message, at: place, data }) => `${message} ${data?.['where']} ${place && 'line' in place ? `${place.file}:${place.line}` : ''}`);
    expect([...new Set(said)]).toEqual(expected);
  });

  it('leaves streamed answers, whose caller stays', () => {
    const { fn } = project({ 'a.js': 'exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.end(); });' }, [deployed('A', 'a.js', { timeoutSeconds: { value: 120, location: at('t.yaml', 3) }, triggers: [http('Api')] })]);
    expect([...rule.check({ view: fn, options: {} })]).toEqual([]);
  });

  it('leaves durable functions to go on after their caller', () => {
    const { fn } = project({ 'a.js': 'exports.handler = async () => 1;' }, [deployed('A', 'a.js', { generation: 'durable', timeoutSeconds: { value: 120, location: at('t.yaml', 3) }, triggers: [http('Api')] })]);
    expect([...rule.check({ view: fn, options: {} })]).toEqual([]);
  });
});

describe('an app of Azure', () => {
  const app = (others: readonly Trigger[][]): readonly string[] => {
    const functions = [[http('httpTrigger')], ...others].map((triggers, index) => deployed(`F${index}`, 'a.js', { platform: 'azure', triggers, timeoutSeconds: { value: 480, location: at('host.json', 3) } }));
    const { project: linked } = project({ 'a.js': 'exports.handler = async () => ({ status: 200 });' }, functions);
    return linked.functions.flatMap((view) => [...rule.check({ view, options: {} })].map((report) => `${view.fn.name} ${report.message} ${report.data?.timeout} ${report.data?.limit}`));
  };
  it('answers over HTTP within 230 s', () => {
    expect(app([])).toEqual(['F0 behind 480 s 230 s']);
  });
  it('has its timeout for what nobody waits for', () => {
    expect(app([[http('queueTrigger', 'queue')]])).toEqual([]);
  });
});
