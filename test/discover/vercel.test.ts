import { describe, expect, it } from 'vitest';
import { hostOf } from '../../src/discover/vercel-platform.ts';
import { memoryWorkspace } from './memory-workspace.ts';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const code = 'export default function handler(req, res) {}';

describe('Vercel api folder', () => {
  it('takes functions of a project, with default exports, methods and web servers', () => {
    expect(brief({
      'vercel.json': '{}', 'api/a.ts': code, 'api/b/[id].js': 'module.exports = (req, res) => {};', 'api/c.ts': 'export async function GET() {}\nexport function POST() {}',
      'api/w.ts': 'export default { fetch(request) { return new Response(""); } }',
      'api/_util.ts': 'export default 1', 'api/types.d.ts': 'export default 1', 'api/d.ts': 'export const helper = 1;', 'api/a.test.ts': 'export default 1', 'api/.x/a.js': code, 'api/readme.md': '',
    })).toEqual([
      'vercel.json#api/a vercel api/a.ts:default', 'vercel.json#api/b/[id] vercel api/b/[id].js:default', 'vercel.json#api/c vercel api/c.ts:GET,api/c.ts:POST', 'vercel.json#api/w vercel api/w.ts:default',
    ]);
  });
  it('needs a sign of Vercel beside the folder', () => {
    expect(brief({ 'api/a.ts': code, 'package.json': '{"dependencies":{"express":"4"}}' })).toEqual([]);
    expect(brief({ 'x/api/a.ts': code, 'x/package.json': '{"devDependencies":{"@vercel/node":"3"}}' })).toEqual(['x/package.json#api/a vercel x/api/a.ts:default']);
    expect(brief({ 'vercel.json': '{}', 'src/api/a.ts': code })).toEqual([]);
    expect(brief({ 'x/api/a.ts': code, 'x/package.json': '{"devDependencies":{"@vercel/ncc":"3"}}' })).toEqual([]);
  });
  it('takes a button that deploys the folder for a sign', () => {
    const files = { 'bot/package.json': '{}', 'bot/api/events.ts': 'export async function POST(request: Request) {}' };
    expect(brief(files)).toEqual([]);
    expect(brief({ ...files, 'bot/README.md': '[Deploy](https://vercel.com/new/clone?repository-url=x)' })).toEqual(['bot/package.json#api/events vercel bot/api/events.ts:POST']);
  });
  it('reads settings of vercel.json and of the module, the first pattern that matches', () => {
    const found = discovered({
      'vercel.json': '{\n  "regions": ["fra1"],\n  "functions": {\n    "api/{slow,other}.ts": {\n      "memory": 512,\n      "maxDuration": 60,\n      "includeFiles": "data/**"\n    },\n    "api/**": { "maxDuration": 5 }\n  }\n}',
      'package.json': '{\n  "engines": { "node": "22.x" }\n}',
      'api/slow.ts': code, 'api/edge.ts': `// edge\nexport const config = {\n  runtime: 'edge',\n  regions: ['iad1', 'hnd1'],\n  maxDuration: 20,\n};\n${code}`,
    });
    expect(find(found, 'api/slow')).toMatchObject({
      timeoutSeconds: { value: 60, location: { file: 'vercel.json', line: 6 } }, memoryMb: { value: 512, location: { line: 5 } }, packaging: { include: ['data/**'] }, region: { value: 'fra1' },
      runtime: { value: 'nodejs22.x', location: { file: 'package.json', line: 2 } }, declaredAt: [{ file: 'api/slow.ts', line: 1 }, { file: 'vercel.json', line: 4 }],
    });
    expect(find(found, 'api/edge')).toMatchObject({
      generation: 'edge', timeoutSeconds: { value: 20, location: { file: 'api/edge.ts', line: 5 } }, runtime: { value: 'edge', location: { line: 3 } }, region: { value: 'iad1' },
    });
  });
  it('says nothing of an open range of Node versions', () => {
    expect(find(discovered({ 'vercel.json': '{}', 'package.json': '{"engines":{"node":">=18"}}', 'api/a.ts': code }), 'api/a').runtime).toBeUndefined();
  });
  it('gives routes, crons and rewrites as triggers, and says which cron leads nowhere', () => {
    const found = discovered({
      'vercel.json': '{\n"crons": [\n{ "path": "/api/jobs/night?x=1", "schedule": "0 3 * * *" },\n{ "path": "/api/gone", "schedule": "@daily" }],\n"rewrites": [{ "source": "/(.*)", "destination": "/api" }, { "source": "/x", "destination": "https://example.com/api" }] }',
      'api/jobs/[name].ts': code, 'api/index.ts': 'export const GET = () => {};\nexport const POST = () => {};',
    });
    expect(triggersOf(found, 'api/jobs/[name]')).toEqual(['http * /api/jobs/{name}', 'schedule 0 3 * * * GET /api/jobs/night?x=1']);
    expect(find(found, 'api/jobs/[name]').triggers[1]?.location).toMatchObject({ file: 'vercel.json', line: 3 });
    expect(triggersOf(found, 'api/index')).toEqual(['http GET /api | GET /(.*)', 'http POST /api | POST /(.*)']);
    expect(find(found, 'api/index').triggers.map((trigger) => [trigger.handlerExport, trigger.auth?.kind])).toEqual([['GET', 'none'], ['POST', 'none']]);
    expect(found.gaps).toMatchObject([{ kind: 'trigger', file: 'vercel.json', line: 4 }]);
  });
  it('takes only what builds name where there are builds', () => {
    expect(brief({
      'now.json': '{ "version": 2, "builds": [{ "src": "src/*.js", "use": "@now/node" }, { "src": "www/**", "use": "@now/static" }] }',
      'src/server.js': 'module.exports = (req, res) => {};', 'src/deep/x.js': 'module.exports = 1;', 'www/a.js': code, 'api/a.js': code,
    })).toEqual(['now.json#src/server vercel src/server.js:default']);
  });
  it('takes the source of output that builds name', () => {
    const config = (source: string): string => JSON.stringify({ version: 2, builds: [{ src: source, use: '@vercel/node' }], routes: [{ src: '/(.*)', dest: source }] });
    const found = discovered({ 'vercel.json': config('apps/bot/dist/index.js'), 'apps/bot/package.json': '{}', 'apps/bot/src/index.ts': code });
    expect(found.functions.map((fn) => [fn.name, fn.foundBy, fn.handlers[0]?.file, fn.declaredAt[0]?.file])).toEqual([['apps/bot/dist/index', 'convention', 'apps/bot/src/index.ts', 'vercel.json']]);
    expect(triggersOf(found, 'apps/bot/dist/index')).toEqual(['http * /apps/bot/dist/index | * /(.*)']);
    expect(triggersOf(discovered({ 'vercel.json': '{"routes":[{"src":"/x/(.*)","dest":"api/index.js"},{"src":"/y","dest":"https://api/index"}]}', 'api/index.js': code }), 'api/index')).toEqual(['http * /api | * /x/(.*)']);
    expect(brief({ 'vercel.json': config('dist/main.js'), 'package.json': '{"scripts":{"build":"nest build"}}', 'tsconfig.json': '{"compilerOptions":{"outDir":"./dist"}}', 'src/main.ts': "import express from 'express'; express().listen(3000);" })).toEqual(['vercel.json#dist/main vercel src/main.ts:default']);
    const lost = discovered({ 'vercel.json': config('out/main.js'), 'package.json': '{}', 'src/a.ts': code });
    expect(lost.functions).toEqual([]);
    expect(lost.gaps).toMatchObject([{ kind: 'handler', file: 'vercel.json', line: 1 }]);
  });
  it('reads queues and survives a broken file', () => {
    expect(triggersOf(discovered({ 'vercel.json': '{"functions":{"api/q.ts":{"experimentalTriggers":[{"type":"queue/v1beta","topic":"orders"}]}}}', 'api/q.ts': code }), 'api/q')).toEqual(['http * /api/q', 'queue']);
    const broken = discovered({ 'vercel.json': '{"functions":', 'api/a.ts': code });
    expect(broken.problems.map((problem) => problem.file)).toEqual(['vercel.json']);
    expect(broken.functions).toHaveLength(1);
  });
});

describe('who deploys an application', () => {
  it('asks for files that are not listed too', () => {
    expect(hostOf(memoryWorkspace({ 'package.json': '{}' }, { Dockerfile: 'FROM node' }), '')).toEqual({ kind: 'other', name: 'a container', file: 'Dockerfile' });
    expect(hostOf(memoryWorkspace({ 'a/package.json': '{}' }, { 'a/Dockerfile': 'FROM node', 'a/.vercelignore': 'x' }), 'a')).toEqual({ kind: 'vercel', file: 'a/.vercelignore' });
    expect(hostOf(memoryWorkspace({ 'package.json': '{"scripts":{"deploy":"vercel --prod"}}' }), '')).toEqual({ kind: 'vercel', file: 'package.json' });
    expect(hostOf(memoryWorkspace({ 'package.json': '{"dependencies":{"@vercel/og":"1"}}' }), '')).toBeUndefined();
  });
});

describe('libraries of Vercel beside the file of another platform', () => {
  const host = (dependency: string, file: string) => hostOf(memoryWorkspace({ 'package.json': `{"dependencies":{"${dependency}":"1"}}`, [file]: '' }), '')?.kind;
  it.each([['@vercel/functions', 'amplify.yml'], ['@vercel/analytics', 'sst.config.ts'], ['@vercel/blob', 'fly.toml']])('%s runs there too, which %s says', (dependency, file) => expect(host(dependency, file)).toBe('other'));
  it.each([['@vercel/functions', 'Dockerfile'], ['@vercel/analytics', 'a.yml'], ['@vercel/node', 'amplify.yml'], ['vercel', 'amplify.yml']])('%s is on Vercel beside %s', (dependency, file) => expect(host(dependency, file)).toBe('vercel'));
});

describe('a server of Next.js of its own', () => {
  const host = (config: string, more: Record<string, string> = {}, hidden: Record<string, string> = {}) =>
    hostOf(memoryWorkspace({ 'package.json': '{"dependencies":{"next":"16","@vercel/otel":"2"}}', 'next.config.ts': config, ...more }, hidden), '')?.kind;
  const chosen = "export default { output: process.env.ALONE === 'true' ? 'standalone' : undefined };";
  it.each<[string, string, Record<string, string>, Record<string, string>, string]>([
    ['is what the output says', "export default { output: 'standalone' };", {}, {}, 'other'],
    ['is one of two outputs beside a container file', chosen, {}, { Dockerfile: 'FROM node' }, 'other'],
    ['is one of two outputs', chosen, {}, {}, 'vercel'],
    ['gives way to a file of Vercel', "export default { output: 'standalone' };", { 'vercel.json': '{}' }, {}, 'vercel'],
    ['is no other output', "export default { output: 'export' };", {}, {}, 'vercel'],
  ])('%s', (_, config, more, hidden, expected) => expect(host(config, more, hidden)).toBe(expected));

  it('gives way to a library that runs on Vercel alone', () => {
    expect(hostOf(memoryWorkspace({ 'package.json': '{"dependencies":{"@vercel/node":"3"}}', 'next.config.ts': "export default { output: 'standalone' };" }), '')?.kind).toBe('vercel');
  });
});

describe('a container file above an application', () => {
  const host = (dockerfile: string, at = 'site/Dockerfile') => hostOf(memoryWorkspace({ 'site/webapp/package.json': '{}' }, { [at]: dockerfile }), 'site/webapp')?.kind;
  it.each(['WORKDIR site/webapp', 'FROM node\nCOPY site/webapp .', 'COPY --from=build /app/site/webapp ./', 'COPY ./site/webapp/ ./site/webapp/', 'COPY webapp/ ./'])('packs it: %s', (text) => expect(host(text)).toBe('other'));
  it.each(['COPY . .', 'COPY site/webapp-docs .', 'COPY site/webapp/package.json .', 'RUN echo site/webapp'])('says nothing of it: %s', (text) => expect(host(text)).toBeUndefined());
});

describe('a firebase.json beside an application', () => {
  const host = (text: string, at = 'firebase.json') => hostOf(memoryWorkspace({ 'web/package.json': '{}', [at]: text }), 'web')?.kind;
  it.each(['{"hosting": {"source": "web"}}', '{"functions": {}, "hosting" : [{"target": "a"}]}', '{"apphosting": {"rootDir": "web"}}'])('deploys sites: %s', (text) => expect(host(text)).toBe('other'));
  it.each(['{"functions": {"source": "functions"}}', '{"firestore": {"rules": "hosting.rules"}}'])('says nothing of sites: %s', (text) => expect(host(text)).toBeUndefined());
});

describe('Other frameworks on Vercel and Netlify', () => {
  it('reads endpoints where the adapter is declared', () => {
    expect(brief({ 'package.json': '{"devDependencies":{"@sveltejs/kit":"2","@sveltejs/adapter-vercel":"5"}}', 'src/routes/(app)/orders/[id]/+server.ts': 'export const GET = () => {};', 'src/routes/+page.ts': 'export const GET = 1;' }))
      .toEqual(['package.json#src/routes/(app)/orders/[id]/+server vercel src/routes/(app)/orders/[id]/+server.ts:GET']);
    expect(brief({ 'netlify.toml': '', 'package.json': '{"dependencies":{"nuxt":"4"}}', 'server/api/kv/[key].get.ts': 'export default defineEventHandler(() => 1);' }))
      .toEqual(['netlify.toml#server/api/kv/[key].get netlify server/api/kv/[key].get.ts:default']);
    const astro = { 'package.json': '{"dependencies":{"astro":"5","@astrojs/vercel":"8"}}', 'src/pages/api/send.ts': 'export const prerender = false;\nexport const POST = async () => {};', 'src/pages/feed.xml.ts': 'export const GET = 1;', 'src/middleware.ts': 'export const onRequest = 1;' };
    expect(brief(astro)).toEqual(['package.json#src/pages/api/send vercel src/pages/api/send.ts:POST']);
    expect(brief({ ...astro, 'package.json': '{"dependencies":{"astro":"5","@astrojs/node":"8","@vercel/analytics":"1"}}' })).toEqual([]);
  });
  it('leaves out endpoints that are rendered when the site is built', () => {
    const route = (setting: string) => brief({ 'package.json': '{"devDependencies":{"@sveltejs/kit":"2","@sveltejs/adapter-vercel":"5"}}', 'src/routes/feed/+server.ts': `export const prerender = ${setting};\nexport const GET = () => {};` });
    expect(route('true')).toEqual([]);
    for (const setting of ['"auto"', 'false', 'dev']) expect(route(setting)).toEqual(['package.json#src/routes/feed/+server vercel src/routes/feed/+server.ts:GET']);
  });
  it('reads functions of Gatsby on Netlify, and none of its build', () => {
    const site = { 'package.json': '{"dependencies":{"gatsby":"5"}}', 'src/api/mail/[to].ts': 'export default function mail(req, res) {}', 'gatsby-node.ts': 'export default 1', 'src/pages/index.tsx': 'export default 1' };
    expect(brief({ ...site, 'netlify.toml': '' })).toEqual(['netlify.toml#src/api/mail/[to] netlify src/api/mail/[to].ts:default']);
    expect(brief(site)).toEqual([]);
  });
  it('takes a server at the root as one function, and middleware', () => {
    expect(brief({ 'vercel.json': '{}', 'package.json': '{"dependencies":{"hono":"4"}}', 'src/index.ts': "import { Hono } from 'hono';\nexport default new Hono();", 'middleware.ts': 'export default () => {};' }))
      .toEqual(['vercel.json#middleware vercel/edge middleware.ts:default', 'vercel.json#src/index vercel src/index.ts:default']);
  });
  it('says what it does not read', () => {
    expect(discovered({ 'vercel.ts': 'export const config = {};', 'package.json': '{"devDependencies":{"@vercel/config":"1"}}' }).gaps).toMatchObject([{ kind: 'configuration', file: 'vercel.ts' }]);
    expect(discovered({ 'vercel.json': '{}', 'package.json': '{"devDependencies":{"@react-router/dev":"7"}}', 'app/routes/home.tsx': 'export async function loader() {}' }).gaps).toMatchObject([{ kind: 'function', file: 'app/routes/home.tsx' }]);
  });
});

describe('hostile projects', () => {
  it('costs in proportion', () => {
    const crons = Array.from({ length: 20_000 }, (_, index) => ({ path: `/api/${index}`, schedule: '* * * * *' }));
    const files: Record<string, string> = { 'vercel.json': JSON.stringify({ crons, functions: { [`${'{a,b}'.repeat(50)}**/`.repeat(50)]: { maxDuration: 1 }, [`api/${'*a'.repeat(200)}`]: { maxDuration: 2 }, __proto__: { maxDuration: 3 } } }) };
    for (let index = 0; index < 500; index++) files[`api/${'a'.repeat(100)}${index}.js`] = code;
    const started = Date.now();
    expect(discovered(files).functions).toHaveLength(500);
    expect(Date.now() - started).toBeLessThan(10_000);
  });
  it('survives deep and odd files', () => {
    expect(brief({ 'vercel.json': '['.repeat(100_000), 'api/a.js': code })).toEqual(['vercel.json#api/a vercel api/a.js:default']);
    expect(brief({ 'vercel.json': '{"functions":[],"crons":{},"builds":3,"rewrites":"x","services":{"a":1}}', 'api/a.js': code })).toHaveLength(1);
    expect(brief({ 'package.json': '{"dependencies":["next"],"scripts":3,"engines":"x"}', 'pages/api/a.ts': code })).toEqual([]);
    expect(brief({ 'netlify.toml': 'functions = []\nbuild = []\nedge_functions = "x"\nredirects = {}\n', 'netlify/functions/a.js': code })).toHaveLength(1);
  });
});
