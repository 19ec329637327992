import type { BuildFailure, BuildOptions, BuildResult } from 'esbuild';

/**
 * The one module that loads and stops esbuild. It is loaded on first need, and its child process is stopped when the
 * last user is done, so that it keeps no program alive.
 */
export interface Bundler {
  /** `'late'`: not done within the given milliseconds. `'died'`: the child process ended. */
  build(options: BuildOptions, milliseconds: number): Promise<{ readonly result: BuildResult } | { readonly failure: BuildFailure } | 'late' | 'died'>;
}

type Esbuild = Pick<typeof import('esbuild'), 'build' | 'stop'>;

let loading: Promise<Esbuild | undefined> | undefined;
let users = 0;

/** A text says why there is no bundler. */
export async function loadBundler(): Promise<Bundler | string> {
  loading ??= import('esbuild').then((module) => module, () => undefined);
  const esbuild = await loading;
  if (esbuild === undefined) return 'esbuild is not available';
  return { build: (options, milliseconds) => build(esbuild, options, milliseconds) };
}

async function build(esbuild: Esbuild, options: BuildOptions, milliseconds: number): ReturnType<Bundler['build']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => { timer = setTimeout(() => resolve('late'), Math.max(1, milliseconds)); });
  const work = esbuild.build(options).then(
    (result) => ({ result }),
    (error: unknown) => (isFailure(error) ? { failure: error } : ('died' as const)),
  );
  try {
    const outcome = await Promise.race([work, late]);
    // Only ending the child stops a build that is under way, and only `stop` lets a dead child be replaced.
    if (outcome === 'late' || outcome === 'died') await esbuild.stop();
    return outcome;
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps the child process until the work is done, then stops it, unless others still use it. */
export async function whileBundling<T>(work: () => Promise<T>): Promise<T> {
  users++;
  try {
    return await work();
  } finally {
    users--;
    if (users === 0 && loading !== undefined) await (await loading)?.stop();
  }
}

function isFailure(error: unknown): error is BuildFailure {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return false;
  return !/service (?:was stopped|is no longer running)/i.test(error.message);
}
