import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { byName, normalName, property, wordSet } from './look-up.ts';

/**
 * Objects that are made to be kept: they hold connections, an agent, a cache of keys or of credentials.
 *
 * Sources (November 2026): AWS Lambda documentation, best practices ("initialize SDK clients and database connections outside of the
 * function handler"); AWS SDK for JavaScript v3 developer guide (an agent of its own per client); Google Cloud Functions, tips
 * ("use global variables to reuse objects"); Azure Functions, manage connections ("do not create a new client with every invocation"); READMEs
 * of pg, mysql2, mongodb, snowflake-sdk, slonik, bullmq, soap, Pinecone, Notion, auth0, ethers, web3, LaunchDarkly, msal-node, ioredis, redis, knex, Prisma, jwks-rsa, jose (the key set caches), openai, @anthropic-ai/sdk, @google/genai, stripe, twilio.
 *
 * Free, and left out on purpose: request and command objects; wrappers over a client that exists (`DynamoDBDocumentClient.from`, `Upload`
 * of lib-storage, handles such as `getStore`, `db.collection`, `storage.bucket`); signers and verifiers (SignatureV4, Webhook); axios.create, ky.create and
 * got.extend without an agent of their own (a set of defaults over the global agent); firebase-admin's `getFirestore` and the like (one object per
 * app, kept by the SDK); MCP servers; one-shot mail and notification helpers that keep no connection.
 */
export interface ClientMade {
  /** Name for messages: the class or factory as it is known. */
  readonly what: string;
  /** What every new one costs. `session`: a connection to a server that is no database; `client`: an SDK with an agent of its own; `google`: gRPC or REST behind a sign-in of its own; `rest`: plain HTTP, often over an agent that all share. */
  readonly cost: 'connection' | 'session' | 'agent' | 'keys' | 'client' | 'google' | 'rest';
}

type Row = readonly [modules: RegExp, constructors: RegExp | undefined, factories: ReadonlySet<string> | undefined, cost: ClientMade['cost']];

const rows: readonly Row[] = [
  [/^aws-sdk(?:\/clients\/(?!all$)[a-z0-9]+|\/clients\/all)?$/, /^(?!Config$|Credentials$|Endpoint$|HttpRequest$|Request$|Service$|.*Credentials$)(?:[A-Z]\w*(?:\.DocumentClient|\.Converter)?|DocumentClient|)$/, undefined, 'client'],
  [/^@aws-sdk\/client-[a-z0-9-]+$/, /^[A-Z]\w*$/, undefined, 'client'],
  [/^@google-cloud\/[a-z0-9-]+$/, /^(?:[A-Z]\w*(?:Client|Admin)|(?:v\d\w*\.)?[A-Z]\w*Client|BigQuery|Storage|PubSub|Datastore|Firestore|Logging|Spanner|Translate|v2\.Translate|VertexAI|Compute|DNS|Bigtable|ErrorReporting|Speech|Vision)$/, undefined, 'google'],
  // The package itself is the class.
  [/^@google-cloud\/firestore$/, /^(?:|default)$/, undefined, 'google'],
  [/^@azure\/[a-z0-9-]+$/, /^[A-Z]\w*Client$/, wordSet('BlobServiceClient.fromConnectionString ContainerClient.fromConnectionString TableClient.fromConnectionString QueueServiceClient.fromConnectionString TableServiceClient.fromConnectionString ShareServiceClient.fromConnectionString DataLakeServiceClient.fromConnectionString'), 'client'],
  [/^azure-storage$/, undefined, wordSet('createBlobService createTableService createQueueService createFileService'), 'client'],
  [/^(?:pg|@neondatabase\/serverless)$/, /^(?:Client|Pool)$/, undefined, 'connection'],
  [/^(?:mysql2?|mysql2\/promise|mariadb|mssql|oracledb)$/, /^ConnectionPool$/, wordSet('createConnection createPool connect getConnection'), 'connection'],
  [/^(?:serverless-mysql|postgres|pg-promise|knex)$/, undefined, new Set(['', 'knex', 'default']), 'connection'],
  [/^mongodb$/, /^MongoClient$/, wordSet('MongoClient.connect connect'), 'connection'],
  [/^mongoose$/, undefined, wordSet('createConnection'), 'connection'],
  [/^(?:redis|@redis\/client)$/, undefined, wordSet('createClient createCluster'), 'connection'],
  [/^ioredis$/, /^(?:|Redis|Cluster|Redis\.Cluster)$/, undefined, 'connection'],
  [/^(?:@prisma\/client(?:\/edge)?|\.prisma\/client)$/, /^PrismaClient$/, undefined, 'connection'],
  [/^sequelize(?:-typescript)?$/, /^(?:|Sequelize)$/, undefined, 'connection'],
  [/^typeorm$/, /^DataSource$/, wordSet('createConnection'), 'connection'],
  [/^(?:cassandra-driver|neo4j-driver|memcached|memjs|nats|amqplib|kafkajs|mqtt|tedious)$/, /^(?:|Client|Kafka|Connection|Memcached)$/, wordSet('driver neo4j.driver connect Client.create'), 'connection'],
  [/^(?:@elastic\/elasticsearch|@opensearch-project\/opensearch|elasticsearch|typesense|meilisearch)$/, /^(?:Client|MeiliSearch|Meilisearch)$/, undefined, 'agent'],
  [/^algoliasearch(?:\/lite)?$/, undefined, new Set(['', 'algoliasearch', 'default', 'liteClient']), 'agent'],
  [/^(?:https?|agentkeepalive|http-proxy-agent|https-proxy-agent|proxy-agent|socks-proxy-agent|undici|@smithy\/node-http-handler|@aws-sdk\/node-http-handler)$/, /^(?:|Agent|HttpAgent|HttpsAgent|Pool|ProxyAgent|HttpProxyAgent|HttpsProxyAgent|SocksProxyAgent|NodeHttpHandler|NodeHttp2Handler)$/, undefined, 'agent'],
  [/^jwks-rsa$/, /^(?:|JwksClient)$/, new Set(['', 'default', 'jwksClient', 'jwksRsa', 'JwksClient', 'expressJwtSecret', 'koaJwtSecret', 'passportJwtSecret', 'hapiJwt2Key', 'hapiJwt2KeyAsync']), 'keys'],
  [/^@okta\/jwt-verifier$/, /^(?:|default|OktaJwtVerifier)$/, undefined, 'keys'],
  [/^@azure\/msal-node$/, /^ConfidentialClientApplication$/, undefined, 'keys'],
  [/^jose(?:\/.*)?$/, undefined, wordSet('createRemoteJWKSet'), 'keys'],
  [/^aws-jwt-verify(?:\/.*)?$/, undefined, wordSet('CognitoJwtVerifier.create JwtRsaVerifier.create JwtVerifier.create'), 'keys'],
  [/^(?:openai|@anthropic-ai\/sdk|@google\/genai|@google\/generative-ai|@anthropic-ai\/bedrock-sdk|@mistralai\/mistralai|groq-sdk|cohere-ai|replicate|together-ai|@google-ai\/generativelanguage)$/, /^(?:|OpenAI|AzureOpenAI|OpenAIApi|Anthropic|AnthropicBedrock|GoogleGenAI|GoogleGenerativeAI|Mistral|Groq|CohereClient|CohereClientV2|Replicate|Together|[A-Z]\w*Client)$/, undefined, 'rest'],
  [/^(?:stripe|twilio|plaid|square|braintree|@paypal\/.+)$/, /^(?:|Stripe|Twilio|PlaidApi|Client|BraintreeGateway)$/, new Set(['', 'default']), 'rest'],
  [/^@slack\/(?:web-api|webhook)$/, /^(?:WebClient|IncomingWebhook)$/, undefined, 'rest'],
  [/^(?:@octokit\/(?:rest|core)|octokit)$/, /^Octokit$/, undefined, 'rest'],
  [/^(?:notifications-node-client|@sendgrid\/client|resend|postmark|mailgun\.js|@contentful\/.+|contentful-management)$/, /^(?:NotifyClient|Client|Resend|ServerClient)$/, undefined, 'rest'],
  [/^(?:contentful|@sanity\/client|@supabase\/supabase-js|@libsql\/client(?:\/.*)?|@clickhouse\/client|faunadb|@planetscale\/database)$/, /^Client$/, wordSet('createClient connect'), 'rest'],
  [/^graphql-request$/, /^GraphQLClient$/, undefined, 'rest'],
  [/^(?:@apollo\/client(?:\/.*)?|apollo-client)$/, /^ApolloClient$/, undefined, 'rest'],
  [/^nodemailer$/, undefined, wordSet('createTransport'), 'session'],
  [/^(?:ssh2-sftp-client|basic-ftp|imapflow|ssh2)$/, /^(?:|Client|ImapFlow)$/, undefined, 'session'],
  [/^(?:googleapis|@googleapis\/.+)$/, undefined, /* google.sheets('v4') */ undefined, 'google'],
  [/^(?:snowflake-sdk|@sap\/hana-client|slonik|@databases\/(?:pg|mysql)|@vercel\/postgres|massive|soap|ldapjs|handy-redis)$/, undefined, new Set(['createConnection', 'createPool', 'createConnectionPool', 'createClient', 'createClientAsync', 'createHandyClient', '', 'default']), 'connection'],
  [/^(?:bull|bullmq|bee-queue|arangojs|@databricks\/sql|@influxdata\/influxdb-client|gremlin|ldapts|imap|ftp|minio|@parse\/node-apn|apn|pusher|ably)$/, /^(?:|default|Queue|QueueEvents|FlowProducer|Database|DBSQLClient|InfluxDB|driver\.(?:Client|DriverRemoteConnection)|Client|Provider|Pusher|Realtime|Rest|Ably\.(?:Rest|Realtime))$/, undefined, 'connection'],
  [/^@mikro-orm\/[a-z]+$/, undefined, wordSet('MikroORM.init'), 'connection'],
  [/^(?:@?launchdarkly(?:-node-server-sdk|\/node-server-sdk)|unleash-client|@optimizely\/optimizely-sdk)$/, /^Unleash$/, wordSet('init initialize startUnleash createInstance'), 'connection'],
  [/^documentdb$/, /^DocumentClient$/, undefined, 'connection'],
  [/^(?:@pinecone-database\/pinecone|@qdrant\/js-client-rest|@notionhq\/client|@hubspot\/api-client|airtable|@line\/bot-sdk|auth0|@okta\/okta-sdk-nodejs|@workos-inc\/node|@linear\/sdk|jira-client|jira\.js|posthog-node|analytics-node|@segment\/analytics-node|expo-server-sdk|razorpay|xero-node|@googlemaps\/google-maps-services-js|dialogflow|@google-analytics\/[a-z]+|@microsoft\/microsoft-graph-client|@adyen\/api-library|discord\.js|@contentful\/.+)$/, /^(?:|default|Pinecone|QdrantClient|Client|Airtable|Expo|Razorpay|JiraApi|PostHog|Analytics|WorkOS|(?:messagingApi\.)?[A-Z]\w*Client)$/, wordSet('Client.init Client.initWithMiddleware'), 'rest'],
  [/^@clerk\/(?:backend|clerk-sdk-node)$/, undefined, wordSet('createClerkClient Clerk'), 'rest'],
  [/^(?:ethers|@ethersproject\/providers)$/, /^(?:ethers\.)?(?:providers\.)?(?:JsonRpc|WebSocket|Infura|Alchemy|StaticJsonRpc|JsonRpcBatch)Provider$/, undefined, 'rest'],
  [/^(?:web3|@solana\/web3\.js)$/, /^(?:|default|Web3|Connection)$/, undefined, 'rest'],
  [/^@paypal\/.+$/, /^(?:core\.)?(?:PayPalHttpClient|Client)$/, undefined, 'rest'],
  [/^@adobe\/aio-lib-(?:state|files)$/, undefined, wordSet('init'), 'rest'],
];

/** Names of `@aws-sdk/client-*` that are no clients. */
const notClients = /(?:Command|Exception|ServiceException|Error|Fault|Waiter|NotFound)$/;
const googleApi = /^google\.(?!auth$|options$|discoverAPI$)[a-z][A-Za-z0-9]*$/;

/** Whether a call or `new` can make a client, by its name. Pure. */
export const mayMakeClient = byName((name) => clientMadeBy(name, [], false) !== undefined || clientMadeBy(name, [], true) !== undefined);

/** Settings of nodemailer's transports that open no session with a mail server (nodemailer 7, "Transports", November 2026). */
const transportsWithout = ['jsonTransport', 'streamTransport', 'SES', 'sendmail'] as const;

/** What a call or `new` makes that should be made once; `undefined` for anything else. Pure. */
export function clientMadeBy(callee: Callee, args: readonly Value[], constructs: boolean): ClientMade | undefined {
  const { module, path } = normalName(callee);
  if (path.some((part) => part.startsWith('#'))) return undefined;
  const name = path.join('.');
  if (!constructs && module === 'googleapis') return googleApi.test(name) ? { what: name, cost: 'google' } : undefined;
  for (const [modules, constructors, factories, cost] of rows) {
    if (!modules.test(module)) continue;
    const fits = constructs ? constructors?.test(name) === true && !(module.startsWith('@aws-sdk/client-') && notClients.test(name)) : factories?.has(name) === true;
    if (!fits) continue;
    // Connects to nothing of its own: streams and files of tests, and the client of a service that it is handed.
    if (module === 'nodemailer' && transportsWithout.some((name) => property(args[0], name))) return undefined;
    return { what: name === '' || name === 'default' ? module : name, cost };
  }
  // axios.create({ httpsAgent }) makes connections of its own; without an agent it is a set of defaults.
  return undefined;
}

/** Functions that only sign with a client that they are given, and methods of clients that only compute: nothing is connected (AWS SDK for JavaScript v3, presigned URLs; November 2026). */
const signers = /^@aws-sdk\/(?:s3-request-presigner|s3-presigned-post)$/;
const localMethods: readonly (readonly [RegExp, RegExp])[] = [
  [/^aws-sdk(?:\/|$)/, /^(?:getSignedUrl|getSignedUrlPromise|createPresignedPost)$/],
];

/** Whether a function of a package only signs with the client that it is given first. */
export const onlySigns = (module: string): boolean => signers.test(module);

/** Whether a method of a client of a package, by its path from the client on, computes without a connection. */
export const staysLocal = (module: string, path: string): boolean => localMethods.some(([modules, names]) => modules.test(module) && names.test(path));
