import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-long-running-loop.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import type { Value } from '../../src/model/value.ts';
import { findings, handler, head, spots, timeout } from '../support/loops.ts';
import { deployed, project } from '../support/memory.ts';

describe('sums', () => {
  const sum = (body: string, more = '', extra: Partial<ServerlessFunction> = timeout(30)): unknown => findings(handler(body, more), extra).map((item) => [item.messageId, item.data['sum']]);

  it.each<[string, string, string | undefined]>([
    ['for', 'for (let i = 0; i < 60; i++) { if (await state(event)) return; await sleep(1000); }', '60 × 1 s = 60 s'],
    ['down', 'let left = 20; while (left > 0) { if (await state(event)) return; await sleep(2000); left--; }', '20 × 2 s = 40 s'],
    ['<=', 'for (let i = 1; i <= 31; i++) { if (await state(event)) return; await sleep(1000); }', '31 × 1 s = 31 s'],
    ['equal to the timeout is not above it', 'for (let i = 0; i < 30; i++) { if (await state(event)) return; await sleep(1000); }', undefined],
    ['in a catch block, thrown at the last', 'let n = 0; while (true) { try { return await work(event); } catch (e) { n++; if (n >= 5) throw e; await sleep(10000); } }', '4 × 10 s = 40 s'],
    ['not after the last attempt', 'for (let i = 0; i < 4; i++) { if (await state(event)) return; if (i < 3) await sleep(10000); }', undefined],
    ['growing by power', 'for (let i = 0; i < 6; i++) { if (await state(event)) return; await sleep(1000 * 2 ** i); }', '6 × 1 s to 32 s = 63 s'],
    ['growing by Math.pow with a cap', 'for (let i = 0; i < 6; i++) { if (await state(event)) return; await sleep(Math.min(1000 * Math.pow(2, i), 8000)); }', '6 × 1 s to 8 s = 31 s'],
    ['full jitter may be nothing', 'for (let i = 0; i < 60; i++) { if (await state(event)) return; await sleep(Math.random() * 5000); }', undefined],
    ['a step of two', 'for (let i = 0; i < 60; i += 2) { if (await state(event)) return; await sleep(2000); }', '30 × 2 s = 60 s'],
    ['a constant list', 'for (const x of ["a", "b", "c", "d"]) { await work(x); await sleep(10000); }', '4 × 10 s = 40 s'],
    ['a list of the event', 'for (const x of event.list) { await work(x); await sleep(1000); }', undefined],
    ['the test counts', 'let n = 0; while ((await state(event)) && n++ < 40) { await sleep(1000); }', '40 × 1 s = 40 s'],
  ])('%s', (_name, body, expected) => {
    expect(sum(body)).toEqual(expected === undefined ? [] : [['overrun', expected]]);
  });

  it('shows both places', () => {
    const [finding] = findings(handler('for (let i = 0; i < 60; i++) {\n  await sleep(1000);\n}'));
    expect(finding?.message).toBe('This loop waits 60 × 1 s = 60 s, function timeout 30 s.');
    expect(finding?.flow.map((step) => `${step.file}:${step.line} ${step.message}`)).toEqual(expect.arrayContaining(['template.yaml:7 timeout 30 s', 'a.ts:1 sleeps 1 s']));
  });

  it('takes environment variables, their defaults, and arguments along the path', () => {
    const loop = 'const tries = Number(process.env.TRIES ?? "20");\nfor (let i = 0; i < tries; i++) { if (await state(event)) return; await sleep(2000); }';
    expect(sum(loop)).toEqual([['overrun', '20 × 2 s = 40 s']]);
    expect(findings(handler(loop))[0]?.assumptions).toEqual(['the environment variable TRIES is not set outside the code']);
    const environment = new Map<string, Value>([['TRIES', { kind: 'literal', value: '3' }]]);
    expect(sum(loop, '', { ...timeout(30), environment })).toEqual([]);
    const helper = 'async function poll(x: any, tries: number, ms: number) { for (let i = 0; i < tries; i++) { if (await state(x)) return; await sleep(ms); } }';
    expect(sum('await poll(event, 5, 1000); await poll(event, 50, 1000);', helper)).toEqual([['overrun', '50 × 1 s = 50 s']]);
    expect(sum('await poll(event, 5, 1000);', helper)).toEqual([]);
  });

  it('judges a shared loop with each function’s own timeout', () => {
    const files = { 'a.ts': `${head}\nexport const poll = async (x: any) => {\n  for (let i = 0; i < 20; i++) { if (await state(x)) return; await sleep(1000); }\n};\nexport const one = async (e: any) => poll(e);\nexport const two = async (e: any) => poll(e);` };
    const { project: linked } = project(files, [deployed('One', 'a.ts', { export: 'one', ...timeout(10) }), deployed('Two', 'a.ts', { export: 'two', ...timeout(60) })]);
    const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
    expect(result.findings.map((item) => [item.line, item.messageId, item.functions])).toEqual([[3, 'overrun', ['One']]]);
  });

  it('knows the default timeout of a platform', () => {
    expect(sum('for (let i = 0; i < 4; i++) { if (await state(event)) return; await sleep(1000); }', '', {})).toEqual([['overrun', '4 × 1 s = 4 s']]);
    expect(sum('for (let i = 0; i < 4; i++) { if (await state(event)) return; await sleep(1000); }', '', { foundBy: 'convention' })).toEqual([]);
  });

  it('plays recursion through', () => {
    expect(sum('return poll(event);', 'async function poll(x: any, n = 0): Promise<any> { const s = await state(x); if (s.done || n >= 20) return s; await sleep(2000); return poll(x, n + 1); }')).toEqual([['overrun', '20 × 2 s = 40 s']]);
  });
});

describe('sleeps', () => {
  it.each<[string, string, Partial<ServerlessFunction>, readonly string[]]>([
    ['above the timeout', 'await sleep(40000);', timeout(30), ['3 warning sleeps']],
    ['below it', 'await sleep(20000);', timeout(30), []],
    ['no timeout known', 'await sleep(10_000);', { foundBy: 'convention' }, ['3 warning sleeps']],
    ['short, no timeout known', 'await sleep(5000);', { foundBy: 'convention' }, []],
    ['a race is a limit, no sleep', 'await Promise.race([work(event), sleep(60000)]);', timeout(30), []],
    ['nobody waits for it', 'const never = sleep(60000);', timeout(30), []],
    ['in seconds', 'await pause(60);', timeout(30), ['3 warning sleeps']],
    ['timers/promises', 'await nap(60_000);', timeout(30), ['3 warning sleeps']],
    ['promisify', 'await later(60_000);', timeout(30), ['3 warning sleeps']],
    ['a promise in place', 'await new Promise((r) => setTimeout(() => r(1), 60_000));', timeout(30), ['3 warning sleeps']],
    ['a timer that may lose', 'await new Promise((done, fail) => { const t = setTimeout(done, 60_000); work(event).then(done, fail); });', timeout(30), []],
    ['per record', 'for (const r of event.Records) { await sleep(60_000); }', timeout(30), ['3 warning sleeps']],
  ])('%s', (_name, body, extra, expected) => {
    const more = `import { setTimeout as nap } from 'node:timers/promises'; import { promisify } from 'util'; const later = promisify(setTimeout); function pause(s: number) { return new Promise<void>((resolve) => { setTimeout(() => { resolve(); }, s * 1000); }); }`;
    expect(spots(handler(body, more), extra)).toEqual(expected);
  });

  it('is told once, by the function that sleeps for a time of its own', () => {
    expect(spots(handler('return slow();', 'function slow() {\nreturn new Promise((r) => setTimeout(r, 60_000)); }'))).toEqual(['2 warning sleeps']);
    // What the function is given has nothing to do with how long it sleeps.
    expect(spots(handler('await slow(event);', 'async function slow(_x: any) {\nawait sleep(60_000); }'))).toEqual(['2 warning sleeps']);
    expect(spots(handler('await slow(60);', 'async function slow(seconds: number) {\nawait sleep(seconds * 1000); }'))).toEqual(['4 warning sleeps']);
    expect(spots(handler('await backOff(event, 60);', 'async function backOff(x: any, s: number) {\nawait work(x);\nawait sleep(s * 1000); }'))).toEqual(['3 warning sleeps']);
  });
});

describe('timers', () => {
  it.each<[string, string, readonly string[]]>([
    ['an interval that nothing keeps', 'setInterval(() => console.log(1), 1000);', ['3 error interval']],
    ['kept and never cleared', 'const t = setInterval(() => console.log(1), 1000);', ['3 error interval']],
    ['cleared afterwards', 'const t = setInterval(() => console.log(1), 1000); try { await work(event); } finally { clearInterval(t); }', []],
    ['cleared on an answer', 'return new Promise((done) => { const t = setInterval(async () => { if (await state(event)) { clearInterval(t); done(1); } }, 1000); });', ['3 warning polls']],
    ['cleared after ten', 'return new Promise((done) => { let n = 0; const t = setInterval(async () => { n++; if (n >= 10) { clearInterval(t); done(1); } }, 1000); });', []],
    ['cleared too late', 'return new Promise((done) => { let n = 0; const t = setInterval(async () => { n++; if (n >= 100) { clearInterval(t); done(1); } }, 1000); });', ['3 error overrun']],
    ['handed to somebody', 'return setInterval(() => console.log(1), 1000);', []],
    ['a timer that starts itself', 'const tick = () => { console.log(1); setTimeout(tick, 1000); }; tick();', ['3 error timer']],
    ['through a closure', 'const tick = () => { setTimeout(() => tick(), 1000); }; tick();', ['3 error timer']],
    ['five times', 'const tick = (n: number) => { if (n === 0) return; setTimeout(() => tick(n - 1), 1000); }; tick(5);', []],
    ['once', 'setTimeout(() => console.log(1), 1000);', []],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body))).toEqual(expected);
  });

  it('at init it is no matter of the invocation', () => {
    expect(spots(handler('return 1;', 'setInterval(() => console.log(1), 1000);'))).toEqual([]);
  });
});
