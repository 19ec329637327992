/**
 * A small seeded generator of pseudo-random numbers (a multiplicative congruential step with output mixing): the same seed
 * gives the same corpus on every machine.
 */
export function seeded(seed) {
  let state = (seed >>> 0) || 1;
  const next = () => {
    state = (Math.imul(state, 747_796_405) + 2_891_336_453) >>> 0;
    const word = Math.imul(((state >>> ((state >>> 28) + 4)) ^ state) >>> 0, 277_803_737) >>> 0;
    return ((word >>> 22) ^ word) >>> 0;
  };
  return {
    /** An integer from 0 to `below` - 1. */
    below: (below) => next() % below,
    /** An integer from `low` to `high`, both included. */
    between: (low, high) => low + (next() % (high - low + 1)),
    pick: (items) => items[next() % items.length],
    chance: (percent) => next() % 100 < percent,
  };
}
