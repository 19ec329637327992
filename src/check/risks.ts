import { HTTP_API_REQUEST, INVOCATION, defaultMemoryMb, dollarsOfDuration, dollarsPerRequest, idleMappingPerMonth, pricesRead, transferPerGigabyte } from '../catalog/prices.ts';
import { warnings } from '../catalog/warnings.ts';
import { severityRank, type Finding, type ScanResult } from '../model/finding.ts';
import type { ServerlessFunction } from '../model/function.ts';
import type { FunctionProfile } from '../model/profile.ts';
import type { CostFigures, Exposure, GranularityRow, LatencyFigures, PortabilityFigures, RisksPage, Warning } from '../model/risks.ts';

/** Neither suppressed nor accepted by the baseline. */
const isOpen = (finding: Finding): boolean => !finding.suppressed && finding.state !== 'preexisting';
const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const unique = (names: Iterable<string>): readonly string[] => [...new Set(names)].sort(byCodeUnit);
/** Duration that a figure is given for: what a short invocation takes. */
const sampleSeconds = 0.1;

/** What the warnings come to for one result; it needs the findings of all rules, and profiles. Pure. */
export function risksOf(result: ScanResult, date: string): RisksPage {
  const open = result.findings.filter(isOpen);
  const ids = new Set(result.functions.map((fn) => fn.id));
  const exposed = warnings.flatMap((warning) => { const one = exposureOf(warning, open, ids); return one ? [one] : []; });
  const profiles = new Map((result.profiles ?? []).map((profile) => [profile.id, profile]));
  const known = result.functions.flatMap((fn) => { const profile = profiles.get(fn.id); return profile ? [{ fn, profile }] : []; });
  const bytes = new Map(result.bundles.flatMap((bundle) => (bundle.id !== undefined && bundle.bytes !== undefined ? [[bundle.id, bundle.bytes] as const] : [])));
  const measured = result.bundles.filter((bundle) => bundle.status === 'measured').length;
  const notMeasured = result.bundles.length - measured;
  const quiet = warnings.filter((warning) => warning.rules.length > 0 && warning.figures !== 'portability' && !exposed.some((one) => one.warning === warning));
  const unasked = quiet.filter((warning) => warning.rules.some((rule) => result.ran?.includes(rule) === false));
  return {
    date, functions: result.functions.length, units: new Set(result.functions.map((fn) => fn.unit)).size,
    exposed: exposed.sort((a, b) => severityRank[b.severity] - severityRank[a.severity] || b.concerned - a.concerned || byCodeUnit(a.warning.id, b.warning.id)),
    clear: quiet.filter((warning) => !unasked.includes(warning) && !(warning.id === 'package' && measured === 0)),
    unasked,
    beyond: warnings.filter((warning) => warning.beyond !== undefined),
    portability: portability(known),
    granularity: known.map(({ fn, profile }): GranularityRow => ({ name: fn.name, id: fn.id, routes: profile.granularity.routes, resources: profile.granularity.resources.length, codeBytes: profile.granularity.characters, ...size(bytes, fn) }))
      .sort((a, b) => b.routes - a.routes || b.resources - a.resources || b.codeBytes - a.codeBytes || byCodeUnit(a.id, b.id)),
    cost: cost(known), latency: latency(known, bytes),
    packages: { measured, notMeasured },
  };
}

interface Known { readonly fn: ServerlessFunction; readonly profile: FunctionProfile }
const size = (bytes: ReadonlyMap<string, number>, fn: ServerlessFunction): { readonly packageBytes?: number } => { const known = bytes.get(fn.id); return known === undefined ? {} : { packageBytes: known }; };

const heavier = (a: Finding, b: Finding): number => severityRank[b.severity] - severityRank[a.severity] || b.functions.length - a.functions.length;

function exposureOf(warning: Warning, open: readonly Finding[], ids: ReadonlySet<string>): Exposure | undefined {
  const ways = warning.rules.flatMap((rule) => {
    const found = open.filter((finding) => finding.rule === rule);
    // Sorting keeps the order of equals: the first by place.
    const [worst] = [...found].sort(heavier);
    return worst ? [{ rule, severity: worst.severity, count: found.length, functions: unique(found.flatMap((finding) => finding.functions)), worst }] : [];
  }).sort((a, b) => severityRank[b.severity] - severityRank[a.severity] || b.functions.length - a.functions.length || byCodeUnit(a.rule, b.rule));
  const [first] = ways;
  const rules = new Set(ways.map((way) => way.rule));
  const concerned = new Set(open.filter((finding) => rules.has(finding.rule)).flatMap((finding) => finding.functionIds?.filter((id) => ids.has(id)) ?? finding.functions));
  return first && { warning, severity: first.severity, functions: unique(ways.flatMap((way) => way.functions)), concerned: concerned.size, ways };
}

function portability(known: readonly Known[]): PortabilityFigures {
  const tied = new Map<string, { packages: readonly string[]; functions: number }>();
  for (const { profile } of known) for (const { file, packages } of profile.portability.tied) tied.set(file, { packages, functions: (tied.get(file)?.functions ?? 0) + 1 });
  const weight = known.reduce((sum, { profile }) => sum + profile.granularity.characters, 0);
  return {
    portableShare: weight === 0 ? 1 : known.reduce((sum, { profile }) => sum + profile.portability.portableShare * profile.granularity.characters, 0) / weight,
    providers: unique(known.flatMap(({ profile }) => profile.portability.tied.flatMap((module) => module.providers))),
    modules: [...tied].map(([file, { packages, functions }]) => ({ file, packages, functions })).sort((a, b) => b.functions - a.functions || b.packages.length - a.packages.length || byCodeUnit(a.file, b.file)),
    functions: known.map(({ fn, profile: { portability: own } }) => ({ name: fn.name, id: fn.id, portableShare: own.portableShare, modules: own.modules, tied: own.tied.map((module) => module.file) }))
      .sort((a, b) => a.portableShare - b.portableShare || byCodeUnit(a.id, b.id)),
  };
}

function cost(known: readonly Known[]): CostFigures {
  const priced = known.filter(({ fn }) => fn.platform === 'aws').map(({ fn, profile }) => {
    const each = profile.requests.flatMap(({ service, operation, kind, repeated }) => { const dollars = dollarsPerRequest(service, kind); return dollars === undefined ? [] : [{ what: `${operation} (${service})`, dollars, repeated }]; });
    const http = fn.triggers.some((trigger) => trigger.kind === 'http' && trigger.enabled !== false) ? HTTP_API_REQUEST : 0;
    const duration = dollarsOfDuration(fn.memoryMb?.value ?? defaultMemoryMb, sampleSeconds);
    const parts = [{ what: 'its duration', dollars: duration }, { what: 'the API', dollars: http }, ...each].sort((a, b) => b.dollars - a.dollars);
    const total = INVOCATION + parts.reduce((sum, part) => sum + part.dollars, 0);
    return { name: fn.name, id: fn.id, dollarsPerMillion: Math.round(total * 1e8) / 100, requests: each.length, repeated: each.some((one) => one.repeated), largest: parts[0]?.what ?? '' };
  });
  const mappings = known.flatMap(({ fn }) => (fn.platform === 'aws' ? fn.triggers.filter((trigger) => trigger.kind === 'queue' && trigger.enabled !== false && /sqs|queue/i.test(trigger.source)) : []));
  return {
    pricesRead, sampleSeconds, functions: priced.sort((a, b) => b.dollarsPerMillion - a.dollarsPerMillion || byCodeUnit(a.id, b.id)),
    queueMappings: mappings.length, idleDollarsPerMonth: Math.round(mappings.length * idleMappingPerMonth * 100) / 100,
    outside: unique(known.filter(({ profile }) => profile.requests.some((request) => request.outside)).map(({ fn }) => fn.name)), dollarsPerGigabyte: transferPerGigabyte,
  };
}

const waited: ReadonlySet<string> = new Set(['read', 'write', 'delete', 'invoke', 'request', 'publish', 'start', 'send', 'charge']);

function latency(known: readonly Known[], bytes: ReadonlyMap<string, number>): LatencyFigures {
  const answering = known.filter(({ fn }) => fn.triggers.some((trigger) => (trigger.kind === 'http' || trigger.kind === 'url') && trigger.enabled !== false));
  return {
    answering: answering.length, keptWarm: answering.filter(({ fn }) => (fn.provisionedConcurrency?.value ?? 0) > 0).length,
    functions: answering.map(({ fn, profile }) => {
      const calls = profile.requests.filter((request) => waited.has(request.kind));
      return { name: fn.name, id: fn.id, calls: calls.length, repeated: calls.some((request) => request.repeated), ...size(bytes, fn) };
    }).sort((a, b) => b.calls - a.calls || byCodeUnit(a.id, b.id)),
  };
}
