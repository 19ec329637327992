import type { Trigger, TriggerFilter } from '../../model/function.ts';
import type { Value } from '../../model/value.ts';

const MAX_DEPTH = 8;
/** Characters of one label; what stands in a picture must be short. */
const MAX_LENGTH = 60;

/** What stands for a part that is not known. */
const UNKNOWN = '*';

/** Short text of a value that names something: `orders-${STAGE}`; `*` for a part that is not known. */
export function shortText(value: Value, depth = 0): string {
  if (depth > MAX_DEPTH) return '…';
  switch (value.kind) {
    case 'literal': return String(value.value);
    case 'resource': return depth === 0 ? value.id : `\${${value.id}}`;
    case 'env': return `\${${value.name}}`;
    case 'template': return value.parts.map((part) => shortText(part, depth + 1)).join('');
    case 'oneOf': return value.options.map((option) => shortText(option, depth + 1)).join(' | ');
    case 'derived': return value.io ? UNKNOWN : shortOf(value.from, depth);
    default: return UNKNOWN;
  }
}

/** Of something computed its first part that is known: the name of a published value, of a variable. */
function shortOf(from: readonly Value[], depth: number): string {
  for (const item of from) {
    const text = shortText(item, depth + 1);
    if (text !== UNKNOWN) return /^\$\{.*\}$/.test(text) ? text : `\${${text}}`;
  }
  return UNKNOWN;
}

/** What a trigger lets through and how much at a time, for the arrow to the function; '' when it says nothing. */
export function triggerLabel(trigger: Pick<Trigger, 'filters' | 'batchSize'>): string {
  const parts = trigger.filters.map(filterText).filter((text) => text !== '');
  if (trigger.batchSize !== undefined && trigger.batchSize > 1) parts.push(`batch ${trigger.batchSize}`);
  return parts.join('\n');
}

/** A filter in a few words, on one line or several; '' for a route, which is drawn as a thing of its own. */
export function filterText(filter: TriggerFilter): string {
  switch (filter.kind) {
    case 'object': {
      const rules = filter.rules.map((rule) => `${rule.prefix ? shortText(rule.prefix) : ''}*${rule.suffix ? shortText(rule.suffix) : ''}`).filter((text) => text !== '*');
      return cut([filter.events.map((event) => event.replace(/^s3:/, '')).join(', '), rules.join(', ')].filter((text) => text !== '').join(' '));
    }
    case 'pattern': return patternLines(filter.pattern);
    case 'attributes': return patternLines(filter.policy);
    case 'records': return cut(filter.patterns.map((pattern) => patternText(pattern, 0)).join(' or '));
    case 'route': return '';
  }
}

/** One line for each thing that is asked for. */
const patternLines = (pattern: Value): string => (pattern.kind === 'object' ? byName(pattern.entries).map((entry) => cut(patternText({ ...pattern, entries: [entry] }, 0))).join('\n') : cut(patternText(pattern, 0)));

/** The order in which a pattern is written has no meaning. */
const byName = <T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] => [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** `source: orders, detail-type: Placed | Paid` */
function patternText(value: Value, depth: number): string {
  if (depth > MAX_DEPTH) return '…';
  switch (value.kind) {
    case 'object': return byName(value.entries).map(([name, item]) => {
      const inner = patternText(item, depth + 1);
      return item.kind === 'object' ? `${name}.${inner}` : `${name}: ${inner}`;
    }).join(', ');
    case 'array': return value.items.map((item) => patternText(item, depth + 1)).join(' | ');
    default: return shortText(value, depth);
  }
}

/** At most `MAX_LENGTH` characters, on one line. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= MAX_LENGTH ? line : `${characters.slice(0, MAX_LENGTH - 1).join('')}…`;
}
