import { describe, expect, it } from 'vitest';
import type { LoopStmt } from '../../../src/model/facts.ts';
import { changesIn, reachedBy, readsOf } from '../../../src/link/queries/changes.ts';
import { isMovedEachRound } from '../../../src/link/queries/every-round.ts';
import { alternativesOf, exitsOf, loopsOf, roundOf, waysOut } from '../../../src/link/queries/loops.ts';
import { Notes, numberAt } from '../../../src/link/queries/numbers.ts';
import { sleepsIn } from '../../../src/link/queries/waits.ts';
import { project } from '../../support/memory.ts';

function bodyOf(code: string) {
  const { fn } = project({ 'a.ts': code });
  const body = fn.bodies('invoke')[0];
  if (!body) throw new Error('no handler');
  return { fn, body };
}
const inHandler = (code: string, head = ''): ReturnType<typeof bodyOf> => bodyOf(`${head}\nexport const handler = async (event: any) => { ${code} };`);
function firstLoop(code: string): LoopStmt {
  const [loop] = loopsOf(inHandler(code).body.fn);
  if (!loop) throw new Error('no loop');
  return loop;
}

describe('exits', () => {
  it('gives each way out with the tests on the way', () => {
    const exits = exitsOf(firstLoop('while (event.a) { if (event.b) break; try { if (event.c) return; } catch (e) { throw e; } if (event.d) throw event; }'));
    expect(exits.map((exit) => [exit.kind, exit.steps.length, exit.inHandler, exit.within !== undefined])).toEqual([
      ['test', 1, false, false], ['break', 1, false, false], ['return', 2, false, true], ['throw', 1, true, false], ['throw', 2, false, false],
    ]);
  });

  it('splits a test into ways', () => {
    const [exit] = exitsOf(firstLoop('while (event.a && event.b) { }'));
    expect(exit && waysOut(exit).map((way) => way.length)).toEqual([1, 1]);
    const [other] = exitsOf(firstLoop('while (event.a || event.b) { }'));
    expect(other && waysOut(other).map((way) => way.length)).toEqual([2]);
  });

  it('keeps the number of ways bounded', () => {
    const test = Array.from({ length: 12 }, (_, i) => `(event.a${i} || event.b${i})`).join(' && ');
    const loop = firstLoop(`while (${test}) { }`);
    expect(loop.test && alternativesOf(loop.test, true).length).toBeLessThanOrEqual(64);
  });

  it('finds loops of the body only', () => {
    expect(loopsOf(inHandler('for (const x of event) { while (x) { } } const f = () => { for (;;) { } };').body.fn).map((loop) => loop.form)).toEqual(['of', 'while']);
  });
});

describe('changes', () => {
  it.each<[string, readonly string[]]>([
    ['let i = 0; while (i < 3) { i++; }', ['step ++']],
    ['let i = 0; while (i < 3) { i = i + 2; }', ['step =']],
    ['let l = event.l; while (l.length) { l = l.slice(1); }', ['shrink =']],
    ['const l = []; while (event) { l.push(1); l.shift(); }', ['grow push', 'shrink shift']],
    ['const o: any = {}; while (event) { o.token = event.t; }', ['set =']],
    ['let a; while (event) { ({ a } = event.f()); }', ['set =']],
  ])('%s', (code, expected) => {
    expect(changesIn(roundOf(firstLoop(code))).map((change) => `${change.how} ${change.op}`)).toEqual(expected);
  });

  it('follows answers through variables, not out of lists', () => {
    const { body } = inHandler('let t; const q = []; let first; while (event) { const r = event.ask(t); t = r.next; q.push(...r.items); first = q.shift(); }');
    const [loop] = loopsOf(body.fn);
    const changes = loop ? changesIn(roundOf(loop)) : [];
    const reached = reachedBy(changes, (expr) => expr.kind === 'call' && expr.callee.kind === 'member' && expr.callee.property === 'ask');
    const names = [...reached].map((holder) => body.facts.bindings[Number(holder.slice(1))]?.name).sort();
    expect(names).toEqual(['first', 'q', 'r', 't']);
    expect(readsOf({ kind: 'this', start: 0, end: 0 }).size).toBe(0);
  });
});

describe('a counter moves every round', () => {
  it.each<[string, boolean]>([
    ['let n = 0; while (n < 3) { n++; }', true],
    ['let n = 0; while (n++ < 3) { if (event) continue; }', true],
    ['for (let n = 0; n < 3; n++) { if (event) continue; }', true],
    ['let n = 0; while (n < 3) { if (event.a) continue; n++; }', false],
    ['let n = 0; while (n < 3) { if (event.a) n++; else n += 2; }', true],
    ['let n = 0; while (n < 3) { if (event.a) n++; }', false],
    ['let n = 0; while (n < 3) { try { return await event.f(); } catch { n++; } }', true],
    ['let n = 0; while (n < 3) { try { await event.f(); } catch { n++; } }', false],
    ['let n = 0; while (n < 3) { try { await event.f(); n++; } catch { console.log(1); } }', false],
    ['let n = 0; while (n < 3) { try { await event.f(); } finally { n++; } }', true],
    ['let n = 0; while (n < 3) { switch (event.x) { case 1: n++; break; default: return; } }', true],
    ['let n = 0; while (n < 3) { switch (event.x) { case 1: n++; break; } }', false],
  ])('%s', (code, expected) => {
    const loop = firstLoop(code);
    expect(isMovedEachRound(loop, changesIn(roundOf(loop)))).toBe(expected);
  });
});

describe('numbers', () => {
  const value = (expression: string, head = ''): unknown => {
    const { fn, body } = inHandler(`probe(${expression});`, head);
    const call = body.node.externals[0]?.expr;
    const arg = call?.args[0];
    if (!arg) throw new Error('no probe');
    const notes = new Notes();
    const number = numberAt(fn.evaluator, arg, body.node.frame, new Map(), notes);
    return notes.list().length > 0 ? [number, ...notes.list()] : number;
  };
  it.each<[string, string, unknown]>([
    ['2 * 60 * 1000', '', 120_000],
    ['2 ** 3 - 1', '', 7],
    ['Math.min(5, 3) + Math.max(1, 2)', '', 5],
    ['N * 2', 'const N = 4;', 8],
    ['C.a.b', 'const C = { a: { b: 3 } };', 3],
    ['Number("12")', '', 12],
    ['parseInt(process.env.N || "7", 10)', '', [7, 'the environment variable N is not set outside the code']],
    ['process.env.N', '', undefined],
    ['event.n', '', undefined],
    ['event.n ?? 5', '', undefined],
    ['event.a ? 3 : 4', '', 3],
    ['f(3)', 'const f = (x: number) => x * 2;', 6],
    ['Math.random() * 10', '', 0],
  ])('%s', (expression, head, expected) => {
    expect(value(expression, head)).toEqual(expected);
  });
});

describe('sleeps', () => {
  const seconds = (body: string, head = ''): unknown => {
    const { fn, body: linked } = inHandler(body, head);
    return sleepsIn(fn, linked.node.frame, linked.fn.body).map((sleep) => sleep.seconds());
  };
  it.each<[string, string, readonly (number | undefined)[]]>([
    ['await sleep(2000);', 'const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));', [2]],
    ['await sleep(2);', 'function sleep(s: number) { const ms = s * 1000; return new Promise<void>((r) => setTimeout(() => r(), ms)); }', [2]],
    ['await sleep();', 'const sleep = async (ms = 1500) => { await new Promise((r) => setTimeout(r, ms)); };', [1.5]],
    ['await u.wait(1);', 'class U { async wait(n: number) { console.log(n); await new Promise((r) => setTimeout(r, n * 1000)); } } const u = new U();', [1]],
    ['await sleep(event.ms);', 'const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));', [undefined]],
    ['await new Promise((r) => setImmediate(r));', '', []],
    ['await new Promise((r) => { setTimeout(() => console.log(1), 5000); event.on("x", r); });', '', []],
    ['await new Promise((r) => setTimeout(r.bind(null, 1), 3000));', '', [3]],
    ['return delay(250);', 'import delay from "delay";', [0.25]],
    ['setTimeout(() => 1, 5000);', '', []],
  ])('%s', (body, head, expected) => {
    expect(seconds(body, head)).toEqual(expected);
  });
});
