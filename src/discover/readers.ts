import { cloudformation } from './cloudformation.ts';
import type { Reader } from './reader.ts';

/** Every format that is read. A new one is a line here. */
export const readers: readonly Reader[] = [cloudformation];
