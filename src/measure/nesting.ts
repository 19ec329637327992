/**
 * Whether brackets in a file nest so deep that the bundler's native stack would end: it dies at about 200,000 levels
 * (esbuild 0.28.2: 1 GB of stack, some 5 kB a level, measured 2026-11), and its death would be every function's loss.
 * Brackets inside strings count too, which no real file notices at a tenth of that.
 */
const MAX_LEVELS = 20_000;

export function nestsTooDeep(bytes: Uint8Array): boolean {
  if (bytes.length < MAX_LEVELS) return false;
  let depth = 0;
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes[index];
    if (code === 0x28 || code === 0x5b || code === 0x7b) {
      if (++depth > MAX_LEVELS) return true;
    } else if ((code === 0x29 || code === 0x5d || code === 0x7d) && depth > 0) depth--;
  }
  return false;
}
