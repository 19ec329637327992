import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, describe as suite, test } from 'vitest';
import { compare, describe, listFiles, listProjects, parseAnnotations, readAnnotations } from './fixture.ts';
import type { FoundSpot } from './fixture.ts';

const made: string[] = [];
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function tree(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'faaslint-fixture-'));
  made.push(dir);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), text);
  }
  return dir;
}

const spot = (line: number, severity: string, rule = 'no-disk-writes'): FoundSpot => ({ rule, severity, file: 'a.ts', line, messageId: 'outside' });

suite('parseAnnotations', () => {
  test('an annotation at the end of a line concerns that line', () => {
    expect(parseAnnotations('a();\nb(); // finding: no-disk-writes error\n', 'a.ts')).toEqual([
      { expect: 'finding', rule: 'no-disk-writes', severity: 'error', note: '', file: 'a.ts', line: 2, at: 2 },
    ]);
  });

  test('annotations alone on their lines concern the next line that is none', () => {
    const found = parseAnnotations('// finding: no-a warning outside -- why not\n  // info: no-b\n\nx();', 'a.ts');
    expect(found.map((each) => [each.rule, each.severity, each.messageId, each.note, each.line, each.at])).toEqual([
      ['no-a', 'warning', 'outside', 'why not', 3, 1],
      ['no-b', 'info', undefined, '', 3, 2],
    ]);
  });

  test('an own line and a trailing annotation meet on one line', () => {
    const found = parseAnnotations('# ok: no-a only read\nTimeout: 3 # finding: no-b error\n', 'template.yaml');
    expect(found.map((each) => [each.expect, each.rule, each.line])).toEqual([['quiet', 'no-a', 2], ['finding', 'no-b', 2]]);
  });

  test('block comments, CRLF and a hash work; the note of ok is free text', () => {
    const found = parseAnnotations('x(); /* info: no-a */\r\ny(); // ok: no-a a read, -- nothing else\r\n', 'a.js');
    expect(found.map((each) => [each.expect, each.severity, each.note, each.line])).toEqual([
      ['finding', 'info', '', 1],
      ['quiet', undefined, 'a read, -- nothing else', 2],
    ]);
  });

  test('text that only looks similar is no annotation', () => {
    expect(parseAnnotations('const finding = { ok: true }; // see finding 3\nlog("info: x-y");\n', 'a.ts')).toEqual([]);
  });

  test.each([
    ['x(); // finding: no-a', 'severity'],
    ['x(); // finding: no-a info', 'info: no-a'],
    ['x(); // finding: Nope error', 'no rule id'],
    ['x(); // ok: no-a', 'says why'],
    ['x(); // finding: no-a error because of it', 'after "--"'],
    ['// info: no-a', 'no line after'],
  ])('%s is refused', (text, message) => {
    expect(() => parseAnnotations(text, 'a.ts')).toThrow(message);
  });
});

suite('readAnnotations', () => {
  test('reads code and infrastructure of a tree, in order, and leaves installed packages out', () => {
    const dir = tree({
      'src/b.ts': 'x(); // info: no-a\n',
      'template.yaml': 'a: 1 # finding: no-a error\n',
      'node_modules/p/index.js': 'x(); // finding: no-a error\n',
      'README.md': 'x // finding: no-a error\n',
    });
    expect(readAnnotations(dir).map((each) => `${each.file}:${each.line}`)).toEqual(['src/b.ts:1', 'template.yaml:1']);
    expect(listFiles(dir)).toEqual(['README.md', 'src/b.ts', 'template.yaml']);
  });
});

suite('listProjects', () => {
  test('gives the cases of folders named like a rule', () => {
    const dir = tree({ 'no-b/two/x.ts': '', 'no-b/one/x.ts': '', 'no-b/notes.md': '', 'shop/x.ts': '' });
    expect(listProjects(dir).map((each) => [each.name, each.rule])).toEqual([['no-b/one', 'no-b'], ['no-b/two', 'no-b']]);
  });
});

suite('compare', () => {
  const rules = new Set(['no-disk-writes']);
  const annotations = parseAnnotations(
    ['a(); // finding: no-disk-writes error', 'b(); // ok: no-disk-writes a read', 'c(); // info: no-disk-writes', 'd();'].join('\n'),
    'a.ts',
  );
  const good = [spot(1, 'error'), spot(3, 'info')];

  test('agreement gives nothing', () => {
    expect(compare(annotations, good, rules)).toEqual([]);
    expect(describe([])).toBe('');
  });

  test('a finding that is not there is missing', () => {
    expect(compare(annotations, [spot(3, 'info')], rules).map((each) => [each.kind, each.line])).toEqual([['missing', 1]]);
  });

  test('a suppressed finding is not there', () => {
    expect(compare(annotations, [{ ...spot(1, 'error'), suppressed: {} }, spot(3, 'info')], rules).map((each) => each.kind)).toEqual(['missing']);
  });

  test('another severity is one mismatch, not two', () => {
    const found = compare(annotations, [spot(1, 'warning'), spot(3, 'warning')], rules);
    expect(found.map((each) => [each.kind, each.line])).toEqual([['wrong severity', 1], ['wrong severity', 3]]);
  });

  test('a near miss bears info and nothing above', () => {
    expect(compare(annotations, [...good, spot(2, 'info')], rules)).toEqual([]);
    const found = compare(annotations, [...good, spot(2, 'warning')], rules);
    expect(describe(found)).toBe('a.ts:2  near miss violated  no-disk-writes  found warning [outside]; must stay quiet: a read');
  });

  test('a line with no annotation must have no finding of the rule, not even info', () => {
    expect(compare(annotations, [...good, spot(4, 'info')], rules).map((each) => [each.kind, each.line])).toEqual([['unexpected', 4]]);
  });

  test('two findings on a line need two annotations', () => {
    expect(compare(annotations, [...good, spot(1, 'error')], rules).map((each) => [each.kind, each.line])).toEqual([['unexpected', 1]]);
    const two = parseAnnotations('// finding: no-disk-writes error\n// finding: no-disk-writes warning\na();', 'a.ts');
    expect(compare(two, [spot(3, 'warning'), spot(3, 'error')], rules)).toEqual([]);
    expect(compare(two, [spot(3, 'warning')], rules).map((each) => [each.kind, each.text])).toContainEqual(['missing', 'expected warning']);
  });

  test('findings of other rules count only where they are annotated', () => {
    const other = parseAnnotations('a(); // finding: no-other warning\nb(); // ok: no-other fine\nc();', 'a.ts');
    expect(compare(other, [spot(1, 'warning', 'no-other'), spot(3, 'error', 'no-other')], rules)).toEqual([]);
    expect(compare(other, [spot(2, 'error', 'no-other')], rules).map((each) => [each.kind, each.line])).toEqual([['missing', 1], ['near miss violated', 2]]);
  });

  test('a message id, where given, must agree', () => {
    const named = parseAnnotations('a(); // finding: no-disk-writes error outside', 'a.ts');
    expect(compare(named, [spot(1, 'error')], rules)).toEqual([]);
    expect(compare(named, [{ ...spot(1, 'error'), messageId: 'inside' }], rules).map((each) => each.kind)).toEqual(['wrong message']);
  });
});
