// A setting of the JavaScript engine for processes that live for seconds. Plain JavaScript: it comes before what is compiled.
import { setFlagsFromString } from 'node:v8';

/**
 * A scan runs much code a few times each. V8 makes optimised code of some seven hundred functions meanwhile, most of which
 * never runs long enough to repay it, so it is told to wait ten times as long (default 67,584 units, `node --v8-options`).
 * Only in versions whose sources name the flag (`src/flags/flag-definitions.h` of V8 11 to 13, read 2026-11): V8 prints a
 * line for one that it does not know. Where it cannot be set, the scan is as right and slower.
 */
export function waitBeforeOptimising() {
  const major = Number.parseInt(process.versions.v8 ?? '', 10);
  if (!(major >= 11 && major <= 13)) return;
  try {
    setFlagsFromString('--interrupt-budget=700000');
  } catch {
    // A runtime that is not Node.js may only carry its version's name.
  }
}
