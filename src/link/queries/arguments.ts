import type { ExternalCall } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';

/** Values of all arguments of a call, along its own path. */
export const argsOf = (call: ExternalCall): readonly Value[] => Array.from({ length: call.argCount }, (_, index) => call.arg(index));
