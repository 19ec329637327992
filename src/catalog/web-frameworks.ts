import type { Callee } from '../model/project.ts';
import { normalName } from './look-up.ts';

/**
 * Packages in which an application registers routes by a method for each verb, and what they are called.
 * Sources (November 2026): documentation of Express 5, Fastify 5, @koa/router 14, Hono 4, itty-router 5, Polka, restify 11, lambda-api 1,
 * Powertools for AWS Lambda (TypeScript) event handler 2, Elysia 1, find-my-way 9, h3 1, tinyhttp 2.
 */
const frameworks: ReadonlyMap<string, string> = new Map([
  ['express', 'Express'], ['ultimate-express', 'Express'], ['express-promise-router', 'Express'], ['fastify', 'Fastify'], ['koa-router', 'Koa'], ['@koa/router', 'Koa'], ['hono', 'Hono'], ['hono/tiny', 'Hono'], ['hono/quick', 'Hono'],
  ['@hono/zod-openapi', 'Hono'], ['itty-router', 'itty-router'], ['polka', 'Polka'], ['restify', 'restify'], ['restify-router', 'restify'], ['lambda-api', 'lambda-api'], ['elysia', 'Elysia'], ['h3', 'h3'], ['@tinyhttp/app', 'tinyhttp'],
  ['@aws-lambda-powertools/event-handler/http', 'Powertools'], ['@aws-lambda-powertools/event-handler/experimental-rest', 'Powertools'], ['@aws-lambda-powertools/event-handler/rest', 'Powertools'], ['worktop', 'worktop'], ['find-my-way', 'find-my-way'],
]);
const verbs = /^(?:get|post|put|patch|delete|del|options|head|all|any|opts)$/;

export interface RouteCall {
  readonly framework: string;
  /** `route`: registers one, of the verb. `mount`: puts a router under a path. `options`: registers one that is described by an object. */
  readonly does: 'route' | 'mount' | 'options';
  /** In capitals; `*` for any. */
  readonly verb: string;
}

/** What a call of a web framework registers; `undefined` for anything else. Pure. */
export function routeCallOf(callee: Callee): RouteCall | undefined {
  const { module, path, method } = normalName(callee);
  const framework = frameworks.get(module);
  if (framework === undefined || path.length === 0) return undefined;
  if (verbs.test(method)) return { framework, does: 'route', verb: method === 'all' || method === 'any' ? '*' : method === 'del' ? 'DELETE' : method === 'opts' ? 'OPTIONS' : method.toUpperCase() };
  if (method === 'use' || (method === 'route' && framework === 'Hono')) return { framework, does: 'mount', verb: '*' };
  return method === 'route' && framework === 'Fastify' ? { framework, does: 'options', verb: '*' } : undefined;
}

/** Decorators of Nest 11 that make a method of a controller a route. */
export const nestVerbs: ReadonlyMap<string, string> = new Map([['Get', 'GET'], ['Post', 'POST'], ['Put', 'PUT'], ['Patch', 'PATCH'], ['Delete', 'DELETE'], ['Options', 'OPTIONS'], ['Head', 'HEAD'], ['All', '*']]);

/** Fields and variables that say which of its tasks a function is asked for. */
export const selector = /^(?:path|rawPath|pathname|urlPath|resource|resourcePath|resourceType|route|routeKey|url|action|actionName|actionType|operation|operationName|op|command|cmd|commandName|eventName|fieldName|requestType|requestContext|httpMethod|method|verb)$/i;

/** Words that name what is done and not what it is done to. */
export const doingWords: ReadonlySet<string> = new Set(('get list create update delete add remove put post send fetch find set save read write load store query search start stop cancel close open make build run do handle process ' +
  'check validate verify confirm approve reject accept refuse register unregister enable disable upload download import export sync move copy patch insert modify upsert on is has count new all my change edit archive restore publish request submit assign reset resend retry').split(' '));
