// Writes a corpus of made-up services: `node bench/generate.mjs DIR [--files 5000] [--seed 1]`.
// A third of the source files are reached from a handler; the rest is front end, scripts, tests and dead libraries. Proportions are
// those of 41 public serverless repositories, counted in November 2026: 12,932 source files of 4.1 kB on average, nine functions
// to 100 files, 39 % of the files needed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { capital, component, functionName, noun, pureFunction, storeClass } from './code.mjs';
import { seeded } from './random.mjs';

const handlersOfService = 4;
const libsOfService = 11;
const idleOfService = 25;
const sharedLibs = 20;

/**
 * Writes about `files` source files (and their templates) under `directory`.
 *
 * @returns how many source files were written
 */
export function generate(directory, { files = 5_000, seed = 1 } = {}) {
  const random = seeded(seed);
  let count = 0;
  const write = (path, text) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
    if (/\.[cm]?[jt]sx?$/.test(path)) count++;
  };
  write('package.json', `${JSON.stringify({ name: 'generated', private: true, workspaces: ['packages/*', 'services/*'] }, null, 2)}\n`);
  write('tsconfig.json', `${JSON.stringify({ compilerOptions: { target: 'es2022', module: 'nodenext', strict: true, paths: { '@shared/*': ['./packages/shared/src/*'] } } }, null, 2)}\n`);
  write('packages/shared/package.json', `${JSON.stringify({ name: '@generated/shared', version: '1.0.0', main: './src/index.ts' }, null, 2)}\n`);
  const shared = [];
  for (let index = 0; index < sharedLibs; index++) {
    const names = [functionName(random, index), functionName(random, index + 100), functionName(random, index + 200)];
    shared.push({ path: `lib-${index}`, names });
    write(`packages/shared/src/lib-${index}.ts`, names.map((name) => pureFunction(random, name, true)).join('\n'));
  }
  write('packages/shared/src/index.ts', shared.map(({ path }) => `export * from './${path}.js';`).join('\n') + '\n');
  for (let index = 0; count < files; index++) service(random, write, index, shared);
  return count;
}

function service(random, write, number, shared) {
  const name = `${noun(random)}-${number}`;
  const folder = `services/${name}`;
  const typed = random.chance(70);
  const ext = typed ? 'ts' : 'js';
  write(`${folder}/package.json`, `${JSON.stringify({ name: `@generated/${name}`, version: '1.0.0', type: 'module', dependencies: { '@generated/shared': '1.0.0', '@aws-sdk/lib-dynamodb': '3.0.0' } }, null, 2)}\n`);
  const libs = [];
  for (let index = 0; index < libsOfService; index++) {
    const names = [functionName(random, index), functionName(random, index + 50)];
    const common = random.pick(shared);
    libs.push({ path: `lib-${index}`, names });
    const store = index === 0 ? [
      "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';", "import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';", '', storeClass(random, 'Store', typed),
    ] : [];
    const next = index > 1 && random.chance(50) ? libs[index - 1] : undefined;
    write(`${folder}/src/lib/lib-${index}.${ext}`, [
      `import { ${common.names[0]} } from '@generated/shared';`,
      ...(next ? [`import { ${next.names[0]} } from './${next.path}.js';`] : []),
      ...store, '',
      `export const defaults${index} = ${common.names[0]}([{ id: '${noun(random)}', total: ${random.below(100)} }]);`,
      ...(next ? [`export const derived${index} = ${next.names[0]}(defaults${index});`] : []), '',
      ...names.map((item) => pureFunction(random, item, typed)), filler(random, typed),
    ].join('\n'));
  }
  const handlers = [];
  for (let index = 0; index < handlersOfService; index++) {
    const handler = `${functionName(random, index)}`;
    handlers.push(handler);
    write(`${folder}/src/handlers/${handler}.${ext}`, handlerText(random, libs, typed));
  }
  if (random.chance(60)) write(`${folder}/template.yaml`, samTemplate(random, handlers));
  else write(`${folder}/serverless.yml`, serverlessService(random, name, handlers));
  for (let index = 0; index < idleOfService; index++) {
    const kind = random.below(4);
    if (kind === 0) write(`${folder}/web/${capital(noun(random))}${index}.tsx`, component(random, `${capital(noun(random))}${index}`) + filler(random, true));
    else if (kind === 1) write(`${folder}/test/case-${index}.test.${ext}`, testText(random, random.pick(libs), ext));
    else if (kind === 2) write(`${folder}/scripts/job-${index}.mjs`, `import { writeFileSync } from 'node:fs';\n\n${pureFunction(random, functionName(random, index), false)}\n${filler(random, false)}\nwriteFileSync('out-${index}.json', '[]');\n`);
    else write(`${folder}/src/unused/old-${index}.${ext}`, pureFunction(random, functionName(random, 0), typed) + filler(random, typed));
  }
}

/** What else stands in a file: most are short, some are long. */
function filler(random, typed) {
  return Array.from({ length: random.between(0, 4) + (random.chance(15) ? random.between(2, 8) : 0) }, (_, index) => pureFunction(random, `${functionName(random, index)}Of`, typed)).join('\n');
}

function handlerText(random, libs, typed) {
  const [first, second] = [libs[0], random.pick(libs.slice(1))];
  const types = (text) => (typed ? text : '');
  const state = random.below(4);
  return [
    ...(typed ? ["import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';"] : []),
    `import { Store, ${first.names[0]} } from '../lib/${first.path}.js';`,
    `import { ${second.names.join(', ')} } from '../lib/${second.path}.js';`,
    "import { tmpdir } from 'node:os';", "import { join } from 'node:path';", "import { unlink, writeFile } from 'node:fs/promises';", '',
    `const store = new Store(process.env.TABLE ?? '');`,
    ...(state === 0 ? [`const seen${types(': string[]')} = [];`] : state === 1 ? [`let cached${types(': Record<string, unknown> | undefined')};`] : ['const labels = Object.freeze({ ok: 200, bad: 400 });']), '',
    `export const handler = async (event${types(': APIGatewayProxyEvent')})${types(': Promise<APIGatewayProxyResult>')} => {`,
    "  const body = JSON.parse(event.body ?? '{}');",
    '  if (!body.id) return { statusCode: 400, body: \'missing id\' };',
    ...(state === 0 ? ['  seen.push(body.id);'] : state === 1 ? ["  cached ??= await store.get('settings');"] : []),
    `  const rows = ${first.names[0]}(body.items ?? []);`,
    `  const result = ${second.names[0]}(rows).concat(${second.names[1]}(rows));`,
    ...(random.chance(15) ? ["  const path = join(tmpdir(), 'export.json');", '  await writeFile(path, JSON.stringify(result));', '  await unlink(path);'] : []),
    '  await store.put({ id: body.id, result });',
    '  return { statusCode: 200, body: JSON.stringify(result) };', '};', '',
    pureFunction(random, 'local', typed), filler(random, typed),
  ].join('\n');
}

function testText(random, lib, ext) {
  return [
    "import { describe, expect, it } from 'vitest';", `import { ${lib.names.join(', ')} } from '../src/lib/${lib.path}.${ext}';`, '',
    `describe('${lib.names[0]}', () => {`,
    ...Array.from({ length: random.between(10, 40) }, (_, index) => `  it('keeps ${noun(random)} ${index}', () => {\n    const rows = ${random.pick(lib.names)}([{ id: '${index}', total: ${random.below(50)} }], ${random.below(9)});\n    expect(rows).toHaveLength(${random.below(3)});\n  });`),
    '});', '',
  ].join('\n');
}

function samTemplate(random, handlers) {
  return [
    "AWSTemplateFormatVersion: '2010-09-09'", 'Transform: AWS::Serverless-2016-10-31', 'Globals:', '  Function:', '    Runtime: nodejs22.x', `    Timeout: ${random.between(5, 60)}`, '    Environment:', '      Variables:', '        TABLE: !Ref Table',
    'Resources:', '  Table:', '    Type: AWS::Serverless::SimpleTable', '  Queue:', '    Type: AWS::SQS::Queue',
    ...handlers.flatMap((name, index) => [
      `  ${capital(name)}:`, '    Type: AWS::Serverless::Function', '    Properties:', '      CodeUri: ./', `      Handler: src/handlers/${name}.handler`, `      MemorySize: ${random.pick([128, 256, 512])}`, '      Events:',
      ...(index % 3 === 0 ? ['        Queue:', '          Type: SQS', '          Properties:', '            Queue: !GetAtt Queue.Arn'] : ['        Api:', '          Type: Api', '          Properties:', `            Path: /${name}`, '            Method: post']),
    ]), '',
  ].join('\n');
}

function serverlessService(random, name, handlers) {
  return [
    `service: ${name}`, 'provider:', '  name: aws', '  runtime: nodejs22.x', "  stage: ${opt:stage, 'dev'}", '  environment:', `    TABLE: ${name}-\${sls:stage}`, 'functions:',
    ...handlers.flatMap((handler) => [`  ${handler}:`, `    handler: src/handlers/${handler}.handler`, `    timeout: ${random.between(5, 30)}`, '    events:', '      - http:', `          path: /${handler}`, '          method: post']), '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [directory, ...rest] = process.argv.slice(2);
  const option = (name, fallback) => { const at = rest.indexOf(name); return at < 0 ? fallback : Number(rest[at + 1]); };
  if (directory === undefined || directory.startsWith('-')) {
    process.stderr.write('usage: node bench/generate.mjs DIR [--files N] [--seed N]\n');
    process.exitCode = 2;
  } else console.log(`${generate(directory, { files: option('--files', 5_000), seed: option('--seed', 1) })} source files in ${directory}`);
}
