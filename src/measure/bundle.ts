import { buildEntries, type BundleContext, type Built } from './build.ts';
import { contributionsOf, fileOf } from './metafile.ts';
import type { Measured, NotMeasured, Part, Size } from './result.ts';
import { joinParts, total } from './result.ts';
import type { BundleSettings } from './settings.ts';
import { zippedSize } from './zip.ts';

/** Sizes of the bundles of entry points that share settings. */
export function bundleSizes(entries: readonly string[], settings: BundleSettings, context: BundleContext): Promise<ReadonlyMap<string, Size>> {
  return buildEntries(entries, settings, context, (built) => sizeOf(built, settings, context));
}

async function sizeOf(built: Built, settings: BundleSettings, context: BundleContext): Promise<Measured> {
  const { metafile, output, name, from } = built;
  const sizes = new Map(Object.entries(metafile.outputs).map(([path, { bytes }]) => [path, bytes]));
  const names = [name, `${name}.map`, ...(output.cssBundle === undefined ? [] : [output.cssBundle]), ...assetsOf(built)].filter((path) => sizes.has(path));
  const entries = names.flatMap((path) => { const file = built.files.get(path); return file === undefined ? [] : [{ name: path.slice('out/'.length), hash: file.hash, bytes: () => file.contents }]; });
  const zippedBytes = await zippedSize(entries, context.deflated, () => context.left() <= 0);
  const { contributors, duplicates, parts } = contributionsOf(Object.entries(output.inputs).map(([key, input]) => [key, input.bytesInOutput] as const), from, (key) => metafile.inputs[key]?.format === 'cjs');
  const bytes = total(names.map((path) => sizes.get(path) ?? 0));
  return {
    status: 'measured', bytes, ...(zippedBytes === undefined ? {} : { zippedBytes }), contributors, duplicates,
    ...(context.detail ? { parts: joinParts([...parts, ...rest(built, settings, names, sizes, parts)]) } : {}),
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
}

/** Files that entries reach through imports that are written out. */
export function traceEntries(entries: readonly string[], settings: BundleSettings, context: BundleContext): Promise<ReadonlyMap<string, Traced | NotMeasured>> {
  return buildEntries(entries, { ...settings, minify: false, sourceMap: false }, { ...context, tracing: true }, (built): Promise<Traced> => {
    const files = new Map<string, { bytes: number; commonJs: boolean; compiled: boolean }>();
    for (const key of built.from.keys()) {
      const input = built.metafile.inputs[key];
      if (input === undefined) continue;
      const path = fileOf(key);
      const compiled = /\.[cm]?tsx?$|\.jsx$/.test(path);
      files.set(path, { bytes: compiled ? built.output.inputs[key]?.bytesInOutput ?? 0 : context.sizes.size(path) ?? 0, commonJs: input.format === 'cjs', compiled });
    }
    return Promise.resolve({ status: 'traced', files, from: built.from });
  });
}
