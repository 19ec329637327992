import type { StartCosts } from '../src/catalog/cold-start.ts';
import type { StartParts } from '../src/model/bundle.ts';

interface Row { readonly name: string; readonly parts: StartParts; readonly ms: number; readonly heldOut?: true; readonly plainBytes?: readonly [number, number] }
type StartMs = (parts: StartParts, costs?: StartCosts) => number;

export function fit(rows: readonly Row[], known: StartCosts, startMs: StartMs): StartCosts;
export function judge(rows: readonly Row[], estimate: (parts: StartParts) => number): { readonly medianError: number; readonly rankCorrelation: number; readonly worst: { readonly name: string; readonly factor: number } };
