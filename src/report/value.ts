import type { Value } from '../model/value.ts';

const maxDepth = 8;

/** Short text of a symbolic value: a name where there is one, `${NAME}` for a part that is not known here; `undefined` when nothing can be said. */
export function valueText(value: Value | undefined, depth = 0): string | undefined {
  if (value === undefined || depth > maxDepth) return undefined;
  switch (value.kind) {
    case 'literal': return value.value === undefined || value.value === null ? undefined : String(value.value);
    case 'resource': return value.id;
    case 'env': return `\${${value.name}}`;
    case 'template': return value.parts.map((part) => valueText(part, depth + 1) ?? '${?}').join('');
    case 'oneOf': {
      const texts = value.options.map((option) => valueText(option, depth + 1));
      return texts.every((text) => text !== undefined) ? [...new Set(texts)].join(' | ') : undefined;
    }
    default: return undefined;
  }
}
