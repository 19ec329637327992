import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
