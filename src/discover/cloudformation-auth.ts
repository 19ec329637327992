import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { certificateGuard } from './cloudformation-mutual-tls.ts';
import { policyGuard, samPolicyGuard } from './cloudformation-policy.ts';
import type { PolicyGuard } from './cloudformation-policy.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { parsed } from './cloudformation-triggers.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';

/** What guards every route of an API that has no check of its own. */
export interface ApiGuard {
  readonly kind: PolicyGuard;
  readonly location: Location;
}

/** A route's own check, with the guard of its API behind it where that check is missing or only a key. */
export function guarded(own: RouteAuth | undefined, guard: ApiGuard | undefined): RouteAuth | undefined {
  if (own === undefined || guard === undefined || (own.kind !== 'none' && own.kind !== 'key')) return own;
  if (guard.kind === 'private' || guard.kind === 'identity') return { kind: guard.kind, location: guard.location };
  return guard.kind === 'unknown' && own.kind === 'none' ? undefined : own;
}

/** Private endpoints and resource policies of a REST API, plain or SAM. */
export function apiGuard(template: Template, properties: DocNode | undefined, body?: DocNode): ApiGuard | undefined {
  if (!properties) return undefined;
  const own = once(properties, () => ownGuard(template, properties));
  return own ?? (body && once(body, () => bodyGuard(template, body)));
}

const guards = new WeakMap<DocNode, ApiGuard | null>();

/** Every route of an API asks for its guard: it is worked out once. */
function once(node: DocNode, work: () => ApiGuard | undefined): ApiGuard | undefined {
  const found = guards.get(node);
  if (found !== undefined) return found ?? undefined;
  const guard = work();
  guards.set(node, guard ?? null);
  return guard;
}

function ownGuard(template: Template, properties: DocNode): ApiGuard | undefined {
  const endpoint = properties.get('EndpointConfiguration');
  const types = endpoint && (endpoint.kind === 'scalar' ? [endpoint] : endpoint.get('Types')?.items ?? [endpoint.get('Type')]);
  if (types?.some((type) => template.text(type) === 'PRIVATE')) return { kind: 'private', location: properties.keyLocation('EndpointConfiguration') };
  const policy = properties.get('Policy');
  if (policy && !isNothing(template.value(policy))) return { kind: policyGuard(parsed(template.value(policy))), location: properties.keyLocation('Policy') };
  const short = properties.at('Auth', 'ResourcePolicy');
  return short && { kind: samPolicyGuard(template, short), location: properties.at('Auth')?.keyLocation('ResourcePolicy') ?? short.location };
}

function bodyGuard(template: Template, body: DocNode): ApiGuard | undefined {
  const included = body.get('x-amazon-apigateway-policy');
  return included ? { kind: policyGuard(template.value(included)), location: body.keyLocation('x-amazon-apigateway-policy') } : undefined;
}

/** The function behind an authorizer where it is declared, else the reference as it stands. */
export function authorizerOf(template: Template, wiring: Wiring, value: Value): Value {
  const declared = value.kind === 'resource' ? wiring.templates.get(value.unit)?.resources.get(value.id) : undefined;
  const uri = declared?.properties?.get('AuthorizerUri');
  const owner = value.kind === 'resource' ? wiring.templates.get(value.unit) ?? template : template;
  const [only, ...rest] = wiring.functions(uri ? owner.value(uri) : value);
  return only !== undefined && rest.length === 0 ? only.template.reference(only.id, 'Arn') : value;
}

/** Authorization of `AWS::ApiGateway::Method` (CloudFormation resource reference, read 2026-11). */
export function methodAuth(template: Template, wiring: Wiring, method: TemplateResource): RouteAuth | undefined {
  const properties = method.properties;
  if (!properties) return undefined;
  const own = declaredType(template, wiring, properties, method.location);
  const api = template.value(properties.get('RestApiId'));
  return guarded(own, guardOf(wiring, api));
}

/** What guards an API that a value refers to, REST or HTTP. */
export function guardOf(wiring: Wiring, api: Value): ApiGuard | undefined {
  const owner = api.kind === 'resource' ? wiring.templates.get(api.unit) : undefined;
  const properties = owner && api.kind === 'resource' ? owner.resources.get(api.id)?.properties : undefined;
  return owner && (apiGuard(owner, properties) ?? certificateGuard(owner, properties, api));
}

/** `AuthorizationType`, `AuthorizerId`, `ApiKeyRequired` of a REST method or an HTTP or WebSocket route. */
export function declaredType(template: Template, wiring: Wiring, properties: DocNode, route: Location): RouteAuth | undefined {
  const node = properties.get('AuthorizationType');
  const type = node && !isNothing(template.value(node)) ? template.text(node) : 'NONE';
  const location = node ? properties.keyLocation('AuthorizationType') : route;
  switch (type) {
    case undefined: return undefined;
    case 'NONE': {
      const key = properties.get('ApiKeyRequired');
      const required = template.boolean(key);
      if (key && required === undefined && !isNothing(template.value(key))) return undefined;
      return required === true ? { kind: 'key', location: properties.keyLocation('ApiKeyRequired') } : { kind: 'none', location };
    }
    case 'CUSTOM': {
      const authorizer = template.value(properties.get('AuthorizerId'));
      return { kind: 'authorizer', location, ...(isNothing(authorizer) ? {} : { authorizer: authorizerOf(template, wiring, authorizer) }) };
    }
    default: return { kind: 'identity', location };
  }
}

/** Authorization of a function URL: `AuthType`. */
export function urlAuth(template: Template, config: DocNode, route: Location): RouteAuth | undefined {
  const node = config.get('AuthType');
  const type = template.text(node);
  if (type === undefined) return undefined;
  return { kind: type === 'NONE' ? 'none' : 'identity', location: node ? config.keyLocation('AuthType') : route };
}

/** The default way in of a GraphQL API, plain (`AuthenticationType`) or SAM (`Auth.Type`). */
export function graphAuth(template: Template, wiring: Wiring, api: TemplateResource | undefined): RouteAuth | undefined {
  const properties = api?.properties;
  const holder = properties?.get('Auth') ?? properties;
  const name = holder === properties ? 'AuthenticationType' : 'Type';
  const type = template.text(holder?.get(name));
  if (!properties || !holder || type === undefined) return undefined;
  const location = holder.keyLocation(name);
  if (template.text(properties.get('Visibility')) === 'PRIVATE') return { kind: 'private', location: properties.keyLocation('Visibility') };
  if (type === 'API_KEY') return { kind: 'key', location };
  if (type !== 'AWS_LAMBDA') return { kind: 'identity', location };
  const uri = properties.at('LambdaAuthorizerConfig', 'AuthorizerUri') ?? holder.at('LambdaAuthorizer', 'AuthorizerUri');
  return { kind: 'authorizer', location, ...(uri ? { authorizer: authorizerOf(template, wiring, template.value(uri)) } : {}) };
}

/** Who may call the data source of a GraphQL API: callers of that API. */
export function dataSourceAuth(template: Template, wiring: Wiring, source: DocNode): RouteAuth | undefined {
  const api = template.value(source.get('ApiId'));
  const owner = api.kind === 'resource' ? wiring.templates.get(api.unit) : undefined;
  return owner && api.kind === 'resource' ? graphAuth(owner, wiring, owner.resources.get(api.id)) : undefined;
}

/** Behaviours of a CDN are open unless they name signers (CloudFront, "TrustedKeyGroups"). */
export function behaviorAuth(template: Template, behavior: DocNode, route: Location): RouteAuth | undefined {
  for (const name of ['TrustedKeyGroups', 'TrustedSigners']) {
    const signers = behavior.get(name);
    if (!signers) continue;
    const value = template.value(signers);
    if (value.kind === 'array' && value.items.length > 0) return { kind: 'identity', location: behavior.keyLocation(name) };
    if (value.kind !== 'array') return undefined;
  }
  return { kind: 'none', location: route };
}
