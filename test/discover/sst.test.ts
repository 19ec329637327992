import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { ResourceIndex } from '../../src/link/resources.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { brief, declared, lit, named } from './code-support.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const unit = 'sst.config.ts';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });
const config = (body: string): string => `export default $config({ app() { return { name: 'x' }; }, async run() {\n${body}\n} });`;

describe('a whole SST v3 project', () => {
  const root = 'fixtures/discover/sst';
  const workspace = openWorkspace(root, { root });
  const found = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });

  it('finds each function with its true source, and no container, other language or site', () => {
    const code = 'services/parcels/code';
    expect(brief(found)).toEqual([
      `${unit}#Door/GET /health ${code}/doors.ts:health http`,
      `${unit}#Door/GET /parcels/{id} ${code}/doors.ts:show http`,
      `${unit}#Door/POST /parcels ${code}/doors.ts:accept http`,
      `${unit}#Door/guard ${code}/doors.ts:guard auth`,
      `${unit}#Front edge/front.ts:default.fetch http`,
      `${unit}#Intake/services/parcels/code/weigh.run ${code}/weigh.ts:run queue`,
      `${unit}#Jobs/subscriber edge/take.ts:default.queue queue`,
      `${unit}#Ledger/Audit ${code}/audit.ts:onChange stream`,
      `${unit}#News/Mail ${code}/audit.ts:onNews topic`,
      `${unit}#Open ${code}/doors.ts:open url`,
      `${unit}#Pictures/Scale ${code}/audit.ts:onPicture bucket`,
      `${unit}#Sort ${code}/audit.ts:sort stateMachine`,
      `${unit}#Sweep/function ${code}/audit.ts:sweep schedule`,
      `${unit}#Tick/worker edge/tick.ts:default.scheduled schedule`,
      `${unit}#Town/Moved ${code}/audit.ts:onMoved bus`,
      `${unit}#Twin ${code}/doors.ts:open url`,
    ]);
    expect(found.problems).toEqual([]);
    expect(found.gaps).toMatchObject([{ kind: 'framework', file: 'infra/doors.ts', line: 26 }]);
  });

  it('reads settings at their places, and what the tool gives by default', () => {
    const weigh = named(found, 'Intake/services/parcels/code/weigh.run');
    expect(weigh).toMatchObject({
      timeoutSeconds: { value: 180, location: { file: 'infra/queues.ts', line: 18 } }, memoryMb: { value: 2048, location: { line: 19 } }, runtime: { value: 'nodejs22.x', location: { file: unit, line: 9 } },
      declaredAt: [{ file: 'infra/queues.ts', line: 15 }], packaging: { form: 'bundled', tool: 'sst', format: 'cjs', external: ['sharp'], minify: true },
    });
    expect([...weigh.environment]).toEqual([['LEDGER', ref('Ledger')], ['MODE', { kind: 'env', name: 'sst:stage' }]]);
    expect(named(found, 'Open')).toMatchObject({ timeoutSeconds: { value: 20, location: { file: 'infra/doors.ts', line: 9 } }, memoryMb: { value: 1024 }, reservedConcurrency: { value: 3, location: { line: 12 } }, provisionedConcurrency: { value: 1 }, maximumRetryAttempts: { value: 1, location: { line: 13 } } });
    expect(named(found, 'Twin')).toMatchObject({ runtime: { value: 'nodejs20.x', location: { line: 15 } }, maximumRetryAttempts: { value: 0, location: { line: 18 } }, destinations: [{ kind: 'onFailure', target: ref('Intake', 'Arn') }] });
    expect([...named(found, 'Front').environment]).toEqual([['TITLE', lit('parcels')]]);
  });

  it('reads triggers with resource, filter, batch and authentication', () => {
    const one = (name: string) => named(found, name).triggers[0];
    expect(one('Intake/services/parcels/code/weigh.run')).toMatchObject({ source: 'SQS', resource: ref('Intake'), batchSize: 5, partialBatchResponse: true, filters: [{ kind: 'records' }] });
    expect(one('Ledger/Audit')).toMatchObject({ source: 'DynamoDB', resource: ref('Ledger', 'StreamArn'), filters: [{ kind: 'records', patterns: [{ entries: [['eventName', { items: [lit('INSERT')] }]] }] }] });
    expect(one('News/Mail')).toMatchObject({ resource: ref('News'), filters: [{ kind: 'attributes', policy: { entries: [['priority', { items: [lit('high')] }]] }, scope: 'attributes' }] });
    expect(one('Town/Moved')).toMatchObject({ resource: ref('Town'), filters: [{ kind: 'pattern', pattern: { entries: [['detail-type', { items: [lit('parcel.moved')] }]] } }] });
    expect(one('Pictures/Scale')).toMatchObject({ resource: ref('Pictures'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:Put'], rules: [{ prefix: lit('in/'), suffix: lit('.png') }] }] });
    expect(one('Sweep/function')).toMatchObject({ source: 'Scheduler', schedule: lit('rate(1 day)') });
    expect(one('Sort')).toMatchObject({ resource: ref('Sorting') });
    expect(one('Jobs/subscriber')).toMatchObject({ resource: ref('Jobs'), batchSize: 20, handlerExport: 'default.queue' });
    expect(one('Tick/worker')).toMatchObject({ schedule: lit('*/5 * * * *'), handlerExport: 'default.scheduled' });
    expect(one('Front')).toMatchObject({ auth: { kind: 'none' } });
    expect(one('Open')).toMatchObject({ auth: { kind: 'identity', location: { line: 11 } } });
    expect(one('Door/POST /parcels')).toMatchObject({ auth: { kind: 'identity', location: { line: 3 } }, filters: [{ kind: 'route', method: 'POST', path: '/parcels' }] });
    expect(one('Door/GET /parcels/{id}')).toMatchObject({ auth: { kind: 'authorizer', authorizer: ref('Door/guard') } });
    expect(one('Door/GET /health')).toMatchObject({ auth: { kind: 'none', location: { line: 7 } } });
  });

  it('knows resources and the links among them', () => {
    expect(found.resources.filter((resource) => resource.kind !== 'other').map((resource) => `${resource.logicalId} ${resource.kind}`)).toEqual([
      'Door api', 'Intake queue', 'Jobs queue', 'Ledger table', 'Lost queue', 'News topic', 'Pictures bucket', 'Sorting stateMachine', 'Sweep schedule', 'Town bus',
    ]);
    expect(found.resources.find((resource) => resource.logicalId === 'Intake')?.properties).toMatchObject({ entries: expect.arrayContaining([['visibility_timeout_seconds', lit(180)], ['fifo_queue', lit(true)]]) });
    expect(found.links.map((link) => [link.kind, link.from, link.to])).toEqual([
      ['redrive', ref('Intake', 'Arn'), ref('Lost', 'Arn')], ['subscription', ref('News'), ref('Lost', 'Arn')], ['notification', ref('Pictures'), ref('Lost')], ['task', ref('Sorting'), ref('Intake')],
    ]);
  });

  it('resolves `Resource.Name` of handler code to what the application declares', () => {
    const index = new ResourceIndex(found.resources, found.functions, found.published);
    const named3 = { kind: 'external', module: 'sst', path: ['Resource', 'Lost', 'url'] } as const;
    expect(index.resolve(named3, { kinds: new Set(['queue']), unit })).toMatchObject({ kind: 'resource', id: `${unit}#Lost` });
    expect(index.resolve({ ...named3, path: ['Resource', 'Open', 'name'] }, { kinds: new Set(['function']), unit })).toMatchObject({ kind: 'function', id: `${unit}#Open` });
    expect(index.resolve({ ...named3, path: ['Resource', 'Lost', 'url'] }, { kinds: new Set(['queue']), unit: 'other/sst.config.ts' }).kind).toBe('name');
    expect(index.resolve({ kind: 'external', module: 'sst/node/queue', path: ['Queue', 'Lost', 'queueUrl'] }, { kinds: new Set(['queue']), unit })).toMatchObject({ id: `${unit}#Lost` });
    expect(index.resolve({ kind: 'external', module: 'other', path: ['Resource', 'Lost', 'url'] }, { kinds: new Set(['queue']), unit }).kind).toBe('unknown');
  });
});

describe('SST v3 in parts', () => {
  const code = { 'src/a.ts': 'export const go = async () => 1;', 'src/b.ts': 'export const go = async () => 2;' };

  it('takes the two ways of a condition that is not known for one function, and decides by the stage that is asked for', () => {
    const text = config(`if ($app.stage === 'live') new sst.aws.Function('F', { handler: 'src/a.go', timeout: '1 minute' }); else new sst.aws.Function('F', { handler: 'src/a.go' });`);
    expect(brief(declared({ ...code, [unit]: text }))).toEqual([`${unit}#F src/a.ts:go `]);
    const workspace = memoryWorkspace({ ...code, [unit]: text });
    const staged = (stage: string) => discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map(), stage });
    expect([staged('live'), staged('test')].map((result) => named(result, 'F').timeoutSeconds?.value)).toEqual([60, 20]);
  });

  it('gives routes what the API says of all, as properties or by a function', () => {
    const found = declared({ ...code, [unit]: config(`const api = new sst.aws.ApiGatewayV2('Api', { transform: { route: { handler: { timeout: '2 minutes' }, args: (props) => { props.auth ??= { jwt: { authorizer: 'x' } }; } } } });\napi.route('GET /', 'src/a.go');\napi.route('ANY /open', 'src/b.go', { auth: false });\nconst plain = new sst.aws.ApiGatewayV1('Plain');\nplain.route('GET /key', 'src/a.go', { apiKey: true });`) });
    expect(['Api/GET /', 'Api/ANY /open', 'Plain/GET /key'].map((name) => [named(found, name).triggers[0]?.auth?.kind, named(found, name).timeoutSeconds?.value])).toEqual([['identity', 120], ['none', 120], ['key', 20]]);
  });

  it('finds raw resources of a provider by name, and what a linkable hands on', () => {
    const found = declared({ ...code, [unit]: config(`const topic = new aws.sns.Topic('News');\nnew aws.sqs.Queue('Taken'); new sst.aws.Bucket('Taken');\nnew sst.Linkable('Old', { properties: { topicArn: topic.arn, bucket: 'old-bucket' } });\nnew sst.aws.Function('F', { handler: 'src/a.go' });`) });
    const index = new ResourceIndex(found.resources, found.functions, found.published);
    const at = (path: readonly string[]) => index.resolve({ kind: 'external', module: 'sst', path: ['Resource', ...path] }, { kinds: new Set(), unit });
    expect(at(['News', 'arn'])).toMatchObject({ kind: 'resource', id: `${unit}#News`, resource: { kind: 'topic' } });
    expect(at(['Taken', 'name'])).toMatchObject({ resource: { kind: 'bucket' } });
    expect(at(['Old', 'topicArn'])).toMatchObject({ kind: 'resource', id: `${unit}#News` });
    expect(at(['Old', 'bucket'])).toMatchObject({ kind: 'name', name: lit('old-bucket') });
  });

  it('is no declaration in dead code, in templates of configurations or under names of its own', () => {
    expect(declared({ ...code, [unit]: config(`if ($dev) new sst.aws.Function('F', { handler: 'src/a.go' });\nconst sst2 = { Function: class {} }; new sst2.Function('G', { handler: 'src/a.go' });`) }).functions).toEqual([]);
    const template = declared({ ...code, [unit]: `export default $config({ app() { return { name: "{{.App}}" }; }, async run() { new sst.aws.Function('F', { handler: 'src/a.go' }) } });` });
    expect(template.functions).toEqual([]);
    expect(template.problems).toEqual([]);
  });

  it('says where a handler is not known, or leaves the repository', () => {
    const result = declared({ ...code, [unit]: config(`new sst.aws.Function('F', { handler: '../../x.go' });\nnew sst.aws.Function('G', { handler: process.env.WHERE });\nnew sst.aws.Function('H', { handler: 'src/none.go' });`) });
    expect(result.functions.every((fn) => fn.handlers.length === 0)).toBe(true);
    expect(result.gaps.map((gap) => [gap.kind, gap.line])).toEqual([['handler', 2], ['handler', 3], ['handler', 4]]);
  });

  it('makes functions in loops, and gives one that several things use all its triggers', () => {
    const result = declared({ ...code, [unit]: config(`const shared = new sst.aws.Function('Shared', { handler: 'src/b.go' });\nfor (const name of ['x', 'y']) { const q = new sst.aws.Queue(name); q.subscribe({ handler: 'src/a.go' }); q.subscribe(shared.arn); }`) });
    expect(brief(result)).toEqual([`${unit}#Shared src/b.ts:go queue,queue`, `${unit}#x/src/a.go src/a.ts:go queue`, `${unit}#y/src/a.go src/a.ts:go queue`]);
  });

  it('survives names of the prototype and endless recursion', () => {
    const result = declared({ ...code, [unit]: config(`const again = (n) => { new sst.aws.Function('__proto__', { handler: 'src/a.go', environment: { __proto__x: '1', constructor: '2' } }); return again(n + 1); }; again(0);`) });
    expect(result.functions.length).toBeGreaterThan(0);
    expect(result.gaps.some((gap) => gap.kind === 'program')).toBe(true);
  });
});
