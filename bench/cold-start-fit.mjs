// Fits the costs of a start: the sum over the programs of how far estimate and measurement are apart as a ratio, smallest, by trying steps
// for one cost after the other. No cost is below zero. A millisecond is added to both sides, so that tiny starts do not count more than others.

const names = ['msBase', 'msPerMegabyte', 'msPerModule', 'msPerFile', 'msPerInternal', 'msPerLexedMegabyte'];
const first = { msBase: 1, msPerMegabyte: 20, msPerModule: 0.02, msPerFile: 0.2, msPerInternal: 0.15, msPerLexedMegabyte: 20 };

/** Costs for `rows` (`{ parts, ms, heldOut, plainBytes }`); held-out rows are not looked at. */
export function fit(rows, known, startMs) {
  const kept = rows.filter((row) => !row.heldOut);
  const ratios = kept.filter((row) => row.plainBytes).map((row) => row.plainBytes[0] / row.plainBytes[1]).sort((a, b) => a - b);
  let costs = { ...known, ...first, minifiedFactor: Number((ratios[ratios.length >> 1] ?? known.minifiedFactor).toFixed(2)) };
  const loss = (candidate) => kept.reduce((sum, { parts, ms }) => sum + Math.abs(Math.log((startMs(parts, candidate) + 1) / (Math.max(0, ms) + 1))), 0);
  let best = loss(costs);
  for (let step = 0.5; step > 1e-4;) {
    let better = false;
    for (const name of names) {
      for (const factor of [1 + step, 1 / (1 + step)]) {
        const candidate = { ...costs, [name]: Math.max(1e-3, costs[name] * factor) };
        const value = loss(candidate);
        if (value < best - 1e-9) { costs = candidate; best = value; better = true; }
      }
    }
    if (!better) step /= 2;
  }
  for (const name of names) costs[name] = Number(costs[name].toPrecision(3));
  return costs;
}

/** Median of |estimate − measurement| / measurement, Spearman's rank correlation, and the program that is furthest off. */
export function judge(rows, estimate) {
  const pairs = rows.map((row) => ({ name: row.name, ms: Math.max(0.1, row.ms), estimate: estimate(row.parts) }));
  const errors = pairs.map((pair) => Math.abs(pair.estimate - pair.ms) / pair.ms).sort((a, b) => a - b);
  const middle = errors.length >> 1;
  const medianError = errors.length % 2 === 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2;
  const a = ranks(pairs.map((pair) => pair.ms));
  const b = ranks(pairs.map((pair) => pair.estimate));
  const n = pairs.length;
  const rankCorrelation = 1 - (6 * a.reduce((sum, rank, index) => sum + (rank - b[index]) ** 2, 0)) / (n * (n * n - 1));
  const worst = pairs.map((pair) => ({ name: pair.name, factor: Math.max(pair.ms / pair.estimate, pair.estimate / pair.ms) })).reduce((most, one) => (one.factor > most.factor ? one : most));
  return { medianError, rankCorrelation, worst };
}

function ranks(values) {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const result = [];
  order.forEach(({ index }, rank) => { result[index] = rank; });
  return result;
}
