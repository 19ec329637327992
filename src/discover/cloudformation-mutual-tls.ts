import type { Value } from '../model/value.ts';
import type { ApiGuard } from './cloudformation-auth.ts';
import type { Template } from './cloudformation-template.ts';
import { valueKey } from './cloudformation-values.ts';
import type { DocNode } from './document.ts';

/**
 * Client certificates as the check of a whole API: its own endpoint is switched off, and every domain that leads to it asks for a
 * certificate (API Gateway developer guide, "Mutual TLS authentication", read 2026-11).
 */
export function certificateGuard(template: Template, properties: DocNode | undefined, api: Value): ApiGuard | undefined {
  if (!properties || !mayBeOff(template, properties.get('DisableExecuteApiEndpoint'))) return undefined;
  const own = properties.at('Domain', 'MutualTlsAuthentication');
  if (own) return { kind: 'identity', location: properties.get('Domain')?.keyLocation('MutualTlsAuthentication') ?? own.location };
  return guards(template).get(valueKey(api)) ?? undefined;
}

/**
 * Whether a deployment switches the API's own endpoint off: one of the branches of `Fn::If` is enough, since a switch with both ways is
 * there for the stage that matters, whatever its default.
 */
function mayBeOff(template: Template, node: DocNode | undefined): boolean {
  const branches = node?.get('Fn::If')?.items.slice(1);
  return branches === undefined ? template.boolean(node) === true : branches.some((branch) => template.boolean(branch) === true);
}

const known = new WeakMap<Template, ReadonlyMap<string, ApiGuard | null>>();

/** APIs of a template by their value's key; `null` where a domain asks for no certificate. */
function guards(template: Template): ReadonlyMap<string, ApiGuard | null> {
  const found = known.get(template);
  if (found) return found;
  const domains = new Map<string, DocNode>();
  for (const resource of template.ofType('AWS::ApiGateway::DomainName', 'AWS::ApiGatewayV2::DomainName')) {
    if (!resource.properties) continue;
    domains.set(valueKey(template.reference(resource.id, 'Ref')), resource.properties);
    domains.set(valueKey(template.value(resource.properties.get('DomainName'))), resource.properties);
  }
  const index = new Map<string, ApiGuard | null>();
  for (const mapping of template.ofType('AWS::ApiGatewayV2::ApiMapping', 'AWS::ApiGateway::BasePathMapping')) {
    const key = valueKey(template.value(mapping.properties?.get('ApiId') ?? mapping.properties?.get('RestApiId')));
    const domain = domains.get(valueKey(template.value(mapping.properties?.get('DomainName'))));
    const checked = domain?.get('MutualTlsAuthentication') !== undefined;
    if (!domain || !checked) index.set(key, null);
    else if (index.get(key) === undefined) index.set(key, { kind: 'identity', location: domain.keyLocation('MutualTlsAuthentication') });
  }
  known.set(template, index);
  return index;
}
