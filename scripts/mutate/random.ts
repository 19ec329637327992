/** A source of numbers that is the same for the same seed, on every machine. */
export interface Random {
  /** Below 1, at least 0. */
  next(): number;
  /** A whole number below `bound`. */
  below(bound: number): number;
  /** @throws RangeError of an empty list */
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
}

/** A generator of 32 bits (a Weyl sequence through two rounds of mixing), seeded by a text. */
export function seeded(text: string): Random {
  let state = 2166136261;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 16777619);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4294967296;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next, below,
    pick(items) {
      const [item] = items.slice(below(items.length));
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    shuffle(items) {
      const order = [...items];
      for (let at = order.length - 1; at > 0; at--) {
        const other = below(at + 1);
        const [a, b] = [order[at], order[other]];
        if (a !== undefined && b !== undefined) { order[at] = b; order[other] = a; }
      }
      return order;
    },
  };
}
