import { unknown } from '../../src/model/value.ts';
import type { Callee } from '../../src/model/project.ts';
import type { ExternalValue, InstanceValue, Value } from '../../src/model/value.ts';

/** Short builders for the tables of the catalog's tests. Plain data becomes literal, object and array values. */

export type Plain = string | number | boolean | null | undefined | Value | readonly Plain[] | { readonly [key: string]: Plain };

const isValue = (data: object): data is Value => 'kind' in data && typeof data.kind === 'string' && kinds.has(data.kind);
const kinds = new Set(['literal', 'template', 'env', 'resource', 'event', 'context', 'param', 'object', 'array', 'external', 'instance', 'function', 'class', 'oneOf', 'derived', 'unknown']);

export function val(data: Plain): Value {
  if (data === null || typeof data !== 'object') return { kind: 'literal', value: data };
  if (Array.isArray(data)) return { kind: 'array', items: data.map((item: Plain) => val(item)), open: false };
  if (isValue(data)) return data;
  return { kind: 'object', entries: Object.entries(data).map(([key, entry]) => [key, val(entry as Plain)] as const), open: false };
}

/** An object that may have further properties. */
export const open = (data: { readonly [key: string]: Plain }): Value => ({ kind: 'object', entries: Object.entries(data).map(([key, entry]) => [key, val(entry)] as const), open: true });
export const env = (name: string): Value => ({ kind: 'env', name });
export const event = (...path: string[]): Value => ({ kind: 'event', path });
export const context = (...path: string[]): Value => ({ kind: 'context', path });
export const either = (...options: Plain[]): Value => ({ kind: 'oneOf', options: options.map(val) });
export const tmpl = (...parts: Plain[]): Value => ({ kind: 'template', parts: parts.map(val) });
export const dunno: Value = unknown('test');
export const fn: Value = { kind: 'function', file: 'a.ts', fn: 1 };

/** `ext('fs', 'promises.writeFile')`. */
export const ext = (module: string, path = ''): ExternalValue => ({ kind: 'external', module, path: path === '' ? [] : path.split('.') });
/** `made('@aws-sdk/client-s3', 'S3Client', args…)`. */
export const made = (module: string, path: string, ...args: Plain[]): InstanceValue => ({ kind: 'instance', of: ext(module, path), args: args.map(val) });

/** `callee('fs', 'promises.writeFile')`, with the receiver of a method call. */
export const callee = (module: string, path = '', receiver?: Value): Callee => ({ ...ext(module, path), ...(receiver ? { receiver } : {}) });

/** A value as short text, for comparison in tables. */
export function show(value: Value | undefined): string {
  if (!value) return '-';
  switch (value.kind) {
    case 'literal': return String(value.value);
    case 'template': return '`' + value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '${' + show(part) + '}')).join('') + '`';
    case 'env': return `env:${value.name}`;
    case 'event': return ['event', ...value.path].join('.');
    case 'context': return ['context', ...value.path].join('.');
    case 'oneOf': return value.options.map(show).join(' or ');
    case 'array': return `[${value.items.map(show).join(', ')}${value.open ? ', …' : ''}]`;
    case 'object': return `{${value.entries.map(([key, entry]) => `${key}: ${show(entry)}`).join(', ')}${value.open ? ', …' : ''}}`;
    case 'external': return [value.module, ...value.path].join('.');
    case 'derived': return `${value.what}(${value.from.map(show).join(', ')})`;
    case 'unknown': return '?';
    default: return value.kind;
  }
}
