import { describe, expect, it } from 'vitest';
import { nestsTooDeep } from '../../src/measure/nesting.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const many = 25_000;

describe('files that the bundler could die of', () => {
  it.each<[string, string]>([
    ['brackets', '['.repeat(many) + ']'.repeat(many)],
    ['braces', '{'.repeat(many)],
    ['not', `x = ${'!'.repeat(many)}1`],
    ['conditional', `x = ${'a?b:'.repeat(many)}1`],
    ['arrows', `x = ${'a=>'.repeat(many)}1`],
    ['members', `x = a${'.b'.repeat(many)}`],
    ['else if', 'if(a)b;'.concat('else if(a)b;'.repeat(many))],
  ])('%s are refused', (_title, text) => {
    expect(nestsTooDeep(bytes(text))).toBe(true);
  });

  it.each<[string, string]>([
    ['a few brackets', '[[[]]]'],
    ['many brackets beside each other', '[]'.repeat(many)],
    ['a big table', `[${'{a:1.5,b:!0},'.repeat(many)}]`],
    ['many statements', 'a.b.c(!d);'.repeat(many)],
    ['a long string', JSON.stringify('x+/'.repeat(many))],
    ['closing brackets alone', ']'.repeat(many)],
  ])('%s are not', (_title, text) => {
    expect(nestsTooDeep(bytes(text))).toBe(false);
  });
});
