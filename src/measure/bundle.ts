import type { BuildFailure, BuildOptions, BuildResult, Loader, Plugin } from 'esbuild';
import { isBuiltin } from '../catalog/runtime-modules.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import { loadBundler } from './bundler.ts';
import { contributionsOf, GONE, graphOf, reach, repoKey, REPO } from './metafile.ts';
import { nestsTooDeep } from './nesting.ts';
import type { Resolution } from './resolve.ts';
import type { Size } from './result.ts';
import { notMeasured } from './result.ts';
import { zippedSize } from './zip.ts';

/** Settings shared by all entries of one run. */
export interface BundleSettings {
  readonly minify: boolean;
  readonly sourceMap: boolean;
  readonly format: 'cjs' | 'esm';
  readonly target: string | undefined;
  /** `compilerOptions` that change the output. */
  readonly emit: Readonly<Record<string, string | boolean>>;
}

export interface BundleContext {
  readonly root: string;
  readonly sizes: SizeReader;
  readonly resolve: (specifier: string, importer: string, form: 'import' | 'require') => Resolution;
  /** Milliseconds left for measuring; 0 or less: over. */
  readonly left: () => number;
}

const MAX_ENTRIES = 64;
const MAX_ROUNDS = 6;
const MAX_FILE = 32 * 1024 * 1024;
const MAX_INPUT = 512 * 1024 * 1024;
const LATE = 'measuring took longer than its time limit';

const loaders: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['js', 'js'], ['mjs', 'js'], ['cjs', 'js'], ['jsx', 'jsx'], ['ts', 'ts'], ['mts', 'ts'], ['cts', 'ts'], ['tsx', 'tsx'],
  ['json', 'json'], ['css', 'css'], ['txt', 'text'],
]);

/**
 * Bundles entry points that share settings, each to an output of its own, in as few runs as memory allows, and gives
 * the size of each. The bundler sees files only as text that we hand it, so it cannot leave the root; what is missing
 * or broken is replaced by a stand-in, and only the entries that reach a stand-in are not measured.
 */
export async function bundleSizes(entries: readonly string[], settings: BundleSettings, context: BundleContext): Promise<ReadonlyMap<string, Size>> {
  const sizes = new Map<string, Size>();
  const pending: (readonly string[])[] = [];
  for (let at = 0; at < entries.length; at += MAX_ENTRIES) pending.push(entries.slice(at, at + MAX_ENTRIES));
  let deaths = 0;
  for (let chunk = pending.shift(); chunk !== undefined; chunk = pending.shift()) {
    const run = new Run(chunk, settings, context);
    const outcome = context.left() <= 0 ? LATE : await run.build();
    if (typeof outcome !== 'string') {
      for (const [entry, size] of await run.sizes(outcome)) sizes.set(entry, size);
    } else if (outcome === 'died' && chunk.length > 1 && deaths++ < 8) {
      const half = Math.ceil(chunk.length / 2);
      pending.unshift(chunk.slice(0, half), chunk.slice(half));
    } else {
      const reason = outcome === 'died' ? 'the bundler died on its code' : outcome;
      for (const entry of chunk) sizes.set(entry, notMeasured(reason));
    }
  }
  return sizes;
}

class Run {
  /** Why a file or an import has a stand-in. */
  private readonly reasons: string[] = [];
  private readonly broken = new Map<string, string>();
  /** Imports that were not found, by importer; errors tell which of them are not optional. */
  private readonly unresolved = new Map<string, Map<string, string>>();
  private readonly stubbed = new Set<string>();
  private input = 0;
  private readonly entries: readonly string[];
  private readonly settings: BundleSettings;
  private readonly context: BundleContext;

  constructor(entries: readonly string[], settings: BundleSettings, context: BundleContext) {
    this.entries = entries;
    this.settings = settings;
    this.context = context;
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
      if (!('failure' in outcome)) return outcome.result;
      if (!this.learn(outcome.failure)) return outcome.failure.errors[0]?.text ?? 'the bundler failed';
    }
    return 'its code has too many errors to be bundled';
  }

  private options(): BuildOptions {
    const { minify, sourceMap, format, target, emit } = this.settings;
    return {
      // Entries go by number: the bundler would look for a path of that name on the disk first.
      entryPoints: this.entries.map((_, index) => ({ in: `entry:${index}`, out: `e${index}` })),
      bundle: true, write: false, metafile: true, splitting: false, outdir: 'out', platform: 'node', logLevel: 'silent',
      absWorkingDir: this.context.root, minify, sourcemap: sourceMap ? 'external' : false, format,
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
          if (args.kind === 'entry-point') return { path: this.entries[Number(args.path.slice('entry:'.length))] ?? '', namespace: REPO };
          if (args.path.startsWith('data:')) return undefined;
          const form = args.kind === 'require-call' || args.kind === 'require-resolve' ? 'require' : 'import';
          const found = this.context.resolve(args.path, args.importer, form);
          if (found.kind === 'file') return { path: found.path, namespace: REPO, sideEffects: found.sideEffects };
          if (found.kind === 'external') return { path: args.path, external: true, sideEffects: !isBuiltin(args.path) };
          const where = `imported by ${args.importer}`;
          if (found.kind === 'outside') return this.standIn(`${args.path} lies outside the repository (${where})`);
          const reason = found.package === undefined ? `${args.path} is not found (${where})` : `package ${found.package} is not installed (${where})`;
          if (this.stubbed.has(`${args.importer}\0${args.path}`)) return this.standIn(reason);
          // Left to the bundler, which has no directory to search: an error, or nothing where the code handles the failure.
          let missing = this.unresolved.get(args.importer);
          if (missing === undefined) this.unresolved.set(args.importer, (missing = new Map()));
          missing.set(args.path, reason);
          return undefined;
        });
        build.onLoad({ filter: /.*/, namespace: GONE }, () => ({ contents: 'module.exports = {}', loader: 'js' }));
        build.onLoad({ filter: /.*/, namespace: REPO }, (args) => {
          const loader = args.with['type'] === 'text' ? 'text' : loaderOf(args.path);
          const bytes = loader === undefined || this.broken.has(args.path) ? undefined : this.context.sizes.bytes(args.path, MAX_FILE);
          if (loader === undefined) this.broken.set(args.path, `no loader is known for ${args.path}`);
          else if (bytes === undefined) this.mark(args.path, `${args.path} cannot be read or is too big`);
          else if (nestsTooDeep(bytes)) this.mark(args.path, `${args.path} nests too deep to be bundled`);
          else if ((this.input += bytes.length) > MAX_INPUT) this.mark(args.path, 'its code is too big to be bundled');
          else return { contents: bytes, loader };
          return { contents: 'module.exports = {}', loader: 'js' };
        });
      },
    };
  }

  private mark(file: string, reason: string): void {
    if (!this.broken.has(file)) this.broken.set(file, reason);
  }

  private standIn(reason: string): { path: string; namespace: string } {
    return { path: String(this.reasons.push(reason) - 1), namespace: GONE };
  }

  /** Takes stand-ins from errors for the next round; false when there is nothing new to learn. */
  private learn(failure: BuildFailure): boolean {
    let learned = false;
    for (const { text, location } of failure.errors) {
      if (location === null || !location.file.startsWith(`${REPO}:`)) continue;
      const file = location.file.slice(REPO.length + 1);
      if (text.startsWith('Could not resolve ')) {
        const missing = this.unresolved.get(file) ?? new Map<string, string>();
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

  async sizes({ metafile, outputFiles }: BuildResult): Promise<ReadonlyMap<string, Size>> {
    const sizes = new Map<string, Size>();
    if (metafile === undefined) return sizes;
    const graph = graphOf(metafile);
    const outputs = new Map(Object.entries(metafile.outputs));
    // Absolute paths under the root; ours lie in `out`, by names that we gave.
    const texts = new Map((outputFiles ?? []).map((file) => [`out/${file.path.slice(Math.max(file.path.lastIndexOf('/'), file.path.lastIndexOf('\\')) + 1)}`, file.contents]));
    for (const [index, entry] of this.entries.entries()) {
      const key = repoKey(entry);
      const from = reach(graph, key);
      const reason = this.why(from);
      const name = `out/e${index}.js`;
      const output = outputs.get(name);
      if (reason !== undefined || output === undefined) {
        sizes.set(entry, notMeasured(reason ?? 'the bundler gave no output'));
        continue;
      }
      const parts = [name, `${name}.map`, ...(output.cssBundle === undefined ? [] : [output.cssBundle])];
      const present = parts.flatMap((part) => { const bytes = texts.get(part); return bytes === undefined ? [] : [{ name: part, bytes: () => bytes }]; });
      const zippedBytes = await zippedSize(present, () => this.context.left() <= 0);
      sizes.set(entry, {
        status: 'measured',
        bytes: parts.reduce((sum, part) => sum + (outputs.get(part)?.bytes ?? 0), 0),
        ...(zippedBytes === undefined ? {} : { zippedBytes }),
        ...contributionsOf(output, from, key),
      });
    }
    return sizes;
  }

  /** The nearest stand-in that an entry reaches. */
  private why(from: ReadonlyMap<string, string>): string | undefined {
    for (const key of from.keys()) {
      if (key.startsWith(`${GONE}:`)) return this.reasons[Number(key.slice(GONE.length + 1))] ?? 'something it imports is missing';
      const reason = this.broken.get(key.slice(REPO.length + 1));
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
}

function loaderOf(file: string): Loader | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? 'js' : loaders.get(name.slice(dot + 1));
}
