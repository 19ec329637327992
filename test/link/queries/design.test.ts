import { describe, expect, it } from 'vitest';
import { occurrencesOf } from '../../../src/link/queries/business.ts';
import { guardOf } from '../../../src/link/queries/guards.ts';
import { promiseFate } from '../../../src/link/queries/promises.ts';
import { placeOf, runsOnEveryExit } from '../../../src/link/queries/removal.ts';
import type { ExternalCall } from '../../../src/model/project.ts';
import type { LinkedFunction } from '../../../src/link/view.ts';
import { project } from '../../support/memory.ts';

const callOf = (fn: LinkedFunction, name: string): ExternalCall => {
  const call = fn.calls('invoke').find((item) => item.callee.path.at(-1) === name || item.callee.path.at(-1) === `#${name}`);
  if (!call) throw new Error(`no call of ${name}`);
  return call;
};

describe('a promise is followed to whoever awaits it', () => {
  const fate = (body: string, extra: Record<string, string> = {}): string => {
    const { fn } = project({ 'a.ts': `import { all } from './h'; export const handler = async (event) => { ${body} };`, 'h.ts': `export async function all(list) { await Promise.all(list); } export async function none(list) { console.log(list.length); }`, ...extra });
    const call = callOf(fn, 'probe');
    return promiseFate(fn, call.body, call.expr);
  };
  it.each([
    ['pushed to a list that a helper awaits', 'const list = []; for (const r of event.Records) list.push(probe(r)); await all(list);', 'settled'],
    ['pushed to a list that nobody awaits', 'const list = []; for (const r of event.Records) list.push(probe(r)); console.log(list.length);', 'dropped'],
    ['awaited', 'await probe();', 'settled'],
    ['returned', 'return probe();', 'settled'],
    ['dropped', 'probe();', 'dropped'],
    ['void', 'void probe();', 'dropped'],
    ['variable awaited later', 'const p = probe(); work(); await p;', 'settled'],
    ['variable never awaited', 'const p = probe(); work();', 'dropped'],
    ['list literal awaited', 'await Promise.all([probe(), other()]);', 'settled'],
    ['then, awaited', 'await probe().then((x) => x);', 'settled'],
    ['then, dropped', 'probe().then((x) => x);', 'dropped'],
  ])('%s', (_name, body, expected) => expect(fate(body)).toBe(expected));
});

describe('removed on every exit', () => {
  const removed = (source: string): boolean => {
    const { fn } = project({ 'a.ts': `import { writeFile, unlink } from 'node:fs/promises'; import { clean, save } from './h'; ${source}`, 'h.ts': `import { writeFile, unlink } from 'node:fs/promises'; export const clean = async (p) => { await unlink(p); }; export const save = async (p, d) => { await writeFile(p, d); };` });
    return runsOnEveryExit(fn, placeOf(callOf(fn, 'writeFile')), placeOf(callOf(fn, 'unlink')));
  };
  it.each([
    ['finally around the write', `export const handler = async (e) => { const p = '/tmp/a'; try { await writeFile(p, e.x); await use(p); } finally { await unlink(p); } };`, true],
    ['finally right after the write', `export const handler = async (e) => { const p = '/tmp/a'; await writeFile(p, e.x); try { await use(p); } finally { await unlink(p); } };`, true],
    ['finally through helpers', `export const handler = async (e) => { const p = '/tmp/a'; try { await save(p, e.x); } finally { await clean(p); } };`, true],
    ['removed only on success', `export const handler = async (e) => { const p = '/tmp/a'; await writeFile(p, e.x); await use(p); await unlink(p); };`, false],
    ['removed only on failure', `export const handler = async (e) => { const p = '/tmp/a'; try { await writeFile(p, e.x); } catch { await unlink(p); } };`, false],
    ['something between that can leave', `export const handler = async (e) => { const p = '/tmp/a'; await writeFile(p, e.x); await use(p); try { await use(p); } finally { await unlink(p); } };`, false],
  ])('%s', (_name, source, expected) => expect(removed(source)).toBe(expected));
});

describe('guards of a chain', () => {
  const guard = (body: string): { strength: string; oneHop: boolean } | undefined => {
    const { fn } = project({ 'a.ts': `import { LambdaClient, InvokeCommand } from '@aws-sdk/client-lambda'; const c = new LambdaClient({}); export const handler = async (event, context) => { ${body} };` });
    const call = callOf(fn, 'send');
    const command = call.arg(0);
    const input = command.kind === 'instance' ? command.args[0] : undefined;
    const payload = input ? fn.evaluator.member(input, 'Payload') : undefined;
    const occurrence = occurrencesOf(fn, call)[0];
    if (!occurrence) throw new Error('no path to the call');
    const found = guardOf(fn, { call, occurrence }, { payload, isWhole: true });
    return found && { strength: found.strength, oneHop: found.oneHop };
  };
  const invoke = (payload: string): string => `await c.send(new InvokeCommand({ FunctionName: context.functionName, Payload: JSON.stringify(${payload}) }));`;
  it.each<[string, string, unknown]>([
    ['counter read, incremented, compared, sent on', `const attempt = event.attempt ?? 0; if (attempt >= 5) return; ${invoke('{ attempt: attempt + 1 }')}`, { strength: 'ends', oneHop: false }],
    ['counter enclosed in the test', `if (event.depth < 3) { ${invoke('{ ...event, depth: event.depth + 1 }')} }`, { strength: 'ends', oneHop: false }],
    ['counter carried but never compared', `${invoke('{ attempt: event.attempt + 1 }')}`, { strength: 'weak', oneHop: false }],
    ['compared but not carried', `if (event.attempt >= 5) return; ${invoke('{ id: event.id }')}`, undefined],
    ['compared, carried unchanged', `if (event.attempt >= 5) return; ${invoke('{ attempt: event.attempt }')}`, undefined],
    ['dispatch to another branch', `if (event.action === 'build') return work(); ${invoke(`{ action: 'build' }`)}`, { strength: 'ends', oneHop: true }],
    ['dispatch to the same branch', `if (event.action !== 'build') return work(); ${invoke(`{ action: 'build' }`)}`, undefined],
    ['a field that is asked for and not sent', `if (!event.batch) return; ${invoke('{ page: 1 }')}`, { strength: 'ends', oneHop: true }],
    ['marker', `if (event.done) return; ${invoke('{ done: true }')}`, { strength: 'ends', oneHop: true }],
  ])('%s', (_name, body, expected) => expect(guard(body)).toEqual(expected));
});
