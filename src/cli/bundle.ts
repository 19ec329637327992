import { basename, resolve } from 'node:path';
import { analyze } from '../analyze.ts';
import { nearest } from '../check/nearest.ts';
import { UsageError } from '../check/usage-error.ts';
import type { BundleDetail } from '../model/bundle.ts';
import type { ScanResult } from '../model/finding.ts';
import { compareBundles, readEarlier, type BundleChange } from '../report/bundle-compare.ts';
import { bundleJson } from '../report/bundle-json.ts';
import { bundleText, comparisonText, writtenOut } from '../report/bundle-text.ts';
import { isFolder, readText } from '../workspace/inputs.ts';
import { exitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { emit, projectOptions, shownRoot, tellMissing, type ProjectFlags } from './project.ts';
import { progressLine, wantsColor } from './terminal.ts';

export interface BundleFlags extends ProjectFlags {
  readonly compare?: string;
  readonly savings?: boolean;
}

/** `faaslint bundle`; gives the exit code. Runs no rule. */
export async function bundle(io: Io, version: string, names: readonly string[], flags: BundleFlags): Promise<number> {
  const earlier = flags.compare === undefined ? undefined : earlierResult(resolve(io.cwd, flags.compare));
  const progress = progressLine(io.stderr, io.env, (text) => io.stderr.write(text), io.now);
  const wanted = names.length === 0 ? {} : { only: names };
  let result: ScanResult;
  try {
    result = await analyze({ ...projectOptions([], flags), rules: [], bundles: false, bundleDetail: { ...wanted, ...triedOut(names, flags) }, onProgress: (text) => progress.show(text) });
  } finally {
    progress.clear();
  }
  for (const name of names) {
    if (result.functions.some((fn) => fn.name === name || fn.id === name)) continue;
    if (isFolder(resolve(io.cwd, name))) throw new UsageError(`"${name}" is a folder, and bundle takes names of functions. For all functions below it run "faaslint bundle" in it.`);
    const near = nearest(name, result.functions.map((fn) => fn.name));
    throw new UsageError(`there is no function "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`} Run "faaslint functions" for the list.`);
  }
  tellMissing(io, result, []);
  const details = result.bundleDetails ?? [];
  const changes = earlier && compareBundles(details, earlier, names.length === 0);
  emit(io, flags, await report(details, changes, result, { io, flags, version, named: names.length > 0 }));
  return exitCode(result, 'never', flags.allowIncomplete === true);
}

/** Changes are tried out for what the format shows of them. */
function triedOut(names: readonly string[], flags: BundleFlags): { readonly savings: boolean; readonly savingsOfAtMost?: number } {
  const savings = flags.savings !== false && flags.format !== 'svg';
  if (names.length > 0) return { savings, savingsOfAtMost: names.length };
  return flags.format === 'table' ? { savings, savingsOfAtMost: writtenOut } : { savings };
}

interface Host {
  readonly io: Io;
  readonly flags: BundleFlags;
  readonly version: string;
  readonly named: boolean;
}

async function report(details: readonly BundleDetail[], changes: readonly BundleChange[] | undefined, result: ScanResult, { io, flags, version, named }: Host): Promise<string> {
  const title = { title: basename(result.root) };
  switch (flags.format) {
    case 'json': return bundleJson(details, changes, { version, root: shownRoot(io, result.root), rules: [] });
    // The layout is loaded for these formats only.
    case 'svg': return (await import('../report/bundle-svg.ts')).bundleSvg(details, title);
    case 'html': return (await import('../report/bundle-html.ts')).bundleHtml(details, changes, title);
    default: {
      const color = flags.outputFile === undefined && wantsColor(io.stdout, io.env);
      return `${changes === undefined ? '' : comparisonText(changes, { color })}${bundleText(details, { color, named })}`;
    }
  }
}

/** @throws UsageError when the file can not be read or is no such result */
function earlierResult(file: string): ReturnType<typeof readEarlier> {
  const earlier = readEarlier(readText(file, 'The earlier result'));
  if (earlier === undefined) throw new UsageError(`${file} is no result of "faaslint bundle --format json".`);
  return earlier;
}
