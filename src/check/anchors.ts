import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import type { ModuleFacts } from '../model/facts.ts';
import type { ProjectView } from '../model/project.ts';
import type { Report } from '../rule.ts';

const MAX_TEXT = 400;

/**
 * Identity of a finding across runs: rule, anchor and path, without line numbers. The anchor of code is the path of
 * enclosing symbols and the text of the node, spaces aside; of infrastructure, the functions concerned and what the message
 * says. `anchor.path`, hashed apart, so that a renamed file can be matched by the anchor alone.
 *
 * @param text the file's text without byte order mark
 */
export function anchorOf(project: ProjectView, rule: string, report: Report, location: Location, functions: readonly string[], text: string | undefined): string {
  const at = 'start' in report.at ? report.at : undefined;
  const facts = at && project.facts(location.file);
  const anchor = facts && text !== undefined
    ? `${symbolPath(facts, at.start)}|${text.slice(at.start, Math.min(at.end, at.start + MAX_TEXT)).replace(/\s+/g, ' ')}`
    : `${functions.join(',')}|${Object.entries(report.data ?? {}).map(([name, value]) => `${name}=${value}`).sort().join(';')}`;
  return `${short(`${rule}|${report.message}|${anchor}`)}.${short(location.file)}`;
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Names of the functions and classes around an offset, outermost first. */
function symbolPath(facts: ModuleFacts, offset: number): string {
  return [...facts.functions, ...facts.classes]
    .filter((item) => item.name !== '' && item.start <= offset && offset < item.end)
    .sort((a, b) => a.start - b.start || b.end - a.end)
    .map((item) => item.name).join('.');
}

/** Numbers equal fingerprints in order of place. */
export function fingerprints(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const count = (seen.get(finding.fingerprint) ?? 0) + 1;
    seen.set(finding.fingerprint, count);
    return count === 1 ? finding : { ...finding, fingerprint: `${finding.fingerprint}.${count}` };
  });
}
