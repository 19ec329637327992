import { rowsOf, type Family } from './effect-rows.ts';

/** Queues and jobs that call back over HTTP, OpenWhisk's client, and the stores of Vercel and Netlify. */

const qstash = rowsOf('qstash', '@upstash/qstash @upstash/qstash/*');
const workflow = rowsOf('qstash', '@upstash/workflow @upstash/workflow/*');
const inngest = rowsOf('inngest', 'inngest inngest/*');
const trigger = rowsOf('trigger.dev', '@trigger.dev/sdk @trigger.dev/sdk/v3 @trigger.dev/sdk/v4');
const openwhisk = rowsOf('openwhisk', 'openwhisk @adobe/aio-lib-core-networking');
const vercel = rowsOf('vercel', '@vercel/blob @vercel/edge-config');
const vercelQueue = rowsOf('vercel', '@vercel/queue');
const netlify = rowsOf('netlify', '@netlify/blobs');
const sstBus = rowsOf('eventbridge', 'sst/aws/bus');
const sstWorkflow = rowsOf('lambda', 'sst/aws/workflow');
const sstTask = rowsOf('ecs', 'sst/aws/task');
const sstLink = rowsOf('cloudflare', 'sst sst/resource/cloudflare');
const adobe = rowsOf('openwhisk', '@adobe/aio-lib-state @adobe/aio-lib-files');
const netlifyFunctions = rowsOf('netlify', '@netlify/async-workloads');

export const hostedFamilies: readonly Family[] = [
  {
    name: 'Queues that call back',
    source: 'Upstash QStash SDK 2 (publish, publishJSON, batch, batchJSON, queue().enqueueJSON, schedules.create), Upstash Workflow client.trigger, Inngest 3 send and step.sendEvent, Trigger.dev 4 tasks.trigger (November 2026)',
    rows: [
      qstash('queue.enqueueJSON queue.enqueue', 'publish', 'url', '[0].url|[0].topic|[0].urlGroup', { payload: '[0].body', attributes: '[0].headers', naming: ['url'] }),
      qstash('publishJSON publish', 'publish', 'url', '[0].url|[0].topic|[0].urlGroup', { payload: '[0].body', attributes: '[0].headers', naming: ['url'] }),
      qstash('batchJSON batch', 'publish', 'url', '[0].[].url|[0].[].topic|[0].[].urlGroup', { payload: '[0].[].body', naming: ['url'] }),
      qstash('schedules.create', 'start', 'url', '[0].destination', { payload: '[0].body', deferred: true, naming: ['url'] }),
      workflow('Client.trigger', 'start', 'url', '[0].url', { payload: '[0].body', naming: ['url'] }),
      inngest('send sendEvent', 'publish', 'bus', '[0].name|[0].[].name|[1].name|[1].[].name', { payload: '[0].data|[1].data', naming: ['name'] }),
      inngest('step.invoke', 'invoke', 'function', '[1].function', { payload: '[1].data', waits: true }),
      trigger('tasks.trigger tasks.batchTrigger', 'start', 'function', '[0]', { payload: '[1]', naming: ['id'] }),
      trigger('tasks.triggerAndWait tasks.batchTriggerAndWait', 'invoke', 'function', '[0]', { payload: '[1]', waits: true, naming: ['id'] }),
      trigger('task.trigger task.batchTrigger schemaTask.trigger', 'start', 'function', 'task[0].id|schemaTask[0].id', { payload: '[0]', naming: ['id'] }),
      trigger('task.triggerAndWait schemaTask.triggerAndWait', 'invoke', 'function', 'task[0].id|schemaTask[0].id', { payload: '[0]', waits: true, naming: ['id'] }),
    ],
  },
  {
    name: 'OpenWhisk',
    source: 'openwhisk 3 (npm): actions.invoke (name or actionName, blocking), triggers.invoke, rules.create (November 2026)',
    rows: [
      openwhisk('actions.invoke', 'invoke', 'function', '[0].name|[0].actionName|[0]', { payload: '[0].params', waits: true, naming: ['name'], when: { at: '[0].blocking', is: ['true'] } }),
      openwhisk('actions.invoke', 'invoke', 'function', '[0].name|[0].actionName|[0]', { payload: '[0].params', naming: ['name'] }),
      openwhisk('triggers.invoke', 'publish', 'bus', '[0].name|[0].triggerName|[0]', { payload: '[0].params', naming: ['name'] }),
      openwhisk('rules.create feeds.create feeds.update triggers.create triggers.update', 'subscribe', 'bus', '[0].trigger|[0].name|[0].triggerName|[0].feedName', { naming: ['name'] }),
      openwhisk('triggers.delete feeds.delete rules.delete actions.delete', 'delete', 'bus', '[0].name|[0].triggerName|[0]'),
      openwhisk('actions.get triggers.get rules.get', 'read', 'bus', '[0].name|[0]'),
    ],
  },
  {
    name: 'Vercel and Netlify stores',
    source: '@vercel/blob 2, @vercel/edge-config 1, @vercel/queue, @netlify/blobs 10, @netlify/async-workloads READMEs (November 2026)',
    rows: [
      vercel('put copy', 'write', 'bucket', '=vercel blob', { key: '[0]', payload: '[1]' }),
      vercel('del', 'delete', 'bucket', '=vercel blob', { key: '[0]' }),
      vercel('list head get getAll', 'read', 'bucket', '=vercel blob', { key: '[0]' }),
      vercelQueue('send', 'publish', 'topic', '[0]', { payload: '[1]', naming: ['name'] }),
      netlify('getStore.set getStore.setJSON getDeployStore.set getDeployStore.setJSON', 'write', 'bucket', 'getStore[0].name|getStore[0]|getDeployStore[0]', { key: '[0]', payload: '[1]' }),
      netlify('getStore.delete getDeployStore.delete', 'delete', 'bucket', 'getStore[0].name|getStore[0]', { key: '[0]' }),
      netlify('getStore.get getStore.list getStore.getWithMetadata getStore.getMetadata', 'read', 'bucket', 'getStore[0].name|getStore[0]', { key: '[0]' }),
      netlifyFunctions('AsyncWorkloadsClient.send', 'publish', 'bus', '[0]', { payload: '[1].data', naming: ['name'] }),
    ],
  },
  {
    name: 'SST clients',
    source: 'sst.dev/docs/component/aws: bus.publish, task.run, workflow.start (November 2026)',
    rows: [
      // What is linked to a Worker: key-value stores, buckets, databases, queues, by what they can do.
      sstLink('Resource.put', 'write', 'bucket', '=sst', { key: '[0]', payload: '[1]' }),
      sstLink('Resource.delete', 'delete', 'bucket', '=sst', { key: '[0]' }),
      sstLink('Resource.get Resource.getWithMetadata Resource.list Resource.head', 'read', 'bucket', '=sst', { key: '[0]' }),
      sstLink('Resource.send Resource.sendBatch', 'publish', 'queue', '=sst', { payload: '[0]' }),
      sstBus('bus.publish', 'publish', 'bus', '[0].name|[0]', { payload: '[2]', naming: ['name'] }),
      sstTask('task.run', 'start', 'other', '[0]', { payload: '[1]' }),
      sstWorkflow('workflow.start', 'start', 'function', '[0]', { payload: '[1]' }),
    ],
  },
  {
    name: 'Stores of Adobe I/O Runtime',
    source: '@adobe/aio-lib-state 5, @adobe/aio-lib-files 4 READMEs (November 2026)',
    rows: [
      adobe('init.put init.write init.copy init.createWriteStream', 'write', 'bucket', '=adobe', { key: '[0]', payload: '[1]' }),
      adobe('init.delete init.deleteAll', 'delete', 'bucket', '=adobe', { key: '[0]' }),
      adobe('init.get init.read init.list init.getProperties init.createReadStream', 'read', 'bucket', '=adobe', { key: '[0]' }),
    ],
  },
];
