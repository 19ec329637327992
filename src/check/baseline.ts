import type { Finding } from '../model/finding.ts';
import { UsageError } from './usage-error.ts';

/** Findings that a team has accepted: a filter over fingerprints, so that an existing repository can adopt the tool. */
export interface Baseline {
  readonly fingerprints: ReadonlyMap<string, BaselineEntry>;
}

export interface BaselineEntry {
  readonly rule: string;
  readonly file: string;
}

/** What a run looked at: without it, absence of a finding would be taken for repair. */
export interface BaselineRun {
  /** Found and not shown. */
  readonly hidden?: readonly Finding[];
  /** Whether a finding of this rule in this file would have been seen. Default: yes. */
  readonly settled?: (entry: BaselineEntry) => boolean;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** @throws UsageError when the text is no baseline */
export function parseBaseline(file: string, text: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: not a baseline (not valid JSON). Write a new one with --update-baseline.`);
  }
  const list: unknown = typeof data === 'object' && data !== null ? (data as { findings?: unknown }).findings : undefined;
  if (!Array.isArray(list)) throw new UsageError(`${file}: not a baseline (no list of findings). Write a new one with --update-baseline.`);
  const fingerprints = new Map<string, { rule: string; file: string }>();
  for (const item of list as readonly Partial<Record<string, unknown>>[]) {
    if (typeof item?.['fingerprint'] === 'string') fingerprints.set(item['fingerprint'], { rule: String(item['rule'] ?? ''), file: String(item['file'] ?? '') });
  }
  return { fingerprints };
}

/**
 * Text of a baseline of the given findings; suppressed ones need no place in it. Entries of `old` on which the run has
 * nothing to say (`settled` is false) stay.
 */
export function baselineText(findings: readonly Finding[], old?: Baseline, run: BaselineRun = {}): string {
  const entries = new Map<string, BaselineEntry>();
  const hidden = new Set(run.hidden?.map((finding) => finding.fingerprint));
  for (const [fingerprint, entry] of old?.fingerprints ?? []) if (hidden.has(fingerprint) || run.settled?.(entry) === false) entries.set(fingerprint, entry);
  for (const { fingerprint, rule, file, suppressed } of findings) if (!suppressed) entries.set(fingerprint, { rule, file });
  const list = [...entries].map(([fingerprint, { rule, file }]) => ({ fingerprint, rule, file })).sort((a, b) => byCodeUnit(a.file, b.file) || byCodeUnit(a.fingerprint, b.fingerprint));
  return `${JSON.stringify({ schemaVersion: 1, findings: list }, null, 2)}\n`;
}

/** The part of a fingerprint that does not name the file. */
const anchor = (fingerprint: string): string => { const [head, , count] = fingerprint.split('.'); return count === undefined ? (head ?? '') : `${head}.${count}`; };

/** Sets the state of each finding. The whole fingerprint is matched first, then the anchor alone: a renamed file keeps its findings. */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline, run: BaselineRun = {}): { readonly findings: readonly Finding[]; readonly stale: readonly string[] } {
  const left = new Map(baseline.fingerprints);
  const matched = new Set<Finding>();
  const all = [...findings, ...(run.hidden ?? [])];
  for (const finding of all) if (left.delete(finding.fingerprint)) matched.add(finding);
  const anchors = new Map<string, string[]>();
  for (const fingerprint of left.keys()) anchors.set(anchor(fingerprint), [...(anchors.get(anchor(fingerprint)) ?? []), fingerprint]);
  for (const finding of all) {
    if (matched.has(finding)) continue;
    const moved = anchors.get(anchor(finding.fingerprint))?.shift();
    if (moved !== undefined) { left.delete(moved); matched.add(finding); }
  }
  return {
    findings: findings.map((finding) => ({ ...finding, state: matched.has(finding) ? 'preexisting' : 'introduced' })),
    stale: [...left].filter(([, entry]) => run.settled?.(entry) !== false).map(([fingerprint, { rule, file }]) => `${rule} in ${file} (${fingerprint})`).sort(),
  };
}
