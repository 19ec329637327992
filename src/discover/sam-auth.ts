import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import { apiGuard, authorizerOf, guarded } from './cloudformation-auth.ts';
import type { ApiGuard } from './cloudformation-auth.ts';
import { samPolicyGuard } from './cloudformation-policy.ts';
import type { Template } from './cloudformation-template.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';

/** An API's properties, what `Globals` say of its kind first. */
interface ApiLayers {
  readonly layers: readonly DocNode[];
  /** The API is not declared here: its defaults are not known. */
  readonly elsewhere: boolean;
}

/** Properties of an explicit API, or of the implicit one when an event names none (SAM specification, "ApiAuth", "HttpApiAuth", read 2026-11). */
export function samApi(template: Template, type: 'Api' | 'HttpApi', id: DocNode | undefined): ApiLayers {
  const globals = template.root.at('Globals', type);
  const common = globals ? [globals] : [];
  if (!id || isNothing(template.value(id))) return { layers: common, elsewhere: false };
  const value = template.value(id);
  const resource = value.kind === 'resource' && value.unit === template.unit ? template.resources.get(value.id) : undefined;
  if (resource?.type !== `AWS::Serverless::${type}`) return { layers: [], elsewhere: value.kind !== 'resource' || !/^Serverless(?:Rest|Http)Api$/.test(value.id) };
  return { layers: resource.properties ? [...common, resource.properties] : common, elsewhere: false };
}

/** Who may call the route of an `Api` or `HttpApi` event. */
export function samRouteAuth(template: Template, wiring: Wiring, type: 'Api' | 'HttpApi', properties: DocNode | undefined, route: Location): RouteAuth | undefined {
  const api = samApi(template, type, properties?.get(type === 'Api' ? 'RestApiId' : 'ApiId'));
  const auth = properties?.get('Auth');
  const own = auth?.get('ResourcePolicy');
  const policy: ApiGuard | undefined = own && auth ? { kind: samPolicyGuard(template, own), location: auth.keyLocation('ResourcePolicy') } : undefined;
  return guarded(checked(template, wiring, api, auth, route), policy ?? layerGuard(template, api));
}

/** What the API gives a route of its definition that says nothing itself; `undefined` where it gives nothing. */
export function samDefaultAuth(template: Template, wiring: Wiring, type: 'Api' | 'HttpApi', layers: readonly DocNode[], route: Location): RouteAuth | undefined {
  const auth = checked(template, wiring, { layers, elsewhere: false }, undefined, route);
  return auth?.kind === 'none' ? undefined : auth;
}

export function layerGuard(template: Template, api: ApiLayers): ApiGuard | undefined {
  for (const layer of [...api.layers].reverse()) {
    const guard = apiGuard(template, layer);
    if (guard) return guard;
  }
  return undefined;
}

function checked(template: Template, wiring: Wiring, api: ApiLayers, auth: DocNode | undefined, route: Location): RouteAuth | undefined {
  const found = stated(auth, 'Authorizer') ?? defaultOf(api, 'DefaultAuthorizer');
  const value = found && template.value(found.node);
  if (found && value && !isNothing(value)) {
    const name = template.text(found.node);
    if (name === undefined) return undefined;
    if (name !== 'NONE') return named(template, wiring, api, name, found.location);
  }
  const key = stated(auth, 'ApiKeyRequired') ?? defaultOf(api, 'ApiKeyRequired');
  if (key && template.boolean(key.node) === true) return { kind: 'key', location: key.location };
  if (key && template.boolean(key.node) === undefined) return undefined;
  // An API of another template may have a default authorizer.
  if (api.elsewhere && !found) return undefined;
  return { kind: 'none', location: found?.location ?? route };
}

interface Found { readonly node: DocNode; readonly location: Location }

function stated(holder: DocNode | undefined, name: string): Found | undefined {
  const node = holder?.get(name);
  return holder && node ? { node, location: holder.keyLocation(name) } : undefined;
}

function defaultOf(api: ApiLayers, name: string): Found | undefined {
  for (const layer of [...api.layers].reverse()) {
    const found = stated(layer.get('Auth'), name);
    if (found) return found;
  }
  return undefined;
}

function named(template: Template, wiring: Wiring, api: ApiLayers, name: string, location: Location): RouteAuth {
  if (name === 'AWS_IAM') return { kind: 'identity', location };
  const declared = api.layers.map((layer) => layer.at('Auth', 'Authorizers', name)).findLast((node) => node !== undefined);
  if (declared?.get('UserPoolArn') || declared?.get('JwtConfiguration') || declared?.get('OpenIdConnectUrl')) return { kind: 'identity', location };
  const fn = declared?.get('FunctionArn');
  return { kind: 'authorizer', location, authorizer: fn ? authorizerOf(template, wiring, template.value(fn)) : literal(name) };
}
