import type { Value } from '../model/value.ts';
import { trigger } from './cloudformation-triggers.ts';
import { parseDocument } from './document.ts';
import { entryOf, fromData, textOf } from './hcl-values.ts';
import type { ResourceInstance } from './terraform-module.ts';
import type { TerraformWiring } from './terraform-wiring.ts';
import type { DocNode } from './document.ts';

/** Routes and authorizers of an API whose `body` is an OpenAPI definition with API Gateway's extensions. */
export function openApiRoutes(instance: ResourceInstance, api: Value, wiring: TerraformWiring): void {
  const body = definitionOf(instance.node.whole('body'));
  if (!body) return;
  if (body.kind !== 'object') {
    // A text with references in it names its functions only there; which route they serve is not told.
    wiring.attach(body, trigger('http', instance.type === 'aws_api_gateway_rest_api' ? 'Api' : 'HttpApi', instance.node.locationOf('body'), { resource: api }));
    return;
  }
  const source = instance.type === 'aws_api_gateway_rest_api' ? 'Api' : 'HttpApi';
  const location = instance.node.locationOf('body');
  for (const [path, methods] of entries(entryOf(body, 'paths'))) {
    for (const [method, operation] of entries(methods)) {
      const integration = operation.kind === 'object' ? entryOf(operation, 'x-amazon-apigateway-integration') : undefined;
      const uri = integration?.kind === 'object' ? entryOf(integration, 'uri') : undefined;
      const verb = method.toUpperCase().replace(/^(?:ANY|X-AMAZON-APIGATEWAY-ANY-METHOD)$/, '*');
      if (uri) wiring.attach(uri, trigger('http', source, location, { resource: api, filters: [{ kind: 'route', method: verb, path }] }));
    }
  }
  const components = entryOf(body, 'components');
  for (const schemes of [components?.kind === 'object' ? entryOf(components, 'securitySchemes') : undefined, entryOf(body, 'securityDefinitions')]) {
    for (const [, scheme] of entries(schemes)) {
      const authorizer = scheme.kind === 'object' ? entryOf(scheme, 'x-amazon-apigateway-authorizer') : undefined;
      const uri = authorizer?.kind === 'object' ? entryOf(authorizer, 'authorizerUri') : undefined;
      if (uri) wiring.attach(uri, trigger('auth', 'Authorizer', location, { resource: api }));
    }
  }
}

function entries(value: Value | undefined): readonly (readonly [string, Value])[] {
  return value?.kind === 'object' ? value.entries : [];
}

/** What a JSON or YAML text, or an encoded value, says. */
export function definitionOf(value: Value): Value | undefined {
  if (value.kind === 'derived' && value.what === 'json') return value.from[0];
  if (value.kind === 'object' || value.kind === 'template' || value.kind === 'derived' || value.kind === 'oneOf') return value;
  const text = textOf(value);
  if (text === undefined || text.trim() === '') return undefined;
  const root = parseDocument('', text).roots[0];
  return root && fromData(dataOf(root, 0));
}

function dataOf(node: DocNode, depth: number): unknown {
  if (depth > 100) return null;
  if (node.kind === 'list') return node.items.map((item) => dataOf(item, depth + 1));
  if (node.kind === 'scalar') return node.scalar;
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, child] of node.entries) data[name] = dataOf(child, depth + 1);
  return data;
}
