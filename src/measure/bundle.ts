import type { StartParts } from '../model/bundle.ts';
import { buildEntries, type BundleContext, type Built } from './build.ts';
import { contributionsOf, fileOf } from './metafile.ts';
import { partsOfBundle, partsOfFiles } from './cold-start.ts';
import type { Measured, NotMeasured, Part, Size } from './result.ts';
import { joinParts, total } from './result.ts';
import type { BundleSettings } from './settings.ts';
import { archiveSizes, type ZipEntry } from './zip.ts';

/** Sizes of the bundles of entry points that share settings. */
export function bundleSizes(entries: readonly string[], settings: BundleSettings, context: BundleContext): Promise<ReadonlyMap<string, Size>> {
  return buildEntries(entries, settings, context, async (built) => {
    const archives = await archiveSizes([...built.values()].map(filesOf), context.deflated, () => context.left() <= 0);
    return new Map([...built].map(([entry, one], index) => [entry, sizeOf(one, settings, archives[index], context.detail === true)]));
  });
}

/** What ships of one output, as it is named in the archive. */
function filesOf(built: Built): readonly ZipEntry[] {
  return namesOf(built).flatMap((path) => { const file = built.files.get(path); return file === undefined ? [] : [{ name: path.slice('out/'.length), hash: file.hash, bytes: () => file.contents }]; });
}

function namesOf(built: Built): readonly string[] {
  const { metafile, output, name } = built;
  return [name, `${name}.map`, ...(output.cssBundle === undefined ? [] : [output.cssBundle]), ...assetsOf(built)].filter((path) => Object.hasOwn(metafile.outputs, path));
}

function sizeOf(built: Built, settings: BundleSettings, zippedBytes: number | undefined, detail: boolean): Measured {
  const { metafile, output, from } = built;
  const names = namesOf(built);
  const sizes = new Map(names.map((path) => [path, metafile.outputs[path]?.bytes ?? 0]));
  const found = contributionsOf(Object.entries(output.inputs).map(([key, input]) => [key, input.bytesInOutput] as const), from, (key) => metafile.inputs[key]?.format === 'cjs');
  return {
    status: 'measured', bytes: total(sizes.values()), ...(zippedBytes === undefined ? {} : { zippedBytes }), contributors: found.contributors, duplicates: found.duplicates,
    ...(detail ? { parts: joinParts([...found.parts, ...rest(built, settings, names, sizes, found.parts)]), start: partsOfBundle({ ...output, bytes: output.bytes - inlineMap(built.files.get(built.name)?.contents) }, settings.minify) } : {}),
  };
}

/** Outputs that the entry's own refers to: what loaders write beside it. */
function assetsOf({ metafile, output }: Built): readonly string[] {
  return [...new Set(output.imports.map(({ path }) => path).filter((path) => Object.hasOwn(metafile.outputs, path)))];
}

/** What is in the output and belongs to no input: the bundler's own code, source maps, files beside it. */
function rest(built: Built, settings: BundleSettings, names: readonly string[], sizes: ReadonlyMap<string, number>, parts: readonly Part[]): readonly Part[] {
  const part = (kind: Part['kind'], name: string, bytes: number, files: Part['files'] = []): Part => ({ kind, name, bytes, commonJsBytes: 0, chain: [], files });
  const inline = settings.sourceMap === 'inline' || settings.sourceMap === 'both' ? inlineMap(built.files.get(built.name)?.contents) : 0;
  const glue = (sizes.get(built.name) ?? 0) - total(parts.map(({ bytes }) => bytes)) - inline;
  const assets = names.filter((path) => path !== built.name && path !== `${built.name}.map`);
  return [
    part('bundler', 'what the bundler adds', Math.max(0, glue)),
    part('sourceMap', 'source map', (sizes.get(`${built.name}.map`) ?? 0) + inline),
    ...assets.map((path) => {
      const source = Object.keys(built.metafile.outputs[path]?.inputs ?? {})[0];
      return part('asset', source === undefined ? path.slice('out/'.length) : fileOf(source), sizes.get(path) ?? 0);
    }),
  ];
}

const mapMark = '//# sourceMappingURL=data:';

/** Bytes of a source map that stands in the code itself, at its end. */
function inlineMap(contents: Uint8Array | undefined): number {
  if (contents === undefined) return 0;
  const at = Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength).lastIndexOf(mapMark);
  return at < 0 ? 0 : contents.length - at;
}

/** What an entry imports, with everything that this imports. */
export interface Traced {
  readonly status: 'traced';
  /** Files by path; the bytes of one that is compiled are those of what comes out. */
  readonly files: ReadonlyMap<string, { readonly bytes: number; readonly commonJs: boolean; readonly compiled: boolean }>;
  /** Keys of the graph: what is reached, and from where. */
  readonly from: ReadonlyMap<string, string>;
  /** What a start loads of them; of compiled files the bytes as written. */
  readonly start: StartParts;
}

/** Files that entries reach through imports that are written out. */
export function traceEntries(entries: readonly string[], settings: BundleSettings, context: BundleContext): Promise<ReadonlyMap<string, Traced | NotMeasured>> {
  const tracing = { ...context, tracing: true };
  return buildEntries(entries, { ...settings, minify: false, sourceMap: false }, tracing, (built) => Promise.resolve(new Map([...built].map(([entry, one]) => [entry, tracedOf(one, context)]))));
}

function tracedOf(built: Built, context: BundleContext): Traced {
  const files = new Map<string, { bytes: number; commonJs: boolean; compiled: boolean }>();
  for (const key of built.from.keys()) {
    const input = built.metafile.inputs[key];
    if (input === undefined) continue;
    const path = fileOf(key);
    const compiled = /\.[cm]?tsx?$|\.jsx$/.test(path);
    files.set(path, { bytes: compiled ? built.output.inputs[key]?.bytesInOutput ?? 0 : context.sizes.size(path) ?? 0, commonJs: input.format === 'cjs', compiled });
  }
  return { status: 'traced', files, from: built.from, start: partsOfFiles(built.metafile.inputs, built.from.keys()) };
}
