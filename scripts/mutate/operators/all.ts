import { diskOperators } from './disk.ts';
import { keptOperators } from './kept.ts';
import type { Operator } from './kit.ts';
import { stateOperators } from './state.ts';
import { timeOperators } from './time.ts';
import { workOperators } from './work.ts';

/** Every way in which mutants are made. */
export const operators: readonly Operator[] = [...stateOperators, ...keptOperators, ...diskOperators, ...timeOperators, ...workOperators];
