import { describe, expect, it } from 'vitest';
import { AutoImports } from '../../src/link/auto-imports.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { memoryWorkspace } from '../discover/memory-workspace.ts';
import { deployed, project } from '../support/memory.ts';

const route = 'export default defineEventHandler(async (event) => { const item = await loadItem(event); return sendMail(item) + told; });\n';
const utils = { 'server/utils/items.ts': "import { get } from 'store';\nexport const loadItem = (event) => get(event.path);\nexport type Item = string;\n", 'server/utils/send-mail.ts': "import { post } from 'mails';\nexport default (item) => post(item);\n", 'shared/utils/words.ts': 'export const told = 1;\n', 'shared/utils/deep/more.ts': 'export const deep = 1;\n' };
const nuxt = { 'package.json': '{"dependencies":{"nuxt":"^4.0.0"}}' };

describe('names that server code has without importing them', () => {
  /** What the handler calls outside the repository. */
  const calls = (files: Record<string, string>, file = 'server/api/item.get.ts'): readonly string[] => {
    const { fn } = project({ [file]: route, ...files }, [deployed('F', file, { platform: 'netlify', export: 'default' })]);
    return fn.calls('invoke').map(({ callee }) => `${callee.module}.${callee.path.join('.')}`).filter((name) => /^(?:store|mails)/.test(name)).sort();
  };
  it('are exports of the server folder', () => expect(calls({ ...nuxt, ...utils })).toEqual(['mails.post', 'store.get']));
  it('also below a folder of a repository', () => {
    const moved = Object.fromEntries(Object.entries({ ...nuxt, ...utils }).map(([name, text]) => [`apps/shop/${name}`, text]));
    expect(calls({ 'package.json': '{}', ...moved }, 'apps/shop/server/api/item.get.ts')).toEqual(['mails.post', 'store.get']);
    expect(calls({ 'package.json': '{}', ...moved }, 'apps/other/server/api/item.get.ts')).toEqual([]);
  });
  it('are none of another framework, nor in what the browser loads', () => {
    expect(calls({ 'package.json': '{"dependencies":{"express":"5"}}', ...utils })).toEqual([]);
    expect(calls({ ...nuxt, ...utils }, 'app/plugins/item.ts')).toEqual([]);
  });
  it('are what a file declares or imports where it does', () => {
    const own = route.replace('export default', "import { loadItem } from './own';\nconst sendMail = (item) => item;\nexport default");
    const { fn } = project({ 'server/api/item.get.ts': own, 'server/api/own.ts': 'export const loadItem = () => 1;\n', ...nuxt, ...utils }, [deployed('F', 'server/api/item.get.ts', { platform: 'netlify', export: 'default' })]);
    expect(fn.calls('invoke').map(({ callee }) => callee.module)).not.toContain('store');
  });
  it('are in the folder of Nitro that stands alone', () => {
    expect(calls({ 'package.json': '{"devDependencies":{"nitropack":"2"}}', 'utils/items.ts': utils['server/utils/items.ts'] }, 'routes/item.ts')).toEqual(['store.get']);
  });
});

describe('facts with automatic imports', () => {
  const of = (files: Record<string, string>) => {
    const loader = createFactsLoader(memoryWorkspace(files));
    const file = 'server/api/item.get.ts';
    const written = loader.facts(file);
    if (written === undefined) throw new Error('no facts');
    return { written, made: new AutoImports(memoryWorkspace(files), (name) => loader.facts(name)).apply(written) };
  };
  it('name the files and no longer the globals', () => {
    const { made, written } = of({ 'server/api/item.get.ts': route, ...nuxt, ...utils });
    expect(written.globals).toEqual(['defineEventHandler', 'loadItem', 'sendMail', 'told']);
    expect(made.globals).toEqual(['defineEventHandler']);
    expect(made.imports.map(({ source, names }) => [source, names[0]?.imported])).toEqual([['../utils/items', 'loadItem'], ['../utils/send-mail', 'default'], ['../../shared/utils/words', 'told']]);
    expect(JSON.stringify(made.functions)).not.toContain('"loadItem"');
  });
  it('are the very facts where nothing is taken', () => {
    const { made, written } = of({ 'server/api/item.get.ts': 'export default defineEventHandler(() => deep);\n', ...nuxt, ...utils });
    expect(made).toBe(written);
  });
});
