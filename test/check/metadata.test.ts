import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';

let root = '';
beforeAll(() => { root = mkdtempSync(join(tmpdir(), 'faaslint-')); mkdirSync(join(root, '.git')); writeFileSync(join(root, 'a.js'), "const fs = require('fs');\nexports.handler = async () => { fs.writeFileSync('./a.txt', 'x'); };\n"); });
afterAll(() => rmSync(root, { recursive: true, force: true }));

const template = (...metadata: (object | undefined)[]): string => JSON.stringify({
  Resources: Object.fromEntries(metadata.map((item, index) => [`F${index}`, {
    Type: 'AWS::Serverless::Function', ...(item ? { Metadata: { faaslint: { ignore: [item] } } } : {}), Properties: { CodeUri: '.', Handler: 'a.handler', Runtime: 'nodejs22.x' },
  }])),
});

describe('Metadata of a template', () => {
  it.each<[string, (object | undefined)[], unknown]>([
    ['silences the rule that it names, with its reason', [{ rule: 'no-disk-writes', reason: 'a custom image' }], { by: 'source', reason: 'a custom image' }],
    ['works without a reason', [{ rule: 'no-disk-writes' }], { by: 'source' }],
    ['leaves other rules alone', [{ rule: 'no-self-invocation', reason: 'x' }], undefined],
    ['counts only when all functions of the finding say so', [{ rule: 'no-disk-writes', reason: 'x' }, undefined], undefined],
  ])('%s', async (_name, metadata, expected) => {
    writeFileSync(join(root, 'template.json'), template(...metadata));
    const { findings } = await analyze({ root, paths: [root], bundles: false, config: false, rules: ['no-disk-writes'] });
    expect(findings.map((finding) => finding.suppressed)).toEqual([expected]);
  });
});
