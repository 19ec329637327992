import { expect, it } from 'vitest';
import { heavyOf, isHash, mayBeHeavy } from '../../src/catalog/heavy.ts';
import { callee, dunno, val } from './support.ts';
import type { Plain } from './support.ts';

it.each<[string, string, readonly Plain[], string | undefined]>([
  ['crypto', 'scryptSync', ['a', 'b', 64], 'derives'],
  ['crypto', 'pbkdf2Sync', ['a', 'b', 999, 64], undefined],
  ['crypto', 'pbkdf2Sync', ['a', 'b', dunno, 64], 'derives'],
  ['crypto', 'createHash', ['md5'], undefined],
  ['bcrypt', 'hashSync', ['a', 10], 'derives'],
  ['bcrypt', 'hash', ['a', 10], undefined],
  ['zlib', 'gzipSync', [dunno], 'compresses'],
  ['zlib', 'gunzipSync', [dunno], undefined],
  ['child_process', 'execSync', ['ls'], 'blocks'],
  ['child_process', 'exec', ['ls'], undefined],
])('heavyOf %s %s', (module, path, args, expected) => {
  expect(heavyOf(callee(module, path), args.map(val))?.kind).toBe(expected);
  if (expected !== undefined) expect(mayBeHeavy(callee(module, path))).toBe(true);
});

it.each<[string, string, boolean]>([['crypto', 'createHash.#digest', true], ['js-sha256', 'sha256', true], ['crypto', 'randomBytes', false], ['lodash', 'hash', false]])('isHash %s %s', (module, path, expected) => {
  expect(isHash(callee(module, path))).toBe(expected);
});
