import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/discover/hcl-evaluate.ts';
import type { HclWorld } from '../../src/discover/hcl-evaluate.ts';
import { parseHclExpression, parseHclTemplate } from '../../src/discover/hcl.ts';
import { unknown } from '../../src/model/value.ts';
import type { Value } from '../../src/model/value.ts';

const env = (name: string): Value => ({ kind: 'env', name });
const files: Readonly<Record<string, string>> = { 'a.json': '{"b": [1, 2]}', 'hello.tpl': 'hi ${name}%{ for x in xs }, ${x}%{ endfor }' };

function world(steps = 100_000): HclWorld {
  return {
    budget: { steps, depth: 0 },
    resolve: (name, given) => (name === 'var' && given[0]?.kind === 'attribute' ? { value: given[0].name === 'open' ? unknown('open') : env(given[0].name), used: 1 }
      : name === 'aws_x' ? { value: { kind: 'resource', unit: 'u', id: 'aws_x.y', attribute: '' }, used: 1 } : undefined),
    attribute: (whole, name) => ({ ...whole, attribute: name }),
    read: (path) => (path.kind === 'literal' ? files[String(path.value)] : undefined),
    template: (path) => (path.kind === 'literal' ? parseHclTemplate(files[String(path.value)] ?? '') : undefined),
    list: () => ['b.js', 'a/b.js'],
  };
}

/** The value as plain data; what is not known in angle brackets. */
function plain(value: Value): unknown {
  switch (value.kind) {
    case 'literal': return value.value;
    case 'array': return [...value.items.map(plain), ...(value.open ? ['…'] : [])];
    case 'object': return Object.fromEntries([...value.entries.map(([name, item]) => [name, plain(item)] as const), ...(value.open ? [['…', true] as const] : [])]);
    case 'template': return value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : String(plain(part)))).join('');
    case 'env': return `<${value.name}>`;
    case 'resource': return `<${value.id}.${value.attribute}>`;
    case 'oneOf': return `<${value.options.map((item) => JSON.stringify(plain(item))).join('|')}>`;
    case 'derived': return `<${value.what}(${value.from.map((item) => JSON.stringify(plain(item))).join(', ')})>`;
    default: return '<?>';
  }
}

function run(text: string): unknown {
  const parsed = parseHclExpression(text);
  if (!parsed) throw new Error(`no expression: ${text}`);
  return plain(evaluate(parsed, { names: new Map(), world: world() }));
}

describe('operators and collections', () => {
  it.each<[string, unknown]>([
    ['1 + 2 * 3', 7], ['7 % 4 - 1', 2], ['-(2) < 1 && !false', true], ['"a" == "a"', true], ['"1" == 1', false], ['[1, 2] == [1, 2]', true],
    ['var.a == null', '<==("<a>", null)>'], ['aws_x.y.arn == null', false], ['{ a = var.b } != null', true], ['var.open || true', true], ['var.open && false', false],
    ['true ? 1 : 2', 1], ['var.a == "x" ? 1 : 2', '<1|2>'], ['{ a = 1, "b-c" = 2 }["b-c"]', 2], ['[1, 2, 3][1]', 2], ['[{ a = 1 }, { a = 2 }][*].a', [1, 2]],
    ['[{ a = { b = 1 } }].*.a.b', [1]], ['null[*]', []], ['[for x in [1, 2, 3] : x * 2 if x > 1]', [4, 6]], ['[for k, v in { b = 1, a = 2 } : "${k}${v}"]', ['a2', 'b1']],
    ['{ for x in ["a", "b"] : x => upper(x) }', { a: 'A', b: 'B' }], ['{ for x in ["a1", "b1", "a2"] : substr(x, 0, 1) => x... }', { a: ['a1', 'a2'], b: ['b1'] }],
    ['"${var.stage}-orders"', '<stage>-orders'], ['"%{ if true }yes%{ else }no%{ endif }"', 'yes'], ['"%{ for x in ["a", "b"] }${x};%{ endfor }"', 'a;b;'],
    ['var.urls["a-b"]', '<urls.a-b>'], ['aws_x.y[0].arn', '<aws_x.y.arn>'], ['{ a = 1 }.__proto__', '<?>'], ['missing.x', '<?>'],
  ])('%s', (text, expected) => expect(run(text)).toEqual(expected));
});

describe('functions', () => {
  it.each<[string, unknown]>([
    ['format("%s-%03d-%%", var.a, 7)', '<a>-007-%'], ['join("-", ["a", var.b, "c"])', 'a-<b>-c'], ['lookup({ a = 1 }, "b", 2)', 2], ['merge({ a = 1, b = 1 }, null, { b = 2 })', { a: 1, b: 2 }],
    ['merge({ a = 1 }, var.more)', { a: 1, '…': true }], ['concat([1], [2, 3])', [1, 2, 3]], ['flatten([[1, [2]], 3])', [1, 2, 3]], ['toset(["b", "a", "b"])', ['a', 'b']],
    ['keys({ b = 1, a = 2 })', ['a', 'b']], ['values({ b = 1, a = 2 })', [2, 1]], ['length({ a = 1 })', 1], ['element(["a", "b"], 3)', 'b'], ['compact(["a", "", null])', ['a']],
    ['try({ a = 1 }.b, "d")', 'd'], ['try(var.a.b, "d")', '<"<a.b>"|"d">'], ['coalesce("", null, "x")', 'x'], ['coalesce(var.a, "x")', '<"<a>"|"x">'],
    ['lower("AbC")', 'abc'], ['title("hello world")', 'Hello World'], ['replace("a-b-c", "-", "_")', 'a_b_c'], ['replace("abc", "/[a-z]+/", "x")', '<replace("abc", "/[a-z]+/", "x")>'],
    ['trimsuffix("${var.a}.zip", ".zip")', '<a>'], ['trimprefix("s3://x", "s3://")', 'x'], ['substr("hello", -3, 2)', 'll'], ['split(",", "a,b")', ['a', 'b']], ['trim("--a-", "-")', 'a'],
    ['basename("a/b/c.zip")', 'c.zip'], ['dirname("a/b/c.zip")', 'a/b'], ['basename("${var.a}/c.zip")', 'c.zip'], ['abspath("x/../y")', '<path.cwd>/y'], ['abspath("../x/../..")', '<path.cwd>/../..'],
    ['jsonencode({ b = [1, true, null], a = "<x>" })', '{"a":"\\u003cx\\u003e","b":[1,true,null]}'], ['jsonencode({ a = aws_x.y.arn })', '<json({"a":"<aws_x.y.arn>"})>'],
    ['jsondecode(file("a.json")).b[1]', 2], ['jsondecode(jsonencode({ a = aws_x.y.arn })).a', '<aws_x.y.arn>'], ['templatefile("hello.tpl", { name = var.n, xs = ["a", "b"] })', 'hi <n>, a, b'],
    ['file("absent")', '<file("absent")>'], ['zipmap(["a"], [1])', { a: 1 }], ['range(3)', [0, 1, 2]], ['setproduct(["a", "b"], [1])', [['a', 1], ['b', 1]]], ['contains(["a"], "b")', false],
    ['formatlist("x-%s", ["a", var.b])', ['x-a', 'x-<b>']], ['max([1, 5]...)', 5], ['uuid()', '<uuid()>'], ['md5(aws_x.y.arn)', '<md5("<aws_x.y.arn>")>'], ['constructor("a")', '<constructor("a")>'],
    ['fileset(".", "**")', ['b.js', 'a/b.js']], ['tonumber("5") + 1', 6], ['one([])', null], ['startswith("abc", "ab")', true],
  ])('%s', (text, expected) => expect(run(text)).toEqual(expected));
});

describe('bounds', () => {
  it.each<[string, string]>([
    ['loops in loops', `[for a in range(900) : [for b in range(900) : [for c in range(900) : a]]]`],
    ['long sums', `1${' + 1'.repeat(450)}`], ['brackets', `${'['.repeat(140)}1${']'.repeat(140)}`], ['lists that double', 'concat(range(900), range(900), range(900))'],
  ])('%s', (_, text) => {
    const start = performance.now();
    const parsed = parseHclExpression(text);
    expect(parsed && evaluate(parsed, { names: new Map(), world: world() })).toBeDefined();
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('without work left everything is unknown', () => {
    const parsed = parseHclExpression('[1, 2, 3]');
    expect(parsed && evaluate(parsed, { names: new Map(), world: world(0) })).toMatchObject({ kind: 'unknown' });
  });
});
