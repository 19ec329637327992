/** A cloud provider whose API code can speak. */
export type Provider = 'AWS' | 'Azure' | 'Google Cloud' | 'Firebase' | 'Cloudflare' | 'Vercel' | 'Netlify' | 'IBM Cloud' | 'OpenWhisk' | 'Adobe';

/**
 * Packages that are a provider's API: its SDKs, the types of its events, its runtime's own modules, and wrappers around one of its services.
 * Tools that run on several providers (serverless-http, Hono) and programs of infrastructure (aws-cdk-lib, which function code does not
 * import) are left out. Sources: the npm pages of the packages, November 2026.
 */
const rows: readonly (readonly [Provider, RegExp])[] = [
  ['AWS', /^(?:aws-sdk(?:$|\/)|@aws-sdk\/|@smithy\/|aws-lambda$|@types\/aws-lambda$|@aws-lambda-powertools\/|@aws\/|aws-xray-sdk|aws-embedded-metrics$|@middy\/|middy$|aws-serverless-express|@vendia\/serverless-express|@codegenie\/serverless-express|@fastify\/aws-lambda|dynamoose$|electrodb$|dynamodb-|@typedorm\/|@dazn\/lambda-powertools|lambda-api$|lambda-log$|aws-jwt-verify|aws-amplify|@aws-amplify\/|amazon-cognito-identity-js|sqs-consumer$|aws4$|aws4fetch$|aws-crt$|sst$|sst\/)/],
  ['Azure', /^(?:@azure\/|azure-(?:storage|functions|cosmos|sb|event)|durable-functions$|applicationinsights$|@microsoft\/(?:applicationinsights|microsoft-graph))/],
  ['Firebase', /^(?:firebase-(?:admin|functions)(?:$|\/)|firebase(?:$|\/)|@firebase\/)/],
  ['Google Cloud', /^(?:@google-cloud\/|googleapis$|@googleapis\/|google-auth-library$|google-gax$|gcs-resumable-upload$)/],
  ['Cloudflare', /^(?:cloudflare(?:$|:)|@cloudflare\/|wrangler$|miniflare$)/],
  ['Vercel', /^@vercel\//],
  ['Netlify', /^(?:@netlify\/|netlify:)/],
  ['Adobe', /^@adobe\/(?:aio-|helix-|openwhisk|exc-)/],
  ['OpenWhisk', /^openwhisk(?:$|-)/],
  ['IBM Cloud', /^(?:@ibm-cloud\/|ibm-|@cloudant\/cloudant$|cloudant$)/],
];

/** The provider whose API a package is; `undefined` for any other import. Pure. */
export function providerOf(specifier: string): Provider | undefined {
  const name = specifier.startsWith('npm:') ? specifier.slice(4) : specifier;
  return rows.find(([, pattern]) => pattern.test(name))?.[0];
}

/** Types that a provider's runtime declares for everybody, without an import (@cloudflare/workers-types, November 2026). */
export const providerTypes: ReadonlyMap<string, Provider> = new Map([
  'D1Database', 'R2Bucket', 'KVNamespace', 'DurableObjectState', 'DurableObjectNamespace', 'DurableObjectStorage', 'MessageBatch', 'ScheduledController', 'ScheduledEvent', 'ExportedHandler',
  'ForwardableEmailMessage', 'AnalyticsEngineDataset', 'VectorizeIndex', 'Hyperdrive', 'PagesFunction', 'IncomingRequestCfProperties',
].map((name) => [name, 'Cloudflare'] as const));

/** Globals that only one provider's runtime has. */
export const providerGlobals: ReadonlyMap<string, Provider> = new Map([['awslambda', 'AWS'], ['HTMLRewriter', 'Cloudflare'], ['WebSocketPair', 'Cloudflare'], ['Netlify', 'Netlify'], ['EdgeRuntime', 'Vercel']]);
