/** Sizes for people: decimal units, one decimal. */
export function bytesText(bytes: number): string {
  const size = Math.abs(bytes);
  const text = size < 1_000 ? `${size} B` : size < 999_950 ? `${(size / 1_000).toFixed(1)} kB` : size < 999_950_000 ? `${(size / 1_000_000).toFixed(1)} MB` : `${(size / 1_000_000_000).toFixed(1)} GB`;
  return bytes < 0 ? `-${text}` : text;
}

/** A difference, with its sign. */
export const changeText = (bytes: number): string => (bytes > 0 ? `+${bytesText(bytes)}` : bytesText(bytes));

/** A share in percent: two digits for what is small. */
export function shareText(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (part / whole) * 100;
  return `${share < 10 ? share.toFixed(1) : share.toFixed(0)} %`;
}
