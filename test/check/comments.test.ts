import { describe, expect, it } from 'vitest';
import { plainComments } from '../../src/check/comments.ts';
import { plainDirectives } from '../../src/check/suppress.ts';

const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`;
const found = (file: string, text: string): readonly string[] => plainComments(file, text).map((comment) => `${comment.line}:${comment.text.trim()}`);

describe('comments of files that are not source', () => {
  it('YAML: not in scalars of any form', () => {
    expect(found('t.yaml', lines(
      '# one', 'a: "x # no" # two', "b: 'it''s # no'", 'c: plain#no # three', 'd: |', '  text', '  # no', '  more', '# four', 'e: >-', '  # no', 'f: [1, # five', '  2]', 'g: "two', '  lines # no" # six', '--- # seven', 'h: #eight',
    ))).toEqual(['1:one', '2:two', '4:three', '9:four', '12:five', '15:six', '16:seven', '17:eight']);
  });
  it('YAML: a scalar that begins with the sign is no comment', () => expect(found('t.yaml', lines('- |', '  # faaslint-disable', '- x'))).toEqual([]));
  it('YAML: line ends of Windows, broken text', () => {
    expect(found('t.yml', 'a: 1\r\n# two\r\nb: 2\r\n# four\r\n')).toEqual(['2:two', '4:four']);
    expect(found('t.yml', lines('a: "open', '# in the string'))).toEqual([]);
    expect(found('t.yml', lines('a: [', '# two'))).toEqual(['2:two']);
  });
  it('templates are YAML or JSON', () => {
    expect(found('t.template', lines('a: 1', '# two'))).toEqual(['2:two']);
    expect(found('t.template', lines('{', '"a": "# no"', '}'))).toEqual([]);
  });
  it('TOML', () => expect(found('w.toml', lines('a = "# no" # one', "b = '# no\\' # two", 'c = """', '# no', '""" # five', "d = '''", "# no", "'''"))).toEqual(['1:one', '2:two', '5:five']));
  it('HCL', () => expect(found('m.tf', lines(
    '# one', 'a = "# no ${x} // no" // two', '/* three', 'four */ b = 1', 'c = <<-END', '  # no', '  // no', '  END', '# nine', 'd = 1 << 2 # ten', 'e = "http://no"',
  ))).toEqual(['1:one', '2:two', '4:three\nfour', '9:nine', '10:ten']));
  it('HCL: strings inside interpolations', () => expect(found('m.tf', lines(
    'a = "${lookup(var.m, "k # no")} # no" # one', 'b = "$${ # no" # two', 'c = "x ${', 'd = 1 # four',
  ))).toEqual(['1:one', '2:two', '4:four']));
  it('HCL: a directive above a block', () => expect(plainDirectives('infra/m.tofu', lines('# faaslint-disable-next-line no-timeout-overrun -- batch', 'resource "aws_lambda_function" "a" {', '}'))).toEqual([
    { file: 'infra/m.tofu', line: 1, kind: 'next-line', rules: ['no-timeout-overrun'], reason: 'batch', eslint: false },
  ]));
  it('JSON with comments', () => expect(found('c.jsonc', lines('{ // one', '  "a": "// no", # no', '  /* three */ "b": 1', '}'))).toEqual(['1:one', '3:three']));
  it('other files have none', () => expect(found('a.md', '# x')).toEqual([]));
  it('a long hostile text costs little', () => {
    const start = performance.now();
    plainComments('t.yaml', '- "a # b" #'.repeat(50_000));
    plainComments('m.tf', `${'<<A\n'.repeat(50_000)}${'/*'.repeat(50_000)}${'"\n'.repeat(50_000)}`);
    plainComments('m.tf', '"${'.repeat(50_000));
    plainComments('m.tf', '"${\n'.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

it('directives of a template: of the comment, not of a description', () => {
  const text = lines('Resources:', '  A:', '    Description: "#1 of all" # faaslint-disable-line no-disk-writes -- why', '    Code: |', '      # faaslint-disable', '      // x', '  # eslint-disable-next-line faaslint/no-disk-writes');
  expect(plainDirectives('t.yaml', text)).toEqual([{ file: 't.yaml', line: 3, kind: 'line', rules: ['no-disk-writes'], reason: 'why', eslint: false }]);
});
