import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Effect, EffectService } from './effects.ts';
import type { Limit } from './limits.ts';

/**
 * What fits through what: the largest message of a channel, the most entries of a batch, the range of a parameter. Collected
 * 2026-11-21; each entry names its source. Numbers moved within the year (SQS in 2025-08, EventBridge and Lambda in 2026-01).
 */

const KiB = 1024;
const MiB = 1024 * KiB;
const doc = (value: number, source: string, date: string, condition?: string): Limit => ({ value, grade: 'doc', source, date, ...(condition === undefined ? {} : { condition }) });
const inferred = (value: number, source: string, date: string, condition?: string): Limit => ({ ...doc(value, source, date, condition), grade: 'inferred' });

/** A way for data out of a function, with the most bytes that it takes at a time. */
export interface Channel {
  /** For messages: `an SQS message`. */
  readonly what: string;
  readonly bytes: Limit;
}

const channel = (what: string, bytes: Limit): Channel => ({ what, bytes });
const million = 'aws.amazon.com/blogs/compute: serverless services now support payloads up to 1 MB';

const invokeWaits = channel('the payload of a synchronous invocation', doc(6 * MiB, 'docs.aws.amazon.com/lambda gettingstarted-limits', '2026'));
const invokeAsync = channel('the payload of an asynchronous invocation', doc(MiB, million, '2026-01-29'));

const published: Partial<Record<EffectService, Channel>> = {
  sqs: channel('an SQS message', doc(MiB, 'docs.aws.amazon.com SQS developer guide, message quotas; 256 KiB before 2025-08', '2026')),
  sns: channel('an SNS message', doc(256 * KiB, 'docs.aws.amazon.com/general/latest/gr/sns.html', '2026')),
  eventbridge: channel('an EventBridge event', doc(MiB, `${million}; 256 KB before`, '2026-01-29')),
  kinesis: channel('a Kinesis record', doc(MiB, 'docs.aws.amazon.com/streams/latest/dev/large-records.html', '2026', 'a stream\'s own setting allows up to 10 MiB')),
  firehose: channel('a Firehose record', doc(1_000 * KiB, 'docs.aws.amazon.com/firehose/latest/dev/limits.html', '2026')),
  iot: channel('an MQTT message of AWS IoT', doc(128 * KiB, 'docs.aws.amazon.com/general/latest/gr/iot-core.html', '2026')),
  'apigateway-management': channel('a WebSocket message', doc(128 * KiB, 'docs.aws.amazon.com/apigateway WebSocket quotas', '2026')),
  pubsub: channel('a Pub/Sub message', doc(10_000_000, 'cloud.google.com/pubsub/quotas', '2026')),
  cloudtasks: channel('a Cloud Task', doc(MiB, 'cloud.google.com/tasks/docs/comp-pub-sub', '2026')),
  'azure-queue': channel('a message of a storage queue', doc(64 * KiB, 'learn.microsoft.com/azure/storage/queues/scalability-targets', '2026', '48 KiB where messages are Base64')),
  'azure-servicebus': channel('a Service Bus message', doc(256 * KiB, 'learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas', '2026', 'Standard tier')),
  'azure-eventhubs': channel('an Event Hubs event', doc(MiB, 'learn.microsoft.com/azure/event-hubs/event-hubs-quotas', '2026')),
  'azure-eventgrid': channel('an Event Grid event', doc(MiB, 'learn.microsoft.com/azure/event-grid/quotas-limits', '2026')),
  'cloudflare-queue': channel('a message of a Cloudflare queue', doc(128_000, 'developers.cloudflare.com/queues/platform/limits', '2026')),
};

const item = channel('an item of DynamoDB', doc(400 * KiB, 'docs.aws.amazon.com/amazondynamodb constraints', '2026'));
const document = channel('a document of Firestore', doc(MiB, 'firebase.google.com/docs/firestore/quotas', '2026'));
const execution = channel('the input of a state machine', doc(262_144, 'docs.aws.amazon.com/step-functions service quotas', '2026'));

/** The channel that an effect sends its payload through; `undefined` for one without a cap that matters. Pure. */
export function channelOf(effect: Effect): Channel | undefined {
  switch (effect.kind) {
    case 'publish': return published[effect.service];
    case 'invoke': return effect.service === 'lambda' ? (effect.waits || effect.waitsUnknown ? invokeWaits : invokeAsync) : undefined;
    case 'start': return effect.service === 'stepfunctions' ? execution : undefined;
    case 'write': return effect.service === 'dynamodb' ? item : effect.service === 'firestore' ? document : undefined;
    default: return undefined;
  }
}

const lambdaAnswer = doc(6 * MiB, 'docs.aws.amazon.com/lambda gettingstarted-limits', '2026', 'buffered');

/** The channel that an answer goes through, by the trigger that asks; `undefined` where nobody gets one, or nothing caps it. Pure. */
export function answerChannel(fn: ServerlessFunction, trigger: Trigger): Channel | undefined {
  if (trigger.enabled === false) return undefined;
  const http = trigger.kind === 'http' || trigger.kind === 'url';
  switch (fn.platform) {
    case 'aws':
      if (trigger.kind === 'stateMachine') return channel('the result of a step', execution.bytes);
      if (!http) return undefined;
      if (/^alb$/i.test(trigger.source)) return channel('a response through a load balancer', doc(MiB, 'docs.aws.amazon.com/elasticloadbalancing lambda-functions', '2026'));
      return /websocket/i.test(trigger.source) ? undefined : channel('the response of a Lambda function', lambdaAnswer);
    case 'netlify': return http && fn.generation !== 'edge' ? channel('the response of a Netlify function', doc(6 * MiB, 'docs.netlify.com functions/configuration', '2026')) : undefined;
    case 'vercel': return http && fn.generation !== 'edge' ? channel('the response of a Vercel function', doc(4.5 * MiB, 'vercel.com/docs/functions/limitations', '2026-07-01')) : undefined;
    case 'google': case 'firebase':
      if (!http) return undefined;
      return fn.generation === 'gen1' ? channel('the response of a function of the first generation', doc(10 * MiB, 'docs.cloud.google.com/functions/quotas-1st-gen', '2026')) : channel('the response of a function', doc(32 * MiB, 'docs.cloud.google.com/functions/quotas', '2026'));
    case 'openwhisk': return channel('the result of an action', { value: MiB, grade: 'src', source: 'apache/openwhisk 1fae641', date: '2026-08-05' });
    default: return undefined;
  }
}

/** A call that takes several entries, where they stand in its parameters, and how many it takes. */
export interface BatchCall {
  readonly operation: string;
  /** Names of properties on the way to the list; `*` is the value of any property. */
  readonly list: readonly string[];
  readonly most: number;
}

const batch = (operation: string, list: string, most: number): readonly [string, BatchCall] => [operation, { operation: operation.slice(operation.indexOf(' ') + 1), list: list === '' ? [] : list.split('.'), most }];

/**
 * By `service operation` of the AWS SDKs. Sources: the API reference of each operation (docs.aws.amazon.com, November 2026), under the
 * list's own entry ("Array Members: Maximum number of …").
 */
const batches: ReadonlyMap<string, BatchCall> = new Map([
  batch('sqs SendMessageBatch', 'Entries', 10), batch('sqs DeleteMessageBatch', 'Entries', 10), batch('sqs ChangeMessageVisibilityBatch', 'Entries', 10),
  batch('sns PublishBatch', 'PublishBatchRequestEntries', 10),
  batch('eventbridge PutEvents', 'Entries', 10),
  batch('kinesis PutRecords', 'Records', 500), batch('firehose PutRecordBatch', 'Records', 500),
  batch('dynamodb BatchWriteItem', 'RequestItems.*', 25), batch('dynamodb BatchGetItem', 'RequestItems.*.Keys', 100),
  batch('dynamodb TransactWriteItems', 'TransactItems', 100), batch('dynamodb TransactGetItems', 'TransactItems', 100),
  batch('s3 DeleteObjects', 'Delete.Objects', 1_000),
  batch('ssm GetParameters', 'Names', 10),
  batch('secretsmanager BatchGetSecretValue', 'SecretIdList', 20),
  batch('cloudwatch PutMetricData', 'MetricData', 1_000),
  batch('ses SendBulkTemplatedEmail', 'Destinations', 50), batch('ses SendBulkEmail', 'BulkEmailEntries', 50),
]);

export const batchCallOf = (service: string, operation: string): BatchCall | undefined => batches.get(`${service} ${operation}`);

/**
 * Batches of other services, by service and method; the list is the first argument, or its property `list`. Sources: developers.cloudflare.com/queues/platform/limits,
 * firebase.google.com/docs/cloud-messaging/send/admin-sdk, learn.microsoft.com/rest/api/storageservices (entity group transactions), 2026.
 */
const batchMethods: ReadonlyMap<string, BatchCall> = new Map([
  batch('cloudflare-queue sendBatch', '', 100),
  batch('fcm sendEach', '', 500), batch('fcm sendEachForMulticast', 'tokens', 500),
  batch('azure-table submitTransaction', '', 100),
]);

export const batchMethodOf = ({ service, detail }: Effect): BatchCall | undefined => batchMethods.get(`${service} ${detail}`);

/** A number that a call takes, and what it may be. */
export interface NumberRange {
  readonly parameter: string;
  readonly least: number;
  readonly most: number;
  readonly source: string;
}

const range = (parameter: string, least: number, most: number, source: string): NumberRange => ({ parameter, least, most, source });
const sqs = 'docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';

/** By `service operation`. */
const numbers: ReadonlyMap<string, readonly NumberRange[]> = new Map([
  ['sqs SendMessage', [range('DelaySeconds', 0, 900, sqs)]],
  ['sqs ReceiveMessage', [range('MaxNumberOfMessages', 1, 10, sqs), range('WaitTimeSeconds', 0, 20, sqs), range('VisibilityTimeout', 0, 43_200, sqs)]],
  ['sqs ChangeMessageVisibility', [range('VisibilityTimeout', 0, 43_200, sqs)]],
]);

export const numbersOf = (service: string, operation: string): readonly NumberRange[] => numbers.get(`${service} ${operation}`) ?? [];

/** A signed URL of S3 lives seven days at most (Amazon S3 user guide, presigned URLs, 2026). */
export const longestSignedSeconds = 604_800;
/** KV: a shorter time to live is refused (developers.cloudflare.com/kv/api/write-key-value-pairs, 2026). */
export const shortestKvSeconds = 60;

/** A setting of a function or trigger, and what the platform takes. */
export interface SettingRange {
  readonly least: number;
  readonly most: number;
  readonly unit: string;
  readonly grade: Limit['grade'];
  readonly source: string;
  /** What the numbers rest on. */
  readonly assumption?: string;
}

const setting = (least: number, most: number, unit: string, source: string, extra: Partial<SettingRange> = {}): SettingRange => ({ least, most, unit, grade: 'doc', source, ...extra });
const lambda = 'docs.aws.amazon.com/lambda gettingstarted-limits (2026)';
const whisk: Partial<SettingRange> = { grade: 'src', assumption: 'the limits are those of OpenWhisk\'s default configuration; a provider may have raised them' };

/** Memory in MB that a function may have; `undefined` where nothing is known. */
export function memoryRange({ platform, generation }: ServerlessFunction): SettingRange | undefined {
  switch (platform) {
    case 'aws': return setting(128, 10_240, 'MB', lambda);
    case 'google': case 'firebase': return generation === 'gen1' ? setting(128, 8_192, 'MB', 'docs.cloud.google.com/functions/quotas (2026)') : setting(128, 32_768, 'MB', 'docs.cloud.google.com/functions/quotas (2026)');
    case 'vercel': return generation === 'edge' ? undefined : setting(128, 4_096, 'MB', 'vercel.com/docs/functions/limitations (2026-07-01)');
    case 'openwhisk': return setting(128, 4_096, 'MB', 'developer.adobe.com runtime system settings (2026); 512 in apache/openwhisk', whisk);
    default: return undefined;
  }
}

/** Seconds that a function may be given; `longest` is the longest timeout that the platform is known to allow. */
export function timeoutRange({ platform, generation }: ServerlessFunction, longest: number | undefined): SettingRange | undefined {
  // A durable function may be given as long as its execution lasts.
  if (generation === 'durable' || generation === 'durableObject' || generation === 'workflow') return undefined;
  if (platform === 'aws') return generation === 'edge' ? setting(1, 30, 's', 'docs.aws.amazon.com/AmazonCloudFront cloudfront-limits (2026)') : setting(1, 900, 's', lambda);
  if (platform === 'vercel') return generation === 'edge' ? undefined : setting(1, 1_800, 's', 'vercel.com/docs/functions/configuring-functions/duration (2026-08-24)');
  // Adobe's non-blocking actions run three hours.
  if (platform === 'openwhisk') return setting(0.1, 10_800, 's', 'developer.adobe.com runtime system settings (2026); 300 in apache/openwhisk', whisk);
  return (platform === 'google' || platform === 'firebase') && longest !== undefined ? setting(1, longest, 's', 'docs.cloud.google.com/functions/quotas (2026)') : undefined;
}

/** Megabytes of the temporary folder. */
export const temporaryRange = ({ platform, generation }: ServerlessFunction): SettingRange | undefined => (platform === 'aws' ? setting(512, generation === 'edge' ? 512 : 10_240, 'MB', lambda) : undefined);

/** Records that a trigger may hand over at a time. `fifo`: its queue keeps the order. */
export function batchRange({ platform }: ServerlessFunction, trigger: Trigger, fifo: boolean): SettingRange | undefined {
  if (platform === 'cloudflare') return trigger.kind === 'queue' ? setting(1, 100, 'messages', 'developers.cloudflare.com/queues/platform/limits (2026)') : undefined;
  if (platform !== 'aws') return undefined;
  if (trigger.kind === 'queue' && /^(?:sqs|queue)$/i.test(trigger.source)) return fifo ? setting(1, 10, 'messages of a FIFO queue', 'docs.aws.amazon.com/lambda services-sqs-parameters (2026)') : setting(1, 10_000, 'messages', 'docs.aws.amazon.com/lambda services-sqs-parameters (2026)');
  return trigger.kind === 'stream' || trigger.kind === 'queue' ? setting(1, 10_000, 'records', 'docs.aws.amazon.com/lambda API_CreateEventSourceMapping (2026)') : undefined;
}

/** Invocations that a queue's mapping may be held to (docs.aws.amazon.com/lambda services-sqs-scaling, 2026). */
export const concurrencyRange = ({ platform }: ServerlessFunction, trigger: Trigger): SettingRange | undefined =>
  (platform === 'aws' && /^(?:sqs|queue)$/i.test(trigger.source) ? setting(2, 1_000, 'invocations', 'docs.aws.amazon.com/lambda services-sqs-scaling (2026)') : undefined);

/** Layers of one function, and bytes of names and values of its environment. */
export const mostLayers = ({ platform }: ServerlessFunction): Limit | undefined => (platform === 'aws' ? doc(5, lambda, '2026') : undefined);
export const environmentBytes = ({ platform }: ServerlessFunction): Limit | undefined => (platform === 'aws' ? doc(4 * KiB, lambda, '2026') : platform === 'netlify' ? inferred(4 * KiB, 'Netlify runs on AWS Lambda', '2026') : undefined);
/** One variable of a Worker (developers.cloudflare.com/workers/platform/limits, 2026). */
export const variableBytes = ({ platform }: ServerlessFunction): Limit | undefined => (platform === 'cloudflare' ? doc(5_000, 'developers.cloudflare.com/workers/platform/limits', '2026') : undefined);
