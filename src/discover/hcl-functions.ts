import { posix } from 'node:path';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { oneOf, template } from './cloudformation-values.ts';
import type { HclExpression } from './hcl-ast.ts';
import { collectionFunctions } from './hcl-collections.ts';
import { fromData, isUnset, jsonText, numberOf, textOf } from './hcl-values.ts';

/** What functions may read of the repository. Paths are values as expressions give them. */
export interface HclFiles {
  /** Text of a file, or `undefined` outside the root, absent or when the path is not known. */
  read(path: Value): string | undefined;
  /** A file parsed as a template. */
  template(path: Value): HclExpression | undefined;
  /** Files below a folder that fit a pattern, relative to it, in order. */
  list(folder: Value, pattern: Value): readonly string[] | undefined;
}

/** A function over values. `undefined`: an argument is not known well enough. */
export type HclFunction = (args: readonly Value[], files: HclFiles) => Value | undefined;

const MAX_TEXT = 200_000;

/**
 * Calls a function of Terraform (language reference, "Functions", read 2026-11). What can not be folded keeps its arguments:
 * the references in them still count.
 */
export function callFunction(name: string, args: readonly Value[], files: HclFiles): Value {
  const plain = name.startsWith('core::') ? name.slice(6) : name;
  const result = (functions.get(plain) ?? collectionFunctions.get(plain))?.(args, files);
  if (result?.kind === 'literal' && typeof result.value === 'string' && result.value.length > MAX_TEXT) return unknown('a text that is too long');
  return result ?? { kind: 'derived', what: name, from: args, io: false };
}

/** A function of texts that must all be known. */
function onText(work: (...texts: string[]) => Value | string | number | boolean | undefined): HclFunction {
  return (args) => {
    const texts: string[] = [];
    for (const arg of args) {
      const text = textOf(arg);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    const result = work(...texts);
    return result === undefined || typeof result === 'object' ? result : literal(result);
  };
}

const pass: HclFunction = ([value]) => value;

/** Splits a path in a text with known end: `${var.x}/a/b` → head and `b`. */
function lastSegment(value: Value | undefined): { readonly head: Value; readonly name: string } | undefined {
  if (value?.kind === 'literal') {
    const text = textOf(value);
    return text === undefined ? undefined : { head: literal(posix.dirname(text)), name: posix.basename(text) };
  }
  if (value?.kind !== 'template') return undefined;
  const last = value.parts.at(-1);
  const text = textOf(last);
  const slash = text?.lastIndexOf('/') ?? -1;
  if (text === undefined || slash < 0) return undefined;
  return { head: template([...value.parts.slice(0, -1), literal(text.slice(0, slash))]), name: text.slice(slash + 1) };
}

/** A file's directory relative to the working directory; absolute paths start with it. */
const workingDirectory: Value = { kind: 'env', name: 'path.cwd' };

const functions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ['lower', onText((text = '') => text.toLowerCase())],
  ['upper', onText((text = '') => text.toUpperCase())],
  ['title', onText((text = '') => text.replace(/(^|[^\p{L}\p{N}_])(\p{L})/gu, (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`))],
  ['trimspace', onText((text = '') => text.trim())],
  ['chomp', onText((text = '') => text.replace(/[\r\n]{1,1000}$/, ''))],
  ['trim', onText((text = '', cut = '') => trimmed(text, cut))],
  ['trimprefix', trimHead],
  ['trimsuffix', trimTail],
  ['substr', onText((text = '', start = '0', length = '-1') => substring(text, Number(start), Number(length)))],
  ['strrev', onText((text = '') => [...text].reverse().join(''))],
  ['startswith', onText((text = '', head = '') => text.startsWith(head))],
  ['endswith', onText((text = '', tail = '') => text.endsWith(tail))],
  ['strcontains', onText((text = '', part = '') => text.includes(part))],
  ['replace', onText((text = '', from = '', to = '') => (from.length > 1 && from.startsWith('/') && from.endsWith('/') ? undefined : text.slice(0, MAX_TEXT).replaceAll(from, () => to)))],
  ['split', onText((separator = '', text = '') => fromData(text === '' ? [''] : text.split(separator)))],
  ['indent', onText((count = '0', text = '') => text.replaceAll('\n', `\n${' '.repeat(Math.min(200, Number(count) || 0))}`))],
  ['tostring', ([value]) => (value && textOf(value) !== undefined ? literal(textOf(value)) : value)],
  ['tonumber', ([value]) => (numberOf(value) === undefined ? value : literal(numberOf(value)))],
  ['tobool', ([value]) => (textOf(value) === 'true' || textOf(value) === 'false' ? literal(textOf(value) === 'true') : value)],
  ['parseint', onText((text = '', base = '10') => Number.parseInt(text, Number(base)))],
  ['abs', onText((number) => Math.abs(Number(number)))],
  ['ceil', onText((number) => Math.ceil(Number(number)))],
  ['floor', onText((number) => Math.floor(Number(number)))],
  ['min', onText((...numbers) => Math.min(...numbers.map(Number)))],
  ['max', onText((...numbers) => Math.max(...numbers.map(Number)))],
  ['base64encode', onText((text = '') => Buffer.from(text, 'utf8').toString('base64'))],
  ['base64decode', onText((text = '') => Buffer.from(text, 'base64').toString('utf8'))],
  ['urlencode', onText((text = '') => encodeURIComponent(text).replaceAll('%20', '+'))],
  ['format', format],
  ['coalesce', coalesce],
  ['try', attempt],
  ['can', ([value]) => (value?.kind === 'literal' || value?.kind === 'resource' ? literal(true) : undefined)],
  ['sensitive', pass], ['nonsensitive', pass], ['ephemeralasnull', pass],
  ['jsonencode', ([value]) => {
    const text = value && jsonText(value);
    return text === undefined ? value && { kind: 'derived', what: 'json', from: [value], io: false } : literal(text);
  }],
  // The text itself never matters, what it says does.
  ['yamlencode', ([value]) => value && { kind: 'derived', what: 'json', from: [value], io: false }],
  ['jsondecode', decode], ['yamldecode', decode],
  ['file', ([path], files) => (path ? optionalText(files.read(path)) : undefined)],
  ['fileexists', ([path], files) => (path && files.read(path) !== undefined ? literal(true) : undefined)],
  ['fileset', ([folder, pattern], files) => {
    const found = folder && pattern ? files.list(folder, pattern) : undefined;
    return found && fromData(found);
  }],
  ['basename', ([path]) => optionalText(lastSegment(path)?.name)],
  ['dirname', ([path]) => lastSegment(path)?.head],
  ['pathexpand', pass],
  ['abspath', ([path]) => {
    const text = textOf(path);
    if (text === undefined) return path?.kind === 'template' ? path : undefined;
    return text.startsWith('/') ? literal(posix.normalize(text)) : template([workingDirectory, literal(`/${posix.normalize(text)}`)]);
  }],
]);

function optionalText(text: string | undefined): Value | undefined {
  return text === undefined ? undefined : literal(text);
}

function trimmed(text: string, cut: string): string {
  const chars = new Set(cut);
  const list = [...text];
  let start = 0;
  let end = list.length;
  while (start < end && chars.has(list[start] ?? '')) start++;
  while (end > start && chars.has(list[end - 1] ?? '')) end--;
  return list.slice(start, end).join('');
}

function substring(text: string, start: number, length: number): string | undefined {
  if (!Number.isInteger(start) || !Number.isInteger(length)) return undefined;
  const chars = [...text.slice(0, MAX_TEXT)];
  const from = start < 0 ? Math.max(0, chars.length + start) : start;
  return chars.slice(from, length < 0 ? undefined : from + length).join('');
}

/** The head of a text counts even when its tail is not known, and the other way round. */
function trimHead([value, cut]: readonly Value[]): Value | undefined {
  const prefix = textOf(cut);
  const parts = value?.kind === 'template' ? value.parts : value ? [value] : [];
  const head = textOf(parts[0]);
  if (prefix === undefined || head === undefined || (parts.length > 1 && head.length < prefix.length)) return undefined;
  return template([literal(head.startsWith(prefix) ? head.slice(prefix.length) : head), ...parts.slice(1)]);
}

function trimTail([value, cut]: readonly Value[]): Value | undefined {
  const suffix = textOf(cut);
  const parts = value?.kind === 'template' ? value.parts : value ? [value] : [];
  const tail = textOf(parts.at(-1));
  if (suffix === undefined || tail === undefined || (parts.length > 1 && tail.length < suffix.length)) return undefined;
  return template([...parts.slice(0, -1), literal(tail.endsWith(suffix) ? tail.slice(0, tail.length - suffix.length) : tail)]);
}

/** `%s`, `%d`, `%v`, `%q`, `%%` and zero-padded numbers; other verbs are left unknown. */
function format([pattern, ...args]: readonly Value[]): Value | undefined {
  const text = textOf(pattern);
  if (text === undefined || text.length > 10_000) return undefined;
  const parts: Value[] = [];
  let from = 0;
  let next = 0;
  for (const match of text.matchAll(/%(?:%|(0\d{1,2})?([sdvq])|.)/g)) {
    parts.push(literal(text.slice(from, match.index)));
    from = match.index + match[0].length;
    if (match[0] === '%%') parts.push(literal('%'));
    else {
      const arg = args[next++];
      const known = textOf(arg);
      if (!arg || match[2] === undefined || arg.kind === 'object' || arg.kind === 'array') return undefined;
      if (match[2] === 'q') parts.push(known === undefined ? arg : literal(JSON.stringify(known)));
      else parts.push(known !== undefined && match[1] !== undefined ? literal(known.padStart(Number(match[1]), '0')) : arg);
    }
  }
  parts.push(literal(text.slice(from)));
  return template(parts);
}

/** The first argument that is neither null nor an empty text. */
function coalesce(args: readonly Value[]): Value | undefined {
  const open: Value[] = [];
  for (const arg of args) {
    if (isUnset(arg) || (arg.kind === 'literal' && arg.value === '')) continue;
    if (arg.kind === 'literal' || arg.kind === 'resource' || arg.kind === 'template' || arg.kind === 'object' || arg.kind === 'array') return oneOf([...open, arg]);
    open.push(arg);
  }
  // Terraform fails here, which `try` catches.
  return open.length === 0 ? unknown('no argument has a value') : oneOf(open);
}

/** The first argument that does not fail: what is surely not there fails, what is not known may. */
function attempt(args: readonly Value[]): Value | undefined {
  const open: Value[] = [];
  for (const arg of args) {
    if (arg.kind === 'unknown' && arg.reason.startsWith('no ')) continue;
    open.push(arg);
    if (arg.kind !== 'unknown' && arg.kind !== 'env' && arg.kind !== 'derived') break;
  }
  return open.length === 0 ? undefined : oneOf(open);
}

function decode([value]: readonly Value[]): Value | undefined {
  if (value?.kind === 'derived' && value.what === 'json') return value.from[0];
  const text = textOf(value);
  if (text === undefined || text.length > MAX_TEXT || !/^\s*[[{"\d]|^\s*(?:true|false|null)\s*$/.test(text)) return undefined;
  try {
    return fromData(JSON.parse(text));
  } catch {
    return undefined;
  }
}
