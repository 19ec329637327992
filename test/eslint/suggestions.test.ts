import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from '../../src/eslint/plugin.ts';

const template = `Transform: AWS::Serverless-2016-10-31
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: { Handler: a.handler, Runtime: nodejs22.x, Timeout: 30 }
`;

describe('suggestions in the editor', () => {
  let root = '';
  beforeAll(() => { root = mkdtempSync(join(tmpdir(), 'faaslint-suggest-')); mkdirSync(join(root, '.git')); writeFileSync(join(root, 'template.yaml'), template); });
  afterAll(() => { rmSync(root, { recursive: true, force: true }); });

  /** Messages of one rule over `a.js`. */
  function lint(rule: string, code: string): Linter.LintMessage[] {
    writeFileSync(join(root, 'a.js'), code);
    const linter = new Linter({ configType: 'flat', cwd: root });
    return linter.verify(code, [{ files: ['**/*.js'], plugins: { faaslint: plugin as never }, languageOptions: { sourceType: 'module', parserOptions: { ecmaFeatures: { globalReturn: true } } }, rules: { [`faaslint/${rule}`]: ['error', { minSeverity: 'info' }] } }], { filename: join(root, 'a.js') });
  }

  it.each<[string, string, string, string, string]>([
    ['no-background-work', 'Await it', `import { send } from 'bus';\n`, 'fetch(event.url);', 'await fetch(event.url);'],
    ['no-background-work', 'Await all of them', '', 'event.items.forEach(async (item) => { await fetch(item); });', 'await Promise.all(event.items.map(async (item) => { await fetch(item); }));'],
    ['no-long-running-loop', 'Give up after 24 s', '', 'while (true) {\n    await fetch(event.url);\n  }', "const deadline = Date.now() + 24000;\n  while (true) {\n    if (Date.now() > deadline) throw new Error('Gave up waiting');\n    await fetch(event.url);\n  }"],
    ['no-cpu-bound-work', "Await 'compare'", `import bcrypt from 'bcryptjs';\n`, 'return bcrypt.compareSync(event.a, event.b) === true;', 'return (await bcrypt.compare(event.a, event.b)) === true;'],
    ['no-timeout-overrun', 'Give up after 10 s', '', 'return fetch(event.url, { method: "POST" });', 'return fetch(event.url, { signal: AbortSignal.timeout(10000), method: "POST" });'],
  ])('%s: %s', (rule, title, head, line, repaired) => {
    const wrap = (body: string): string => `${head}export const handler = async (event) => {\n  ${body}\n};\n`;
    const [message, ...others] = lint(rule, wrap(line));
    expect(others).toEqual([]);
    const suggestion = message?.suggestions?.find((one) => one.desc === title);
    if (!suggestion) throw new Error(`no suggestion '${title}': ${JSON.stringify(message)}`);
    const { fix } = suggestion;
    const text = wrap(line).slice(0, fix.range[0]) + fix.text + wrap(line).slice(fix.range[1]);
    expect(text).toBe(wrap(repaired));
    expect(lint(rule, text)).toEqual([]);
  });

  it('no-global-mutable-state: the declaration into the handler', () => {
    const [message] = lint('no-global-mutable-state', 'const seen = [];\n\nexport const handler = async (event) => {\n  seen.push(event.id);\n  return seen.length;\n};\n');
    const suggestion = message?.suggestions?.[0];
    expect(suggestion?.desc).toBe("Move 'seen' into 'handler'");
    expect(suggestion?.fix.text).toContain('  const seen = [];\n  ');
  });

  it.each<[string, string, string]>([
    ['an exported variable stays', 'no-global-mutable-state', 'export let last;\nexport const handler = async (event) => {\n  last = event.id;\n  return 1;\n};\n'],
    ['a variable of two functions stays', 'no-global-mutable-state', 'let last;\nconst keep = (id) => { last = id; };\nexport const handler = async (event) => {\n  keep(event.id);\n  return last;\n};\n'],
    ['a function that cannot wait', 'no-cpu-bound-work', `import bcrypt from 'bcryptjs';\nconst same = (a, b) => bcrypt.compareSync(a, b);\nexport const handler = async (event) => same(event.a, event.b);\n`],
  ])('none: %s', (_name, rule, code) => {
    const messages = lint(rule, code);
    expect(messages.flatMap((message) => message.suggestions ?? [])).toEqual([]);
  });
});
