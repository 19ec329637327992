import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter } from 'yaml';
import { describe, expect, it } from 'vitest';
import { Positions } from '../../src/discover/document-node.ts';
import type { DocNode } from '../../src/discover/document-node.ts';
import { parsePlain } from '../../src/discover/document-plain.ts';
import { parseDocument, parseFully } from '../../src/discover/document.ts';
import type { PositionedDocument } from '../../src/discover/document.ts';

/** All that a document says: kinds, values, texts, tags and the places of all nodes and keys. */
function whole({ roots, errors }: PositionedDocument): unknown {
  const plain = (node: DocNode): unknown => [
    node.kind, node.scalar, node.text(), node.tag, node.range, [...node.entries].map(([name, value]) => [name, node.keyLocation(name), plain(value)]), node.items.map(plain),
  ];
  return { roots: roots.map(plain), errors };
}

/** What the quick reader makes of a text on its own. */
function quick(text: string): 'read' | 'layout' | 'left' {
  const read = parsePlain(text, new Positions('t.yaml', new LineCounter()), { typed: (raw) => ({ scalar: raw, raw }), longName: (tag) => (/^!(?:Sub|Ref|If|GetAtt|Join)$/.test(tag) ? tag.slice(1) : undefined) });
  return read === 'layout' ? 'layout' : read ? 'read' : 'left';
}

function same(text: string): void {
  for (const version of ['1.1', '1.2'] as const) expect({ text, ...(whole(parseDocument('t.yaml', text, { version })) as object) }).toEqual({ text, ...(whole(parseFully('t.yaml', text, { version })) as object) });
}

const read: readonly string[] = [
  'a: 1\nb: two # c\nc: yes\nd: 0x1F\ne: ~\nf: .5\ng: 1_000\nh: 012\ni: 1e3\nj: -.inf\nk: 12:30\nl: 2012-10-17\nm: Off\nn: "1"\n',
  'a:\nb:   # nothing\nc:\n  - \n  -   # nothing\n  - x\n',
  '# head\n---\na:\n- b\n-  c: 1\n   d: 2\n\n   # inside\n-\n  e: 3\n- - 1\n  - - 2\n---\nf: g\n',
  'a: !Sub "x-${Y}"\nb: !If [C, !Ref A, !GetAtt B.Arn]\nc: !Join\n- ""\n- - !Ref D\n  - e\nd: !Ref\n  # below\n  E: 1\ne:\n  !Sub z\nf:\n- !If\n  - A\n  - !Ref 123\n',
  'a: {}\nb: [ ]\nc: [1, two words, "three", \'four\', {five: 5, "six":6, \'seven\' : [8]},]\nd: {a: http://x/y?z=1#2,\n    # note\n    b: [\n  c, d\n  ]\n}\ne: [Condition: A, "b":c, d]\n',
  'a: |\n  one\n\n    two\n  three  \n\n\nb: >-\n  folded\n  text\n\n  next\n    kept\n    too\n  end\nc: |-\n      x\n      \n       \n      y\n       \n# c\nd: | # note\n x\n',
  'a: one\n  two\n\n\n  three # c\nb:\n  long text - with: colons:inside\n   and "quotes"\nc: it\'s # d\n'.replace('with: ', 'with:'),
  'a: "one\n  two\n\n  three \n  "\nb: \'it\'\'s\n\n  so\'\nc: "tab\\t quote\\" \\u00e9 \\x41 \\/ \\\\"\nd: "{\\n\\\n   \\"x\\": 1\\\n  }\n  \\n"\n',
  'a: 1\r\nb:\r\n  - "x"\r\n  - |\r\n    one\r\n\r\n    two\r\nc: more\r\n  text\r\n',
  '"quoted key": 1\n\'other\' : 2\nspaced key : 3\nFn::Sub: x\n/path/{id}: {get: y}\n1: one\n-x: y\n',
  'a: :x\nb: ?x\nc: -x\nd: --\ne: a#b\nf: x\u00a0\ng: 😀 y\nh: ${A}:${B}\n',
  'a: 1\nb: {c: 1}\na: 2\nb:\n  d: 1\n  d: [x]\n',
  'deep:\n' + Array.from({ length: 40 }, (_, level) => `${' '.repeat(level + 1)}k:\n`).join(''),
];

/** Left to the full parser: rare, or wrong. */
const left: readonly string[] = [
  'a: &x 1\nb: *x\n', 'a:\n  <<: {b: 1}\n', '? a\n: b\n', '%YAML 1.1\n---\na: 1\n', 'a:\tb\n', 'a: b\t# c\n', '\ta: b\n', 'a: !!str 1\n', 'a: !Include x\n', 'a: !Sub\n', '~: 1\n', 'null: 1\n',
  'a: b: c\n', 'a: b\n  c: d\n', 'a:\n   b: 1\n  c: 2\n', '- a\n b: c\n', 'a: "b\n', "a: 'b' c\n", 'a: "b"#c\n', 'a: [b\n', 'a: [b,,c]\n', 'a: [,b]\n', 'a: [b]: c\n', 'a: {b: ${C}}\n', 'a: {b, c}\n', 'a: {b: }\n',
  'a: - b\n', '- a\nb: c\n', 'a: @b\n', 'a: `b`\n', 'a: %b\n', 'a: ]\n', 'a: |2\n   b\n', 'a: |+\n  b\n', 'a: |\nb: 1\n', 'a: |\n    \n  b\n', 'a: >x\n  b\n', 'a: |\n  b\n \tc\n',
  'text\n', '"text"\n', '[a]\n', '', '# only\n', '---\n', 'a: 1\n...\n', 'a: 1\n--- b\n', 'a: "\\q"\n', 'a: "\\U0001F41B"\n', '\uFEFFa: 1\n', 'a: \0\n', 'a: b\rc: d\n', 'a\nb: c\n', '"a"\n"b": c\n',
  'deep:\n' + Array.from({ length: 80 }, (_, level) => `${' '.repeat(level + 1)}k:\n`).join(''), `a: ${'['.repeat(80)}${']'.repeat(80)}\n`,
];

/** Badly indented, which the full parser reads with the lines joined. */
const layout: readonly string[] = ['a:\n  b: \'{\n    c\n  }\'\n  d: 1\n', 'a:\n  b: "x\n y"\n', 'a:\n  b: {c: 1,\nd: 2}\n', 'a:\n  b: [{\n    c: 1\n  }]\n  d: 2\n'];

describe('the quick reader of YAML', () => {
  it.each(read)('reads %j as the full parser does', (text) => {
    expect(quick(text)).toBe('read');
    same(text);
    same(text.replace(/\n$/, ''));
  });

  it.each(left)('leaves %j to the full parser', (text) => {
    expect(quick(text)).toBe('left');
    same(text);
  });

  it.each(layout)('tells that the layout of %j is bad', (text) => {
    expect(quick(text)).toBe('layout');
    const document = parseDocument('t.yaml', text);
    expect(document.errors).toEqual([]);
    expect(whole(document)).toEqual(whole(parseFully('t.yaml', text)));
  });

  it('reads every fixture as the full parser does, most of them by itself', () => {
    const root = join(import.meta.dirname, '..', '..', 'fixtures');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ya?ml$/.test(file)).sort();
    const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
    for (const text of texts) expect(whole(parseDocument('t.yaml', text))).toEqual(whole(parseFully('t.yaml', text)));
    expect(texts.filter((text) => quick(text) === 'read').length).toBeGreaterThan(texts.length * 0.9);
  });

  it('never differs on damaged texts', () => {
    const random = generator(20261121);
    const pieces = [' ', '  ', '\n', '\n\n', '- ', '# c', ' #', ': ', ':', '"', "'", '[', ']', '{', '}', ', ', '|\n', '>-\n', '!Sub ', '\t', '\r\n', '---\n', 'a: b', '\n  a: b', '\n- a', '~', '<<: ', '&a ', '*a', '\\', '\\n', '0x1', 'yes', '-', '${A}', "''", '\n    ', '?'];
    let quickly = 0;
    for (let round = 0; round < 6_000; round++) {
      let text = read[random(read.length)] ?? '';
      for (let change = random(3); change >= 0; change--) {
        const at = random(text.length + 1);
        text = random(3) === 0 ? text.slice(0, at) + text.slice(at + 1 + random(3)) : text.slice(0, at) + (pieces[random(pieces.length)] ?? '') + text.slice(at);
      }
      if (quick(text) !== 'read') continue;
      quickly++;
      expect({ text, document: whole(parseDocument('t.yaml', text)) }).toEqual({ text, document: whole(parseFully('t.yaml', text)) });
    }
    expect(quickly).toBeGreaterThan(1_000);
  });

  it('takes time in proportion to the text', () => {
    for (const text of [`a: ${'x '.repeat(400_000)}\n`, `a: "${' '.repeat(800_000)}\n"\n`, `a: |\n${' \n'.repeat(400_000)}`, `a:\n${'  b\n'.repeat(200_000)}`, `a: [${'x, '.repeat(200_000)}]\n`, `${"'".repeat(800_000)}\n`, `- ${'\\'.repeat(800_000)}\n`]) {
      const before = performance.now();
      quick(text);
      expect(performance.now() - before).toBeLessThan(2_000);
    }
  });
});

/** Numbers below a bound, the same in every run (a linear congruential generator). */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % bound;
  };
}
