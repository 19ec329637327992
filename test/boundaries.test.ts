import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';
import { boundaries, processUsers } from '../scripts/boundaries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const eslint = new ESLint({ cwd: root });
const sources = ['src', 'rules'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)).filter((name) => name.endsWith('.ts'));
const matchesGlob = (file: string, pattern: string): boolean => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`).test(file);
const matching = (pattern: string): readonly string[] => sources.filter((file) => matchesGlob(file, pattern));

/** What eslint says of a text as if it were a file of that name. */
async function messages(file: string, code: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  return (result?.messages ?? []).filter((item) => item.ruleId !== '@typescript-eslint/no-unused-vars').map((item) => item.message);
}

/** A file that does not exist, in the folder of a pattern and matched by it. */
const invented = (pattern: string): string => pattern.replace('*', '-invented');

test.each(boundaries.flatMap((boundary) => [...boundary.files, ...(boundary.except ?? [])].map((pattern) => [boundary.name, pattern])))('the boundary %s: the pattern %s matches files', (_, pattern) => {
  expect(matching(pattern ?? '')).not.toEqual([]);
});

test.each(processUsers)('%s, which may use process, exists', (pattern) => {
  expect(matching(pattern)).not.toEqual([]);
});

test('every source below src and rules lies within a boundary, but for the files that put the layers together', () => {
  const patterns = boundaries.flatMap((boundary) => [...boundary.files, ...(boundary.except ?? [])]);
  expect(sources.filter((file) => !patterns.some((pattern) => matchesGlob(file, pattern)))).toEqual(sources.filter((file) => /^src\/(?:analyze|api|cli|rule|cli\/[a-z-]+)\.ts$/.test(file)));
});

describe.each(boundaries)('the boundary $name', ({ files, reason, lazy, types, name }) => {
  const file = invented(files[0] ?? '');

  test('refuses the command line, other packages and lower layers that it may not know, and says why', async () => {
    for (const source of ['../../cli.ts', 'left-pad', '../../src/cli/scan.ts']) {
      const said = await messages(file, `import '${source}';\n`);
      expect(said, source).toHaveLength(1);
      expect(said[0]).toContain(reason.slice(0, -1));
    }
  });

  test('refuses the file system unless it may read', async () => {
    const said = await messages(file, "import 'node:fs';\n");
    expect(said).toHaveLength(['workspace', 'measure', 'extract-child'].includes(name) ? 0 : 1);
  });

  test('refuses import() unless it loads on need', async () => {
    expect(await messages(file, "export const later = () => import('./other.ts');\n")).toHaveLength(lazy ? 0 : 1);
  });

  test('lets types pass where only types are allowed', async () => {
    for (const pattern of types) {
      const source = pattern.endsWith('$') ? pattern.slice(0, -1) : `${pattern.replaceAll('\\', '')}load.ts`;
      expect(await messages(file, `import type { X } from '${source}';\nexport type Y = X;\n`)).toEqual([]);
      expect(await messages(file, `import { x } from '${source}';\nexport const y = x;\n`)).toHaveLength(1);
    }
  });
});

test('process is refused outside of the files that may use it', async () => {
  for (const file of ['src/report/invented.ts', 'src/link/invented.ts', 'src/cli/invented.ts', 'rules/invented.ts', 'src/analyze.ts']) {
    expect(await messages(file, 'export const here = process.cwd();\n'), file).toHaveLength(1);
  }
  expect(await messages('src/cli.ts', 'export const here = process.cwd();\n')).toEqual([]);
});

test('what the layers do import passes', async () => {
  expect(await messages('src/report/invented.ts', "import './escape.ts';\nimport '../model/finding.ts';\nimport 'node:util';\n")).toEqual([]);
  expect(await messages('rules/invented.ts', "import '../src/rule.ts';\nimport '../src/link/queries/paths.ts';\nimport '../src/catalog/limits.ts';\n")).toEqual([]);
  expect(await messages('rules/invented.ts', "import './no-disk-writes.ts';\n")).toHaveLength(1);
  expect(await messages('src/extract/invented.ts', "import 'oxc-parser';\n")).toEqual([]);
  expect(await messages('src/link/invented.ts', "import 'oxc-parser';\n")).toHaveLength(1);
});
