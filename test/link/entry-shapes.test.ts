import { describe, expect, it } from 'vitest';
import { deployed, project } from '../support/memory.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';

/** Names of the `work…` functions that the handler reaches when it is invoked, and what could not be followed. */
function reached(code: string, extra: Partial<ServerlessFunction> & { export?: string } = {}, more: Record<string, string> = {}): string {
  const { fn } = project({ 'src/entry.ts': code, ...more }, [deployed('F', 'src/entry.ts', extra)]);
  const names = [...fn.bodies('invoke')].map((body) => body.fn.name).filter((name) => name.startsWith('work'));
  return [...new Set(names)].sort().join(',') + [...fn.unresolved].map((message) => ` UNRESOLVED ${message}`).join('');
}

const work = 'async function work(event) {}\n';

describe('the handler behind an entry shape', () => {
  it.each<[name: string, code: string]>([
    ['serverless-http over express', `import serverless from 'serverless-http';\nimport express from 'express';\n${work}const app = express();\napp.get('/', work);\nexport const handler = serverless(app);`],
    ['serverless-http over koa', `const serverless = require('serverless-http');\nconst Koa = require('koa');\n${work}const app = new Koa();\napp.use(work);\nmodule.exports.handler = serverless(app);`],
    ['@vendia/serverless-express', `import serverlessExpress from '@vendia/serverless-express';\nimport express from 'express';\n${work}const app = express();\napp.post('/', work);\nexport const handler = serverlessExpress({ app });`],
    ['@codegenie/serverless-express', `import { configure } from '@codegenie/serverless-express';\nimport express from 'express';\n${work}const app = express();\napp.post('/', work);\nexport const handler = configure({ app });`],
    ['aws-serverless-express', `const awsServerlessExpress = require('aws-serverless-express');\nconst express = require('express');\n${work}const app = express();\napp.get('/', work);\nconst server = awsServerlessExpress.createServer(app);\nexports.handler = (event, context) => awsServerlessExpress.proxy(server, event, context);`],
    ['an express router of its own', `import serverless from 'serverless-http';\nimport express, { Router } from 'express';\n${work}const router = Router();\nrouter.get('/', work);\nconst app = express();\napp.use('/api', router);\nexport const handler = serverless(app);`],
    ['@fastify/aws-lambda', `import awsLambdaFastify from '@fastify/aws-lambda';\nimport Fastify from 'fastify';\n${work}const app = Fastify();\napp.get('/', work);\nexport const handler = awsLambdaFastify(app);`],
    ['aws-lambda-fastify', `const awsLambdaFastify = require('aws-lambda-fastify');\nconst fastify = require('fastify');\n${work}const app = fastify();\napp.route({ method: 'GET', url: '/', handler: work });\nconst proxy = awsLambdaFastify(app);\nexports.handler = async (event, context) => proxy(event, context);`],
    ['hono/aws-lambda', `import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\n${work}const app = new Hono();\napp.get('/', work);\nexport const handler = handle(app);`],
    ['hono, methods in a chain', `import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\n${work}const app = new Hono().basePath('/a').get('/', work);\nexport const handler = handle(app);`],
    ['a Nest bootstrap kept between invocations', `import { NestFactory } from '@nestjs/core';\nimport serverlessExpress from '@codegenie/serverless-express';\nimport { AppModule } from './app.module';\nlet server;\nasync function workBootstrap() {\n  const app = await NestFactory.create(AppModule);\n  await app.init();\n  return serverlessExpress({ app: app.getHttpAdapter().getInstance() });\n}\nexport const handler = async (event, context, callback) => {\n  server = server ?? (await workBootstrap());\n  return server(event, context, callback);\n};`],
    ['middy(handler).use()', `import middy from '@middy/core';\n${work}export const handler = middy(work).use({ before: async () => {} });`],
    ['middy().use().handler(fn)', `import middy from '@middy/core';\n${work}export const handler = middy().use([]).handler(work);`],
    ['middy under another name', `import { default as wrap } from '@middy/core';\n${work}const base = (fn) => wrap(fn).use(jsonBody());\nexport const handler = base(work);`],
    ['a bound method of an instance', `class Orders {\n  async workHandler(event) {}\n}\nconst instance = new Orders();\nexport const handler = instance.workHandler.bind(instance);`],
    ['an arrow property of an instance', `class Orders {\n  workHandler = async (event) => {};\n}\nexport const handler = new Orders().workHandler;`],
    ['Powertools class methods', `import { Logger } from '@aws-lambda-powertools/logger';\nconst logger = new Logger();\nclass Lambda {\n  @logger.injectLambdaContext()\n  async workHandler(event) {}\n}\nconst one = new Lambda();\nexport const handler = one.workHandler.bind(one);`],
    ['Powertools event handler', `import { Router } from '@aws-lambda-powertools/event-handler/http';\n${work}const app = new Router();\napp.get('/', work);\nexport const handler = async (event, context) => app.resolve(event, context);`],
    ['lambda-api', `const api = require('lambda-api')();\n${work}api.get('/', work);\nexports.handler = async (event, context) => await api.run(event, context);`],
    ['claudia-api-builder', `const ApiBuilder = require('claudia-api-builder');\n${work}const api = new ApiBuilder();\nmodule.exports = api;\napi.get('/', work);`],
    ['tRPC', `import { initTRPC } from '@trpc/server';\nimport { awsLambdaRequestHandler } from '@trpc/server/adapters/aws-lambda';\n${work}const t = initTRPC.create();\nconst router = t.router({ a: t.procedure.query(work) });\nexport const handler = awsLambdaRequestHandler({ router, createContext: () => ({}) });`],
    ['Apollo Server 4', `import { ApolloServer } from '@apollo/server';\nimport { startServerAndCreateLambdaHandler, handlers } from '@as-integrations/aws-lambda';\n${work}const server = new ApolloServer({ typeDefs: '', resolvers: { Query: { a: work } } });\nexport const handler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventV2RequestHandler());`],
    ['Apollo Server 3', `const { ApolloServer } = require('apollo-server-lambda');\n${work}const server = new ApolloServer({ typeDefs: '', resolvers: { Query: { a: work } } });\nexports.handler = server.createHandler();`],
    ['Sentry', `import * as Sentry from '@sentry/aws-serverless';\n${work}export const handler = Sentry.wrapHandler(work);`],
    ['Sentry, older', `import * as Sentry from '@sentry/serverless';\n${work}export const handler = Sentry.AWSLambda.wrapHandler(work);`],
    ['Datadog', `const { datadog } = require('datadog-lambda-js');\n${work}module.exports.handler = datadog(work);`],
    ['wrappers in wrappers', `import middy from '@middy/core';\nimport * as Sentry from '@sentry/aws-serverless';\n${work}export const handler = Sentry.wrapHandler(middy(work));`],
    ['a wrapper that nobody knows', `import { wrap } from 'some-wrapper';\n${work}export const handler = wrap(work);`],
    ['Architect http', `import arc from '@architect/functions';\n${work}export const handler = arc.http(work);`],
    ['Architect http.async', `const arc = require('@architect/functions');\n${work}exports.handler = arc.http.async(work);`],
    ['Architect events', `const arc = require('@architect/functions');\n${work}exports.handler = arc.events.subscribe(work);`],
    ['Architect queues', `import { queues } from '@architect/functions';\n${work}export const handler = queues.subscribe(work);`],
    ['streamed response', `${work}export const handler = awslambda.streamifyResponse(work);`],
    ['powertools idempotency', `import { makeIdempotent } from '@aws-lambda-powertools/idempotency';\n${work}export const handler = makeIdempotent(work, {});`],
    ['a decorated factory', `${work}const withErrors = (fn) => async (event) => { try { return await fn(event); } catch { return undefined; } };\nexport const handler = withErrors(work);`],
    ['restana or polka', `const serverless = require('serverless-http');\nconst polka = require('polka');\n${work}const app = polka();\napp.get('/', work);\nmodule.exports.handler = serverless(app);`],
  ])('%s', (_name, code) => {
    expect(reached(code)).toMatch(/^work\w*$/);
  });

  it.each<[name: string, code: string, extra: Partial<ServerlessFunction> & { export?: string }]>([
    ['a Vercel function that is an express app', `import express from 'express';\n${work}const app = express();\napp.get('/', work);\nexport default app;`, { platform: 'vercel', export: 'default' }],
    ['hono/vercel', `import { Hono } from 'hono';\nimport { handle } from 'hono/vercel';\n${work}const app = new Hono();\napp.get('/', work);\nexport const GET = handle(app);`, { platform: 'vercel', export: 'GET' }],
    ['a Hono app by itself', `import { Hono } from 'hono';\n${work}const app = new Hono();\napp.get('/', work);\nexport default app;`, { platform: 'vercel', export: 'default' }],
    ['a server of Node', `import { createServer } from 'node:http';\n${work}export default createServer(work);`, { platform: 'vercel', export: 'default' }],
    ['a web server object', `${work}export default { fetch: work };`, { platform: 'vercel', export: 'default' }],
    ['an API route under next-auth and a wrapper', `import { withSentry } from '@sentry/nextjs';\n${work}export default withSentry(work);`, { platform: 'vercel', export: 'default' }],
    ['next-connect', `import nc from 'next-connect';\n${work}const handler = nc().use(cors()).get(work);\nexport default handler;`, { platform: 'vercel', export: 'default' }],
    ['next-connect 1', `import { createRouter } from 'next-connect';\n${work}const router = createRouter();\nrouter.post(work);\nexport default router.handler();`, { platform: 'vercel', export: 'default' }],
    ['destructured route handlers of a package', `import { createHandlers } from 'some-auth';\n${work}export const { GET, POST } = createHandlers({ callback: work });`, { platform: 'vercel', export: 'GET' }],
    ['Clerk middleware', `import { clerkMiddleware } from '@clerk/nextjs/server';\n${work}export default clerkMiddleware(work);`, { platform: 'vercel', export: 'default' }],
    ['tRPC over fetch', `import { fetchRequestHandler } from '@trpc/server/adapters/fetch';\n${work}const handler = (req) => fetchRequestHandler({ endpoint: '/', req, router: {}, createContext: () => work(req) });\nexport { handler as GET };`, { platform: 'vercel', export: 'GET' }],
    ['Nitro', `${work}export default defineEventHandler(work);`, { platform: 'vercel', export: 'default' }],
    ['a Netlify builder', `import { builder } from '@netlify/functions';\n${work}export const handler = builder(work);`, { platform: 'netlify' }],
    ['a scheduled Netlify function', `import { schedule } from '@netlify/functions';\n${work}export const handler = schedule('@daily', work);`, { platform: 'netlify' }],
    ['an event handler of Netlify', `${work}export default { deploySucceeded: work };`, { platform: 'netlify', export: 'default.deploySucceeded' }],
    ['mcp-handler', `import { createMcpHandler } from 'mcp-handler';\n${work}const handler = createMcpHandler((server) => { server.tool('x', {}, work); });\nexport { handler as POST };`, { platform: 'vercel', export: 'POST' }],
  ])('%s', (_name, code, extra) => {
    expect(reached(code, extra)).toMatch(/^work\w*$/);
  });

  it.each<[name: string, code: string, extra: Partial<ServerlessFunction> & { export?: string }]>([
    ['an app that comes from elsewhere', `import { app } from 'some-app';\nimport serverless from 'serverless-http';\nexport const handler = serverless(app);`, {}],
    ['a name that is not exported', `import express from 'express';\n${work}express().get('/', work);\nexport const other = 1;`, {}],
    ['a value', `import express from 'express';\n${work}express().get('/', work);\nexport const handler = 'text';`, {}],
  ])('says of %s that nothing can be followed', (_name, code, extra) => {
    expect(reached(code, extra)).toMatch(/UNRESOLVED/);
  });

  it('takes middleware hung on a handler for code of its own', () => {
    expect(reached(`import middy from '@middy/core';\n${work}async function workBefore(request) {}\nexport const handler = middy(work).before(workBefore);`)).toBe('work,workBefore');
  });

  it('passes what the caller sent to actions and route parameters', () => {
    const args = (kind: string, file: string): unknown => {
      const { fn } = project({ 'a.ts': file }, [deployed('F', 'a.ts', { platform: 'vercel', handlers: [{ file: 'a.ts', export: 'run', kind }] })]);
      const [body] = fn.bodies('invoke');
      const call = fn.calls('invoke')[0];
      return body === undefined || call === undefined ? undefined : call.arg(0);
    };
    expect(args('action', "import { send } from 'x';\nexport async function run(id, form) { send(form); }")).toMatchObject({ kind: 'event' });
    expect(args('route', "import { send } from 'x';\nexport async function run(request, { params }) { send(params); }")).toMatchObject({ kind: 'event', path: ['params'] });
  });

  it('does not take the program around code that is a text for a part of the function', () => {
    const code = `import { start } from 'x';\n${work}start();\nexport const handler = work;`;
    const view = (handler: ServerlessFunction['handlers'][number]) => project({ 'app.ts': code }, [deployed('F', 'app.ts', { handlers: [handler] })]).fn;
    const text = view({ file: 'app.ts', export: 'handler', kind: 'inline' });
    expect([text.files(), text.bodies().length, [...text.unresolved]]).toEqual([[], 0, [`F: app.ts has no function 'handler' that can be followed`]]);
    const callback = view({ file: 'app.ts', export: 'handler', kind: 'inline', at: { start: code.indexOf('async'), end: code.indexOf('{}') + 2 } });
    expect([callback.files(), callback.bodies('invoke').map((body) => body.fn.name)]).toEqual([['app.ts'], ['work']]);
  });
});
