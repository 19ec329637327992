import { severityRank, type Finding } from '../model/finding.ts';

/** A finding to show, with the number of findings of the same rule in the same function that it stands for besides itself. */
export interface Shown {
  readonly finding: Finding;
  readonly more: number;
}

/** Findings of one rule in one function that are shown in full. */
const shownPerFunction = 3;

/**
 * The findings that a reader sees one by one: of each rule in each function the three heaviest (the earlier of equals); the
 * last of them carries the number of the others. Order is kept.
 */
export function brief(findings: readonly Finding[]): readonly Shown[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = groupKey(finding);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  const hidden = new Set<Finding>();
  const more = new Map<Finding, number>();
  for (const group of groups.values()) {
    if (group.length <= shownPerFunction) continue;
    const kept = new Set([...group].sort((a, b) => severityRank[b.severity] - severityRank[a.severity]).slice(0, shownPerFunction));
    for (const finding of group) if (!kept.has(finding)) hidden.add(finding);
    const last = group.filter((finding) => kept.has(finding)).at(-1);
    if (last) more.set(last, group.length - shownPerFunction);
  }
  return findings.filter((finding) => !hidden.has(finding)).map((finding) => ({ finding, more: more.get(finding) ?? 0 }));
}

/** Names of functions need not be unique across units; the handler's file, with which the path starts, tells them apart. */
function groupKey(finding: Finding): string | undefined {
  return finding.functions.length === 0 ? undefined : JSON.stringify([finding.rule, finding.functions, finding.flow[0]?.file ?? finding.file]);
}
