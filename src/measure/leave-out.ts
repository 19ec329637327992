import type { BundleSaving } from '../model/bundle.ts';
import type { Traced } from './bundle.ts';
import { isNativeName, nativeOf } from './native.ts';
import type { Measurement } from './measure.ts';
import type { PartFile } from './result.ts';
import { packageOf, total } from './result.ts';
import type { Tools } from './tools.ts';

const LEAST_BYTES = 1_000;

/** Files that code does not load: of these kinds only. */
const idle: readonly { readonly subject: string; readonly test: (path: string) => boolean }[] = [
  { subject: 'source maps', test: (path) => /\.(?:[cm]?js|css)\.map$/.test(path) },
  { subject: 'type declarations', test: (path) => /\.d\.[cm]?ts(?:\.map)?$/.test(path) },
  { subject: 'tests, examples and documentation of packages', test: (path) => path.includes('node_modules/') && /(?:^|\/)(?:tests?|__tests__|examples?|docs?|benchmarks?)\/|\/(?:README|CHANGELOG|HISTORY)(?:\.[^/]*)?$|\.md$/i.test(path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length).split('/').slice(1).join('/')) },
];

/**
 * What leaving out files of a package that ships as a folder would save. Each file of such an archive is deflated by itself, so
 * the archive without some of them is smaller by exactly what these take in it.
 */
export function leaveOuts(one: Measurement, trace: Traced | undefined, tools: Tools): readonly BundleSaving[] {
  const code = one.parts[0];
  if (one.plan.form !== 'folder' || code?.status !== 'measured') return [];
  const files = (code.parts ?? []).flatMap((part) => part.files);
  const savings: BundleSaving[] = [];
  const add = (change: BundleSaving['change'], subject: string, action: string, left: readonly PartFile[]): void => {
    const savedBytes = total(left.map(({ bytes }) => bytes));
    if (savedBytes < LEAST_BYTES) return;
    const zipped = left.every(({ zippedBytes }) => zippedBytes !== undefined) ? total(left.map(({ zippedBytes }) => zippedBytes ?? 0)) : undefined;
    savings.push({ change, subject, action, savedBytes, ...(zipped === undefined ? {} : { savedZippedBytes: zipped }) });
  };
  for (const { subject, test } of idle) add('leaveOut', subject, `leave out ${subject}`, files.filter(({ path }) => test(path)));
  const wanted = one.fn.architecture === 'arm64' ? 'arm64' : 'x64';
  add('leaveOut', 'binaries for other machines', `leave out binaries for other machines than linux ${wanted}`, files.filter(({ path }) => {
    const native = isNativeName(path) ? nativeOf(path, tools.sizes) : undefined;
    return native !== undefined && (native.system !== 'linux' || native.architecture !== wanted);
  }));
  const unreached = unreachedFiles(one, files, trace);
  add('unreached', 'files that no import reaches', `leave out ${unreached.length} files that no import of ${handlersOf(one)} reaches (check what code opens by name)`, unreached);
  return savings;
}

/** Whose imports are meant. */
export const handlersOf = ({ sharers }: Measurement): string => (sharers.length === 0 ? 'the handler' : `the ${sharers.length + 1} functions that ship it`);

/**
 * Files of installed packages, and scripts beside the handler, that no import of the functions reaches that ship them. Where a handler's source lies outside
 * the folder, only whole packages can be told.
 */
export function unreachedFiles(one: Measurement, files: readonly PartFile[], trace: Traced | undefined): readonly PartFile[] {
  if (trace === undefined || one.plan.form !== 'folder') return [];
  const { folder } = one.plan;
  const handlers = [one.fn, ...one.sharers].flatMap((fn) => fn.handlers);
  const isInside = handlers.every(({ file }) => folder === '' || file.startsWith(`${folder}/`));
  const names = new Set([...trace.files.keys()].map((path) => packageOf(path)).filter((place) => place.folder !== undefined).map(({ name }) => name));
  const isCompiled = handlers.some(({ file }) => /\.[cm]?tsx?$/.test(file));
  return files.filter(({ path }) => {
    const place = packageOf(path);
    if (place.folder === undefined) return isInside && !isCompiled && /\.[cm]?jsx?$/.test(path) && !trace.files.has(path);
    if (path.endsWith('/package.json')) return !names.has(place.name);
    return isInside ? !trace.files.has(path) && !/\.(?:node|wasm|so)$/.test(path) : !names.has(place.name);
  });
}
