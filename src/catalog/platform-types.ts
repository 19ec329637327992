import type { Platform } from '../model/function.ts';
import { wordSet } from './look-up.ts';

/**
 * Type names by which packages mark handlers and what they are given: local evidence that code is a function's.
 *
 * Sources (November 2026): @types/aws-lambda 8, @azure/functions 3 and 4, @google-cloud/functions-framework 4, firebase-functions
 * 6/7, @cloudflare/workers-types 4, @vercel/node 5, @netlify/functions 5, @netlify/edge-functions, next 15/16, @aws/durable-execution-sdk-js.
 */

/**
 * `handler`: the type of a function that the platform calls. `event`: what it is given. `context`: the platform's second
 * argument. `response`: what it answers through or with. `config`: the declaration that stands beside a handler. A record of a
 * batch (`SQSRecord`) says nothing, since helpers take records.
 */
export type TypeRole = 'handler' | 'event' | 'context' | 'response' | 'config';

export interface PlatformType {
  readonly platform: Platform;
  readonly role: TypeRole;
}

interface PackageRow {
  readonly packages: RegExp;
  readonly platform: Platform;
  /** Patterns over the whole name, first match wins. */
  readonly names: readonly (readonly [RegExp, TypeRole])[];
}

const rows: readonly PackageRow[] = [
  {
    packages: /^(?:aws-lambda|@types\/aws-lambda)(?:\/.*)?$/, platform: 'aws',
    names: [
      [/^(?:[A-Z]\w*)?Handler(?:V2)?$/, 'handler'],
      // The event's own parts (records, request contexts, identities) end differently.
      [/^(?:[A-Z]\w*Event|[A-Z]\w*Event(?:V2|Base)|APIGatewayProxyEventV2With\w+)$/, 'event'],
      [/^Context$/, 'context'],
      [/^(?:Callback|APIGatewayProxyCallback|APIGatewayProxyCallbackV2)$/, 'response'],
    ],
  },
  { packages: /^@aws\/durable-execution-sdk-js$/, platform: 'aws', names: [[/^DurableLambdaHandler$/, 'handler'], [/^DurableContext$/, 'context']] },
  {
    packages: /^@azure\/functions$/, platform: 'azure',
    names: [
      [/^(?:AzureFunction|HttpHandler|TimerHandler|StorageBlobHandler|StorageQueueHandler|ServiceBusQueueHandler|ServiceBusTopicHandler|EventHubHandler|EventGridHandler|CosmosDBHandler|CosmosDBv[34]Handler|MySqlHandler|SqlHandler|WarmupHandler|FunctionHandler|WebPubSubHandler|McpToolFunctionHandler)$/, 'handler'],
      [/^(?:HttpRequest|Timer|EventGridEvent)$/, 'event'],
      [/^(?:Context|InvocationContext)$/, 'context'],
      [/^(?:HttpResponseInit|HttpResponse)$/, 'response'],
    ],
  },
  { packages: /^durable-functions$/, platform: 'azure', names: [[/^(?:OrchestrationHandler|ActivityHandler|EntityHandler)$/, 'handler'], [/^(?:OrchestrationContext|EntityContext|IOrchestrationFunctionContext|IEntityFunctionContext)$/, 'context']] },
  {
    packages: /^@google-cloud\/functions-framework(?:\/.*)?$/, platform: 'google',
    names: [[/^(?:HttpFunction|EventFunction|EventFunctionWithCallback|CloudEventFunction|CloudEventFunctionWithCallback|HandlerFunction|TypedFunction)$/, 'handler'], [/^(?:Request|CloudEvent|InvocationRequest)$/, 'event'], [/^Context$/, 'context'], [/^Response$/, 'response']],
  },
  {
    packages: /^firebase-functions(?:\/.*)?$/, platform: 'firebase',
    names: [[/^(?:HttpsFunction|CallableFunction|CloudFunction|BlockingFunction|TaskQueueFunction|ScheduleFunction|Runnable)$/, 'handler'], [/^(?:Request|CallableRequest|FirestoreEvent|DatabaseEvent|StorageEvent|CloudEvent|ScheduledEvent|TaskRequest)$/, 'event'], [/^(?:EventContext|CallableContext)$/, 'context']],
  },
  {
    packages: /^@cloudflare\/workers-types(?:\/.*)?$/, platform: 'cloudflare',
    names: [[/^(?:ExportedHandler|ExportedHandler\w+Handler|PagesFunction|PagesPluginFunction|EmailExportedHandler)$/, 'handler'], [/^(?:MessageBatch|ScheduledController|ScheduledEvent|ForwardableEmailMessage)$/, 'event'], [/^(?:ExecutionContext|EventContext)$/, 'context']],
  },
  { packages: /^cloudflare:workers$/, platform: 'cloudflare', names: [[/^(?:WorkerEntrypoint|DurableObject|WorkflowEntrypoint)$/, 'handler'], [/^WorkflowEvent$/, 'event'], [/^WorkflowStep$/, 'context']] },
  { packages: /^@(?:vercel|now)\/node$/, platform: 'vercel', names: [[/^(?:VercelApiHandler|NowApiHandler)$/, 'handler'], [/^(?:VercelRequest|NowRequest)$/, 'event'], [/^(?:VercelResponse|NowResponse)$/, 'response']] },
  { packages: /^@vercel\/(?:edge|functions)$/, platform: 'vercel', names: [[/^RequestContext$/, 'context']] },
  { packages: /^next$/, platform: 'vercel', names: [[/^(?:NextApiHandler|NextMiddleware)$/, 'handler'], [/^NextApiRequest$/, 'event'], [/^NextApiResponse$/, 'response']] },
  { packages: /^next\/server$/, platform: 'vercel', names: [[/^(?:NextMiddleware|NextProxy)$/, 'handler'], [/^(?:NextRequest|NextFetchEvent)$/, 'event']] },
  { packages: /^@netlify\/functions(?:\/.*)?$/, platform: 'netlify', names: [[/^(?:Handler|BackgroundHandler|StreamingHandler|BuilderHandler)$/, 'handler'], [/^HandlerEvent$/, 'event'], [/^(?:Context|HandlerContext)$/, 'context'], [/^HandlerResponse$/, 'response'], [/^Config$/, 'config']] },
  { packages: /^(?:@netlify\/edge-functions|https:\/\/edge\.netlify\.com\/?.*)$/, platform: 'netlify', names: [[/^(?:EdgeFunction|EdgeHandler)$/, 'handler'], [/^Context$/, 'context'], [/^Config$/, 'config']] },
];

/** What a type imported from a package says; `undefined` when it says nothing. Pure. */
export function platformTypeOf(module: string, name: string): PlatformType | undefined {
  for (const { packages, platform, names } of rows) {
    if (!packages.test(module)) continue;
    const match = names.find(([pattern]) => pattern.test(name));
    if (match) return { platform, role: match[1] };
  }
  return undefined;
}

/** Names that workers-types declares globally: used with no import, in a project that has these types. */
const ambient = wordSet('ExportedHandler PagesFunction ExecutionContext MessageBatch ScheduledController ForwardableEmailMessage');

/** What a type name without an import says, in a project whose manifest or configuration brings @cloudflare/workers-types. Pure. */
export function ambientPlatformTypeOf(name: string): PlatformType | undefined {
  return ambient.has(name) ? platformTypeOf('@cloudflare/workers-types', name) : undefined;
}

/** Platforms whose package a manifest's dependency belongs to: what its handlers would run on. */
export function platformOfPackage(name: string): Platform | undefined {
  return packagePlatforms.find(([pattern]) => pattern.test(name))?.[1];
}

const packagePlatforms: readonly (readonly [RegExp, Platform])[] = [
  [/^(?:aws-lambda|@types\/aws-lambda|serverless|@middy\/.+|@aws-lambda-powertools\/.+|aws-lambda-fastify|@fastify\/aws-lambda|@vendia\/serverless-express|@codegenie\/serverless-express|aws-serverless-express|datadog-lambda-js|@sentry\/aws-serverless|@aws\/durable-execution-sdk-js|lambda-api)$/, 'aws'],
  [/^(?:@azure\/functions|durable-functions|azure-functions-core-tools)$/, 'azure'],
  [/^@google-cloud\/functions-framework$/, 'google'],
  [/^firebase-functions$/, 'firebase'],
  [/^(?:wrangler|@cloudflare\/workers-types|@cloudflare\/vite-plugin|miniflare)$/, 'cloudflare'],
  [/^(?:@vercel\/node|@now\/node|vercel)$/, 'vercel'],
  [/^(?:@netlify\/functions|@netlify\/edge-functions|netlify-lambda)$/, 'netlify'],
  [/^(?:openwhisk|@adobe\/aio-sdk|@adobe\/aio-lib-.+|@adobe\/helix-universal)$/, 'openwhisk'],
];
