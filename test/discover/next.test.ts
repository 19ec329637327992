import { describe, expect, it } from 'vitest';
import { brief, discovered, find, triggersOf } from './web-support.ts';

const manifest = '{"dependencies":{"next":"16"}}';
const get = 'export async function GET(request) {}';
const page = 'export default function handler(req, res) {}';

describe('Next.js', () => {
  it('reads route handlers, API routes, middleware and server actions of an application', () => {
    expect(brief({
      'apps/shop/package.json': manifest,
      'apps/shop/src/app/(store)/orders/[id]/route.ts': `${get}\nexport const { POST, PUT } = handlers;\nexport const dynamic = 'force-dynamic';`,
      'apps/shop/src/app/page.tsx': page, 'apps/shop/src/app/_lib/route.ts': get, 'apps/shop/src/app/routes.ts': get, 'apps/shop/src/app/x/route.test.ts': get,
      'apps/shop/src/pages/api/hooks/index.ts': page, 'apps/shop/src/pages/api/util.ts': 'export const help = 1;', 'apps/shop/src/pages/about.tsx': page,
      'apps/shop/src/middleware.ts': 'export function middleware(request) {}', 'apps/shop/src/lib/actions.ts': "// all of it\n'use server';\nexport async function buy(form) {}\nasync function hidden() {}\nexport type T = 1;",
    })).toEqual([
      'apps/shop/package.json#src/app/(store)/orders/[id]/route vercel apps/shop/src/app/(store)/orders/[id]/route.ts:GET,apps/shop/src/app/(store)/orders/[id]/route.ts:POST,apps/shop/src/app/(store)/orders/[id]/route.ts:PUT',
      'apps/shop/package.json#src/lib/actions vercel apps/shop/src/lib/actions.ts:buy', 'apps/shop/package.json#src/middleware vercel/edge apps/shop/src/middleware.ts:middleware',
      'apps/shop/package.json#src/pages/api/hooks/index vercel apps/shop/src/pages/api/hooks/index.ts:default',
    ]);
  });
  it('gives routes and the segment configuration', () => {
    const found = discovered({
      'package.json': manifest, 'next.config.mjs': "export default { basePath: '/shop' };", 'vercel.json': '{"crons":[{"path":"/shop/tick","schedule":"*/5 * * * *"}]}',
      'app/(a)/tick/@slot/route.ts': `export const maxDuration = 30;\nexport const runtime = 'edge';\n${get}`, 'app/files/[...path]/route.ts': get,
      'pages/api/item/[id].ts': `export const config = { maxDuration: 7 };\n${page}`, 'proxy.ts': "export function proxy() {}\nexport const config = {\n  matcher: ['/a/:path*', { source: '/b' }],\n};",
    });
    expect(find(found, 'app/(a)/tick/@slot/route')).toMatchObject({ generation: 'edge', timeoutSeconds: { value: 30, location: { line: 1 } } });
    expect(triggersOf(found, 'app/(a)/tick/@slot/route')).toEqual(['http GET /shop/tick', 'schedule */5 * * * * GET /shop/tick']);
    expect(find(found, 'app/(a)/tick/@slot/route').triggers[1]).toMatchObject({ kind: 'schedule', handlerExport: 'GET', location: { file: 'vercel.json' } });
    expect(triggersOf(found, 'app/files/[...path]/route')).toEqual(['http GET /shop/files/{path+}']);
    expect(find(found, 'pages/api/item/[id]').timeoutSeconds).toMatchObject({ value: 7 });
    expect(find(found, 'proxy').generation).toBeUndefined();
    expect(triggersOf(found, 'proxy')).toEqual(['http * /a/:path* | * /b']);
    expect(found.gaps).toEqual([]);
  });
  it('follows a route that passes another on', () => {
    expect(brief({ 'package.json': manifest, 'app/new/route.ts': get, 'app/old/route.ts': "export * from '../new/route';", 'app/none/route.ts': "export * from 'some-package';" })).toEqual(['package.json#app/new/route vercel app/new/route.ts:GET', 'package.json#app/old/route vercel app/old/route.ts:GET']);
  });
  it('keeps to the extensions that routes have', () => {
    expect(brief({ 'package.json': manifest, 'next.config.js': "module.exports = { pageExtensions: ['page.tsx', 'api.ts'] }", 'pages/api/a.api.ts': page, 'pages/api/a.ts': page })).toEqual(['package.json#pages/api/a vercel pages/api/a.api.ts:default']);
  });
  it('has no functions in a static export', () => {
    expect(brief({ 'package.json': manifest, 'next.config.js': "module.exports = {\n  output: 'export' }", 'pages/api/a.ts': page })).toEqual([]);
    expect(brief({ 'package.json': manifest, 'next.config.js': "module.exports = {\n  // output: 'export'\n}", 'pages/api/a.ts': page })).toHaveLength(1);
  });
  it.each([
    ['sst.config.ts'], ['open-next.config.ts'], ['wrangler.jsonc'], ['Dockerfile'], ['apphosting.yaml'],
  ])('is not on Vercel beside %s, which is said', (file) => {
    const found = discovered({ 'package.json': manifest, 'app/a/route.ts': get, [file]: '' });
    expect(found.functions).toEqual([]);
    expect(found.gaps).toMatchObject([{ kind: 'platform', file }]);
  });
  it('is on Vercel with its own file beside another, and not taken away by a container file above', () => {
    expect(brief({ 'package.json': manifest, 'app/a/route.ts': get, 'sst.config.ts': '', 'vercel.json': '{}' })).toHaveLength(1);
    expect(brief({ 'apps/a/package.json': manifest, 'apps/a/app/a/route.ts': get, 'Dockerfile': '' })).toHaveLength(1);
    expect(brief({ 'apps/a/package.json': manifest, 'apps/a/app/a/route.ts': get, 'sst.config.ts': '' })).toEqual([]);
  });
  it.each([
    ['app/b/route.ts', "export const runtime = 'edge'\nexport async function GET() {}"],
    ['src/app/api/b/route.ts', 'export const maxDuration = 60;\nexport async function GET() {}'],
    ['app/b/route.ts', "export const preferredRegion: string[] = ['fra1'];\nexport async function GET() {}"],
    ['pages/api/b.ts', "export const config = {\n  api: true,\n  runtime: 'edge',\n};\nexport default function b() {}"],
  ])('is on a platform beside a container file where a route is set up for one: %s', (file, text) => {
    expect(brief({ 'package.json': manifest, [file]: text, Dockerfile: '' })).toHaveLength(1);
    // What else says where it runs is believed.
    expect(brief({ 'package.json': manifest, [file]: text, 'fly.toml': '' })).toEqual([]);
  });
  it.each([
    ['app/b/route.ts', "export const runtime = 'nodejs'\nexport async function GET() {}"],
    ['app/b/page.tsx', "export const runtime = 'edge'\nexport default function Page() {}"],
    ['app/b/route.ts', "// export const runtime = 'edge'\nexport async function GET() {}"],
  ])('stays in its container where nothing is set up for a platform: %s', (file, text) => {
    expect(brief({ 'package.json': manifest, 'app/a/route.ts': get, [file]: text, Dockerfile: '' })).toEqual([]);
  });
  it('runs on Netlify where a site says so', () => {
    expect(brief({ 'package.json': manifest, 'app/a/route.ts': get, 'netlify.toml': '[build]\ncommand = "next build"' })).toEqual(['netlify.toml#app/a/route netlify app/a/route.ts:GET']);
  });
  it('says what it does not read', () => {
    const found = discovered({ 'package.json': manifest, 'pages/index.tsx': 'export async function getServerSideProps() {}', 'app/a.tsx': '/*\n  \'use server\'\n*/' });
    expect(found.functions).toEqual([]);
    expect(found.gaps).toMatchObject([{ file: 'app/a.tsx', line: 2 }, { file: 'pages/index.tsx', kind: 'function' }]);
  });
  it('reads Server Actions inside components', () => {
    const code = "export default function Form({ id }) {\n  async function send(form) {\n    'use server';\n    await save(id, form);\n  }\n  return <form action={send} onSubmit={async () => { 'use server'; }} />;\n}";
    const found = discovered({ 'package.json': manifest, 'app/form.tsx': code });
    expect(found.functions).toMatchObject([{ name: 'app/form', handlers: [{ export: 'send', kind: 'action', at: { start: code.indexOf('async function send') } }, { kind: 'action' }] }]);
    expect(found.gaps).toEqual([]);
  });
  it('leaves libraries and nested packages alone', () => {
    expect(brief({ 'package.json': manifest, 'app/a/route.ts': get, 'app/templates/x/package.json': '{}', 'app/templates/x/route.ts': get, 'src/routes/route.ts': get })).toEqual(['package.json#app/a/route vercel app/a/route.ts:GET']);
  });
});
