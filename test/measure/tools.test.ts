import { describe, expect, it } from 'vitest';
import { declaredLayers } from '../../src/measure/layers.ts';
import { measure } from '../../src/measure/measure.ts';
import type { BundleResult } from '../../src/model/finding.ts';
import type { BuildOption, Resource, ServerlessFunction } from '../../src/model/function.ts';
import { code, fn, folderFn, literal, pack, project } from './tree.ts';
import type { Tree } from './tree.ts';

const uses = (...names: readonly string[]): string => `${names.map((name, index) => `import * as p${index} from '${name}';`).join('\n')}\nexport const handler = async () => [${names.map((_, index) => `p${index}`).join(', ')}];\n`;
const build = (options: Readonly<Record<string, BuildOption>>, over: object = {}) => ({ build: { options: new Map(Object.entries(options)), install: [], unread: [], ...over } });
const handler = (file: string, name = 'handler') => ({ handlers: [{ file, export: name, kind: 'handler' }] });

async function one(tree: Tree, target: ServerlessFunction, options: Parameters<typeof measure>[2] = {}): Promise<BundleResult> {
  const [result] = await measure(project(tree).workspace, [target], options);
  if (result === undefined) throw new Error('nothing');
  return result;
}

describe('settings of bundlers', () => {
  const source = { 'src/app.ts': `export const handler = () => (process.env.MODE === 'big' ? ${JSON.stringify('x'.repeat(10_000))} : 'small');\n` };
  const plain = (over: object = {}): Promise<BundleResult> => one(source, fn('app', {}, { minify: true, ...over }));

  it.each<[string, Readonly<Record<string, BuildOption>>, (with_: number, without: number) => boolean]>([
    ['define leaves out what is then dead', { define: new Map([['process.env.MODE', '"small"']]) }, (a, b) => a < b - 9_000],
    ['a banner is added', { banner: `/*${'b'.repeat(500)}*/` }, (a, b) => a >= b + 500],
    ['an unknown platform is none', { platform: 'atari' }, (a, b) => a === b],
    ['a loader of no known name is none', { loader: new Map([['.ts', 'explode']]) }, (a, b) => a === b],
  ])('%s', async (_title, options, holds) => {
    const [changed, usual] = [await plain(build(options)), await plain()];
    expect(changed.status).toBe('measured');
    expect(holds(changed.bytes ?? 0, usual.bytes ?? 0), `${changed.bytes} and ${usual.bytes}`).toBe(true);
  });

  it('loads what a loader is set for, beside the bundle or in it', async () => {
    const tree = { 'src/app.ts': `import logo from './logo.png';\nexport const handler = () => logo;\n`, 'src/logo.png': Buffer.alloc(9_000, 5) };
    expect(await one(tree, fn('app'))).toMatchObject({ status: 'notMeasured', reason: 'no loader is known for src/logo.png' });
    for (const loader of ['file', 'copy', 'binary']) expect((await one(tree, fn('app', {}, build({ loader: new Map([['.png', loader]]) })))).bytes, loader).toBeGreaterThan(9_000);
  });

  it('follows replacements and puts injected files into each bundle', async () => {
    const tree = { 'p/app.ts': uses('@lib/data'), 'p/lib/data.ts': `export const d = ${JSON.stringify('d'.repeat(8_000))};`, 'p/shim.js': `globalThis.shim = ${JSON.stringify('s'.repeat(4_000))};` };
    const target = (options: Readonly<Record<string, BuildOption>>) => fn('app', handler('p/app.ts'), build(options, { folder: 'p' }));
    expect((await one(tree, target({ alias: new Map([['@lib', './lib']]), inject: ['shim.js'] }))).bytes).toBeGreaterThan(12_000);
    expect((await one(tree, target({ alias: new Map([['@lib', '../../outside']]) }))).status).toBe('notMeasured');
    expect((await one(tree, target({ alias: new Map([['@lib', './lib']]), inject: ['../../outside.js'] }))).bytes).toBeLessThan(10_000);
  });

  it('takes the named configuration of the compiler', async () => {
    const tree = { 'src/app.tsx': `export const handler = () => <b>{'x'}</b>;`, 'tsconfig.build.json': { compilerOptions: { jsx: 'react', jsxFactory: 'aVeryLongNameOfAFactory' } } };
    const target = (options: Readonly<Record<string, BuildOption>>) => fn('app', handler('src/app.tsx'), build(options));
    expect((await one(tree, target({ tsconfig: 'tsconfig.build.json' }))).bytes).toBe(((await one(tree, target({}))).bytes ?? 0) + 'aVeryLongNameOfAFactory'.length - 'React.createElement'.length);
  });

  it('names settings that could not be read: the size is an estimate', async () => {
    expect((await plain(build({}, { unread: ['commandHooks', 'plugins'] }))).assumptions).toEqual(['measured without settings that could not be read: commandHooks, plugins']);
  });

  it('counts a source map where the tool ships it, and not for Workers', async () => {
    const [aws, worker] = [await plain({ sourceMap: true, by: 'sam' }), await one(source, fn('app', { platform: 'cloudflare' }, { minify: true, sourceMap: true, by: 'wrangler', format: 'esm' }))];
    expect(aws.bytes).toBeGreaterThan(20_000);
    expect(worker.bytes).toBeLessThan(12_000);
  });

  it('a setting that the bundler refuses costs only the functions that have it', async () => {
    const { workspace } = project({ 'src/a.ts': 'export const handler = () => 1;', 'src/b.ts': 'export const handler = () => 1;' });
    const [bad, good] = await measure(workspace, [fn('a', {}, build({ define: new Map([['not a name', '{']]) })), fn('b')]);
    expect([bad?.status, good?.status]).toEqual(['notMeasured', 'measured']);
  });
});

describe('what tools leave out and install', () => {
  const tree = { 'src/app.ts': uses('@aws-sdk/client-s3', 'aws-sdk', 'inside', 'beside'), ...pack('@aws-sdk/client-s3', 10_000), ...pack('aws-sdk', 20_000), ...pack('inside', 40_000), ...pack('beside', 80_000) };

  it.each<[string, object, number]>([
    ['CDK leaves SDK v3 out and installs nodeModules', { by: 'cdk', external: ['beside'], build: { options: new Map(), install: ['beside'], unread: [] } }, 140_000],
    ['CDK with a list of its own', { by: 'cdk', external: ['inside'], build: { options: new Map(), install: [], ownExternals: true, unread: [] } }, 110_000],
    ['SAM leaves out what is listed', { by: 'sam', external: ['beside'] }, 70_000],
    ['SAM without any package', { by: 'sam', external: ['./node_modules/*'] }, 0],
    ['serverless-esbuild leaves SDK v2 out and installs externals', { by: 'serverless-esbuild', external: ['beside'], build: { options: new Map(), install: ['beside'], unread: [] } }, 130_000],
    ['serverless-esbuild with exclusions of its own', { by: 'serverless-esbuild', external: ['beside'], build: { options: new Map(), install: [], ownExternals: true, unread: [] } }, 70_000],
    ['Serverless 4 leaves SDK v3 out', { by: 'serverless' }, 140_000],
    ['packages: external', { by: 'sam', build: { options: new Map([['packages', 'external']]), install: [], unread: [] } }, 0],
  ])('%s', async (_title, over, bytes) => {
    const result = await one(tree, fn('app', {}, over));
    expect(result.status).toBe('measured');
    expect(Math.abs((result.bytes ?? 0) - bytes)).toBeLessThan(4_000);
  });

  it('other bundlers are estimates', async () => {
    expect((await one(tree, fn('app', {}, { tool: 'webpack', by: 'serverless-webpack' }))).assumptions).toEqual(['measured with esbuild; webpack may give another size']);
  });
});

describe('one archive for a service', () => {
  it('holds the bundles of all its functions', async () => {
    const { workspace } = project({ 'src/a.ts': uses('big'), 'src/b.ts': uses('big'), 'src/c.ts': 'export const handler = () => 1;', ...pack('big', 30_000) });
    const together = await measure(workspace, ['a', 'b', 'c'].map((name) => fn(name, {}, { oneArchive: true })));
    const alone = await measure(workspace, ['a', 'b', 'c'].map((name) => fn(name)));
    expect(new Set(together.map(({ bytes }) => bytes))).toEqual(new Set([alone.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)]));
    expect(new Set(together.map((item) => item.package)).size).toBe(1);
    expect(new Set(alone.map((item) => item.package)).size).toBe(3);
  });

  it('of another service are not in it', async () => {
    const { workspace } = project({ 'src/a.ts': 'export const handler = () => 1;', 'src/b.ts': `export const handler = () => ${JSON.stringify('b'.repeat(9_000))};` });
    const [a] = await measure(workspace, [fn('a', {}, { oneArchive: true }), fn('b', { unit: 'other.yml', id: 'other.yml#b' }, { oneArchive: true })]);
    expect(a?.bytes).toBeLessThan(2_000);
  });

  it('takes files that patterns add, and not what they leave out', async () => {
    const tree = { 'src/app.ts': 'export const handler = () => 1;', 'views/a.html': 'a'.repeat(5_000), 'views/b.tmp': 'b'.repeat(50_000), 'node_modules/x/views/c.html': 'c'.repeat(50_000) };
    const [result] = await measure(project(tree).workspace, [fn('app', {}, { include: ['views/**', '!**/*.tmp'] })]);
    expect(Math.abs((result?.bytes ?? 0) - 5_000)).toBeLessThan(1_500);
  });
});

describe('traced files', () => {
  const tree: Tree = {
    'package.json': { type: 'module' }, 'api/app.ts': `import { small } from 'traced';\nexport default () => small;\n`,
    'node_modules/traced/package.json': { name: 'traced', main: 'main.js', module: 'module.js' }, 'node_modules/traced/main.js': `exports.small = require('./lib.js'); ${code(20_000)}`, 'node_modules/traced/module.js': code(90_000), 'node_modules/traced/lib.js': code(10_000), 'node_modules/traced/README.md': 'r'.repeat(50_000),
    'api/data.csv': 'd'.repeat(7_000),
  };
  const vercel = (over: object = {}) => fn('app', { platform: 'vercel', unit: 'vercel.json', ...handler('api/app.ts', 'default') }, { tool: 'vercel', format: 'esm', ...over });

  it('are what the imports reach as Node.js resolves them, with manifests, and what is included', async () => {
    const result = await one(tree, vercel({ include: ['api/*.csv'] }));
    expect(result).toMatchObject({ status: 'measured', assumptions: ['files that code opens by name are not traced'] });
    const expected = code(20_000).length + code(10_000).length + 7_000;
    expect(Math.abs((result.bytes ?? 0) - expected)).toBeLessThan(600);
    expect(result.contributors?.[0]).toMatchObject({ name: 'traced', chain: ['api/app.ts', 'traced'] });
  });

  it.each<[string, Partial<ServerlessFunction>, RegExp]>([
    ['the second generation', handler('api/app.ts', 'default'), /not traced/],
    ['CommonJS', handler('api/old.js'), /whole packages/],
  ])('Netlify traces %s', async (_title, over, assumption) => {
    const result = await one({ ...tree, 'package.json': {}, 'api/old.js': `exports.handler = () => require('traced');` }, fn('app', { platform: 'netlify', ...over }, { tool: 'netlify' }));
    expect(result.assumptions?.join()).toMatch(assumption);
    expect(result.bytes).toBeGreaterThan(29_000);
  });

  it('Netlify bundles TypeScript of the first', async () => {
    const result = await one({ ...tree, 'api/first.ts': `import { small } from 'traced';\nexport const handler = async () => small;\n` }, fn('app', { platform: 'netlify', ...handler('api/first.ts') }, { tool: 'netlify' }));
    expect(result).not.toHaveProperty('assumptions');
    expect(result.status).toBe('measured');
  });

  it('skip a package that is only tried, and miss one that is needed', async () => {
    expect((await one({ ...tree, 'api/app.ts': `let p; try { p = require('absent'); } catch {}\nexport default () => p;\n` }, vercel())).status).toBe('measured');
    expect(await one({ ...tree, 'api/app.ts': uses('absent') }, vercel())).toMatchObject({ status: 'notMeasured', fix: 'npm install absent' });
  });
});

describe('packages that no declaration describes', () => {
  const without = (over: Partial<ServerlessFunction>): ServerlessFunction => { const { packaging: _, ...rest } = fn('app', { foundBy: 'convention', ...over }); return rest; };
  const tree: Tree = { 'functions/package.json': { main: 'index.js', dependencies: { dep: '1' }, devDependencies: { tool: '1' } }, 'functions/index.js': code(5_000), 'functions/.gcloudignore': '# no\ntest/\n*.log\n', 'functions/test/a.js': code(50_000), 'functions/x.log': 'l'.repeat(50_000), ...pack('dep', 9_000, {}, 'functions/node_modules'), ...pack('tool', 70_000, {}, 'functions/node_modules') };

  it.each(['google', 'firebase'] as const)('%s uploads the folder of the manifest', async (platform) => {
    const result = await one(tree, without({ platform, unit: 'firebase.json', ...handler('functions/index.js') }));
    expect(result.status).toBe('measured');
    expect(Math.abs((result.bytes ?? 0) - 14_000)).toBeLessThan(1_000);
    expect(result).not.toHaveProperty('assumptions');
  });

  it('Azure uploads the folder of host.json', async () => {
    const result = await one({ ...tree, 'functions/host.json': {}, 'functions/.funcignore': 'test\nx.*' }, without({ platform: 'azure', unit: 'functions/host.json', ...handler('functions/index.js') }));
    expect(Math.abs((result.bytes ?? 0) - 14_000)).toBeLessThan(1_000);
  });

  it('says when what is built is not there', async () => {
    expect((await one({ ...tree, 'functions/package.json': { main: 'lib/index.js' } }, without({ platform: 'firebase', ...handler('functions/index.js') }))).assumptions).toEqual(['its build output is not there: sources are measured in its place']);
  });

  it.each<[string, Partial<ServerlessFunction>, Tree, RegExp]>([
    ['Next.js', { platform: 'vercel', ...handler('app/route.ts') }, { 'package.json': { dependencies: { next: '16' } }, 'app/route.ts': '' }, /^Next\.js makes its package$/],
    ['edge functions', { platform: 'netlify', generation: 'edge', ...handler('edge/a.ts') }, { 'edge/a.ts': '' }, /^edge functions are not measured$/],
    ['what is known by its code only', { platform: 'google', foundBy: 'evidence', ...handler('functions/index.js') }, tree, /not known$/],
    ['Lambda', { ...handler('functions/index.js') }, tree, /not known$/],
  ])('does not measure %s', async (_title, over, files, reason) => {
    expect((await one(files, without(over))).reason).toMatch(reason);
  });
});

describe('npm pack, as AWS SAM uses it', () => {
  const bytesOf = async (files: Tree): Promise<number> => (await one(files, folderFn('app', 'f', handler('f/a.js')))).bytes ?? 0;
  const base: Tree = { 'f/package.json': {}, 'f/a.js': code(1_000), 'f/lib/b.js': code(2_000), 'f/test/c.js': code(40_000), 'f/package-lock.json': 'x'.repeat(90_000) };
  const near = (bytes: number, expected: number): void => expect(Math.abs(bytes - expected), String(bytes)).toBeLessThan(500);

  it('leaves out lock files, and what ignore files list', async () => {
    near(await bytesOf(base), 43_000);
    near(await bytesOf({ ...base, 'f/.gitignore': 'test/\n' }), 3_000);
    near(await bytesOf({ ...base, 'f/.gitignore': 'test/\n', 'f/.npmignore': '*.tmp\n' }), 43_000);
    near(await bytesOf({ ...base, 'f/.npmignore': '*.js\n!lib/*.js\n' }), 2_000);
  });

  it('takes what files lists, the manifest and the main file', async () => {
    near(await bytesOf({ ...base, 'f/package.json': { files: ['lib'], main: 'a.js' } }), 3_000);
    near(await bytesOf({ ...base, 'f/package.json': { files: ['**/*.js', '!test/**'] } }), 3_000);
    near(await bytesOf({ ...base, 'f/package.json': { files: [] }, 'f/README.md': 'r'.repeat(700) }), 700);
  });

  it('is not what other tools do', async () => {
    near((await one({ ...base, 'f/.npmignore': 'test' }, folderFn('app', 'f', handler('f/a.js'), { tool: 'terraform' }))).bytes ?? 0, 133_000);
  });
});

describe('the command that mends a size', () => {
  const tree = (lock: string): Tree => ({ 'svc/package.json': { dependencies: { gone: '1' } }, [`svc/${lock}`]: '{}', 'svc/src/app.ts': uses('gone') });

  it.each([
    ['package-lock.json', 'npm ci --prefix svc'], ['yarn.lock', 'yarn --cwd svc install --frozen-lockfile'], ['pnpm-lock.yaml', 'pnpm --dir svc install --frozen-lockfile'], ['bun.lock', 'bun install --cwd svc --frozen-lockfile'], ['other.txt', 'npm install --prefix svc'],
  ])('of %s', async (lock, fix) => expect((await one(tree(lock), fn('app', handler('svc/src/app.ts')))).fix).toBe(fix));

  it('takes the lock file of the workspace above', async () => {
    expect((await one({ ...tree('none'), 'package.json': { workspaces: ['svc'] }, 'package-lock.json': '{}' }, fn('app', handler('svc/src/app.ts')))).fix).toBe('npm ci');
  });

  it('adds a package that no manifest lists', async () => {
    expect((await one({ 'package.json': {}, 'package-lock.json': '{}', 'src/app.ts': uses('@scope/gone/deep') }, fn('app'))).fix).toBe('npm install @scope/gone');
  });

  it.each<[string, string, string]>([
    ['package-lock.json', '{"packages":{"node_modules/@scope/gone":{}}}', 'npm ci'], ['package-lock.json', '{"packages":{"node_modules/@scope/gone-away":{}}}', 'npm install --prefix svc @scope/gone'],
    ['yarn.lock', '# yarn lockfile v1\n\n"@scope/gone@^1.0.0":\n  version "1.0.0"\n', 'yarn install --frozen-lockfile'], ['yarn.lock', '# yarn lockfile v1\n\n"@other/gone@^1.0.0":\n', 'npm install --prefix svc @scope/gone'],
    ['pnpm-lock.yaml', "packages:\n  '@scope/gone@1.0.0':\n    resolution: {}\n", 'pnpm install --frozen-lockfile'], ['bun.lock', '{ "packages": { "@scope/gone": ["@scope/gone@1.0.0"] } }', 'bun install --frozen-lockfile'],
  ])('of a package that only another workspace lists: %s %s', async (lock, text, fix) => {
    expect((await one({ 'package.json': { workspaces: ['svc'] }, [lock]: text, 'svc/package.json': {}, 'svc/src/app.ts': uses('@scope/gone') }, fn('app', handler('svc/src/app.ts')))).fix).toBe(fix);
  });

  it('quotes names that a shell would obey', async () => {
    const folder = "a b;$(touch x)'";
    expect((await one({ [`${folder}/package.json`]: { dependencies: { gone: '1' } }, [`${folder}/package-lock.json`]: '{}', [`${folder}/app.ts`]: uses('gone') }, fn('app', handler(`${folder}/app.ts`)))).fix).toBe(`npm ci --prefix 'a b;$(touch x)'\\'''`);
  });
});

describe('layers of the infrastructure', () => {
  const layer = (type: string, properties: Readonly<Record<string, string>>): Resource => ({ id: 'app/template.yaml#L', unit: 'app/template.yaml', logicalId: 'L', kind: 'other', type, location: { file: 'app/template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }, properties: { kind: 'object', entries: Object.entries(properties).map(([name, value]) => [name, literal(value)] as const) } });

  it.each<[string, Resource, string | undefined]>([
    ['AWS SAM', layer('AWS::Serverless::LayerVersion', { ContentUri: './shared/' }), 'app/shared'],
    ['a folder above', layer('AWS::Serverless::LayerVersion', { ContentUri: '../shared' }), 'shared'],
    ['a bucket', layer('AWS::Serverless::LayerVersion', { ContentUri: 's3://bucket/key' }), undefined],
    ['outside', layer('AWS::Serverless::LayerVersion', { ContentUri: '../../shared' }), undefined],
    ['a queue', layer('AWS::SQS::Queue', { ContentUri: 'shared' }), undefined],
  ])('%s', (_title, resource, folder) => expect(declaredLayers([resource]).get('app/template.yaml#L')).toBe(folder));

  it('count with the functions that name them', async () => {
    const target = fn('app', { layers: [{ kind: 'resource', unit: 'template.yaml', id: 'L' }] });
    const result = await one({ 'src/app.ts': 'export const handler = () => 1;', 'shared/nodejs/a.js': code(30_000) }, target, { layers: new Map([['template.yaml#L', 'shared']]) });
    expect(result.bytes).toBeGreaterThan(30_000);
    expect(result.zippedBytes).toBeLessThan(2_000);
  });
});
