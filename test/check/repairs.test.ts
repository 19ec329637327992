import { describe, expect, it } from 'vitest';
import { repairsOf } from '../../src/check/repairs.ts';
import { applyRepair } from '../support/apply-repair.ts';
import type { Edit } from '../../src/model/suggestion.ts';

const locate = ({ file }: { file: string }) => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });

/** The text after the edits; nothing when the text does not bear them. `|` in the text marks offsets, `from` and `to` by their order. */
function edited(marked: string, edits: (...offsets: number[]) => readonly [Edit, ...Edit[]]): string | undefined {
  const offsets: number[] = [];
  let text = '';
  for (const part of marked.split('|')) { text += part; offsets.push(text.length); }
  const [repair] = repairsOf([{ title: 'Do it', edits: edits(...offsets) }], 'a.js', text, locate);
  return repair && applyRepair(text, repair);
}

describe('a statement in front of another', () => {
  const before = (at: number): readonly [Edit, ...Edit[]] => [{ kind: 'before', at, text: ['first();'] }];
  it.each<[string, string, string]>([
    ['at the start', '|second();', 'first();\nsecond();'],
    ['in a block', 'f(() => {\n  |second();\n});', 'f(() => {\n  first();\n  second();\n});'],
    ['after a comment', '{\n  // why\n  |second();\n}', '{\n  // why\n  first();\n  second();\n}'],
    ['a declarator, at its keyword', '{\n  const |a = 1;\n}', '{\n  first();\n  const a = 1;\n}'],
    ['an export', 'a();\nexport const |a = 1;', 'a();\nfirst();\nexport const a = 1;'],
    ['without semicolons', "const a = 'b'\n|second()", "const a = 'b'\nfirst();\nsecond()"],
  ])('%s', (_name, text, expected) => {
    expect(edited(text, before)).toBe(expected);
  });
  it.each<[string, string]>([
    ['the body of an if without braces', 'if (a)\n  |second();'],
    ['of an else', 'if (a) b();\nelse\n  |second();'],
    ['of a do', 'do\n  |second();\nwhile (a);'],
    ['a second declarator', 'const a = 1, |b = 2;'],
    ['one that shares its line', 'a(); |second();'],
    ['a label', 'outer:\n|for (;;) {}'],
  ])('not: %s', (_name, text) => {
    expect(edited(text, before)).toBeUndefined();
  });
});

describe('a declaration taken out', () => {
  const drop = (start: number, end: number): readonly [Edit, ...Edit[]] => [{ kind: 'drop', start, end }];
  it.each<[string, string, string | undefined]>([
    ['with its line', 'a();\nlet |b = 1|;\nc();', 'a();\nc();'],
    ['over several lines', 'const |b = {\n  c: 1,\n}|;\nd();', 'd();'],
    ['the last line', 'a();\nlet |b|', 'a();\n'],
    ['beside another', 'let |a = 1|, b = 2;', undefined],
    ['with a comment behind it', 'let |a = 1|; // why\nb();', undefined],
  ])('%s', (_name, text, expected) => {
    expect(edited(text, drop)).toBe(expected);
  });
});

it('edits that overlap are refused', () => {
  expect(edited('a|bc|d', (from, to) => [{ kind: 'replace', start: from, end: to, text: ['x'] }, { kind: 'replace', start: from + 1, end: to, text: ['y'] }])).toBeUndefined();
});

it('takes ranges of the text over, and goes behind a semicolon', () => {
  expect(edited('  |abc|;\n', (from, to) => [{ kind: 'after', at: to, text: ['[', { start: from, end: to }, ']'] }])).toBe('  abc;\n  [abc]\n');
});
