import type { DocNode } from './document.ts';
import type { Value } from '../model/value.ts';
import type { Template } from './cloudformation-template.ts';

/**
 * What a resource policy makes of a route that has no other check: `private` (only from networks or addresses that it names),
 * `identity` (only signed callers of accounts or roles that it names), `open`, or `unknown` where it is not understood.
 */
export type PolicyGuard = 'private' | 'identity' | 'open' | 'unknown';

/**
 * Reads a resource policy of an API (API Gateway developer guide, "API Gateway resource policy examples", read 2026-11): allows that
 * name networks, or an allow for everybody with a deny for all other networks.
 */
export function policyGuard(policy: Value): PolicyGuard {
  if (policy.kind !== 'object') return 'unknown';
  const listed = entry(policy, 'Statement');
  const statements = listed === undefined ? [] : listed.kind === 'array' ? listed.items : [listed];
  let named = false;
  let open = false;
  let networksOnly = false;
  let othersDenied = false;
  for (const statement of statements) {
    const effect = textOf(entry(statement, 'Effect'));
    if (effect === undefined || statement.kind !== 'object') return 'unknown';
    const networks = namesNetworks(entry(statement, 'Condition'));
    if (effect === 'Deny') othersDenied ||= networks;
    else if (networks) networksOnly = true;
    else if (!everybody(entry(statement, 'Principal'))) named = true;
    else if (entry(statement, 'Condition')) return 'unknown';
    else open = true;
  }
  if (othersDenied || (networksOnly && !open)) return 'private';
  return open ? 'open' : named ? 'identity' : 'unknown';
}

/** SAM's short form (SAM specification, "ResourcePolicyStatement", read 2026-11). */
export function samPolicyGuard(template: Template, node: DocNode): PolicyGuard {
  for (const name of ['IpRangeWhitelist', 'SourceVpcWhitelist', 'IntrinsicVpcWhitelist', 'IntrinsicVpceWhitelist']) if (node.get(name)) return 'private';
  if (node.get('AwsAccountWhitelist')) return 'identity';
  const custom = node.get('CustomStatements');
  if (!custom) return node.get('IpRangeBlacklist') || node.get('SourceVpcBlacklist') || node.get('IntrinsicVpcBlacklist') || node.get('IntrinsicVpceBlacklist') || node.get('AwsAccountBlacklist') ? 'open' : 'unknown';
  return policyGuard({ kind: 'object', entries: [['Statement', template.value(custom)]], open: false });
}

function entry(value: Value, name: string): Value | undefined {
  return value.kind === 'object' ? value.entries.findLast(([key]) => key === name)?.[1] : undefined;
}

function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined;
}

function everybody(principal: Value | undefined): boolean {
  if (principal === undefined || textOf(principal) === '*') return true;
  const account = entry(principal, 'AWS');
  const names = account?.kind === 'array' ? account.items : account === undefined ? [] : [account];
  return names.some((name) => textOf(name) === '*');
}

/** Conditions on where a request comes from; the whole address space is no condition. */
function namesNetworks(condition: Value | undefined): boolean {
  if (condition?.kind !== 'object') return false;
  return condition.entries.some(([, test]) => test.kind === 'object' && test.entries.some(([key, value]) => {
    if (!/^aws:(?:sourceip|sourcevpc|sourcevpce|vpcsourceip)$/i.test(key)) return false;
    const addresses = value.kind === 'array' ? value.items : [value];
    return addresses.every((address) => textOf(address) !== '0.0.0.0/0' && textOf(address) !== '::/0');
  }));
}
