import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>): Infrastructure => {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
};
const briefs = (files: Record<string, string>): string[] => read(files).functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(' ')}`);
const main = 'function main(params) {}\n';

describe('actions that a README tells people to deploy', () => {
  const text = '# Lamp\n\nFirst:\n\n```\ngit clone https://example.com/lamp\ncd lamp/actions\nwsk action create lamp lamp.js --web true\n$ ibmcloud fn action create dim \\\n    dim.js --kind nodejs:18\nwsk action update lamp --param-file p.json\nwsk action create report report.py\n```\n';
  const files = { 'README.md': text, 'actions/lamp.js': main, 'actions/dim.js': main, 'actions/report.py': '' };
  it('are functions, with their settings', () => {
    const { functions } = read(files);
    expect(briefs(files)).toEqual(['README.md#dim actions/dim.js:main', 'README.md#lamp actions/lamp.js:main']);
    expect(functions.map((fn) => [fn.name, fn.declaredAt[0]?.line, fn.triggers[0]?.kind, fn.runtime?.value, fn.foundBy])).toEqual([['dim', 9, 'invoke', 'nodejs:18', 'convention'], ['lamp', 8, 'http', undefined, 'convention']]);
  });
  it.each<[string, Record<string, string>]>([
    ['a manifest deploys actions', { 'manifest.yaml': 'packages:\n  p:\n    actions:\n      other:\n        function: other.js\n' }],
    ['a script deploys actions', { 'deploy.sh': 'wsk action update other other.js\n' }],
    ['the scripts of a manifest do', { 'package.json': '{"scripts":{"deploy":"wsk action update other other.js"}}' }],
  ])('are examples where %s', (_case, more) => {
    expect(briefs({ ...files, ...more, 'other.js': main }).filter((one) => one.startsWith('README'))).toEqual([]);
  });
  it.each<[string, Record<string, string>]>([
    ['files that the repository does not have', { 'README.md': '    wsk action create lamp lamp.js\n' }],
    ['files of which there are two', { 'README.md': '    wsk action create lamp lamp.js\n', 'a/lamp.js': main, 'b/lamp.js': main }],
    ['files that export nothing of that kind', { 'README.md': '    wsk action create lamp lamp.js\n', 'lamp.js': 'run();\n' }],
    ['what stands in a sentence', { 'README.md': 'Type wsk action create lamp lamp.js and wait.\n', 'lamp.js': main }],
    ['other documents', { 'docs/README.md': '    wsk action create lamp lamp.js\n', 'GUIDE.md': '    wsk action create lamp lamp.js\n', 'test/README.md': '    wsk action create lamp lamp.js\n', 'lamp.js': main }],
  ])('leaves out %s', (_case, given) => {
    expect(briefs(given)).toEqual([]);
  });
});

describe('projects with a folder of packages', () => {
  const project = 'parameters: {}\npackages:\n  - name: shop\n    functions:\n      - name: pay\n        runtime: nodejs:18\n        web: true\n        webSecure: "${KEY}"\n        main: run\n        limits:\n          timeout: 30000\n          memory: 256\n      - name: sweep\n        web: false\n        triggers:\n          - name: nightly\n            type: scheduler\n            sourceDetails:\n              cron: "0 3 * * *"\n      - name: train\n        runtime: python:3.11\n';
  const files = {
    'project.yml': project, 'packages/shop/pay/package.json': '{"main":"pay.js"}', 'packages/shop/pay/pay.js': 'exports.run = () => {};', 'packages/shop/sweep.ts': 'export function main() {}', 'packages/shop/train/__main__.py': '',
    'packages/default/hello.js': main, 'packages/shop/types.d.ts': '',
  };
  it('are functions by where they lie', () => {
    const { functions } = read(files);
    expect(briefs(files)).toEqual(['project.yml#hello packages/default/hello.js:main', 'project.yml#shop/pay packages/shop/pay/pay.js:run', 'project.yml#shop/sweep packages/shop/sweep.ts:main']);
    expect(functions.map((fn) => [fn.triggers.map((one) => one.kind).join(), fn.triggers[0]?.auth?.kind, fn.timeoutSeconds?.value, fn.memoryMb?.value, fn.runtime?.value, fn.foundBy])).toEqual([
      ['http', 'none', undefined, undefined, undefined, 'convention'], ['http', 'key', 30, 256, 'nodejs:18', 'infrastructure'], ['schedule', undefined, undefined, undefined, undefined, 'infrastructure'],
    ]);
  });
  it('need the project file, and a list in it', () => {
    expect(briefs({ ...files, 'project.yml': 'name: other\n' })).toEqual([]);
    expect(briefs({ ...files, 'project.yml': 'packages:\n  shop:\n    version: 1\n' })).toEqual([]);
    expect(briefs({ 'packages/shop/a.js': main, 'app/project.yml': project })).toEqual([]);
  });
});
