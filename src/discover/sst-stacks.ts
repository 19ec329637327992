import type { ReadContext } from './reader.ts';
/** placeholder */
export function readStacks(_file: string, _context: ReadContext): void {}
