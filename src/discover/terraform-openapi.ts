import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { TemplateValue, Value } from '../model/value.ts';
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
  const source = instance.type === 'aws_api_gateway_rest_api' ? 'Api' : 'HttpApi';
  const location = instance.node.locationOf('body');
  if (body.kind !== 'object') {
    // A text with references in it names its functions only there; which route they serve is not told.
    wiring.attach(body, trigger('http', source, location, { resource: api }));
    return;
  }
  for (const [path, methods] of entries(entryOf(body, 'paths'))) {
    for (const [method, operation] of entries(methods)) {
      const uri = at(operation, 'x-amazon-apigateway-integration', 'uri');
      const verb = method.toUpperCase().replace(/^(?:ANY|X-AMAZON-APIGATEWAY-ANY-METHOD)$/, '*');
      const auth = operationAuth(body, operation, location);
      if (uri) wiring.attach(uri, trigger('http', source, location, { resource: api, filters: [{ kind: 'route', method: verb, path }], ...(auth === undefined ? {} : { auth }) }));
    }
  }
  for (const schemes of [at(body, 'components', 'securitySchemes'), at(body, 'securityDefinitions')]) {
    for (const [, scheme] of entries(schemes)) {
      const uri = at(scheme, 'x-amazon-apigateway-authorizer', 'authorizerUri');
      if (uri) wiring.attach(uri, trigger('auth', 'Authorizer', location, { resource: api }));
    }
  }
}

/**
 * Authorization of one operation: `security`, its own or the definition's, and `x-amazon-apigateway-auth` (API Gateway developer
 * guide, "OpenAPI extensions", read 2026-11). Absent where a scheme is not one that API Gateway enforces.
 */
function operationAuth(body: Value, operation: Value, location: Location): RouteAuth | undefined {
  const own = textOf(at(operation, 'x-amazon-apigateway-auth', 'type'))?.toUpperCase();
  if (own !== undefined && own !== 'NONE') return { kind: 'identity', location };
  const security = at(operation, 'security') ?? (own === 'NONE' ? undefined : at(body, 'security'));
  if (security === undefined) return { kind: 'none', location };
  if (security.kind !== 'array' || security.open) return undefined;
  // Any one of the listed requirements lets a caller in; all schemes of one must.
  const ways = security.items.map((requirement) => entries(requirement).map(([name]) => schemeAuth(body, name, location)));
  if (ways.some((schemes) => schemes.length > 0 && schemes.every((scheme) => scheme === undefined))) return undefined;
  if (ways.length === 0 || ways.some((schemes) => schemes.length === 0)) return { kind: 'none', location };
  const strongest = ways.map((schemes) => schemes.reduce((a, b) => (rank(b) > rank(a) ? b : a)));
  return strongest.reduce((a, b) => (rank(b) < rank(a) ? b : a));
}

const order: readonly (RouteAuth['kind'] | undefined)[] = [undefined, 'none', 'key', 'authorizer', 'identity', 'private'];
const rank = (auth: RouteAuth | undefined): number => order.indexOf(auth?.kind);

function schemeAuth(body: Value, name: string, location: Location): RouteAuth | undefined {
  const scheme = at(body, 'components', 'securitySchemes', name) ?? at(body, 'securityDefinitions', name);
  if (textOf(at(scheme, 'x-amazon-apigateway-authtype'))?.toLowerCase() === 'awssigv4') return { kind: 'identity', location };
  const authorizer = at(scheme, 'x-amazon-apigateway-authorizer');
  if (/^(?:cognito_user_pools|jwt)$/i.test(textOf(at(authorizer, 'type')) ?? '')) return { kind: 'identity', location };
  const uri = at(authorizer, 'authorizerUri');
  if (authorizer) return { kind: 'authorizer', location, ...(uri ? { authorizer: uri } : {}) };
  const isKey = textOf(at(scheme, 'type'))?.toLowerCase() === 'apikey' && textOf(at(scheme, 'name'))?.toLowerCase() === 'x-api-key';
  return isKey ? { kind: 'key', location } : undefined;
}

/** A part of data by its path. */
function at(value: Value | undefined, ...path: readonly string[]): Value | undefined {
  return path.reduce<Value | undefined>((found, name) => (found?.kind === 'object' ? entryOf(found, name) : undefined), value);
}

function entries(value: Value | undefined): readonly (readonly [string, Value])[] {
  return value?.kind === 'object' ? value.entries : [];
}

/** What a JSON or YAML text, or an encoded value, says; references in a text stand in what it says (`templatefile`). */
export function definitionOf(value: Value): Value | undefined {
  if (value.kind === 'derived' && value.what === 'json') return value.from[0];
  if (value.kind === 'template') return ofTemplate(value) ?? value;
  if (value.kind === 'object' || value.kind === 'derived' || value.kind === 'oneOf') return value;
  const text = textOf(value);
  if (text === undefined || text.trim() === '') return undefined;
  const root = parseDocument('', text).roots[0];
  return root && fromData(dataOf(root, 0));
}

const MAX_PARTS = 2_000;

/** A text with references as data: each stands there as a mark while the text is parsed. `undefined`: it is no data. */
function ofTemplate(value: TemplateValue): Value | undefined {
  if (value.parts.length > MAX_PARTS) return undefined;
  const mark = (index: number): string => `\u{e000}${index}\u{e001}`;
  const text = value.parts.map((part, index) => (part.kind === 'literal' ? String(part.value) : mark(index))).join('');
  if (!/^\s{0,200}(?:\{|[A-Za-z"'#-])/.test(text) || !/["']?paths["']?\s{0,20}:/.test(text)) return undefined;
  const document = parseDocument('', text);
  const [root] = document.roots;
  return root?.kind === 'map' && document.errors.length === 0 ? withParts(fromData(dataOf(root, 0)), value.parts) : undefined;
}

function withParts(value: Value, parts: readonly Value[]): Value {
  if (value.kind === 'object') return { ...value, entries: value.entries.map(([name, one]) => [name, withParts(one, parts)] as const) };
  if (value.kind === 'array') return { ...value, items: value.items.map((one) => withParts(one, parts)) };
  if (value.kind !== 'literal' || typeof value.value !== 'string' || !value.value.includes('\u{e000}')) return value;
  const pieces = value.value.split(/\u{e000}(\d{1,5})\u{e001}/u).map((piece, index): Value => (index % 2 === 0 ? { kind: 'literal', value: piece } : parts[Number(piece)] ?? { kind: 'literal', value: '' }));
  const kept = pieces.filter((piece) => piece.kind !== 'literal' || piece.value !== '');
  return kept.length === 1 && kept[0] !== undefined ? kept[0] : { kind: 'template', parts: kept };
}

function dataOf(node: DocNode, depth: number): unknown {
  if (depth > 100) return null;
  if (node.kind === 'list') return node.items.map((item) => dataOf(item, depth + 1));
  if (node.kind === 'scalar') return node.scalar;
  const data: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, child] of node.entries) data[name] = dataOf(child, depth + 1);
  return data;
}
