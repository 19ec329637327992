import { describe, expect, it } from 'vitest';
import { globMatcher } from '../../src/discover/hcl-glob.ts';

describe('patterns of fileset', () => {
  it.each<[string, string, boolean]>([
    ['*.js', 'a.js', true], ['*.js', 'a/b.js', false], ['**/*.js', 'b.js', true], ['**/*.js', 'a/b/c.js', true], ['**', 'a/b.txt', true], ['*/index.{js,ts}', 'a/index.ts', true],
    ['*/index.{js,ts}', 'a/index.tsx', false], ['a?c', 'abc', true], ['a/**/z', 'a/z', true], ['a/**/z', 'a/b/c/z', true], ['a/**/z', 'b/z', false], ['a*b*c', 'axxbyyc', true], ['a.js', 'axjs', false],
    ['*', '.hidden', true],
  ])('%s %s', (pattern, path, expected) => expect(globMatcher(pattern)?.(path)).toBe(expected));
  it.each(['[a-z]*', '{a', 'a\\*', `${'{a,b}'.repeat(10)}`])('not understood: %s', (pattern) => expect(globMatcher(pattern)).toBeUndefined());
  it('costs little whatever the pattern', () => {
    const start = performance.now();
    const fits = globMatcher(`${'a*'.repeat(90)}b`);
    for (let index = 0; index < 2_000; index++) fits?.('a'.repeat(250));
    expect(performance.now() - start).toBeLessThan(1_500);
  });
});
