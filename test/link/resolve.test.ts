import { describe, expect, it } from 'vitest';
import { Resolver } from '../../src/link/resolve.ts';
import { memoryWorkspace, project } from '../support/memory.ts';

describe('names of packages', () => {
  const called = (source: string): readonly string[] => {
    const { fn } = project({
      'app/a.ts': `import * as m from '${source}';\nexport const handler = async () => { m.run(); };`,
      'packages/crypto/package.json': '{ "name": "crypto", "main": "index.ts" }', 'packages/crypto/index.ts': 'export const run = () => fetch("https://a.example.com");',
      'packages/df/package.json': '{ "name": "durable-functions", "main": "index.ts" }', 'packages/df/index.ts': 'export const run = () => fetch("https://a.example.com");',
      'packages/own/package.json': '{ "name": "own", "main": "index.ts" }', 'packages/own/index.ts': 'export const run = () => fetch("https://a.example.com");',
    });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it('lead to a package of the repository, but for those of Node.js', () => {
    expect(called('own')).toEqual(['global.fetch']);
    expect(called('crypto')).toEqual(['crypto.run']);
    // What registers handlers is known by its name, in its own repository too.
    expect(called('durable-functions')).toEqual(['durable-functions.run']);
    expect(called('node:crypto')).toEqual(['crypto.run']);
  });
});

describe('queries of imports', () => {
  const said = (query: string): { readonly calls: readonly string[]; readonly gaps: readonly string[] } => {
    const { fn, project: all } = project({
      'app/a.ts': `import page, { run } from './client.js${query}';\nexport const handler = async () => { run?.(); return new Response(page); };`,
      'app/client.js': 'fetch("https://a.example.com");\nexport const run = () => navigator.sendBeacon("/here");\nexport default "";',
    });
    const calls = fn.calls().map(({ callee }) => callee.path.join('.')).filter((name) => name !== 'Response' && name !== '');
    return { calls, gaps: all.gaps.filter((gap) => gap.kind === 'import').map((gap) => gap.message) };
  };
  it.each(['?raw', '?url', '?raw-minified', '?worker&url', '?foo&raw', '?inline'])('%s: the text of a file or where it is, of which nothing runs here', (query) => {
    expect(said(query)).toEqual({ calls: [], gaps: [] });
  });
  it.each(['', '?v=2', '?rawest', '?t=raw'])('%s: the module itself', (query) => {
    expect(said(query)).toEqual({ calls: ['fetch', 'navigator.sendBeacon'], gaps: [] });
  });
});

describe('packages of types for a name', () => {
  const gaps = (files: Readonly<Record<string, string>>): readonly string[] => {
    const { fn, project: all } = project({ 'app/a.ts': "import { Status } from 'shop';\nexport const handler = async () => Status.open();", 'package.json': '{ "name": "shop" }', ...files });
    fn.calls('invoke');
    return all.gaps.filter((gap) => gap.kind === 'import').map((gap) => gap.message);
  };
  it('explain an import that leads to no code', () => {
    expect(gaps({ 'packages/types/package.json': '{ "name": "@types/shop", "types": "src/index.d.ts" }', 'packages/types/src/index.d.ts': 'export interface Order { id: string }' })).toEqual([]);
    expect(gaps({ 'packages/types/package.json': '{ "name": "@types/other" }' })).toHaveLength(1);
    const own = "import { Status } from 'kit/status';\nexport const handler = async () => Status.open();";
    expect(gaps({ 'app/a.ts': own, 'kit/package.json': '{ "name": "kit" }', 'kit/status.d.ts': 'export interface Status {}' })).toEqual([]);
    expect(gaps({ 'app/a.ts': own, 'kit/package.json': '{ "name": "kit" }', 'kit/other.d.ts': 'export interface Status {}' })).toHaveLength(1);
    expect(gaps({ 'app/a.ts': own.replace('kit/status', 'kit/status.json'), 'kit/package.json': '{ "name": "kit" }', 'kit/status.json': '{}' })).toEqual([]);
  });
});

describe('paths of the compiler', () => {
  it('lead to layers, which are absolute at run time', () => {
    const called = (paths: string): readonly string[] => {
      const { fn } = project({
        'app/a.ts': "import { run } from '/opt/nodejs/mail';\nexport const handler = async () => run();", 'app/tsconfig.json': `{ "compilerOptions": { "baseUrl": ".", "paths": ${paths} } }`,
        'layer/mail.ts': 'export const run = () => fetch("https://a.example.com");',
      });
      return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
    };
    expect(called('{ "/opt/nodejs/*": ["../layer/*"] }')).toEqual(['global.fetch']);
    expect(called('{ "/opt/other/*": ["../layer/*"] }')).not.toContain('global.fetch');
  });
});

describe('layers that are packed from packages of the repository', () => {
  const called = (source: string, more: Readonly<Record<string, string>>): readonly string[] => {
    const { fn } = project({ 'app/a.js': `const { run } = require('${source}');\nexports.handler = async () => run();`, ...more });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  const layer = (folder: string, name: string): Readonly<Record<string, string>> => ({
    [`${folder}/package.json`]: `{ "name": "${name}", "main": "index.js" }`, [`${folder}/index.js`]: 'exports.run = () => fetch("https://a.example.com");', [`${folder}/lib/more.js`]: 'exports.run = () => fetch("https://a.example.com");',
  });
  it.each([
    ['/opt/mail', layer('layers/post', '@layer/mail')], ['/opt/nodejs/mail', layer('layers/post', 'mail')], ['/opt/mail/lib/more', layer('layers/post', '@layer/mail')],
  ])('%s leads to the package', (source, more) => expect(called(source, more)).toEqual(['global.fetch']));
  it('but not to one of two, nor to one of another name', () => {
    expect(called('/opt/mail', { ...layer('a', '@one/mail'), ...layer('b', '@two/mail') })).not.toContain('global.fetch');
    expect(called('/opt/mail', layer('a', '@layer/mailer'))).not.toContain('global.fetch');
  });
});

describe('aliases of module-alias', () => {
  const called = (source: string, aliases: string, more: Readonly<Record<string, string>> = {}): readonly string[] => {
    const { fn } = project({
      'app/src/a.js': `require('module-alias/register');\nconst m = require('${source}');\nexports.handler = async () => { m.run(); };`,
      'app/package.json': `{ "name": "app", "_moduleAliases": ${aliases} }`, 'package.json': '{ "name": "all" }',
      'app/src/utils/mail.js': 'exports.run = () => fetch("https://a.example.com");', ...more,
    });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it.each<[string, string, string, readonly string[]]>([
    ['a folder', '@utils/mail', '{ "@utils": "src/utils" }', ['global.fetch']],
    ['a file', 'mail', '{ "mail": "./src/utils/mail.js" }', ['global.fetch']],
    ['the longest name', '@app/utils/mail', '{ "@app": "elsewhere", "@app/utils": "src/utils" }', ['global.fetch']],
    ['build output that is not there', '@utils/mail', '{ "@utils": "dist/utils" }', ['global.fetch']],
    ['a name that only begins like it', '@utilsmore/mail', '{ "@utils": "src/utils" }', ['@utilsmore/mail.run']],
    ['a folder without the file', '@utils/post', '{ "@utils": "src/utils" }', ['unknown.run']],
    ['out of the repository', '@utils/mail', '{ "@utils": "../../../utils" }', ['unknown.run']],
  ])('%s', (_name, source, aliases, expected) => {
    expect(called(source, aliases)).toEqual(expected);
  });
});

describe('paths from the source root', () => {
  const called = (source: string, manifest = '{ "name": "app" }'): readonly string[] => {
    const { fn } = project({
      'app/src/api/a.js': `const m = require('${source}');\nexports.handler = async () => { m.run(); };`, 'app/package.json': manifest, 'package.json': '{ "name": "all", "dependencies": { "shared": "1" } }',
      'app/src/db/orders.js': 'exports.run = () => fetch("https://a.example.com");', 'app/lib/mail.js': 'exports.run = () => fetch("https://b.example.com");', 'app/src/shared/x.js': 'exports.run = () => fetch("https://c.example.com");',
      'app/src/http/x.js': 'exports.run = () => fetch("https://d.example.com");', 'src/top/x.js': 'exports.run = () => fetch("https://e.example.com");', 'app/src/one.js': 'exports.run = () => fetch("https://f.example.com");',
    });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it.each<[string, string, readonly string[]]>([
    ['below src', 'db/orders', ['global.fetch']], ['below the package', 'lib/mail', ['global.fetch']], ['an alias of the root', '@/db/orders', ['global.fetch']], ['another', '~/lib/mail', ['global.fetch']],
    ['a file that is not there', 'db/carts', ['db/carts.run']], ['a declared package', 'shared/x', ['shared/x.run']], ['another package of the repository', 'top/x', ['top/x.run']],
    ['a scope', '@db/orders', ['@db/orders.run']], ['a name alone', 'one', ['one.run']],
  ])('%s', (_name, source, expected) => {
    expect(called(source)).toEqual(expected);
  });
  it('leaves a name to the package that a manifest declares', () => {
    expect(called('db/orders', '{ "devDependencies": { "db": "1" } }')).toEqual(['db/orders.run']);
  });
});

describe('a name alone', () => {
  const called = (source: string, file: string, manifest?: string): readonly string[] => {
    const { fn } = project({ 'app/a.js': `const m = require('${source}');\nexports.handler = async () => { m.send(); };`, [file]: 'exports.send = () => fetch("https://a.example.com");', ...(manifest ? { 'package.json': manifest } : {}) });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it.each<[string, string, string, readonly string[], string?]>([
    ['is a file beside', 'cfn-response', 'app/cfn-response.js', ['global.fetch']],
    ['not one in another folder', 'cfn-response', 'app/lib/cfn-response.js', ['cfn-response.send']],
    ['not one of another kind', 'cfn-response', 'app/cfn-response.ts', ['cfn-response.send']],
    ['a declared package comes first', 'cfn-response', 'app/cfn-response.js', ['cfn-response.send'], '{ "dependencies": { "cfn-response": "1" } }'],
    ['so does what the runtime brings', 'aws-sdk', 'app/aws-sdk.js', ['aws-sdk.send']],
    ['a scope is none', '@acme/send', 'app/@acme/send.js', ['@acme/send.send']],
  ])('%s', (_name, source, file, expected, manifest) => { expect(called(source, file, manifest)).toEqual(expected); });
});

describe('shared code of Architect', () => {
  const called = (source: string): readonly string[] => {
    const { fn } = project({
      'app/src/http/get-x/index.js': `const m = require('${source}');\nexports.handler = async () => { m.run(); };`, 'app/package.json': '{ "dependencies": { "@architect/functions": "5" } }',
      'app/src/shared/mail.js': 'exports.run = () => fetch("https://a.example.com");', 'app/src/views/index.js': 'exports.run = () => fetch("https://b.example.com");',
    });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it.each<[string, readonly string[]]>([
    ['@architect/shared/mail', ['global.fetch']], ['@architect/views', ['global.fetch']], ['@architect/shared/post', ['@architect/shared/post.run']], ['@architect/functions', ['@architect/functions.run']],
  ])('%s', (source, expected) => {
    expect(called(source)).toEqual(expected);
  });
});

it('a symbolic link is the module it leads to', () => {
  const links = new Map([['archiver/common.ts', 'backend/common.ts'], ['archiver/lib', 'shared/lib']]);
  const workspace = memoryWorkspace({ 'archiver/a.ts': '', 'archiver/own.ts': '', 'backend/common.ts': '', 'shared/lib/dates.ts': '', 'shared/lib/texts/index.ts': '' });
  const linked = (path: string): string | undefined => [...links].filter(([link]) => path === link || path.startsWith(`${link}/`)).map(([link, target]) => target + path.slice(link.length)).find((file) => workspace.has(file));
  const resolver = new Resolver({ ...workspace, linked });
  const found = ['./common', './common.js', './lib/dates', './lib/texts', './own', './lib/gone'].map((source) => resolver.resolve('archiver/a.ts', source));
  expect(found).toEqual([
    ...['backend/common.ts', 'backend/common.ts', 'shared/lib/dates.ts', 'shared/lib/texts/index.ts', 'archiver/own.ts'].map((file) => ({ file })), { missing: './lib/gone' },
  ]);
});

describe('folders of Nuxt by a name', () => {
  const resolver = new Resolver(memoryWorkspace({ 'app/package.json': '{"dependencies":{"nuxt":"4"}}', 'app/shared/schemas/item.ts': '', 'app/server/utils/a.ts': '', 'app/other/b.ts': '', 'app/server/api/x.ts': '' }));
  it('are below the package', () => {
    expect(resolver.resolve('app/server/api/x.ts', '#shared/schemas/item')).toEqual({ file: 'app/shared/schemas/item.ts' });
    expect(resolver.resolve('app/server/api/x.ts', '#server/utils/a')).toEqual({ file: 'app/server/utils/a.ts' });
    expect(resolver.resolve('app/server/api/x.ts', '#other/b')).toEqual({ missing: '#other/b' });
    expect(resolver.resolve('app/server/api/x.ts', '#shared/schemas/none')).toEqual({ missing: '#shared/schemas/none' });
  });
});
