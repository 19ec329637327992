import { describe, expect, it } from 'vitest';
import { resolveHandlerFile } from '../../src/discover/source-path.ts';
import { memoryWorkspace } from './memory-workspace.ts';

function resolve(files: readonly string[] | Record<string, string>, handlerPath: string, folders: { unitDir?: string; codeDir?: string } = {}, hidden: Record<string, string> = {}) {
  const texts = Array.isArray(files) ? Object.fromEntries((files as string[]).map((file) => [file, ''])) : (files as Record<string, string>);
  const unitDir = folders.unitDir ?? '';
  return resolveHandlerFile(memoryWorkspace(texts, hidden), { unitDir, codeDir: folders.codeDir ?? unitDir, handlerPath });
}

describe('resolveHandlerFile: the file itself', () => {
  it.each(['ts', 'tsx', 'mts', 'cts', 'js', 'mjs', 'cjs', 'jsx'])('finds .%s', (extension) => {
    expect(resolve([`src/app.${extension}`], 'src/app')).toEqual({ file: `src/app.${extension}` });
  });
  it('prefers TypeScript to the JavaScript compiled beside it', () => {
    expect(resolve(['src/app.js', 'src/app.ts'], 'src/app')).toEqual({ file: 'src/app.ts' });
  });
  it('takes a leading ./ and a folder with an index', () => {
    expect(resolve(['orders/index.js'], './orders')).toEqual({ file: 'orders/index.js' });
  });
  it('joins the code folder, up to but not out of the root', () => {
    expect(resolve(['code/app.js'], 'app', { unitDir: 'infra', codeDir: 'infra/../code' })).toEqual({ file: 'code/app.js' });
    expect(resolve(['app.js'], '../../app', { unitDir: 'infra' })).toEqual({ gap: 'handler path "../../app" lies outside the repository' });
    expect(resolve(['etc/app.js'], '/etc/app')).toEqual({ gap: 'handler path "/etc/app" lies outside the repository' });
  });
  it('is not misled by declaration files', () => {
    expect(resolve(['app.d.ts'], 'app')).toHaveProperty('gap');
  });
  it('keeps a plain script in lib although a file of that name lies above', () => {
    expect(resolve(['lib/app.js', 'app.js', 'src/app.js', 'package.json'], 'lib/app')).toEqual({ file: 'lib/app.js' });
  });
});

describe('resolveHandlerFile: built output', () => {
  it('follows the source map beside committed output', () => {
    const files = { 'dist/app.js': '', 'dist/app.js.map': JSON.stringify({ sources: ['../lib/orders.ts'] }), 'lib/orders.ts': '' };
    expect(resolve(files, 'dist/app')).toEqual({ file: 'lib/orders.ts' });
  });
  it('takes the equally named source of a bundle, never one outside the root or in a dependency', () => {
    const files = {
      'dist/app.js': '',
      'dist/app.js.map': JSON.stringify({ sources: ['../../secret/app.ts', '../node_modules/x/app.ts', '../code/util.ts', '../code/app.ts'] }),
      'code/util.ts': '', 'code/app.ts': '', 'node_modules/x/app.ts': '',
    };
    expect(resolve(files, 'dist/app')).toEqual({ file: 'code/app.ts' });
  });
  it('maps ignored output that exists on disk', () => {
    expect(resolve({ 'code/app.ts': '' }, 'dist/app', {}, { 'dist/app.js': '', 'dist/app.js.map': '{"sources":["../code/app.ts"]}' })).toEqual({ file: 'code/app.ts' });
  });
  it('uses outDir and rootDir with comments, through extends', () => {
    const files = {
      'svc/tsconfig.json': '{ // the service\n "extends": "../tsconfig.base", "compilerOptions": { "rootDir": "code", }, }',
      'tsconfig.base.json': '{ "compilerOptions": { "outDir": "svc/bin" } }',
      'svc/code/a/app.ts': '',
    };
    expect(resolve(files, 'bin/a/app', { unitDir: 'svc' })).toEqual({ file: 'svc/code/a/app.ts' });
  });
  it('ends on cyclic and outside extends', () => {
    const files = {
      'tsconfig.json': '{ "extends": ["./other.json", "../../secret.json"], "compilerOptions": { "outDir": "bin" } }',
      'other.json': '{ "extends": "./tsconfig.json" }',
      'code/app.ts': '',
    };
    expect(resolve(files, 'bin/code/app')).toEqual({ file: 'code/app.ts' });
  });
  it.each([
    ['esbuild src/fns/a.ts src/fns/b.ts --bundle --outdir=out', 'out/b', 'src/fns/b.ts'],
    ['rimraf out && npx esbuild src/main.ts --bundle --outfile=out/x/index.js', 'out/x/index', 'src/main.ts'],
    ['bun build src/main.ts --minify --outfile=out/x/index.js --target=node', 'out/x/index', 'src/main.ts'],
    ['esbuild "src/fns/*.ts" --outdir out', 'out/b', 'src/fns/b.ts'],
    ['ncc build src/main.ts -o out', 'out/index', 'src/main.ts'],
    ['tsup src/fns/b.ts', 'dist/b', 'src/fns/b.ts'],
    ['tsc --outDir bin', 'bin/src/main', 'src/main.ts'],
  ])('reads the script %s', (build, handler, expected) => {
    const files = { 'package.json': JSON.stringify({ scripts: { build } }), 'src/main.ts': '', 'src/fns/a.ts': '', 'src/fns/b.ts': '' };
    expect(resolve(files, handler)).toEqual({ file: expected });
  });
  it('reads the output of an Nx project', () => {
    const files = {
      'apps/shop/project.json': '{ "targets": { "build": { "options": { "outputPath": "dist/apps/shop", "main": "apps/shop/code/entry.ts" } } } }',
      'apps/shop/code/entry.ts': '',
    };
    expect(resolve(files, 'main', { codeDir: 'dist/apps/shop', unitDir: 'infra' })).toEqual({ file: 'apps/shop/code/entry.ts' });
  });
  it('reads names of entries from a shell script that the package runs', () => {
    const files = {
      'fn/package.json': '{"scripts": {"build": "rm -rf dist && ./pack.sh"}}',
      'fn/pack.sh': '#!/bin/bash\n# esbuild src/other.ts --outdir=dist --entry-names=orders/orders\nnpx esbuild \\\n  --bundle \\\n  --entry-names=[name]/[name] \\\n  --outdir=dist \\\n  src/orders.ts \\\n  src/jobs/nightly.ts\n',
      'fn/src/orders.ts': '', 'fn/src/jobs/nightly.ts': '', 'fn/src/other.ts': '', 'fn/src/jobs/orders.ts': '',
    };
    expect(resolve(files, 'orders', { codeDir: 'fn/dist/orders', unitDir: 'infra' })).toEqual({ file: 'fn/src/orders.ts' });
    expect(resolve(files, 'nightly', { codeDir: 'fn/dist/nightly', unitDir: 'infra' })).toEqual({ file: 'fn/src/jobs/nightly.ts' });
    expect(resolve(files, 'other', { codeDir: 'fn/dist/other', unitDir: 'infra' })).toHaveProperty('gap');
  });
  it('reads one output of one entry from a build program, also packed beside it', () => {
    const files = {
      'fn/package.json': '{}', 'fn/src/api/adapters/build-all.js': "esbuild.build({ entryPoints: ['./src/api/adapters/get.ts'], bundle: true, outfile: 'out/getOne/index.js' });\nesbuild.build({ outfile: \"out/put/index.js\", entryPoints: [\"src/api/adapters/put.ts\"] });\nesbuild.build({ entryPoints: ['src/api/adapters/get.ts', 'src/api/adapters/put.ts'], outdir: 'out' }); const outfile = { outfile: 'out/many/index.js' };",
      'fn/src/api/adapters/get.ts': '', 'fn/src/api/adapters/put.ts': '',
    };
    expect(resolve(files, 'index', { codeDir: 'fn/out/getOne', unitDir: 'fn' })).toEqual({ file: 'fn/src/api/adapters/get.ts' });
    expect(resolve(files, 'index', { codeDir: 'fn/out/put/put.zip', unitDir: 'infra' })).toEqual({ file: 'fn/src/api/adapters/put.ts' });
    expect(resolve(files, 'index', { codeDir: 'fn/out/many', unitDir: 'fn' })).toHaveProperty('gap');
    expect(resolve(files, 'index', { codeDir: 'fn/out/third/third.zip', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it.each([
    ["await build({ entryPoints: [path.join(__dirname, '../code/start.ts')], bundle: true, outfile: 'dist/worker.js' });", 'scripts/cli.js'],
    ["build({ entryPoints: [\n path.join(__dirname, '..', 'code', 'start.ts'),\n], outfile: path.join(__dirname, '..', 'dist', 'worker.mjs') })", 'scripts/build.mjs'],
    ['build({ outfile: `${__dirname}/dist/worker.js`, entryPoints: [`${__dirname}/code/start.ts`] })', 'esbuild.config.js'],
    ['const OUT = "dist";\nbuild({ entryPoints: [\'code/start.ts\'], outfile: `${OUT}/worker.js` })', 'esbuild.config.mjs'],
    ["const here = path.dirname(fileURLToPath(import.meta.url));\nbuild({ entryPoints: [path.join(here, '../code/start.ts')], outfile: 'dist/worker.js' })", 'scripts/cli.js'],
    ["const here = dirname(__filename);\nbuild({ entryPoints: [`${here}/code/start.ts`], outfile: 'dist/worker.js' })", 'esbuild.config.js'],
    ["build(({ entryPoints: ([path.join((__dirname), ('../code/start.ts'))]), outfile: ('dist/worker.js') }))", 'scripts/cli.js'],
    ["export default { input: 'code/start.ts', output: { file: './dist/worker.mjs', format: 'es' } };", 'rollup.config.js'],
    ["module.exports = { entry: './code/start.ts', output: { filename: 'worker.js', path: path.resolve(__dirname, 'dist') } };", 'webpack.config.js'],
    ["module.exports = { output: { filename: 'worker.js' }, entry: path.join(process.cwd(), 'code', 'start.ts') };", 'webpack.config.js'],
  ])('reads the source of an output from a build program: %s', (text, file) => {
    const files = { 'fn/package.json': '{}', [`fn/${file}`]: text, 'fn/code/start.ts': '', 'fn/code/other.ts': '' };
    expect(resolve(files, 'dist/worker', { codeDir: 'fn', unitDir: 'fn' })).toEqual({ file: 'fn/code/start.ts' });
    expect(resolve(files, 'dist/start', { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it.each([
    ["module.exports = { entry: './code/start.ts', output: { filename: '[name].js', path: path.join(__dirname, 'dist') } };", 'webpack.config.js', 'dist/main'],
    ["module.exports = { entry: './code/start.ts', output: { libraryTarget: 'commonjs' } };", 'webpack.config.js', 'dist/main'],
    ["module.exports = { entry: './code/start.ts', output: { path: path.join(__dirname, 'out') } };", 'webpack.config.js', 'out/main'],
  ])('calls a single entry of webpack main: %s', (text, file, output) => {
    const files = { 'fn/package.json': '{}', [`fn/${file}`]: text, 'fn/code/start.ts': '' };
    expect(resolve(files, output, { codeDir: 'fn', unitDir: 'fn' })).toEqual({ file: 'fn/code/start.ts' });
    expect(resolve({ ...files, [`fn/${file}`]: text.replace("entry: './code/start.ts'", "entry: { a: './code/start.ts' }") }, output, { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it('knows where webpack begins and ends when nothing says it', () => {
    const files = { 'fn/package.json': '{}', 'fn/webpack.config.js': "module.exports = {\n  mode: 'production',\n  target: 'webworker',\n};", 'fn/src/index.js': '' };
    expect(resolve(files, 'dist/main', { codeDir: 'fn', unitDir: 'fn' })).toEqual({ file: 'fn/src/index.js' });
    expect(resolve(files, 'dist/worker', { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
    expect(resolve({ ...files, 'fn/webpack.config.js': "const { merge } = require('webpack-merge');\nmodule.exports = merge({});" }, 'dist/main', { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it.each([
    ["module.exports = { entry: { a: './code/start.ts', b: './code/other.ts' }, output: { filename: '[name].js', path: __dirname + '/dist/' } };", 'webpack.config.js', 'dist/a'],
    ["module.exports = { entry: { 'x/a': path.resolve(__dirname, 'code/start.ts') }, output: { path: path.resolve(__dirname, 'out'), filename: '[name]/index.js' } };", 'cr.config.js', 'out/x/a/index'],
    ["module.exports = { entry: { a: `${__dirname}/code/start`, b: './code/other' }, output: { path: path.join(__dirname, 'dist'), filename: '[name].js' } };", 'webpack.config.js', 'dist/a'],
    ["module.exports = {\n  entry: {\n    // the first\n    a: './code/start.ts',\n  },\n  output: { libraryTarget: 'commonjs2' },\n};", 'webpack.config.js', 'dist/a'],
  ])('takes an entry of webpack by its name: %s', (text, file, output) => {
    const files = { 'fn/package.json': '{}', [`fn/${file}`]: text, 'fn/code/start.ts': '', 'fn/code/other.ts': '' };
    expect(resolve(files, output, { codeDir: 'fn', unitDir: 'fn' })).toEqual({ file: 'fn/code/start.ts' });
    expect(resolve(files, output.replace('a', 'c'), { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
    expect(resolve({ ...files, [`fn/${file}`]: text.replace('[name]', '[contenthash]').replace('libraryTarget', 'filename').replace('commonjs2', '[id].js') }, output, { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it.each([
    ["build({ entryPoints: [path.join(root, 'code/start.ts')], outfile: 'dist/worker.js' })", 'scripts/cli.js'],
    ["build({ entryPoints: [path.join(__dirname, '../code/start.ts'), path.join(__dirname, '../code/other.ts')], outfile: 'dist/worker.js' })", 'scripts/cli.js'],
    ["build({ entryPoints: ['code/start.ts'], outfile: `dist/${name}.js` })", 'scripts/cli.js'],
    ["const here = path.dirname(process.argv[2]);\nbuild({ entryPoints: [path.join(here, '../code/start.ts')], outfile: 'dist/worker.js' })", 'scripts/cli.js'],
    ["module.exports = { entry: { a: './code/start.ts' }, output: { filename: 'worker.js' } };", 'webpack.config.js'],
    ["module.exports = [{ entry: './code/start.ts', output: { filename: 'worker.js' } }, { entry: './code/other.ts', output: { filename: 'worker.js' } }];", 'webpack.config.js'],
    ["module.exports = { entry: './code/start.ts', output: { filename: '[name].js' } };", 'webpack.config.js'],
    ["build({ entryPoints: ['code/start.ts'], outfile: 'dist/worker.js' })", 'lib/pack.js'],
  ])('does not guess the source of an output: %s', (text, file) => {
    const files = { 'fn/package.json': '{}', [`fn/${file}`]: text, 'fn/code/start.ts': '', 'fn/code/other.ts': '' };
    expect(resolve(files, 'dist/worker', { codeDir: 'fn', unitDir: 'fn' })).toHaveProperty('gap');
  });
  it('takes the same path under src or the package when unique', () => {
    expect(resolve(['package.json', 'src/orders/app.ts'], 'dist/orders/app')).toEqual({ file: 'src/orders/app.ts' });
    expect(resolve(['package.json', 'orders/app.js'], '.build/orders/app')).toEqual({ file: 'orders/app.js' });
    expect(resolve(['svc/package.json', 'svc/src/app.ts'], 'app', { unitDir: 'infra', codeDir: 'svc/dist' })).toEqual({ file: 'svc/src/app.ts' });
  });
  it('does not choose between two', () => {
    expect(resolve(['package.json', 'src/app.ts', 'app.ts'], 'dist/app')).toEqual({ gap: 'several sources fit the handler path "dist/app"' });
  });
  it('does not drop a folder that is no build folder', () => {
    expect(resolve(['package.json', 'index.js', 'src/index.js'], 'index', { codeDir: 'lambdas/orders' })).toHaveProperty('gap');
  });
  it('returns output whose source is not there', () => {
    expect(resolve(['package.json', 'dist/app.js'], 'dist/app')).toEqual({ file: 'dist/app.js' });
  });
});

describe('resolveHandlerFile: packages', () => {
  it('finds a workspace package through its name', () => {
    const files = { 'packages/orders/package.json': '{ "name": "@shop/orders" }', 'packages/orders/src/app.ts': '' };
    expect(resolve(files, 'node_modules/@shop/orders/dist/app', { unitDir: 'svc' })).toEqual({ file: 'packages/orders/src/app.ts' });
  });
  it('says that a dependency is no function code', () => {
    expect(resolve(['app.js'], 'node_modules/agent/handler')).toEqual({ gap: 'handler "node_modules/agent/handler" belongs to a dependency' });
  });
  it('survives hostile settings', () => {
    const files = { 'tsconfig.json': '['.repeat(100_000), 'package.json': '{"scripts": {"__proto__": "esbuild a.ts --outfile=../../x.js", "b": 3}}' };
    expect(resolve(files, '__proto__/x')).toHaveProperty('gap');
  });
});
