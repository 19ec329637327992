import type { ServerlessFunction } from '../../model/function.ts';
import type { FunctionView } from '../../model/project.ts';
import { literalText, type Value } from '../../model/value.ts';
import { nameOf } from '../physical-names.ts';
import { valueKey } from '../values.ts';

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

/** Variables in which platforms tell a function its own name (Lambda, OpenWhisk, Cloud Run functions documentation, November 2026). */
const ownNames: ReadonlyMap<string, readonly string[]> = new Map([
  ['AWS_LAMBDA_FUNCTION_NAME', ['aws']], ['__OW_ACTION_NAME', ['openwhisk']], ['K_SERVICE', ['google', 'firebase']], ['FUNCTION_NAME', ['google', 'firebase']],
]);

/** How a value names a function: `self` when it surely is the function that runs it, `other`, or `unknown`. */
export function namesFunction(value: Value, fn: ServerlessFunction): 'self' | 'other' | 'unknown' {
  switch (value.kind) {
    case 'context': return value.path[0] === 'functionName' || value.path[0] === 'invokedFunctionArn' ? 'self' : 'unknown';
    case 'env': return ownNames.get(value.name)?.includes(fn.platform) === true ? 'self' : 'unknown';
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
