import type { Callee } from '../model/project.ts';
import { isMethod, nameKey, normalName, words } from './look-up.ts';

/**
 * What calls of packages give back when that is (or wraps) something they were given, and which packages run a handler.
 *
 * Sources (November 2026): docs of AWS X-Ray SDK for Node.js, AWS SDK v3 lib-dynamodb, Powertools for AWS Lambda
 * (TypeScript) 2, middy.js.org 6/7, Sentry 10 (aws-serverless, google-cloud-serverless, cloudflare, nextjs), datadog-lambda-js,
 * newrelic 12/13, epsagon, @lumigo/tracer, serverless-http 4, @codegenie/serverless-express 4, @fastify/aws-lambda 5,
 * hono 4, lambda-api 1, Lambda durable functions (@aws/durable-execution-sdk-js), @netlify/functions, Node.js util and fs,
 * README of each other package.
 */

/**
 * What a call gives back: an argument itself, the function that it was given and that runs when the result is called, the
 * receiver (fluent methods), or an instance of a class of `module` (default: the callee's) with the call's own arguments.
 */
export type Returns =
  | { readonly kind: 'argument' | 'callback'; readonly index: number }
  | { readonly kind: 'receiver' }
  | { readonly kind: 'instance'; readonly module?: string; readonly path: readonly string[] };

/** `packages`, `paths in them` (`()` is the module itself, `*` before a method any class), what is returned. */
type Row = readonly [packages: string, paths: string, returns: Returns];
const argument = (index: number): Returns => ({ kind: 'argument', index });
const callback = (index: number): Returns => ({ kind: 'callback', index });
const instance = (path: string, module?: string): Returns => ({ kind: 'instance', path: path.split('.'), ...(module ? { module } : {}) });
const receiver: Returns = { kind: 'receiver' };

const rows: readonly Row[] = [
  // AWS: clients seen through instrumentation, clients made by factories.
  ['aws-xray-sdk aws-xray-sdk-core', 'captureAWS captureAWSClient captureAWSv3Client captureHTTPs captureMySQL captureMySQL2 capturePostgres', argument(0)],
  ['aws-xray-sdk-postgres aws-xray-sdk-mysql aws-xray-sdk-express', '()', argument(0)],
  ['@aws-lambda-powertools/tracer @aws-lambda-powertools/tracer/Tracer', 'Tracer.#captureAWS Tracer.#captureAWSClient Tracer.#captureAWSv3Client', argument(0)],
  ['@aws-sdk/lib-dynamodb', 'DynamoDBDocumentClient.from', instance('DynamoDBDocumentClient')],
  ['@aws-sdk/lib-dynamodb', 'DynamoDBDocument.from', instance('DynamoDBDocument')],

  // Functions that behave as what they were given.
  ['util', 'promisify callbackify deprecate', argument(0)],
  // `fetchRetry(fetch)` is a fetch.
  ['fetch-retry @vercel/fetch-retry', '()', argument(0)],
  ['bluebird', 'promisify promisifyAll method', argument(0)],
  ['pify es6-promisify universalify @google-cloud/promisify', '() promisify promisifyAll callbackify fromCallback fromPromise', argument(0)],
  ['co', 'wrap', callback(0)],
  ['lodash underscore', 'memoize once debounce throttle bind partial partialRight curry ary unary negate flip', callback(0)],
  ['lodash.memoize lodash.once lodash.debounce lodash.throttle lodash/memoize lodash/once lodash/debounce lodash/throttle', '()', callback(0)],
  ['p-memoize mem memoize memoizee memoize-one micro-memoize fast-memoize moize memoizee/weak', '() pMemoize memoize memoizeOne', callback(0)],
  ['once onetime p-once p-throttle p-debounce express-async-handler express-async-wrap async-middleware throat', '()', callback(0)],
  ['p-retry', 'makeRetriable', callback(0)],
  ['ts-retry-promise', 'retryDecorator customizeDecorator', callback(0)],
  ['react', 'cache memo forwardRef useCallback', callback(0)],
  ['async_hooks', 'AsyncResource.bind AsyncLocalStorage.bind', callback(0)],

  // Handlers wrapped by a package: the result runs the argument.
  ['@aws/durable-execution-sdk-js', 'withDurableExecution', callback(0)],
  ['@aws-lambda-powertools/idempotency', 'makeIdempotent makeFunctionIdempotent', callback(0)],
  ['@sentry/serverless', 'AWSLambda.wrapHandler GCPFunction.wrapHttpFunction GCPFunction.wrapEventFunction GCPFunction.wrapCloudEventFunction', callback(0)],
  ['@sentry/aws-serverless @sentry/google-cloud-serverless', 'wrapHandler wrapHttpFunction wrapEventFunction wrapCloudEventFunction', callback(0)],
  ['@sentry/cloudflare', 'withSentry sentryPagesPlugin instrumentDurableObjectWithSentry instrumentWorkflowWithSentry', callback(1)],
  ['@sentry/nextjs', 'withSentry wrapApiHandlerWithSentry wrapRouteHandlerWithSentry wrapMiddlewareWithSentry', callback(0)],
  ['@sentry/node @sentry/core @sentry/cloudflare @sentry/vercel-edge @sentry/nextjs', 'withMonitor', callback(1)],
  ['datadog-lambda-js', 'datadog', callback(0)],
  ['dd-trace', 'wrap Tracer.#wrap', callback(1)],
  ['newrelic', 'setLambdaHandler', callback(0)],
  ['epsagon', 'lambdaWrapper stepLambdaWrapper nodeWrapper', callback(0)],
  ['@lumigo/tracer', '()', instance('Lumigo')],
  ['@lumigo/tracer', 'Lumigo.#trace trace', callback(0)],
  ['@iopipe/iopipe iopipe @thundra/core @serverless/sdk', '*trace *wrap *asyncHandler', callback(0)],
  ['elastic-apm-node', 'lambda *lambda', callback(0)],
  ['rollbar @honeybadger-io/js', 'lambdaHandler *lambdaHandler', callback(0)],
  ['@netlify/functions', 'builder stream', callback(0)],
  ['@netlify/functions', 'schedule', callback(1)],
  ['micro', '()', callback(0)],
  ['@dazn/lambda-powertools-pattern-basic', '()', callback(0)],
  ['@dazn/lambda-powertools-pattern-obfuscate', '()', callback(1)],
  ['@laconia/core @laconia/event @laconia/api lambda-wrapper vandium', '()', callback(0)],
  ['@adobe/helix-shared-wrap', '()', instance('Wrapped')],
  ['@adobe/helix-shared-wrap', 'Wrapped.#with Wrapped.#use', receiver],
  ['gcf-utils', 'GCFBootstrapper.#gcf', callback(0)],
  ['global', 'awslambda.streamifyResponse', callback(0)],
  ['@middy/core middy', '()', instance('Middy')],
  ['@middy/core middy', 'Middy.#use Middy.#before Middy.#after Middy.#onError Middy.#applyMiddleware', receiver],
  ['@middy/core middy', 'Middy.#handler', callback(0)],
  ['@opentelemetry/api', 'context.bind', callback(1)],

  // A request of AWS SDK v2 stands for its answer.
  ['aws-sdk', '*promise', receiver],
  // Adapters: the application is what runs.
  ['serverless-http @vendia/serverless-express @codegenie/serverless-express @fastify/aws-lambda aws-lambda-fastify aws-serverless-koa', '() configure', argument(0)],
  ['hono/aws-lambda hono/lambda-edge hono/vercel hono/netlify hono/cloudflare-pages', 'handle streamHandle', argument(0)],
  ['express', '() Router', instance('Router')],
  ['@slack/events-api @slack/interactive-messages', 'createEventAdapter createMessageAdapter', instance('Adapter')],
  ['fastify koa lambda-api itty-router @koa/router koa-router restify', '() fastify Router AutoRouter createServer', instance('App')],

  // Objects that the catalog's other families know by their class.
  ['fs fs-extra graceful-fs', 'promises.open', instance('FileHandle', 'fs/promises')],
  ['fs/promises', 'open', instance('FileHandle')],
  ['sharp', '()', instance('Sharp')],
  ['axios', 'create', instance('AxiosInstance')],
  ['got ky', 'extend create', instance('Client')],
  ['octokit @octokit/rest @octokit/core', 'Octokit.defaults', instance('Octokit')],
  ['puppeteer puppeteer-core chrome-aws-lambda', 'launch connect puppeteer.launch puppeteer.connect', instance('Browser')],
  ['puppeteer puppeteer-core chrome-aws-lambda', 'Browser.#newPage', instance('Page')],
  ['playwright playwright-core', 'chromium.launch firefox.launch webkit.launch chromium.launchPersistentContext', instance('Browser')],
  ['playwright playwright-core', 'Browser.#newPage BrowserContext.#newPage', instance('Page')],
  ['playwright playwright-core', 'Browser.#newContext', instance('BrowserContext')],
];

const table: ReadonlyMap<string, Returns> = new Map(
  rows.flatMap(([packages, paths, returns]) => words(packages).flatMap((module) => words(paths).map((path) => [`${module} ${path === '()' ? '' : path}`, returns] as const))),
);
/** Classes whose methods give the object itself, but for these. */
const fluent: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['sharp Sharp', new Set(['toFile', 'toBuffer', 'metadata', 'stats', 'on', 'pipe'])],
]);

/** What a call gives back, where that is known; `undefined` otherwise. Pure. */
export function returnsOf(callee: Callee): Returns | undefined {
  const name = normalName(callee);
  const found = table.get(nameKey(name)) ?? table.get(`${name.module} *${name.method}`);
  if (found) return found;
  if (name.module.startsWith('aws-sdk/clients/') && name.method === 'promise') return receiver;
  const terminal = isMethod(name) ? fluent.get(`${name.module} ${name.path.slice(0, -1).join('.')}`) : undefined;
  return terminal && !terminal.has(name.method) ? receiver : undefined;
}

/**
 * A call that makes what the platform calls. Places: `0` an argument, `0.before` a property of it.
 * `function`: the argument is the handler. `app`: it is a web application whose routes run.
 */
export interface HandlerWrapper {
  readonly handler?: string;
  readonly of: 'function' | 'app';
  /** Further functions that run in each invocation, beside the handler. */
  readonly runs: readonly string[];
}

const middleware = ['0.before', '0.after', '0.onError', '0[].before', '0[].after', '0[].onError'];
const wrappers: readonly (readonly [packages: string, paths: string, wrapper: HandlerWrapper])[] = [
  ['@middy/core middy', '()', { handler: '0', of: 'function', runs: ['1.beforePrefetch', '1.requestStart', '1.beforeHandler', '1.afterHandler', '1.requestEnd'] }],
  ['@middy/core middy', 'Middy.#use', { of: 'function', runs: middleware }],
  ['@middy/core middy', 'Middy.#before Middy.#after Middy.#onError', { of: 'function', runs: ['0'] }],
  ['@middy/core middy', 'Middy.#handler', { handler: '0', of: 'function', runs: [] }],
  ['@middy/http-router @middy/ws-router', '()', { of: 'function', runs: ['0[].handler', '0.routes[].handler'] }],
  ['@adobe/helix-shared-wrap', '()', { handler: '0', of: 'function', runs: [] }],
  ['@adobe/helix-shared-wrap', 'Wrapped.#with', { of: 'function', runs: ['0'] }],
  ['serverless-http @fastify/aws-lambda aws-lambda-fastify aws-serverless-koa aws-serverless-fastify lambda-koa', '()', { handler: '0', of: 'app', runs: ['1.request', '1.response'] }],
  ['@vendia/serverless-express @codegenie/serverless-express', '() configure', { handler: '0.app', of: 'app', runs: ['0.resolutionMode'] }],
  ['aws-serverless-express @vendia/serverless-express', 'createServer', { handler: '0', of: 'app', runs: ['1'] }],
  ['hono/aws-lambda hono/lambda-edge hono/vercel hono/netlify hono/cloudflare-pages @hono/node-server/vercel', 'handle streamHandle', { handler: '0', of: 'app', runs: [] }],
  ['azure-function-express azure-aws-serverless-express', 'createHandler', { handler: '0', of: 'app', runs: [] }],
  ['@pagopa/express-azure-functions @pagopa/express-azure-functions/dist/src/createAzureFunctionsHandler', '() createAzureFunctionHandler', { handler: '0', of: 'app', runs: [] }],
  ['apollo-server-lambda apollo-server-cloud-functions apollo-server-azure-functions', 'ApolloServer.#createHandler', { of: 'app', runs: [] }],
  ['@as-integrations/aws-lambda', 'startServerAndCreateLambdaHandler', { handler: '0', of: 'app', runs: ['2.context', '2.middleware[]'] }],
];
const wrapperTable: ReadonlyMap<string, HandlerWrapper> = new Map(
  wrappers.flatMap(([packages, paths, wrapper]) => words(packages).flatMap((module) => words(paths).map((path) => [`${module} ${path === '()' ? '' : path}`, wrapper] as const))),
);

/** Which packages' calls only run what they are given, beyond the rows above: every `callback` row about handlers. */
const handlerPackages = /^(?:@sentry\/|datadog-lambda-js$|newrelic$|epsagon$|@lumigo\/|@iopipe\/|@thundra\/|@netlify\/functions$|@dazn\/|@laconia\/|gcf-utils$|@aws\/durable-|@aws-lambda-powertools\/idempotency|rollbar$|@honeybadger-io\/|elastic-apm-node$)/;

/** The handler wrapper behind a call, `undefined` when it is none that the catalog knows. Pure. */
export function wrapperOf(callee: Callee): HandlerWrapper | undefined {
  const name = normalName(callee);
  const listed = wrapperTable.get(nameKey(name));
  if (listed) return listed;
  const returns = returnsOf(callee);
  const isHandlerCallback = returns?.kind === 'callback' && (handlerPackages.test(name.module) || nameKey(name) === 'global awslambda.streamifyResponse');
  return isHandlerCallback ? { handler: String(returns.index), of: 'function', runs: [] } : undefined;
}
