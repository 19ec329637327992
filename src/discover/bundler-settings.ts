import { ROOT, textOf, type Sym } from '../link/program-values.ts';
import type { BuildOption, BuildSettings } from '../model/function.ts';
import type { DocNode } from './document-node.ts';

/** Options of a bundler by the name that the tool gives them; `unknown`: set, and its value can not be told. */
export type RawOptions = ReadonlyMap<string, BuildOption | 'unknown'>;

/** Names with no effect on what ships, or that `Packaging` has fields for. */
const settled = new Set([
  'minify', 'sourceMap', 'sourcemap', 'target', 'format', 'external', 'exclude', 'externalModules', 'nodeModules', 'bundleAwsSDK', 'entryPoints', 'bundle', 'packager', 'packagerOptions', 'concurrency',
  'buildConcurrency', 'zipConcurrency', 'logLevel', 'logLimit', 'logOverride', 'color', 'metafile', 'watch', 'assetHash', 'assetHashType', 'esbuildVersion', 'forceDockerBundling', 'dockerImage', 'buildArgs',
  'environment', 'network', 'nativeZip', 'keepOutputDirectory', 'outputFileExtension', 'outExtension', 'outputWorkFolder', 'outputBuildFolder', 'installExtraArgs', 'write', 'absWorkingDir', 'allowOverwrite', 'install', 'preserveSymlinks',
  'bundlingFileAccess', 'workingDirectory', 'user', 'volumes', 'volumesFrom', 'securityOpt', 'entrypoint', 'skipBuild', 'skipBuildExcludeFns', 'stripEntryResolveExtensions', 'esbuildArgs', 'sourceRoot', 'outbase', 'disableIncremental', 'useNpmCi',
]);

/** Names that measuring gives to the bundler, with the other spellings that tools have for them. */
const modelled: ReadonlyMap<string, string> = new Map([
  ...['sourcesContent', 'keepNames', 'charset', 'loader', 'define', 'banner', 'footer', 'mainFields', 'conditions', 'platform', 'inject', 'alias', 'tsconfig', 'treeShaking', 'legalComments', 'drop', 'pure', 'ignoreAnnotations', 'packages', 'resolveExtensions', 'jsx', 'jsxFactory', 'jsxFragment', 'jsxImportSource', 'minifyWhitespace', 'minifyIdentifiers', 'minifySyntax', 'sourceMapMode', 'supported', 'lineLimit'].map((name) => [name, name] as const),
  ['bannerJs', 'banner'], ['footerJs', 'footer'],
]);

/**
 * What esbuild is told beyond the common settings. Options are those of esbuild's documentation ("API", 2026); what is none of them
 * (plugins, hooks, files of configuration) is named in `unread`.
 */
export function buildSettings(raw: RawOptions, rest: Omit<BuildSettings, 'options' | 'unread' | 'install'> & { readonly install?: readonly string[] } = {}): BuildSettings {
  const options = new Map<string, BuildOption>();
  const unread: string[] = [];
  for (const [name, value] of raw) {
    const known = modelled.get(name);
    if (known !== undefined && value !== 'unknown') options.set(known, value);
    else if (known !== undefined || !settled.has(name)) unread.push(name);
  }
  return { ...rest, options, install: rest.install ?? [], unread: unread.sort() };
}

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `--main-fields=module,main`, `--loader:.sql=text`, `--keep-names` as options (esbuild's command line; CDK `esbuildArgs`). */
export function argumentOptions(args: ReadonlyMap<string, string | boolean>): RawOptions {
  const options = new Map<string, BuildOption | 'unknown'>();
  const lists = new Set(['mainFields', 'conditions', 'resolveExtensions', 'inject', 'drop', 'pure', 'external']);
  for (const [argument, given] of args) {
    const match = /^--([a-z-]{1,40})(?::([^=]{1,200}))?(?:=(.*))?$/s.exec(argument);
    if (!match) continue;
    const name = camel(match[1] ?? '');
    const key = match[2];
    const value = match[3] ?? given;
    if (key !== undefined && !lists.has(name)) {
      // A banner is written by kind of output; only that of scripts counts.
      if (name === 'banner' || name === 'footer') { if (key === 'js') options.set(name, String(value)); continue; }
      const before = options.get(name);
      options.set(name, new Map([...(before instanceof Map ? before : []), [key, String(value)]]));
    } else if (lists.has(name)) {
      const before = options.get(name);
      options.set(name, [...(Array.isArray(before) ? before : []), ...(key === undefined ? String(value).split(',') : [key])]);
    } else options.set(name, value === 'true' || value === '' ? true : value === 'false' ? false : value);
  }
  return options;
}

/** Options of a template or service file. `rename` gives esbuild's name of a key. */
export function documentOptions(node: DocNode | undefined, rename: (name: string) => string = (name) => name): RawOptions {
  const options = new Map<string, BuildOption | 'unknown'>();
  for (const [key, item] of node?.entries ?? []) options.set(rename(key), documentOption(rename(key), item));
  return options;
}

function documentOption(name: string, item: DocNode): BuildOption | 'unknown' {
  if (item.kind === 'list') {
    const texts = item.items.map((one) => one.text());
    if (!texts.every((text) => text !== undefined)) return 'unknown';
    // AWS SAM writes tables as lists of `key=value`.
    return /^(?:loader|define|banner|footer|alias)$/.test(name) ? table(name, texts) : texts;
  }
  if (item.kind === 'map') {
    const pairs = [...item.entries].map(([key, one]) => [key, one.text()] as const);
    if (!pairs.every((pair): pair is readonly [string, string] => pair[1] !== undefined)) return 'unknown';
    return jsOnly(name, new Map(pairs));
  }
  return item.boolean() ?? item.text() ?? 'unknown';
}

function table(name: string, texts: readonly string[]): BuildOption {
  return jsOnly(name, new Map(texts.map((text) => { const equals = text.indexOf('='); return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)]; })));
}

/** Banners and footers are written by kind of output; only that of scripts counts. */
const jsOnly = (name: string, pairs: ReadonlyMap<string, string>): BuildOption => (name === 'banner' || name === 'footer' ? pairs.get('js') ?? '' : pairs);

/** A path that a program has worked out, relative to the root with a slash before it. */
const rooted = (text: string): string => (text.startsWith(`${ROOT}/`) ? text.slice(ROOT.length) : text);

/** Options of a program: literals, lists and tables of literals, and members of enumerations by their last name. */
export function programOptions(record: Sym | undefined): RawOptions {
  const options = new Map<string, BuildOption | 'unknown'>();
  if (record?.kind !== 'record') return record === undefined ? options : new Map([['bundling', 'unknown']]);
  for (const [key, { value }] of record.entries) if (!key.startsWith('*')) options.set(key, programOption(value));
  if (record.open) options.set('bundling', 'unknown');
  return options;
}

function programOption(sym: Sym): BuildOption | 'unknown' {
  if (sym.kind === 'literal') return typeof sym.value === 'boolean' ? sym.value : sym.value === null || sym.value === undefined ? 'unknown' : rooted(String(sym.value));
  if (sym.kind === 'external') return (sym.path[sym.path.length - 1] ?? 'unknown').toLowerCase();
  if (sym.kind === 'list') {
    const texts = sym.items.map((item) => { const text = textOf(item); return text === undefined ? undefined : rooted(text); });
    return sym.open || !texts.every((text) => text !== undefined) ? 'unknown' : texts;
  }
  if (sym.kind === 'record') {
    const pairs = [...sym.entries].map(([key, { value }]) => [key, value.kind === 'literal' ? String(value.value) : undefined] as const);
    return sym.open || !pairs.every((pair): pair is readonly [string, string] => pair[1] !== undefined) ? 'unknown' : new Map(pairs);
  }
  return 'unknown';
}
