import type { Value } from '../model/value.ts';
import { template } from './values.ts';

/**
 * Physical names in names, ARNs and addresses, as values: parts that are not known stay, so that two names with an equal
 * unresolved variable (the stage) are equal.
 */

/** The physical name in a name, an ARN or a queue URL; `undefined` when nothing of it is known. */
export function nameOf(value: Value): Value | undefined {
  if (value.kind === 'literal') {
    if (typeof value.value !== 'string' || value.value === '') return undefined;
    const text = value.value;
    if (text.startsWith('arn:')) return { kind: 'literal', value: arnName(text) };
    if (/^https?:\/\//.test(text)) return { kind: 'literal', value: text.replace(/\/$/, '').slice(text.replace(/\/$/, '').lastIndexOf('/') + 1) };
    // Google: `projects/P/topics/T`, `projects/P/locations/L/queues/Q`.
    const path = /^projects\/[^/]+\/(?:locations\/[^/]+\/)?\w+\/([^/]+)$/.exec(text);
    return path?.[1] !== undefined ? { kind: 'literal', value: path[1] } : value;
  }
  if (value.kind !== 'template') return undefined;
  if (!value.parts.every(isNamePart)) return undefined;
  const tail = afterPrefix(value.parts);
  const [only] = tail;
  if (tail.length === 1 && only?.kind === 'resource') return only;
  // A name of which only variables are known is none.
  if (!tail.some((part) => part.kind === 'resource' || (part.kind === 'literal' && /[A-Za-z0-9]{2}/.test(String(part.value))))) return undefined;
  return template(tail);
}

/** Parts that stand for the same text wherever they are written: variables of the infrastructure, known text. */
function isNamePart(part: Value): boolean {
  switch (part.kind) {
    case 'literal': case 'env': case 'resource': return true;
    // Pseudo parameters of a CDK program: `Aws.REGION`.
    case 'external': return /^(?:aws-cdk-lib|@aws-cdk\/core)$/.test(part.module) && part.path[0] === 'Aws';
    // A variable that the declaring format does not give a value.
    case 'unknown': return /^no (?:value for|variable) |^\w+ of the stack$/.test(part.reason);
    case 'derived': return !part.io && /^(?:import|stackOutput|parameter|secret|terraformOutput|variable|select|split|join|local|data|var)/.test(part.what);
    default: return false;
  }
}

/** Whether a name has a part that is another one in every stack: equal texts of two units are then not one name. */
export function isOfStack(name: Value): boolean {
  const parts = name.kind === 'template' ? name.parts : [name];
  return parts.some((part) => (part.kind === 'external' && /^STACK_/.test(part.path.at(-1) ?? '')) || (part.kind === 'unknown' && /^stack\w* of the stack$/i.test(part.reason)));
}

/** What follows the last separator of an ARN or an address. */
function afterPrefix(parts: readonly Value[]): readonly Value[] {
  const [first] = parts;
  const head = first?.kind === 'literal' ? String(first.value) : '';
  const isArn = head.startsWith('arn:');
  if (!isArn && !/^https?:\/\//.test(head) && !/^projects\//.test(head)) return parts;
  if (/^arn:[^:]*:s3:::/.test(head)) return bucketParts(parts, head);
  // The name begins after the last separator that stands in a literal part.
  const separator = isArn ? /.*[:/]/s : /.*\//s;
  for (let index = parts.length - 1; index >= 0; index--) {
    const part = parts[index];
    if (part?.kind !== 'literal') continue;
    const match = separator.exec(String(part.value));
    if (!match) continue;
    const rest = String(part.value).slice(match[0].length);
    return [...(rest === '' ? [] : [{ kind: 'literal', value: rest } as const]), ...parts.slice(index + 1)];
  }
  return parts;
}

/** `arn:aws:s3:::BUCKET/keys`: the bucket ends at the first slash. */
function bucketParts(parts: readonly Value[], head: string): readonly Value[] {
  const rest = head.replace(/^arn:[^:]*:s3:::/, '');
  const name: Value[] = [];
  for (const part of [...(rest === '' ? [] : [{ kind: 'literal', value: rest } as const]), ...parts.slice(1)]) {
    const slash = part.kind === 'literal' ? String(part.value).indexOf('/') : -1;
    if (slash < 0) { name.push(part); continue; }
    if (slash > 0 && part.kind === 'literal') name.push({ kind: 'literal', value: String(part.value).slice(0, slash) });
    break;
  }
  return name;
}

function arnName(arn: string): string {
  const tail = arn.split(':').slice(5).join(':');
  // `table/NAME/stream/…`, `event-bus/NAME`, `log-group:NAME:*`, `NAME`.
  const parts = tail.split(/[/:]/).filter((part) => part !== '' && part !== '*');
  if (/^log-group:/.test(tail)) return tail.replace(/^log-group:/, '').replace(/:\*$/, '');
  return /^(table|stream|event-bus|rule|stateMachine|function|deliverystream|parameter|schedule)$/.test(parts[0] ?? '') ? (parts[1] ?? '') : tail.startsWith('::') ? tail.slice(2) : (parts[0] ?? '');
}
