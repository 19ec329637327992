import type { RouteAuth, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { apiGuard, declaredType, guarded, guardOf, methodAuth } from './cloudformation-auth.ts';
import { certificateGuard } from './cloudformation-mutual-tls.ts';
import { linkIntegration } from './cloudformation-integration.ts';
import { operationAuth } from './cloudformation-openapi.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { trigger } from './cloudformation-triggers.ts';
import { valueKey } from './cloudformation-values.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';
import { samApi, samDefaultAuth } from './sam-auth.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/** Gives functions the HTTP and WebSocket routes that API resources declare. */
export function wireApi(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  if (!properties) return;
  switch (resource.type) {
    case 'AWS::ApiGateway::Method': {
      const call = properties.get('Integration');
      const uri = call?.get('Uri');
      const api = template.value(properties.get('RestApiId'));
      const [method, path] = [template.text(properties.get('HttpMethod')), restPath(template, properties.get('ResourceId'))];
      if (uri) wiring.attach(template.value(uri), routed('Api', resource.location, api, method, path, methodAuth(template, wiring, resource)));
      if (call) linkIntegration(template, wiring, context, { node: call, api, method: verb(method), path: path ?? '*', location: resource.location });
      break;
    }
    case 'AWS::ApiGatewayV2::Integration': integration(template, wiring, resource, context); break;
    case 'AWS::ApiGatewayV2::Api': {
      const target = properties.get('Target');
      const self = template.reference(resource.id, 'Ref');
      if (target) wiring.attach(template.value(target), routed('HttpApi', resource.location, self, '*', '*', guarded({ kind: 'none', location: resource.location }, guardOf(wiring, self))));
      definition(template, wiring, resource, properties.get('Body'), context);
      break;
    }
    case 'AWS::ApiGateway::RestApi': definition(template, wiring, resource, properties.get('Body'), context); break;
    case 'AWS::Serverless::Api': case 'AWS::Serverless::HttpApi': {
      const body = properties.get('DefinitionBody');
      const path = template.text(properties.get('DefinitionUri'));
      definition(template, wiring, resource, body ?? (path === undefined ? undefined : localFile(template, path, context)), context);
      break;
    }
    default: break;
  }
}

const verb = (method: string | undefined): string => (method ?? '*').toUpperCase().replace(/^(?:ANY|X-AMAZON-APIGATEWAY-ANY-METHOD)$/, '*');

function routed(source: string, location: Location, resource: Value, method: string | undefined, path: string | undefined, auth: RouteAuth | undefined): Trigger {
  return trigger('http', source, location, { resource, filters: [{ kind: 'route', method: verb(method), path: path ?? '*' }], auth });
}

/** Path of a REST resource through its parents. */
function restPath(template: Template, node: DocNode | undefined): string | undefined {
  const parts: string[] = [];
  let value = template.value(node);
  for (let depth = 0; depth < 50 && value.kind === 'resource'; depth++) {
    const resource = template.resources.get(value.id);
    if (resource?.type !== 'AWS::ApiGateway::Resource') return `/${parts.join('/')}`;
    parts.unshift(template.text(resource.properties?.get('PathPart')) ?? '*');
    value = template.value(resource.properties?.get('ParentId'));
  }
  return undefined;
}

/** An HTTP or WebSocket integration with all the routes that lead to it. */
function integration(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  if (!properties) return;
  const uri = template.value(properties.get('IntegrationUri'));
  const api = template.value(properties.get('ApiId'));
  const direct = properties.get('IntegrationSubtype') !== undefined;
  if (!direct && wiring.functions(uri).length === 0) return;
  const socket = isWebSocket(template, api);
  let routes = 0;
  for (const other of routesOf(template).get(resource.id) ?? []) {
    routes++;
    const key = template.text(other.properties?.get('RouteKey')) ?? '*';
    const [first = '*', second] = key.split(' ', 2);
    const [method, path] = second !== undefined ? [first, second] : ['*', key === '$default' && !socket ? '*' : key];
    if (direct) linkIntegration(template, wiring, context, { node: properties, api, method, path, location: other.location });
    else wiring.attach(uri, routed(socket && second === undefined ? 'WebSocket' : 'HttpApi', other.location, api, method, path, routeAuth(template, wiring, api, other, socket)));
  }
  if (routes > 0) return;
  if (direct) linkIntegration(template, wiring, context, { node: properties, api, method: '*', path: '*', location: resource.location });
  else wiring.attach(uri, trigger('http', socket ? 'WebSocket' : 'HttpApi', resource.location, { resource: api }));
}

/** WebSocket APIs check callers when they connect, for all routes (API Gateway developer guide, "Control and manage access to WebSocket APIs"). */
function routeAuth(template: Template, wiring: Wiring, api: Value, route: TemplateResource, socket: boolean): RouteAuth | undefined {
  if (!socket) return route.properties && guarded(declaredType(template, wiring, route.properties, route.location), guardOf(wiring, api));
  const connect = connectRoutes(template).get(valueKey(api));
  if (!connect?.properties) return { kind: 'none', location: route.location };
  const auth = declaredType(template, wiring, connect.properties, connect.location);
  // Only an authorizer at `$connect` counts for other routes; without one the place is the route itself.
  return auth?.kind === 'none' && connect !== route ? { kind: 'none', location: route.location } : auth;
}

const connections = new WeakMap<Template, ReadonlyMap<string, TemplateResource>>();

/** `$connect` routes of a template by the key of their API's value. */
function connectRoutes(template: Template): ReadonlyMap<string, TemplateResource> {
  const known = connections.get(template);
  if (known) return known;
  const index = new Map<string, TemplateResource>();
  for (const route of template.ofType('AWS::ApiGatewayV2::Route')) {
    if (template.text(route.properties?.get('RouteKey')) === '$connect') index.set(valueKey(template.value(route.properties?.get('ApiId'))), route);
  }
  connections.set(template, index);
  return index;
}

function isWebSocket(template: Template, api: Value): boolean {
  return api.kind === 'resource' && template.text(template.resources.get(api.id)?.properties?.get('ProtocolType')) === 'WEBSOCKET';
}

const routeIndexes = new WeakMap<Template, ReadonlyMap<string, readonly TemplateResource[]>>();

/** Routes of a template by the integration that their target names. */
function routesOf(template: Template): ReadonlyMap<string, readonly TemplateResource[]> {
  const known = routeIndexes.get(template);
  if (known) return known;
  const index = new Map<string, TemplateResource[]>();
  for (const route of template.ofType('AWS::ApiGatewayV2::Route')) {
    const target = template.value(route.properties?.get('Target'));
    for (const part of target.kind === 'template' ? target.parts : [target]) {
      if (part.kind !== 'resource') continue;
      const routes = index.get(part.id);
      if (routes) routes.push(route);
      else index.set(part.id, [route]);
    }
  }
  routeIndexes.set(template, index);
  return index;
}

/** Follows `AWS::Include` to a file of the repository. */
function localFile(template: Template, path: string, context: ReadContext): DocNode | undefined {
  const file = /^[a-z0-9]+:\/\//i.test(path) ? undefined : joinInRoot(folderOf(template.file), path);
  const root = file === undefined ? undefined : context.document(file)?.roots[0];
  if (file !== undefined && root) context.used(file);
  return root;
}

/** Integrations and authorizers of an OpenAPI definition with API Gateway's extensions; an included file adds to what stands beside it. */
function definition(template: Template, wiring: Wiring, resource: TemplateResource, body: DocNode | undefined, context: ReadContext): void {
  const included = body?.at('Fn::Transform', 'Parameters', 'Location') ?? body?.at('Fn::Transform', 'Parameters', 'location');
  const path = included && template.text(included);
  const file = path === undefined ? undefined : localFile(template, path, context);
  for (const root of [body, file]) if (root) operations(template, wiring, resource, root, context);
}

function operations(template: Template, wiring: Wiring, resource: TemplateResource, root: DocNode, context: ReadContext): void {
  const api = template.reference(resource.id, 'Ref');
  const http = resource.type === 'AWS::Serverless::HttpApi' || resource.type === 'AWS::ApiGatewayV2::Api';
  const source = http ? 'HttpApi' : 'Api';
  const shared = root.at('components', 'x-amazon-apigateway-integrations');
  const layers = resource.type.startsWith('AWS::Serverless::') ? samApi(template, wiring, source, undefined).layers : [];
  const properties = resource.properties ? [...layers, resource.properties] : layers;
  const guard = properties.map((layer) => (http ? undefined : apiGuard(template, layer, root)) ?? certificateGuard(template, layer, api)).findLast((found) => found !== undefined);
  const paths = root.get('paths');
  for (const [route, methods] of paths?.entries ?? []) {
    for (const [method, operation] of methods.entries) {
      const own = operation.get('x-amazon-apigateway-integration');
      const named = own?.get('$ref')?.text();
      const used = named === undefined ? own : shared?.get(named.slice(named.lastIndexOf('/') + 1));
      if (!used) continue;
      const location = methods.keyLocation(method);
      const uri = used.get('uri');
      const defaults = layers.length > 0 || resource.type.startsWith('AWS::Serverless::') ? samDefaultAuth(template, wiring, source, properties, location) : undefined;
      // An API-wide default of SAM is written into every operation that has no security of its own.
      const stated = operation.get('security') ?? operation.get('x-amazon-apigateway-auth');
      const auth = guarded(defaults && !stated ? defaults : operationAuth(template, wiring, root, operation, location), guard);
      if (uri && wiring.attach(template.value(uri), routed(source, location, api, method, route, auth)) > 0) continue;
      linkIntegration(template, wiring, context, { node: used, api, method: verb(method), path: route, location });
    }
  }
  for (const schemes of [root.at('components', 'securitySchemes'), root.get('securityDefinitions')]) {
    for (const scheme of schemes?.entries.values() ?? []) {
      const uri = scheme.at('x-amazon-apigateway-authorizer', 'authorizerUri');
      if (uri) wiring.attach(template.value(uri), trigger('auth', 'Authorizer', uri.location, { resource: api }));
    }
  }
}
