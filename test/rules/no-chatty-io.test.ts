import { describe, expect, test } from 'vitest';
import rule from '../../rules/no-chatty-io.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const run = (files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, whole = true) => {
  const { fn } = project(files, [deployed('F', 'h.ts', extra)], [], { whole });
  return [...rule.check({ view: fn, options: {} })].map((one) => {
    if ('line' in one.at) return one.message;
    return `${one.message} ${one.at.file}:${(files[one.at.file] ?? '').slice(0, one.at.start).split('\n').length}`;
  });
};

const sqs = "import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';\nconst q = new SQSClient({});\nconst send = (body) => q.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: body }));\n";

describe('a request for each item', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['through a helper', `${sqs}export const handler = async ({ l }) => { for (const x of l) await send(x); };`, ['perItem h.ts:3']],
    ['the helper is given something else', `${sqs}export const handler = async ({ l }) => { for (const x of l) { console.log(x); await send('tick'); } };`, []],
    ['through a chain of helpers', `${sqs}const one = async (x) => { const text = JSON.stringify(x); await send(text); };\nexport const handler = async ({ l }) => Promise.all(l.map(one));`, ['perItem h.ts:3']],
    ['outside of any loop', `${sqs}export const handler = async ({ l }) => send(JSON.stringify(l));`, []],
    ['pieces of a list', `${sqs}import chunk from 'lodash.chunk';\nexport const handler = async ({ l }) => { for (const part of chunk(l, 50)) await send(JSON.stringify(part)); };`, []],
    ['an object that is made of the item', `${sqs}class Order {\n  constructor(text) { this.text = text; }\n  async submit() { await send(this.text); }\n}\nexport const handler = async ({ l }) => { for (const x of l) await new Order(x).submit(); };`, ['perItem h.ts:3']],
    ['steps of ten', `${sqs}export const handler = async ({ l }) => { for (let i = 0; i < l.length; i += 10) await send(JSON.stringify(l.slice(i, i + 10))); };`, []],
    ['three that are spelled out', `${sqs}export const handler = async () => { for (const x of ['a', 'b', 'c']) await send(x); };`, []],
    ['four that are spelled out', `${sqs}export const handler = async () => { for (const x of ['a', 'b', 'c', 'd']) await send(x); };`, ['perItem h.ts:3']],
  ])('%s', (_, code, expected) => expect(run({ 'h.ts': code })).toEqual(expected));

  test.each<readonly [string, readonly string[]]>([
    ["db.collection('orders').doc(x).get()", ['perItem h.ts:3']],
    ["db.collection('orders').add({ x })", ['perItem h.ts:3']],
    ["db.collection('orders').where('owner', '==', x).get()", []],
    ['db.collection(x).get()', []],
  ])('getAll takes references of single documents: %s', (call, expected) => {
    const code = `import { getFirestore } from 'firebase-admin/firestore';\nconst db = getFirestore();\nexport const handler = async ({ l }) => { for (const x of l) await ${call}; };`;
    expect(run({ 'h.ts': code })).toEqual(expected);
  });

  test('a loop inside what is called: the call in the loop', () => {
    const code = `${sqs}const all = async (list, url) => {\n  for (const x of list) await q.send(new SendMessageCommand({ QueueUrl: url, MessageBody: x }));\n};\nexport const handler = async ({ l }) => all(l, process.env.QUEUE);`;
    expect(run({ 'h.ts': code })).toEqual(['perItem h.ts:5']);
  });

  test('in the editor a list of another file may be short', () => {
    const files = { 'h.ts': `${sqs}import { names } from './names';\nexport const handler = async () => { for (const x of names) await q.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: x })); };`, 'names.ts': "export const names = ['a', 'b'];" };
    expect(run(files)).toEqual([]);
    const { 'h.ts': open } = files;
    expect(run({ 'h.ts': open }, {}, false)).toEqual([]);
  });
});

const ssm = "import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm';\nconst s = new SSMClient({});\n";

describe('the same read', () => {
  test.each<readonly [string, string, readonly string[]]>([
    ['nothing changes', `${ssm}export const handler = async ({ l }) => { for (const x of l) { const p = await s.send(new GetParameterCommand({ Name: 'n' })); console.log(x, p); } };`, ['same h.ts:3']],
    ['a name that is counted up', `${ssm}export const handler = async ({ l }) => { let n = 0; for (const x of l) { n++; const p = await s.send(new GetParameterCommand({ Name: 'n' + n })); console.log(x, p); } };`, []],
    ['a name that a call gives', `${ssm}import { next } from 'names';\nexport const handler = async ({ l }) => { for (const x of l) { const p = await s.send(new GetParameterCommand({ Name: next() })); console.log(x, p); } };`, []],
    ['behind a test', `${ssm}export const handler = async ({ l }) => { for (const x of l) { if (x.taxed) { const p = await s.send(new GetParameterCommand({ Name: 'n' })); console.log(p); } } };`, []],
    ['a loop that goes on while something is so', `${ssm}export const handler = async () => { let p; do { p = await s.send(new GetParameterCommand({ Name: 'n' })); } while (!p); };`, []],
  ])('%s', (_, code, expected) => expect(run({ 'h.ts': code })).toEqual(expected));
});

describe('a client in another region', () => {
  const client = (region: string): string => `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s = new S3Client({ region: ${region} });\nexport const handler = async () => s.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));`;
  test.each<readonly [string, string, Partial<ServerlessFunction>, readonly string[]]>([
    ['another one', "'us-east-1'", { region: literal('eu-west-1') }, ['region h.ts:2']],
    ['its own', "'eu-west-1'", { region: literal('eu-west-1') }, []],
    ['not known', 'process.env.REGION', { region: literal('eu-west-1') }, []],
    ['the function may lie anywhere', "'us-east-1'", {}, []],
    ['at the edge', "'us-east-1'", { region: literal('eu-west-1'), generation: 'edge' }, []],
  ])('%s', (_, region, extra, expected) => expect(run({ 'h.ts': client(region) }, extra)).toEqual(expected));
});

describe('what a finding rests on beyond its place', () => {
  const handler = (list: string): string => `import { send } from './queue';\nexport const handler = async ({ l }) => { for (const x of ${list}) await send(x); };`;
  const client = (region: string): string => `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\n${region}const s = new S3Client({ region: home });\nexport const handler = async () => s.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));`;
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing, where all is in its file', { 'h.ts': `${sqs}export const handler = async ({ l }) => { for (const x of l) await send(x); };` }, []],
    ['the client of another file, and the loop that leads there', { 'h.ts': handler('l'), 'queue.ts': `import { client } from './client';\nimport { SendMessageCommand } from '@aws-sdk/client-sqs';\nexport const send = (body) => client.send(new SendMessageCommand({ QueueUrl: 'q', MessageBody: body }));`, 'client.ts': "import { SQSClient } from '@aws-sdk/client-sqs';\nexport const client = new SQSClient({});" }, ['client.ts', 'h.ts']],
    ['the list of another file', { 'h.ts': `${sqs}import { names } from './names';\nexport const handler = async () => { for (const x of names) await send(x); };`, 'names.ts': "export const names = ['a', 'b', 'c', 'd'];" }, ['names.ts']],
    ['the region of another file', { 'h.ts': client("import { home } from './home';\n"), 'home.ts': "export const home = 'us-east-1';" }, ['home.ts']],
    ['a region of its own file', { 'h.ts': client("const home = 'us-east-1';\n") }, []],
  ])('%s', (_, files, expected) => {
    const { fn } = project(files, [deployed('F', 'h.ts', { region: literal('eu-west-1') })]);
    expect([...rule.check({ view: fn, options: {} })].map((one) => one.evidence)).toEqual([expected]);
  });
});
