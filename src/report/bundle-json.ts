import type { BundleDetail } from '../model/bundle.ts';
import type { BundleChange } from './bundle-compare.ts';
import type { ReportContext } from './context.ts';
import { toJson } from './escape.ts';
import { head } from './json.ts';

/** Packages of functions as the published contract (`schema/bundle.json`) has them. */
export function bundleJson(details: readonly BundleDetail[], changes: readonly BundleChange[] | undefined, context: ReportContext): string {
  return toJson({ ...head(context), packages: details.map(packageData), ...(changes === undefined ? {} : { comparison: changes }) });
}

function packageData({ result, unit, platform, runtime, form, tool, parts, limits, notes, savings, savingsLeftOut, start }: BundleDetail): object {
  return {
    function: result.function, id: result.id ?? result.function, unit, platform, runtime, form, tool,
    status: result.status, reason: result.reason, fix: result.fix, bytes: result.bytes, zippedBytes: result.zippedBytes, package: result.package, budget: result.budget,
    assumptions: result.assumptions, notCounted: result.notCounted,
    limits: limits.map(({ of, bytes, usedBytes, source, date, condition }) => ({ of, bytes, usedBytes, source, date, condition })),
    parts: parts.map((part) => ({ kind: part.kind, name: part.name, version: part.version, folder: part.folder, bytes: part.bytes, chain: part.chain, unreached: part.unreached, fileCount: part.fileCount, files: part.files })),
    duplicates: result.duplicates ?? [],
    notes: notes.map(({ kind, subject, text, bytes }) => ({ kind, subject, text, bytes })),
    savings: savings.map(({ change, subject, action, savedBytes, savedZippedBytes }) => ({ change, subject, action, savedBytes, savedZippedBytes })),
    savingsLeftOut,
    coldStart: start && { processorMs: start.processorMs, atMemoryMs: start.atMemoryMs, memoryMb: start.memoryMb, errorPercent: start.errorPercent, bytes: start.bytes, minified: start.minified, modules: start.modules, files: start.files, nodeModules: start.nodeModules, lexedBytes: start.lexedBytes, waits: start.waits },
  };
}
