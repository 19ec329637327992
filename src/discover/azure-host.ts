import type { Located } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { template } from '../link/values.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';

/** What the app folder of Azure Functions says for all its functions: `host.json`, `local.settings.json`, `.funcignore`. */
export interface AzureHost {
  /** Path of `host.json`; absent when the folder has none. */
  readonly file?: string;
  /** The app's folder. */
  readonly folder: string;
  readonly timeoutSeconds?: Located<number>;
  /** First part of every HTTP route: `api` unless `host.json` says otherwise; '' for none. */
  readonly routePrefix: string;
  /** `functions` of `host.json`: only these run. */
  readonly only?: ReadonlySet<string>;
  /** Retries of host-wide `retry`. */
  readonly retries?: number;
  /** Scaling is left to the platform: written concurrency is not what runs. */
  readonly dynamicConcurrency: boolean;
  /** What the script is that Node.js runs as a server for all functions, as it is written: `.` is the package's main module. */
  readonly customServer?: string;
  /** Number of an extension's setting, such as `number('queues', 'batchSize')`. */
  number(extension: string, ...path: readonly string[]): number | undefined;
  /** Value of an application setting that the repository itself holds. */
  setting(name: string): string | undefined;
  /** Settings that hold the name of a queue, topic, hub or container, in the file of local settings or the example of one that the repository holds. */
  readonly names: ReadonlyMap<string, Value>;
  /** Whether a path is kept out of the deployed package. */
  ignores(file: string): boolean;
}

const within = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** Reads the settings of the app in a folder (host.json reference and "Local settings file", Azure Functions documentation, read 2026-11). */
export function azureHost(context: ReadContext, folder: string): AzureHost {
  const file = within(folder, 'host.json');
  const root = context.workspace.has(file) ? context.document(file, { format: 'jsonc' })?.roots[0] : undefined;
  const settingsFile = within(folder, 'local.settings.json');
  const values = context.workspace.has(settingsFile) ? context.document(settingsFile, { format: 'jsonc' })?.roots[0]?.get('Values') : undefined;
  if (values !== undefined) context.used(settingsFile);
  const example = values ? undefined : ['local.settings.example.json', 'local.settings.sample.json', 'local.settings.json.example', 'local.settings.template.json'].map((name) => within(folder, name)).find((name) => context.workspace.has(name));
  const shown = values ?? (example === undefined ? undefined : context.document(example, { format: 'jsonc' })?.roots[0]?.get('Values'));
  if (example !== undefined) context.used(example);
  // Version 1 of the host has the extensions at the top.
  const extensions = root?.get('extensions') ?? root;
  const seconds = root?.get('functionTimeout')?.text();
  const parsed = seconds === undefined ? undefined : timeSpan(seconds);
  const only = root?.get('functions');
  const retries = root?.at('retry', 'maxRetryCount')?.number();
  const prefix = extensions?.at('http', 'routePrefix')?.text();
  const server = customServer(root?.get('customHandler'));
  const ignore = ignored(context.workspace.has(within(folder, '.funcignore')) ? context.workspace.read(within(folder, '.funcignore')) ?? '' : '');
  return {
    ...(root === undefined ? {} : { file }), folder,
    ...(parsed === undefined || root === undefined ? {} : { timeoutSeconds: { value: parsed, location: root.keyLocation('functionTimeout') } }),
    routePrefix: (extensions?.at('http', 'routePrefix') === undefined ? 'api' : prefix ?? '').replace(/^\/+|\/+$/g, ''),
    ...(only?.kind === 'list' ? { only: new Set(only.items.flatMap((item) => item.text() ?? [])) } : {}),
    ...(retries === undefined ? {} : { retries }),
    ...(server === undefined ? {} : { customServer: server }),
    dynamicConcurrency: root?.at('concurrency', 'dynamicConcurrencyEnabled')?.boolean() === true,
    number: (extension, ...path) => section(extensions, extension)?.at(...path)?.number(),
    setting: (name) => values?.get(name)?.text(),
    names: new Map([...(shown?.entries ?? new Map<string, DocNode>())].flatMap(([name, node]): readonly (readonly [string, Value])[] => {
      const text = node.text();
      return /queue|topic|hub|container/i.test(name) && text !== undefined && /^[a-z0-9][a-z0-9-]{1,62}$/.test(text) ? [[name, literal(text)]] : [];
    })),
    ignores(path) {
      const below = folder === '' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
      return below !== undefined && ignore(below);
    },
  };
}

/** The script of a custom handler that Node.js runs ("Azure Functions custom handlers", read 2026-11); in the first version the description was the whole section. */
function customServer(node: DocNode | undefined): string | undefined {
  const description = node?.get('description') ?? node;
  const executable = description?.get('defaultExecutablePath')?.text()?.replaceAll('\\', '/').split('/').at(-1);
  if (executable !== 'node' && executable !== 'node.exe') return undefined;
  return description?.get('arguments')?.items.map((item) => item.text()).find((text) => text !== undefined && !text.startsWith('-'));
}

/** Sections are named without regard to case. */
function section(extensions: DocNode | undefined, name: string): DocNode | undefined {
  for (const [key, node] of extensions?.entries ?? []) if (key.toLowerCase() === name.toLowerCase()) return node;
  return undefined;
}

/** Seconds of `hh:mm:ss` or `d.hh:mm:ss`; `undefined` for `-1` (no limit) and what is no time span. */
export function timeSpan(text: string): number | undefined {
  const parts = /^\s*(?:(\d{1,5})\.)?(\d{1,4}):(\d{1,2}):(\d{1,2})(?:\.\d{1,7})?\s*$/.exec(text);
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

const maximumParts = 20;

/**
 * A binding's text as a value: `%NAME%` is an application setting, `{name}` a binding expression that is filled in for each
 * invocation (Azure Functions, "Binding expressions", read 2026-11).
 */
export function bindingText(text: string, host: Pick<AzureHost, 'setting'>): Value {
  const parts: Value[] = [];
  let at = 0;
  for (const match of text.matchAll(/%([^%{}]{1,200})%|\{([^{}]{1,200})\}/g)) {
    if (parts.length > maximumParts) return unknown('too many binding expressions');
    if (match.index > at) parts.push(literal(text.slice(at, match.index)));
    const [whole, setting, expression] = match;
    at = match.index + whole.length;
    if (setting === undefined) parts.push(unknown(`binding expression {${expression ?? ''}}`));
    else {
      const known = host.setting(setting);
      parts.push(known === undefined ? { kind: 'env', name: setting } : literal(known));
    }
  }
  if (at < text.length) parts.push(literal(text.slice(at)));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : template(parts);
}

/** Patterns of an ignore file: the last one that matches a path or a folder above it decides (`!` takes back). */
function ignored(text: string): (path: string) => boolean {
  const rules = text.slice(0, 20_000).split('\n').slice(0, 500).flatMap((raw) => {
    const line = raw.trim();
    const back = line.startsWith('!');
    const pattern = (back ? line.slice(1) : line).replace(/\/+$/, '');
    if (pattern === '' || line.startsWith('#') || pattern.length > 200 || pattern.split('*').length > 8) return [];
    const anchored = pattern.slice(0, -1).includes('/');
    const source = pattern.replace(/^\//, '').split('**').map((piece) => piece.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')).join('.*');
    return [{ back, test: new RegExp(`^${anchored ? '' : '(?:.*/)?'}${source}(?:/|$)`) }];
  });
  return (path) => rules.reduce((state, rule) => (rule.test.test(path.slice(0, 1000)) ? !rule.back : state), false);
}
