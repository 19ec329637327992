import { externalsOf, externalTest } from '../../catalog/externals.ts';
import { systemNeed } from '../../catalog/system-libraries.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { BinaryTarget, FunctionView, InstalledPackage, PackageFacts } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { LinkedFunction } from '../view.ts';
import { filesReached, mayLieElsewhere } from './elsewhere.ts';
import { mayComeFromLayer, packageImports, supplyOf, type PackageImport } from './packaged.ts';

/** Why a native dependency of a function cannot be loaded where it runs. */
export interface NativeProblem {
  /**
   * `otherMachine`: its binaries are for other machines. `excluded`: its manifest excludes the machine. `notBuilt`: it is compiled when it is
   * installed, and has no binary here. `lost`: a bundler packs its code without the binary. `isolate`: the platform loads no native code.
   * `system`: it drives a program or library of the operating system that nothing brings.
   */
  readonly kind: 'otherMachine' | 'excluded' | 'notBuilt' | 'lost' | 'isolate' | 'system';
  readonly at: PackageImport;
  /** Packages from the imported one to the native one. */
  readonly chain: readonly string[];
  /** What is there instead: machines, or the missing program. */
  readonly has: string;
  /** Machine that the function runs on, such as `linux-arm64`. */
  readonly target: string;
  readonly evidence: readonly string[];
  readonly assumption?: string;
}

/** Where a function's native code runs; `isolate`: nowhere. `undefined`: not known, or its packages are installed where it runs. */
type Machine = { readonly platform: string; readonly arch: string } | 'isolate';

/**
 * The machine of a function whose package is made before it is deployed. Google Cloud, Firebase, Vercel and Netlify install packages while they
 * build, on the machine that runs the function. Lambda: x86_64 unless the declaration says arm64, GNU C library (Lambda documentation, runtimes, 2026-11).
 */
function machineOf(fn: ServerlessFunction): Machine | undefined {
  if (fn.platform === 'cloudflare' || (fn.generation === 'edge' && fn.platform !== 'aws')) return 'isolate';
  if (fn.packaging?.form === 'image' || fn.packaging?.form === 'inline') return undefined;
  if (fn.platform === 'openwhisk') return { platform: 'linux', arch: 'x64' };
  if (fn.platform !== 'aws' || fn.foundBy === 'evidence') return undefined;
  if (fn.architecture === undefined || fn.architecture === 'x86_64') return { platform: 'linux', arch: 'x64' };
  return fn.architecture === 'arm64' ? { platform: 'linux', arch: 'arm64' } : undefined;
}

/** Native dependencies of one function that do not run where it does. Says nothing of packages that are not installed, apart from known programs. */
export function nativeProblems(view: FunctionView): readonly NativeProblem[] {
  const { fn, project: { packages } } = view;
  const machine = machineOf(fn);
  if (machine === undefined || !packages) return [];
  const found: NativeProblem[] = [];
  for (const at of packageImports(view)) {
    if (at.optional) continue;
    const base = { at, target: machine === 'isolate' ? 'isolates' : textOf(machine) };
    const need = machine === 'isolate' || fn.platform !== 'aws' ? undefined : missingProgram(view, packages, at);
    if (need !== undefined) {
      found.push({ ...base, kind: 'system', chain: [at.package], has: need, evidence: shownBy(view, packages, at) });
      continue;
    }
    const fate = fateOf(view, at);
    if (fate === 'elsewhere') continue;
    for (const { problem, chain, has } of problemsBehind(packages, at.package, at.file, machine)) {
      // What a bundler packs is code alone, for whatever machine.
      const kind = fate === 'bundled' && machine !== 'isolate' ? 'lost' : problem;
      const { folder } = chain.at(-1) ?? { folder: '' };
      found.push({ ...base, kind, chain: chain.map(({ name }) => name), has, evidence: [`${folder}/package.json`], ...(kind === 'otherMachine' || kind === 'notBuilt' || kind === 'excluded' ? { assumption: 'the package is made from what is installed here' } : {}) });
    }
    if (fate !== 'bundled' || machine === 'isolate') continue;
    for (const chain of withBinaries(packages, at.package, at.file)) {
      if (found.some((one) => one.at === at && one.chain.join() === chain.map(({ name }) => name).join())) continue;
      found.push({ ...base, kind: 'lost', chain: chain.map(({ name }) => name), has: 'a binary', evidence: [`${chain.at(-1)?.folder ?? ''}/package.json`] });
    }
  }
  return found;
}

/** How an imported package gets into the function's package: `installed` as it is, `bundled` as code alone, `elsewhere`: from a layer, or not known. */
function fateOf(view: FunctionView, at: PackageImport): 'installed' | 'bundled' | 'elsewhere' {
  const { packaging } = view.fn;
  if (mayComeFromLayer(view)) return 'elsewhere';
  const supply = supplyOf(view, at);
  if (supply.by === 'a layer' || supply.state === 'absent' || supply.state === 'runtime') return 'elsewhere';
  if (packaging?.form === 'folder') return 'installed';
  if (packaging?.form !== 'bundled') return view.fn.platform === 'cloudflare' || view.fn.generation === 'edge' ? 'bundled' : 'elsewhere';
  if (packaging.build?.options.has('loader')) return 'elsewhere';
  const { patterns, installed } = externalsOf(packaging, view.fn.runtime?.value);
  if (externalTest(installed)(at.specifier)) return 'installed';
  return externalTest(patterns)(at.specifier) ? 'elsewhere' : 'bundled';
}

/** A program of the operating system that an imported package needs and nothing that is known of the function brings. */
function missingProgram(view: FunctionView, packages: PackageFacts, at: PackageImport): string | undefined {
  const need = systemNeed(at.package);
  const { fn } = view;
  if (!need || fn.packaging?.form === undefined || fn.layers.some((layer) => !isKnownToBringNothing(layer))) return undefined;
  const manifests = packages.manifestsAbove(at.file);
  // An open file that imports others does not show what else the function imports: its manifest must.
  if (!view.project.whole && mayLieElsewhere(view) && !manifests.some((manifest) => manifest.production.has(at.package))) return undefined;
  const bases = new Set(['', fn.packaging.folder ?? '', folderOf(fn.handlers[0]?.file ?? ''), ...manifests.map((manifest) => folderOf(manifest.file))]);
  if ([...bases].some((base) => places.some((place) => need.files.some((name) => packages.bytes([base, place, name].filter((part) => part !== '').join('/')) !== undefined)))) return undefined;
  if (manifests.some((manifest) => [...manifest.production].some((name) => need.bringers.test(name)))) return undefined;
  if (packageImports(view).some((other) => need.bringers.test(other.package))) return undefined;
  // A search path of its own points at something that was put there.
  if (['PATH', 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'PKG_CONFIG_PATH'].some((name) => fn.environment.has(name))) return undefined;
  const major = /^nodejs(\d{1,3})/.exec(fn.runtime?.value ?? '')?.[1];
  if (need.goneWith !== undefined && (major === undefined || Number(major) < need.goneWith)) return undefined;
  const { when } = need;
  if (when !== undefined && !(view as LinkedFunction).calls().some((call) => call.callee.module === at.package && call.callee.path.at(-1) === when)) return undefined;
  const machine = machineOf(fn);
  if (need.prebuilt && machine !== undefined && machine !== 'isolate' && packages.installed?.(at.package, at.file)?.binaries.some((binary) => runsOn(binary, machine))) return undefined;
  return need.needs;
}

const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));
/** Where people put programs in a package. */
const places = ['', 'bin', 'vendor', 'vendor/bin', 'lib', 'binaries', 'tools', 'executables', 'opt/bin', 'jre/bin', 'git/bin'];

/** Layers of agents and extensions (publishers' pages, November 2026). */
const agents = /(?:LambdaInsightsExtension|AWS-Parameters-and-Secrets|LambdaAdapterLayer|AWSOpenTelemetry|aws-otel|Datadog|NewRelic|Dynatrace|AWSLambdaPowertools|sentry|epsagon|lumigo)/i;
const isKnownToBringNothing = (layer: Value): boolean => layer.kind === 'literal' && agents.test(String(layer.value));

/** The manifest that names a package; without one, all files of the function: none of them brings what is missing. */
function shownBy(view: FunctionView, packages: PackageFacts, at: PackageImport): readonly string[] {
  const manifest = packages.manifestsAbove(at.file).find(({ production, development }) => production.has(at.package) || development.has(at.package));
  return manifest ? [manifest.file] : filesReached(view);
}

interface Behind {
  readonly problem: 'otherMachine' | 'excluded' | 'notBuilt' | 'isolate';
  readonly chain: readonly InstalledPackage[];
  readonly has: string;
}

const MAX_PACKAGES = 2_000;

/** The closure of an installed package's dependencies, breadth first, each once with the way to it. Optional ones may be missing and are left out. */
function* closure(packages: PackageFacts, name: string, file: string): Iterable<readonly InstalledPackage[]> {
  const first = packages.installed?.(name, file);
  if (!first) return;
  const queue: (readonly InstalledPackage[])[] = [[first]];
  const seen = new Set([first.folder]);
  for (let index = 0; index < queue.length && index < MAX_PACKAGES; index++) {
    const chain = queue[index];
    const last = chain?.at(-1);
    if (!chain || !last) continue;
    yield chain;
    for (const next of last.dependencies) {
      const one = packages.installed?.(next, `${last.folder}/package.json`);
      if (!one || seen.has(one.folder)) continue;
      seen.add(one.folder);
      queue.push([...chain, one]);
    }
  }
}

const verdicts = new WeakMap<PackageFacts, Map<string, readonly Behind[]>>();

function problemsBehind(packages: PackageFacts, name: string, file: string, machine: Machine): readonly Behind[] {
  const first = packages.installed?.(name, file);
  if (!first) return [];
  let known = verdicts.get(packages);
  if (!known) verdicts.set(packages, (known = new Map()));
  const key = `${first.folder}\0${machine === 'isolate' ? machine : textOf(machine)}`;
  let found = known.get(key);
  if (!found) {
    found = [...closure(packages, name, file)].flatMap((chain) => { const one = chain.at(-1); const problem = one && judge(packages, one, machine); return problem ? [{ ...problem, chain }] : []; });
    known.set(key, found);
  }
  return found;
}

/** Chains to packages that have a binary at all, for bundlers. */
function withBinaries(packages: PackageFacts, name: string, file: string): readonly (readonly InstalledPackage[])[] {
  return [...closure(packages, name, file)].filter((chain) => { const one = chain.at(-1); return one !== undefined && (one.binaries.length > 0 || one.compiles || variantsOf(packages, one).installed.some((variant) => variant.binaries.length > 0)); });
}

function judge(packages: PackageFacts, one: InstalledPackage, machine: Machine): Pick<Behind, 'problem' | 'has'> | undefined {
  const variants = variantsOf(packages, one);
  const binaries = [...one.binaries, ...variants.installed.flatMap((variant) => (variant.binaries.length > 0 ? variant.binaries : fieldsOf(variant)))];
  if (machine === 'isolate') return one.binaries.length > 0 || one.compiles || variants.installed.some((variant) => variant.binaries.length > 0) ? { problem: 'isolate', has: 'native code' } : undefined;
  if (!allows(one.os, machine.platform) || !allows(one.cpu, machine.arch)) return { problem: 'excluded', has: [...one.os, ...one.cpu].join(', ') };
  if (binaries.some((binary) => runsOn(binary, machine))) return undefined;
  if (binaries.length > 0) return { problem: 'otherMachine', has: [...new Set(binaries.map(textOf))].sort().join(', ') };
  return one.compiles ? { problem: 'notBuilt', has: 'binding.gyp' } : undefined;
}

/** Names of platforms and architectures as publishers of prebuilt packages write them. */
const variantName = /(?:linux|darwin|win32|windows|macos|android|freebsd|alpine)(?:[-_]|$)|[-_](?:x64|arm64|ia32|armv?7?)(?:[-_]|$)/;

/** Optional dependencies that are the same thing for several machines: npm installs those of the machine that it runs on. */
function variantsOf(packages: PackageFacts, one: InstalledPackage): { readonly installed: readonly InstalledPackage[] } {
  const names = one.optionalDependencies.filter((name) => variantName.test(name) && !/libvips/.test(name));
  if (names.length < 2) return { installed: [] };
  return { installed: names.flatMap((name) => packages.installed?.(name, `${one.folder}/package.json`) ?? []) };
}

/** A variant whose binary is no `.node` file, by the fields of its manifest. */
function fieldsOf({ os, cpu, libc }: InstalledPackage): readonly BinaryTarget[] {
  return os.flatMap((platform) => cpu.map((arch): BinaryTarget => ({ platform, arch, ...(libc.includes('musl') && !libc.includes('glibc') ? { musl: true as const } : {}) })));
}

const textOf = ({ platform, arch, musl }: BinaryTarget): string => `${platform}-${arch}${musl ? ' (musl)' : ''}`;
const runsOn = (binary: BinaryTarget, machine: BinaryTarget): boolean => binary.platform === machine.platform && binary.arch === machine.arch && !binary.musl;

/** npm's rule for `os` and `cpu`: names that are allowed, or with `!` those that are not. */
function allows(words: readonly string[], name: string): boolean {
  if (words.includes(`!${name}`)) return false;
  const allowed = words.filter((word) => !word.startsWith('!'));
  return allowed.length === 0 || allowed.includes(name) || allowed.includes('any');
}
