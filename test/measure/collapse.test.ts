import { describe, expect, it } from 'vitest';
import { collapse } from '../../src/measure/collapse.ts';

const files = (entries: Readonly<Record<string, number>>) => Object.entries(entries).map(([path, bytes]) => ({ path, bytes }));
const total = (entries: readonly { readonly bytes: number }[]): number => entries.reduce((sum, { bytes }) => sum + bytes, 0);

describe('files by folder', () => {
  it('lists all where there is room', () => {
    expect(collapse(files({ 'p/a.js': 3, 'p/lib/b.js': 2, 'p/lib/c.js': 1 }), 'p', 10)).toEqual([{ path: 'p/a.js', bytes: 3 }, { path: 'p/lib/b.js', bytes: 2 }, { path: 'p/lib/c.js', bytes: 1 }]);
  });

  it('keeps the smaller folders whole where there is none', () => {
    const entries = collapse(files({ 'p/big/a.js': 50, 'p/big/b.js': 40, 'p/small/c.js': 1, 'p/small/d.js': 1, 'p/small/e.js': 1 }), 'p', 3);
    expect(entries).toEqual([{ path: 'p/big/a.js', bytes: 50 }, { path: 'p/big/b.js', bytes: 40 }, { path: 'p/small/', bytes: 3 }]);
  });

  it('takes the biggest of a folder that has too much in it, and the rest as one', () => {
    const many = files(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`p/lib/${String(index).padStart(2, '0')}.js`, 100 - index])));
    const entries = collapse(many, 'p', 10);
    expect(entries.length).toBeLessThanOrEqual(10);
    expect(entries).toContainEqual({ path: 'p/lib/00.js', bytes: 100 });
    expect(entries.find(({ path }) => path === 'p/lib/*')?.bytes).toBeGreaterThan(0);
    expect(total(entries)).toBe(total(many));
  });

  it.each([['', 'a/b/c.js'], ['x', 'elsewhere/c.js']])('loses nothing (base %j)', (base, path) => {
    expect(total(collapse(files({ [path]: 7, 'x/y.js': 5 }), base, 4))).toBe(12);
  });
});
