import type { BundleResult, Finding, ScanResult } from '../model/finding.ts';
import type { ServerlessFunction, Trigger, TriggerFilter } from '../model/function.ts';
import { ruleUrl, toolName, type ReportContext } from './context.ts';
import { toJson } from './escape.ts';
import { valueText } from './value.ts';

/** Version of the JSON contract (`schema/result.json`). New keys may come in a minor version of the tool; this number changes when one goes or means something else. */
export const schemaVersion = 1;

/** The whole result as the published contract says; every finding is in it, suppressed and accepted ones too. */
export function jsonReport(result: ScanResult, context: ReportContext): string {
  return toJson({
    ...head(context),
    functions: result.functions.map(functionData),
    findings: result.findings.map(findingData),
    bundles: result.bundles.map(bundleData),
    gaps: result.gaps.map(({ kind, file, line, message }) => ({ kind, file, line, message })),
    files: filesData(result),
    incomplete: result.incomplete.map(({ file, reason }) => ({ file, reason })),
    notices: result.notices,
    stats: result.stats,
  });
}

/** The part of the contract that all JSON output starts with. */
export function head(context: ReportContext): object {
  return { schemaVersion, tool: { name: toolName, version: context.version }, root: context.root };
}

export function filesData({ files }: ScanResult): object {
  return { discovered: files.discovered, analysed: files.analysed, partial: files.partial, skipped: files.skipped.map(({ file, reason }) => ({ file, reason })) };
}

/** Values of environment variables stay out: they may be secrets. */
export function functionData(fn: ServerlessFunction): object {
  return {
    name: fn.name, id: fn.id, unit: fn.unit, platform: fn.platform, generation: fn.generation, physicalName: valueText(fn.physicalName),
    handlers: fn.handlers.map((handler) => ({ file: handler.file, export: handler.export, kind: handler.kind })),
    triggers: fn.triggers.map(triggerData),
    declaredAt: fn.declaredAt.map(({ file, line }) => ({ file, line })),
    timeoutSeconds: fn.timeoutSeconds?.value, timeoutUnknown: fn.timeoutUnknown, memoryMb: fn.memoryMb?.value, runtime: fn.runtime?.value,
    reservedConcurrency: fn.reservedConcurrency?.value, provisionedConcurrency: fn.provisionedConcurrency?.value,
    packaging: fn.packaging && { form: fn.packaging.form, tool: fn.packaging.tool, folder: fn.packaging.folder },
    environment: fn.environment.size === 0 ? undefined : [...fn.environment.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    destinations: fn.destinations.length === 0 ? undefined : fn.destinations.map(({ kind, target, location }) => ({ kind, target: valueText(target), file: location?.file, line: location?.line })),
    foundBy: fn.foundBy,
  };
}

function triggerData(trigger: Trigger): object {
  return {
    kind: trigger.kind, source: trigger.source, resource: valueText(trigger.resource), file: trigger.location?.file, line: trigger.location?.line,
    enabled: trigger.enabled, schedule: valueText(trigger.schedule), batchSize: trigger.batchSize, partialBatchResponse: trigger.partialBatchResponse,
    maximumConcurrency: trigger.maximumConcurrency, maximumRetryAttempts: trigger.maximumRetryAttempts, handlerExport: trigger.handlerExport,
    auth: trigger.auth && { kind: trigger.auth.kind, authorizer: valueText(trigger.auth.authorizer), file: trigger.auth.location?.file, line: trigger.auth.location?.line },
    filters: trigger.filters.length === 0 ? undefined : trigger.filters.map(filterData),
  };
}

/** Routes and keys as text; of patterns, whose form is the platform's, only the kind. */
function filterData(filter: TriggerFilter): object {
  if (filter.kind === 'route') return { kind: filter.kind, method: filter.method, path: filter.path };
  if (filter.kind !== 'object') return { kind: filter.kind };
  return { kind: filter.kind, events: filter.events, rules: filter.rules.map(({ prefix, suffix }) => ({ prefix: valueText(prefix), suffix: valueText(suffix) })) };
}

function findingData(finding: Finding): object {
  return {
    rule: finding.rule, messageId: finding.messageId, severity: finding.severity, confidence: finding.confidence, assumptions: finding.assumptions,
    message: finding.message, risk: finding.risk, repair: finding.repair,
    file: finding.file, line: finding.line, column: finding.column, endLine: finding.endLine, endColumn: finding.endColumn,
    functions: finding.functions,
    flow: finding.flow.map(({ file, line, column, message }) => ({ file, line, column, message })),
    suggestions: finding.suggestions?.map(({ title, edits }) => ({ title, edits: edits.map(({ line, column, endLine, endColumn, text }) => ({ line, column, endLine, endColumn, text })) })),
    guard: finding.guard && { strength: finding.guard.strength, file: finding.guard.file, line: finding.guard.line, why: finding.guard.why },
    references: finding.references.map(({ title, url, document }) => ({ title, url, document })),
    documentation: ruleUrl(finding.rule),
    fingerprint: finding.fingerprint, state: finding.state,
    suppressed: finding.suppressed && { by: finding.suppressed.by, reason: finding.suppressed.reason },
  };
}

function bundleData(bundle: BundleResult): object {
  return {
    function: bundle.function, id: bundle.id, status: bundle.status, reason: bundle.reason, fix: bundle.fix, bytes: bundle.bytes, zippedBytes: bundle.zippedBytes,
    package: bundle.package, contributors: bundle.contributors, duplicates: bundle.duplicates, assumptions: bundle.assumptions, notCounted: bundle.notCounted, budget: bundle.budget,
  };
}
