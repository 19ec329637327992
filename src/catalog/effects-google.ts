import { rowsOf, type Family } from './effect-rows.ts';

/**
 * Google Cloud client libraries. A target is named where the object is made (`pubsub.topic('orders')`), not in the call that acts.
 */

const pubsub = rowsOf('pubsub', '@google-cloud/pubsub');
const gcs = rowsOf('gcs', '@google-cloud/storage firebase-admin firebase-admin/storage');
const tasks = rowsOf('cloudtasks', '@google-cloud/tasks');
const bigquery = rowsOf('bigquery', '@google-cloud/bigquery');
const datastore = rowsOf('datastore', '@google-cloud/datastore');
const other = rowsOf('gcp', '@google-cloud/* googleapis @googleapis/*');
const run = rowsOf('cloudrun', '@google-cloud/run @google-cloud/workflows @google-cloud/functions');

const written = { events: ['google.storage.object.finalize', 'google.cloud.storage.object.v1.finalized'] } as const;
const deleted = { events: ['google.storage.object.delete', 'google.cloud.storage.object.v1.deleted'] } as const;
const bucket = 'bucket[0]|Bucket[1]|File[0]';

export const googleFamilies: readonly Family[] = [
  {
    name: 'Google Pub/Sub',
    source: '@google-cloud/pubsub 5 reference: Topic.publishMessage, publishJSON, publish; v1.PublisherClient.publish (November 2026)',
    rows: [
      pubsub('topic.publishMessage Topic.publishMessage', 'publish', 'topic', 'topic[0]|Topic[1]', { payload: '[0].json|[0].data', attributes: '[0].attributes', naming: ['name', 'path'] }),
      pubsub('topic.publishJSON topic.publish topic.flowControlledPublish Topic.publishJSON Topic.publish', 'publish', 'topic', 'topic[0]|Topic[1]', { payload: '[0]', attributes: '[1]', naming: ['name', 'path'] }),
      pubsub('PublisherClient.publish', 'publish', 'topic', '[0].topic', { payload: '[0].messages[].data', naming: ['path'] }),
      pubsub('subscription.pull Subscription.pull SubscriberClient.pull', 'read', 'other', 'subscription[0]|[0].subscription'),
      pubsub('createSubscription', 'subscribe', 'topic', '[0].topic|[0]|topic[0]'),
    ],
  },
  {
    name: 'Google Cloud Storage',
    source: '@google-cloud/storage 7 reference: Bucket.upload, File.save, createWriteStream, copy, move, delete, download; storage trigger types of Cloud Functions (November 2026)',
    rows: [
      gcs('bucket.file.save bucket.file.createWriteStream bucket.file.createResumableUpload File.save File.createWriteStream', 'write', 'bucket', bucket, { key: 'file[0]|File[1]', payload: '[0]', attributes: '[1].metadata|[0].metadata', ...written }),
      gcs('bucket.upload Bucket.upload', 'write', 'bucket', bucket, { key: '[1].destination', attributes: '[1].metadata', ...written }),
      gcs('bucket.combine Bucket.combine', 'write', 'bucket', bucket, { key: '[1]', ...written }),
      // The copy may go to another bucket, given by an object of that bucket; a text is a name in the same one.
      gcs('bucket.file.copy bucket.file.move bucket.file.rename File.copy File.move', 'write', 'bucket', '[0].bucket.name|bucket[0]', { key: '[0]', ...written }),
      gcs('bucket.file.setMetadata bucket.file.makePublic File.setMetadata', 'write', 'bucket', bucket, { key: 'file[0]', events: ['google.storage.object.metadataUpdate', 'google.cloud.storage.object.v1.metadataUpdated'] }),
      gcs('bucket.file.getSignedUrl', 'write', 'bucket', bucket, { key: 'file[0]', deferred: true, when: { at: '[0].action', is: ['write', 'resumable'] }, ...written }),
      gcs('bucket.file.delete File.delete', 'delete', 'bucket', bucket, { key: 'file[0]|File[1]', ...deleted }),
      gcs('bucket.deleteFiles Bucket.deleteFiles', 'delete', 'bucket', bucket, { key: '[0].prefix', ...deleted }),
      gcs('bucket.file.download bucket.file.createReadStream bucket.file.getMetadata bucket.file.exists bucket.getFiles bucket.file.getSignedUrl File.download', 'read', 'bucket', bucket, { key: 'file[0]|File[1]' }),
    ],
  },
  {
    name: 'Google Cloud Tasks, BigQuery, Datastore, others',
    source: '@google-cloud/tasks 6 CloudTasksClient.createTask (parent: queue path), queuePath; @google-cloud/bigquery 8 Table.insert, createQueryJob; @google-cloud/datastore 10; scheduler, run, workflows client libraries (November 2026)',
    rows: [
      tasks('createTask', 'start', 'queue', '[0].parent', { payload: '[0].task', naming: ['path'], deferred: true }),
      tasks('purgeQueue deleteTask', 'delete', 'queue', '[0].name'),
      bigquery('dataset.table.insert table.insert Table.insert', 'write', 'database', 'table[0]|Table[1]', { payload: '[0]' }),
      bigquery('table.load table.createWriteStream table.createLoadJob Table.load', 'write', 'database', 'table[0]'),
      bigquery('query createQueryJob createQueryStream', 'read', 'database', '=bigquery'),
      // Its events, where there are any, are those of Firestore in Datastore mode: by kind, which stands in a key made elsewhere.
      datastore('save upsert insert update merge', 'write', 'database', '=datastore', { key: '[0].key|[0]', payload: '[0].data' }),
      datastore('delete', 'delete', 'database', '=datastore', { key: '[0]' }),
      datastore('get runQuery', 'read', 'database', '=datastore', { key: '[0]' }),
      other('CloudSchedulerClient.createJob CloudSchedulerClient.updateJob', 'start', 'other', '[0].job.pubsubTarget.topicName|[0].job.httpTarget.uri|[0].job', { deferred: true }),
      other('SecretManagerServiceClient.accessSecretVersion', 'read', 'parameter', '[0].name'),
      other('SecretManagerServiceClient.addSecretVersion', 'write', 'parameter', '[0].parent'),
      other('CloudBuildClient.runBuildTrigger CloudBuildClient.createBuild', 'start', 'other', '[0].triggerId|[0].projectId'),
      run('JobsClient.runJob ExecutionsClient.createExecution', 'start', 'stateMachine', '[0].name|[0].parent', { payload: '[0].execution.argument' }),
      run('CloudFunctionsServiceClient.callFunction', 'invoke', 'function', '[0].name', { payload: '[0].data', waits: true }),
    ],
  },
];
