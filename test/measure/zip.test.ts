import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { archiveSizes, zippedEntries } from '../../src/measure/zip.ts';

const sources = ['src/measure/build.ts', 'src/measure/resolve.ts', 'src/measure/settings.ts', 'src/measure/folder.ts', 'src/check/config.ts', 'src/catalog/limits.ts'].map((file) => readFileSync(file));
const entry = (name: string, bytes: Uint8Array) => ({ name, hash: name, bytes: () => bytes });
const exact = (name: string, bytes: Uint8Array): number => 22 + 76 + 2 * name.length + deflateRawSync(bytes).length;

describe('archives', () => {
  /** Bundles that share code: each is a different choice of the same files. */
  const bundles = Array.from({ length: 100 }, (_, index) => Buffer.concat([...sources.filter((_source, at) => (index + 1) & (1 << at)), Buffer.from(`exports.handler = ${index};`)]));

  it('are exact where there are few', async () => {
    const few = bundles.slice(0, 32);
    expect(await archiveSizes(few.map((bytes, index) => [entry(`e${index}.js`, bytes)]), new Map(), () => false)).toEqual(few.map((bytes, index) => exact(`e${index}.js`, bytes)));
  });

  it('are within 3 % where there are many', async () => {
    const sizes = await archiveSizes(bundles.map((bytes, index) => [entry(`e${index}.js`, bytes)]), new Map(), () => false);
    for (const [index, bytes] of bundles.entries()) {
      const real = exact(`e${index}.js`, bytes);
      expect(Math.abs((sizes[index] ?? 0) - real) / real).toBeLessThan(0.03);
    }
  });

  it('deflate equal contents once', async () => {
    let reads = 0;
    const same = Array.from({ length: 5 }, () => ({ name: 'a.js', hash: 'one', bytes: () => { reads++; return Buffer.from('x'.repeat(100)); } }));
    await zippedEntries(same.slice(0, 1), new Map(), () => false);
    const known = new Map();
    reads = 0;
    await archiveSizes(same.map((item) => [item]), known, () => false);
    expect(reads).toBe(1);
  });

  it('are not given once the time is over, nor for what can not be read', async () => {
    expect(await archiveSizes([[entry('a', Buffer.from('a'))]], new Map(), () => true)).toEqual([undefined]);
    expect(await zippedEntries([{ name: 'a', bytes: () => undefined }], new Map(), () => false)).toBeUndefined();
    expect(await archiveSizes([[]], new Map(), () => false)).toEqual([22]);
  });
});
