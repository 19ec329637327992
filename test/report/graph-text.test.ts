import { describe, expect, it, test } from 'vitest';
import { escapeDot, escapeMermaid } from '../../src/report/escape.ts';
import { graphDot } from '../../src/report/graph-dot.ts';
import { graphMermaid } from '../../src/report/graph-mermaid.ts';
import { shrink } from '../../src/report/graph-shrink.ts';
import { tidy } from '../../src/report/graph-tidy.ts';
import { edge, everything, hostile, hostileNames, large, node, picture } from './graph-sample.ts';

const context = { title: 'shop' };

describe('Mermaid', () => {
  test('of one of everything', async () => { await expect(graphMermaid(everything, context)).toMatchFileSnapshot('snapshots/graph.mmd'); });

  it('marks arrows of loops by their own index, and draws what is not resolved dotted', () => {
    const text = graphMermaid(everything, context);
    const arrows = text.split('\n').filter((line) => /^ {2}n\d+ (?:--|==|-\.)/.test(line));
    const red = /linkStyle ([\d,]+) stroke:#c62828/.exec(text)?.[1]?.split(',').map((index) => arrows[Number(index)] ?? '') ?? [];
    expect(red).toHaveLength(4);
    for (const line of red) expect(line).toContain('==>');
    expect(arrows.filter((line) => line.includes('-.->'))).toHaveLength(1);
    expect(text).toMatch(/linkStyle \d+,\d+ stroke:#b26a00/);
  });

  it('leaves no hostile name outside its quotes', () => {
    const lines = graphMermaid(hostile, { title: 'x"\n---\n%%{init}%%' }).trimEnd().split('\n');
    expect(lines[0]).toBe('---');
    expect(lines[1]).toMatch(/^title: "[^"\\]*"$/);
    expect(lines.slice(2, 4)).toEqual(['---', 'flowchart LR']);
    const quoted = '"(?:[^"#<>`\\\\{}[\\]|;\\n]|#\\d+;|<br/>)*"';
    const shapes = [
      /^ {2}%% [^{}%]*$/, new RegExp(`^  subgraph u\\d+ \\[${quoted}\\]$`), /^ {2}end$/, new RegExp(`^ {2,4}n\\d+(?:\\[|\\[\\[)${quoted}(?:\\]|\\]\\]):::\\w+$`),
      new RegExp(`^  n\\d+ (?:-->|==>|-\\.->)(?:\\|${quoted}\\|)? n\\d+$`), /^ {2}classDef \w+ [\w:#, .-]+$/, /^ {2}linkStyle [\d,]+ [\w:#, .-]+$/,
    ];
    for (const line of lines.slice(4)) expect(shapes.some((shape) => shape.test(line)), line).toBe(true);
  });

  it('keeps ordinary names readable', () => {
    expect(escapeMermaid('orders-api_v2.handler GET /a/b')).toBe('orders-api_v2.handler GET /a/b');
    expect(escapeMermaid('_x_ "a" 1.5')).toBe('#95;x#95; #34;a#34; 1.5');
    expect(escapeMermaid('1. x')).toBe('1#46; x');
  });

  it('stays within what Mermaid takes', () => {
    const text = graphMermaid(large(2000), context);
    expect(text.length).toBeLessThan(50_000);
    expect(text.split('\n').filter((line) => line.includes('-->')).length).toBeLessThan(500);
    expect(text).toContain('%% 2000 functions of 7 deployment units drawn together');
  });
});

describe('DOT', () => {
  test('of one of everything', async () => { await expect(graphDot(everything, context)).toMatchFileSnapshot('snapshots/graph.dot'); });

  it('leaves no hostile name outside its quotes', () => {
    const text = graphDot(hostile, { title: 'x"]; owned [' });
    const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, 'S');
    expect(bare).not.toMatch(/owned|script|alert|subgraph(?! cluster_\d+ \{)|[<&]/);
    expect(bare.replace(/->/g, '')).toMatch(/^[\w\s[\]{};=,.-]+$/);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('doubles backslashes before quotes', () => { expect(escapeDot('a\\"b&lt;')).toBe('a\\\\\\"b&amp;lt;'); });
});

describe('what drawings leave out', () => {
  it('is what no function has to do with, and said', () => {
    const found = tidy(picture([node('F'), node('Q', { kind: 'queue' }), node('A', { kind: 'queue' }), node('B', { kind: 'queue' })], [edge('Q', 'F', { kind: 'trigger' }), edge('A', 'B', { kind: 'link' })]));
    expect(found.nodes.map((item) => item.label)).toEqual(['F', 'Q']);
    expect(found.edges).toHaveLength(1);
    expect(found.notes).toEqual(['2 resources that no function has to do with are left out (--format json has all)']);
  });

  it('gives each function one box for what lies outside, and leaves what others listen to alone', () => {
    const outside = (id: string): ReturnType<typeof node> => node(id, { kind: 'external', unheard: true });
    const found = tidy(picture(
      [node('F'), node('G'), outside('a.example'), outside('b.example'), node('heard', { kind: 'external' })],
      [edge('F', 'a.example'), edge('F', 'b.example'), edge('G', 'a.example'), edge('F', 'heard'), edge('heard', 'G', { kind: 'trigger' })],
    ));
    expect(found.nodes.map((item) => item.label)).toEqual(['F', 'G', 'heard', 'a.example\nb.example', 'a.example']);
    expect(found.edges.map((item) => `${item.from.split('#')[1] ?? ''}>${item.to.split('#')[1] ?? ''}`)).toEqual(['F>heard', 'heard>G', 'F>F|outside', 'G>G|outside']);
  });

  it('keeps a picture that fits', () => { expect(shrink(everything, { nodes: 17, edges: 18 })).toBe(everything); });

  it('first drops ends, then draws units together, then cuts off; loops stay', () => {
    const whole = { ...everything, nodes: [...everything.nodes, ...large(20).nodes], edges: [...everything.edges, ...large(20).edges] };
    const ends = shrink(whole, { nodes: 80, edges: 900 });
    expect(ends.nodes.some((item) => item.unheard)).toBe(false);
    expect(ends.nodes.filter((item) => item.kind === 'function')).toHaveLength(24);
    const units = shrink(whole, { nodes: 50, edges: 900 });
    expect(units.nodes.filter((item) => item.count !== undefined).reduce((sum, item) => sum + (item.count ?? 0), 0)).toBe(21);
    const cut = shrink(whole, { nodes: 8, edges: 900 });
    expect(cut.nodes).toHaveLength(8);
    for (const found of [ends, units, cut]) {
      expect(found.nodes.filter((item) => item.loops.length > 0).map((item) => item.label).sort()).toEqual(['Images', 'Inbox', 'Outbox', 'Retry', 'Sort', 'Touch']);
      const ids = new Set(found.nodes.map((item) => item.id));
      expect(found.edges.every((item) => ids.has(item.from) && ids.has(item.to))).toBe(true);
      expect(found.notes.length).toBeGreaterThan(0);
    }
  });

  it('takes hostile names as data', () => { expect(tidy(hostile).nodes).toHaveLength(hostileNames.length); });
});
