/**
 * Whether a file nests so deep that the bundler's native stack would end: it dies at about 200,000 levels of brackets
 * (esbuild 0.28.2: 1 GB of stack, some 5 kB a level, measured 2026-11), takes 55 s over 400,000 unary operators, and its
 * death costs a new run for every other function. One linear scan of bytes; characters inside strings count too, which
 * no real file notices at a tenth of what is deadly.
 */
const MAX_LEVELS = 20_000;

const kind = { open: 1, close: 2, operator: 3, separator: 4, e: 5 } as const;

const kinds = new Uint8Array(256);
for (const character of '([{') kinds[character.charCodeAt(0)] = kind.open;
for (const character of ')]}') kinds[character.charCodeAt(0)] = kind.close;
for (const character of '!~?:.>-') kinds[character.charCodeAt(0)] = kind.operator;
for (const character of ';,') kinds[character.charCodeAt(0)] = kind.separator;
kinds['e'.charCodeAt(0)] = kind.e;

export function nestsTooDeep(bytes: Uint8Array): boolean {
  if (bytes.length < MAX_LEVELS) return false;
  let depth = 0;
  let chain = 0;
  let elses = 0;
  for (let index = 0; index < bytes.length; index++) {
    switch (kinds[bytes[index] ?? 0]) {
      case kind.open: if (++depth > MAX_LEVELS) return true; break;
      case kind.close: if (depth > 0) depth--; if (bytes[index] === 0x7d) chain = 0; break;
      case kind.operator: if (++chain > MAX_LEVELS) return true; break;
      case kind.separator: chain = 0; break;
      // `else` with anything but a block after it: `else if`, `else for`, …
      case kind.e: if (bytes[index + 1] === 0x6c && bytes[index + 2] === 0x73 && bytes[index + 3] === 0x65 && bytes[index + 4] === 0x20 && ++elses > MAX_LEVELS) return true; break;
      default: break;
    }
  }
  return false;
}
