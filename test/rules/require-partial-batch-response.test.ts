import { describe, expect, it } from 'vitest';
import { answersFailures, batchesOf, recordLoops } from '../../src/link/queries/records.ts';
import { failureOf } from '../../src/link/queries/record-failures.ts';
import type { Trigger } from '../../src/model/function.ts';
import rule from '../../rules/require-partial-batch-response.ts';
import { deployed, project } from '../support/memory.ts';

const at = { file: 't.yaml', line: 7, column: 1, endLine: 7, endColumn: 2 };
const sqs: Trigger = { kind: 'queue', source: 'SQS', filters: [], location: at };
const view = (code: string, trigger: Partial<Trigger> = {}) => project({ 'a.js': code }, [deployed('F', 'a.js', { triggers: [{ ...sqs, ...trigger }] })]).fn;

describe('batches', () => {
  it.each<[Partial<Trigger>, number | undefined]>([
    [{}, 10], [{ batchSize: 3 }, 3], [{ batchSize: 1 }, undefined], [{ kind: 'stream', source: 'Kinesis' }, 100], [{ kind: 'topic', source: 'SNS' }, undefined], [{ kind: 'bucket', source: 'S3' }, undefined],
    [{ enabled: false }, undefined], [{ source: 'MQ' }, undefined],
  ])('%j', (trigger, size) => {
    expect(batchesOf(view('export const handler = async () => 1;', trigger), true)[0]?.size).toBe(size);
  });
});

describe('loops over records', () => {
  it.each([
    ['for (const r of event.Records) { await fetch(r.body); }', ['fetch']], ['event.Records.map((r) => JSON.parse(r.body));', ['JSON.parse']], ['const { Records: list } = event; for (const r of list) { throw r; }', ['throw']],
    ['for (const r of event.Records.filter((r) => r.body)) { await fetch(r.body); }', [undefined, 'fetch']], ['for (const r of event.Other) { await fetch(r); }', []], ['for (const r of event.Records) { console.log(r); }', [undefined]],
    ['for (const r of event.Records) { try { await fetch(r.body); } catch {} }', [undefined]], ['for (const r of event.Records) { try { await fetch(r.body); } catch (e) { throw e; } }', ['fetch']],
    ['await Promise.allSettled(event.Records.map((r) => fetch(r.body)));', [undefined]], ['await Promise.all(event.Records.map((r) => new Promise((resolve, reject) => { reject(r); })));', ['a rejected promise']],
    ['await Promise.all(event.Records.map(async (r) => { try { return fetch(r.body); } catch {} }));', ['fetch']],
    ['await Promise.all(event.Records.map(async (r) => { try { return await fetch(r.body); } catch {} }));', [undefined]],
  ])('%s', (code, expected) => {
    const fn = view(`export const handler = async (event) => { ${code} };`);
    const loops = recordLoops(fn).map((loop) => failureOf(fn, loop)?.what);
    expect(loops.filter((one, index) => one !== undefined || expected[index] === undefined).slice(-expected.length || undefined)).toEqual(expected.length === 2 ? loops : expected);
  });

  it('knows the answer with failures', () => {
    expect(answersFailures(view('export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });'))).toBeDefined();
    expect(answersFailures(view('export const handler = async (event) => { const batchItemFailures = []; return { batchItemFailures }; };'))).toBeDefined();
    // An empty list that stands there never says that a record failed.
    expect(answersFailures(view('export const handler = async () => ({ batchItemFailures: [] });'))).toBeUndefined();
    const filled = (fill: string): unknown => answersFailures(view(`export const handler = async (event) => { const answer = { batchItemFailures: [] }; for (const { messageId } of event.Records) { ${fill} } return answer; };`));
    expect(filled('answer.batchItemFailures.push({ itemIdentifier: messageId });')).toBeDefined();
    expect(filled('answer.batchItemFailures = [...answer.batchItemFailures, { itemIdentifier: messageId }];')).toBeDefined();
    expect(filled('answer.batchItemFailures = [];')).toBeUndefined();
    expect(filled('console.log(answer.batchItemFailures.length, messageId);')).toBeUndefined();
    expect(answersFailures(view('export const handler = async () => ({ failures: [] });'))).toBeUndefined();
  });
});

describe('require-partial-batch-response', () => {
  const loop = 'export const handler = async (event) => { for (const r of event.Records) { await fetch(r.body); } };';
  const messages = (code: string, trigger: Partial<Trigger> = {}) => [...rule.check({ view: view(code, trigger), options: {} })].map(({ message, data }) => [message, data?.['size']]);

  it('reports what is settled first and thrown then, in the handler or in a helper', () => {
    const gathered = 'const results = await Promise.allSettled(list);';
    const raise = 'const failed = results.filter((one) => one.status === "rejected"); if (failed.length > 0) throw failed;';
    const helper = (after: string): string => `const settle = async (list) => { ${gathered} ${after} return results; };\nexport const handler = async (event) => { await settle(event.Records.map(async (r) => { await fetch(r.body); })); };`;
    const own = (after: string): string => `export const handler = async (event) => { ${gathered.replace('list', 'event.Records.map((r) => fetch(r.body))')} ${after} if (event.test) throw new Error(); };`;
    expect([helper(raise), own(raise), helper(''), own('')].map((code) => messages(code).map(([message]) => message))).toEqual([['throws'], ['throws'], [], []]);
  });

  it('reports by mapping', () => {
    expect(messages(loop)).toEqual([['throws', '10 (the default)']]);
    expect(messages(loop, { batchSize: 4 })).toEqual([['throws', 4]]);
    expect(messages(loop, { partialBatchResponse: true })).toEqual([]);
    expect(messages('export const handler = async () => ({ batchItemFailures: [] });')).toEqual([]);
    expect(messages('export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });')).toEqual([['ignored', undefined]]);
    expect(messages('export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });', { partialBatchResponse: true })).toEqual([]);
  });
});

it('a mapping that nobody wrote here may well ask for the failures', () => {
  const code = 'export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });';
  const found = (foundBy: 'evidence' | 'infrastructure') => [...rule.check({ view: project({ 'a.js': code }, [deployed('F', 'a.js', { triggers: [sqs], foundBy })]).fn, options: {} })].map(({ message }) => message);
  expect(found('evidence')).toEqual([]);
  expect(found('infrastructure')).toEqual(['ignored']);
});

describe('the change that a repair shows', () => {
  const tf = (line: number, file = 'main.tf') => ({ file, line, column: 1, endLine: line, endColumn: 2 });
  const throwing = 'export const handler = async (event) => { for (const r of event.Records) { await fetch(r.body); } };';
  const change = (code: string, trigger: Partial<Trigger>): unknown => [...rule.check({ view: view(code, trigger), options: {} })].map((report) => report.data?.['change']);

  it.each<[string, string, Partial<Trigger>, string]>([
    ['at the mapping', throwing, {}, ' Change at t.yaml:7: `FunctionResponseTypes: [ReportBatchItemFailures]`.'],
    ['in the module that has the mapping', throwing, { location: tf(7), writtenAt: tf(3, 'feed/main.tf') }, ' Change at feed/main.tf:3: `function_response_types = ["ReportBatchItemFailures"]`.'],
    ['where the answer is not asked for', 'export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });', { location: tf(7), writtenAt: tf(3, 'feed/main.tf') }, ' Change at feed/main.tf:3: `function_response_types = ["ReportBatchItemFailures"]`.'],
    ['where the answer is not asked for, in no module', 'export const handler = async () => ({ batchItemFailures: [{ itemIdentifier: "1" }] });', { location: tf(7) }, ' Change: `function_response_types = ["ReportBatchItemFailures"]`.'],
  ])('%s', (_name, code, trigger, expected) => { expect(change(code, trigger)).toEqual([expected]); });
});
