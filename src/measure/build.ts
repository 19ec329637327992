import type { BuildFailure, BuildOptions, BuildResult, Loader, Metafile, Plugin } from 'esbuild';
import { isBuiltin } from '../catalog/runtime-modules.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import { loadBundler } from './bundler.ts';
import { withoutComputedNames } from './computed-import.ts';
import { fileOf, GONE, graphOf, reach, repoKey, REPO } from './metafile.ts';
import { nestsTooDeep } from './nesting.ts';
import { withInputMap } from './input-map.ts';
import type { Resolution } from './resolve.ts';
import type { NotMeasured } from './result.ts';
import { notMeasured } from './result.ts';
import type { BundleSettings } from './settings.ts';
import { parent } from './tsconfig.ts';
import type { Deflated } from './zip.ts';

export type Resolve = (specifier: string, importer: string, form: 'import' | 'require') => Resolution;

export interface BundleContext {
  readonly root: string;
  readonly sizes: SizeReader;
  readonly resolve: Resolve;
  /** Milliseconds left for measuring; 0 or less: over. */
  readonly left: () => number;
  readonly deflated: Deflated;
  /** Files of unknown kinds count as empty instead of stopping the build: only what is imported is asked. */
  readonly tracing?: boolean;
  /** Parts are worked out. */
  readonly detail?: boolean;
}

/** What a run says of one entry. */
export interface Built {
  readonly metafile: Metafile;
  /** Key of the entry in the graph. */
  readonly key: string;
  /** What the entry reaches, and from where. */
  readonly from: ReadonlyMap<string, string>;
  readonly output: Metafile['outputs'][string];
  /** Name of the output in the metafile. */
  readonly name: string;
  readonly files: ReadonlyMap<string, { readonly contents: Uint8Array; readonly hash: string }>;
}

/** As many as one run may have: more share less, and each output is held in memory. */
const MAX_ENTRIES = 128;
const MAX_ROUNDS = 6;
const MAX_FILE = 32 * 1024 * 1024;
const MAX_INPUT = 512 * 1024 * 1024;
const LATE = 'measuring took longer than its time limit';

const loaders: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['js', 'js'], ['mjs', 'js'], ['cjs', 'js'], ['jsx', 'jsx'], ['ts', 'ts'], ['mts', 'ts'], ['cts', 'ts'], ['tsx', 'tsx'],
  ['json', 'json'], ['css', 'css'], ['txt', 'text'],
]);

const languages: ReadonlyMap<Loader, 'jsx' | 'ts' | 'tsx'> = new Map([['js', 'jsx'], ['jsx', 'jsx'], ['ts', 'ts'], ['tsx', 'tsx']]);

/**
 * Bundles entry points that share settings, each to an output of its own, in as few runs as memory allows, and hands those
 * of each run to `take`. The bundler sees files only as text that we hand it, so it cannot leave the root; what is missing
 * or broken is replaced by a stand-in, and only the entries that reach a stand-in are not measured.
 */
export async function buildEntries<T>(entries: readonly string[], settings: BundleSettings, context: BundleContext, take: (built: ReadonlyMap<string, Built>) => Promise<ReadonlyMap<string, T>>): Promise<ReadonlyMap<string, T | NotMeasured>> {
  const found = new Map<string, T | NotMeasured>();
  const pending: (readonly string[])[] = [];
  for (let at = 0; at < entries.length; at += MAX_ENTRIES) pending.push(entries.slice(at, at + MAX_ENTRIES));
  let deaths = 0;
  for (let chunk = pending.shift(); chunk !== undefined; chunk = pending.shift()) {
    const run = new Run(chunk, settings, context);
    const outcome = context.left() <= 0 ? LATE : await run.build();
    if (typeof outcome !== 'string') {
      const built = new Map<string, Built>();
      for (const [entry, result] of run.results(outcome)) {
        if ('status' in result) found.set(entry, result);
        else built.set(entry, result);
      }
      for (const [entry, taken] of await take(built)) found.set(entry, taken);
    } else if (outcome === 'died' && chunk.length > 1 && deaths++ < 8) {
      const half = Math.ceil(chunk.length / 2);
      pending.unshift(chunk.slice(0, half), chunk.slice(half));
    } else {
      const reason = outcome === 'died' ? 'the bundler died on its code' : outcome;
      for (const entry of chunk) found.set(entry, notMeasured(reason));
    }
  }
  return found;
}

interface Missing {
  readonly reason: string;
  readonly missing?: NotMeasured['missing'];
}

/** Another name for `require` would hide what loads by a computed name from us. */
const harmless = (define: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(define).filter(([, value]) => !value.split('.').includes('require')));

class Run {
  /** Why a file or an import has a stand-in. */
  private readonly reasons: Missing[] = [];
  private readonly broken = new Map<string, string>();
  /** Imports that were not found, by importer; errors tell which of them are not optional. */
  private readonly unresolved = new Map<string, Map<string, Missing>>();
  private readonly stubbed = new Set<string>();
  /** The bundler looked for a file by itself, and was given none. */
  private astray = false;
  private input = 0;
  private readonly entries: readonly string[];
  private readonly settings: BundleSettings;
  private readonly context: BundleContext;
  private readonly aliases: readonly (readonly [string, string])[];

  constructor(entries: readonly string[], settings: BundleSettings, context: BundleContext) {
    this.entries = entries;
    this.settings = settings;
    this.context = context;
    this.aliases = Object.entries(settings.alias).sort((a, b) => b[0].length - a[0].length);
  }

  /** A result, `'died'`, or the reason why nothing could be measured. */
  async build(): Promise<BuildResult | string> {
    const bundler = await loadBundler();
    if (typeof bundler === 'string') return bundler;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      this.input = 0;
      const outcome = await bundler.build(this.options(), this.context.left());
      if (outcome === 'late') return LATE;
      if (outcome === 'died') return 'died';
      if (this.astray) return 'an import of a computed name cannot be followed';
      if (!('failure' in outcome)) return outcome.result;
      if (!this.learn(outcome.failure)) return outcome.failure.errors[0]?.text ?? 'the bundler failed';
    }
    return 'its code has too many errors to be bundled';
  }

  private options(): BuildOptions {
    const { minify, sourceMap, format, target, emit, options, inject } = this.settings;
    const { drop, pure, define, banner, footer, supported, ...plain } = options;
    return {
      ...plain, ...(drop ? { drop: [...drop] } : {}), ...(pure ? { pure: [...pure] } : {}), ...(define ? { define: harmless(define) } : {}),
      ...(banner ? { banner: { ...banner } } : {}), ...(footer ? { footer: { ...footer } } : {}), ...(supported ? { supported: { ...supported } } : {}),
      // Entries go by number: the bundler would look for a path of that name on the disk first.
      entryPoints: this.entries.map((_, index) => ({ in: `entry:${index}`, out: `e${index}` })), inject: inject.map((_, index) => `inject:${index}`),
      bundle: true, write: false, metafile: true, splitting: false, outdir: 'out', platform: plain.platform ?? 'node', logLevel: 'silent',
      absWorkingDir: this.context.root, minify, sourcemap: sourceMap, format,
      ...(target === undefined ? {} : { target: target.split(',') }),
      // Given text: the bundler looks for no tsconfig.json of its own. Legacy decorators parse what is written either way.
      tsconfigRaw: JSON.stringify({ compilerOptions: { ...emit, experimentalDecorators: true } }),
      plugins: [this.plugin()],
    };
  }

  private plugin(): Plugin {
    return {
      name: 'faaslint',
      setup: (build) => {
        build.onResolve({ filter: /.*/ }, (args) => {
          if (args.kind === 'entry-point') {
            const [list, number] = args.path.split(':');
            return { path: (list === 'inject' ? this.settings.inject : this.entries)[Number(number)] ?? '', namespace: REPO };
          }
          if (args.path.startsWith('data:')) return undefined;
          const form = args.kind === 'require-call' || args.kind === 'require-resolve' ? 'require' : 'import';
          const { specifier, importer } = this.aliased(args.path, args.importer);
          const found = this.context.resolve(specifier, importer, form);
          if (found.kind === 'file') return { path: found.path, namespace: REPO, sideEffects: found.sideEffects };
          if (found.kind === 'external') return { path: args.path, external: true, sideEffects: !isBuiltin(args.path) };
          const where = `imported by ${args.importer}`;
          if (found.kind === 'outside') return this.standIn({ reason: `${args.path} lies outside the repository (${where})` });
          const missing: Missing = found.package === undefined ? { reason: `${args.path} is not found (${where})` }
            : { reason: `package ${found.package} is not installed (${where})`, missing: { package: found.package, folder: parent(args.importer) } };
          if (this.stubbed.has(`${args.importer}\0${args.path}`)) return this.standIn(missing);
          // Left to the bundler, which has no directory to search: an error, or nothing where the code handles the failure.
          let known = this.unresolved.get(args.importer);
          if (known === undefined) this.unresolved.set(args.importer, (known = new Map()));
          known.set(args.path, missing);
          return undefined;
        });
        build.onLoad({ filter: /.*/, namespace: GONE }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
        build.onLoad({ filter: /.*/, namespace: REPO }, (args) => {
          const loader = this.loader(args.path, args.with);
          if (loader === 'empty') return { contents: '', loader };
          const bytes = loader === undefined || this.broken.has(args.path) ? undefined : this.context.sizes.bytes(args.path, MAX_FILE);
          if (loader === undefined) this.mark(args.path, `no loader is known for ${args.path}`);
          else if (bytes === undefined) this.mark(args.path, `${args.path} cannot be read or is too big`);
          else if (nestsTooDeep(bytes)) this.mark(args.path, `${args.path} nests too deep to be bundled`);
          else if ((this.input += bytes.length) > MAX_INPUT) this.mark(args.path, 'its code is too big to be bundled');
          else {
            const contents = this.handed(args.path, bytes, loader);
            if (contents !== undefined) return { contents, loader };
          }
          return { contents: 'module.exports = {}', loader: 'js' };
        });
        // A second lock: only what the bundler finds by itself has no namespace of ours.
        build.onLoad({ filter: /.*/, namespace: 'file' }, () => {
          this.astray = true;
          return { contents: '', loader: 'empty' };
        });
      },
    };
  }

  /** The text of a file as the bundler may see it; `undefined`: it may not, and the reason is noted. */
  private handed(file: string, bytes: Uint8Array, loader: Loader): Uint8Array | undefined {
    const { sizes, tracing } = this.context;
    const lang = languages.get(loader);
    const changed = lang === undefined ? undefined : withoutComputedNames(file, bytes, lang, sizes, tracing === true);
    if (changed !== undefined && 'reason' in changed) {
      this.mark(file, changed.reason);
      return undefined;
    }
    const contents = changed === undefined ? bytes : Buffer.from(changed.text);
    return this.settings.sourceMap === false ? contents : withInputMap(file, contents, sizes);
  }

  /** A replaced specifier; one of the repository's own files is looked up from the root. */
  private aliased(specifier: string, importer: string): { readonly specifier: string; readonly importer: string } {
    for (const [from, to] of this.aliases) {
      if (specifier !== from && !specifier.startsWith(`${from}/`)) continue;
      const path = to + specifier.slice(from.length);
      return path.startsWith('/') ? { specifier: `.${path}`, importer: '' } : { specifier: path, importer };
    }
    return { specifier, importer };
  }

  private loader(file: string, attributes: Readonly<Record<string, string>>): Loader | undefined {
    if (attributes['type'] === 'text') return 'text';
    const name = file.slice(file.lastIndexOf('/') + 1);
    const dot = name.lastIndexOf('.');
    if (dot <= 0) return 'js';
    const extension = name.slice(dot + 1);
    const own = Object.hasOwn(this.settings.loaders, extension) ? (this.settings.loaders[extension] as Loader | undefined) : undefined;
    return own ?? loaders.get(extension) ?? (this.context.tracing ? 'empty' : undefined);
  }

  private mark(file: string, reason: string): void {
    if (!this.broken.has(file)) this.broken.set(file, reason);
  }

  private standIn(missing: Missing): { path: string; namespace: string } {
    return { path: String(this.reasons.push(missing) - 1), namespace: GONE };
  }

  /** Takes stand-ins from errors for the next round; false when there is nothing new to learn. */
  private learn(failure: BuildFailure): boolean {
    let learned = false;
    for (const { text, location } of failure.errors) {
      if (location === null || !location.file.startsWith(`${REPO}:`)) continue;
      const file = fileOf(location.file);
      if (text.startsWith('Could not resolve ')) {
        const missing = this.unresolved.get(file) ?? new Map<string, Missing>();
        const named = [...missing.keys()].filter((specifier) => text.includes(JSON.stringify(specifier)));
        for (const specifier of named.length > 0 ? named : missing.keys()) {
          const key = `${file}\0${specifier}`;
          if (!this.stubbed.has(key)) learned = true;
          this.stubbed.add(key);
        }
      } else if (!this.broken.has(file)) {
        this.broken.set(file, `${file}:${location.line}: ${text}`);
        learned = true;
      }
    }
    return learned;
  }

  results({ metafile, outputFiles }: BuildResult): ReadonlyMap<string, Built | NotMeasured> {
    const results = new Map<string, Built | NotMeasured>();
    if (metafile === undefined) return results;
    const graph = graphOf(metafile);
    // Absolute paths under the root; ours lie in `out`, by names that we gave.
    const files = new Map((outputFiles ?? []).map((file) => [`out/${file.path.slice(Math.max(file.path.lastIndexOf('/'), file.path.lastIndexOf('\\')) + 1)}`, file]));
    const shared = this.settings.inject.map(repoKey);
    for (const [index, entry] of this.entries.entries()) {
      const key = repoKey(entry);
      const from = reach(graph, key, ...shared);
      const name = `out/e${index}.js`;
      const output = Object.hasOwn(metafile.outputs, name) ? metafile.outputs[name] : undefined;
      const why = this.why(from);
      if (why !== undefined) results.set(entry, notMeasured(why.reason, why.missing));
      else if (output === undefined) results.set(entry, notMeasured('the bundler gave no output'));
      else results.set(entry, { metafile, key, from, output, name, files });
    }
    return results;
  }

  /** The nearest stand-in that an entry reaches. */
  private why(from: ReadonlyMap<string, string>): Missing | undefined {
    for (const key of from.keys()) {
      if (key.startsWith(`${GONE}:`)) return this.reasons[Number(key.slice(GONE.length + 1))] ?? { reason: 'something it imports is missing' };
      const reason = this.broken.get(fileOf(key));
      if (reason !== undefined) return { reason };
    }
    return undefined;
  }
}
