import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../src/discover/document.ts';
import { parseToml } from '../../src/discover/document-toml.ts';
import type { DocNode } from '../../src/discover/document.ts';

const root = (text: string): DocNode => {
  const [first] = parseToml('a.toml', text).roots;
  if (first === undefined) throw new Error('no root');
  return first;
};

describe('TOML', () => {
  const text = [
    'name = "shop" # the worker', 'main = \'src/in.ts\'', 'limit = 1_000', 'ratio = 0.5', 'big = 0x10', 'on = true', 'day = 2026-11-21', '',
    '[env.production.vars]', 'A = "1"', '"odd key" = """', 'two', 'lines"""', '', '[[queues.consumers]]', 'queue = "orders"', 'max_batch_size = 25', '',
    '[[queues.consumers]]', 'queue = "mail"', '', '[[queues.consumers.nested]]', 'x = 1', '', '[triggers]', 'crons = [ "* * * * *", # every minute', '  "0 0 * * *", ]', 'inline = { a.b = 1, c = [ { d = 2 } ] }',
  ].join('\r\n');

  it('gives the same nodes as YAML and JSON do', () => {
    const doc = root(text);
    expect([doc.get('name')?.text(), doc.get('main')?.text(), doc.get('limit')?.scalar, doc.get('ratio')?.scalar, doc.get('big')?.scalar, doc.get('on')?.scalar, doc.get('day')?.text()])
      .toEqual(['shop', 'src/in.ts', 1000, 0.5, 16, true, '2026-11-21']);
    expect(doc.at('env', 'production', 'vars', 'odd key')?.text()).toBe('two\nlines');
    expect(doc.at('queues', 'consumers')?.items.map((item) => item.get('queue')?.text())).toEqual(['orders', 'mail']);
    expect(doc.at('queues', 'consumers', 1, 'nested', 0, 'x')?.scalar).toBe(1);
    expect(doc.at('triggers', 'crons')?.items.map((item) => item.text())).toEqual(['* * * * *', '0 0 * * *']);
    expect(doc.at('triggers', 'inline', 'a', 'b')?.scalar).toBe(1);
    expect(doc.at('triggers', 'inline', 'c', 0, 'd')?.scalar).toBe(2);
  });

  it('knows the place of every key and value', () => {
    const doc = root(text);
    expect(doc.get('main')?.location).toEqual({ file: 'a.toml', line: 2, column: 8, endLine: 2, endColumn: 19 });
    expect(doc.keyLocation('limit')).toEqual({ file: 'a.toml', line: 3, column: 1, endLine: 3, endColumn: 6 });
    expect(doc.at('queues', 'consumers', 1)?.line).toBe(19);
    expect(doc.at('queues', 'consumers', 0, 'max_batch_size')?.line).toBe(17);
    expect(doc.at('triggers', 'crons', 1)?.line).toBe(27);
    expect(doc.at('env', 'production')?.line).toBe(9);
  });

  it('puts tables together whatever their order', () => {
    const doc = root('[a.b]\nx = 1\n[a]\ny = 2\n[a.c]\nz = 3\n');
    expect([doc.at('a', 'b', 'x')?.scalar, doc.at('a', 'y')?.scalar, doc.at('a', 'c', 'z')?.scalar]).toEqual([1, 2, 3]);
  });

  it('keeps names of prototypes as data', () => {
    const doc = root('[__proto__]\npolluted = 1\n[constructor.prototype]\nx = 2\n');
    expect([...doc.entries.keys()]).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('uses what stands around a broken line, and says where it is', () => {
    const read = parseToml('a.toml', 'name = "x"\nmain = \n[vars]\nA = "1"\nA = "2"\n');
    expect(read.errors.map((error) => [error.line, error.kind])).toEqual([[2, 'syntax'], [5, 'duplicate']]);
    expect([read.roots[0]?.get('name')?.text(), read.roots[0]?.at('vars', 'A')?.text()]).toEqual(['x', '1']);
  });

  it.each([
    ['brackets', `a = ${'['.repeat(5_000)}`], ['closed brackets', `a = ${'['.repeat(5_000)}${']'.repeat(5_000)}`], ['inline tables', `a = ${'{a='.repeat(5_000)}`],
    ['dotted keys', `a${'.a'.repeat(5_000)} = 1`], ['headers', `[a${'.a'.repeat(5_000)}]`], ['dots in brackets', `a = ${`{${'a.'.repeat(30)}b = `.repeat(30)}1${'}'.repeat(30)}`],
  ])('refuses deep nesting of %s', (_, hostile) => {
    expect(parseToml('a.toml', hostile)).toEqual({ file: 'a.toml', roots: [], errors: [{ line: 1, message: 'nested too deeply', kind: 'limit' }] });
  });

  it('never throws, and takes long lists of numbers', () => {
    expect(parseToml('a.toml', `a = "${'\\"'.repeat(300_000)}"`).roots).toEqual([]);
    expect(parseToml('a.toml', '='.repeat(1_000)).errors.length).toBeGreaterThan(0);
    expect(parseToml('a.toml', 'a'.repeat(2 * 1024 * 1024)).errors[0]?.kind).toBe('limit');
    expect(root(`a = [${Array.from({ length: 500 }, () => '1.5').join(',')}]`).get('a')?.items).toHaveLength(500);
  });

  it('is chosen by the name of the file', () => {
    expect(parseDocument('x/wrangler.toml', 'a = 1').roots[0]?.get('a')?.scalar).toBe(1);
  });
});

describe('JSON with comments', () => {
  it('reads comments, trailing commas and tabs', () => {
    const read = parseDocument('wrangler.jsonc', '{\n\t// why\n\t"main": "src/a.ts", /* x */\n\t"list": [1, {"a": null},],\n}\n');
    expect(read.errors).toEqual([]);
    expect(read.roots[0]?.get('main')?.location).toEqual({ file: 'wrangler.jsonc', line: 3, column: 10, endLine: 3, endColumn: 20 });
    expect(read.roots[0]?.keyLocation('list').line).toBe(4);
    expect(read.roots[0]?.get('list')?.items.map((item) => item.kind)).toEqual(['scalar', 'map']);
    expect(parseDocument('wrangler.json', '// c\n{"a":1}', { format: 'jsonc' }).roots[0]?.get('a')?.scalar).toBe(1);
  });
  it('says what is broken or there twice', () => {
    expect(parseDocument('a.jsonc', '{"a":1,"a":2}').errors).toEqual([{ line: 1, message: 'key "a" is there twice, the last one counts', kind: 'duplicate' }]);
    expect(parseDocument('a.jsonc', '{\n"a": }').errors[0]).toMatchObject({ line: 2, kind: 'syntax' });
    expect(parseDocument('a.jsonc', '['.repeat(10_000)).errors).toEqual([{ line: 1, message: 'nested too deeply', kind: 'limit' }]);
    expect(parseDocument('a.jsonc', `["${'['.repeat(500)}"]`).errors).toEqual([]);
  });
});
