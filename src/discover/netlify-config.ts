import type { Packaging, ServerlessFunction } from '../model/function.ts';
import type { Located, Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { pathGlob } from './path-glob.ts';
import type { ReadContext } from './reader.ts';
import { isBuildFolder } from './source-path-names.ts';
import { builtBy } from './web-function.ts';
import { configured, manifestOf } from './web-project.ts';

/** A path that a site gives to a function or edge function. */
export interface NetlifyRoute { readonly paths: readonly string[]; readonly methods: readonly string[]; readonly location: Location }

/** `functions = "dist/functions"`, and no such folder: a build writes it, from the folder of that name among the sources. */
function sourceOfOutput(context: ReadContext, base: string, path: string | undefined): string | undefined {
  const [first = '', ...rest] = (path ?? '').replace(/^\.\//, '').split('/').filter((part) => part !== '');
  if (!isBuildFolder(first, true) || rest.length === 0) return undefined;
  const found = [`src/${rest.join('/')}`, rest.join('/')].map((one) => configured(base, one));
  return found.find((one) => one !== undefined && one !== '' && context.workspace.isDirectory(one));
}

/** Tables of `[functions]` that hold settings of one function or of those that a pattern names. */
interface Block { readonly matches: (name: string) => boolean; readonly node: DocNode; readonly location: Location }

/** What a site's `netlify.toml` says of functions (Netlify documentation, "File-based configuration", "Functions" and "Declarations" of edge functions, read 2026-11). */
export class NetlifyConfig {
  readonly file: string;
  /** Folders of functions and edge functions, relative to the root; `undefined` for one outside it. */
  readonly functions: string | undefined;
  readonly edge: string | undefined;
  readonly #all: DocNode | undefined;
  readonly #blocks: readonly Block[];
  readonly #edge: readonly DocNode[];
  readonly #redirects: readonly DocNode[];

  constructor(context: ReadContext, file: string, site: string, root: DocNode | undefined) {
    this.file = file;
    const build = root?.get('build');
    const base = baseOf(context, site, build?.get('base')?.text());
    this.#all = root?.get('functions')?.kind === 'map' ? root.get('functions') : undefined;
    const at = (path: string | undefined, standard: string): string | undefined => {
      const folder = configured(base, path ?? standard);
      // A site in a package of a monorepo may be built from the root.
      const fromRoot = path === undefined ? undefined : configured('', path);
      if (folder === undefined || context.workspace.isDirectory(folder)) return folder;
      return fromRoot !== undefined && fromRoot !== '' && context.workspace.isDirectory(fromRoot) ? fromRoot : builtFrom(context, base, build?.get('command')?.text()) ?? sourceOfOutput(context, base, path) ?? folder;
    };
    this.functions = at(this.#all?.get('directory')?.text() ?? root?.get('functions')?.text() ?? build?.get('functions')?.text(), 'netlify/functions');
    this.edge = at(build?.get('edge_functions')?.text(), 'netlify/edge-functions');
    this.#blocks = [...(this.#all?.entries ?? [])].flatMap(([name, node]) => (node.kind === 'map' ? [{ matches: pathGlob(name), node, location: this.#all?.keyLocation(name) ?? node.location }] : []));
    this.#edge = root?.get('edge_functions')?.items ?? [];
    this.#redirects = root?.get('redirects')?.items ?? [];
  }

  /** Names of blocks without wildcards, with their places: each must name a function. */
  schedule(name: string): Located<string> | undefined {
    for (const node of this.#nodes(name)) {
      const text = node.get('schedule')?.text();
      if (text !== undefined) return { value: text, location: node.keyLocation('schedule') };
    }
    return undefined;
  }

  background(name: string): boolean {
    return this.#nodes(name).some((node) => node.get('background')?.boolean() === true);
  }

  /** Settings of a function: its own block, then patterns, then what holds for all. Lists of all of them count. */
  settingsOf(name: string): Partial<ServerlessFunction> {
    const nodes = this.#nodes(name);
    const first = (key: string): { readonly node: DocNode; readonly location: Location } | undefined => {
      const holder = nodes.find((node) => node.get(key) !== undefined);
      const node = holder?.get(key);
      return holder && node ? { node, location: holder.keyLocation(key) } : undefined;
    };
    const lists = (key: string): string[] => nodes.flatMap((node) => node.get(key)?.items.map((item) => item.text()) ?? []).filter((text) => text !== undefined);
    const timeout = first('timeout');
    const seconds = timeout?.node.number();
    const memory = first('memory');
    const megabytes = memoryMb(memory?.node.text());
    const region = first('region')?.node.text();
    const files = lists('included_files');
    const packaging: Packaging = { ...builtBy('netlify', files.filter((path) => !path.startsWith('!')), files.filter((path) => path.startsWith('!')).map((path) => path.slice(1)), lists('external_node_modules')), tool: bundler(first('node_bundler')?.node.text()) };
    return {
      packaging,
      ...(timeout === undefined || seconds === undefined ? {} : { timeoutSeconds: { value: seconds, location: timeout.location } }),
      ...(memory === undefined || megabytes === undefined ? {} : { memoryMb: { value: megabytes, location: memory.location } }),
      ...(region === undefined ? {} : { region: literal(region) }),
    };
  }

  declarationOf(name: string): readonly Location[] {
    return this.#blocks.filter((block) => block.matches(name)).map((block) => block.location);
  }

  /** `[[edge_functions]]` entries for an edge function. */
  edgeRoutes(name: string): readonly NetlifyRoute[] {
    return this.#edge.filter((node) => node.get('function')?.text() === name).flatMap((node) => {
      const paths = texts(node.get('path') ?? node.get('pattern'));
      return paths.length === 0 ? [] : [{ paths, methods: texts(node.get('method')), location: node.location }];
    });
  }

  /** Names that `[[edge_functions]]` declares, with their places. */
  edgeNames(): readonly { readonly name: string; readonly location: Location }[] {
    return this.#edge.flatMap((node) => {
      const name = node.get('function')?.text();
      return name === undefined ? [] : [{ name, location: node.location }];
    });
  }

  /** Paths that redirects lead to the address of a function. */
  aliasesOf(name: string): readonly string[] {
    const address = `/.netlify/functions/${name}`;
    return this.#redirects.flatMap((node) => {
      const from = node.get('from')?.text();
      const to = node.get('to')?.text();
      if (from === undefined || to === undefined) return [];
      if (to === address || to.startsWith(`${address}/`) || to.startsWith(`${address}?`)) return [from];
      return to === '/.netlify/functions/:splat' && from.endsWith('/*') ? [from.slice(0, -1) + name] : [];
    });
  }

  #nodes(name: string): readonly DocNode[] {
    const own = this.#blocks.filter((block) => block.matches(name)).map((block) => block.node);
    return [...own.reverse(), ...(this.#all ? [this.#all] : [])];
  }
}

/** The folder of sources from which `netlify-lambda build` makes a folder of functions that the repository does not hold (netlify-lambda 2 README, read 2026-11). */
function builtFrom(context: ReadContext, base: string, command: string | undefined): string | undefined {
  for (const text of [command ?? '', ...(manifestOf(context.workspace, base)?.scripts.values() ?? [])]) {
    const source = /\bnetlify-lambda\s{1,5}(?:build|serve)\s{1,5}(?:--?[\w-]{1,40}(?:[= ][^\s-]\S{0,200})?\s{1,5}){0,5}["']?([\w@./-]{1,200})/.exec(text.slice(0, 5_000))?.[1];
    const folder = source === undefined ? undefined : configured(base, source);
    if (folder !== undefined && folder !== '' && context.workspace.isDirectory(folder)) return folder;
  }
  return undefined;
}

/** The base directory: relative to the repository; a site further down may also mean its own folder. */
function baseOf(context: ReadContext, site: string, base: string | undefined): string {
  if (base === undefined) return site;
  const fromRoot = configured('', base);
  if (fromRoot !== undefined && (fromRoot === '' || context.workspace.isDirectory(fromRoot))) return site !== '' && fromRoot === '' ? site : fromRoot;
  return configured(site, base) ?? site;
}

function texts(node: DocNode | undefined): readonly string[] {
  const items = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return items.map((item) => item.text()).filter((text) => text !== undefined);
}

/** Megabytes as a number or as `2gb`, `1024mb`. */
export function memoryMb(text: string | undefined): number | undefined {
  const match = /^\s*(\d{1,6}(?:\.\d{1,3})?)\s*(mb|gb)?\s*$/i.exec(text ?? '');
  return match ? Number(match[1]) * (match[2]?.toLowerCase() === 'gb' ? 1_024 : 1) : undefined;
}

function bundler(text: string | undefined): string {
  return text === 'esbuild' || text === 'esbuild_zisi' ? 'esbuild' : 'netlify';
}
