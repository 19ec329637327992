import type { Resource, ResourceKind, ServerlessFunction } from '../../model/function.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, literalText, type Value } from '../../model/value.ts';
import { template, valueKey } from '../values.ts';

/**
 * The identity of what a value names: a declared resource, or a physical name that no template declares. Two values name one
 * thing exactly when their identities are equal; `undefined`: it cannot be told.
 */
export function identityOf(value: Value, kind: ResourceKind, unit: string, resources: ReadonlyMap<string, Resource>): string | undefined {
  if (value.kind === 'resource') return `${value.unit}#${value.id}`;
  const name = nameOf(value);
  if (!name) return undefined;
  const key = valueKey(name);
  const declared = [...resources.values()].filter((resource) => resource.kind === kind && resource.physicalName && valueKey(resource.physicalName) === key);
  // A reference resolves in its own unit first; across units only when exactly one declares the name.
  const own = declared.find((resource) => resource.unit === unit);
  if (own) return own.id;
  if (declared.length === 1) return declared[0]?.id;
  return declared.length === 0 ? `${kind}:${key}` : undefined;
}

/** Whether two names surely stand in different accounts or regions: both say where they are, and not the same. */
export function standsApart(a: Value, b: Value): boolean {
  const [one, other] = [addressOf(a), addressOf(b)];
  return (one.account !== undefined && other.account !== undefined && one.account !== other.account) || (one.region !== undefined && other.region !== undefined && one.region !== other.region);
}

/** Account and region in the text of an ARN or an SQS queue URL. */
function addressOf(value: Value): { readonly account?: string; readonly region?: string } {
  const text = literalText(value) ?? '';
  const [, region, account] = /^arn:[^:]*:[^:]*:([^:]*):(\d{12}):/.exec(text) ?? /^https:\/\/sqs\.([\w-]+)\.amazonaws\.com\/(\d{12})\//.exec(text) ?? [];
  return { ...(account ? { account } : {}), ...(region ? { region } : {}) };
}

/** The physical name in a name, an ARN or a queue URL; `undefined` when nothing of it is known. */
function nameOf(value: Value): Value | undefined {
  if (value.kind === 'literal') {
    if (typeof value.value !== 'string' || value.value === '') return undefined;
    const text = value.value;
    if (text.startsWith('arn:')) return { kind: 'literal', value: arnName(text) };
    if (/^https?:\/\//.test(text)) return { kind: 'literal', value: text.slice(text.lastIndexOf('/') + 1) };
    return value;
  }
  if (value.kind !== 'template') return undefined;
  if (value.parts.some((part) => part.kind === 'unknown' || part.kind === 'event' || part.kind === 'context' || part.kind === 'param' || part.kind === 'derived')) return undefined;
  const first = value.parts[0];
  if (first?.kind === 'resource' && value.parts.length === 1) return first;
  const head = first?.kind === 'literal' ? String(first.value) : '';
  if (!head.startsWith('arn:') && !/^https?:\/\//.test(head)) return value;
  // The name begins after the last separator that stands in a literal part.
  const separator = head.startsWith('arn:') ? /.*[:/]/s : /.*\//s;
  for (let index = value.parts.length - 1; index >= 0; index--) {
    const part = value.parts[index];
    if (part?.kind !== 'literal') continue;
    const match = separator.exec(String(part.value));
    if (match) return template([{ kind: 'literal', value: String(part.value).slice(match[0].length) }, ...value.parts.slice(index + 1)]);
  }
  return value;
}

function arnName(arn: string): string {
  const tail = arn.split(':').slice(5).join(':');
  // `table/NAME/stream/…`, `event-bus/NAME`, `log-group:NAME:*`, `NAME`.
  const parts = tail.split(/[/:]/).filter((part) => part !== '' && part !== '*');
  return /^(table|stream|event-bus|log-group|rule|stateMachine|function)$/.test(parts[0] ?? '') ? (parts[1] ?? '') : tail.startsWith('::') ? tail.slice(2) : (parts[0] ?? '');
}

/** How a value names a function: `self` when it surely is the function that runs it, `other`, or `unknown`. */
export function namesFunction(value: Value, fn: ServerlessFunction): 'self' | 'other' | 'unknown' {
  switch (value.kind) {
    case 'context': return value.path[0] === 'functionName' || value.path[0] === 'invokedFunctionArn' ? 'self' : 'unknown';
    case 'env': return value.name === 'AWS_LAMBDA_FUNCTION_NAME' ? 'self' : 'unknown';
    case 'resource': return `${value.unit}#${value.id}` === fn.id ? 'self' : 'other';
    case 'literal': case 'template': {
      const text = value.kind === 'literal' ? String(value.value) : undefined;
      const own = fn.physicalName;
      // A qualifier (`name:alias`) or an ARN names the same function.
      if (value.kind === 'template' && value.parts.some((part) => namesFunction(part, fn) === 'self')) return 'self';
      const name = nameOf(value.kind === 'literal' && text?.startsWith('arn:') ? { kind: 'literal', value: text.replace(/^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+):.*$/, '$1') } : value);
      const bare: Value | undefined = name?.kind === 'literal' ? { kind: 'literal', value: String(name.value).split(':')[0] } : name;
      if (!bare || !own) return value.kind === 'literal' ? 'other' : 'unknown';
      return valueKey(bare) === valueKey(own) ? 'self' : value.kind === 'literal' && own.kind === 'literal' ? 'other' : 'unknown';
    }
    default: return 'unknown';
  }
}

/** All possibilities agree, some do, or none. */
export function every<T>(value: Value, judge: (value: Value) => T): readonly T[] {
  return alternatives(value).map(judge);
}

/** Attributes of a declared table's key; empty when its declaration does not tell. */
export function keyNames(view: FunctionView, table: string): readonly string[] {
  const properties = view.project.resources.get(table)?.properties;
  if (properties?.kind !== 'object') return [];
  return properties.entries.flatMap(([name, value]): readonly string[] => {
    // CloudFormation lists the key's attributes, Terraform names them one by one.
    if (name === 'KeySchema' && value.kind === 'array') return value.items.flatMap((item) => (item.kind === 'object' ? item.entries.flatMap(([key, text]) => (key === 'AttributeName' ? [literalText(text) ?? ''] : [])) : []));
    return name === 'hash_key' || name === 'range_key' ? [literalText(value) ?? ''] : [];
  }).filter((name) => name !== '');
}
