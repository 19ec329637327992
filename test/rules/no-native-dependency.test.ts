import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import rule from '../../rules/no-native-dependency.ts';
import { analyze } from '../../src/analyze.ts';
import { packageSizes } from '../../src/workspace/installed.ts';
import { targetsOf } from '../../src/workspace/native.ts';

const elf = (machine: number): Buffer => { const bytes = Buffer.alloc(64); bytes.writeUInt32BE(0x7f45_4c46); bytes[5] = 1; bytes.writeUInt16LE(machine, 18); return bytes; };
const mach = (cpu: number): Buffer => { const bytes = Buffer.alloc(64); bytes.writeUInt32BE(0xcffa_edfe); bytes.writeUInt32LE(cpu, 4); return bytes; };

const made: string[] = [];
afterAll(() => { for (const folder of made) rmSync(folder, { recursive: true, force: true }); });

function tree(files: Readonly<Record<string, string | Buffer>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'faaslint-native-')));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const template = (architecture: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: .\n      Handler: a.handler\n      Runtime: nodejs22.x\n      Architectures: [${architecture}]\n`;
const base = (architecture = 'x86_64'): Record<string, string | Buffer> => ({
  'template.yaml': template(architecture), 'a.js': `const hash = require('hash');\nexports.handler = async (event) => hash(event);\n`,
  'package.json': '{"dependencies":{"hash":"1"}}', 'node_modules/hash/package.json': '{"name":"hash","version":"1.0.0"}',
});

async function scan(files: Readonly<Record<string, string | Buffer>>, link?: (root: string) => void): Promise<{ readonly found: readonly string[]; readonly gaps: readonly string[] }> {
  const root = tree(files);
  link?.(root);
  const result = await analyze({ root, paths: [root], rules: [rule.id], preset: 'all', bundles: false, config: false, date: '2026-11-21' });
  expect(result.incomplete).toEqual([]);
  return { found: result.findings.map((one) => `${one.file}:${one.line} ${one.severity} ${one.confidence} ${one.messageId} ${one.message}`), gaps: result.gaps.filter((gap) => gap.kind === 'package').map((gap) => `${gap.file} ${gap.message}`) };
}

describe('headers of binaries', () => {
  it.each<[string, Uint8Array, readonly object[]]>([
    ['ELF for x64', elf(0x3e), [{ platform: 'linux', arch: 'x64' }]],
    ['ELF for arm64', elf(0xb7), [{ platform: 'linux', arch: 'arm64' }]],
    ['ELF for a processor that nobody knows', elf(0x7777), []],
    ['Mach-O for arm64', mach(0x0100_000c), [{ platform: 'darwin', arch: 'arm64' }]],
    ['text', Buffer.from('module.exports = 1;\n'.repeat(10)), []],
    ['too short', elf(0x3e).subarray(0, 10), []],
    ['a PE whose offset leads nowhere', Buffer.from([0x4d, 0x5a, ...new Array<number>(58).fill(0), 0xff, 0xff, 0xff, 0x7f]), []],
  ])('%s', (_name, bytes, expected) => {
    expect(targetsOf(bytes)).toEqual(expected);
  });

  it('a fat Mach-O that lies about how many it holds ends with its bytes', () => {
    const bytes = Buffer.alloc(40);
    bytes.writeUInt32BE(0xcafe_babe);
    bytes.writeUInt32BE(0xffff_ffff, 4);
    bytes.writeUInt32BE(0x0100_0007, 8);
    expect(targetsOf(bytes)).toEqual([{ platform: 'darwin', arch: 'x64' }]);
  });
});

describe('what is installed', () => {
  it('names machines, and rests on what is installed', async () => {
    const { found, gaps } = await scan({ ...base('arm64'), 'node_modules/hash/build/Release/hash.node': elf(0x3e) });
    expect(found).toEqual(["a.js:1 warning possible otherMachine 'hash' is installed for linux-x64, and the function runs on linux-arm64."]);
    expect(gaps).toEqual([]);
  });

  it('a binary for the machine anywhere in the package is enough', async () => {
    expect((await scan({ ...base(), 'node_modules/hash/deep/er/x.node': mach(7), 'node_modules/hash/deep/y.node': elf(0x3e), 'node_modules/hash/binding.gyp': '{}' })).found).toEqual([]);
  });

  it('what nested dependencies have is theirs', async () => {
    const files = { ...base(), 'node_modules/hash/package.json': '{"name":"hash","version":"1.0.0","dependencies":{"low":"1"}}', 'node_modules/hash/node_modules/low/package.json': '{"name":"low","version":"1.0.0"}', 'node_modules/hash/node_modules/low/binding.gyp': '{}' };
    expect((await scan(files)).found).toEqual(["a.js:1 warning possible notBuilt 'hash → low' is compiled when it is installed, and has no binary for linux-x64 here."]);
  });

  it('packages that need each other end', async () => {
    const files = { ...base(), 'node_modules/hash/package.json': '{"name":"hash","dependencies":{"low":"1"}}', 'node_modules/low/package.json': '{"name":"low","dependencies":{"hash":"1","low":"1"}}' };
    expect((await scan(files)).found).toEqual([]);
  });

  it('what is not installed is a gap of its manifest, once', async () => {
    const { found, gaps } = await scan({ 'template.yaml': template('arm64'), 'a.js': `const hash = require('hash');\nconst low = require('low');\nexports.handler = async (event) => hash(low(event));\n`, 'package.json': '{"dependencies":{"hash":"1","low":"1"}}' });
    expect(found).toEqual([]);
    expect(gaps).toEqual(['package.json hash is not installed: whether packages have native parts is not known. Install them (npm ci) to check.']);
  });

  it('a damaged manifest says nothing', async () => {
    expect((await scan({ ...base(), 'node_modules/hash/package.json': '{"name":', 'node_modules/hash/binding.gyp': '{}' })).found).toEqual([]);
  });

  it('nothing outside the root is opened, whatever a link says', async () => {
    const outside = tree({ 'package.json': '{"name":"hash"}', 'binding.gyp': '{}' });
    const files = base();
    delete files['node_modules/hash/package.json'];
    const { found } = await scan({ ...files, 'node_modules/other/package.json': '{}' }, (root) => symlinkSync(outside, join(root, 'node_modules/hash')));
    expect(found).toEqual([]);
    const root = tree(base());
    symlinkSync(join(outside, 'binding.gyp'), join(root, 'node_modules/hash/evil.node'));
    expect(packageSizes(root).installed('hash', 'a.js')?.binaries).toEqual([]);
    expect(packageSizes(root).installed('../../etc', 'a.js')).toBeUndefined();
  });
});

describe('options', () => {
  it('allow', async () => {
    const root = tree({ ...base('arm64'), 'node_modules/hash/x.node': elf(0x3e), 'faaslint.config.json': '{"rules":{"no-native-dependency":["warning",{"allow":["hash"]}]}}' });
    const result = await analyze({ root, paths: [root], rules: [rule.id], config: join(root, 'faaslint.config.json'), bundles: false, date: '2026-11-21' });
    expect(result.findings).toEqual([]);
  });
});
