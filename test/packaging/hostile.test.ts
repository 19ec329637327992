import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, sam, scanWithCli, type Tree } from '../hostile/harness.ts';

let tree: Tree;
beforeEach(() => { tree = makeTree(); });
afterEach(() => tree.remove());

describe('the command survives', { timeout: 90_000 }, () => {
  it('brackets that the parser dies of, and says so with exit code 2', () => {
    tree.write('bad/template.yaml', sam('bad.handler'));
    tree.write('bad/bad.js', `exports.handler = async () => ${'['.repeat(200_000)}${']'.repeat(200_000)};\n`);
    const { status, report } = scanWithCli(tree);
    expect(status).toBe(2);
    expect(report.files.skipped.map((item) => item.file)).toContain('bad/bad.js');
  });

  it('arrows, elements and quotes in the text of elements', () => {
    tree.write('bad/template.yaml', sam('bad.handler'));
    tree.write('bad/bad.js', "import './arrows.js'; import './elements.jsx'; import './hidden.jsx'; exports.handler = async () => 1;\n");
    tree.write('bad/arrows.js', `x = ${'a=>'.repeat(200_000)}1;\n`);
    tree.write('bad/elements.jsx', `x = ${'<a>x'.repeat(60_000)}${'</a>'.repeat(60_000)};\n`);
    tree.write('bad/hidden.jsx', `x = <a>\`{${'['.repeat(60_000)}${']'.repeat(60_000)}}</a>;\n`);
    scanWithCli(tree);
  });

  it('a deep template', () => {
    tree.write('bad/template.yaml', `Transform: AWS::Serverless-2016-10-31\nResources: ${'{a: '.repeat(200_000)}1${'}'.repeat(200_000)}\n`);
    expect(scanWithCli(tree).status).toBe(2);
  });

  it('names that would steer a terminal', () => {
    tree.write('a\u001b[31m\nb/template.yaml', sam('h.handler'));
    tree.write('a\u001b[31m\nb/h.js', 'const kept = []; exports.handler = async (event) => { kept.push(event); };\n');
    scanWithCli(tree);
  });

  it('links that lead outside', () => {
    tree.write('bad/template.yaml', sam('up/canary.handler'));
    mkdirSync(join(tree.root, 'bad'), { recursive: true });
    symlinkSync('../..', join(tree.root, 'bad/up'));
    symlinkSync('../../canary.yml', join(tree.root, 'bad/serverless.yml'));
    scanWithCli(tree);
  });
});
