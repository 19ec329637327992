import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-long-running-loop.ts';
import { check } from '../../src/check/check.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { link } from '../../src/link/link.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { findings, handler, head, spots, timeout } from '../support/loops.ts';
import { deployed, memoryWorkspace } from '../support/memory.ts';

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(findings({ 'handler.js': example.code }).map((item) => item.messageId)).toEqual(example.reports);
  });
});

describe('a failure that gives nothing, with which the loop leaves', () => {
  const page = (leave: string): Record<string, string> => handler(`let token;\nwhile (true) {\n  if (event.paged) {\n    const page = await list(token).catch((error) => {\n      if (error.gone) return;\n      throw error;\n    });\n    ${leave}\n    if (!page.next) break;\n    token = page.next;\n  }\n}`);
  it('below the same test as what failed', () => {
    expect(spots(page('if (!page) break;')).filter((spot) => spot.includes('retries'))).toEqual([]);
    expect(spots(page('if (!page) continue;'))).toEqual(['4 error retries']);
  });
});

describe('a flag that the header asks', () => {
  const loop = (round: string, before = ''): Record<string, string> => handler(`let done = false; let n = 0; let wait = 1000; ${before}\nwhile (!done) {\n${round}\n}`);
  const answer = "const answer = await state(event.id); if (answer.state === 'ready' || n > 5)";

  it.each<[string, string, readonly string[]]>([
    ['set by a count, which every other round moves', `${answer} { done = true; } else { await sleep(wait); n++; }`, []],
    ['set by a count whose sleeps are too long', `${answer} { done = true; } else { await sleep(10000); n++; }`, ['4 error overrun']],
    ['set by a count in a test of its own', 'const answer = await state(event.id); n++; await sleep(wait); if (n > 5) done = true; if (answer.ok) done = true;', []],
    ['set by the answer alone', "const answer = await state(event.id); if (answer.state === 'ready') { done = true; } else { await sleep(wait); n++; }", ['4 warning polls']],
    ['set by a count that some rounds leave out', `${answer} { done = true; } else { await sleep(wait); if (answer.new) n++; }`, ['4 warning polls']],
    ['set back by a later test', `${answer} { done = true; } else { await sleep(wait); n++; } if (answer.again) done = false;`, ['4 warning polls']],
    ['set to what the answer says', 'const answer = await state(event.id); n++; await sleep(wait); if (n > 5) done = answer.ok;', ['4 error untilSuccess']],
  ])('%s', (_name, round, expected) => {
    expect(spots(loop(round))).toEqual(expected);
  });
});

describe('a recursion of callbacks', () => {
  const again = (move: string, own = ''): Record<string, string> => ({ 'a.js': `const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\nexports.handler = async (event) => new Promise((resolve, reject) => {\n  const keys = [];\n  const params = { Bucket: event.bucket };\n  next();\n  function next() {\n    ${own}\n    s3.listObjectsV2(params, (error, data) => {\n      if (error) return reject(error);\n      keys.push(...data.Contents);\n      if (data.IsTruncated) { ${move} next(); } else resolve(keys);\n    });\n  }\n});` });
  it('asks for page after page where a cursor around it moves', () => {
    expect(spots(again('params.ContinuationToken = data.NextContinuationToken;'))).toEqual(['12 info crawls']);
  });
  it('asks the same again where none does', () => {
    expect(spots(again(''))).toEqual(['12 warning polls']);
    expect(spots(again('params.ContinuationToken = data.NextContinuationToken;', 'const params = { Bucket: event.bucket };'))).toEqual(['12 warning polls']);
  });
});

describe('no way out', () => {
  it.each<[string, string]>([
    ['while (true)', 'while (true) { console.log(1); }'],
    ['for (;;)', 'for (;;) { await work(); }'],
    ['while (1)', 'while (1) { await work(); }'],
    ['while (!0)', 'while (!0) { await work(); }'],
    ['do … while (true)', 'do { await work(); } while (true);'],
    ['a break of an inner loop', 'while (true) { for (const x of event.list) { if (x) break; } }'],
    ['a break of a switch', 'while (true) { switch (event.x) { case 1: break; } }'],
    ['a return of an inner function', 'while (true) { event.list.find((x: any) => { return x; }); }'],
    ['a throw that the loop catches', 'while (true) { try { await work(); throw new Error(); } catch { console.log(1); } }'],
    ['an exit that cannot be reached', 'while (true) { if (false) break; }'],
    ['continue of its own label', 'a: while (true) { for (const x of event.list) { continue a; } }'],
  ])('%s', (_name, body) => {
    expect(spots(handler(body))).toEqual(['3 error noExit']);
  });

  it.each<[string, string]>([
    ['labelled break from inside', 'a: while (true) { for (const x of event.list) { if (x) break a; } }'],
    ['continue of an outer label', 'a: for (const y of event.list) { while (true) { if (y) continue a; } }'],
    ['return from a switch', 'while (true) { switch (event.x) { case 1: return; } event.x++; }'],
    ['throw in a catch block', 'let n = 0; while (true) { try { n++; event.f(n); } catch (e) { throw e; } }'],
    ['process.exit', 'while (true) { process.exit(1); }'],
    ['throw in a try with finally only', 'while (true) { try { throw new Error(); } finally { console.log(1); } }'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body))).toEqual([]);
  });
});

describe('retries', () => {
  it.each<[string, string]>([
    ['returns in the try', 'while (true) { try { return await work(event); } catch (e) { console.log(e); } }'],
    ['with a pause', 'for (;;) { try { return await work(event); } catch (e) { await sleep(10); } }'],
    ['a flag set in the try', 'let done = false; while (!done) { try { await work(event); done = true; } catch (e) { console.log(e); } }'],
    ['a swallowed failure', 'let r; do { r = await work(event).catch(() => undefined); } while (!r);'],
    ['a swallowed failure that the test of the header takes for more to come', 'let r: any; do { r = await work(event).catch(() => ({})); } while (!r.done);'],
    ['a swallowed failure of which nothing is known', 'let r: any; do { r = await work(event).catch((e: any) => e.last); } while (r.more);'],
    ['a swallowed failure that keeps the cursor', 'let r: any; do { const next = (r || {}).next; r = await work(next).catch(() => ({ next: "again" })); } while (r.next);'],
    ['rethrows only some errors', 'while (true) { try { return await work(event); } catch (e: any) { if (e.name !== "Busy") throw e; } }'],
  ])('%s', (_name, body) => {
    expect(spots(handler(body))).toEqual(['3 error retries']);
  });

  it.each<[string, string]>([
    ['a counter that throws', 'let n = 0; while (true) { try { return await work(event); } catch (e) { n += 1; if (n >= 3) throw e; } }'],
    ['a counter in the header', 'let n = 3; while (n > 0) { try { return await work(event); } catch (e) { n--; } }'],
    ['each item on its own', 'for (const x of event.list) { try { await work(x); } catch (e) { console.log(e); } }'],
    ['a local queue', 'const q = [...event.list]; while (q.length) { const x = q.shift(); try { await work(x); } catch (e) { console.log(e); } }'],
    ['a promise that leaves the loop before it fails', 'while (true) { try { return fetch(event.url); } catch (e) { console.log(e); } }'],
    ['a catch that leaves', 'while (true) { try { return await work(event); } catch (e) { break; } }'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body))).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['a page that fails is the last', 'let r: any; do { const next = (r || {}).next; r = await work(next).catch(() => undefined); } while ((r || {}).next);', '3 info crawls'],
    ['the same, with a chain', 'let r: any; do { const next = r?.next; r = await work(next).catch(() => { console.log(1); }); } while (r?.next !== undefined);', '3 info crawls'],
    ['the same, with an empty answer', 'let r: any; do { const next = (r || {}).next; r = await work(next).catch(() => ({})); } while (r.next);', '3 info crawls'],
    ['a failure that is nothing, which ends it', 'let r: any; while (true) { r = await work(event).catch(() => null); if (!r || !r.next) break; }', '3 warning polls'],
  ])('no retry: %s', (_name, body, spot) => {
    expect(spots(handler(body))).toEqual([spot]);
  });

  it.each<[string, string, string, number]>([
    ['a helper that has nothing left for the next round', 'next(n); n += 1;', 'function next(n: number) { process.env.KEY = process.env["KEY_" + n]; if (!process.env.KEY) throw new Error("no more keys"); }', 0],
    ['the same, waited for', 'await next(n++);', 'async function next(n: number) { if (n > (event as any)) throw new Error("enough"); }', 0],
    ['one that nobody waits for', 'next(n++);', 'async function next(n: number) { if (n > 3) throw new Error("enough"); }', 1],
    ['one that is not told the round', 'next(); n += 1;', 'function next() { if (!process.env.KEY) throw new Error("no key"); }', 1],
    ['one that never throws', 'next(n); n += 1;', 'function next(n: number) { console.log(n); }', 1],
    ['one whose failure is caught', 'try { next(n); } catch {} n += 1;', 'function next(n: number) { if (n > 3) throw new Error("enough"); }', 1],
  ])('what a catch block asks may end it: %s', (_name, caught, helper, count) => {
    expect(spots(handler(`let n = 1; while (true) { try { return await work(event); } catch (e) { ${caught} } }`, helper)).length).toBe(count);
  });

  it('a deadline that sets the flag of the header', () => {
    const loop = (after: string): string => handler(`let done = false; while (!done) { done = await ready(event); ${after} await sleep(100); }`, 'const ready = async (x: any) => (await fetch(`https://x.example.com/${x.id}`)).ok;');
    expect(spots(loop('if (!done && context.getRemainingTimeInMillis() < 1000) { done = true; }'))).toEqual([]);
    expect(spots(loop('if (Date.now() > event.end) done = true;'))).toEqual([]);
    expect(spots(loop('')).length).toBe(1);
    expect(spots(loop('if (Date.now() > event.end) done = false;')).length).toBe(1);
    const late = handler('let done = false; while (!done) { if (Date.now() > event.end) done = true; done = await ready(event); await sleep(100); }', 'const ready = async (x: any) => (await fetch(`https://x.example.com/${x.id}`)).ok;');
    expect(spots(late).length).toBe(1);
  });

  it('a counter that one path leaves out bounds nothing', () => {
    expect(spots(handler('let n = 0; while (n < 3) { try { const r = await work(event); if (r) return r; } catch (e) { n++; } }')).length).toBe(1);
  });

  it('recursion in a catch block', () => {
    expect(spots(handler('return again(event);', 'async function again(x: any): Promise<any> { try { return await work(x); } catch { return again(x); } }'))).toEqual(['1 error retries']);
    expect(spots(handler('return again(3);', 'function again(n: number): Promise<any> { return new Promise((ok, no) => { const next = (left: number) => { (work as any)(left).then(ok).catch((e: any) => { switch (e.name) { case "Busy": setTimeout(() => next(left), 500); break; default: no(e); } }); }; next(n); }); }'))).toEqual(['1 error retries']);
    const bounded = (test: string): string => handler('return again(1);', `async function again(n: number): Promise<any> { try { return await work(n); } catch (e: any) { const busy = e.code === 429${test}; if (!busy) throw e; await sleep(1000 * Math.random()); return again(n + 1); } }`);
    expect(spots(bounded(''))).toEqual(['1 error retries']);
    expect(spots(bounded(' && n <= 3'))).toEqual([]);
    // The counter is a field of the object that is given.
    const inObject = (head: string, test: string, next: string): string => handler('return again({ x: event.x });', `async function again(${head} try { return await work(x); } catch (e: any) { if (${test}) throw e; await sleep(1000); return again(${next}); } }`);
    const taken = '{ x, attempt = 0, most = 3 }: any): Promise<any> {';
    expect(spots(inObject(taken, 'attempt >= most', '{ x, attempt: attempt + 1, most }'))).toEqual([]);
    expect(spots(inObject(taken, 'attempt >= most', '{ x, attempt, most }'))).toEqual(['1 error retries']);
    expect(spots(inObject(taken, 'e.fatal', '{ x, attempt: attempt + 1, most }'))).toEqual(['1 error retries']);
    expect(spots(inObject(taken, 'attempt >= most', '{ attempt: attempt + 1, ...e.input }'))).toEqual(['1 error retries']);
    const props = 'props: any): Promise<any> { const { x, tries = 0 } = props;';
    expect(spots(inObject(props, 'tries >= 3', '{ ...props, tries: tries + 1 }'))).toEqual([]);
    expect(spots(inObject(props, 'tries >= 3', '{ ...props }'))).toEqual(['1 error retries']);
    expect(spots(inObject('props: any): Promise<any> { const x = props.x;', 'props.tries > 3', '{ ...props, tries: props.tries + 1 }'))).toEqual([]);
    expect(spots(inObject('props: any): Promise<any> { const x = props.x;', 'props.most > 3', '{ ...props, tries: props.tries + 1 }'))).toEqual(['1 error retries']);
    // What is slept adds up: 40 rounds of a second.
    expect(spots(inObject(taken.replace('most = 3', 'most = 40'), 'attempt >= most', '{ x, attempt: attempt + 1, most }'))).toEqual(['1 error overrun']);
    // One item of a list after the other, by a timer or in a callback.
    const items = (next: string): string => handler('load(event.items, 0);', `function load(list: any[], index: number) { if (index < list.length) { (work as any)(list[index], (error: any) => { ${next} }); } }`);
    expect(spots(items('index++; setTimeout(load, 500, list, index);'))).toEqual([]);
    expect(spots(items('index++; load(list, index);'))).toEqual([]);
    expect(spots(items('setTimeout(load, 500, list, index);')).length).toBe(1);
    // The next round cannot come here again.
    const other = (test: string, next: string): string => handler('return send(event.x, "rich");', `async function send(x: any, kind: string): Promise<any> { try { return await work([x, kind]); } catch (e) { if (${test}) { ${next} } throw e; } }`);
    expect(spots(other('kind === "rich"', 'return send(x, "plain");'))).toEqual([]);
    expect(spots(other('kind === "rich"', 'kind = "plain"; return send(x, kind);'))).toEqual([]);
    expect(spots(other('kind !== "plain" && x', 'return send(x, "plain");'))).toEqual([]);
    expect(spots(other('kind === "rich"', 'return send(x, "rich");'))).toEqual(['1 error retries']);
    expect(spots(other('kind === "rich"', 'if (x) kind = "plain"; return send(x, kind);'))).toEqual(['1 error retries']);
    expect(spots(other('kind === "rich" || x', 'return send(x, "plain");'))).toEqual(['1 error retries']);
    // An error of the error handler is another matter than the first one.
    expect(spots(handler('return answer(new Error(event.x));', 'async function answer(error: unknown): Promise<any> { try { return await work(error); } catch (inner) { if (inner instanceof TypeError) return await answer(inner); throw inner; } }'))).toEqual([]);
    expect(spots(handler('return again(event, undefined);', 'async function again(x: any, last: unknown): Promise<any> { try { console.log(last); return await work(x); } catch (error) { return again(x, error); } }'))).toEqual(['1 error retries']);
  });
});

describe('asking and data', () => {
  const region = 'function region(text: string, from: number) { return text.slice(from, text.indexOf("}", from)); }';
  it.each<[string, string, string, readonly string[]]>([
    ['a walk over a text that a service gave', 'const text = (await work(event)).text; let i = 0; while (i < text.length) { const part = region(text, i); if (part) { i += part.length; continue; } i++; }', region, []],
    ['a walk in which each step asks', 'const text = (await work(event)).text; let i = 0; while (i < text.length) { const part = await work(text, i); if (part) { i += part.length; continue; } i++; }', '', ['3 info crawls']],
    ['pieces of an upload, each tried again', 'let start = 0; while (start < event.size) { const r = await again(() => work({ start })); if (r.item) return r.item; start = r.nextStart; }', 'async function again(f: any) { try { return await f(); } catch { await sleep(10); return f(); } }', ['3 info crawls']],
    ['the same piece again and again', 'let start = 0; while (start < event.size) { const r = await again(() => work({ size: event.size })); if (r.item) return r.item; start = r.nextStart; await sleep(10); }', 'async function again(f: any) { try { return await f(); } catch { return f(); } }', ['3 warning polls']],
  ])('%s', (_name, body, more, expected) => {
    expect(spots(handler(body, more))).toEqual(expected);
  });
});

describe('polling', () => {
  it.each<[string, string, string]>([
    ['while pending', 'let s = await state(event); while (s === "PENDING") { await sleep(1000); s = await state(event); }', 'warning polls'],
    ['every final state', 'while (true) { const s = await state(event); if (s === "DONE") break; if (s === "FAILED") throw new Error(); await sleep(10); }', 'warning polls'],
    ['success only', 'while (true) { const s = await state(event); if (s === "COMPLETE") return s; await sleep(10); }', 'error untilSuccess'],
    ['success only, in the header', 'let s; while (s !== "SUCCEEDED") { await sleep(10); s = await state(event); }', 'error untilSuccess'],
    ['until there is one', 'while (true) { const r = await list(event); if (r.items.length > 0) return r; await sleep(10); }', 'error untilSuccess'],
    ['no pause', 'let r; do { r = await state(event.id); } while (r.busy);', 'warning polls'],
    ['data compared with the clock is no deadline', 'let r; do { await sleep(10); r = await state(event.id); } while (r.updated < Date.now());', 'warning polls'],
    ['what is refused is sent again', 'let rest = event.items; while (rest.length > 0) { const r = await work(rest); rest = r.UnprocessedItems; }', 'warning polls'],
    ['a flag and no bound', 'while (event.forever || event.n < 3) { await work(event); await sleep(10); }', 'warning polls'],
  ])('%s', (_name, body, expected) => {
    expect(spots(handler(body))).toEqual([`3 ${expected}`]);
  });

  it.each<[string, string]>([
    ['remaining time', 'while (context.getRemainingTimeInMillis() > 1000) { if (await state(event)) return; await sleep(10); }'],
    ['remaining time in a helper', 'while (true) { if (late(context)) break; await state(event); await sleep(10); }'],
    ['clock', 'const end = Date.now() + 1000; let s; do { await sleep(10); s = await state(event); } while (s.busy && Date.now() < end);'],
    ['elapsed', 'const start = performance.now(); while (true) { if (performance.now() - start > 100) throw new Error(); if (await state(event)) return; await sleep(10); }'],
    ['new Date', 'const start = new Date(); while (await state(event)) { await sleep(10); if (new Date().getTime() - start.getTime() > 5000) break; }'],
    ['signal', 'const signal = AbortSignal.timeout(1000); while (!signal.aborted) { if (await state(event)) return; await sleep(10); }'],
    ['flag set by a timer', 'let late_ = false; setTimeout(() => { late_ = true; }, 1000); while (!late_) { if (await state(event)) return; await sleep(10); }'],
    ['attempts', 'for (let i = 0; i < 5; i++) { if (await state(event)) return; await sleep(1000); }'],
    ['attempts by a name', 'let n = 0; while (true) { try { return await state(event); } catch (e: any) { const again = e.code === 429 && n < 5; if (!again) throw e; n++; await sleep(1000); } }'],
    ['attempts in the body', 'let i = 0; while (true) { if (await state(event)) return; if (++i > 5) throw new Error(); await sleep(1000); }'],
    ['throttled list', 'const q = [...event.list]; while (q.length) { await work(q.pop()); await sleep(10); }'],
    ['durable wait', 'while (true) { if (await state(event)) return; await context.wait({ seconds: 5 }); }'],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body, 'const late = (c: any) => c.getRemainingTimeInMillis() < 5000;'))).toEqual([]);
  });

  it('an SDK waiter without a limit', () => {
    const files = (options: string) => ({ 'a.ts': `import { LambdaClient, waitUntilFunctionActive } from '@aws-sdk/client-lambda';\nconst client = new LambdaClient({});\nexport const handler = async () => {\n  await waitUntilFunctionActive(${options}, { FunctionName: 'x' });\n};` });
    expect(spots(files('{ client }'))).toEqual(['4 warning polls']);
    expect(spots(files('{ client, maxWaitTime: 20 }'))).toEqual([]);
  });

  it('by recursion', () => {
    expect(spots(handler('return poll(event);', 'async function poll(x: any): Promise<any> { const s = await state(x); if (s.done) return s; await sleep(10); return poll(x); }'))).toEqual(['1 warning polls']);
    expect(spots(handler('return poll(event, 3);', 'async function poll(x: any, n: number): Promise<any> { const s = await state(x); if (s.done || n === 0) return s; await sleep(10); return poll(x, n - 1); }'))).toEqual([]);
    expect(spots(handler('let n = 0; const poll = async (): Promise<any> => { const s = await state(event); n += 1; if (s.busy && n < 5) { await sleep(10); return poll(); } return s; }; return poll();'))).toEqual([]);
  });
});

describe('pages', () => {
  const page = 'let t; do { const r = await list({ t }); t = r.next; } while (t);';
  it.each<[string, string, readonly string[]]>([
    ['do … while (token)', page, ['3 info crawls']],
    ['while (true) with a break', 'let t; while (true) { const r = await list({ t }); if (!r.next) break; t = r.next; }', ['3 info crawls']],
    ['a page number', 'let n = 1; while (true) { const r = await list({ n }); if (r.items.length === 0) break; n++; }', ['3 info crawls']],
    ['the token in the parameters', 'const p: any = {}; let more = true; while (more) { const r = await list(p); p.token = r.token; more = !!r.token; }', ['3 info crawls']],
    ['a remote queue', 'while (true) { const m = await take(); if (!m) break; await work(m); }', ['3 info crawls']],
    ['a queue that the answers fill', 'const q = [event.url]; while (q.length) { const r = await list(q.shift()); q.push(...r.links); }', ['3 info crawls']],
    ['a paginator', 'for await (const p of pages({}, {})) { await work(p); }', ['3 info crawls']],
    ['a generator that asks', 'for await (const p of all()) { await work(p); }', ['3 info crawls']],
    ['at most three pages', 'let t; for (let i = 0; i < 3; i++) { const r = await list({ t }); t = r.next; if (!t) break; }', []],
    ['with a deadline', 'let t; do { const r = await list({ t }); t = r.next; } while (t && context.getRemainingTimeInMillis() > 1000);', []],
    ['the consumer leaves in time', 'for await (const p of all()) { if (context.getRemainingTimeInMillis() < 1000) break; }', []],
    ['a list that was fetched once', 'const all_ = await list(); for (let i = 0; i < all_.length; i += 25) { await work(all_.slice(i, i + 25)); }', []],
    ['a list that gets shorter', 'let rest = event.items; while (rest.length > 0) { await work(rest.slice(0, 25)); rest = rest.slice(25); }', []],
    ['parts of the list are written', 'for (let i = 0; i < event.list.length && !event.stop; i++) { event.list[i].r = await work(event.list[i]); }', []],
    ['a response stream', 'const r = await fetch("https://x"); for await (const c of r.body) console.log(c);', []],
    ['a reader', 'const reader = (await fetch("https://x")).body.getReader(); while (true) { const { done, value } = await reader.read(); if (done) break; console.log(value); }', []],
    ['a reader whose chunks are sent on', 'const reader = (await fetch("https://x")).body.getReader(); while (true) { const { done, value } = await reader.read(); if (done) break; await work(value); }', []],
    ['a generator of a local list', 'for await (const p of local(event.list)) { console.log(p); }', []],
  ])('%s', (_name, body, expected) => {
    const more = `import { paginateScan as pages } from '@aws-sdk/client-dynamodb'; async function* all() { let t; do { const r = await list({ t }); yield* r.items; t = r.next; } while (t); } async function* local(l: any) { for (const x of l) yield x; }`;
    // A queue is told by what is taken from it.
    const files = handler(body.replace('take()', 'receiveMessages()'), more);
    expect(spots({ 'a.ts': (files['a.ts'] as string).replace('take,', 'receiveMessages,') })).toEqual(expected);
  });

  it('by recursion over the token', () => {
    expect(spots(handler('return all(undefined);', 'async function all(t: any): Promise<any> { const r = await list({ t }); if (r.next) return all(r.next); return r; }'))).toEqual(['1 info crawls']);
    expect(spots(handler('return all(event.list);', 'async function all(l: any[]): Promise<any> { if (l.length < 2) return work(l); return [await all(l.slice(0, 1)), await all(l.slice(1))]; }'))).toEqual([]);
    expect(spots(handler('return empty();', 'async function empty(): Promise<void> { const { keys } = await list({}); if (keys && keys.length > 0) { await work(keys); await empty(); } }'))).toEqual(['1 info crawls']);
  });

  it('a list that grows with what is asked for is no bound', () => {
    expect(spots(handler('for (let i = 0; i < event.ids?.length; i++) { const one = await work(event.ids[i]); event.ids.push(one); }'))).toEqual(['3 info crawls']);
  });

  it('in a batch job it is a warning', () => {
    expect(spots(handler(page), timeout(900))).toEqual(['3 warning crawlsInBatch']);
    const by = (rate: string): Partial<ServerlessFunction> => ({ ...timeout(60), triggers: [{ kind: 'schedule', source: 'schedule', filters: [], resource: { kind: 'literal', value: rate } }] });
    expect(spots(handler(page), by('cron(0 3 * * ? *)'))).toEqual(['3 warning crawlsInBatch']);
    expect(spots(handler(page), by('rate(10 minutes)'))).toEqual(['3 info crawls']);
    const declared = (rate: string): Partial<ServerlessFunction> => ({ ...timeout(60), triggers: [{ kind: 'schedule', source: 'EventBridgeRule', filters: [], schedule: { kind: 'literal', value: rate } }] });
    expect(spots(handler(page), declared('cron(0 6 * * ? *)'))).toEqual(['3 warning crawlsInBatch']);
    const inWords: Readonly<Record<string, string>> = { 'every friday 09:00': 'warning', 'every day 05:00': 'warning', 'every mon,wed 10:00': 'warning', '1st monday of month 09:00': 'warning', 'every 24 hours': 'warning', 'every 5 minutes': 'info', 'every 2 hours': 'info', 'every day from 09:00 to 17:00 every 10 minutes': 'info' };
    for (const [when, severity] of Object.entries(inWords)) expect([when, ...findings(handler(page), declared(when)).map((item) => item.severity)]).toEqual([when, severity]);
    expect(findings(handler(page), declared('rate(1 day)')).map((item) => item.data.job)).toEqual(['started by a schedule']);
    expect(spots(handler(page), declared('rate(2 hours)'))).toEqual(['3 info crawls']);
  });
});

describe('quiet', () => {
  it.each<[string, string]>([
    ['recursion over the parts of an object', 'const clean = (o: any): any => Object.entries(o).forEach(([k, v]: any) => { if (v && typeof v === "object") clean(v); else if (v == null) delete o[k]; }); clean(event);'],
    ['a list beside the one that grows', 'for (let i = 0; i < event.ids?.length; i++) { const one = await work(event.ids[i]); event.results.push({ one }); }'],
    ['in memory', 'let i = 0; while (event.text[i] !== " ") i++;'],
    ['until nothing changes', 'let t = event.text; for (;;) { const n = t.replace("  ", " "); if (n === t) break; t = n; }'],
    ['a constant bound without a wait', 'for (let i = 0; i < 1e9; i++) { event.x = i; }'],
    ['records', 'for (const r of event.Records) { await work(r); }'],
    ['a regular expression', 'let m; const re = /a/g; while ((m = re.exec(event.text)) !== null) { console.log(m); }'],
    ['a tree in memory', 'let n = event.node; while (n.parent) { n = n.parent; }'],
  ])('%s', (_name, body) => {
    expect(spots(handler(body))).toEqual([]);
  });

  it('the loop of a custom runtime', () => {
    expect(spots(handler('while (true) { const next = await fetch(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/next`); await work(next); }'))).toEqual([]);
  });

  it('what no handler reaches', () => {
    expect(spots(handler('return 1;', 'export async function never() { while (true) { await work(1); } }'))).toEqual([]);
  });

  it('a generator itself', () => {
    expect(spots(handler('const g = numbers(); return g.next();', 'function* numbers() { let n = 0; while (true) yield n++; }'))).toEqual([]);
  });
});

describe('a batch job on OpenWhisk', () => {
  const page = 'let t; do { const r = await list({ t }); t = r.next; } while (t);';
  it.each<[number, string]>([[299, 'info crawls'], [300, 'warning crawlsInBatch'], [1900, 'info crawls'], [10_800, 'warning crawlsInBatch']])('a timeout of %d s', (seconds, expected) => {
    expect(spots(handler(page), { ...timeout(seconds), platform: 'openwhisk' })).toEqual([`3 ${expected}`]);
  });
});

describe('in the editor, where only the open file is known', () => {
  const editor = (code: string): readonly string[] => {
    const infrastructure = { functions: [deployed('F', 'a.ts', timeout(30))], resources: [], gaps: [], files: [], problems: [] };
    const linked = link({ infrastructure, loader: createFactsLoader(memoryWorkspace({ 'a.ts': code })), date: '2026-11-21', whole: false });
    return check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]).findings.map((item) => `${item.line} ${item.messageId}`);
  };
  const from = (body: string): string => `${head} import { helper, late, N } from './helper';\nexport const handler = async (event: any, context: any) => {\n${body}\n};\n`;

  it.each<[string, string, readonly string[]]>([
    ['no exit needs no helper', 'while (true) { await helper(); }', ['3 noExit']],
    ['a helper may wait, ask or look at the clock', 'while (true) { if (await helper()) break; await sleep(10); }', []],
    ['a test from elsewhere may be a deadline', 'while (!late) { await state(event); await sleep(10); }', []],
    ['a bound from elsewhere is not known', 'for (let i = 0; i < N; i++) { await sleep(60000); }', []],
    ['all in one file', 'for (let i = 0; i < 60; i++) { if (await state(event)) return; await sleep(1000); }', ['3 overrun']],
    ['pages, all in one file', 'let t; do { const r = await list({ t }); t = r.next; } while (t);', ['3 crawls']],
  ])('%s', (_name, body, expected) => {
    expect(editor(from(body))).toEqual(expected);
  });
});

it('a function known by local evidence only gets warnings at most', () => {
  expect(spots(handler('while (true) { console.log(1); }'), { foundBy: 'evidence' })).toEqual(['3 warning noExit']);
});

describe('a flag and a counter in one header', () => {
  const retry = (header: string, onError: string): Record<string, string> =>
    handler(`let done = false; let n = 0;\nwhile (${header}) {\ntry { await work(event); done = true; } catch (e) { ${onError} await sleep(100); }\n}`);
  it.each([
    ['the flag first', '!done && n < 5', 'n++;'],
    ['the counter first', 'n < 5 && !done', 'n += 1;'],
    ['three parts', '!done && n < 5 && event.id', 'n++;'],
  ])('is bounded with %s', (_, header, onError) => expect(spots(retry(header, onError))).toEqual([]));

  it.each([
    ['a counter that does not move', '!done && n < 5', ''],
    ['a counter that does not have to hold', '!done || n < 5', 'n++;'],
    ['a counter that some failures leave out', '!done && n < 5', 'if (e.code) n++;'],
  ])('is not with %s', (_, header, onError) => expect(spots(retry(header, onError))).not.toEqual([]));
});

describe('a counter that moves where the header would go on', () => {
  const unprocessed = (body: string): readonly string[] => spots(handler(`let left = event.items; let n = 0;\nwhile (left && left.length > 0 && n < 3) {\nconst answer = await work(left); left = answer.left;\n${body}\n}`));
  it('bounds it', () => {
    expect(unprocessed('if (left && left.length > 0) { n++; await sleep(100); }')).toEqual([]);
    expect(unprocessed('if (left.length > 0) n++;')).toEqual([]);
  });
  it('does not where it may stand still', () => {
    expect(unprocessed('if (left.length > 1) n++;')).not.toEqual([]);
    expect(unprocessed('if (left && left.length > 0) n++; left = await list();')).not.toEqual([]);
    expect(unprocessed('if (left && left.length > 0) { n++; } else { await sleep(1); left = event.items; }')).not.toEqual([]);
  });
});
