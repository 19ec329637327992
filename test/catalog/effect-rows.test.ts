import { describe, expect, it } from 'vitest';
import { canAct, effectsOf, families, mayAct, type Effect } from '../../src/catalog/effects.ts';
import type { Callee } from '../../src/model/project.ts';
import type { Value } from '../../src/model/value.ts';
import { callee, context, dunno, env, event, ext, made, show, tmpl, val } from './support.ts';
import type { Plain } from './support.ts';

const line = (e: Effect): string => [`${e.kind} ${e.service}/${e.resourceKind} ${show(e.target)}`, e.key && `key=${show(e.key)}`, e.waits && 'waits', e.deferred && 'later', e.wraps && 'wraps'].filter(Boolean).join(' ');

/** The result of a call as the evaluator writes it: of a package, or a method of what a call gave. */
const result = (what: string, ...from: Plain[]): Value => ({ kind: 'derived', what, from: from.map(val), io: true });
/** A method of a value that a call gave, or of the event. */
const on = (receiver: Value, method: string): Callee => ({ module: 'unknown', path: [method], receiver });
const member = (of: Value, name: string): Value => ({ kind: 'derived', what: `.${name}`, from: [of], io: true });

const pubsub = made('@google-cloud/pubsub', 'PubSub');
const topic = (name: Plain): Value => result('@google-cloud/pubsub:PubSub.#topic', pubsub, name);
const storage = made('@google-cloud/storage', 'Storage');
const bucket = (name: Plain): Value => result('@google-cloud/storage:Storage.#bucket', storage, name);
const firestore = result('firebase-admin:firestore');
const collection = (name: Plain): Value => result('#collection', firestore, name);
const doc = (of: Value, id: Plain): Value => result('#doc', of, id);
const database = result('firebase-admin:database');
const ref = (path: Plain): Value => result('#ref', database, path);
const queueService = result('@azure/storage-queue:QueueServiceClient.fromConnectionString', env('CONNECTION'));
const cosmos = made('@azure/cosmos', 'CosmosClient', { endpoint: 'e' });
const container = result('#container', result('@azure/cosmos:CosmosClient.#database', cosmos, 'db'), env('CONTAINER'));
const stripe = made('stripe', 'default', 'key');
const knex = result('knex:default', { client: 'pg' });

type Case = readonly [title: string, callee: Callee, args: readonly Plain[], lines: readonly string[]];

const cases: Readonly<Record<string, readonly Case[]>> = {
  'Google Pub/Sub': [
    ['publishMessage of a topic by name', on(topic('orders'), 'publishMessage'), [{ json: { a: 1 } }], ['publish pubsub/topic orders']],
    ['publishJSON of a topic from the environment', on(topic(env('TOPIC')), 'publishJSON'), [{}], ['publish pubsub/topic env:TOPIC']],
    ['a topic that came in by its type', callee('@google-cloud/pubsub', 'Topic.#publishMessage'), [{}], ['publish pubsub/topic ?']],
    ['asking whether a topic exists', on(topic('orders'), 'exists'), [], []],
    ['publish of a package that is no Pub/Sub', on(result('my-bus:Bus.#topic', made('my-bus', 'Bus'), 'orders'), 'publishMessage'), [{}], []],
  ],
  'Google Cloud Storage': [
    ['save of a file', on(result('#file', bucket('images'), 'a.png'), 'save'), ['x'], ['write gcs/bucket images key=a.png']],
    ['upload to a bucket', on(bucket('images'), 'upload'), ['/tmp/a', { destination: 'thumbs/a' }], ['write gcs/bucket images key=thumbs/a']],
    ['delete of a file is no delete of the bucket', on(result('#file', bucket('images'), 'a.png'), 'delete'), [], ['delete gcs/bucket images key=a.png']],
    ['download', on(result('#file', bucket(event('bucket')), 'a'), 'download'), [], ['read gcs/bucket event.bucket key=a']],
    ['a signed address to write', on(result('#file', bucket('images'), 'a'), 'getSignedUrl'), [{ action: 'write' }], ['write gcs/bucket images key=a later']],
    ['a signed address to read', on(result('#file', bucket('images'), 'a'), 'getSignedUrl'), [{ action: 'read' }], ['read gcs/bucket images key=a']],
    ['save of something else', on(result('sharp:default', 'x'), 'save'), [], []],
  ],
  'Google Cloud Tasks, BigQuery, Datastore, others': [
    ['createTask', callee('@google-cloud/tasks', 'CloudTasksClient.#createTask', made('@google-cloud/tasks', 'CloudTasksClient')), [{ parent: 'projects/p/locations/l/queues/q', task: {} }], ['start cloudtasks/queue projects/p/locations/l/queues/q later']],
    ['createTask of another package', callee('asana', 'Client.#createTask'), [{ parent: 'x' }], []],
    ['insert of rows', on(result('#table', result('@google-cloud/bigquery:BigQuery.#dataset', made('@google-cloud/bigquery', 'BigQuery'), 'd'), 'events'), 'insert'), [[]], ['write bigquery/database events']],
  ],
  'Firebase Auth, Messaging, task queues': [
    ['deleteUser', on(result('firebase-admin/auth:getAuth'), 'deleteUser'), ['u'], ['delete firebase-auth/other firebase auth users']],
    ['enqueue', on(result('#taskQueue', result('firebase-admin/functions:getFunctions'), 'resize'), 'enqueue'), [{}], ['start cloudtasks/queue resize later']],
    ['a topic message', on(result('firebase-admin:messaging'), 'send'), [{ topic: 'news' }], ['send fcm/person news']],
    ['getAuth of another package', on(result('next-auth:getAuth'), 'deleteUser'), ['u'], []],
  ],
  'Firestore and the Realtime Database': [
    ['set of a document', on(doc(collection('users'), event('id')), 'set'), [{ a: 1 }], ['write firestore/document `users/${event.id}`']],
    ['add to a collection', on(collection('users'), 'add'), [{}], ['write firestore/document users/*']],
    ['a subcollection', on(doc(result('#collection', doc(collection('users'), event('id')), 'items'), 'x'), 'delete'), [], ['delete firestore/document `users/${event.id}/items/x`']],
    ['a batch is given the reference', on(result('#batch', firestore), 'set'), [doc(collection('users'), 'a'), {}], ['write firestore/document users/a']],
    ['a transaction of which nothing is known', { module: 'unknown', path: ['update'], receiver: dunno }, [doc(collection('users'), 'a'), {}], ['write firestore/document users/a']],
    ['a document found by a query', on(member(result('element', member(result('#get', collection('users')), 'docs')), 'ref'), 'update'), [{}], ['write firestore/document users/*']],
    ['the document of the event', { module: 'unknown', path: ['set'], receiver: event('after', 'ref') }, [{}], ['write firestore/document event.after.ref']],
    ['a place of the tree', on(ref('/users/a'), 'update'), [{}], ['write rtdb/document /users/a']],
    ['push to a place of the tree', on(result('#child', ref('/users'), 'a'), 'push'), [{}], ['write rtdb/document /users/a/*']],
    ['a sibling of the event\'s place', on(result('#child', event('ref', 'parent'), 'upper'), 'set'), ['X'], ['write rtdb/document `${event.ref.parent}/upper`']],
    ['set of a Map', on(result('global:Map'), 'set'), ['a', 'b'], []],
    ['set on something unknown', { module: 'unknown', path: ['set'], receiver: dunno }, ['a', 1], []],
    ['update of a hash', on(result('crypto:createHash', 'sha256'), 'update'), ['x'], []],
    ['a write to a field of the event that is no reference', { module: 'unknown', path: ['set'], receiver: event('body') }, [{}], []],
    ['a file of a bucket that is no document', on(result('#ref', result('firebase-admin:storage'), 'x'), 'unknownMethod'), [], []],
  ],
  'Azure Storage': [
    ['sendMessage of a queue', on(result('#getQueueClient', queueService, 'jobs'), 'sendMessage'), ['x'], ['publish azure-queue/queue jobs']],
    ['a queue client made by name', callee('@azure/storage-queue', 'QueueClient.#sendMessage', made('@azure/storage-queue', 'QueueClient', env('C'), 'jobs')), ['x'], ['publish azure-queue/queue jobs']],
    ['upload of a blob', on(result('#getBlockBlobClient', result('#getContainerClient', result('@azure/storage-blob:BlobServiceClient.fromConnectionString', env('C')), 'out'), 'a.txt'), 'upload'), ['x', 1], ['write azure-blob/bucket out key=a.txt']],
    ['a file of a share', on(result('#getShareClient', result('@azure/storage-file-share:ShareServiceClient.fromConnectionString', env('C')), 'out'), 'createFile'), ['a.txt', 1], ['write azure-files/bucket out key=a.txt']],
    ['a file of a share is taken away', on(result('#getDirectoryClient', result('#getShareClient', result('@azure/storage-file-share:ShareServiceClient.fromConnectionString', env('C')), 'out'), ''), 'deleteFile'), ['a.txt'], ['delete azure-files/bucket out key=a.txt']],
    ['the retired client', callee('azure-storage', 'QueueService.#createMessage'), ['jobs', 'x'], ['publish azure-queue/queue jobs']],
    ['sendMessage of a chat bot', callee('node-telegram-bot-api', 'default.#sendMessage'), ['id', 'x'], ['send chat/person id']],
    ['sendMessage of a package that is not known', callee('my-queue', 'Client.#sendMessage'), ['x'], []],
  ],
  'Azure messaging': [
    ['sender of Service Bus', on(result('@azure/service-bus:ServiceBusClient.#createSender', made('@azure/service-bus', 'ServiceBusClient', env('C')), 'orders'), 'sendMessages'), [{ body: 1 }], ['publish azure-servicebus/queue orders']],
    ['the first version\'s queue client', on(result('#createSender', result('@azure/service-bus:ServiceBusClient.#createQueueClient', made('@azure/service-bus', 'ServiceBusClient', env('C')), 'orders')), 'scheduleMessage'), [dunno, { body: 1 }], ['publish azure-servicebus/queue orders later']],
    ['a batch to a hub', callee('@azure/event-hubs', 'EventHubProducerClient.#sendBatch', made('@azure/event-hubs', 'EventHubProducerClient', env('C'), 'telemetry')), [dunno], ['publish azure-eventhubs/stream telemetry']],
    ['a batch of something else', callee('my-hub', 'Producer.#sendBatch'), [dunno], []],
  ],
  'Azure Cosmos DB, durable functions': [
    ['create of an item', on(member(container, 'items'), 'create'), [{}], ['write azure-cosmos/document `db/${env:CONTAINER}`']],
    ['delete of an item', on(result('#item', container, 'id'), 'delete'), [], ['delete azure-cosmos/document `db/${env:CONTAINER}` key=id']],
    ['start of an orchestration', on(result('durable-functions:getClient', context()), 'startNew'), ['work'], ['start azure-durable/stateMachine work']],
    ['create of another client\'s items', on(member(result('my-db:connect'), 'items'), 'create'), [{}], []],
  ],
  'Azure outputs': [
    ['extraOutputs.set', { module: 'unknown', path: ['set'], receiver: context('extraOutputs') }, [result('@azure/functions:output.storageQueue', { queueName: 'out' }), 'x'], ['publish azure-queue/queue out']],
    ['a blob output', { module: 'unknown', path: ['set'], receiver: context('extraOutputs') }, [result('@azure/functions:output.storageBlob', { path: 'out/{name}' }), 'x'], ['write azure-blob/bucket out key={name}']],
    ['an output of which nothing is known', { module: 'unknown', path: ['set'], receiver: context('extraOutputs') }, ['out', 'x'], ['write azure-binding/binding out']],
    ['headers.set', { module: 'unknown', path: ['set'], receiver: context('res', 'headers') }, ['a', 'b'], []],
  ],
  'Cloudflare REST client': [
    ['push', callee('cloudflare', 'Cloudflare.#queues.messages.push'), ['id', { body: 1 }], ['publish cloudflare/queue id']],
    ['push of a list', callee('global', 'Array.#push'), ['id'], []],
  ],
  'SQS helpers': [
    ['a producer', on(result('sqs-producer:Producer.create', { queueUrl: env('URL') }), 'send'), [{ body: 'x' }], ['publish sqs/queue env:URL']],
    ['a producer of Kafka', on(result('kafkajs:Kafka.#producer', made('kafkajs', 'Kafka')), 'send'), [{}], []],
  ],
  'Powertools for AWS Lambda, middy': [
    ['a wrapped handler', callee('@aws-lambda-powertools/idempotency', 'makeIdempotent'), [dunno, { persistenceStore: made('@aws-lambda-powertools/idempotency/dynamodb', 'DynamoDBPersistenceLayer', { tableName: env('T') }) }], ['write dynamodb/table env:T wraps']],
    ['a parameter', callee('@aws-lambda-powertools/parameters/ssm', 'getParameter'), ['/a/b'], ['read ssm/parameter /a/b']],
    ['getParameter of another package', callee('my-config', 'getParameter'), ['/a/b'], []],
  ],
  'Signed requests': [
    ['fetch of a signing client', callee('aws4fetch', 'AwsClient.#fetch', made('aws4fetch', 'AwsClient')), ['https://x'], ['request aws/url https://x waits']],
  ],
  ElectroDB: [
    ['put', on(result('electrodb:Entity.#put', made('electrodb', 'Entity', {}, { table: env('T') }), {}), 'go'), [], ['write dynamodb/table env:T']],
    ['a query', on(result('#byId', member(made('electrodb', 'Entity', {}, { table: 't' }), 'query'), {}), 'go'), [], ['read dynamodb/table t']],
    ['go of something else', on(result('my-router:Router.#put', made('my-router', 'Router'), '/'), 'go'), [], []],
  ],
  'DynamoDB Toolbox': [
    ['a command that puts', on(result('#item', result('dynamodb-toolbox:Entity.#build', made('dynamodb-toolbox', 'Entity', { table: made('dynamodb-toolbox', 'Table', { name: 'pets' }) }), ext('dynamodb-toolbox', 'PutItemCommand')), {}), 'send'), [], ['write dynamodb/table pets']],
    ['a command that gets', on(result('#key', result('dynamodb-toolbox:Entity.#build', made('dynamodb-toolbox', 'Entity', { table: made('dynamodb-toolbox', 'Table', { name: 'pets' }) }), ext('dynamodb-toolbox', 'GetItemCommand')), {}), 'send'), [], ['read dynamodb/table pets']],
    ['the older form', callee('dynamodb-toolbox', 'Entity.#delete', made('dynamodb-toolbox', 'Entity', { table: made('dynamodb-toolbox', 'Table', { name: 'pets' }) })), [{ id: 1 }], ['delete dynamodb/table pets key={id: 1}']],
  ],
  'dynamoose, TypeDORM, OneTable, data mapper': [
    ['create of a model', on(result('dynamoose:model', 'users', {}), 'create'), [{}], ['write dynamodb/table users']],
    ['save of a new document', on(result('new', result('dynamoose:model', 'users', {}), {}), 'save'), [], ['write dynamodb/table users']],
    ['a model of OneTable', on(result('dynamodb-onetable:Table.#getModel', made('dynamodb-onetable', 'Table', { name: 'one' }), 'User'), 'create'), [{}], ['write dynamodb/table one']],
    ['mongoose has models too', on(result('mongoose:model', 'User', {}), 'create'), [{}], ['write mongodb/database User']],
  ],
  'Queues that call back': [
    ['publishJSON', callee('@upstash/qstash', 'Client.#publishJSON', made('@upstash/qstash', 'Client', {})), [{ url: tmpl('https://', env('VERCEL_URL'), '/api/next'), body: {} }], ['publish qstash/url `https://${env:VERCEL_URL}/api/next`']],
    ['batchJSON, one effect a message', callee('@upstash/qstash', 'Client.#batchJSON', made('@upstash/qstash', 'Client', {})), [[{ url: 'https://a' }, { url: 'https://b' }]], ['publish qstash/url https://a', 'publish qstash/url https://b']],
    ['enqueueJSON', on(result('@upstash/qstash:Client.#queue', made('@upstash/qstash', 'Client', {}), { queueName: 'q' }), 'enqueueJSON'), [{ url: 'https://a' }], ['publish qstash/url https://a']],
    ['an event of Inngest', callee('inngest', 'Inngest.#send', made('inngest', 'Inngest', { id: 'app' })), [{ name: 'shop/order.created', data: {} }], ['publish inngest/bus shop/order.created']],
    ['a task of Trigger.dev', callee('@trigger.dev/sdk/v3', 'tasks.trigger'), ['resize', {}], ['start trigger.dev/function resize']],
    ['a task that is waited for', callee('@trigger.dev/sdk/v3', 'tasks.triggerAndWait'), ['resize', {}], ['invoke trigger.dev/function resize waits']],
    ['jQuery\'s trigger', callee('jquery', 'default.#trigger'), ['click'], []],
  ],
  OpenWhisk: [
    ['an action', on(member(result('openwhisk:default'), 'actions'), 'invoke'), [{ name: 'next', params: {} }], ['invoke openwhisk/function next']],
    ['an action that is waited for', on(member(result('openwhisk:default'), 'actions'), 'invoke'), [{ actionName: 'next', blocking: true }], ['invoke openwhisk/function next waits']],
    ['a trigger', on(member(result('openwhisk:default'), 'triggers'), 'invoke'), [{ name: 'changed' }], ['publish openwhisk/bus changed']],
    ['invoke of something else', on(member(result('my-app:create'), 'actions'), 'invoke'), [{ name: 'next' }], []],
  ],
  'Vercel and Netlify stores': [
    ['a blob', callee('@vercel/blob', 'put'), ['a.txt', 'x'], ['write vercel/bucket vercel blob key=a.txt']],
    ['a store', on(result('@netlify/blobs:getStore', 'cache'), 'setJSON'), ['k', {}], ['write netlify/bucket cache key=k']],
    ['a store of the browser', on(result('idb-keyval:getStore', 'cache'), 'setJSON'), ['k', {}], []],
  ],
  'SST clients': [
    ['an event', callee('sst/aws/bus', 'bus.publish'), ['orders', 'order.placed', { id: 1 }], ['publish eventbridge/bus orders']],
    ['something that is linked to a Worker', callee('sst', 'Resource.Files.put'), ['a.txt', 'x'], ['write cloudflare/bucket sst key=a.txt']],
    ['a name of what is linked', callee('sst', 'Resource.Files.toString'), [], []],
  ],
  'Stores of Adobe I/O Runtime': [
    ['state', on(result('@adobe/aio-lib-state:init'), 'put'), ['k', 'v'], ['write openwhisk/bucket adobe key=k']],
    ['files', on(result('@adobe/aio-lib-files:init'), 'list'), ['/'], ['read openwhisk/bucket adobe key=/']],
    ['another library', on(result('my-state:init'), 'put'), ['k', 'v'], []],
  ],
  'Relational databases': [
    ['a query', callee('pg', 'Pool.#query', made('pg', 'Pool')), ['select 1'], ['write sql/database sql']],
    ['a builder by table', on(result('call', knex, 'users'), 'insert'), [{}], ['write sql/database users']],
    ['a client by model', callee('@prisma/client', 'PrismaClient.#user.create'), [{ data: {} }], ['write sql/database prisma']],
    ['from().insert()', on(result('#from', result('@supabase/supabase-js:createClient', 'u', 'k'), 'users'), 'insert'), [{}], ['write sql/database users']],
    ['insert into a list', on(result('my-list:create'), 'insert'), [{}], []],
  ],
  'Document and key-value databases': [
    ['records of Dynamics', on(made('dynamics-web-api', 'default', {}), 'createRequest'), [{ collection: 'contacts', entity: {} }], ['write dynamics/database contacts']],
    ['records of Dynamics that are read', on(made('dynamics-web-api', 'default', {}), 'retrieveMultiple'), ['contacts'], ['read dynamics/database contacts']],
    ['what Dynamics is set up with', on(made('dynamics-web-api', 'default', {}), 'setConfig'), [{}], []],
    ['insertOne', on(result('#collection', result('mongodb:MongoClient.#db', made('mongodb', 'MongoClient', 'u')), 'users'), 'insertOne'), [{}], ['write mongodb/database users']],
    ['set', callee('ioredis', 'default.#set', made('ioredis', 'default')), ['k', 'v'], ['write redis/database redis key=k']],
    ['del of @vercel/kv', callee('@vercel/kv', 'kv.del'), ['k'], ['delete redis/database redis key=k']],
    ['set of lodash', callee('lodash', 'set'), [{}, 'k', 'v'], []],
  ],
  'Mail, text messages, chat': [
    ['sendMail', on(result('nodemailer:createTransport', {}), 'sendMail'), [{ to: 'a@b' }], ['send mail/person a@b']],
    ['send of SendGrid', callee('@sendgrid/mail', 'default.send'), [{ to: 'a@b' }], ['send mail/person a@b']],
    ['a text message', on(member(result('twilio:default', 'a', 'b'), 'messages'), 'create'), [{ to: '+1', body: 'x' }], ['send sms/person +1']],
    ['send of express', on(result('express:default'), 'send'), ['x'], []],
  ],
  Payments: [
    ['a charge', callee('stripe', 'default.#paymentIntents.create', stripe), [{ amount: 1 }, { idempotencyKey: 'k' }], ['charge payment/payment payment key=k']],
    ['a customer is no charge', callee('stripe', 'default.#customers.create', stripe), [{}], ['write payment/payment payment']],
    ['reading one', callee('stripe', 'default.#charges.retrieve', stripe), ['id'], ['read payment/payment payment']],
    ['charges of another client', callee('my-bank', 'default.#charges.create'), [{}], []],
  ],
  HTTP: [
    ['fetch', callee('global', 'fetch'), ['https://a/b', { method: 'POST', body: 'x' }], ['request http/url https://a/b waits']],
    ['axios with a base address', callee('axios', 'AxiosInstance.#get', made('axios', 'AxiosInstance', { baseURL: 'https://api/' })), ['/users'], ['request http/url `https://api/users` waits']],
    ['an absolute address needs no base', callee('axios', 'AxiosInstance.#get', made('axios', 'AxiosInstance', { baseURL: 'https://api/' })), ['https://other/users'], ['request http/url https://other/users waits']],
    ['a local function of that name', callee('./fetch', 'fetch'), ['https://a/b'], []],
  ],
  'SDK v2 clients with parameters of their own': [
    ['the client names the bucket', callee('aws-sdk', 'S3.#putObject', made('aws-sdk', 'S3', { params: { Bucket: 'b' } })), [{ Key: 'k' }], ['write s3/bucket b key=k']],
    ['the call names another one', callee('aws-sdk', 'S3.#putObject', made('aws-sdk', 'S3', { params: { Bucket: 'b' } })), [{ Bucket: 'c', Key: 'k' }], ['write s3/bucket c key=k']],
  ],
  'aws-lite and ready-made clients': [
    ['an operation of aws-lite', on(member(result('@aws-lite/client:default', {}), 'dynamodb'), 'PutItem'), [{ TableName: 't' }], ['write dynamodb/table t']],
    ['a client of a package', callee('@dazn/lambda-powertools-sns-client', 'publish'), [{ TopicArn: env('T') }], ['publish sns/topic env:T']],
    ['a document client of a package', callee('@dazn/lambda-powertools-dynamodb-client', 'put'), [{ TableName: 't' }], ['write dynamodb/table t']],
    ['PutItem of a shopping cart', on(member(result('my-cart:default'), 'dynamodb'), 'PutItem'), [{ TableName: 't' }], []],
  ],
};

describe.each(Object.entries(cases))('%s', (_, table) => {
  it.each(table.map((one) => [...one]))('%s', (_title, target, args, expected) => {
    const found = effectsOf(target as Callee, (args as readonly Plain[]).map(val));
    expect(found.map(line)).toEqual(expected);
    // What has effects is never left out by its name alone.
    if (found.length > 0) expect(mayAct(target as Callee) && canAct(target as Callee, () => (args as readonly Plain[]).map(val)[0])).toBe(true);
  });
});

describe('the catalog', () => {
  it.each(families.map((family) => [family.name, family]))('%s is dated and has hit and near-miss cases', (name, family) => {
    expect(typeof family === 'object' && /\(November 2026\)$/.test(family.source)).toBe(true);
    expect(cases[String(name)]?.some(([, , , lines]) => lines.length > 0), 'a case that hits').toBe(true);
  });

  it('gives every row an id of its service and its first call', () => {
    for (const row of families.flatMap((family) => family.rows)) expect(row.id).toBe(`${row.service} ${row.calls[0]?.join('.') ?? ''}`);
  });

  it.each(['send', 'publish', 'put'])('leaves a local function named %s alone', (name) => {
    expect(effectsOf({ module: 'unknown', path: [name] }, [val({ TopicArn: 't', Bucket: 'b' })])).toEqual([]);
  });
});
