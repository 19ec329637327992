import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Record<string, string>): Infrastructure => {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
};
const briefs = (files: Record<string, string>): string[] => read(files).functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(' ')}`);
const get = 'export const onRequestGet = async ({ env }) => new Response(await env.NOTES.get("a"));\nexport async function onRequestPost(context) {}\n';

describe('Pages', () => {
  const project = {
    'site/wrangler.toml': 'name = "site"\npages_build_output_dir = "out"\ncompatibility_date = "2025-01-01"\n[[kv_namespaces]]\nbinding = "NOTES"\nid = "abc"\n',
    'site/functions/notes/[id].ts': get,
    'site/functions/notes/_middleware.ts': 'const check = ({ next }) => next();\nexport const onRequest = [check];\n',
    'site/functions/files/[[path]].js': 'export function onRequest() {}\n',
    'site/functions/index.js': "export { onRequest } from './files/[[path]]';\n",
    'site/functions/lib/util.ts': 'export const help = 1;\n',
    'site/functions/notes/[id].test.ts': get,
    'site/src/middleware.ts': 'export const onRequest = () => {};\n',
  };
  it('reads the routes of a whole project with the bindings of its Wrangler file', () => {
    const result = read(project);
    expect(result.functions.map((fn) => [fn.name, fn.handlers.map((handler) => `${handler.file}:${handler.export}`), fn.triggers.map((trigger) => [trigger.handlerExport, trigger.auth?.kind, trigger.filters[0]])])).toEqual([
      ['functions/files/[[path]]', ['site/functions/files/[[path]].js:onRequest'], [['onRequest', 'none', { kind: 'route', method: '*', path: '/files/{path+}' }]]],
      ['functions/index', ['site/functions/index.js:onRequest'], [['onRequest', 'none', { kind: 'route', method: '*', path: '/' }]]],
      ['functions/notes/[id]', ['site/functions/notes/[id].ts:onRequestGet', 'site/functions/notes/[id].ts:onRequestPost'], [
        ['onRequestGet', 'authorizer', { kind: 'route', method: 'GET', path: '/notes/{id}' }], ['onRequestPost', 'authorizer', { kind: 'route', method: 'POST', path: '/notes/{id}' }],
      ]],
      ['functions/notes/_middleware', ['site/functions/notes/_middleware.ts:onRequest'], [['onRequest', 'none', { kind: 'route', method: '*', path: '/notes/*' }]]],
    ]);
    expect(result.functions.every((fn) => fn.unit === 'site/wrangler.toml' && fn.platform === 'cloudflare')).toBe(true);
    expect(result.functions[0]?.environment.get('NOTES')).toEqual({ kind: 'resource', unit: 'site/wrangler.toml', id: 'KVNamespace:abc', attribute: 'binding' });
    expect(result.functions[2]?.triggers[0]?.auth?.authorizer).toEqual({ kind: 'resource', unit: 'site/wrangler.toml', id: 'functions/notes/_middleware', attribute: 'middleware' });
  });
  it('finds a project that is configured elsewhere', () => {
    expect(briefs({ 'web/package.json': '{}', 'web/functions/api/hello.js': 'export const onRequest = () => new Response("");' })).toEqual(['web/functions#functions/api/hello web/functions/api/hello.js:onRequest']);
    // Pages are of no kind that the workspace lists.
    const beside = (page: string): string[] => discoverDeclared(memoryWorkspace({ 'site/functions/a.js': 'export function onRequestGet() {}' }, { [page]: '' }), undefined, { params: new Map() }).functions.map((fn) => fn.id);
    expect(beside('site/index.html')).toEqual(['site/functions#functions/a']);
    expect(beside('site/public/index.html')).toEqual(['site/functions#functions/a']);
    expect(beside('other/index.html')).toEqual([]);
  });
  it('takes the folder beside a Wrangler file of local use, with its bindings', () => {
    const result = read({ 'wrangler.toml': 'name = "x"\nmain = "src/gone.ts"\n[[kv_namespaces]]\nbinding = "NOTES"\nid = "n"\n', 'functions/a.js': get });
    expect(result.functions).toMatchObject([{ id: 'wrangler.toml#functions/a', handlers: [{ export: 'onRequestGet' }, { export: 'onRequestPost' }] }]);
    expect(result.functions[0]?.environment.has('NOTES')).toBe(true);
    expect(result.gaps.map((gap) => gap.line)).toEqual([2]);
    expect(briefs({ 'package.json': '{"scripts":{"deploy":"wrangler pages deploy dist"}}', 'wrangler.toml': 'name = "x"\nmain = "w.js"\n', 'w.js': 'export default { fetch() {} }', 'functions/a.js': 'export function onRequest() {}' }))
      .toEqual(['wrangler.toml#functions/a functions/a.js:onRequest', 'wrangler.toml#x w.js:default.fetch']);
  });
  it('takes a worker file instead of the folder', () => {
    const worker = 'export default { async fetch(request, env) { return env.ASSETS.fetch(request); } };';
    expect(briefs({ 'wrangler.jsonc': '{"name":"x","pages_build_output_dir":"./out"}', 'out/_worker.js': worker, 'functions/a.js': get })).toEqual(['wrangler.jsonc#_worker out/_worker.js:default.fetch']);
    expect(briefs({ 'package.json': '{}', 'public/_worker.js': worker })).toEqual(['public/_worker.js#_worker public/_worker.js:default.fetch']);
  });
  it('leaves the functions of other platforms and frameworks alone', () => {
    expect(briefs({ 'package.json': '{}', 'functions/a.js': "import { onRequest } from 'firebase-functions/v2/https';\nexport const onRequestGet = onRequest(() => {});" })).toEqual([]);
    expect(briefs({ 'firebase.json': '{}', 'package.json': '{}', 'functions/a.js': get })).toEqual([]);
    expect(briefs({ 'package.json': '{}', 'src/middleware/index.ts': "import { defineMiddleware } from 'astro:middleware';\nexport const onRequest = defineMiddleware(() => {});", 'src/functions/b.ts': 'export const onRequest = 1;' })).toEqual([]);
    expect(briefs({ 'wrangler.toml': 'name = "w"\nmain = "a.js"\n', 'a.js': 'export default { fetch() {} }', 'functions/b.js': get })).toEqual(['wrangler.toml#w a.js:default.fetch']);
  });
  it('says when a framework makes the worker', () => {
    const result = read({ 'wrangler.toml': 'name = "w"\npages_build_output_dir = ".svelte-kit/cloudflare"\n', 'package.json': '{"devDependencies":{"@sveltejs/adapter-cloudflare":"1"}}' });
    expect(result.gaps).toMatchObject([{ kind: 'handler', file: 'wrangler.toml', line: 2 }]);
    expect(read({ 'wrangler.toml': 'name = "w"\npages_build_output_dir = "public"\n', 'package.json': '{}' }).gaps).toEqual([]);
  });
});
