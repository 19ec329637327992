import type { PictureNodeKind } from '../model/picture.ts';

/** Room that the outline of a kind takes beside its text, in pixels: left and right together, top and bottom together. */
export const inset: Readonly<Record<PictureNodeKind, { readonly x: number; readonly y: number }>> = {
  function: { x: 26, y: 14 }, queue: { x: 42, y: 14 }, topic: { x: 36, y: 14 }, bucket: { x: 40, y: 16 }, table: { x: 24, y: 26 }, stream: { x: 38, y: 14 }, bus: { x: 42, y: 14 },
  schedule: { x: 48, y: 14 }, route: { x: 32, y: 12 }, stateMachine: { x: 34, y: 16 }, document: { x: 34, y: 14 }, external: { x: 24, y: 14 },
};

/** Where the middle of the text stands, from the middle of the box. */
export const textShift: Readonly<Partial<Record<PictureNodeKind, { readonly x: number; readonly y: number }>>> = {
  function: { x: 2, y: 0 }, queue: { x: -6, y: 0 }, table: { x: 0, y: 5 }, schedule: { x: 9, y: 0 }, topic: { x: -4, y: 0 },
};

/** The outline of a kind: `d` of the filled path, and of further lines on it. Coordinates are those of the drawing. */
export function outline(kind: PictureNodeKind, x: number, y: number, width: number, height: number): { readonly d: string; readonly lines?: string; readonly dashed?: true } {
  const right = x + width;
  const bottom = y + height;
  const middle = y + height / 2;
  const half = height / 2;
  switch (kind) {
    case 'function': return { d: rounded(x, y, width, height, 6), lines: `M${n(x + 6)} ${n(y + 5)}V${n(bottom - 5)}` };
    case 'queue': return { d: rounded(x, y, width, height, 3), lines: [10, 16, 22].map((at) => `M${n(right - at)} ${n(y)}V${n(bottom)}`).join('') };
    case 'topic': return { d: `M${n(x)} ${n(y)}H${n(right - 14)}L${n(right)} ${n(middle)}L${n(right - 14)} ${n(bottom)}H${n(x)}Z` };
    case 'bucket': return { d: `M${n(x)} ${n(y)}H${n(right)}L${n(right - 12)} ${n(bottom)}H${n(x + 12)}Z` };
    case 'table': return { d: `M${n(x)} ${n(y + 7)}A${n(width / 2)} 7 0 0 1 ${n(right)} ${n(y + 7)}V${n(bottom - 7)}A${n(width / 2)} 7 0 0 1 ${n(x)} ${n(bottom - 7)}Z`, lines: `M${n(x)} ${n(y + 7)}A${n(width / 2)} 7 0 0 0 ${n(right)} ${n(y + 7)}` };
    case 'stream': return { d: `M${n(x + 12)} ${n(y)}H${n(right)}L${n(right - 12)} ${n(bottom)}H${n(x)}Z` };
    case 'bus': return { d: `M${n(x)} ${n(middle)}L${n(x + 14)} ${n(y)}H${n(right - 14)}L${n(right)} ${n(middle)}L${n(right - 14)} ${n(bottom)}H${n(x + 14)}Z` };
    case 'schedule': return { d: rounded(x, y, width, height, half), lines: `${circle(x + 17, middle, 8)}M${n(x + 17)} ${n(middle - 5)}V${n(middle)}H${n(x + 21)}` };
    case 'route': return { d: rounded(x, y, width, height, Math.min(half, 16)) };
    case 'stateMachine': return { d: `M${n(x + 9)} ${n(y)}H${n(right - 9)}L${n(right)} ${n(y + 9)}V${n(bottom - 9)}L${n(right - 9)} ${n(bottom)}H${n(x + 9)}L${n(x)} ${n(bottom - 9)}V${n(y + 9)}Z` };
    case 'document': return { d: `M${n(x)} ${n(y)}H${n(right - 11)}L${n(right)} ${n(y + 11)}V${n(bottom)}H${n(x)}Z`, lines: `M${n(right - 11)} ${n(y)}V${n(y + 11)}H${n(right)}` };
    case 'external': return { d: rounded(x, y, width, height, 2), dashed: true };
  }
}

/** At most one decimal: enough for a screen, and the same on every machine. */
export const n = (value: number): string => String(Math.round(value * 10) / 10);

function rounded(x: number, y: number, width: number, height: number, radius: number): string {
  const r = Math.min(radius, width / 2, height / 2);
  const arc = (toX: number, toY: number): string => `A${n(r)} ${n(r)} 0 0 1 ${n(toX)} ${n(toY)}`;
  return `M${n(x + r)} ${n(y)}H${n(x + width - r)}${arc(x + width, y + r)}V${n(y + height - r)}${arc(x + width - r, y + height)}H${n(x + r)}${arc(x, y + height - r)}V${n(y + r)}${arc(x + r, y)}Z`;
}

const circle = (x: number, y: number, radius: number): string => `M${n(x - radius)} ${n(y)}a${radius} ${radius} 0 1 0 ${radius * 2} 0a${radius} ${radius} 0 1 0 ${-radius * 2} 0`;
