import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { distances } from '../../scripts/mutate/inject.ts';
import { operators } from '../../scripts/mutate/operators/all.ts';
import { recall } from '../../scripts/mutate/recall.ts';

/** The part over real repositories is `node scripts/mutate.mjs --root DIR`. */
describe('anti-patterns put into functions of the fixtures', () => {
  it('are found at every distance', { timeout: 120_000 }, () => {
    const { counts, misses } = recall({ root: resolve('fixtures/no-sync-invoke'), seed: 'tests', functions: 2, perRepository: 1, date: '2026-11-21' });
    expect(misses.map(({ operator, distance, fn, line, instead }) => ({ operator, distance, fn, line, instead }))).toEqual([]);
    for (const operator of operators) for (const distance of distances) expect(counts.get(operator.id)?.[distance].total, operator.id).toBeGreaterThan(0);
  });

  it('are of fifteen kinds at least, and all eight rules have some', () => {
    expect(operators.length).toBeGreaterThanOrEqual(15);
    expect(new Set(operators.map((operator) => operator.id)).size).toBe(operators.length);
    expect([...new Set(operators.map((operator) => operator.rule))].sort()).toEqual(['no-background-work', 'no-cpu-bound-work', 'no-disk-writes', 'no-global-mutable-state', 'no-in-memory-session', 'no-long-running-loop', 'no-server-listen', 'no-timeout-overrun']);
  });
});
