import type { Platform, TriggerKind } from '../model/function.ts';

/**
 * What packages of the platforms say of a function. Names from the packages' own declarations and documentation:
 * @types/aws-lambda, @azure/functions 3 and 4, durable-functions 3, @google-cloud/functions-framework 3, firebase-functions
 * 4 to 6, @netlify/functions, @cloudflare/workers-types, @vercel/node (read 2026-11).
 */
export interface TypedHandler {
  readonly platform: Platform;
  /** A variable or return value of this type is a handler. */
  readonly handler: RegExp;
  /** A parameter of this type is the event or request. */
  readonly event: RegExp;
  /** A parameter of this type is the platform's context. */
  readonly context: RegExp;
  /** A returned value of this type is the platform's answer. */
  readonly result: RegExp;
}

const never = /^$/;

export const typedPackages: ReadonlyMap<string, TypedHandler> = new Map<string, TypedHandler>([
  ['aws-lambda', { platform: 'aws', handler: /Handler(?:V2)?$/, event: /Event(?:V2)?(?:With\w+)?$|^SQSEvent|Event$/, context: /^Context$/, result: /Result(?:V2)?$|Response$/ }],
  ['@azure/functions', { platform: 'azure', handler: /^(?:AzureFunction|\w+Handler)$/, event: /^(?:HttpRequest|Timer|InvocationContext|Context)$/, context: /^(?:InvocationContext|Context)$/, result: /^HttpResponse(?:Init)?$/ }],
  ['@google-cloud/functions-framework', { platform: 'google', handler: /^(?:HttpFunction|EventFunction\w*|CloudEventFunction\w*|TypedFunction)$/, event: /^(?:Request|CloudEvent)$/, context: /^(?:Response|Context)$/, result: never }],
  ['@netlify/functions', { platform: 'netlify', handler: /^(?:Handler|BackgroundHandler|StreamingHandler)$/, event: /^(?:HandlerEvent|Event)$/, context: /^(?:HandlerContext|Context)$/, result: /^HandlerResponse$/ }],
  ['@netlify/edge-functions', { platform: 'netlify', handler: /^EdgeFunction$/, event: never, context: /^Context$/, result: never }],
  ['@cloudflare/workers-types', { platform: 'cloudflare', handler: /^(?:ExportedHandler\w*|PagesFunction)$/, event: /^(?:EventContext|ScheduledController|MessageBatch)$/, context: /^ExecutionContext$/, result: never }],
  ['@vercel/node', { platform: 'vercel', handler: /^(?:VercelApiHandler|NowApiHandler)$/, event: /^(?:VercelRequest|NowRequest)$/, context: /^(?:VercelResponse|NowResponse)$/, result: never }],
]);

/** Types of the Workers runtime that projects have as globals (`types` in tsconfig, `worker-configuration.d.ts`). */
export const globalWorkerTypes: RegExp = /^(?:ExportedHandler|PagesFunction|ExecutionContext|ScheduledController|ScheduledEvent|MessageBatch|EventContext)$/;

/** Wrappers whose result is the deployed handler: package, the path that is called, platform. An empty path is the default export. */
const wrappers: readonly { readonly source: RegExp; readonly path: RegExp; readonly platform: Platform }[] = [
  { source: /^(?:@middy\/core|middy)$/, path: /^(?:default)?(?:\.(?:use|before|after|onError|handler))*$|^middy(?:\.\w+)*$/, platform: 'aws' },
  { source: /^@sentry\/(?:serverless|aws-serverless)$/, path: /(?:^|\.)wrapHandler$/, platform: 'aws' },
  { source: /^@sentry\/(?:serverless|google-cloud-serverless)$/, path: /(?:^|\.)wrap(?:Http|Event|CloudEvent)Function$/, platform: 'google' },
  { source: /^datadog-lambda-js$/, path: /(?:^|\.)datadog$/, platform: 'aws' },
  { source: /^@aws-lambda-powertools\/idempotency$/, path: /^makeIdempotent$/, platform: 'aws' },
  { source: /^(?:serverless-http|@vendia\/serverless-express|@codegenie\/serverless-express|@fastify\/aws-lambda|aws-lambda-fastify|@fastify\/aws-lambda)$/, path: /^(?:default|serverlessExpress|configure)?$/, platform: 'aws' },
  { source: /^hono\/aws-lambda$/, path: /^(?:handle|streamHandle)$/, platform: 'aws' },
  { source: /^hono\/vercel$/, path: /^handle$/, platform: 'vercel' },
  { source: /^hono\/netlify$/, path: /^handle$/, platform: 'netlify' },
  { source: /^@as-integrations\/aws-lambda$/, path: /^startServerAndCreateLambdaHandler$/, platform: 'aws' },
  // Alexa skills: `SkillBuilders.custom().addRequestHandlers(…).lambda()` (ASK SDK v2 for Node.js, "Skill builders", read 2026-11).
  { source: /^ask-sdk(?:-core)?$/, path: /^(?:default\.)?SkillBuilders\..*\.lambda$/, platform: 'aws' },
  { source: /^@lumigo\/tracer$/, path: /(?:^|\.)trace$/, platform: 'aws' },
  { source: /^epsagon$/, path: /(?:^|\.)\w*[wW]rapper$/, platform: 'aws' },
  { source: /^@dazn\/lambda-powertools-pattern-(?:basic|obfuscate)$/, path: /^(?:default)?$/, platform: 'aws' },
  { source: /^@baselime\/lambda-node-opentelemetry$/, path: /(?:^|\.)wrap$/, platform: 'aws' },
  { source: /^@netlify\/functions$/, path: /^(?:builder|schedule|stream|purgeCache)$/, platform: 'netlify' },
];

export function wrapperPlatform(source: string, path: readonly string[]): Platform | undefined {
  const joined = path.join('.');
  return joined.length > 200 ? undefined : wrappers.find((wrapper) => wrapper.source.test(source) && wrapper.path.test(joined))?.platform;
}

/** Kinds of triggers by the method that registers them, of Azure's `app`, Firebase's builders and Google's framework. */
const triggerKinds: readonly (readonly [RegExp, TriggerKind])[] = [
  [/^(?:http|get|post|put|patch|deleteRequest|onRequest|onCall|onCallGenkit|onCallLogin)$/, 'http'],
  [/^(?:timer|onRun|onSchedule)$/, 'schedule'],
  [/^(?:storageQueue|serviceBusQueue|onTaskDispatched|onDispatch)$/, 'queue'],
  [/^(?:serviceBusTopic|onMessagePublished|onPublish)$/, 'topic'],
  [/^eventHub$/, 'stream'],
  [/^(?:eventGrid|onCustomEventPublished)$/, 'bus'],
  [/^(?:storageBlob|onFinalize|onArchive|onMetadataUpdate|onObject\w+)$/, 'bucket'],
  [/^(?:cosmosDB|sql|onCreate|onUpdate|onDelete|onWrite|onDocument\w+|onValue\w+)$/, 'document'],
  [/^before\w+$/, 'auth'], [/^(?:orchestration|activity|entity)$/, 'invoke'],
  [/^(?:warmup|webPubSub|mcp(?:Tool|Resource|Prompt)|onConfigUpdated|onTestMatrixCompleted|onComplete|onLog|onMutation\w+|on\w+(?:Published|Report\w*))$/, 'custom'],
];

/** `path`: the names on the way to the method, such as `auth.user.onCreate`. */
export function registeredTrigger(method: string, path: readonly string[] = []): TriggerKind {
  if (path.includes('auth')) return 'auth';
  if (path.some((part) => /^(?:remoteConfig|testLab|analytics|crashlytics)$/.test(part))) return 'custom';
  if (path.includes('pubsub') && method === 'onRun') return 'schedule';
  return triggerKinds.find(([pattern]) => pattern.test(method))?.[1] ?? 'unknown';
}
