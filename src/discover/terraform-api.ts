import type { RouteAuth, Trigger } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { valueKey } from './cloudformation-values.ts';
import { trigger } from './cloudformation-triggers.ts';
import { isUnset } from './hcl-values.ts';
import type { ResourceInstance } from './terraform-module.ts';
import { openApiRoutes } from './terraform-openapi.ts';
import type { TerraformWiring } from './terraform-wiring.ts';

/** Methods and routes of one unit, by what integrations name. */
export class ApiIndex {
  /** REST methods by resource and verb. */
  readonly #methods = new Map<string, ResourceInstance>();
  /** HTTP and WebSocket routes by the integration that their target names. */
  readonly #routes = new Map<string, ResourceInstance[]>();
  readonly #wiring: TerraformWiring;

  constructor(instances: readonly ResourceInstance[], wiring: TerraformWiring) {
    this.#wiring = wiring;
    for (const instance of instances) {
      if (instance.type === 'aws_api_gateway_method') this.#methods.set(methodKey(instance), instance);
      if (instance.type !== 'aws_apigatewayv2_route') continue;
      const target = instance.node.value('target');
      for (const part of target.kind === 'template' ? target.parts : [target]) {
        if (part.kind !== 'resource') continue;
        const key = `${part.unit}#${part.id}`;
        this.#routes.set(key, [...(this.#routes.get(key) ?? []), instance]);
      }
    }
  }

  method(integration: ResourceInstance): ResourceInstance | undefined {
    return this.#methods.get(methodKey(integration));
  }

  routes(integration: ResourceInstance): readonly ResourceInstance[] {
    return this.#routes.get(`${integration.module.unit}#${integration.id}`) ?? [];
  }

  /** Path of a REST resource through its parents. */
  path(value: Value): string {
    const parts: string[] = [];
    let at = value;
    for (let depth = 0; depth < 50; depth++) {
      const resource = this.#wiring.instanceOf(at);
      if (resource?.type !== 'aws_api_gateway_resource') return at.kind === 'resource' ? `/${parts.join('/')}` : '*';
      parts.unshift(resource.node.text('path_part') ?? '*');
      at = resource.node.value('parent_id');
    }
    return '*';
  }

  isWebSocket(api: Value): boolean {
    return this.#wiring.instanceOf(api)?.node.text('protocol_type') === 'WEBSOCKET';
  }
}

function methodKey(instance: ResourceInstance): string {
  return `${valueKey(instance.node.value('rest_api_id'))}\n${valueKey(instance.node.value('resource_id'))}\n${valueKey(instance.node.value('http_method'))}`;
}

/** Gives functions the HTTP and WebSocket routes that API resources declare. Says whether the resource is one of an API. */
export function wireApi(instance: ResourceInstance, wiring: TerraformWiring, index: ApiIndex): boolean {
  const { node } = instance;
  switch (instance.type) {
    case 'aws_api_gateway_integration': {
      const method = index.method(instance) ?? instance;
      wiring.attach(node.value('uri'), routed('Api', method, node.value('rest_api_id'), node.text('http_method'), index.path(node.value('resource_id')), restAuth(method)));
      return true;
    }
    case 'aws_apigatewayv2_integration': integration(instance, wiring, index); return true;
    case 'aws_apigatewayv2_api': {
      const target = node.value('target');
      const self = reference(instance);
      const key = (node.text('route_key') ?? '$default').split(' ', 2);
      if (!isUnset(target)) wiring.attach(target, routed('HttpApi', instance, self, key[1] === undefined ? '*' : key[0], key[1] ?? '*', { kind: 'none', location: node.location }));
      openApiRoutes(instance, self, wiring);
      return true;
    }
    case 'aws_api_gateway_rest_api': openApiRoutes(instance, reference(instance), wiring); return true;
    case 'aws_api_gateway_authorizer': case 'aws_apigatewayv2_authorizer':
      wiring.attach(node.value('authorizer_uri'), trigger('auth', 'Authorizer', node.location, { resource: node.value(instance.type.includes('v2') ? 'api_id' : 'rest_api_id') }));
      return true;
    default: return false;
  }
}

export function reference(instance: ResourceInstance): Value {
  return { kind: 'resource', unit: instance.module.unit, id: instance.id, attribute: 'Ref' };
}

function routed(source: string, at: ResourceInstance, api: Value, method: string | undefined, path: string, auth: RouteAuth | undefined): Trigger {
  const verb = (method ?? '*').toUpperCase().replace(/^ANY$/, '*');
  return trigger('http', source, at.node.location, { resource: api, filters: [{ kind: 'route', method: verb, path }], ...at.node.written, ...(auth ? { auth } : {}) });
}

/** `authorization` and `api_key_required` of a REST method (API Gateway developer guide, "Control access to REST APIs"). */
function restAuth(method: ResourceInstance): RouteAuth | undefined {
  const { node } = method;
  if (method.type !== 'aws_api_gateway_method') return undefined;
  const location = node.locationOf('authorization');
  const authorizer = node.value('authorizer_id');
  switch (node.text('authorization')) {
    case 'NONE': return { kind: node.boolean('api_key_required') === true ? 'key' : 'none', location };
    case 'CUSTOM': return { kind: 'authorizer', location, ...(isUnset(authorizer) ? {} : { authorizer }) };
    case 'AWS_IAM': case 'COGNITO_USER_POOLS': return { kind: 'identity', location };
    default: return undefined;
  }
}

/** `authorization_type` of a route: `NONE` unless given (API Gateway developer guide, "Control and manage access to HTTP APIs"). */
function routeAuth(route: ResourceInstance): RouteAuth | undefined {
  const { node } = route;
  const type = node.value('authorization_type');
  const location = node.locationOf('authorization_type');
  const authorizer = node.value('authorizer_id');
  if (isUnset(type) || (type.kind === 'literal' && type.value === 'NONE')) return { kind: node.boolean('api_key_required') === true ? 'key' : 'none', location };
  if (type.kind !== 'literal') return undefined;
  if (type.value === 'CUSTOM') return { kind: 'authorizer', location, ...(isUnset(authorizer) ? {} : { authorizer }) };
  return { kind: 'identity', location };
}

/** An HTTP or WebSocket integration with all the routes that lead to it. */
function integration(instance: ResourceInstance, wiring: TerraformWiring, index: ApiIndex): void {
  const uri = instance.node.value('integration_uri');
  const api = instance.node.value('api_id');
  const source = index.isWebSocket(api) ? 'WebSocket' : 'HttpApi';
  if (wiring.functions(uri).length === 0) return;
  const routes = index.routes(instance);
  for (const route of routes) {
    const key = route.node.text('route_key') ?? '*';
    const [first = '*', second] = key.split(' ', 2);
    const path = second ?? (key === '$default' && source === 'HttpApi' ? '*' : key);
    // A WebSocket API authorises only when a client connects.
    const auth = source === 'WebSocket' && key !== '$connect' ? undefined : routeAuth(route);
    wiring.attach(uri, routed(source, route, api, second === undefined ? '*' : first, path, auth));
  }
  if (routes.length === 0) wiring.attach(uri, trigger('http', source, instance.node.location, { resource: api }));
}
