import type { Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { trigger } from './cloudformation-triggers.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

/** Gives functions the HTTP and WebSocket routes that API resources declare. */
export function wireApi(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  if (!properties) return;
  switch (resource.type) {
    case 'AWS::ApiGateway::Method': {
      const uri = properties.at('Integration', 'Uri');
      if (uri) wiring.attach(template.value(uri), routed('http', 'Api', resource.location, template.value(properties.get('RestApiId')), template.text(properties.get('HttpMethod')), restPath(template, properties.get('ResourceId'))));
      break;
    }
    case 'AWS::ApiGatewayV2::Integration': integration(template, wiring, resource); break;
    case 'AWS::ApiGatewayV2::Api': {
      const target = properties.get('Target');
      if (target) wiring.attach(template.value(target), routed('http', 'HttpApi', resource.location, template.reference(resource.id, 'Ref'), '*', '*'));
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

function routed(kind: 'http', source: string, location: Location, resource: Value, method: string | undefined, path: string | undefined): Trigger {
  const verb = (method ?? '*').toUpperCase().replace(/^(?:ANY|X-AMAZON-APIGATEWAY-ANY-METHOD)$/, '*');
  return trigger(kind, source, location, { resource, filters: [{ kind: 'route', method: verb, path: path ?? '*' }] });
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
function integration(template: Template, wiring: Wiring, resource: TemplateResource): void {
  const uri = template.value(resource.properties?.get('IntegrationUri'));
  const api = template.value(resource.properties?.get('ApiId'));
  if (wiring.functions(uri).length === 0) return;
  let routes = 0;
  for (const other of routesOf(template).get(resource.id) ?? []) {
    routes++;
    const key = template.text(other.properties?.get('RouteKey')) ?? '*';
    const [first = '*', second] = key.split(' ', 2);
    if (second !== undefined) wiring.attach(uri, routed('http', 'HttpApi', other.location, api, first, second));
    else wiring.attach(uri, routed('http', isWebSocket(template, api) ? 'WebSocket' : 'HttpApi', other.location, api, '*', key === '$default' && !isWebSocket(template, api) ? '*' : key));
  }
  if (routes === 0) wiring.attach(uri, trigger('http', isWebSocket(template, api) ? 'WebSocket' : 'HttpApi', resource.location, { resource: api }));
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
  for (const route of template.resources.values()) {
    if (route.type !== 'AWS::ApiGatewayV2::Route') continue;
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

/** Integrations and authorizers of an OpenAPI definition with API Gateway's extensions. */
function definition(template: Template, wiring: Wiring, resource: TemplateResource, body: DocNode | undefined, context: ReadContext): void {
  const included = body?.at('Fn::Transform', 'Parameters', 'Location') ?? body?.at('Fn::Transform', 'Parameters', 'location');
  const path = included && template.text(included);
  const root = path === undefined ? body : localFile(template, path, context);
  if (!root) return;
  const api = template.reference(resource.id, 'Ref');
  const source = resource.type === 'AWS::Serverless::HttpApi' || resource.type === 'AWS::ApiGatewayV2::Api' ? 'HttpApi' : 'Api';
  const shared = root.at('components', 'x-amazon-apigateway-integrations');
  const paths = root.get('paths');
  for (const [route, methods] of paths?.entries ?? []) {
    for (const [method, operation] of methods.entries) {
      const own = operation.get('x-amazon-apigateway-integration');
      const named = own?.get('$ref')?.text();
      const used = named === undefined ? own : shared?.get(named.slice(named.lastIndexOf('/') + 1));
      const uri = used?.get('uri');
      if (uri) wiring.attach(template.value(uri), routed('http', source, methods.keyLocation(method), api, method, route));
    }
  }
  for (const schemes of [root.at('components', 'securitySchemes'), root.get('securityDefinitions')]) {
    for (const scheme of schemes?.entries.values() ?? []) {
      const uri = scheme.at('x-amazon-apigateway-authorizer', 'authorizerUri');
      if (uri) wiring.attach(template.value(uri), trigger('auth', 'Authorizer', uri.location, { resource: api }));
    }
  }
}
