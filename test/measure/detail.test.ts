import { describe, expect, it } from 'vitest';
import { measureInDetail, type DetailOptions } from '../../src/measure/detail.ts';
import { measure } from '../../src/measure/measure.ts';
import type { BundleDetail, BundleSaving } from '../../src/model/bundle.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { code, fn, folderFn, literal, pack, project } from './tree.ts';
import type { Tree } from './tree.ts';

const uses = (...names: readonly string[]): string => `${names.map((name, index) => `import * as p${index} from '${name}';`).join('\n')}\nexport const handler = async () => [${names.map((_, index) => `p${index}`).join(', ')}];\n`;

async function one(tree: Tree, target: ServerlessFunction = fn('app'), options: DetailOptions = {}): Promise<BundleDetail> {
  const [detail] = await measureInDetail(project(tree).workspace, [target], options);
  if (detail === undefined) throw new Error('nothing');
  return detail;
}
const bytesOf = async (tree: Tree, target: ServerlessFunction): Promise<{ readonly bytes: number; readonly zippedBytes: number }> => {
  const [result] = await measure(project(tree).workspace, [target]);
  if (result?.bytes === undefined || result.zippedBytes === undefined) throw new Error(result?.reason ?? 'nothing');
  return { bytes: result.bytes, zippedBytes: result.zippedBytes };
};
const saving = (detail: BundleDetail, change: BundleSaving['change'], subject?: string): BundleSaving | undefined => detail.savings.find((item) => item.change === change && (subject === undefined || item.subject === subject));

/** `big` brings `deep`; `other` stands alone. */
const packages: Tree = { ...pack('big', 40_000, { version: '2.1.0' }), 'node_modules/big/index.js': `require('deep'); ${code(40_000, 'b')}`, ...pack('deep', 60_000), ...pack('other', 20_000) };

describe('what a bundle is made of', () => {
  it.each([['open', {}], ['minified', { minify: true }], ['with a source map', { sourceMap: true }], ['as a module', { format: 'esm' as const, minify: true }]])('adds up, %s', async (_title, over) => {
    const detail = await one({ 'src/app.ts': uses('big', 'other'), ...packages }, fn('app', {}, over));
    expect(detail.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(detail.result.bytes);
    for (const part of detail.parts.filter(({ files }) => files.length > 0)) expect(part.files.reduce((sum, file) => sum + file.bytes, 0)).toBe(part.bytes);
    expect(detail.parts.filter(({ kind }) => kind === 'package').map(({ name }) => name)).toEqual(['deep', 'big', 'other']);
    expect(detail.parts.find(({ name }) => name === 'big')).toMatchObject({ version: '2.1.0', folder: 'node_modules/big', chain: ['src/app.ts', 'big'] });
    expect(detail.parts.find(({ name }) => name === 'deep')).toMatchObject({ chain: ['src/app.ts', 'big', 'deep'] });
    expect(detail.parts.some(({ kind }) => kind === 'sourceMap')).toBe('sourceMap' in over);
  });

  it('names limits with source and date', async () => {
    expect((await one({ 'src/app.ts': uses('other'), ...packages })).limits).toEqual([
      expect.objectContaining({ of: 'unpacked', bytes: 262_144_000, date: '2026' }), expect.objectContaining({ of: 'archive', bytes: 52_428_800 }),
    ]);
  });

  it('counts layers as parts', async () => {
    const detail = await one({ 'src/app.ts': uses('other'), ...packages, 'l/nodejs/x.js': code(30_000) }, fn('app', { layers: [literal('l'), literal('arn:aws:lambda:eu-west-1:1:layer:far:1')] }));
    expect(detail.parts.find(({ kind }) => kind === 'layer')).toMatchObject({ files: [{ path: 'l/nodejs/x.js' }] });
    expect(detail.notes).toContainEqual(expect.objectContaining({ kind: 'notCounted' }));
  });
});

describe('what changes save, by building again', () => {
  it('without a package: what it and what only it brings weigh', async () => {
    const tree = { 'src/app.ts': uses('big', 'other'), ...packages };
    const detail = await one(tree);
    const [whole, without] = [await bytesOf(tree, fn('app')), await bytesOf(tree, fn('app', {}, { external: ['big'] }))];
    expect(saving(detail, 'without', 'big')).toMatchObject({ savedBytes: whole.bytes - without.bytes, savedZippedBytes: whole.zippedBytes - without.zippedBytes });
    expect(saving(detail, 'without', 'big')?.savedBytes).toBeGreaterThan(100_000);
    expect(saving(detail, 'without', 'other')?.savedBytes).toBeLessThan(25_000);
  });

  it('a package that another one brings too saves nothing but itself', async () => {
    const detail = await one({ 'src/app.ts': uses('big', 'other'), ...packages, 'node_modules/other/index.js': `require('deep'); ${code(20_000, 'o')}` });
    expect(saving(detail, 'without', 'big')?.savedBytes).toBeLessThan(45_000);
    expect(saving(detail, 'without', 'deep')?.savedBytes).toBeGreaterThan(59_000);
  });

  it('one copy instead of several: the newest stands for all', async () => {
    const detail = await one({
      'src/app.ts': uses('a', 'b'), ...pack('a', 100), ...pack('b', 100), 'node_modules/a/index.js': `module.exports = require('twice');`, 'node_modules/b/index.js': `module.exports = require('twice');`,
      ...pack('twice', 30_000, { version: '1.9.0' }), ...pack('twice', 31_000, { version: '1.10.0' }, 'node_modules/b/node_modules'),
    });
    expect(saving(detail, 'oneCopy', 'twice')).toMatchObject({ action: expect.stringContaining('1.10.0') as string });
    expect(saving(detail, 'oneCopy', 'twice')?.savedBytes).toBeGreaterThan(29_000);
    expect(detail.notes.find(({ kind }) => kind === 'duplicate')?.text).toMatch(/^2 copies of twice: .*1\.9\.0 through a/);
  });

  it('ES modules instead of CommonJS, minified, without a map', async () => {
    const detail = await one({
      'src/app.ts': `import { used } from 'dual';\nexport const handler = () => used;\n`,
      'node_modules/dual/package.json': { name: 'dual', main: 'c.js', module: 'm.js', sideEffects: false },
      'node_modules/dual/c.js': `exports.used = 1; exports.rest = ${JSON.stringify('r'.repeat(50_000))};`, 'node_modules/dual/m.js': `export const used = 1; export const rest = ${JSON.stringify('r'.repeat(50_000))};`,
    }, fn('app', {}, { sourceMap: true }));
    expect(saving(detail, 'moduleBuild')?.savedBytes).toBeGreaterThan(50_000);
    expect(saving(detail, 'noSourceMap')?.savedBytes).toBeGreaterThan(50_000);
    expect(detail.notes.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['commonJs', 'sourceMap']));
    expect(detail.notes.find(({ kind }) => kind === 'commonJs')?.text).toContain('it has a build of ES modules');
  });

  it('nothing that is not there: no minifying of what is minified, no copies, no runtime', async () => {
    const detail = await one({ 'src/app.ts': uses('other'), ...packages }, fn('app', {}, { minify: true }));
    expect(detail.savings.map(({ change }) => change)).toEqual(['without']);
  });

  it('what the runtime provides', async () => {
    const tree = { 'src/app.ts': uses('@aws-sdk/client-s3', 'other'), ...packages, ...pack('@aws-sdk/client-s3', 70_000) };
    expect(saving(await one(tree, fn('app', {}, { by: 'sam' })), 'runtime')?.savedBytes).toBeGreaterThan(69_000);
    expect(saving(await one(tree, fn('app', {}, { by: 'cdk' })), 'runtime')).toBeUndefined();
    expect(saving(await one(tree, fn('app', { runtime: { value: 'nodejs16.x', location: { file: 'template.yaml', line: 7, column: 1, endLine: 7, endColumn: 2 } } }, { by: 'sam' })), 'runtime')).toBeUndefined();
  });

  it('is left out where it is not asked for, and for the smaller of many', async () => {
    expect((await one({ 'src/app.ts': uses('other'), ...packages }, fn('app'), { savings: false })).savings).toEqual([]);
    const tree = { 'src/a.ts': uses('other'), 'src/b.ts': uses('big'), ...packages };
    const [a, b] = await measureInDetail(project(tree).workspace, [fn('a'), fn('b')], { savingsOfAtMost: 1 });
    expect([a?.savings, a?.savingsLeftOut]).toEqual([[], expect.stringContaining('biggest') as string]);
    expect(b?.savings.length).toBeGreaterThan(0);
    expect(b).not.toHaveProperty('savingsLeftOut');
  });

  it('not measured: no parts, no savings, the command that helps', async () => {
    const detail = await one({ 'package.json': { dependencies: { gone: '1' } }, 'package-lock.json': {}, 'src/app.ts': uses('gone') });
    expect(detail).toMatchObject({ result: { status: 'notMeasured', fix: 'npm ci' }, parts: [], savings: [], notes: [] });
  });
});

/** First bytes of an ELF file for a processor (`e_machine`). */
function elf(machine: number): Uint8Array {
  const bytes = Buffer.alloc(4_000, 1);
  bytes.write('\x7fELF', 0, 'latin1');
  bytes[4] = 2;
  bytes[5] = 1;
  bytes.writeUInt16LE(machine, 18);
  return bytes;
}

describe('a folder that ships as it is', () => {
  const tree: Tree = {
    'f/package.json': { dependencies: { big: '1', idle: '1' } }, 'f/app.js': `exports.handler = () => require('big');`, 'f/aside.js': code(9_000),
    ...pack('big', 40_000, {}, 'f/node_modules'), 'f/node_modules/big/extra.js': code(25_000), 'f/node_modules/big/index.js.map': code(12_000), 'f/node_modules/big/index.d.ts': code(7_000), 'f/node_modules/big/README.md': 'r'.repeat(3_000),
    ...pack('idle', 30_000, {}, 'f/node_modules'), 'f/node_modules/big/arm.node': elf(0xb7), 'f/node_modules/big/intel.node': elf(0x3e), 'f/photo.png': Buffer.alloc(80_000, 7),
  };
  const target = (over: Partial<ServerlessFunction> = {}) => folderFn('app', 'f', { handlers: [{ file: 'f/app.js', export: 'handler', kind: 'handler' }], ...over });

  it('says what no import reaches, and what leaving it out saves, to the byte', async () => {
    const detail = await one(tree, target());
    const without: Tree = Object.fromEntries(Object.entries(tree).filter(([path]) => !/aside|extra|idle|\.map$|\.d\.ts$|README/.test(path)));
    const [whole, rest] = [await bytesOf(tree, target()), await bytesOf({ ...without, 'f/package.json': { dependencies: { big: '1' } } }, target())];
    const found = saving(detail, 'unreached');
    // The manifest itself is shorter by the name of a package.
    expect(Math.abs((found?.savedBytes ?? 0) - (whole.bytes - rest.bytes))).toBeLessThan(30);
    expect(Math.abs((found?.savedZippedBytes ?? 0) - (whole.zippedBytes - rest.zippedBytes))).toBeLessThan(30);
    expect(detail.parts.find(({ name }) => name === 'idle')).toMatchObject({ unreached: true });
    expect(detail.parts.find(({ name }) => name === 'big')).toMatchObject({ chain: ['f/app.js', 'big'] });
    expect(detail.parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(detail.result.bytes);
  });

  it('tells binaries for other machines from those that fit', async () => {
    const intel = await one(tree, target());
    expect(intel.notes.filter(({ kind }) => kind === 'native').map(({ text }) => text)).toEqual(expect.arrayContaining([expect.stringMatching(/arm\.node is compiled for linux arm64; the function runs on linux x64/), expect.stringMatching(/intel\.node is compiled for linux x64$/)]));
    expect(saving(intel, 'leaveOut', 'binaries for other machines')?.savedBytes).toBe(4_000);
    const arm = await one(tree, target({ architecture: 'arm64' }));
    expect(arm.notes.filter(({ kind, text }) => kind === 'native' && text.includes(';')).map(({ subject }) => subject)).toEqual(['f/node_modules/big/intel.node']);
  });

  it('names maps, declarations, documentation and assets, and what bundling would save', async () => {
    const detail = await one(tree, target());
    expect(saving(detail, 'leaveOut', 'source maps')?.savedBytes).toBe(code(12_000).length);
    expect(saving(detail, 'leaveOut', 'type declarations')?.savedBytes).toBe(code(7_000).length);
    expect(saving(detail, 'leaveOut', 'tests, examples and documentation of packages')?.savedBytes).toBe(3_000);
    expect(detail.notes).toContainEqual(expect.objectContaining({ kind: 'asset', subject: 'f/photo.png', bytes: 80_000 }));
    const bundled = await bytesOf(tree, { ...target(), packaging: { form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: [], minify: true, sourceMap: false, format: 'cjs' } });
    expect(saving(detail, 'bundle')?.savedBytes).toBe((detail.result.bytes ?? 0) - bundled.bytes);
  });

  describe('that two functions ship', () => {
    const shared: Tree = { ...tree, 'f/aside.js': `exports.handler = () => require('idle');`, 'f/far.js': code(5_000), 'f/package.json': { dependencies: { big: '1', idle: '1', none: '1' } }, ...pack('none', 8_000, {}, 'f/node_modules') };
    const other = folderFn('aside', 'f', { handlers: [{ file: 'f/aside.js', export: 'handler', kind: 'handler' }] });

    it('says what none of them reaches, and what each saves by itself', async () => {
      const { workspace } = project(shared);
      const [app, aside] = await measureInDetail(workspace, [target(), other]);
      for (const detail of [app, aside]) {
        expect(detail?.parts.filter(({ unreached }) => unreached).map(({ name }) => name)).toEqual(['none']);
        expect(detail?.notes.find(({ kind }) => kind === 'unreached')?.text).toContain('no import of the 2 functions that ship it');
      }
      expect(app?.parts.find(({ name }) => name === 'idle')?.chain).toEqual(['f/aside.js', 'idle']);
      expect(app && saving(app, 'unreached')?.savedBytes).toBe(aside && saving(aside, 'unreached')?.savedBytes);
      const alone = await Promise.all(['app', 'aside'].map((name) => bytesOf(shared, folderFn(name, 'f', { handlers: [{ file: `f/${name}.js`, export: 'handler', kind: 'handler' }] }, { form: 'bundled', tool: 'esbuild', minify: true }))));
      expect([app, aside].map((detail) => (detail?.result.bytes ?? 0) - (detail === undefined ? 0 : saving(detail, 'bundle')?.savedBytes ?? 0))).toEqual(alone.map(({ bytes }) => bytes));
    });

    it('is told from all functions where one is asked for', async () => {
      const [app] = await measureInDetail(project(shared).workspace, [target()], { among: [other, target()] });
      expect(app?.parts.filter(({ unreached }) => unreached).map(({ name }) => name)).toEqual(['none']);
    });

    it('is not told where one of them can not be followed', async () => {
      const [app] = await measureInDetail(project({ ...shared, 'f/aside.js': 'exports.handler = () => require("./gone");' }).workspace, [target(), other]);
      expect(app && saving(app, 'unreached')).toBeUndefined();
      expect(app?.parts.some(({ unreached }) => unreached)).toBe(false);
      expect(app?.start).toBeDefined();
    });
  });

  it('one archive of many functions weighs the same where one of them is asked for', async () => {
    const { workspace } = project({ 'src/a.ts': uses('other'), 'src/b.ts': uses('big'), ...packages });
    const both = [fn('a', {}, { oneArchive: true }), fn('b', {}, { oneArchive: true })];
    const [a] = await measureInDetail(workspace, both.slice(0, 1), { among: both });
    expect(a?.result.bytes).toBe((await measure(workspace, both))[0]?.bytes);
    expect(a?.result.bytes).toBeGreaterThan(100_000);
  });

  it('keeps quiet about reach where imports can not be followed', async () => {
    const detail = await one({ ...tree, 'f/app.js': 'exports.handler = () => require("./gone");' }, target());
    expect(detail.result.status).toBe('measured');
    expect([saving(detail, 'unreached'), saving(detail, 'bundle')]).toEqual([undefined, undefined]);
    expect(detail.parts.some(({ unreached }) => unreached)).toBe(false);
  });
});
