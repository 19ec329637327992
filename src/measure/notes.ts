import type { BundleNote, BundlePart } from '../model/bundle.ts';
import type { Traced } from './bundle.ts';
import { handlersOf, unreachedFiles } from './leave-out.ts';
import type { Measurement } from './measure.ts';
import { isNativeName, nativeOf } from './native.ts';
import type { Part, PartFile } from './result.ts';
import { packageOf, total } from './result.ts';
import { duplicated, hasModuleBuild, versionOf } from './savings.ts';
import type { Tools } from './tools.ts';

/** Packages of CommonJS below this are not named. */
const LEAST_COMMONJS = 20_000;
const LEAST_ASSET = 50_000;
const MAX_EACH = 5;

/** What stands out in a package: copies, CommonJS, binaries, maps, assets, files that nothing reaches, what is not counted. */
export function notesOf(one: Measurement, shown: readonly BundlePart[], trace: Traced | undefined, tools: Tools): readonly BundleNote[] {
  const code = one.parts[0];
  if (one.result.status !== 'measured' || code?.status !== 'measured') return [];
  const parts = code.parts ?? [];
  const packages = parts.filter((part) => part.kind === 'package');
  const files = parts.flatMap((part) => part.files);
  return [
    ...duplicated(packages).slice(0, MAX_EACH).map((name) => copies(name, packages, tools)),
    ...commonJs(one, packages, tools),
    ...natives(one, parts, tools),
    ...maps(shown, files, one.plan.form === 'folder'),
    ...assets(parts, files, one.plan.form === 'folder'),
    ...unreached(unreachedFiles(one, files, trace), handlersOf(one)),
    ...(one.result.notCounted ?? []).map((text): BundleNote => ({ kind: 'notCounted', subject: text, text: `${text} lies outside the repository and is not counted`, bytes: 0 })),
    ...(one.result.assumptions ?? []).map((text): BundleNote => ({ kind: 'assumption', subject: text, text, bytes: 0 })),
  ];
}

function copies(name: string, packages: readonly Part[], tools: Tools): BundleNote {
  const all = packages.filter((part) => part.name === name);
  const bytes = total(all.map((part) => part.bytes));
  const versions = all.map((part) => `${versionOf(part.folder, tools) ?? 'unknown version'} through ${through(part)}`);
  return { kind: 'duplicate', subject: name, text: `${all.length} copies of ${name}: ${versions.slice(0, 3).join('; ')}${versions.length > 3 ? `; ${versions.length - 3} more` : ''}`, bytes };
}

/** What drags a copy in: the step before it. */
const through = (part: Part): string => part.chain[part.chain.length - 2] ?? part.folder ?? part.name;

function commonJs({ plan }: Measurement, packages: readonly Part[], tools: Tools): readonly BundleNote[] {
  if (plan.form !== 'bundle') return [];
  return packages.filter((part) => part.commonJsBytes > part.bytes / 2 && part.bytes >= LEAST_COMMONJS).slice(0, MAX_EACH).map((part): BundleNote => ({
    kind: 'commonJs', subject: part.name, bytes: part.commonJsBytes,
    text: `${part.name} is CommonJS, which no bundler takes apart: all that is required ships${hasModuleBuild(part, tools) && plan.settings.mainFields[0] !== 'module' ? '; it has a build of ES modules (field "module"), which this bundler’s settings pass by' : ''}`,
  }));
}

function natives({ fn }: Measurement, parts: readonly Part[], tools: Tools): readonly BundleNote[] {
  const wanted = fn.architecture === 'arm64' ? 'arm64' : 'x64';
  const files = parts.flatMap((part) => (part.kind === 'asset' ? [{ path: part.name, bytes: part.bytes }] : part.files)).filter(({ path }) => isNativeName(path));
  return files.slice(0, MAX_EACH * 2).flatMap(({ path, bytes }): readonly BundleNote[] => {
    const native = nativeOf(path, tools.sizes);
    if (native === undefined) return [];
    const fits = native.system === 'linux' && native.architecture === wanted;
    return [{ kind: 'native', subject: path, bytes, text: `${path} is compiled for ${native.system} ${native.architecture}${fits ? '' : `; the function runs on linux ${wanted}`}` }];
  });
}

function maps(parts: readonly BundlePart[], files: readonly PartFile[], isFolder: boolean): readonly BundleNote[] {
  const bytes = isFolder ? total(files.filter(({ path }) => /\.(?:[cm]?js|css)\.map$/.test(path)).map((file) => file.bytes)) : total(parts.filter((part) => part.kind === 'sourceMap').map((part) => part.bytes));
  return bytes === 0 ? [] : [{ kind: 'sourceMap', subject: 'source maps', text: isFolder ? 'source maps ship with the files' : 'the source map ships with the bundle', bytes }];
}

function assets(parts: readonly Part[], files: readonly PartFile[], isFolder: boolean): readonly BundleNote[] {
  const found = isFolder ? files.filter(({ path }) => /\.(?:png|jpe?g|gif|svg|webp|ico|pdf|ttf|otf|woff2?|csv|wasm|zip|gz|mp[34]|bin|dat|html?)$/i.test(path))
    : [...parts.filter((part) => part.kind === 'asset').map((part) => ({ path: part.name, bytes: part.bytes })), ...files.filter(({ path }) => /\.(?:json|txt|sql|csv)$/.test(path))];
  return found.filter(({ bytes }) => bytes >= LEAST_ASSET).sort((a, b) => b.bytes - a.bytes).slice(0, MAX_EACH).map(({ path, bytes }): BundleNote => ({ kind: 'asset', subject: path, text: `${path} ships as data`, bytes }));
}

function unreached(files: readonly PartFile[], handlers: string): readonly BundleNote[] {
  if (files.length === 0) return [];
  const byPackage = new Map<string, number>();
  for (const { path, bytes } of files) {
    const place = packageOf(path);
    const name = place.folder === undefined ? 'own files' : place.name;
    byPackage.set(name, (byPackage.get(name) ?? 0) + bytes);
  }
  const most = [...byPackage].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 3).map(([name]) => name);
  return [{ kind: 'unreached', subject: 'files that no import reaches', text: `${files.length} files that no import of ${handlers} reaches, most of them in ${most.join(', ')}`, bytes: total(files.map(({ bytes }) => bytes)) }];
}
