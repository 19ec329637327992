import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { authorizerOf } from './cloudformation-auth.ts';
import type { Template } from './cloudformation-template.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';

/**
 * Authorization of one operation of an OpenAPI definition: `security`, its own or the definition's, and `x-amazon-apigateway-auth` (API
 * Gateway developer guide, "OpenAPI extensions", read 2026-11). Absent where a scheme is not one that API Gateway enforces.
 */
export function operationAuth(template: Template, wiring: Wiring, root: DocNode, operation: DocNode, route: Location): RouteAuth | undefined {
  const own = operation.get('x-amazon-apigateway-auth');
  if (own) {
    const type = template.text(own.get('type'))?.toUpperCase();
    const location = operation.keyLocation('x-amazon-apigateway-auth');
    if (type === undefined) return undefined;
    if (type !== 'NONE') return { kind: 'identity', location };
    if (!operation.get('security')) return { kind: 'none', location };
  }
  const holder = operation.get('security') ? operation : root;
  const security = holder.get('security');
  if (!security) return { kind: 'none', location: route };
  const location = holder.keyLocation('security');
  if (security.kind !== 'list') return undefined;
  const ways = security.items.map((requirement) => strongest([...requirement.entries.keys()].map((name) => schemeAuth(template, wiring, root, name, location)), location));
  if (ways.some((way) => way === undefined)) return undefined;
  // Any one of the listed requirements lets a caller in.
  return ways.reduce<RouteAuth | undefined>((weakest, way) => (weakest === undefined || (way !== undefined && rank(way) < rank(weakest)) ? way : weakest), undefined) ?? { kind: 'none', location };
}

const order: readonly RouteAuth['kind'][] = ['none', 'key', 'authorizer', 'identity', 'private'];
const rank = (auth: RouteAuth): number => order.indexOf(auth.kind);

/** All schemes of one requirement must let a caller in. */
function strongest(schemes: readonly (RouteAuth | undefined)[], location: Location): RouteAuth | undefined {
  const known = schemes.filter((scheme) => scheme !== undefined);
  if (schemes.length === 0) return { kind: 'none', location };
  const best = known.reduce<RouteAuth | undefined>((found, scheme) => (found === undefined || rank(scheme) > rank(found) ? scheme : found), undefined);
  return known.length === schemes.length || (best && rank(best) > 1) ? best : undefined;
}

function schemeAuth(template: Template, wiring: Wiring, root: DocNode, name: string, location: Location): RouteAuth | undefined {
  const scheme = root.at('components', 'securitySchemes', name) ?? root.at('securityDefinitions', name);
  if (!scheme) return undefined;
  const kind = template.text(scheme.get('x-amazon-apigateway-authtype'))?.toLowerCase();
  if (kind === 'awssigv4') return { kind: 'identity', location };
  const authorizer = scheme.get('x-amazon-apigateway-authorizer');
  const type = template.text(authorizer?.get('type'))?.toLowerCase();
  if (type === 'cognito_user_pools' || type === 'jwt') return { kind: 'identity', location };
  const uri = authorizer?.get('authorizerUri');
  if (uri) return { kind: 'authorizer', location, authorizer: authorizerOf(template, wiring, template.value(uri)) };
  if (authorizer) return { kind: 'authorizer', location };
  const isKey = template.text(scheme.get('type'))?.toLowerCase() === 'apikey' && template.text(scheme.get('name'))?.toLowerCase() === 'x-api-key';
  return isKey ? { kind: 'key', location } : undefined;
}
