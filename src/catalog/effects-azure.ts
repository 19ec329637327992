import type { Callee } from '../model/project.ts';
import { unknown, type Value } from '../model/value.ts';
import { chainOf, valueChain } from './effect-chain.ts';
import { placesOf, rowsOf, type Family } from './effect-rows.ts';
import type { Effect } from './effects.ts';

/**
 * Azure client libraries and the outputs of the Functions programming model v4.
 *
 * Sources (November 2026): @azure/storage-queue 12, @azure/storage-blob 12, @azure/storage-file-share 12, @azure/service-bus 7, @azure/event-hubs 6,
 * @azure/eventgrid 5, @azure/cosmos 4, @azure/data-tables 13, azure-storage 2 references; @azure/functions 4 `output` and
 * `InvocationContext.extraOutputs`; durable-functions 3 client.
 */

const queue = rowsOf('azure-queue', '@azure/storage-queue');
const blob = rowsOf('azure-blob', '@azure/storage-blob');
const files = rowsOf('azure-files', '@azure/storage-file-share');
const bus = rowsOf('azure-servicebus', '@azure/service-bus');
const hubs = rowsOf('azure-eventhubs', '@azure/event-hubs');
const grid = rowsOf('azure-eventgrid', '@azure/eventgrid');
const cosmos = rowsOf('azure-cosmos', '@azure/cosmos');
const tables = rowsOf('azure-table', '@azure/data-tables');
const durable = rowsOf('azure-durable', 'durable-functions');
const oldQueue = rowsOf('azure-queue', 'azure-storage');
const oldBlob = rowsOf('azure-blob', 'azure-storage');
const oldTable = rowsOf('azure-table', 'azure-storage');

const queueName = 'getQueueClient[0]|QueueClient[1]|QueueClient[0]';
const container = 'getContainerClient[0]|ContainerClient[1]|BlobClient[1]|BlockBlobClient[1]|ContainerClient[0]';
const blobName = 'getBlockBlobClient[0]|getBlobClient[0]|getAppendBlobClient[0]|BlockBlobClient[2]|BlobClient[2]';
const share = 'getShareClient[0]|ShareClient[1]';
const sharedFile = 'getFileClient[0]|createFile[0]|deleteFile[0]';
const table = 'TableClient[1]';
/** Written as triggers and bindings write it: `database/container`. */
const cosmosContainer = 'database[0]+container[0]|container[0]|Container[1]|createIfNotExists[0].id';

export const azureFamilies: readonly Family[] = [
  {
    name: 'Azure Storage',
    source: '@azure/storage-queue 12, storage-blob 12, storage-file-share 12, data-tables 13, azure-storage 2.10 (retired) references (November 2026)',
    rows: [
      queue('sendMessage', 'publish', 'queue', queueName, { payload: '[0]', naming: ['name', 'url'] }),
      queue('receiveMessages peekMessages', 'read', 'queue', queueName),
      queue('deleteMessage clearMessages', 'delete', 'queue', queueName),
      blob('upload uploadData uploadStream uploadFile uploadBrowserData syncUploadFromURL beginCopyFromURL syncCopyFromURL appendBlock commitBlockList uploadBlockBlob', 'write', 'bucket', container, { key: `${blobName}|uploadBlockBlob[0]`, payload: '[0]', events: ['Microsoft.Storage.BlobCreated'], naming: ['name', 'url'] }),
      blob('getBlockBlobClient.delete getBlobClient.delete getBlockBlobClient.deleteIfExists getBlobClient.deleteIfExists BlobClient.delete BlockBlobClient.delete deleteBlob', 'delete', 'bucket', container, { key: `${blobName}|[0]`, events: ['Microsoft.Storage.BlobDeleted'] }),
      blob('download downloadToBuffer downloadToFile getProperties listBlobsFlat listBlobsByHierarchy exists', 'read', 'bucket', container, { key: blobName }),
      files('createFile getFileClient.create uploadRange uploadRangeFromURL uploadFile uploadData uploadStream uploadResetData startCopyFromURL', 'write', 'bucket', share, { key: sharedFile }),
      files('deleteFile getFileClient.delete getFileClient.deleteIfExists', 'delete', 'bucket', share, { key: sharedFile }),
      files('getFileClient.download getFileClient.downloadToBuffer getFileClient.downloadToFile getFileClient.exists listFilesAndDirectories', 'read', 'bucket', share, { key: sharedFile }),
      tables('createEntity updateEntity upsertEntity submitTransaction', 'write', 'table', table, { payload: '[0]', naming: ['name'] }),
      tables('deleteEntity', 'delete', 'table', table),
      tables('getEntity listEntities', 'read', 'table', table),
      oldQueue('createMessage', 'publish', 'queue', '[0]', { payload: '[1]' }),
      oldQueue('getMessages peekMessages', 'read', 'queue', '[0]'),
      oldBlob('createBlockBlobFromText createBlockBlobFromStream createBlockBlobFromLocalFile createWriteStreamToBlockBlob startCopyBlob appendFromText createAppendBlobFromText', 'write', 'bucket', '[0]', { key: '[1]', payload: '[2]', events: ['Microsoft.Storage.BlobCreated'] }),
      oldBlob('deleteBlob deleteBlobIfExists', 'delete', 'bucket', '[0]', { key: '[1]' }),
      oldBlob('getBlobToText getBlobToStream getBlobToLocalFile listBlobsSegmented getBlobProperties doesBlobExist', 'read', 'bucket', '[0]', { key: '[1]' }),
      oldTable('insertEntity insertOrReplaceEntity insertOrMergeEntity replaceEntity mergeEntity executeBatch', 'write', 'table', '[0]', { payload: '[1]' }),
      oldTable('deleteEntity', 'delete', 'table', '[0]'),
      oldTable('queryEntities retrieveEntity', 'read', 'table', '[0]'),
    ],
  },
  {
    name: 'Azure messaging',
    source: '@azure/service-bus 7 ServiceBusSender and 1 (QueueClient, TopicClient, Sender), @azure/event-hubs 6 EventHubProducerClient, @azure/eventgrid 5 EventGridPublisherClient references (November 2026)',
    rows: [
      bus('createSender.sendMessages ServiceBusSender.sendMessages', 'publish', 'queue', 'createSender[0]', { payload: '[0].body|[0]', attributes: '[0].applicationProperties', naming: ['name'] }),
      bus('createSender.scheduleMessages ServiceBusSender.scheduleMessages', 'publish', 'queue', 'createSender[0]', { payload: '[0].body|[0]', deferred: true }),
      // Version 1: the client of one queue or topic, then its sender.
      bus('createQueueClient.send createQueueClient.sendBatch QueueClient.send', 'publish', 'queue', 'createQueueClient[0]', { payload: '[0].body|[0]', naming: ['name'] }),
      bus('createTopicClient.send createTopicClient.sendBatch TopicClient.send', 'publish', 'topic', 'createTopicClient[0]', { payload: '[0].body|[0]', attributes: '[0].userProperties', naming: ['name'] }),
      bus('createQueueClient.scheduleMessage createQueueClient.scheduleMessages', 'publish', 'queue', 'createQueueClient[0]', { payload: '[1].body|[1]', deferred: true, naming: ['name'] }),
      bus('createTopicClient.scheduleMessage createTopicClient.scheduleMessages', 'publish', 'topic', 'createTopicClient[0]', { payload: '[1].body|[1]', deferred: true, naming: ['name'] }),
      bus('createReceiver.receiveMessages createReceiver.peekMessages ServiceBusReceiver.receiveMessages', 'read', 'queue', 'createReceiver[0]'),
      // The hub may stand in the connection string (`EntityPath`) instead.
      hubs('EventHubProducerClient.sendBatch EventHubProducerClient.enqueueEvent EventHubProducerClient.enqueueEvents EventHubBufferedProducerClient.enqueueEvent EventHubBufferedProducerClient.enqueueEvents', 'publish', 'stream', 'EventHubProducerClient[1]|EventHubBufferedProducerClient[1]', { payload: '[0]', naming: ['name'] }),
      grid('EventGridPublisherClient.send EventGridPublisherClient.sendEvents EventGridClient.publishEvents', 'publish', 'topic', 'EventGridPublisherClient[0]|[0]', { payload: '[0]', naming: ['url'] }),
    ],
  },
  {
    name: 'Azure Cosmos DB, durable functions',
    source: '@azure/cosmos 4 Items.create, upsert, Item.replace, patch, delete; durable-functions 3 DurableClient.startNew, OrchestrationContext.df (November 2026)',
    rows: [
      cosmos('items.create items.upsert items.bulk items.batch items.executeBulkOperations', 'write', 'document', cosmosContainer, { payload: '[0]', naming: ['name'] }),
      cosmos('item.replace item.patch Item.replace Item.patch', 'write', 'document', cosmosContainer, { key: 'item[0]', payload: '[0]' }),
      cosmos('item.delete Item.delete', 'delete', 'document', cosmosContainer, { key: 'item[0]' }),
      cosmos('items.query items.readAll item.read items.fetchAll Item.read', 'read', 'document', cosmosContainer),
      durable('getClient.startNew DurableClient.startNew', 'start', 'stateMachine', '[0]', { payload: '[1].input', naming: ['name'] }),
      durable('getClient.raiseEvent DurableClient.raiseEvent getClient.signalEntity DurableClient.signalEntity', 'publish', 'other', '[0]', { payload: '[2]' }),
    ],
  },
];

/** What `output.X({…})` of the v4 model declares: where its target stands, by function name. */
const outputs: ReadonlyMap<string, readonly [service: Effect['service'], kind: Effect['kind'], resourceKind: Effect['resourceKind'], target: string, key?: string]> = new Map([
  ['storageQueue', ['azure-queue', 'publish', 'queue', 'storageQueue[0].queueName']],
  ['storageBlob', ['azure-blob', 'write', 'bucket', 'storageBlob[0].path']],
  ['serviceBusQueue', ['azure-servicebus', 'publish', 'queue', 'serviceBusQueue[0].queueName']],
  ['serviceBusTopic', ['azure-servicebus', 'publish', 'topic', 'serviceBusTopic[0].topicName']],
  ['eventHub', ['azure-eventhubs', 'publish', 'stream', 'eventHub[0].eventHubName']],
  ['eventGrid', ['azure-eventgrid', 'publish', 'topic', 'eventGrid[0].topicEndpointUri']],
  ['cosmosDB', ['azure-cosmos', 'write', 'document', 'cosmosDB[0].databaseName+cosmosDB[0].containerName|cosmosDB[0].databaseName+cosmosDB[0].collectionName|cosmosDB[0].containerName']],
  ['table', ['azure-table', 'write', 'table', 'table[0].tableName']],
  ['sql', ['sql', 'write', 'database', 'sql[0].commandText']],
  ['mySql', ['sql', 'write', 'database', 'mySql[0].commandText']],
]);

/** The effect of giving a value to an output of the v4 model (`extraOutputs.set`, `return`); `undefined` for anything else. Pure. */
export function outputEffect(output: Value, payload: Value | undefined): Effect | undefined {
  const chain = valueChain(output);
  const last = chain?.links.at(-1);
  const row = chain?.module === '@azure/functions' && chain.links.at(-2)?.name === 'output' && last ? outputs.get(last.name) : undefined;
  if (!chain || !row || !last) return undefined;
  const [service, kind, resourceKind, place] = row;
  const [target] = placesOf(place, chain);
  const named: BlobPath = service === 'azure-blob' && target ? blobPath(target) : { target };
  return { kind, service, resourceKind, target: named.target ?? unknown('the output does not name its target'), waits: false, detail: `output.${last.name}`, row: `${service} output.${last.name}`, ...(named.key ? { key: named.key } : {}), ...(payload ? { payload } : {}) };
}

interface BlobPath { readonly target: Value | undefined; readonly key?: Value }

/** `container/path/{name}` of a blob binding: its container, and the rest as the blob's name. */
function blobPath(path: Value): BlobPath {
  if (path.kind !== 'literal' || typeof path.value !== 'string') return { target: path };
  const slash = path.value.indexOf('/');
  return slash < 1 ? { target: path } : { target: { kind: 'literal', value: path.value.slice(0, slash) }, key: { kind: 'literal', value: path.value.slice(slash + 1) } };
}

/** What a declared output of a type does: `queue`, `serviceBus`, … as in function.json and `output.generic`. */
export const outputTypes: ReadonlyMap<string, readonly [service: Effect['service'], kind: Effect['kind'], resourceKind: Effect['resourceKind']]> = new Map([
  ['queue', ['azure-queue', 'publish', 'queue']], ['storagequeue', ['azure-queue', 'publish', 'queue']], ['blob', ['azure-blob', 'write', 'bucket']], ['storageblob', ['azure-blob', 'write', 'bucket']],
  ['servicebus', ['azure-servicebus', 'publish', 'queue']], ['servicebusqueue', ['azure-servicebus', 'publish', 'queue']], ['servicebustopic', ['azure-servicebus', 'publish', 'topic']],
  ['eventhub', ['azure-eventhubs', 'publish', 'stream']], ['eventhubs', ['azure-eventhubs', 'publish', 'stream']], ['eventgrid', ['azure-eventgrid', 'publish', 'topic']],
  ['cosmosdb', ['azure-cosmos', 'write', 'document']], ['documentdb', ['azure-cosmos', 'write', 'document']], ['table', ['azure-table', 'write', 'table']],
  ['sql', ['sql', 'write', 'database']], ['mysql', ['sql', 'write', 'database']], ['sendgrid', ['mail', 'send', 'person']], ['twiliosms', ['sms', 'send', 'person']],
]);

/** `context.extraOutputs.set(output, value)`. */
export function outputEffects(callee: Callee, args: readonly Value[]): readonly Effect[] {
  if (callee.path.at(-1)?.replace('#', '') !== 'set' || !args[0]) return [];
  const chain = chainOf(callee, args);
  if (!chain?.links.some((link) => link.name === 'extraOutputs')) return [];
  const found = outputEffect(args[0], args[1]);
  if (found) return [found];
  return [{ kind: 'write', service: 'azure-binding', resourceKind: 'binding', target: args[0], waits: false, detail: 'extraOutputs.set', row: 'azure-binding extraOutputs.set', ...(args[1] ? { payload: args[1] } : {}) }];
}
