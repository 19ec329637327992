import { severityRank, type ScanResult, type Severity } from '../model/finding.ts';
import { isOpen } from '../report/context.ts';

export const failLevels = ['error', 'warning', 'info', 'never'] as const;
export type FailOn = (typeof failLevels)[number];

/** 2: incomplete, unless that is allowed. 1: an open finding at or above `failOn`. 0: neither. */
export function exitCode(result: ScanResult, failOn: FailOn, allowIncomplete: boolean): 0 | 1 | 2 {
  if (result.incomplete.length > 0 && !allowIncomplete) return 2;
  if (failOn === 'never') return 0;
  const least: Severity = failOn;
  return result.findings.some((finding) => isOpen(finding) && severityRank[finding.severity] >= severityRank[least]) ? 1 : 0;
}
