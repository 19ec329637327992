import { describe, expect, it } from 'vitest';
import { joinFlowLines } from '../../src/discover/document-layout.ts';
import { DocNode, parseDocument } from '../../src/discover/document.ts';

function plain(node: DocNode | undefined): unknown {
  if (!node) return undefined;
  if (node.tag !== undefined) return node.tag;
  if (node.kind === 'list') return node.items.map(plain);
  return node.kind === 'map' ? [...node.entries].map(([name, child]) => [name, plain(child)]) : node.scalar;
}

const first = (text: string) => parseDocument('t.yaml', text).roots[0];
const kinds = (text: string) => parseDocument('t.yaml', text).errors.map((error) => `${error.kind}:${error.line}`);

describe('places', () => {
  it('gives lines and columns of keys and values, CRLF and tabs in JSON included', () => {
    const root = first('a: 1\r\nb:\r\n  key: "two"\r\n');
    expect(root?.keyLocation('b')).toEqual({ file: 't.yaml', line: 2, column: 1, endLine: 2, endColumn: 2 });
    expect(root?.at('b', 'key')?.location).toEqual({ file: 't.yaml', line: 3, column: 8, endLine: 3, endColumn: 13 });
    const json = parseDocument('t.json', '{\n\t"a": [\n\t\t{ "b": 2 }\n\t]\n}').roots[0];
    expect(json?.at('a', 0)?.keyLocation('b')).toMatchObject({ line: 3, column: 5 });
    expect(json?.at('a', 0, 'b')?.number()).toBe(2);
  });

  it('counts lines of later documents from the top of the file', () => {
    const { roots } = parseDocument('t.yaml', 'a: 1\n---\nb: 2\n');
    expect(roots.map((root) => [...root.entries.keys()])).toEqual([['a'], ['b']]);
    expect(roots[1]?.keyLocation('b').line).toBe(3);
  });
});

describe('values', () => {
  it('turns short tags into their long form, nested and on every kind of node', () => {
    expect(plain(first('a: !Sub "x-${Y}"\nb: !If [C, !Ref A, !GetAtt B.Arn]\nc: !Join\n  - "-"\n  - [!Ref D]\n'))).toEqual([
      ['a', [['Fn::Sub', 'x-${Y}']]],
      ['b', [['Fn::If', ['C', [['Ref', 'A']], [['Fn::GetAtt', 'B.Arn']]]]]],
      ['c', [['Fn::Join', ['-', [[['Ref', 'D']]]]]]],
    ]);
  });

  it('keeps other tags as marks, never as data', () => {
    const root = first('a: !Include x.yml\nb: !!js/function "f()"\n');
    expect(root?.get('a')?.tag).toBe('!Include');
    expect(root?.get('a')?.text()).toBeUndefined();
    expect(root?.get('b')?.scalar).toBe('f()');
  });

  it('keeps dates, octal accounts and base 60 as they are written', () => {
    const root = first('v: 2012-10-17\naccount: 012345678901\nport: 12:30\non: yes\n');
    expect(['v', 'account', 'port', 'on'].map((name) => root?.get(name)?.text())).toEqual(['2012-10-17', '012345678901', '12:30', 'yes']);
    expect(root?.get('on')?.boolean()).toBe(true);
    expect(parseDocument('t.yaml', 'a: yes', { version: '1.2' }).roots[0]?.get('a')?.scalar).toBe('yes');
  });

  it('reads numbers only where they are finite', () => {
    const root = first('a: 30\nb: "30"\nc: .inf\nd: .nan\ne: x30\nf: 1e400\n');
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => root?.get(name)?.number())).toEqual([30, 30, undefined, undefined, undefined, undefined]);
  });

  it('applies merge keys: own keys win, then the first of a list', () => {
    expect(plain(first('a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc:\n  <<: [*a, *b]\n  x: 3\n')?.get('c'))).toEqual([['x', 3], ['y', 1], ['z', 2]]);
  });

  it('takes prototype names as plain names', () => {
    const root = first('__proto__: { polluted: 1 }\nconstructor: 2\nhasOwnProperty: 3\n');
    expect([...(root?.entries.keys() ?? [])]).toEqual(['__proto__', 'constructor', 'hasOwnProperty']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(first('{}')?.get('toString')).toBeUndefined();
  });

  it('reports a duplicate key and takes the last', () => {
    expect(first('a: 1\na: 2\n')?.get('a')?.number()).toBe(2);
    expect(kinds('a: 1\na: 2\n')).toEqual(['duplicate:2']);
  });
});

describe('broken and hostile text', () => {
  it('uses what parsed and says where it broke', () => {
    const text = 'a: 1\nb: "x" y\nc: 3\n';
    expect(first(text)?.get('a')?.number()).toBe(1);
    expect(kinds(text)).toEqual(['syntax:2']);
  });

  it('reads closing brackets that are indented too little, and the lines after them', () => {
    const text = 'a: !If [X, {\n  b: [1, # one ]\n  2]\n}, 3]\nc: \'{\n"d"\n}\'\ne: |\n  [ "\nf: 1\n';
    expect(parseDocument('t.yaml', text).errors).toEqual([]);
    expect(plain(first(text))).toEqual([['a', [['Fn::If', ['X', [['b', [1, 2]]], 3]]]], ['c', '{ "d" }'], ['e', '[ "\n'], ['f', 1]]);
    expect(first(text)?.keyLocation('f').line).toBe(10);
  });

  it('keeps offsets when it joins lines, and leaves what never closes alone', () => {
    expect(joinFlowLines('a: [1,\n2]\n')).toBe('a: [1, 2]\n');
    expect(joinFlowLines('a: [1,\n2\nb: "x\n')).toBe('a: [1,\n2\nb: "x\n');
    expect(joinFlowLines('a: |\n  [1,\n  2]\n- b # {\n')).toBe('a: |\n  [1,\n  2]\n- b # {\n');
  });

  it.each([
    ['brackets', '['.repeat(50_000)], ['braces', '{a: '.repeat(50_000)], ['dashes', '- '.repeat(50_000)], ['questions', '? '.repeat(5000)],
    ['brackets hidden by quotes', '["]",'.repeat(5000)],
    ['indentation', Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
  ])('refuses deep nesting: %s', (_, text) => {
    const { roots, errors } = parseDocument('t.yaml', text);
    expect(roots).toEqual([]);
    expect(errors).toMatchObject([{ kind: 'limit', message: 'nested too deeply' }]);
  });

  it('accepts what real templates need', () => {
    const text = `${'['.repeat(100)}${']'.repeat(100)}`;
    expect(parseDocument('t.yaml', text).errors).toEqual([]);
  });

  it('refuses alias and merge bombs, quickly', () => {
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`)].join('\n');
    const merges = `a: &a\n${Array.from({ length: 5000 }, (_, i) => `  k${i}: 1`).join('\n')}\nb:\n  <<: [${Array(5000).fill('*a').join(', ')}]\n`;
    const started = performance.now();
    for (const text of [laughs, merges]) expect(parseDocument('t.yaml', text)).toMatchObject({ roots: [], errors: [{ kind: 'limit' }] });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('reads many harmless aliases', () => {
    const text = `a: &a 1\n${Array.from({ length: 300 }, (_, i) => `k${i}: *a`).join('\n')}\n`;
    expect(parseDocument('t.yaml', text).errors).toEqual([]);
    expect(first(text)?.get('k299')?.number()).toBe(1);
  });

  it.each(['&a [*a]', 'a: &x { b: *x }', 'a: &x\n  <<: *x\n  b: 1\n'])('cuts cycles: %s', (text) => {
    const { roots, errors } = parseDocument('t.yaml', text);
    expect(errors.map((error) => error.kind)).toEqual(['syntax']);
    expect(roots[0]?.weight).toBeLessThan(10);
  });

  it('takes time in proportion to the text', () => {
    const make = (n: number): string => Array.from({ length: n }, (_, i) => `k${i}: { a: [1, 2], b: "x" }\n`).join('');
    const cost = (text: string): number => {
      const started = performance.now();
      parseDocument('t.yaml', text);
      return performance.now() - started;
    };
    // The best of several: what else the machine does only adds. Quadratic work would cost 16 times as much.
    const best = (n: number): number => Math.min(...[1, 2, 3].map(() => cost(make(n))));
    expect(best(16_000)).toBeLessThan(10 * Math.max(10, best(4000)));
  });

  it('refuses files above the limit without parsing', () => {
    expect(parseDocument('t.yaml', 'a: 1\n'.repeat(1_100_000))).toMatchObject({ roots: [], errors: [{ kind: 'limit', message: 'larger than 5 MB' }] });
  });
});
