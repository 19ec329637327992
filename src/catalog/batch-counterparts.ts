import type { Value } from '../model/value.ts';
import type { Effect } from './effects.ts';
import { property } from './look-up.ts';

/** A request for one thing, and the call that does the same for several. */
export interface Counterpart {
  /** The call for several, for messages. */
  readonly batch: string;
  /** How many it takes at a time; absent where no number is documented. */
  readonly most?: number;
  /** Parameters that the batch call does not have: with one of them, a request has none. */
  readonly unless?: readonly string[];
}

const to = (batch: string, most?: number, unless?: readonly string[]): Counterpart => ({ batch, ...(most === undefined ? {} : { most }), ...(unless ? { unless } : {}) });
const conditional = ['ConditionExpression', 'Expected', 'ReturnValues'];

/**
 * By service and operation. Sources (November 2026): API references of SQS, SNS, EventBridge, Kinesis, Firehose, DynamoDB, S3, SSM, Secrets Manager and
 * CloudWatch; developers.cloudflare.com (queues, KV `get` of several keys, D1 `batch`); firebase.google.com (getAll, BulkWriter,
 * sendEach); learn.microsoft.com (Service Bus and Event Hubs batches, entity group transactions, Cosmos DB bulk); READMEs of the
 * database packages in effects-databases.ts.
 */
const counterparts: ReadonlyMap<string, Counterpart> = new Map([
  ['sqs SendMessage', to('SendMessageBatch', 10)], ['sqs DeleteMessage', to('DeleteMessageBatch', 10)],
  ['sns Publish', to('PublishBatch', 10)],
  ['eventbridge PutEvents', to('PutEvents with several entries', 10)],
  ['kinesis PutRecord', to('PutRecords', 500)], ['firehose PutRecord', to('PutRecordBatch', 500)],
  ['dynamodb GetItem', to('BatchGetItem', 100)],
  ['dynamodb PutItem', to('BatchWriteItem', 25, conditional)], ['dynamodb DeleteItem', to('BatchWriteItem', 25, conditional)],
  ['s3 DeleteObject', to('DeleteObjects', 1_000)],
  ['ssm GetParameter', to('GetParameters', 10)],
  ['secretsmanager GetSecretValue', to('BatchGetSecretValue', 20)],
  ['cloudwatch PutMetricData', to('PutMetricData with several metrics', 1_000)],
  ['cloudflare-queue send', to('sendBatch', 100)], ['kv get', to('get with a list of keys', 100)], ['d1 run', to('batch')], ['d1 first', to('batch')], ['d1 all', to('batch')],
  ['firestore set', to('a BulkWriter')], ['firestore add', to('a BulkWriter')], ['firestore create', to('a BulkWriter')], ['firestore update', to('a BulkWriter')], ['firestore delete', to('a BulkWriter')],
  ['firestore get', to('getAll')],
  ['fcm send', to('sendEach', 500)],
  ['azure-servicebus sendMessages', to('sendMessages with a list')], ['azure-eventgrid send', to('send with a list')],
  ['azure-table createEntity', to('submitTransaction', 100)], ['azure-table upsertEntity', to('submitTransaction', 100)], ['azure-table updateEntity', to('submitTransaction', 100)], ['azure-table deleteEntity', to('submitTransaction', 100)],
  ['azure-cosmos create', to('executeBulkOperations')], ['azure-cosmos upsert', to('executeBulkOperations')],
  ['sql query', to('one statement for all rows')], ['sql execute', to('one statement for all rows')], ['sql one', to('one statement for all rows')], ['sql none', to('one statement for all rows')],
  ['sql create', to('createMany, or bulkCreate')], ['sql findUnique', to('findMany with `in`')], ['sql findByPk', to('findAll with a list')], ['sql findOne', to('a query with a list')], ['sql findOneBy', to('findBy with In')],
  ['sql save', to('save with a list')], ['sql insert', to('insert with a list')], ['sql values', to('values with a list')],
  ['mongodb insertOne', to('insertMany')], ['mongodb updateOne', to('bulkWrite')], ['mongodb replaceOne', to('bulkWrite')], ['mongodb deleteOne', to('bulkWrite')], ['mongodb findOne', to('find with $in')], ['mongodb findById', to('find with $in')],
  ['redis get', to('mget')], ['redis hget', to('hmget')], ['redis set', to('a pipeline')], ['redis del', to('del with several keys')],
  ['search index', to('bulk')],
  ['qstash publishJSON', to('batchJSON')],
]);

/** The call that does for several what an effect does for one; `undefined` where there is none. Pure. */
export function counterpartOf({ service, detail }: Effect, params: Value | undefined): Counterpart | undefined {
  const found = counterparts.get(`${service} ${detail}`);
  if (!found?.unless || !params) return found;
  return found.unless.some((name) => property(params, name) !== undefined) ? undefined : found;
}

/** Services whose clients work in the region that they are made for, and where distance costs time and transfer (AWS, November 2026). */
export const regionalServices: ReadonlySet<Effect['service']> = new Set(['s3', 'dynamodb', 'sqs', 'sns', 'kinesis', 'firehose', 'eventbridge', 'lambda', 'stepfunctions', 'ssm', 'secretsmanager']);
