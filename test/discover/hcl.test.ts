import { describe, expect, it } from 'vitest';
import { hclLocation, parseHcl, parseHclExpression, parseHclTemplate } from '../../src/discover/hcl.ts';
import type { HclExpression } from '../../src/discover/hcl-ast.ts';

/** An expression as a short text, so that tests read structure. */
function show(value: HclExpression | undefined): string {
  if (!value) return 'none';
  switch (value.kind) {
    case 'literal': return JSON.stringify(value.value);
    case 'name': return value.name;
    case 'template': return `\`${value.parts.map((part) => (part.kind === 'text' ? part.text : part.kind === 'value' ? `\${${show(part.value)}}` : `%${part.kind}`)).join('')}\``;
    case 'steps': return `${show(value.on)}${value.steps.map((step) => (step.kind === 'attribute' ? `.${step.name}` : step.kind === 'splat' ? (step.full ? '[*]' : '.*') : `[${show(step.key)}]`)).join('')}`;
    case 'call': return `${value.name}(${value.args.map(show).join(', ')}${value.spread ? '...' : ''})`;
    case 'list': return `[${value.items.map(show).join(', ')}]`;
    case 'object': return `{${value.entries.map((entry) => `${show(entry.key)}: ${show(entry.value)}`).join(', ')}}`;
    case 'for': return `for(${value.names.join(',')} in ${show(value.collection)}: ${value.key ? `${show(value.key)} => ` : ''}${show(value.value)}${value.group ? '...' : ''}${value.condition ? ` if ${show(value.condition)}` : ''})`;
    case 'conditional': return `(${show(value.test)} ? ${show(value.yes)} : ${show(value.no)})`;
    case 'binary': return `(${show(value.left)} ${value.operator} ${show(value.right)})`;
    case 'unary': return `${value.operator}${show(value.operand)}`;
    default: return '?';
  }
}

const of = (text: string): string => {
  const parsed = parseHcl('a.tf', `x = ${text}\n`);
  expect(parsed.problems).toEqual([]);
  return show(parsed.body.attributes.get('x')?.value);
};

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3 == 7 && !false', '(((1 + (2 * 3)) == 7) && !false)'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['var.a["k"].b[0].c', 'var.a["k"].b[0].c'],
    ['aws_x.y.*.arn', 'aws_x.y.*.arn'],
    ['aws_x.y[*].arn[0]', 'aws_x.y[*].arn[0]'],
    ['aws_x.y.0.arn', 'aws_x.y[0].arn'],
    ['-1.5e3', '-1500'],
    ['f(a, [1, 2,]...)', 'f(a, [1, 2]...)'],
    ['provider::aws::arn_parse(a)', 'provider::aws::arn_parse(a)'],
    ['[for k, v in m : k if v != ""]', 'for(k,v in m: k if (v != ""))'],
    ['{ for v in m : v.id => v... }', 'for(v in m: v.id => v...)'],
    ['{ a = 1, "b" : 2, (c) = 3 }', '{"a": 1, "b": 2, c: 3}'],
    ['{\n  a = 1\n  b = {\n    c = [\n      1,\n      2\n    ]\n  } # end\n}', '{"a": 1, "b": {"c": [1, 2]}}'],
    ['(\n  a\n  || b\n)', '(a || b)'],
    ['a-b', 'a-b'],
    ['a - b', '(a - b)'],
    ['"a${b}c$${d}%%{e}\\n\\u00e9"', '`a${b}c${d}%{e}\né`'],
    ['"${a ? "x${b}" : "y"}"', '`${(a ? `x${b}` : "y")}`'],
    ['"%{ if a }x%{ else }y%{ endif }"', '`%if`'],
    ['"50% of $5"', '"50% of $5"'],
    ['<<EOT\nfirst ${a}\n  second\nEOT', '`first ${a}\n  second\n`'],
    ['<<-EOT\n    first\n      second\n    EOT', '"first\\n  second\\n"'],
    ['<<EOT\n%{ for x in xs ~}\n  ${x}\n%{ endfor ~}\nEOT', '`%for`'],
  ])('%s', (text, expected) => expect(of(text)).toBe(expected));

  it.each(['a b', '(a', '1 +', '', 'f(', '"a', '[1 2]', '{ a 1 }'])('no expression: %s', (text) => expect(parseHclExpression(text)).toBeUndefined());

  it('reads text as a template', () => {
    expect(show(parseHclTemplate('say "${x}" \\n'))).toBe('`say "${x}" \\n`');
    expect(show(parseHclTemplate('plain "text"'))).toBe('"plain \\"text\\""');
    expect(parseHclTemplate('${')).toBeUndefined();
  });
});

describe('blocks and places', () => {
  const text = '# first\nresource "aws_lambda_function" "a" {\n  timeout = 3 // s\n  environment {\n    variables = { A = "1" }\n  }\n}\r\nlocals { x = 1 }\n';

  it('keeps labels, nesting and lines', () => {
    const parsed = parseHcl('infra/a.tf', text);
    expect(parsed.problems).toEqual([]);
    const [block, locals] = parsed.body.blocks;
    expect([block?.type, block?.labels, locals?.type, locals?.body.attributes.has('x')]).toEqual(['resource', ['aws_lambda_function', 'a'], 'locals', true]);
    expect(block?.body.blocks[0]?.type).toBe('environment');
    const timeout = block?.body.attributes.get('timeout');
    expect(timeout && hclLocation(parsed, timeout)).toEqual({ file: 'infra/a.tf', line: 3, column: 3, endLine: 3, endColumn: 14 });
    expect(block && hclLocation(parsed, block)).toMatchObject({ line: 2, column: 1, endLine: 7, endColumn: 2 });
  });

  it('keeps the first of two equal attributes and knows no prototype', () => {
    const parsed = parseHcl('a.tf', 'locals {\n  __proto__ = 1\n  a = 1\n  a = 2\n}\n');
    const body = parsed.body.blocks[0]?.body;
    expect([show(body?.attributes.get('a')?.value), show(body?.attributes.get('__proto__')?.value)]).toEqual(['1', '1']);
  });
});

describe('tolerance', () => {
  const names = (text: string) => {
    const parsed = parseHcl('a.tf', text);
    return { blocks: parsed.body.blocks.map((block) => block.labels.at(-1)), lines: parsed.problems.map((problem) => problem.line) };
  };
  const block = (name: string, inside: string): string => `resource "aws_sqs_queue" "${name}" {\n${inside}\n}\n`;

  it.each<[string, string, number]>([
    ['value missing', '  name =', 4], ['string not closed', '  name = "q', 5], ['bracket not closed', '  name = [1,\n', 6], ['stray text', '  name 5', 5],
    ['here-document not closed', '  name = <<EOT\nx', 5], ['too many brackets', `  name = ${'['.repeat(300)}`, 5], ['unknown escape', '  name = "\\q"', 5],
  ])('%s costs that block', (_, inside) => {
    const found = names(block('a', '  name = "a"') + block('broken', inside) + block('b', '  name = "b"'));
    expect(found.blocks).toEqual(['a', 'b']);
    expect(found.lines.length).toBeGreaterThan(0);
    expect(found.lines[0]).toBeGreaterThanOrEqual(4);
  });

  it('a block that is not closed does not swallow the next', () => {
    expect(names(`resource "aws_sqs_queue" "a" {\n  name = "a"\n${block('b', '')}`)).toEqual({ blocks: ['b'], lines: [1] });
  });

  it('a broken last block and an unclosed comment are said', () => {
    expect(names(`${block('a', '')}resource "x" "y" {`)).toEqual({ blocks: ['a'], lines: [4] });
    expect(names(`${block('a', '')}/* open`)).toEqual({ blocks: ['a'], lines: [4] });
  });
});

describe('size', () => {
  const many = 200_000;
  it.each<[string, string]>([
    ['brackets', `x = ${'['.repeat(many)}`], ['closed brackets', `x = ${'['.repeat(many)}${']'.repeat(many)}`], ['parentheses', `x = ${'('.repeat(many)}`], ['objects', `x = ${'{a='.repeat(many)}`],
    ['blocks', 'a {'.repeat(many)], ['templates', `x = "${'${"'.repeat(many)}`], ['negations', `x = ${'!'.repeat(many)}a`], ['sums', `x = 1${' + 1'.repeat(many)}`],
    ['conditionals', `x = a${' ? b : a'.repeat(many)}`], ['steps', `x = a${'.b'.repeat(many)}`], ['indexes', `x = a${'[0]'.repeat(many)}`], ['calls', `x = ${'f('.repeat(many)}`],
    ['strings never closed', 'x = "a\n'.repeat(many)], ['here-documents never closed', 'resource "a" "b" {\n x = <<EOT\n'.repeat(many / 10)],
    ['here-documents that close once', `${'resource "a" "b" {\n x = <<EOT\n'.repeat(many / 10)}EOT\n garbage here\n`],
    ['comments never closed', 'resource "a" "b" {\n/*\n'.repeat(many / 10)], ['blocks never closed', 'resource "a" "b" {\n'.repeat(many / 4)],
    ['one long here-document', `x = <<E\n${'line ${a}\n'.repeat(many)}E\n`], ['directives', `x = "${'%{ if a }'.repeat(many)}"`], ['labels', `a ${'b '.repeat(many)}`],
    ['digits', `x = ${'1'.repeat(many)}`], ['spaces', `x = a${' '.repeat(many)}\n`], ['carriage returns', '\r'.repeat(many)],
  ])('%s', (_, text) => {
    const start = performance.now();
    parseHcl('a.tf', text);
    expect(performance.now() - start).toBeLessThan(2_500);
  });
});
