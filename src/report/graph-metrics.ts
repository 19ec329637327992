/** Hundredths of the font size that ASCII characters take in DejaVu Sans, the widest of the fonts asked for; measured November 2026. */
const widths: readonly (readonly [number, string])[] = [
  [32, "'ijlIJ ,."], [41, '/:;\\|f-()[]t!'], [50, 'r"*_`'], [56, 'sz?cL'], [62, 'FkvxyPTYaeo'], [66, '$0123456789ESbdghnpqu{}K'], [76, 'ABVXZCRUNH'], [84, '&DGOQw#+<=>^~'], [100, 'Mm%W@'],
];
const byCharacter: ReadonlyMap<string, number> = new Map(widths.flatMap(([width, characters]) => [...characters].map((char) => [char, width] as const)));

/** Pixels that a text takes at most; bold takes a tenth more. */
export function textWidth(text: string, size: number): number {
  let hundredths = 0;
  for (const char of text) hundredths += byCharacter.get(char) ?? (char < '\u0250' ? 70 : char === '…' || char === '→' ? 100 : 110);
  return (hundredths * size) / 100;
}

/** The text, or both of its ends with `…` between, so that it takes no more than so many pixels. */
export function fitted(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  const characters = [...text].slice(0, 400);
  for (let kept = characters.length - 1; kept > 0; kept--) {
    const short = `${characters.slice(0, Math.ceil(kept / 2)).join('')}…${characters.slice(characters.length - Math.floor(kept / 2)).join('')}`;
    if (textWidth(short, size) <= width) return short;
  }
  return '…';
}
