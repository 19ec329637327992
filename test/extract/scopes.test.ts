import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as tsParser from '@typescript-eslint/parser';
import { analyze, type ScopeManager } from '@typescript-eslint/scope-manager';
import { describe, expect, it } from 'vitest';
import { walk, type Item } from '../../src/link/walk.ts';
import { parseModule } from '../../src/extract/parse.ts';
import type { ModuleFacts } from '../../src/model/facts.ts';

/** Every identifier that a scope manager resolves, and where it is declared; `undefined` when nothing in the file declares it. */
function reference(source: string, file: string): Map<number, number | undefined> {
  const { ast } = tsParser.parseForESLint(source, { filePath: file, range: true, sourceType: 'module', ecmaFeatures: { jsx: true } });
  const manager: ScopeManager = analyze(ast, { sourceType: 'module', lib: [], jsxPragma: null });
  const found = new Map<number, number | undefined>();
  for (const scope of manager.scopes) {
    for (const item of scope.references) {
      if (item.isTypeReference && !item.isValueReference) continue;
      if (item.identifier.type !== 'Identifier') continue;
      // The implicit `arguments` has no declaration that facts could name.
      const definition = item.resolved?.defs[0];
      found.set(item.identifier.range[0], definition?.name.range[0]);
    }
  }
  return found;
}

/** The same from facts. */
function ours(facts: ModuleFacts): Map<number, number | undefined> {
  const found = new Map<number, number | undefined>();
  const look = (item: Item): void => {
    if (item.kind === 'ref') found.set(item.start, facts.bindings[item.binding]?.start);
    if (item.kind === 'global') found.set(item.start, undefined);
  };
  const roots: Item[] = [];
  for (const fn of facts.functions) roots.push(...fn.body, ...fn.params.flatMap((param) => [...(param.default ? [param.default] : []), param.target]), ...fn.decorators);
  for (const cls of facts.classes) roots.push(...(cls.superClass ? [cls.superClass] : []), ...cls.decorators, ...cls.members.flatMap((member) => [...(member.value ? [member.value] : []), ...member.decorators]));
  for (const item of facts.exports) if (item.value) roots.push(item.value);
  walk(roots, look);
  return found;
}

function* sources(dir: string, pattern: RegExp): Generator<string> {
  for (const name of readdirSync(dir).sort()) {
    const path = join(dir, name);
    const stat = statSync(path);
    if (stat.isDirectory() && name !== 'node_modules') yield* sources(path, pattern);
    else if (stat.isFile() && pattern.test(name) && stat.size < 150_000) yield path;
  }
}

/** References that both know and that lead to different declarations. */
function compare(files: Iterable<string>): { compared: number; different: string[] } {
  let compared = 0;
  const different: string[] = [];
  for (const file of files) {
    const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '').replace(/^#!/, '//');
    const parsed = parseModule(file, source);
    if (!('facts' in parsed)) continue;
    let theirs: Map<number, number | undefined>;
    try { theirs = reference(source, file); } catch { continue; }
    for (const [start, declared] of ours(parsed.facts)) {
      if (!theirs.has(start)) continue;
      compared++;
      if (theirs.get(start) !== declared) different.push(`${file}@${start} ${source.slice(start, start + 20).split('\n')[0]}: ours ${declared}, theirs ${theirs.get(start)}`);
    }
  }
  return { compared, different };
}

describe('names resolve as a scope manager resolves them', () => {
  it('fixtures', () => {
    const { compared, different } = compare(sources('fixtures', /\.[mc]?[jt]sx?$/));
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(1_000);
  });
  it('our own sources', () => {
    const { compared, different } = compare([...sources('src', /\.ts$/), ...sources('rules', /\.ts$/)]);
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });
  it('published sources', () => {
    const files = [...sources('node_modules/eslint/lib', /\.js$/)].filter((_, index) => index % 4 === 0);
    const { compared, different } = compare(files);
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(10_000);
  });
});
