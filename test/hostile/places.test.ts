import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, reasonOf, sam, scan, type Tree } from './harness.ts';

let tree: Tree;
beforeEach(() => { tree = makeTree(); });
afterEach(() => tree.remove());

const many = 200_000;
const link = (target: string, path: string): void => { mkdirSync(join(tree.root, path, '..'), { recursive: true }); symlinkSync(target, join(tree.root, path)); };

describe('hostile declarations', () => {
  it.each<[string, string, string]>([
    ['broken YAML', 'template.yaml', 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nResources:\n  A: [\n  B: }'],
    ['broken JSON', 'template.json', '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"AWS::Serverless::Function"'],
    ['deep YAML', 'template.yaml', `Transform: AWS::Serverless-2016-10-31\nResources: ${'['.repeat(many)}${']'.repeat(many)}\n`],
    ['deep YAML maps', 'template.yaml', `Transform: AWS::Serverless-2016-10-31\nResources: ${'{a: '.repeat(many)}1${'}'.repeat(many)}\n`],
    ['deep YAML lists', 'serverless.yml', `service: a\nprovider: {name: aws}\nfunctions:\n  ${'- '.repeat(many)}a\n`],
    ['deep JSON', 'template.json', `{"Transform":"AWS::Serverless-2016-10-31","Resources":${'['.repeat(many)}${']'.repeat(many)}}`],
    ['deep JSON maps', 'template.json', `{"Transform":"AWS::Serverless-2016-10-31","Resources":${'{"a":'.repeat(many)}1${'}'.repeat(many)}}`],
    ['aliases that multiply', 'template.yaml', `Transform: AWS::Serverless-2016-10-31\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 12 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(9)}*a${index}]`).join('\n')}\nResources: *a12\n`],
    ['an alias of itself', 'template.yaml', 'Transform: AWS::Serverless-2016-10-31\nResources: &r\n  A: *r\n'],
    ['not UTF-8', 'template.yaml', 'Resources: caf\\xe9'],
    ['only a comment', 'serverless.yml', '# nothing\n'],
    ['a circle of variables', 'serverless.yml', "service: ${self:custom.a}\ncustom: { a: '${self:custom.b}', b: '${self:custom.a}' }\nprovider: { name: aws }\nfunctions: { f: { handler: '${self:custom.a}.h' } }\n"],
    ['nested variables', 'serverless.yml', `service: a\nprovider: { name: aws }\ncustom: { a: "${'${self:'.repeat(20_000)}${'}'.repeat(20_000)}" }\nfunctions: { f: { handler: "\${self:custom.a}.h" } }\n`],
  ])('%s', { timeout: 60_000 }, async (_name, file, text) => {
    tree.write(`bad/${file}`, text.includes('\\xe9') ? Buffer.from('Transform: AWS::Serverless-2016-10-31\nResources: caf\xe9\n', 'latin1') : text);
    const result = await scan(tree);
    expect(result.functions.map((fn) => fn.name)).toContain('Target');
  });

  it('deep package.json, tsconfig.json and configuration of a function', { timeout: 60_000 }, async () => {
    tree.write('bad/template.yaml', sam('a.handler'));
    tree.write('bad/a.ts', "import { x } from '@x/y'; export const handler = async () => x;\n");
    tree.write('bad/package.json', `{"main":${'['.repeat(many)}${']'.repeat(many)}}`);
    tree.write('bad/tsconfig.json', `{"compilerOptions":${'{"paths":'.repeat(many)}1${'}'.repeat(many)}}`);
    await scan(tree);
  });

  it('tsconfig files that extend each other', async () => {
    tree.write('bad/template.yaml', sam('a.handler'));
    tree.write('bad/a.ts', "import { x } from '@x/y'; export const handler = async () => x;\n");
    tree.write('bad/tsconfig.json', '{"extends":"./b.json"}');
    tree.write('bad/b.json', '{"extends":"./tsconfig.json"}');
    await scan(tree);
  });
});

describe('an odd file system', () => {
  it('a pipe, a folder and a loop of links in place of a handler', { timeout: 60_000 }, async () => {
    for (const [name, file] of [['pipe', 'x.ts'], ['folder', 'handler.ts'], ['loop', 'loop.ts']] as const) tree.write(`${name}/template.yaml`, sam(`${file.replace('.ts', '')}.handler`));
    spawnSync('mkfifo', [join(tree.root, 'pipe/x.ts')]);
    mkdirSync(join(tree.root, 'folder/handler.ts'));
    link('loop.ts', 'loop/loop.ts');
    link('..', 'loop/up');
    link('/', 'loop/everything');
    const result = await scan(tree);
    for (const folder of ['pipe', 'folder', 'loop']) expect([...result.gaps.map((gap) => gap.file), ...result.incomplete.map((item) => item.file)].some((file) => file.startsWith(`${folder}/`)), folder).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)('files and folders without permission', async () => {
    tree.write('bad/template.yaml', sam('a.handler'));
    tree.write('bad/a.js', 'exports.handler = async () => 1;\n');
    tree.write('closed/template.yaml', sam('a.handler'));
    chmodSync(join(tree.root, 'bad/a.js'), 0);
    chmodSync(join(tree.root, 'closed'), 0);
    try {
      expect(reasonOf(await scan(tree), 'bad/a.js')).toMatch(/permission/);
    } finally { chmodSync(join(tree.root, 'closed'), 0o755); }
  });

  it('names with control characters, line breaks and marks', async () => {
    // A name with a line break is not listed but said; the tree holds one to show that it does no harm.
    tree.write('x\ny/template.yaml', sam('h.handler'));
    const name = 'a\u001b[31m error: b\u202e';
    tree.write(`${name}/template.yaml`, sam('h.handler'));
    tree.write(`${name}/h.js`, 'const kept = []; exports.handler = async (event) => { kept.push(event); };\n');
    const result = await scan(tree);
    expect(result.findings.filter((finding) => finding.file === `${name}/h.js`)).toHaveLength(1);
  });

  it('a repository with nothing else', async () => {
    expect((await scan(tree)).findings.filter((finding) => finding.rule === 'no-global-mutable-state')).toHaveLength(1);
  });
});

describe('nothing above the root is read', () => {
  it.each<[string, () => void]>([
    ['CodeUri', () => { tree.write('bad/template.yaml', sam('canary.handler', '../..')); }],
    ['handler with ..', () => { tree.write('bad/template.yaml', sam('../../canary.handler')); }],
    ['an absolute CodeUri', () => { tree.write('bad/template.yaml', sam('canary.handler', tree.outside)); }],
    ['import', () => { tree.write('bad/template.yaml', sam('a.handler')); tree.write('bad/a.js', "exports.handler = require('../../canary').handler;\n"); }],
    ['an absolute import', () => { tree.write('bad/template.yaml', sam('a.handler')); tree.write('bad/a.js', `exports.handler = require('${tree.outside}/canary').handler;\n`); }],
    ['a linked file', () => { tree.write('bad/template.yaml', sam('a.handler')); link('../../canary.js', 'bad/a.js'); }],
    ['a linked folder', () => { tree.write('bad/template.yaml', sam('up/canary.handler')); link('../..', 'bad/up'); }],
    ['a linked template', () => { link('../../canary.yml', 'bad/template.yml'); link('../../canary.json', 'bad/cdk.json'); }],
    ['extends', () => { tree.write('bad/template.yaml', sam('a.handler')); tree.write('bad/a.ts', "export { handler } from 'canary';\n"); tree.write('bad/tsconfig.json', '{"extends":"../../canary.json"}'); }],
    ['paths', () => { tree.write('bad/template.yaml', sam('a.handler')); tree.write('bad/a.ts', "export { handler } from '@up/canary';\n"); tree.write('bad/tsconfig.json', '{"compilerOptions":{"baseUrl":"../..","paths":{"@up/*":["./*"]}}}'); }],
    ['${file()}', () => { tree.write('bad/serverless.yml', 'service: a\nprovider: { name: aws, environment: "${file(../../canary.yml)}" }\ncustom: { c: "${file(../../canary.txt)}", d: "${file(../../canary.js):value}" }\nfunctions: { f: { handler: "${file(../../canary.yml):handler}" }, g: { handler: "${self:custom.d}.h" }, h: "${file(../../canary.yml):Canary}" }\n'); }],
    ['a workspace link', () => { tree.write('package.json', '{"workspaces":["bad","../*","bad/up"]}'); tree.write('bad/template.yaml', sam('a.handler')); tree.write('bad/a.js', "exports.handler = require('outside/canary').handler;\n"); link('../..', 'node_modules/outside'); }],
    ['a nested stack', () => { tree.write('bad/template.yaml', 'Transform: AWS::Serverless-2016-10-31\nResources:\n  Up: { Type: AWS::Serverless::Application, Properties: { Location: ../../canary.yaml } }\n  Down: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ../../canary.yml } }\n'); }],
    ['git-ignore', () => { link('../canary.txt', '.gitignore'); }],
    ['configuration', () => { link('../canary.json', 'faaslint.config.json'); }],
  ])('%s', { timeout: 60_000 }, async (name, prepare) => {
    prepare();
    if (name === 'configuration') { await scan(tree).catch((error: unknown) => { expect(String(error)).not.toContain('canary-7f3a9c'); }); return; }
    const result = await scan(tree, name.startsWith('an absolute'));
    expect(result.findings.every((finding) => !finding.file.includes('canary'))).toBe(true);
    expect(result.functions.flatMap((fn) => fn.handlers.map((handler) => handler.file)).filter((file) => file.startsWith('..') || file.includes('canary'))).toEqual([]);
  });
});
