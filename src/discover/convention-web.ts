import type { Handler, Platform, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { exportsOf } from './convention-exports.ts';
import type { ReadContext, Reader } from './reader.ts';
import { below, folderOf, joinInRoot, withoutExtension } from './source-path-names.ts';

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const notDeployed = /\.d\.[cm]?ts$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:node_modules|__tests__)\//;

/**
 * Netlify (documentation, "Functions" and "Edge Functions", read 2026-11): every file or folder directly in the
 * functions folder is a function, `netlify/functions` unless `netlify.toml` says otherwise.
 */
export const netlifyReader: Reader = {
  name: 'netlify',
  matches: (file) => /(?:^|\/)netlify\.toml$/.test(file) || /(?:^|\/)netlify\/(?:edge-)?functions\//.test(file),
  read(file, context) {
    const configured = /(?:^|\/)netlify\.toml$/.test(file);
    const site = configured ? folderOf(file) : file.slice(0, Math.max(0, `/${file}`.search(/\/netlify\/(?:edge-)?functions\//) - 1));
    const config = site === '' ? 'netlify.toml' : `${site}/netlify.toml`;
    const folders = configured ? functionFolders(context.workspace.read(file) ?? '', site) : { functions: undefined, edge: undefined };
    const functions = folders.functions ?? joinInRoot(site, 'netlify/functions') ?? '';
    const edge = folders.edge ?? joinInRoot(site, 'netlify/edge-functions') ?? '';
    // A file in a default folder belongs to a site whose configuration is read on its own.
    if (!configured && context.workspace.has(config)) return;
    const unit = configured ? file : functions;
    for (const one of configured ? context.workspace.files : [file]) {
      if (below(one, functions) !== undefined && functions !== '') netlifyFunction(one, functions, unit, 'functions', context);
      else if (below(one, edge) !== undefined && edge !== '') netlifyFunction(one, edge, unit, 'edge', context);
    }
  },
};

function netlifyFunction(file: string, folder: string, unit: string, kind: 'functions' | 'edge', context: ReadContext): void {
  const rest = below(file, folder) ?? '';
  const parts = withoutExtension(rest).split('/');
  const [first = '', second] = parts;
  const entry = parts.length === 1 || (parts.length === 2 && (second === 'index' || second === first));
  if (!entry || !scripts.test(file) || notDeployed.test(file) || first.startsWith('.')) return;
  const names = exportsOf(context.workspace.read(file) ?? '', kind === 'edge' ? ['default'] : ['default', 'handler']);
  const [name] = names;
  // A helper in the functions folder has no entry point: the platform would fail to call it.
  if (name === undefined) return;
  add(context, file, unit, first, 'netlify', [{ file, export: name, kind: kind === 'edge' ? 'edge' : 'handler' }]);
}

/** `functions = "…"` or `directory = "…"` below `[functions]` or `[build]`, line by line; tables of one function (`[functions."x"]`) are not meant. */
function functionFolders(toml: string, site: string): { readonly functions: string | undefined; readonly edge: string | undefined } {
  let table = '';
  let base = site;
  let functions: string | undefined;
  let edge: string | undefined;
  for (const raw of toml.slice(0, 200_000).split('\n')) {
    const line = raw.trim();
    if (line.startsWith('[')) {
      table = line.replace(/#.*$/, '').trim();
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0 || line.startsWith('#')) continue;
    const key = line.slice(0, equals).trim();
    const value = /^["']([^"']{0,500})["']/.exec(line.slice(equals + 1).trim())?.[1];
    if (value === undefined) continue;
    if (table === '[build]' && key === 'base') base = joinInRoot(site, value.replace(/^\/+/, '')) ?? base;
    if ((table === '[functions]' && key === 'directory') || (table === '[build]' && key === 'functions')) functions ??= value;
    if (table === '[build]' && key === 'edge_functions') edge = value;
  }
  const at = (path: string | undefined, standard: string): string | undefined => joinInRoot(base, (path ?? standard).replace(/^\/+/, ''));
  return { functions: at(functions, 'netlify/functions'), edge: at(edge, 'netlify/edge-functions') };
}

function add(context: ReadContext, file: string, unit: string, name: string, platform: Platform, handlers: readonly Handler[]): void {
  const location: Location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const trigger: Trigger = { kind: 'http', source: platform, filters: [], location };
  context.addFunction({
    id: `${unit}#${name}`, name, unit, platform, handlers, triggers: [trigger], declaredAt: [location], foundBy: 'convention',
    environment: new Map(), layers: [], mounts: [], destinations: [],
  });
}
