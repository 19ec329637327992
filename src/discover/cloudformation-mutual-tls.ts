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
  if (!properties || template.boolean(properties.get('DisableExecuteApiEndpoint')) !== true) return undefined;
  const own = properties.at('Domain', 'MutualTlsAuthentication');
  if (own) return { kind: 'identity', location: properties.get('Domain')?.keyLocation('MutualTlsAuthentication') ?? own.location };
  let guard: ApiGuard | undefined;
  for (const mapping of template.resources.values()) {
    const name = mapping.type === 'AWS::ApiGatewayV2::ApiMapping' ? 'ApiId' : mapping.type === 'AWS::ApiGateway::BasePathMapping' ? 'RestApiId' : undefined;
    if (name === undefined || valueKey(template.value(mapping.properties?.get(name))) !== valueKey(api)) continue;
    const domain = domainOf(template, template.value(mapping.properties?.get('DomainName')));
    const check = domain?.get('MutualTlsAuthentication');
    if (!domain || !check) return undefined;
    guard ??= { kind: 'identity', location: domain.keyLocation('MutualTlsAuthentication') };
  }
  return guard;
}

/** Properties of the domain that a mapping names by reference or by its name. */
function domainOf(template: Template, name: Value): DocNode | undefined {
  for (const resource of template.resources.values()) {
    if (!/^AWS::ApiGateway(?:V2)?::DomainName$/.test(resource.type)) continue;
    const referred = name.kind === 'resource' && name.unit === template.unit && name.id === resource.id;
    if (referred || valueKey(template.value(resource.properties?.get('DomainName'))) === valueKey(name)) return resource.properties;
  }
  return undefined;
}
