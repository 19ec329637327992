import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { guarded } from './cloudformation-auth.ts';
import type { ApiGuard } from './cloudformation-auth.ts';
import { policyGuard } from './cloudformation-policy.ts';
import { listenerAuth } from './cloudformation-routes.ts';
import type { DocNode } from './document-node.ts';
import type { Service } from './serverless-service.ts';

/**
 * Who may call the route of an event (Serverless Framework documentation, "API Gateway", "HTTP API", "Application Load Balancer",
 * "Websocket", read 2026-11).
 */
export function routeAuth(service: Service, source: string, node: DocNode, route: Location): RouteAuth | undefined {
  switch (source) {
    case 'http': return guarded(rest(service, node, route), restGuard(service));
    case 'httpApi': return authorized(service, node, route, service.provider?.at('httpApi', 'authorizers'));
    case 'websocket': return socket(service, node, route);
    case 'alb': return balanced(service, node, route);
    case 'cloudFront': return { kind: 'none', location: route };
    default: return undefined;
  }
}

/** `url: true`, or a map with an authorizer. */
export function urlAuth(service: Service, node: DocNode | undefined, route: Location): RouteAuth | undefined {
  const authorizer = node?.get('authorizer');
  if (!node || !authorizer) return { kind: 'none', location: route };
  const text = service.text(authorizer);
  return text === undefined ? undefined : { kind: text.toLowerCase() === 'aws_iam' ? 'identity' : 'none', location: node.keyLocation('authorizer') };
}

function rest(service: Service, node: DocNode, route: Location): RouteAuth | undefined {
  if (node.kind === 'map' && node.get('authorizer') !== undefined) return authorized(service, node, route, undefined);
  const key = node.get('private');
  if (key === undefined) return { kind: 'none', location: route };
  const required = service.boolean(key);
  return required === undefined ? undefined : { kind: required ? 'key' : 'none', location: required ? node.keyLocation('private') : route };
}

const guards = new WeakMap<Service, { readonly guard: ApiGuard | undefined }>();

/** What guards the service's REST API, worked out once. */
function restGuard(service: Service): ApiGuard | undefined {
  const known = guards.get(service) ?? { guard: guardOf(service) };
  guards.set(service, known);
  return known.guard;
}

/** Private endpoints and the resource policy of the service's REST API. */
function guardOf(service: Service): ApiGuard | undefined {
  const provider = service.provider;
  for (const [holder, name] of [[provider?.get('apiGateway'), 'endpointType'], [provider, 'endpointType']] as const) {
    if (service.text(holder?.get(name))?.toUpperCase() === 'PRIVATE' && holder) return { kind: 'private', location: holder.keyLocation(name) };
  }
  for (const holder of [provider?.get('apiGateway'), provider]) {
    const policy = holder?.get('resourcePolicy');
    if (holder && policy) return { kind: policyGuard({ kind: 'object', entries: [['Statement', service.value(policy)]], open: false }), location: holder.keyLocation('resourcePolicy') };
  }
  return undefined;
}

/** `authorizer`: a name, an ARN or a map; `declared`: authorizers of the provider by name. */
function authorized(service: Service, node: DocNode, route: Location, declared: DocNode | undefined): RouteAuth | undefined {
  const given = node.kind === 'map' ? node.get('authorizer') : undefined;
  if (given === undefined) return { kind: 'none', location: route };
  const location = node.keyLocation('authorizer');
  const name = given.kind === 'map' && given.get('Fn::GetAtt') === undefined && given.get('Ref') === undefined ? service.text(given.get('name')) : service.text(given);
  const shared = name === undefined ? undefined : declared?.get(name);
  const type = (service.text(given.get('type')) ?? (shared ? service.text(shared.get('type')) ?? 'jwt' : name ?? '')).toLowerCase();
  if (/^(?:aws_iam|cognito_user_pools|jwt)$/.test(type)) return { kind: 'identity', location };
  const arn = given.get('arn') ?? (given.kind === 'map' && name === undefined ? given : undefined);
  const value = service.valueOf(arn) ?? (name === undefined ? undefined : named(service, shared, name));
  if (value && isUserPool(service, value)) return { kind: 'identity', location };
  if (value === undefined || value.kind === 'unknown') return type === '' && given.get('id') === undefined && given.get('authorizerId') === undefined ? undefined : { kind: 'authorizer', location };
  return { kind: 'authorizer', location, authorizer: value };
}

/** A function of the service by its key, through an authorizer of the provider or directly. */
function named(service: Service, shared: DocNode | undefined, name: string): Value {
  const key = service.text(shared?.get('functionName')) ?? name;
  if (service.functions.some((fn) => fn.name === key)) return { kind: 'resource', unit: service.file, id: key, attribute: 'Arn' };
  return service.valueOf(shared?.get('functionArn')) ?? { kind: 'literal', value: name };
}

function isUserPool(service: Service, value: Value): boolean {
  if (value.kind === 'resource') return value.unit === service.file && service.template.resources.get(value.id)?.type === 'AWS::Cognito::UserPool';
  const head = value.kind === 'template' ? value.parts[0] : value;
  return head?.kind === 'literal' && /^arn:[^:]*:cognito-idp:/.test(String(head.value));
}

const connections = new WeakMap<Service, { readonly event: DocNode; readonly location: Location } | null>();

/** A WebSocket API checks callers at `$connect`, for all routes. */
function socket(service: Service, node: DocNode, route: Location): RouteAuth | undefined {
  const connect = connections.has(service) ? connections.get(service) ?? null : connectOf(service);
  connections.set(service, connect);
  return connect && connect.event !== node ? authorized(service, connect.event, connect.location, undefined) : authorized(service, node, route, undefined);
}

/** The `$connect` route of a service, where it has an authorizer. */
function connectOf(service: Service): { readonly event: DocNode; readonly location: Location } | null {
  for (const fn of service.functions) {
    for (const item of fn.node.get('events')?.items ?? []) {
      const event = item.get('websocket');
      if (event?.kind === 'map' && event.get('authorizer') && service.text(event.get('route')) === '$connect') return { event, location: item.keyLocation('websocket') };
    }
  }
  return null;
}

/** Authorizers of a load balancer are user pools and OpenID providers; one that is not declared here may be internal. */
function balanced(service: Service, node: DocNode, route: Location): RouteAuth | undefined {
  if (node.get('authorizer')) return { kind: 'identity', location: node.keyLocation('authorizer') };
  return listenerAuth(service.template, service.value(node.get('listenerArn')), route);
}
