/** The known name that differs least from a given one, or the only one that it begins; `undefined` when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const longer = name.length < 4 ? [] : known.filter((candidate) => candidate.startsWith(name));
  if (longer.length === 1) return longer[0];
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(name.slice(0, 60), candidate.slice(0, 60));
    if (distance <= Math.max(2, Math.floor(candidate.length / 4)) && (!best || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] as number;
}
