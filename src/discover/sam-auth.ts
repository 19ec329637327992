import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { apiGuard, authorizerOf, guarded } from './cloudformation-auth.ts';
import type { ApiGuard } from './cloudformation-auth.ts';
import { certificateGuard } from './cloudformation-mutual-tls.ts';
import { samPolicyGuard } from './cloudformation-policy.ts';
import type { Template } from './cloudformation-template.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';

/** An API's properties, what `Globals` say of its kind first. */
interface ApiLayers {
  /** The template that declares the API. */
  readonly owner: Template;
  readonly layers: readonly DocNode[];
  /** The API is not declared here: its defaults are not known. */
  readonly elsewhere: boolean;
}

/** Properties of an explicit API, or of the implicit one when an event names none (SAM specification, "ApiAuth", "HttpApiAuth", read 2026-11). */
export function samApi(template: Template, wiring: Wiring, type: 'Api' | 'HttpApi', id: DocNode | undefined): ApiLayers {
  const common = (owner: Template): readonly DocNode[] => {
    const globals = owner.root.at('Globals', type);
    return globals ? [globals] : [];
  };
  const value = template.value(id);
  if (isNothing(value)) return { owner: template, layers: common(template), elsewhere: false };
  const owner = value.kind === 'resource' ? wiring.templates.get(value.unit) : undefined;
  const declared = owner && value.kind === 'resource' ? owner.resources.get(value.id) : undefined;
  if (owner && declared?.type === `AWS::Serverless::${type}`) return { owner, layers: declared.properties ? [...common(owner), declared.properties] : common(owner), elsewhere: false };
  const implicit = owner && value.kind === 'resource' && /^Serverless(?:Rest|Http)Api$/.test(value.id);
  return implicit ? { owner, layers: common(owner), elsewhere: false } : { owner: template, layers: [], elsewhere: true };
}

/** Who may call the route of an `Api` or `HttpApi` event. */
export function samRouteAuth(template: Template, wiring: Wiring, type: 'Api' | 'HttpApi', properties: DocNode | undefined, route: Location): RouteAuth | undefined {
  const api = samApi(template, wiring, type, properties?.get(type === 'Api' ? 'RestApiId' : 'ApiId'));
  const auth = properties?.get('Auth');
  const own = auth?.get('ResourcePolicy');
  const policy: ApiGuard | undefined = own && auth ? { kind: samPolicyGuard(template, own), location: auth.keyLocation('ResourcePolicy') } : undefined;
  return guarded(checked(template, wiring, api, auth, route), policy ?? layerGuard(api, template.value(properties?.get(type === 'Api' ? 'RestApiId' : 'ApiId'))));
}

/** What the API gives a route of its definition that says nothing itself; `undefined` where it gives nothing. */
export function samDefaultAuth(template: Template, wiring: Wiring, type: 'Api' | 'HttpApi', layers: readonly DocNode[], route: Location): RouteAuth | undefined {
  const auth = checked(template, wiring, { owner: template, layers, elsewhere: false }, undefined, route);
  return auth?.kind === 'none' ? undefined : auth;
}

function layerGuard(api: ApiLayers, id: Value): ApiGuard | undefined {
  for (const layer of [...api.layers].reverse()) {
    const guard = apiGuard(api.owner, layer) ?? certificateGuard(api.owner, layer, id);
    if (guard) return guard;
  }
  return undefined;
}

function checked(template: Template, wiring: Wiring, api: ApiLayers, auth: DocNode | undefined, route: Location): RouteAuth | undefined {
  const found = stated(template, auth, 'Authorizer') ?? defaultOf(api, 'DefaultAuthorizer');
  const value = found && found.owner.value(found.node);
  if (found && value && !isNothing(value)) {
    const name = found.owner.text(found.node);
    if (name === undefined) return undefined;
    if (name !== 'NONE') return named(wiring, api, name, found.location);
  }
  const key = stated(template, auth, 'ApiKeyRequired') ?? defaultOf(api, 'ApiKeyRequired');
  const required = key && key.owner.boolean(key.node);
  if (key && required === true) return { kind: 'key', location: key.location };
  if (key && required === undefined) return undefined;
  // An API of another template may have a default authorizer.
  if (api.elsewhere && !found) return undefined;
  return { kind: 'none', location: found?.location ?? route };
}

interface Found { readonly owner: Template; readonly node: DocNode; readonly location: Location }

function stated(owner: Template, holder: DocNode | undefined, name: string): Found | undefined {
  const node = holder?.get(name);
  return holder && node ? { owner, node, location: holder.keyLocation(name) } : undefined;
}

function defaultOf(api: ApiLayers, name: string): Found | undefined {
  for (const layer of [...api.layers].reverse()) {
    const found = stated(api.owner, layer.get('Auth'), name);
    if (found) return found;
  }
  return undefined;
}

function named(wiring: Wiring, api: ApiLayers, name: string, location: Location): RouteAuth {
  if (name === 'AWS_IAM') return { kind: 'identity', location };
  const declared = api.layers.map((layer) => layer.at('Auth', 'Authorizers', name)).findLast((node) => node !== undefined);
  if (declared?.get('UserPoolArn') || declared?.get('JwtConfiguration') || declared?.get('OpenIdConnectUrl')) return { kind: 'identity', location };
  const fn = declared?.get('FunctionArn');
  return { kind: 'authorizer', location, authorizer: fn ? authorizerOf(api.owner, wiring, api.owner.value(fn)) : literal(name) };
}
