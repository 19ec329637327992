import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { measure } from '../../src/measure/measure.ts';
import { inside, sizeReader } from '../../src/workspace/sizes.ts';
import { folderFn, fn, link, pack, project } from './tree.ts';

const trap = (file: string): string => `require('node:fs').writeFileSync(${JSON.stringify(file)}, 'fired'); process.exit(9);`;

describe('scanned code never runs', () => {
  it('leaves booby-trapped tools, configurations and packages alone', async () => {
    const marker = 'fired.txt';
    const { root, workspace } = project({
      'package.json': { name: 'x', dependencies: { evil: '1' }, scripts: { postinstall: `node -e "${trap(marker)}"` } },
      'src/app.ts': `import * as evil from 'evil'; export const handler = () => evil;`,
      'node_modules/evil/package.json': { name: 'evil', main: 'index.js', scripts: { install: 'node index.js' } },
      'node_modules/evil/index.js': trap(marker),
      'node_modules/esbuild/package.json': { name: 'esbuild', main: 'index.js' }, 'node_modules/esbuild/index.js': trap(marker),
      'node_modules/.bin/esbuild': `#!/bin/sh\ntouch ${marker}\n`,
      '.pnp.cjs': trap(marker), 'esbuild.config.js': trap(marker), 'webpack.config.js': trap(marker), 'serverless.js': trap(marker),
      'tsconfig.json': { compilerOptions: { plugins: [{ name: 'evil' }] } },
    });
    const results = await measure(workspace, [fn('app'), folderFn('folder', '')]);
    expect(results.map((item) => item.status)).toEqual(['measured', 'measured']);
    expect(existsSync(join(root, marker))).toBe(false);
  });

  it('lets the process end by itself', () => {
    const { root } = project({ 'src/app.ts': `import 'big'; export const handler = () => 1;`, ...pack('big', 100_000) });
    const script = `
      import { measure } from './src/measure/measure.ts';
      import { readFileSync } from 'node:fs';
      const root = ${JSON.stringify(root)};
      const read = (file) => { try { return readFileSync(root + '/' + file, 'utf8'); } catch { return undefined; } };
      const fn = { ...JSON.parse(${JSON.stringify(JSON.stringify(fn('app')))}), environment: new Map() };
      const [result] = await measure({ root, files: [], has: () => true, read, problem: () => undefined, isDirectory: () => false }, [fn]);
      console.log(result.status);
    `;
    const here = fileURLToPath(new URL('../..', import.meta.url));
    const { outputFiles } = buildSync({ stdin: { contents: script, resolveDir: here, loader: 'ts' }, bundle: true, write: false, format: 'esm', platform: 'node', packages: 'external', logLevel: 'silent' });
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', outputFiles[0]?.text ?? ''], { encoding: 'utf8', timeout: 20_000, cwd: here });
    expect(said.trim()).toBe('measured');
  });
});

describe('the reader of sizes stays below the root', () => {
  const { root } = project({ 'a/b.txt': '12345', 'a/up': link('..'), far: link('../far'), 'far.txt': link('../far/secret.txt'), dangling: link('nowhere') }, { 'far/secret.txt': 'canary' });
  const sizes = sizeReader(root);

  it.each(['..', '../far', 'a/../../far', '/etc/passwd', 'far/secret.txt', 'far.txt', 'a/up/../../far', 'a\0b'])('%j is outside or missing', (path) => {
    expect(sizes.real(path).kind).toMatch(/^(?:outside|missing)$/);
    expect(sizes.size(path)).toBeUndefined();
    expect(sizes.bytes(path, 1_000)).toBeUndefined();
    expect(sizes.list(path)).toBeUndefined();
  });

  it('follows links that stay inside, and gives sizes and sorted lists', () => {
    expect(sizes.real('a/up/a/b.txt')).toEqual({ kind: 'file', path: 'a/b.txt' });
    expect(sizes.size('a/b.txt')).toBe(5);
    expect(sizes.list('')?.map((entry) => [entry.name, entry.kind])).toEqual([['a', 'directory'], ['dangling', 'link'], ['far', 'link'], ['far.txt', 'link']]);
    expect(sizes.real('dangling')).toEqual({ kind: 'missing' });
    expect(sizes.bytes('a/b.txt', 4)).toBeUndefined();
    expect(new TextDecoder().decode(sizes.bytes('a/b.txt', 5))).toBe('12345');
  });

  it.each([[['a', '../b'], 'b'], [['', './a//b/'], 'a/b'], [['a', '../../b'], undefined], [['C:\\x'], undefined], [['a', '..'], '']] as const)('joins %j to %j', (parts, path) => {
    expect(inside(...parts)).toBe(path);
  });
});
