import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModule } from '../../src/extract/parse.ts';
import { censusOf } from '../../src/link/census.ts';
import { parts, walk, type Item } from '../../src/link/walk.ts';
import type { ModuleFacts } from '../../src/model/facts.ts';

const folder = join(import.meta.dirname, '../../src/link/queries');
const shapes = `
  export async function handler(event, { a = 1, ...rest }) {
    const list = [, event, ...rest.items, { [event.key]: 1, name: \`x\${a}\`, ...rest }];
    for (let i = 0; i < list.length; i++) { if (!list[i]) continue; else list[i] ??= await f(i); }
    for await (const one of event) { try { new Thing(one).run(yield_(one)); } catch ({ code }) { throw code; } finally { delete a.b; } }
    switch (event.kind) { case 'x': return (a, b); default: while (true) { break; } }
    rest.done = 1; event.count += 2;
    return event ? list : import('./x.js');
  }
  function* inner() { yield 1; }
`;

/** Facts of the shapes above and of a sample of real modules. */
function modules(): readonly ModuleFacts[] {
  const files = readdirSync(folder).filter((_, index) => index % 12 === 0).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  return [['shapes.js', shapes] as const, ...files].map(([name, text]) => {
    const parsed = parseModule(name, text);
    if (!('facts' in parsed)) throw new Error(`${name} does not parse`);
    return parsed.facts;
  });
}

interface Visit { readonly item: Item; readonly ancestors: readonly Item[] }

const visits = (roots: readonly Item[]): readonly Visit[] => {
  const found: Visit[] = [];
  walk(roots, (item, ancestors) => { found.push({ item, ancestors: [...ancestors] }); });
  return found;
};

const recursively = (roots: readonly Item[], ancestors: readonly Item[] = []): readonly Visit[] =>
  roots.flatMap((item) => [{ item, ancestors }, ...recursively(parts(item), [...ancestors, item])]);

describe('walk', () => {
  it('visits the parts of every item in source order, each with its ancestors', () => {
    let count = 0;
    for (const { functions } of modules()) {
      for (const { body } of functions) {
        const seen = visits(body);
        const expected = recursively(body);
        expect(seen.length).toBe(expected.length);
        seen.forEach(({ item, ancestors }, index) => {
          expect(item).toBe(expected[index]?.item);
          expect(ancestors.length === expected[index]?.ancestors.length && ancestors.every((one, at) => one === expected[index]?.ancestors[at])).toBe(true);
        });
        count += seen.length;
      }
    }
    expect(count).toBeGreaterThan(2_000);
  });

  it('leaves out the parts of what it is told to, and no sibling', () => {
    const [facts] = modules();
    const body = facts?.functions.find((fn) => fn.name === 'handler')?.body ?? [];
    const kinds: string[] = [];
    walk(body, (item, ancestors) => {
      kinds.push(item.kind);
      expect(ancestors.some((one) => one.kind === 'loop')).toBe(false);
      return item.kind !== 'loop';
    });
    expect(kinds.filter((kind) => kind === 'loop')).toHaveLength(3);
    expect(kinds).toContain('return');
  });
});

describe('census', () => {
  it('lists what a body holds in source order, and nothing of nested functions', () => {
    const [facts] = modules();
    const handler = facts?.functions.find((fn) => fn.name === 'handler');
    if (!handler) throw new Error('no handler');
    const census = censusOf(handler);
    expect(census.loops.map((loop) => loop.form)).toEqual(['for', 'awaitOf', 'while']);
    expect(census.tries).toHaveLength(1);
    expect(census.tests).toHaveLength(1);
    expect(census.waits.map((item) => item.kind)).toEqual(['await', 'loop']);
    expect([...census.assigned].sort()).toEqual(['count', 'done']);
    expect(census.names.has('items') && census.names.has('name') && census.names.has('run')).toBe(true);
    expect(censusOf(handler)).toBe(census);
  });
});
