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

describe('imports by a computed name', () => {
  const handler = (load: string): string => `exports.handler = async (event) => ${load};\n`;
  const formats = {
    'node_modules/formats/package.json': { name: 'formats', main: 'lib/index.js' }, 'node_modules/formats/lib/parts/readme.md': '#',
    'node_modules/formats/lib/index.js': "module.exports = (name) => require('./parts/' + name + '.js');\n",
    'node_modules/formats/lib/parts/one.js': `module.exports = '${'1'.repeat(40_000)}';\n`, 'node_modules/formats/lib/parts/two.js': "module.exports = require('./one.js') + '2';\n",
  };
  const big = { 'big/one.ts': `export default '${'b'.repeat(50_000)}';\n`, 'far/canary.js': 'module.exports = "canary";\n', 'far/package.json': '{', 'far/tsconfig.json': '{' };

  it.each([
    ["require('../../' + event.name)", 'an import of src/app.ts lies outside the repository: ../../**/*'],
    ["require('\\x2e\\x2e/../../../' + event.name)", 'an import of src/app.ts lies outside the repository: ../../../../**/*'],
    ['import(`../../far/${event.name}.js`)', 'an import of src/app.ts lies outside the repository: ../../far/**/*.js'],
    ["require('./out/' + event.name)", 'an import of src/app.ts lies outside the repository: ./out/**/*'],
    [`require('${'../'.repeat(320)}far/' + event.name)`, expect.stringMatching(/outside the repository/) as string],
    ["require('./' + event.name)", 'an import of src/app.ts may be src/out, which lies outside the repository'],
    ["require('./none/' + event.name)", 'nothing answers to an import of src/app.ts: ./none/**/*'],
  ])('%s is not measured, and nothing outside is read', async (load, reason) => {
    const { workspace } = project({ 'src/app.ts': handler(load), 'src/other.ts': 'export const handler = async () => 1;\n', 'src/out': link('../../far') }, big);
    const [result, other] = await measure(workspace, [fn('app'), fn('other')]);
    expect(result).toMatchObject({ status: 'notMeasured', reason });
    expect(JSON.stringify(result)).not.toContain('canary');
    expect(other?.status).toBe('measured');
  });

  // Ways to write a call of a computed name that the bundler sees through once the code is simplified.
  it.each([
    '(require)(`../../big/${event}`)', '(0, require)("../../big/" + event)', 'require((0, "../../big/" + event))', 'require("" || "../../big/" + event)', 'require((() => "../../big/" + event)())',
    'require(String("../../big/" + event))', '(() => require)()("../../big/" + event)', 'module.require("../../big/" + event)', 'r\\u0065quire("../../big/" + event)', 'require/* */(/* */"../../big/" + event)',
    '(require as NodeRequire)("../../big/" + event)', 'require!("../../big/" + event)', 'require\u3000("../../big/" + event)', 'import\u3000("../../big/" + event)', 'import/**/("../../big/" + event)',
    'require(event ? "../../big/" + event : "./other.ts")', 'require(event && `../../big/${event}`)', 'require(require("../../big/" + event) + "a")', 'require("../" + "../big/" + event)',
    '["require"].map(() => module["require"]("../../big/" + event))', 'import("../../big/" + event, { with: { type: "json" } })', 'import("../../big/" + event, event)',
    'require("./a/" + require("../../big/" + event))', 'require(`${"../../big/"}${event}`)', 'require("../../big/".concat(event))',
  ])('%s never makes the bundler look for itself', async (load) => {
    const { root, workspace } = project({ 'src/app.ts': handler(load), 'src/other.ts': 'export const handler = async () => 1;\n', 'src/a/one.ts': '', 'src/deep/x.ts': '', 'big/one.ts': big['big/one.ts'] }, big);
    const before = process.cwd();
    // Where the process runs, such a name means files.
    process.chdir(join(root, 'src/deep'));
    try {
      const [result] = await measure(workspace, [fn('app', {}, { minify: true })]);
      expect(result?.reason ?? '').not.toContain('cannot be followed');
      expect(result?.reason ?? '').not.toContain('Could not resolve');
      expect(result?.bytes ?? 0).toBeLessThan(3_000);
    } finally {
      process.chdir(before);
    }
  });

  it('do not take what the process happens to run beside', async () => {
    const { workspace } = project({ 'src/app.ts': handler("require('./' + event.name + '.ts')"), 'src/near.ts': `export default '${'n'.repeat(500)}';\n`, 'big/a.ts': `export default '${'b'.repeat(50_000)}';\n` });
    const [result] = await measure(workspace, [fn('app')]);
    expect(result?.status).toBe('measured');
    expect(result?.bytes).toBeLessThan(3_000);
    expect(result?.bytes).toBeGreaterThan(500);
  });

  it('may be any of many files: not measured', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_001 }, (_, index) => [`src/many/f${index}.js`, '']));
    const { workspace } = project({ 'src/app.ts': handler("require('./many/' + event.name)"), ...many });
    expect(await measure(workspace, [fn('app')])).toMatchObject([{ status: 'notMeasured', reason: 'an import of src/app.ts may be any of more than 2000 files: ./many/**/*' }]);
  });

  it('in a module too big to be parsed are left alone, or make it not measured', async () => {
    const filler = `exports.text = '${'x'.repeat(1_100_000)}';\n`;
    const { workspace } = project({ 'src/app.ts': `${filler}${handler('require(event.name)')}`, 'src/other.ts': `${filler}${handler("require('./' + event.name)")}` });
    const [app, other] = await measure(workspace, [fn('app'), fn('other')]);
    expect(app?.status).toBe('measured');
    expect(Math.abs((app?.bytes ?? 0) - 1_100_000)).toBeLessThan(1_000);
    expect(other).toMatchObject({ status: 'notMeasured', reason: 'src/other.ts imports by a computed name, and cannot be parsed' });
  });

  it.each([`require(${' '.repeat(200_000)}event.a+1)`, `require${' '.repeat(200_000)}`, 'require('.repeat(9_000), 'import(/*'.repeat(9_000), `require${')'.repeat(200_000)}`, "require('".repeat(9_000)])('no text is gone through again and again', async (text) => {
    const { workspace } = project({ 'src/app.ts': `// ${text}\n${handler('1')}` });
    // Twenty seconds and more where the words of each place are looked for to the end.
    expect(await measure(workspace, [fn('app')], { timeLimitSeconds: 10 })).toMatchObject([{ status: 'measured' }]);
  });

  const parts = Object.fromEntries([
    ['src/parts/a.js', 'module.exports = "a";'], ['src/parts/b.ts', 'export default "bb";'], ['src/parts/c.json', '{"c":[1,2,3]}'], ['src/parts/deep/d.js', 'exports.d = require("../a.js");'], ['src/parts/deep/er/e.mjs', 'export const e = 1;'],
    ['src/parts/v1.js', 'exports.v = 1;'], ['src/parts/v1/x.js', 'exports.x = 1;'], ['src/parts/index.js', 'exports.i = 1;'],
  ].map(([path, text]) => [path, `${text ?? ''}${path?.endsWith('.json') === true ? '' : `\nglobalThis.pad = '${'p'.repeat(200)}${path ?? ''}';\n`}`]));

  it.each([
    ['formats', 'load(event.name)'], ['all', "require('./parts/' + event.name)"], ['scripts', 'require(`./parts/${event.name}.js`)'], ['json', "import('./parts/' + event.name + '.json')"],
    ['typed', "import(`./parts/${event.name}.json`, { with: { type: 'json' } })"], ['version', "require('./parts/v' + event.name + '.js')"], ['versioned', "require('./parts/v' + event.name + '/x.js')"],
    ['parent', "require('../src/parts/' + event.a + '/' + event.b + '.js')"], ['choice', "require(event.a ? './parts/a.js' : './parts/deep/' + event.b)"], ['twice', "[require('./parts/' + event.a + '.js'), require('./parts/' + event.b + '.js')]"],
    ['own', "((require) => require('./parts/' + event.a))(String)"], ['nested', "require(`./parts/${require('./parts/deep/' + event.a + '.js').d}.js`)"], ['package', 'require(`big/${event.name}`)'], ['text', "require('./parts/' + 'a.js')"],
    ['loose', 'require(event.name)'], ['call', "require(require('path').join(__dirname, './parts/', event.name))"], ['caught', "(() => { try { return require('./parts/d' + event.a); } catch { return 0; } })()"],
  ])('%s: as big as the bundler makes it where it may look for itself', async (_, load) => {
    const { root, workspace } = project({ 'src/app.ts': `import load from 'formats';\nexport const handler = async (event) => [load, ${load}];\n`, ...parts, ...formats });
    for (const minify of [false, true]) {
      const [result] = await measure(workspace, [fn('app', {}, { minify })]);
      const { outputFiles } = buildSync({ entryPoints: [join(root, 'src/app.ts')], bundle: true, write: false, platform: 'node', format: 'cjs', minify, target: 'node22', absWorkingDir: root, logLevel: 'silent', outdir: 'x' });
      const own = outputFiles[0]?.contents.length ?? 0;
      expect(result?.reason).toBeUndefined();
      expect(own).toBeGreaterThan(40_000);
      // The table weighs a few hundred bytes less than the module that the bundler makes of it.
      expect(Math.abs((result?.bytes ?? 0) - own) / own).toBeLessThan(0.02);
    }
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
