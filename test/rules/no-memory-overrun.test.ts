import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-memory-overrun.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

function spots(code: string, extra: Partial<ServerlessFunction> = {}, options: { readonly enoughMegabytes?: number; readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project({ 'a.js': code }, [deployed('F', 'a.js', extra)], [], { whole: options.whole ?? true });
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: { enoughMegabytes: options.enoughMegabytes ?? 3_008 } }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.line} ${item.severity} ${item.message}`);
}

const memory = (value: number): Partial<ServerlessFunction> => ({ memoryMb: { value, location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } } });
const head = `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nconst s3 = new S3Client({});\n`;
const read = (use: string, params = 'Key: event.key'): string => `${head}export const handler = async (event) => {\n  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: 'b', ${params} }));\n  ${use}\n};\n`;
const said = (line: number, what: string, given = '128 MB by default'): string => `${line} info ${what} is read into memory as a whole, whatever its size; the function has ${given}.`;

describe('an object of S3', () => {
  it('is told with the function’s memory, or its platform’s default', () => {
    expect(spots(read('return Body.transformToString();'))).toEqual([said(5, 'An object of S3')]);
    expect(spots(read('return Body.transformToString();'), memory(512))).toEqual([said(5, 'An object of S3', '512 MB')]);
  });

  it.each<[string, Partial<ServerlessFunction>, string]>([
    ['Firebase', { platform: 'firebase', foundBy: 'convention' }, '256 MB by default'],
    ['Google Cloud', { platform: 'google', generation: 'gen2' }, '256 MB by default'],
    ['a service of Cloud Run', { platform: 'google', generation: 'run' }, 'memory that is not known'],
    ['Google Cloud, deployed from elsewhere', { platform: 'google', foundBy: 'convention' }, 'memory that is not known'],
    ['what is written cannot be told', { memoryUnknown: true }, 'memory that is not known'],
    ['known by its code alone', { foundBy: 'evidence' }, 'memory that is not known'],
    ['an isolate', { platform: 'cloudflare' }, '128 MB by default'],
  ])('says what the platform gives: %s', (_, extra, given) => {
    expect(spots(read('return Body.transformToString();'), extra)).toEqual([said(5, 'An object of S3', given)]);
  });

  it('is left to functions that have memory for it', () => {
    expect(spots(read('return Body.transformToString();'), memory(3_008))).toEqual([]);
    expect(spots(read('return Body.transformToString();'), memory(10_240), { enoughMegabytes: 0 })).toHaveLength(1);
    expect(spots(read('return Body.transformToString();'), memory(512), { enoughMegabytes: 512 })).toEqual([]);
  });

  it.each<[string, string]>([
    ['a listener whose event has a name', "const kind = 'data';\n  const parts = [];\n  return new Promise((resolve) => { Body.on(kind, (part) => parts.push(part)); Body.on('end', () => resolve(Buffer.concat(parts))); });"],
    ['something else is counted', "let rows = 0;\n  rows += 1;\n  if (rows > 10) throw new Error('many');\n  return Body.transformToString();"],
    ['something else is compared under another name', "const { Parts: weight } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));\n  if (weight > 10) throw new Error('many');\n  return Body.transformToString();"],
  ])('is told all the same: %s', (_, use) => expect(spots(read(use))).toHaveLength(1));

  it.each<[string, string, string?]>([
    ['a range', 'return Body.transformToString();', "Key: event.key, Range: 'bytes=0-9'"],
    ['a part', 'return Body.transformToString();', 'Key: event.key, PartNumber: 1'],
    ['its length is checked', "if (ContentLength > 10) throw new Error('large');\n  return Body.transformToString();"],
    ['its length is checked under another name', "const { ContentLength: weight } = await s3.send(new GetObjectCommand({ Bucket: 'b', Key: event.key }));\n  if (weight > 10) throw new Error('large');\n  return Body.transformToString();"],
    ['what was read is added up', "const parts = [];\n  let seen = 0;\n  for await (const part of Body) {\n    seen += part.length;\n    if (seen > 10) throw new Error('large');\n    parts.push(part);\n  }\n  return Buffer.concat(parts);"],
    ['its length goes to whoever decides', 'refuse(ContentLength);\n  return Body.transformToString();'],
    ['named in code', 'return Body.transformToString();', "Key: 'a.json'"],
    ['named by the environment', 'return Body.transformToString();', 'Key: process.env.KEY'],
    ['handed on', 'return new Response(Body);'],
    ['a stream to the web', 'return Body.transformToWebStream();'],
    ['another thing with that method', 'return event.thing.transformToString();'],
  ])('quiet: %s', (_name, use, params) => {
    expect(spots(read(use, params))).toEqual([]);
  });

  it('a length that is only logged bounds nothing', () => {
    expect(spots(read('console.log(ContentLength);\n  return Body.transformToString();'))).toHaveLength(1);
  });

  it('a helper is told once, with the way to it', () => {
    const code = `${head}const get = (key) => s3.send(new GetObjectCommand({ Bucket: 'b', Key: key }));\nconst text = async (key) => (await get(key)).Body.transformToString();\nexport const handler = async (event) => [await text(event.one), await text(event.two), await text('fixed')];\n`;
    expect(spots(code)).toEqual([said(4, 'An object of S3')]);
  });

  it('a helper that is only asked for what is named in code stays quiet', () => {
    expect(spots(`${head}const get = (key) => s3.send(new GetObjectCommand({ Bucket: 'b', Key: key }));\nconst text = async (key) => (await get(key)).Body.transformToString();\nexport const handler = async () => text('fixed');\n`)).toEqual([]);
  });
});

describe('collectors', () => {
  it.each<[string, string]>([
    ['a loop', 'const parts = [];\n  for await (const part of Body) parts.push(part);\n  return Buffer.concat(parts);'],
    ['listeners', "return new Promise((resolve) => {\n  const parts = []; Body.on('data', (part) => parts.push(part)); Body.on('end', () => resolve(Buffer.concat(parts))); });"],
  ])('%s', (_name, use) => {
    expect(spots(read(use))).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['parts of the event', 'return Buffer.concat(event.parts);'],
    ['a loop that stops at a limit', 'const parts = [];\n  let total = 0;\n  for await (const part of Body) { total += part.length; if (total > 100) break; parts.push(part); }\n  return Buffer.concat(parts);'],
    ['a loop over something else', 'const parts = [];\n  for (const part of event.parts) parts.push(part);\n  return Buffer.concat(parts);'],
  ])('quiet: %s', (_name, use) => {
    expect(spots(read(use))).toEqual([]);
  });
});

describe('the editor', () => {
  it('says what the open file shows, and nothing of streams that come from elsewhere', () => {
    expect(spots(read('return Body.transformToString();'), {}, { whole: false })).toHaveLength(1);
    expect(spots(`import { open } from './open.js';\nexport const handler = async (event) => (await open(event.key)).Body.transformToString();\n`, {}, { whole: false })).toEqual([]);
  });
});
