import { describe, expect, it, test } from 'vitest';
import { fitted, textWidth } from '../../src/report/graph-metrics.ts';
import { fonts, place, type Placed, type Rectangle } from '../../src/report/graph-place.ts';
import { graphSvg } from '../../src/report/graph-svg.ts';
import { pictureNodeKinds, type Picture } from '../../src/model/picture.ts';
import { edge, everything, hostile, large, node, picture } from './graph-sample.ts';

const context = { title: 'shop' };

test('a drawing of one of everything', async () => { await expect(graphSvg(everything, context)).toMatchFileSnapshot('snapshots/graph.svg'); });

/** Names of elements in order, after checking that they nest, and that attributes and texts hold nothing raw. */
function elements(svg: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  let rest = svg;
  while (rest !== '') {
    const tag = /^<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<>&]*(?:&#\d+;[^"<>&]*)*")*)(\/?)>/.exec(rest);
    const text = /^(?:[^<>&]|&#\d+;)+/.exec(rest);
    if (tag) {
      if (tag[1] === '/') expect(open.pop()).toBe(tag[2]);
      else {
        names.push(tag[2] ?? '');
        if (tag[4] !== '/') open.push(tag[2] ?? '');
      }
    }
    const length = tag?.[0].length ?? text?.[0].length ?? 0;
    expect(length, rest.slice(0, 80)).toBeGreaterThan(0);
    rest = rest.slice(length);
  }
  expect(open).toEqual([]);
  return names;
}

describe('the drawing', () => {
  it('is well-formed, whatever names the repository has, and holds no script', () => {
    for (const drawn of [everything, hostile]) {
      const svg = graphSvg(drawn, { title: '</title><script>"' });
      expect([...new Set(elements(svg))].sort()).toEqual(['circle', 'defs', 'desc', 'g', 'marker', 'path', 'rect', 'svg', 'text', 'title']);
      expect(svg).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800]|NaN|Infinity|undefined|href|\]\]>/u);
    }
  });

  it('draws loops strong and what is not resolved dotted', () => {
    const svg = graphSvg(everything, context);
    expect(svg.match(/stroke="#c62828" stroke-width="2.8" marker-end="url\(#arrow-endless\)"/g)).toHaveLength(4);
    expect(svg.match(/stroke="#b26a00" stroke-width="2.8" marker-end="url\(#arrow-ended\)"/g)).toHaveLength(2);
    expect(svg.match(/stroke-dasharray="1.5 4" stroke-linecap="round" marker-end/g)).toHaveLength(1);
    expect(svg).toContain('Retry → Inbox → Sort → Outbox → Retry: nothing ends it');
    expect(svg).toContain('Touch → Images → Touch: ends: the key is compared (tools/touch.ts:4)');
  });

  it('of nothing is a drawing too', () => { expect(elements(graphSvg(picture([]), context))[0]).toBe('svg'); });

  it('of a large project is bounded, and says what it leaves out', () => {
    const svg = graphSvg(large(1000), context);
    expect(svg).toContain('drawn together');
    expect(svg.length).toBeLessThan(500_000);
  });

  it('does not depend on the order of what it is given beyond its own sorting', () => { expect(graphSvg(everything, context)).toBe(graphSvg(structuredClone(everything), context)); });
});

describe('places', () => {
  const long = 'AVeryLongNameOfAFunctionThatNobodyShouldHaveGivenToAnythingAtAllButSomebodyDid';
  const selfCaller = picture([node('Self')], [edge('Self', 'Self', { kind: 'invoke', label: 'invokes' })]);
  const shapes = picture([...pictureNodeKinds.map((kind) => node(`${kind}${long}`, { kind })), node('hub')], pictureNodeKinds.map((kind) => edge('hub', `${kind}${long}`, { label: `${long}\nb\nc\nd` })));
  const across = picture(
    [...Array.from({ length: 12 }, (_, index) => node(`F${index}`, { unit: `stack${index % 3}/template.yaml` })), node('Q', { kind: 'queue' })],
    Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? edge(`F${index}`, 'Q', { label: 'SendMessage' }) : edge('Q', `F${index}`, { kind: 'trigger' }))),
  );

  it.each<readonly [string, Picture]>([['everything', everything], ['a function that calls itself', selfCaller], ['long names', shapes], ['several units', across], ['two hundred boxes', large(50)], ['hostile names', hostile]])('of %s: no box lies over another, texts fit, all is inside', (_, drawn) => {
    const placed = place(drawn);
    expect(placed.nodes).toHaveLength(drawn.nodes.length);
    overlaps(placed);
    for (const box of placed.nodes) {
      inside(box, placed);
      for (const line of box.lines) expect(textWidth(line, fonts.name)).toBeLessThanOrEqual(box.width - 20);
    }
    for (const { label, points } of placed.edges) {
      for (const point of points) inside({ ...point, width: 0, height: 0 }, placed);
      if (!label) continue;
      inside({ ...label, x: label.x - label.width / 2, y: label.y - label.height / 2 }, placed);
      for (const line of label.lines) expect(textWidth(line, fonts.label)).toBeLessThanOrEqual(label.width);
    }
    for (const unit of placed.units) {
      inside(unit, placed);
      expect(textWidth(unit.text, fonts.unit)).toBeLessThanOrEqual(unit.width);
    }
  });

  it('labels of arrows lie over no box', () => {
    for (const drawn of [everything, across, selfCaller]) {
      const { nodes, edges } = place(drawn);
      for (const { label } of edges) for (const box of label ? nodes : []) {
        if (label) expect(meet({ x: label.x - label.width / 2, y: label.y - label.height / 2, width: label.width, height: label.height }, box), `${label.lines.join()} over ${box.lines.join()}`).toBe(false);
      }
    }
  });
});

const meet = (a: Rectangle, b: Rectangle): boolean => a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5 && a.y < b.y + b.height - 0.5 && b.y < a.y + a.height - 0.5;

function overlaps({ nodes }: Placed): void {
  nodes.forEach((a, index) => { for (const b of nodes.slice(index + 1)) expect(meet(a, b), `${a.lines.join()} over ${b.lines.join()}`).toBe(false); });
}

function inside(box: Rectangle, all: Placed): void {
  expect(box.x).toBeGreaterThanOrEqual(-0.5);
  expect(box.y).toBeGreaterThanOrEqual(-0.5);
  expect(box.x + box.width).toBeLessThanOrEqual(all.width + 0.5);
  expect(box.y + box.height).toBeLessThanOrEqual(all.height + 0.5);
}

test('a text that is too long keeps both of its ends', () => {
  expect(fitted('short', 12, 100)).toBe('short');
  const cut = fitted('ProcessInactiveAccountDeadLetterQueue', 12, 120);
  expect(cut).toMatch(/^Process?.*….*Queue$/);
  expect(textWidth(cut, 12)).toBeLessThanOrEqual(120);
  expect(fitted('🙂'.repeat(5000), 12, 30)).toBe('🙂…');
});
