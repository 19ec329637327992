import { literalText, type ContextValue, type EventValue, type ParamValue, type Value } from '../../model/value.ts';
import { parsedJson } from '../texts.ts';
import { contains } from '../values.ts';

/** Type tags of DynamoDB's attribute values (DynamoDB API reference, AttributeValue, November 2026). */
export const typeTag = /^(?:S|N|B|BOOL|NULL|SS|NS|BS|L|M)$/;

/** `{ S: 'x' }` is the attribute's value; anything else is itself. */
export function plainAttribute(value: Value): Value {
  const [only] = value.kind === 'object' && value.entries.length === 1 ? value.entries : [];
  return only && typeTag.test(only[0]) ? only[1] : value;
}

/** Named parts of what is sent or stored, through objects, lists, JSON texts and typed attributes. */
export function sentParts(value: Value, depth = 0): readonly (readonly [string, Value])[] {
  if (depth > 5) return [];
  const inner = (items: readonly Value[]): readonly (readonly [string, Value])[] => items.flatMap((item) => sentParts(item, depth + 1));
  switch (value.kind) {
    case 'object': return value.entries.flatMap(([name, item]): readonly (readonly [string, Value])[] => {
      const plain = plainAttribute(item);
      return [[name, plain], ...sentParts(plain, depth + 1)];
    });
    case 'array': return inner(value.items);
    case 'oneOf': return inner(value.options);
    case 'derived': return inner(value.from);
    case 'instance': return inner(value.args);
    // `"{\"kind\":\"done\"}"`
    case 'literal': case 'template': { const parsed = parsedJson(value); return parsed ? sentParts(parsed, depth + 1) : []; }
    default: return [];
  }
}

/** Names of the parts of the event that a value is, or is parsed or defaulted from: the property read last of each. */
export function eventNames(value: Value): readonly string[] {
  const names: string[] = [];
  // Middleware hangs what it parsed from the event on the context; a wrapper that is not known hands it over as a parameter.
  const isEvent = (one: Value): one is EventValue | ContextValue | ParamValue => one.kind === 'event' || (one.kind === 'param' && one.path.length > 0) || (one.kind === 'context' && one.path.length > 1 && one.path.includes('*'));
  contains(value, (one) => {
    if (isEvent(one)) {
      const name = one.path.findLast((step, index) => step !== '*' && !/^\d+$/.test(step) && !(index > 0 && typeTag.test(step)));
      if (name !== undefined) names.push(name);
    } else if (one.kind === 'derived' && one.what.startsWith('.') && contains(one, isEvent)) {
      // `JSON.parse(record.body).attempt`, `unmarshall(record.dynamodb.NewImage).done`.
      const name = one.what.slice(1);
      if (!typeTag.test(name)) names.push(name);
    } else if (one.kind === 'derived' && one.what === '#get' && one.from[0] && contains(one.from[0], isEvent)) {
      // `snapshot.get('state')`
      const name = one.from[1] && literalText(one.from[1]);
      if (name !== undefined) names.push(name);
    }
    return false;
  });
  return names;
}
