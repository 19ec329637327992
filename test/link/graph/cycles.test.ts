import { describe, expect, it } from 'vitest';
import { components, cycles } from '../../../src/link/graph/cycles.ts';
import type { Hop } from '../../../src/link/graph/hops.ts';

const hop = (from: string, to: string, extra: Partial<Hop> = {}): Hop => ({
  from, to, place: { file: `${from}.ts`, line: 1, column: 1, endLine: 1, endColumn: 2 }, steps: [], through: [], services: [], how: 'event', waits: false, assumptions: [], ...extra,
});
const drawn = (found: readonly (readonly Hop[])[]): readonly string[] => found.map((cycle) => cycle.map((item) => item.from).join('>'));

describe('cycles', () => {
  it('finds a loop of two and starts it at the first name', () => expect(drawn(cycles([hop('b', 'a'), hop('a', 'b')]))).toEqual(['a>b']));
  it('leaves a chain and a loop of one alone', () => expect(drawn(cycles([hop('a', 'b'), hop('b', 'c'), hop('c', 'c')]))).toEqual([]));
  it('finds two loops that share a function', () => expect(drawn(cycles([hop('a', 'b'), hop('b', 'a'), hop('b', 'c'), hop('c', 'b')]))).toEqual(['a>b', 'b>c']));
  it('takes the shorter way round', () => expect(drawn(cycles([hop('a', 'b'), hop('b', 'c'), hop('c', 'a'), hop('b', 'a')]))).toEqual(['a>b', 'a>b>c']));
  it('keeps handlers of one function apart', () => {
    expect(drawn(cycles([hop('w', 'q', { fromHandler: 'fetch' }), hop('q', 'w', { toHandler: 'queue' })]))).toEqual([]);
    expect(drawn(cycles([hop('w', 'q', { fromHandler: 'queue' }), hop('q', 'w', { toHandler: 'queue' })]))).toEqual(['q>w']);
  });
  it('prefers the hop that rests on fewer assumptions', () => {
    expect(cycles([hop('a', 'b', { assumptions: ['x'] }), hop('a', 'b', { place: { file: 'z.ts', line: 9, column: 1, endLine: 9, endColumn: 2 } }), hop('b', 'a')])[0]?.[0]?.place.file).toBe('z.ts');
  });
  it('leaves out a way that is made of two shorter ones through one thing', () => {
    const through = [{ key: 'S', label: 'S' }];
    expect(drawn(cycles([hop('a', 'b', { through }), hop('b', 'a', { through }), hop('a', 'a', { through }), hop('b', 'b', { through }), hop('b', 'c'), hop('c', 'a', { through: [{ key: 'T', label: 'T' }] })]))).toEqual(['a>b>c']);
  });
  it('keeps a way that comes through one thing twice where filters keep its ends apart', () => {
    const through = [{ key: 'bus', label: 'bus' }];
    expect(drawn(cycles([hop('a', 'b', { through }), hop('b', 'a', { through })]))).toEqual(['a>b']);
  });
  it('does not depend on the order of hops', () => {
    const hops = [hop('c', 'a'), hop('a', 'b'), hop('b', 'c'), hop('b', 'a'), hop('d', 'a'), hop('a', 'd')];
    expect(drawn(cycles([...hops].reverse()))).toEqual(drawn(cycles(hops)));
  });
  it('walks a chain of 100,000 functions without recursion', () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `f${index}`);
    const next = new Map(names.map((name, index) => [name, [names[(index + 1) % names.length] as string]]));
    expect(new Set(components(names, (name) => next.get(name) ?? []).values()).size).toBe(1);
  });
});
