import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import plugin from '../../src/eslint/plugin.ts';

let root = '';
beforeAll(() => { root = mkdtempSync(join(tmpdir(), 'faaslint-elsewhere-')); });
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

/** What the editor shows of the first file, in a repository of the given files. */
function shown(name: string, rule: string, files: Readonly<Record<string, string>>): readonly string[] {
  const folder = join(root, name);
  mkdirSync(join(folder, '.git'), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const [[file, text] = ['', '']] = Object.entries(files);
  const linter = new Linter({ configType: 'flat', cwd: folder });
  return linter.verify(text, [{
    files: ['**/*.ts', '**/*.js'], plugins: { faaslint: plugin as never }, languageOptions: { parser: tsParser as never, sourceType: 'module' }, rules: { [`faaslint/${rule}`]: ['error', { minSeverity: 'info' }] } as never,
  }], { filename: join(folder, file) }).map((message) => `${message.line}: ${message.message}`);
}

const template = (): string => `AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\nResources:\n  Fn:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/\n      Handler: index.handler\n      Runtime: nodejs22.x\n`;
/** A function of Vercel that hands its request to an import before it writes. */
const orders = (source: string): string => `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { prepare } from '${source}';
const client = new DynamoDBClient({});
export default async function handler(req, res) {
  const item = await prepare(req);
  await client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: req.body.id } } }));
  res.status(200).json({ item });
}
`;
const site = { 'vercel.json': '{}', 'package.json': '{"name": "site"}', 'tsconfig.json': '{"compilerOptions": {"baseUrl": ".", "paths": {"@lib/*": ["lib/*"]}}}', 'lib/gate.ts': 'export const prepare = async (req) => req.body;\n' };

describe('code beyond the editor’s view may do anything', () => {
  it('an import through an alias may hold the check of who calls; a package holds what its name says', () => {
    expect(shown('alias', 'no-unauthenticated-endpoint', { 'api/orders.ts': orders('@lib/gate'), ...site })).toEqual([]);
    expect(shown('package', 'no-unauthenticated-endpoint', { 'api/orders.ts': orders('left-pad'), ...site })).toHaveLength(1);
  });

  it('what another file gives may be no credential, whatever it is called; what the event gives is one', () => {
    const code = (from: string): string => `import { decode } from '${from}';\nexport const handler = async (event) => {\n  const token = await decode(event.pathParameters.id);\n  console.log('token', token);\n};\n`;
    expect(shown('given', 'no-event-dump', { 'src/index.ts': code('./decode'), 'src/decode.ts': 'export const decode = async (id) => ({ decoded: id !== undefined });\n', 'template.yaml': template() })).toEqual([]);
    expect(shown('own', 'no-event-dump', { 'src/index.ts': `export const handler = async (event) => {\n  const token = event.headers.authorization;\n  console.log('token', token);\n};\n`, 'template.yaml': template() })).toHaveLength(1);
  });

  it('an error that a framework hands over is no request, named in a record too; the event beside it is', () => {
    const code = (logged: string): string => `import { Router } from './router';\nconst app = new Router();\napp.onError(async (error, request) => {\n  console.error('failed', ${logged});\n  return { statusCode: 500 };\n});\nexport const handler = async (event, context) => {\n  ${logged.includes('event') ? `console.log('in', { event });` : ''}\n  return app.resolve(event, context);\n};\n`;
    const files = { 'src/router.ts': 'export class Router { onError(fn) { this.fn = fn; } async resolve(event) { try { return await this.run(event); } catch (error) { return this.fn(error, event); } } }\n', 'template.yaml': template() };
    expect(shown('error', 'no-event-dump', { 'src/index.ts': code('{ error }'), ...files })).toEqual([]);
    expect(shown('beside', 'no-event-dump', { 'src/index.ts': code('{ error }').replace('  \n', "  console.log('in', { error: 1, event });\n"), ...files })).toHaveLength(1);
  });

  it('a logger of another file may keep nothing; that of a package keeps what its method says', () => {
    const code = (from: string): string => `import { Logger } from '${from}';\nconst logger = new Logger({ level: 'info' });\nexport const handler = async (event) => {\n  logger.appendKeys({ user: event.userId });\n  logger.info('in');\n};\n`;
    const workspace = { 'packages/log/package.json': '{"name": "@acme/log", "main": "src/index.ts"}', 'packages/log/src/index.ts': 'export class Logger { appendKeys() {} info() {} }\n', 'template.yaml': template() };
    expect(shown('logger-own', 'no-global-mutable-state', { 'src/index.ts': code('@acme/log'), ...workspace })).toEqual([]);
    expect(shown('logger-package', 'no-global-mutable-state', { 'src/index.ts': code('@aws-lambda-powertools/logger'), ...workspace })).toHaveLength(1);
  });

  it('what another file makes of the event may be the same for everybody; what a package makes of it is the caller’s', () => {
    const code = (from: string): string => `import { read } from '${from}';\nlet last = 0;\nconst steps = async (list) => { for (const item of list) await note(item.size); };\nconst load = async (event) => { const found = await read(event.id); return found.items; };\nconst note = async (size) => { console.log(last); last = size; };\nexport const handler = async (event) => { if (event.id) { await steps(await load(event)); } };\n`;
    const files = { 'src/read.ts': 'export const read = async (_id) => ({ items: [{ size: 1 }] });\n', 'template.yaml': template() };
    expect(shown('made-own', 'no-global-mutable-state', { 'src/index.ts': code('./read'), ...files }).filter((line) => line.includes('data of the caller'))).toEqual([]);
    expect(shown('made-package', 'no-global-mutable-state', { 'src/index.ts': code('left-pad'), ...files }).filter((line) => line.includes('data of the caller'))).toHaveLength(1);
  });
});

/** Files that each finding of the analyzer in the first file rests on, beside that file. */
async function restsOn(name: string, rule: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  shown(name, rule, files);
  const [first] = Object.keys(files);
  const result = await analyze({ root: join(root, name), paths: [join(root, name)], preset: 'all', rules: [rule], bundles: false, config: false });
  return result.findings.filter((finding) => finding.file === first).map((finding) => `${finding.line}: ${finding.evidence.filter((file) => file !== first).join(' ')}`);
}

describe('both hosts', () => {
  const own = { 'packages/kit/package.json': '{"name": "@acme/kit", "main": "src/index.ts"}', 'template.yaml': template() };

  it('what a schema of the project makes of the event is not known in the editor, and is evidence in the analyzer; that of a package checks', async () => {
    const code = (from: string): string => `import { Order } from '${from}';\nexport const handler = async (event) => {\n  const order = Order.parse(event);\n  console.log('order', order);\n};\n`;
    const schema = "import { z } from 'zod';\nexport const Order = z.object({ id: z.string() });\n";
    const files = { 'src/index.ts': code('@acme/kit'), 'packages/kit/src/index.ts': schema, ...own };
    expect(shown('schema-own', 'no-event-dump', files)).toEqual([]);
    expect(await restsOn('schema-own', 'no-event-dump', files)).toEqual(['4: packages/kit/src/index.ts']);
    expect(shown('schema-package', 'no-event-dump', { 'src/index.ts': code('left-pad'), 'template.yaml': template() })).toHaveLength(1);
  });

  it('a logger of the project may do nothing with the event; one that is known by its name writes it', () => {
    const code = (from: string): string => `import { Logger } from '${from}';\nconst logger = new Logger();\nexport const handler = async (event) => {\n  logger.logEventIfEnabled(event);\n};\n`;
    expect(shown('switch-own', 'no-event-dump', { 'src/index.ts': code('@acme/kit'), 'packages/kit/src/index.ts': 'export class Logger { logEventIfEnabled() {} }\n', ...own })).toEqual([]);
    expect(shown('switch-package', 'no-event-dump', { 'src/index.ts': code('@aws-lambda-powertools/logger'), 'template.yaml': template() })).toHaveLength(1);
  });

  it('what a function in another file makes of a record is evidence, also where it comes through a parameter', async () => {
    const code = "import { read } from './read';\nconst run = async ({ read }, event) => {\n  for (const record of event.Records) {\n    const found = read(record);\n    console.log('found', found.value);\n  }\n};\nexport const handler = async (event) => run({ read }, event);\n";
    const files = { 'src/index.ts': code, 'src/read.ts': 'export const read = (record) => ({ value: JSON.parse(record.body) });\n', 'template.yaml': template() };
    expect(await restsOn('read-by', 'no-event-dump', files)).toEqual(['5: src/read.ts']);
    expect(shown('read-by', 'no-event-dump', files)).toEqual([]);
  });

  it('JSON holds no check of who calls: it is data in the editor too', async () => {
    const code = (source: string): string => orders(source).replace(/const item = .*\n/, 'const item = prepare[req.query.id];\n');
    const files = { ...site, 'lib/prices.json': '{"a": 1}' };
    expect(shown('data', 'no-unauthenticated-endpoint', { 'api/orders.ts': code('../lib/prices.json'), ...files })).toHaveLength(1);
    expect(shown('data-alias', 'no-unauthenticated-endpoint', { 'api/orders.ts': code('@lib/prices.json'), ...files })).toHaveLength(1);
    expect(shown('data-code', 'no-unauthenticated-endpoint', { 'api/orders.ts': code('../lib/gate'), ...files })).toEqual([]);
  });

  it('middleware that lets everybody through is evidence: the editor does not see it', async () => {
    const files = { 'api/orders.ts': orders('left-pad'), ...site, 'middleware.ts': "export const config = { matcher: '/api/:path*' };\nexport default function middleware() { return undefined; }\n" };
    expect(await restsOn('in-front', 'no-unauthenticated-endpoint', files)).toEqual(['4: middleware.ts']);
    expect(shown('in-front', 'no-unauthenticated-endpoint', files)).toEqual([]);
  });

  it('a file that imports no other shows all that a function imports; any other needs the manifest', () => {
    const code = "import gm from 'gm';\nexport const handler = async (event) => gm(event.body).resize(10, 10).toBuffer();\n";
    const manifest = (text: string): Readonly<Record<string, string>> => ({ 'src/package.json': text, 'src/other.ts': 'export const other = 1;\n', 'template.yaml': template() });
    const none = '{"name": "x"}';
    expect(shown('program', 'no-native-dependency', { 'src/index.ts': code, ...manifest(none) })).toHaveLength(1);
    expect(shown('program-import', 'no-native-dependency', { 'src/index.ts': `import './other';\n${code}`, ...manifest(none) })).toEqual([]);
    expect(shown('program-manifest', 'no-native-dependency', { 'src/index.ts': `import './other';\n${code}`, ...manifest('{"name": "x", "dependencies": {"gm": "1"}}') })).toHaveLength(1);
  });

  it('the file that a client comes from is evidence of what is done with its errors', async () => {
    const code = "import { client, PutItemCommand } from './store';\nexport const handler = async (event) => {\n  try {\n    await client.send(new PutItemCommand({ TableName: 't', Item: event.item }));\n  } catch (error) {\n    console.log(error);\n  }\n};\n";
    const files = { 'src/index.ts': code, 'src/store.ts': "import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nexport const client = new DynamoDBClient({});\nexport { PutItemCommand };\n", 'template.yaml': `${template()}      Events: { Every: { Type: Schedule, Properties: { Schedule: rate(1 day) } } }\n` };
    expect(await restsOn('from-store', 'no-swallowed-error', files)).toEqual(['5: src/store.ts']);
  });

  it('the file that a client’s settings come from is evidence, through a parameter', async () => {
    const code = "import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3';\nimport { region } from './settings';\nconst load = async (where, key) => {\n  const client = new S3Client({ region: where });\n  return client.send(new GetObjectCommand({ Bucket: 'b', Key: key }));\n};\nexport const handler = async (event) => load(region(), event.key);\n";
    const files = { 'src/index.ts': code, 'src/settings.ts': "export const region = () => 'eu-west-1';\n", 'template.yaml': template() };
    expect(await restsOn('settings', 'no-client-in-handler', files)).toEqual(['4: src/settings.ts']);
    expect(shown('settings', 'no-client-in-handler', files)).toEqual([]);
  });

  it('the file that a kept value comes from is evidence, through a parameter and a property', async () => {
    const code = "import { read } from './read';\nlet last = 0;\nconst keep = (given) => {\n  const job = { size: 0 };\n  job.size = given || 1;\n  last = job.size;\n};\nexport const handler = async (event) => {\n  console.log(last);\n  const found = await read(event.id);\n  keep(found.size);\n};\n";
    const files = { 'src/index.ts': code, 'src/read.ts': 'export const read = async (id) => ({ size: id });\n', 'template.yaml': template() };
    expect(await restsOn('kept', 'no-global-mutable-state', files)).toEqual(['6: src/read.ts']);
    expect(shown('kept', 'no-global-mutable-state', files)).toEqual([]);
  });
});
