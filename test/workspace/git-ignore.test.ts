import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listFiles } from '../../src/workspace/list.ts';
import { pathMatcher } from '../../src/workspace/wildcard.ts';

let root = '';
beforeEach(() => { root = mkdtempSync(join(tmpdir(), 'faaslint-')); });
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

/** What git lists in the same tree, without its own configuration. */
function byGit(): string[] {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: root } });
  git('init', '-q');
  return git('ls-files', '--others', '--exclude-standard', '-z').split('\0').filter((file) => /\.(?:ts|js|json|yml)$/.test(file)).sort();
}

const tree = Object.fromEntries([
  'a.ts', 'b.js', 'keep.js', 'build/out.js', 'dist/x.js', 'dist/keep/y.js', 'src/build/z.ts', 'src/a.ts', 'src/deep/er/a.ts', 'src/deep/er/b.js', 'src/a b.ts', 'src/[x].ts',
  'src/x1.ts', 'src/x2.ts', 'src/xa.ts', 'log/debug.json', 'log/a/debug.json', 'doc/frotz/a.json', 'a/b.yml', 'a/x/b.yml', 'a/x/y/b.yml', 'foo/bar.ts', 'foo/bar/baz.ts', '#hash.js', '!bang.js',
].map((file) => [file, '']));

test.each([
  ['names at any depth', 'build\n'],
  ['anchored by a slash before the end', '/build\nsrc/deep\n'],
  ['folders only', 'foo/bar/\ndist/\n'],
  ['taken back', '*.js\n!keep.js\n!src/deep/er/b.js\n'],
  ['nothing below an ignored folder can be taken back', 'dist\n!dist/keep\n'],
  ['contents ignored, one folder taken back', 'dist/*\n!dist/keep\n'],
  ['two stars in front', '**/debug.json\n'],
  ['two stars at the end', 'src/**\n'],
  ['two stars at the end, one folder taken back', 'src/**\n!src/deep/\n!src/deep/**\n'],
  ['two stars between', 'a/**/b.yml\n'],
  ['stars within a name are ordinary', 'src/d**/er\nsr**\n'],
  ['sets', 'src/x[0-9].ts\n'],
  ['negated sets', 'src/x[!0-9].ts\n'],
  ['classes', 'src/x[[:alpha:]].ts\n'],
  ['an unclosed set matches nothing', 'src/x[0-9.ts\n'],
  ['escapes', '\\#hash.js\n\\!bang.js\nsrc/\\[x\\].ts\n'],
  ['comments, empty lines, trailing spaces', '# build\n\nfoo   \nsrc/a\\ b.ts\n'],
  ['a question mark is one character and no slash', 'src/x?.ts\na?b.yml\n'],
  ['carriage returns', 'build\r\n*.json\r\n'],
  ['everything', '*\n!*/\n!a.ts\n'],
  ['a leading slash with a star', '/*.ts\n'],
])('agrees with git: %s', (_name, rules) => {
  put({ ...tree, '.gitignore': rules });
  const ours = listFiles(root).files;
  // git keeps a carriage return as part of the pattern; we read a file that a Windows editor saved as it was meant.
  if (rules.includes('\r')) put({ '.gitignore': rules.replaceAll('\r', '') });
  expect(ours).toEqual(byGit());
});

test('agrees with git: files in several folders, the deeper one decides', () => {
  put({ ...tree, '.gitignore': '*.js\nfoo\n', 'src/.gitignore': '!*.js\n/a.ts\n', 'src/deep/.gitignore': 'er/*.ts\n', '.git/info/exclude': 'log\n' });
  const ours = listFiles(root).files;
  const git = byGit();
  expect(ours).toEqual(git);
  expect(git).toContain('src/deep/er/b.js');
  expect(git).not.toContain('log/debug.json');
});

test('a hostile pattern costs little', () => {
  put({ [`${'a'.repeat(200)}.ts`]: '', '.gitignore': `${'*a'.repeat(5_000)}b\n${'**/'.repeat(5_000)}x/y\n` });
  const start = performance.now();
  expect(listFiles(root).files).toHaveLength(1);
  expect(performance.now() - start).toBeLessThan(2_000);
});

test('patterns of the configuration', () => {
  expect(pathMatcher('src/**')('src/a/b.ts')).toBe(true);
  expect(pathMatcher('src/')('src/a/b.ts')).toBe(true);
  expect(pathMatcher('src')('lib/src/a.ts')).toBe(true);
  expect(pathMatcher('/src')('lib/src/a.ts')).toBe(false);
  expect(pathMatcher('./src/*.ts')('src/a.ts')).toBe(true);
  expect(pathMatcher('src/*.ts')('src/a/b.ts')).toBe(false);
  expect(pathMatcher('**/*.test.ts')('a.test.ts')).toBe(true);
  expect(pathMatcher('*.test.ts')('deep/a.test.ts')).toBe(true);
});
