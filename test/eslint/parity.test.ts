import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { analyze } from '../../src/analyze.ts';
import plugin from '../../src/eslint/plugin.ts';
import type { Finding } from '../../src/model/finding.ts';
import { listProjects } from '../support/fixture.ts';

const infrastructure = /\.(ya?ml|json|toml|tf)$/;
const functionRules = new Set(rules.filter((rule) => rule.scope === 'function').map((rule) => rule.id));

/** What ESLint shows for one file with every rule on, as comparable lines. */
function viaEslint(root: string, file: string): string[] {
  const typescript = /\.[mc]?tsx?$/.test(file);
  const linter = new Linter({ configType: 'flat', cwd: root });
  const messages = linter.verify(readFileSync(join(root, file), 'utf8'), [{
    files: ['**/*.js', '**/*.mjs', '**/*.cjs', '**/*.jsx', '**/*.ts', '**/*.mts', '**/*.cts', '**/*.tsx'], plugins: { faaslint: plugin as never },
    languageOptions: { ...(typescript ? { parser: tsParser as never } : {}), sourceType: 'module', parserOptions: { ecmaFeatures: { jsx: true, globalReturn: true } } },
    linterOptions: { reportUnusedDisableDirectives: 'off' },
    rules: Object.fromEntries([...functionRules].map((id) => [`faaslint/${id}`, ['error', { minSeverity: 'info' }]])) as never,
  }], { filename: join(root, file) });
  const fatal = messages.find((message) => message.fatal);
  if (fatal) return ['fatal'];
  return messages.map((message) => `${message.ruleId?.replace('faaslint/', '')} ${message.line}:${message.column}-${message.endLine}:${message.endColumn} ${message.message}`).sort();
}

const line = (finding: Finding): string => `${finding.rule} ${finding.line}:${finding.column}-${finding.endLine}:${finding.endColumn} ${finding.message} ${finding.repair}`;

describe('both hosts agree', () => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'faaslint-parity-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each(listProjects(resolve('fixtures')).filter(({ dir }) => !dir.includes('/broken/')))('$name', { timeout: 60_000 }, async ({ name, dir: origin }) => {
    // A repository of its own: in this one the editor would see the infrastructure of all fixtures at once.
    const dir = join(folder, name);
    cpSync(origin, dir, { recursive: true });
    mkdirSync(join(dir, '.git'), { recursive: true });
    const result = await analyze({ root: dir, paths: [dir], preset: 'all', bundles: false, config: false });
    const byFile = new Map<string, Finding[]>();
    for (const finding of result.findings) if (functionRules.has(finding.rule) && !finding.suppressed) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
    const problems: string[] = [];
    for (const file of new Set(result.functions.flatMap((fn) => fn.handlers.map((handler) => handler.file)))) {
      if (!/\.[mc]?[jt]sx?$/.test(file)) continue;
      const eslint = viaEslint(dir, file);
      if (eslint[0] === 'fatal') continue;
      const all = (byFile.get(file) ?? []).map(line);
      const alone = (byFile.get(file) ?? []).filter((finding) => finding.evidence.every((name) => name === file || infrastructure.test(name))).map(line);
      for (const item of eslint) if (!all.includes(item)) problems.push(`${file}: only ESLint: ${item}`);
      for (const item of alone) if (!eslint.includes(item)) problems.push(`${file}: only the analyzer: ${item}`);
    }
    expect(problems).toEqual([]);
  });
});
