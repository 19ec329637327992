import { madeOf, optionsOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { RouteAuth, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import type { CdkApp } from './cdk-app.ts';
import { listOf } from './cdk-functions.ts';
import { fullName, lastStep, memberName } from './cdk-names.ts';
import { attach, link } from './cdk-triggers.ts';

interface Route { readonly api: Value; readonly method: string; readonly path: string; readonly auth: RouteAuth | undefined; readonly source: string; readonly location: Location }

/** Hands a route to the function of its integration, or links the API to the resource that it calls itself. */
function integrate(app: CdkApp, given: Sym | undefined, route: Route, holder?: { readonly api: Made; readonly options: readonly Sym[] }): void {
  const integration = given && given.kind !== 'literal' ? given : [...holder?.options ?? []].reverse().map((one) => slot(one, 'defaultIntegration')?.value).find((one) => one !== undefined);
  // A `LambdaRestApi` hands to its function whatever has no integration of its own.
  if (!integration && holder && /LambdaRestApi$/.test(lastStep(holder.api))) {
    attach(app, app.prop(holder.api, 'handler')?.value, httpTrigger(route));
    return;
  }
  for (const one of integration ? optionsOf(integration) : []) {
    const made = madeOf(one);
    if (!made) continue;
    const trigger = httpTrigger(route);
    // `new LambdaIntegration(fn)`, `new HttpLambdaIntegration('id', fn)`, `new LambdaProxyIntegration({ handler: fn })`.
    const candidates = [...made.args, ...made.args.map((arg) => slot(arg, 'handler')?.value), slot(made.args[0], 'uri')?.value];
    if (candidates.some((candidate) => attach(app, candidate, trigger))) continue;
    const target = madeOf(made.args[0]) ?? madeOf(made.args[1]) ?? madeOf(slot(made.args[0], 'stateMachine')?.value);
    if (target && app.resources.has(target)) link(app, 'integration', route.api, app.value(target), route.location, [{ kind: 'route', method: route.method, path: route.path }]);
  }
}

function httpTrigger(route: Route): Trigger {
  return { kind: 'http', source: route.source, resource: route.api, location: route.location, filters: [{ kind: 'route', method: route.method, path: route.path }], ...(route.auth ? { auth: route.auth } : {}) };
}

const anyMethod = (method: string | undefined): string => (method ?? '*').toUpperCase().replace(/^ANY$/, '*');

/** The API and the path of `api.root.addResource('a').addResource('{id}')`. */
function restResource(app: CdkApp, sym: Sym | undefined, depth = 0): { readonly api: Made; readonly path: string; readonly options: readonly Sym[] } | undefined {
  if (sym === undefined || depth > 40) return undefined;
  if (sym.kind === 'attribute') return restResource(app, sym.of, depth + 1);
  if (sym.kind === 'oneOf') return restResource(app, sym.options.find((one) => one.kind !== 'literal'), depth + 1);
  const made = madeOf(sym);
  if (!made) return undefined;
  if (made.form === 'call' && made.receiver) {
    const above = restResource(app, made.receiver, depth + 1);
    const step = lastStep(made);
    if (!above) return undefined;
    const part = step === 'addResource' || step === 'resourceForPath' ? (textOf(made.args[0]) ?? '*').replace(/^\/|\/$/g, '') : step === 'addProxy' ? '{proxy+}' : undefined;
    const options = made.args[step === 'addProxy' ? 0 : 1];
    return part === undefined ? above : { api: above.api, path: part === '' ? above.path : `${above.path}/${part}`, options: options ? [...above.options, options] : above.options };
  }
  if (/^aws-apigateway\.(?:Resource|ProxyResource)$/.test(fullName(made))) {
    const above = restResource(app, app.prop(made, 'parent')?.value, depth + 1);
    return above && { ...above, path: `${above.path}/${app.text(made, 'pathPart') ?? '{proxy+}'}` };
  }
  const props = app.props(made);
  return { api: made, path: '', options: props ? [props] : [] };
}

/** Authentication of a REST method: its own options, then what the resources above and the API say. */
function restAuth(app: CdkApp, api: Made, options: readonly (Sym | undefined)[], location: Location): RouteAuth | undefined {
  const own = methodAuth(app, options, location);
  if (own?.kind !== 'none' && own?.kind !== 'key') return own;
  const types = app.prop(api, 'endpointTypes') ?? slot(app.prop(api, 'endpointConfiguration')?.value, 'types');
  if (listOf(types?.value).some((item) => memberName(item, 'EndpointType') === 'PRIVATE')) return { kind: 'private', location: types?.place ? app.location(types.place) : location };
  // A policy of the whole API may let only some callers through.
  return app.prop(api, 'policy') ? undefined : own;
}

function methodAuth(app: CdkApp, options: readonly (Sym | undefined)[], location: Location): RouteAuth | undefined {
  const spot = (place: { readonly file: string; readonly start: number; readonly end: number } | undefined): Location => (place ? app.location(place) : location);
  for (const holder of options) {
    const type = slot(holder, 'authorizationType');
    const authorizer = slot(holder, 'authorizer');
    const key = slot(holder, 'apiKeyRequired');
    const name = memberName(type?.value, 'AuthorizationType') ?? textOf(type?.value);
    if (name === 'NONE') return { kind: key?.value.kind === 'literal' && key.value.value === true ? 'key' : 'none', location: spot(type?.place) };
    if (name === 'IAM' || name === 'AWS_IAM' || name === 'COGNITO' || name === 'COGNITO_USER_POOLS') return { kind: 'identity', location: spot(type?.place) };
    const made = madeOf(authorizer?.value);
    if (made) {
      const step = lastStep(made);
      const kind = /Cognito|UserPool|Jwt|Iam/i.test(step) ? 'identity' as const : 'authorizer' as const;
      return { kind, location: spot(authorizer?.place), ...(kind === 'authorizer' ? { authorizer: app.value(authorizer?.value) } : {}) };
    }
    if (name === 'CUSTOM' || (authorizer && authorizer.value.kind !== 'literal')) return authorizer?.value.kind === 'unknown' ? undefined : { kind: 'authorizer', location: spot(authorizer?.place ?? type?.place) };
    if (key?.value.kind === 'literal' && key.value.value === true) return { kind: 'key', location: spot(key.place) };
    if (type && name === undefined) return undefined;
  }
  return { kind: 'none', location };
}

/** `defaultMethodOptions` of the API and of the resources above, nearest first. */
const defaults = (options: readonly Sym[]): readonly (Sym | undefined)[] => [...options].reverse().map((one) => slot(one, 'defaultMethodOptions')?.value);

/** Routes of REST, HTTP and WebSocket APIs; false when the call is none of theirs. */
export function wireRoute(app: CdkApp, made: Made): boolean {
  const name = fullName(made);
  const step = lastStep(made);
  const location = app.location(made.place);
  if (made.form === 'call') {
    switch (step) {
      case 'addMethod': {
        const holder = restResource(app, made.receiver);
        if (!holder) return false;
        integrate(app, made.args[1], { api: app.value(holder.api), method: anyMethod(textOf(made.args[0])), path: holder.path === '' ? '/' : holder.path, source: 'Api', location, auth: restAuth(app, holder.api, [made.args[2], ...defaults(holder.options)], location) }, holder);
        return true;
      }
      case 'addProxy': {
        const holder = restResource(app, made);
        const any = slot(made.args[0], 'anyMethod')?.value;
        if (!holder || (any?.kind === 'literal' && any.value === false)) return true;
        integrate(app, undefined, { api: app.value(holder.api), method: '*', path: holder.path, source: 'Api', location, auth: restAuth(app, holder.api, defaults(holder.options), location) }, holder);
        return true;
      }
      case 'addRoutes': {
        const api = madeOf(made.receiver);
        const options = made.args[0];
        const methods = listOf(slot(options, 'methods')?.value).map((item) => anyMethod(memberName(item, 'HttpMethod') ?? textOf(item)));
        for (const method of methods.length === 0 ? ['*'] : methods) httpRoute(app, api, options, method, textOf(slot(options, 'path')?.value) ?? '*', location);
        return true;
      }
      case 'addRoute': {
        const options = made.args[1];
        if (!slot(options, 'integration')) return false;
        integrate(app, slot(options, 'integration')?.value, { api: app.value(made.receiver), method: '*', path: textOf(made.args[0]) ?? '*', source: 'WebSocketApi', location, auth: undefined });
        return true;
      }
      case 'addFunctionUrl': {
        functionUrl(app, made.receiver, made.args[0], location);
        return true;
      }
      default: return false;
    }
  }
  switch (name) {
    case 'aws-lambda.FunctionUrl': functionUrl(app, app.prop(made, 'function')?.value, app.props(made), location); return true;
    case 'aws-apigateway.LambdaRestApi': {
      const proxy = app.prop(made, 'proxy')?.value;
      if (proxy?.kind === 'literal' && proxy.value === false) return true;
      const options = app.props(made);
      attach(app, app.prop(made, 'handler')?.value, { kind: 'http', source: 'Api', resource: app.value(made), location, filters: [{ kind: 'route', method: '*', path: '/{proxy+}' }], ...auth(restAuth(app, made, [slot(options, 'defaultMethodOptions')?.value], location)) });
      return true;
    }
    case 'aws-apigateway.Method': {
      const holder = restResource(app, app.prop(made, 'resource')?.value);
      if (holder) integrate(app, app.prop(made, 'integration')?.value, { api: app.value(holder.api), method: anyMethod(app.text(made, 'httpMethod')), path: holder.path || '/', source: 'Api', location, auth: restAuth(app, holder.api, [app.prop(made, 'options')?.value, ...defaults(holder.options)], location) });
      return true;
    }
    case 'aws-apigatewayv2.HttpRoute': {
      const key = madeOf(app.prop(made, 'routeKey')?.value);
      const method = memberName(key?.args[1], 'HttpMethod');
      httpRoute(app, madeOf(app.prop(made, 'httpApi')?.value), app.props(made), anyMethod(method), textOf(key?.args[0]) ?? '*', location);
      return true;
    }
    case 'aws-apigatewayv2.HttpApi':
      integrate(app, app.prop(made, 'defaultIntegration')?.value, { api: app.value(made), method: '*', path: '*', source: 'HttpApi', location, auth: httpAuth(app, undefined, made, location) });
      return true;
    case 'aws-apigatewayv2.WebSocketApi':
      for (const [option, path] of [['connectRouteOptions', '$connect'], ['disconnectRouteOptions', '$disconnect'], ['defaultRouteOptions', '$default']] as const) {
        const options = app.prop(made, option)?.value;
        integrate(app, slot(options, 'integration')?.value, { api: app.value(made), method: '*', path, source: 'WebSocketApi', location: app.at(made, option), auth: path === '$connect' ? socketAuth(app, options, location) : undefined });
      }
      return true;
    case 'aws-apigatewayv2.WebSocketRoute':
      integrate(app, app.prop(made, 'integration')?.value, { api: app.value(app.prop(made, 'webSocketApi')?.value), method: '*', path: app.text(made, 'routeKey') ?? '*', source: 'WebSocketApi', location, auth: app.text(made, 'routeKey') === '$connect' ? socketAuth(app, app.props(made), location) : undefined });
      return true;
    default: break;
  }
  if (/^aws-apigateway(?:v2-authorizers|v2)?\.\w*Authorizer$/.test(name)) {
    const targets = [app.prop(made, 'handler')?.value, app.prop(made, 'authorizerUri')?.value, made.args[1], made.args[0]?.kind === 'record' ? slot(made.args[0], 'handler')?.value : undefined];
    targets.some((target) => attach(app, target, { kind: 'auth', source: 'Authorizer', filters: [], location, resource: app.value(made) }));
    return true;
  }
  return false;
}

const auth = (found: RouteAuth | undefined): { readonly auth?: RouteAuth } => (found ? { auth: found } : {});

function httpRoute(app: CdkApp, api: Made | undefined, options: Sym | undefined, method: string, path: string, location: Location): void {
  integrate(app, slot(options, 'integration')?.value, { api: app.value(api), method, path, source: 'HttpApi', location, auth: httpAuth(app, options, api, location) });
}

function httpAuth(app: CdkApp, options: Sym | undefined, api: Made | undefined, location: Location): RouteAuth | undefined {
  const own = slot(options, 'authorizer') ?? (api && app.prop(api, 'defaultAuthorizer'));
  if (!own || (own.value.kind === 'literal' && own.value.value === undefined)) return { kind: 'none', location };
  const made = madeOf(own.value);
  const step = made ? lastStep(made) : '';
  const at = own.place ? app.location(own.place) : location;
  if (/NoneAuthorizer$/.test(step)) return { kind: 'none', location: at };
  if (/Jwt|UserPool|Iam|Cognito/i.test(step)) return { kind: 'identity', location: at };
  return made ? { kind: 'authorizer', location: at, authorizer: app.value(own.value) } : undefined;
}

/** Who may connect: the other routes of a web socket carry no check of their own. */
const socketAuth = (app: CdkApp, options: Sym | undefined, location: Location): RouteAuth | undefined => (slot(options, 'authorizer') ? httpAuth(app, options, undefined, location) : { kind: 'none', location });

function functionUrl(app: CdkApp, target: Sym | undefined, options: Sym | undefined, location: Location): void {
  const type = slot(options, 'authType');
  const name = memberName(type?.value, 'FunctionUrlAuthType') ?? textOf(type?.value);
  // Without a type the CDK asks for signed requests (FunctionUrlOptions, read 2026-11).
  const kind = type === undefined || name === 'AWS_IAM' ? 'identity' as const : name === 'NONE' ? 'none' as const : undefined;
  attach(app, target, { kind: 'url', source: 'FunctionUrl', filters: [], location, ...(kind ? { auth: { kind, location: type?.place ? app.location(type.place) : location } } : {}) });
}
