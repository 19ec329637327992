import { describe, expect, it } from 'vitest';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const handler = 'export const handler = async () => ({ statusCode: 200 });';
const modern = 'export default async (request) => new Response("");';

describe('Netlify functions', () => {
  it('takes files and folders of the default folder', () => {
    expect(brief({
      'site/netlify/functions/a.js': handler, 'site/netlify/functions/b/b.mts': modern, 'site/netlify/functions/c/index.ts': modern, 'site/netlify/functions/c/util.ts': modern,
      'site/netlify/functions/lib.js': 'export const helper = 1;', 'site/netlify/edge-functions/e.ts': modern, 'site/netlify/functions/a.test.js': handler, 'site/netlify/functions/utils/deep/x.js': handler,
    })).toEqual([
      'site/netlify/edge-functions#e netlify/edge site/netlify/edge-functions/e.ts:default', 'site/netlify/functions#a netlify site/netlify/functions/a.js:handler',
      'site/netlify/functions#b netlify site/netlify/functions/b/b.mts:default', 'site/netlify/functions#c netlify site/netlify/functions/c/index.ts:default',
    ]);
  });
  it.each([
    ['[functions]\n  directory = "fns" # here\n'], ['[build]\nfunctions = "fns"\n'], ['[build]\nbase = "/"\n[functions]\ndirectory = \'fns/\'\n'], ['functions.directory = "/fns"\n'],
  ])('reads the folder from %j', (toml) => {
    expect(brief({ 'netlify.toml': toml, 'fns/a.js': handler, 'netlify/functions/b.js': handler })).toEqual(['netlify.toml#a netlify fns/a.js:handler']);
  });
  it('takes the sources that netlify-lambda builds where the functions folder is its output', () => {
    const files = { 'netlify.toml': '[build]\ncommand = "npm run build"\nfunctions = "built"\n', 'src/lambda/a.js': handler, 'src/lambda/lib/helper.js': handler };
    const from = (script: string, extra: Record<string, string> = {}): string[] => brief({ ...files, ...extra, 'package.json': JSON.stringify({ scripts: { 'build:fn': script } }) });
    expect(from('netlify-lambda build src/lambda')).toEqual(['netlify.toml#a netlify src/lambda/a.js:handler']);
    expect(from('NODE_ENV=production netlify-lambda build --config ./webpack.js src/lambda -b x')).toEqual(['netlify.toml#a netlify src/lambda/a.js:handler']);
    expect(from('netlify-lambda build src/lambda', { 'built/b.js': handler })).toEqual(['netlify.toml#b netlify built/b.js:handler']);
    expect(from('netlify-lambda build src/none')).toEqual([]);
    expect(from('tsc -p src/lambda')).toEqual([]);
    expect(brief({ ...files, 'netlify.toml': '[build]\ncommand = "netlify-lambda build src/lambda"\nfunctions = "built"\n' })).toEqual(['netlify.toml#a netlify src/lambda/a.js:handler']);
  });
  it('takes the sources of a functions folder that a build writes', () => {
    const built = (files: Record<string, string>, folder = 'dist/functions'): string[] => brief({ 'netlify.toml': `[build]\nfunctions = "${folder}"\n`, ...files });
    expect(built({ 'src/functions/a.js': handler, 'functions/b.js': handler })).toEqual(['netlify.toml#a netlify src/functions/a.js:handler']);
    expect(built({ 'functions/b.js': handler })).toEqual(['netlify.toml#b netlify functions/b.js:handler']);
    expect(built({ 'src/functions/a.js': handler, 'dist/functions/c.js': handler })).toEqual(['netlify.toml#c netlify dist/functions/c.js:handler']);
    // Of another name, or of no build: nobody knows where it is written.
    expect(built({ 'src/lambda/a.js': handler })).toEqual([]);
    expect(built({ 'src/functions/a.js': handler }, 'site/functions')).toEqual([]);
    expect(built({ 'src/a.js': handler }, 'dist')).toEqual([]);
  });
  it('ignores the settings of one function, and folders outside', () => {
    expect(brief({ 'netlify.toml': '[functions."x"]\ndirectory = "fns"\n', 'fns/a.js': handler, 'netlify/functions/b.js': handler })).toEqual(['netlify.toml#b netlify netlify/functions/b.js:handler']);
    expect(brief({ 'netlify.toml': '[functions]\ndirectory = "../../fns"\n', 'fns/a.js': handler })).toEqual([]);
  });
  it('follows the base of a monorepo, once', () => {
    expect(brief({ 'netlify.toml': '[build]\nbase = "apps/web"\n', 'apps/web/netlify/functions/b.js': handler })).toEqual(['netlify.toml#b netlify apps/web/netlify/functions/b.js:handler']);
    expect(brief({ 'apps/web/netlify.toml': '[build]\nbase = "apps/web"\nfunctions = "fn"\n', 'apps/web/fn/b.js': handler })).toEqual(['apps/web/netlify.toml#b netlify apps/web/fn/b.js:handler']);
  });
  it('reads what invokes a function', () => {
    const found = discovered({
      'netlify.toml': '[functions.nightly]\nschedule = "0 3 * * *"\n[[redirects]]\nfrom = "/api/*"\nto = "/.netlify/functions/:splat"\n',
      'netlify/functions/plain.ts': handler, 'netlify/functions/nightly.ts': modern,
      'netlify/functions/orders.mts': `${modern}\nexport const config = {\n  path: ['/orders', '/orders/:id'],\n  method: ['post'],\n};`,
      'netlify/functions/hourly.ts': `import { schedule } from '@netlify/functions';\nconst run = async () => {};\nconst every = '@hourly';\nexport const handler = schedule(every, run);`,
      'netlify/functions/old.js': "const { schedule } = require('@netlify/functions');\nexports.handler = schedule('@weekly', async () => {});",
      'netlify/functions/weekly.mts': `${modern}\nexport const config: Config = {\n  schedule: '@weekly',\n};`,
      'netlify/functions/work-background.ts': modern, 'netlify/functions/submission-created.js': handler, 'netlify/functions/identity-signup.js': handler,
      'netlify/functions/site.mts': 'export default {\n  fetch(request) {},\n  deploySucceeded(event) {},\n};',
    });
    expect(triggersOf(found, 'plain')).toEqual(['http * /.netlify/functions/plain | * /api/plain']);
    expect(triggersOf(found, 'orders')).toEqual(['http POST /orders | POST /orders/:id']);
    expect(find(found, 'orders').triggers[0]).toMatchObject({ auth: { kind: 'none' }, location: { file: 'netlify/functions/orders.mts', line: 3 } });
    expect(triggersOf(found, 'nightly')).toEqual(['schedule 0 3 * * *']);
    expect(find(found, 'nightly').triggers[0]?.location).toMatchObject({ file: 'netlify.toml', line: 2 });
    expect(triggersOf(found, 'hourly')).toEqual(['schedule @hourly']);
    expect(triggersOf(found, 'old')).toEqual(['schedule @weekly']);
    expect(find(found, 'weekly').triggers).toMatchObject([{ kind: 'schedule', location: { line: 3 } }]);
    expect(find(found, 'work-background').triggers).toMatchObject([{ kind: 'http', source: 'background' }]);
    expect(triggersOf(found, 'submission-created')).toEqual(['bus']);
    expect(triggersOf(found, 'identity-signup')).toEqual(['auth']);
    expect(find(found, 'site')).toMatchObject({ handlers: [{ export: 'default.fetch' }, { export: 'default.deploySucceeded' }], triggers: [{ kind: 'http' }, { kind: 'bus', source: 'deploySucceeded', handlerExport: 'default.deploySucceeded' }] });
  });
  it('reads settings: the own block, patterns, what holds for all', () => {
    const found = discovered({
      'netlify.toml': '[functions]\nnode_bundler = "esbuild"\nexternal_node_modules = ["sharp"]\n[functions."api_*"]\nincluded_files = ["data/**", "!data/big/**"]\nmemory = "2gb"\n[functions.api_b]\ntimeout = 20\nexternal_node_modules = ["pg"]\n',
      'netlify/functions/api_b.ts': handler, 'netlify/functions/other.mts': `${modern}\nexport const config = { memory: 512, region: 'fra' };`,
    });
    expect(find(found, 'api_b')).toMatchObject({
      timeoutSeconds: { value: 20, location: { file: 'netlify.toml', line: 8 } }, memoryMb: { value: 2_048, location: { line: 6 } },
      packaging: { form: 'bundled', tool: 'esbuild', include: ['data/**'], exclude: ['data/big/**'], external: ['pg', 'sharp'] },
      declaredAt: [{ file: 'netlify/functions/api_b.ts' }, { file: 'netlify.toml', line: 4 }, { file: 'netlify.toml', line: 7 }],
    });
    expect(find(found, 'other')).toMatchObject({ memoryMb: { value: 512 }, region: { value: 'fra' }, packaging: { external: ['sharp'] } });
  });
  it('finds the entry point behind another module, and reports a broken file', () => {
    const found = discovered({ 'netlify.toml': '[functions\ndirectory = "x"\n', 'netlify/functions/a.ts': "export * from '../../src/a';", 'src/a.ts': handler, 'netlify/functions/lib.ts': "export * from '../../src/b';", 'src/b.ts': 'export const b = 1;' });
    expect(found.functions.map((fn) => [fn.name, fn.handlers])).toEqual([['a', [{ file: 'netlify/functions/a.ts', export: 'handler', kind: 'handler' }]]]);
    expect(found.problems).toMatchObject([{ file: 'netlify.toml', reason: expect.stringContaining('line 1') as unknown }]);
  });
});

describe('Netlify edge functions', () => {
  it('reads paths of the module and of the site, and says what has none or is not there', () => {
    const found = discovered({
      'netlify.toml': '[build]\nedge_functions = "edge"\n[[edge_functions]]\nfunction = "geo"\npath = "/*"\nmethod = "GET"\n[[edge_functions]]\nfunction = "gone"\npath = "/x"\n',
      'edge/geo.ts': modern, 'edge/hello/index.ts': `${modern}\nexport const config = { path: '/hello' };`, 'edge/loose.js': modern, 'edge/lib.ts': 'export const x = 1;',
    });
    expect(found.functions.map((fn) => [fn.id, fn.generation])).toEqual([['netlify.toml#geo', 'edge'], ['netlify.toml#hello', 'edge'], ['netlify.toml#loose', 'edge']]);
    expect(triggersOf(found, 'geo')).toEqual(['http GET /*']);
    expect(find(found, 'geo').declaredAt).toMatchObject([{ file: 'edge/geo.ts' }, { file: 'netlify.toml', line: 3 }]);
    expect(triggersOf(found, 'hello')).toEqual(['http * /hello']);
    expect(triggersOf(found, 'loose')).toEqual([]);
    expect(found.gaps).toMatchObject([{ kind: 'trigger', file: 'edge/loose.js' }, { kind: 'handler', file: 'netlify.toml', line: 7 }]);
  });
});
