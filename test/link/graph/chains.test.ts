import { describe, expect, it } from 'vitest';
import { chains, functionsOf } from '../../../src/link/graph/chains.ts';
import type { Hop } from '../../../src/link/graph/hop.ts';

const hop = (from: string, to: string, extra: Partial<Hop> = {}): Hop => ({
  from, to, place: { file: `${from}.ts`, line: 1, column: 1, endLine: 1, endColumn: 2 }, steps: [], through: [], services: [], how: 'event', waits: false, assumptions: [], ...extra,
});
const row = (...names: readonly string[]): readonly Hop[] => names.slice(1).map((name, index) => hop(names[index] ?? '', name));
const drawn = (found: readonly (readonly Hop[])[]): readonly string[] => found.map((chain) => functionsOf(chain).join('>'));

describe('chains', () => {
  it('are longer than the limit', () => {
    expect(drawn(chains(row('a', 'b', 'c', 'd'), 3))).toEqual(['a>b>c>d']);
    expect(drawn(chains(row('a', 'b', 'c'), 3))).toEqual([]);
  });
  it('start where nobody leads to', () => expect(drawn(chains(row('a', 'b', 'c', 'd', 'e'), 3))).toEqual(['a>b>c>d>e']));
  it('take the longest way', () => expect(drawn(chains([...row('a', 'd'), ...row('a', 'b', 'c', 'd', 'e')], 3))).toEqual(['a>b>c>d>e']));
  it('are told once for one end', () => expect(drawn(chains([...row('x', 'b', 'c', 'd'), hop('a', 'x'), hop('y', 'b')], 3))).toEqual(['a>x>b>c>d']));
  it('leave loops out', () => {
    expect(drawn(chains([...row('a', 'b', 'c', 'd'), hop('d', 'a')], 3))).toEqual([]);
    expect(drawn(chains([...row('a', 'b', 'c', 'd'), hop('c', 'b')], 3))).toEqual([]);
  });
  it('count a function with two handlers once', () => {
    expect(drawn(chains([hop('a', 'w', { toHandler: 'queue' }), hop('w', 'b', { fromHandler: 'queue' }), hop('b', 'w', { toHandler: 'fetch' }), hop('w', 'c', { fromHandler: 'fetch' })], 4))).toEqual([]);
  });
  it('do not depend on the order of hops', () => {
    const hops = [...row('a', 'b', 'c', 'd'), ...row('k', 'l', 'm', 'n'), hop('a', 'l')];
    expect(drawn(chains([...hops].reverse(), 3))).toEqual(drawn(chains(hops, 3)));
  });
  it('of 20,000 functions are found without recursion', () => expect(chains(row(...Array.from({ length: 20_000 }, (_, index) => `f${index}`)), 3)).toHaveLength(1));
});
