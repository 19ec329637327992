import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { coldStart } from '../../src/measure/cold-start.ts';
import { bundleHtml } from '../../src/report/bundle-html.ts';
import { compareBundles, readEarlier } from '../../src/report/bundle-compare.ts';
import { bundleJson } from '../../src/report/bundle-json.ts';
import { bundleSvg } from '../../src/report/bundle-svg.ts';
import { bundleText, comparisonText } from '../../src/report/bundle-text.ts';
import { bytesText, changeText, shareText } from '../../src/report/bytes.ts';
import { placeAreas, type Area } from '../../src/report/treemap.ts';
import { hostile, sample } from './bundle-sample.ts';

const context = { version: '1.2.3', root: '.', rules: [] };
const valid = new Ajv({ strict: false }).compile(JSON.parse(readFileSync('schema/bundle.json', 'utf8')) as object);

describe('sizes as text', () => {
  it.each([[0, '0 B'], [999, '999 B'], [1_000, '1.0 kB'], [999_949, '999.9 kB'], [999_950, '1.0 MB'], [1_234_567, '1.2 MB'], [5_000_000_000, '5.0 GB'], [-1_500, '-1.5 kB']])('%d is %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));
  it('says differences with their sign, shares with a digit where they are small', () => {
    expect([changeText(1_500), changeText(-1_500), changeText(0)]).toEqual(['+1.5 kB', '-1.5 kB', '0 B']);
    expect([shareText(1, 3), shareText(1, 100), shareText(0, 0)]).toEqual(['33 %', '1.0 %', '0.0 %']);
  });
});

describe('the cold start', () => {
  const started = sample().slice(0, 1).map((detail) => ({ ...detail, start: coldStart({ bytes: 1_000_000, minified: true, modules: 100, files: 1, nodeModules: 56, lexedBytes: 0 }, { platform: 'aws', memoryMb: 512 }) }));

  it('is told with its error and its parts in text and HTML, and as data in JSON', () => {
    const said = /about \d+ ms of processor time, \d+ ms at 512 MB \(median error \d+ %\): 1\.0 MB of code \(minified\) in 1 file, 100 modules, 56 of Node\.js/;
    expect(bundleText(started, { color: false, named: true })).toMatch(said);
    expect(bundleHtml(started, undefined, { title: 'shop' })).toMatch(said);
    const json: unknown = JSON.parse(bundleJson(started, undefined, context));
    expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
    expect(json).toMatchObject({ packages: [{ coldStart: { memoryMb: 512, modules: 100, minified: true } }] });
  });

  it('is left out where it is not known', () => {
    expect(bundleText(sample(), { color: false, named: true })).not.toContain('cold start');
    expect(bundleJson(sample(), undefined, context)).not.toContain('coldStart');
  });
});

describe('the table', () => {
  it('shows all that are measured, biggest first, and writes each package out once', () => {
    const text = bundleText(sample(), { color: false, named: false });
    const lines = text.split('\n');
    expect(lines[0]).toBe('function  unpacked   archive  of limit              made by');
    expect(lines.slice(1, 4)).toEqual(['Heavy     300.0 MB               114 %  over limit  serverless, folder', 'Orders      1.0 MB  300.0 kB     0.4 %              sam', 'Refunds     1.0 MB  300.0 kB     0.4 %              sam']);
    expect(text).toContain('Orders  1.0 MB, 300.0 kB zipped  template.yaml  (and Refunds: the same package)\n');
    expect(text).toContain('  big 2.0.0              700.0 kB   70 %  src/orders.ts → helper → big\n');
    expect(text).toContain('idle  300.0 MB  100 %  no import leads to it');
    expect(text).toContain('  note  big is CommonJS (700.0 kB)\n  saves 901.0 kB (260.0 kB zipped)  without helper and what only it brings\n  saves 400.0 kB  minify\n');
    expect(text.match(/^Refunds {2}1\.0/m)).toBeNull();
  });

  it('says what was not measured, and the command that helps', () => {
    expect(bundleText(sample(), { color: false, named: false })).toContain('Not measured\n  Missing  package pg is not installed (imported by src/db.ts)\n  run at the root, then measure again: npm ci\n\n4 functions: 3 measured, 1 not\n');
  });

  it('names functions with one reason together', () => {
    const [first] = sample();
    if (!first) throw new Error('no sample');
    const none = (name: string, reason: string) => ({ ...first, result: { function: name, id: `t#${name}`, status: 'notMeasured' as const, reason }, parts: [] });
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => none(name, 'Next.js makes its package'));
    expect(bundleText([...many, none('z', 'package pg is not installed')], { color: false, named: false })).toBe('Not measured\n  a, b, c, d, e, f and 2 more  Next.js makes its package\n  z  package pg is not installed\n\n9 functions: 0 measured, 9 not\n');
  });

  it('colours only where it may', () => {
    expect(bundleText(sample(), { color: false, named: false })).not.toContain('\u001b');
    expect(bundleText(sample(), { color: true, named: false })).toContain('\u001b[');
  });
});

describe('JSON', () => {
  it('is what the schema says, for everything that there can be', () => {
    for (const details of [sample(), hostile(), []]) {
      expect(valid(JSON.parse(bundleJson(details, undefined, context))), JSON.stringify(valid.errors)).toBe(true);
      const changes = compareBundles(details, readEarlier(bundleJson(sample().slice(1), undefined, context)) ?? [], true);
      expect(valid(JSON.parse(bundleJson(details, changes, context))), JSON.stringify(valid.errors)).toBe(true);
    }
  });
});

describe('comparison with an earlier result', () => {
  const now = sample();
  const text = bundleJson(now, undefined, context);

  it('finds nothing between equal results', () => {
    expect(compareBundles(now, readEarlier(text) ?? [], true).every(({ change, bytes }) => change === 'same' || bytes === undefined)).toBe(true);
  });

  it('names what grew, what came and what went', () => {
    const [orders, ...others] = now;
    if (orders === undefined) throw new Error('no sample');
    const grown = { ...orders, result: { ...orders.result, bytes: 1_050_000, zippedBytes: 310_000 }, parts: [...orders.parts.filter(({ name }) => name !== 'helper'), { kind: 'package' as const, name: 'fresh', bytes: 250_000, chain: [], fileCount: 0, files: [] }] };
    const changes = compareBundles([grown, ...others.slice(1), { ...orders, result: { ...orders.result, id: 'template.yaml#New', function: 'New' } }], readEarlier(text) ?? [], true);
    expect(changes.map(({ function: name, change, bytes }) => [name, change, bytes])).toEqual([['New', 'added', 1_000_000], ['Refunds', 'removed', -1_000_000], ['Orders', 'changed', 50_000], ['Heavy', 'same', 0], ['Missing', 'changed', undefined]]);
    expect(changes.find(({ function: name }) => name === 'Orders')).toMatchObject({ zippedBytes: 10_000, parts: [{ name: 'fresh', change: 'added', bytes: 250_000 }, { name: 'helper', change: 'removed', bytes: -200_000 }] });
    expect(comparisonText(changes, { color: false })).toContain('  +50.0 kB, +10.0 kB zipped  Orders\n      +250.0 kB  fresh added\n      -200.0 kB  helper removed\n');
  });

  it('does not take functions that were not asked for as gone', () => {
    expect(compareBundles(now.slice(0, 1), readEarlier(text) ?? [], false).map(({ function: name }) => name)).toEqual(['Orders']);
  });

  it.each(['', 'null', '[]', '{}', '{"schemaVersion":2,"packages":[]}', '{"schemaVersion":1,"packages":{}}'])('refuses %j', (content) => expect(readEarlier(content)).toBeUndefined());
  it('leaves out what is no package', () => expect(readEarlier('{"schemaVersion":1,"packages":[null,{"id":1},{"id":"a","function":"b","bytes":"x","parts":[3,{"name":"p","bytes":2}]}]}')).toEqual([{ id: 'a', function: 'b', parts: [{ name: 'p', bytes: 2 }] }]));
});

describe('the treemap', () => {
  const tree: Area = { name: 'root', kind: 'function', bytes: 100, hint: '', children: [{ name: 'a', kind: 'package', bytes: 60, hint: 'a', children: [{ name: 'a1', kind: 'package', bytes: 40, hint: '' }, { name: 'a2', kind: 'package', bytes: 20, hint: '' }] }, { name: 'b', kind: 'own', bytes: 30, hint: '' }, { name: 'c', kind: 'own', bytes: 10, hint: '' }, { name: 'nothing', kind: 'own', bytes: 0, hint: '' }] };
  const placed = placeAreas(tree, 1_000, 400);
  const of = (name: string) => { const found = placed.find(({ area }) => area.name === name); if (found === undefined) throw new Error(name); return found; };

  it('gives each thing an area as its size, within the rounding and the gaps', () => {
    for (const [name, bytes] of [['a', 60], ['b', 30], ['c', 10]] as const) expect(Math.abs((of(name).width * of(name).height) / 400_000 - bytes / 100)).toBeLessThan(0.02);
    expect(placed.some(({ area }) => area.name === 'nothing')).toBe(false);
  });

  it('keeps everything inside what it belongs to, and lets nothing overlap beside it', () => {
    const inside = (inner: string, outer: string): void => {
      const [a, b] = [of(inner), of(outer)];
      expect(a.x >= b.x && a.y >= b.y + 18 && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height, `${inner} in ${outer}`).toBe(true);
    };
    inside('a1', 'a');
    inside('a2', 'a');
    for (const [first, second] of [['a', 'b'], ['a', 'c'], ['b', 'c'], ['a1', 'a2']] as const) {
      const [a, b] = [of(first), of(second)];
      expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${first} and ${second}`).toBe(true);
    }
    expect(placed.every(({ x, y, width, height }) => x >= 0 && y >= 0 && x + width <= 1_000 && y + height <= 400)).toBe(true);
  });

  it('is drawn with names and sizes of what has room for them, and hints for everything', () => {
    const svg = bundleSvg(sample(), { title: 'shop' });
    expect(svg).toContain('>big 2.0.0  700.0 kB</text>');
    expect(svg).toContain('<title>big 2.0.0: 700.0 kB, 70 %\nsrc/orders.ts → helper → big</title>');
    expect(svg).toContain('>Orders and 1 other with the same package</text>');
    expect(svg).toContain('over limit');
    expect(svg).toContain('1 function not measured');
    // Every text fits into the drawing.
    for (const [, x] of svg.matchAll(/<text x="([\d.]+)"/g)) expect(Number(x)).toBeLessThan(1_160);
  });

  it('is the same each time', () => expect(bundleSvg(sample(), { title: 'a' })).toBe(bundleSvg(sample(), { title: 'a' })));
  it('shows the end of a path where there is no room for all of it, and no version', () => {
    const [detail] = sample();
    if (detail === undefined) throw new Error('no sample');
    const part = (name: string, bytes: number, files: readonly string[]) => ({ kind: 'package' as const, name, version: '1.2.3', folder: `node_modules/${name}`, bytes, chain: [], files: files.map((file) => ({ path: `node_modules/${name}/${file}`, bytes: bytes / files.length })), fileCount: files.length });
    const svg = bundleSvg([{ ...detail, parts: [part('wide', 946_000, ['lib/deep/folder/of/a/package/first.js', 'lib/deep/folder/of/a/package/second/', ...Array.from({ length: 40 }, (_, index) => `lib/more${index}.js`)]), part('@some-scope/narrow', 45_000, ['index.js']), part('rest', 9_000, ['index.js'])] }], { title: 'shop' });
    expect(svg).toContain('>first.js</text>');
    expect(svg).toContain('>second/</text>');
    expect(svg).toContain('>narrow</text>');
  });

  it('says where an archive grows', () => {
    const [detail] = sample();
    const grown = [{ ...detail, savings: [{ change: 'minify', subject: 'minify', action: 'minify', savedBytes: 5_000, savedZippedBytes: -816 }] }] as ReturnType<typeof sample>;
    expect(bundleText(grown, { color: false, named: true })).toContain('saves 5.0 kB (816 B more zipped)  minify');
    expect(bundleHtml(grown, undefined, { title: 'shop' })).toContain('>816 B more</td>');
  });

  it('is empty for nothing', () => expect(bundleSvg([], { title: 'a' })).toMatch(/^<svg [^>]+>\n<title>Packages of a<\/title>/));
});

describe('names that would act on what shows them', () => {
  const [svg, html, text, json] = [bundleSvg(hostile(), { title: '<script>' }), bundleHtml(hostile(), [{ id: 'x', function: '<script>', change: 'added', bytes: 1, parts: [] }], { title: '<script>' }), bundleText(hostile(), { color: false, named: true }), bundleJson(hostile(), undefined, context)];

  it.each([['svg', svg], ['html', html]])('are text in %s', (_format, output) => {
    expect(output).not.toContain('<script>');
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('\u202e');
  });

  it('are shown on a terminal instead of obeyed', () => {
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
    expect(json).not.toContain('\u001b');
  });
});

describe('the page', () => {
  const html = bundleHtml(sample(), compareBundles(sample().slice(0, 1), [], true), { title: 'shop' });

  it('needs nothing else', () => {
    expect(html).not.toMatch(/<script|src=|href=|@import|url\(/);
    expect(html).toContain("default-src 'none'");
  });

  it('holds the table, a treemap for each package, savings, and what was not measured', () => {
    expect(html.match(/<svg /g)).toHaveLength(2);
    expect(html).toContain('<td>without helper and what only it brings</td><td class="n">901.0 kB</td><td class="n">260.0 kB</td>');
    expect(html).toContain('<code>npm ci</code>');
    expect(html).toContain('the same package: Refunds');
    expect(html).toContain('Since the earlier result');
  });
});
