import type { Traced } from './bundle.ts';
import { addParts } from './cold-start.ts';
import type { FolderContext } from './folder.ts';
import { measureContent } from './folder.ts';
import type { PackagedFile } from './packages.ts';
import { chainTo, repoKey } from './metafile.ts';
import type { Measured } from './result.ts';
import { packageOf } from './result.ts';
import { join } from './tsconfig.ts';

/**
 * Size of a package that holds what the handler's imports reach, file by file, as tracers of the kind of `@vercel/nft` make
 * it: every file as it is (TypeScript as what comes out of it), and the manifest of each package that is reached.
 */
export async function measureTraced(traces: readonly Traced[], extras: readonly PackagedFile[], context: FolderContext): Promise<Measured> {
  const files = new Map<string, PackagedFile>(extras.map((file) => [file.path, file]));
  const chains = new Map<string, readonly string[]>();
  const commonJs = new Map<string, number>();
  for (const trace of traces) {
    for (const [path, { bytes, commonJs: isCommonJs }] of trace.files) {
      files.set(path, { path, bytes });
      const { folder } = packageOf(path);
      if (folder === undefined) continue;
      if (!chains.has(folder)) {
        chains.set(folder, chainTo(repoKey(path), trace.from));
        const manifest = join(folder, 'package.json');
        const size = context.sizes.size(manifest);
        if (size !== undefined) files.set(manifest, { path: manifest, bytes: size });
      }
      if (isCommonJs) commonJs.set(folder, (commonJs.get(folder) ?? 0) + bytes);
    }
  }
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const measured = await measureContent({ files: sorted, packages: [] }, '', context, () => []);
  const start = addParts(traces.map((trace) => trace.start));
  return {
    ...measured, ...(start === undefined ? {} : { start }),
    contributors: measured.contributors.map((item) => ({ ...item, chain: chains.get(item.chain[0] ?? '') ?? item.chain })),
    ...(measured.parts === undefined ? {} : { parts: measured.parts.map((part) => ({ ...part, chain: chains.get(part.folder ?? '') ?? part.chain, commonJsBytes: commonJs.get(part.folder ?? '') ?? 0 })) }),
  };
}
