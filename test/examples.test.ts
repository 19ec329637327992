import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { analyze } from '../src/analyze.ts';

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ./, Handler: handler.handler, Runtime: nodejs22.x, Timeout: 30 }
`;
const made: string[] = [];
afterEach(() => { for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true }); });

const examples = rules.flatMap((rule) => rule.examples.map((example) => ({ id: rule.id, title: example.title, rule, example })));

describe('examples of the rules report what they say', () => {
  it.each(examples)('$id: $title', async ({ rule, example }) => {
    const root = mkdtempSync(join(tmpdir(), 'faaslint-example-'));
    made.push(root);
    writeFileSync(join(root, 'template.yaml'), example.template ?? template);
    writeFileSync(join(root, 'handler.js'), example.code);
    for (const [name, text] of Object.entries(example.files ?? {})) writeFileSync(join(root, name), text);
    writeFileSync(join(root, 'faaslint.config.json'), JSON.stringify({ rules: { [rule.id]: ['error', { ...example.options }] } }));
    const result = await analyze({ root, paths: [root], preset: 'all', rules: [rule.id], bundles: rule.id === 'no-oversized-bundle', date: '2026-11-20' });
    expect(result.incomplete).toEqual([]);
    expect(result.functions.length).toBeGreaterThan(0);
    const found = result.findings.filter((finding) => finding.rule === rule.id).sort((a, b) => a.line - b.line || a.column - b.column);
    expect(found.map((finding) => finding.messageId)).toEqual(example.reports);
    for (const finding of found) expect(`${finding.message} ${finding.repair}`).not.toMatch(/\{\w+\}/);
  });
});

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id is whole', ({ id, rule }) => {
  it('has a page, fixtures and a test', () => {
    expect(existsSync(join('docs/rules', `${id}.md`)), 'page').toBe(true);
    expect(readdirSync(join('fixtures', id)).length, 'fixtures').toBeGreaterThan(1);
    expect(existsSync(join('test/rules', `${id}.test.ts`)), 'test').toBe(true);
  });

  it('shows what it reports and what stays quiet, and gives its sources', () => {
    expect(rule.examples.some((example) => example.reports.length > 0)).toBe(true);
    expect(rule.examples.some((example) => example.reports.length === 0)).toBe(true);
    expect(rule.references.some((reference) => reference.document !== undefined || reference.url !== undefined)).toBe(true);
    const known = Object.keys(rule.messages);
    for (const example of rule.examples) for (const message of example.reports) expect(known).toContain(message);
  });
});
