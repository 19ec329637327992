import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import type { DiscoverOptions } from '../../src/discover/reader.ts';
import { serverlessReader } from '../../src/discover/serverless.ts';
import type { Value } from '../../src/model/value.ts';
import { brief, declared, named } from './code-support.ts';
import { memoryWorkspace } from './memory-workspace.ts';

function read(files: Record<string, string>, options: Partial<DiscoverOptions> = {}) {
  return discoverWith([serverlessReader], memoryWorkspace(files), { params: new Map(), ...options });
}

const service = (body: string, provider = '{ name: aws, runtime: nodejs22.x }') => `service: shop\nprovider: ${provider}\n${body}`;
const ref = (id: string, attribute: string, unit = 'serverless.yml') => ({ kind: 'resource', unit, id, attribute });
const text = (value: unknown) => ({ kind: 'literal', value });

function only(body: string, files: Record<string, string> = {}, provider?: string) {
  const result = read({ 'serverless.yml': service(body, provider), 'app.js': '', ...files });
  return { fn: result.functions[0], ...result };
}

const one = (settings: string) => `functions:\n  f:\n    handler: app.handler\n${settings.split('\n').map((line) => `    ${line}`).join('\n')}\n`;

describe('functions of a service', () => {
  it('takes handler, place, limits and defaults of provider and framework', () => {
    const { functions } = read({
      'svc/serverless.yml': 'service: shop\nprovider:\n  name: aws\n  timeout: 20\nfunctions:\n  a:\n    handler: src/a.run\n    memorySize: 256\n  b:\n    handler: src/b.nested.run\n    timeout: 5\n',
      'svc/src/a.ts': '', 'svc/src/b.js': '',
    });
    expect(functions.map((fn) => [fn.id, fn.handlers, fn.timeoutSeconds, fn.memoryMb?.value, fn.declaredAt[0]?.line])).toEqual([
      ['svc/serverless.yml#a', [{ file: 'svc/src/a.ts', export: 'run', kind: 'handler' }], { value: 20, location: expect.objectContaining({ line: 4 }) }, 256, 6],
      ['svc/serverless.yml#b', [{ file: 'svc/src/b.js', export: 'nested.run', kind: 'handler' }], { value: 5, location: expect.objectContaining({ line: 11 }) }, 1024, 9],
    ]);
    expect(functions[0]?.physicalName).toEqual({ kind: 'template', parts: [text('shop-'), { kind: 'env', name: 'sls:stage' }, text('-a')] });
  });

  it('takes the handlers of a Worker from its script', () => {
    const worker = (code: string) => declared({ 'serverless.yml': 'service: { name: shop, config: { accountId: a, zoneId: z } }\nprovider: { name: cloudflare }\nfunctions:\n  copy:\n    name: copier\n    script: workers/copy\n', 'workers/copy.js': code }).functions.map((fn) => [fn.platform, ...fn.handlers.map((one) => `${one.file} ${one.export} ${one.kind}`)]);
    expect(worker("addEventListener('fetch', (event) => { event.respondWith(answer(event.request)); });\nasync function answer(request) { return new Response('ok'); }\n")).toEqual([['cloudflare', 'workers/copy.js fetch listener']]);
    expect(worker('export default { async fetch(request) { return new Response("ok"); }, async scheduled() {} };\n')).toEqual([['cloudflare', 'workers/copy.js default.fetch fetch', 'workers/copy.js default.scheduled scheduled']]);
    expect(worker('export const other = 1;\n')).toEqual([['cloudflare', 'workers/copy.js default fetch']]);
  });

  it('reads lists of files and keeps their places', () => {
    const { functions, files } = read({ 'serverless.yml': service('functions:\n  - ${file(fns/a.yml)}\n  - ${file(fns/b.yml)}\n'), 'fns/a.yml': 'a:\n  handler: a.x\n', 'fns/b.yml': '\nb:\n  handler: b.x\n', 'a.js': '', 'b.js': '' });
    expect(functions.map((fn) => [fn.name, fn.unit, fn.declaredAt[0]?.file, fn.declaredAt[0]?.line])).toEqual([['a', 'serverless.yml', 'fns/a.yml', 1], ['b', 'serverless.yml', 'fns/b.yml', 2]]);
    expect(files).toEqual(['fns/a.yml', 'fns/b.yml', 'serverless.yml']);
  });

  it('leaves other languages out, and says what it could not find', () => {
    const { functions, gaps } = read({ 'serverless.yml': service('functions:\n  py: { handler: a.b, runtime: python3.12 }\n  gone: { handler: src/none.run }\n  stage: { handler: "${env:H}" }\n') });
    expect(functions.map((fn) => [fn.name, fn.handlers])).toEqual([['gone', []], ['stage', []]]);
    expect(gaps.map((gap) => [gap.kind, gap.line, gap.message])).toEqual([
      ['handler', 5, expect.stringContaining('gone: ')], ['handler', 6, 'stage: the handler is not known before deployment'],
    ]);
  });

  it('joins references to its own functions and resources', () => {
    const { fn, resources } = only(`${one('environment:\n  TABLE: !Ref Orders\n  ARN: !GetAtt Orders.Arn\n  SELF: !Ref FLambdaFunction\n  URL: !Sub "https://${Orders}.x"\n  NAME: "${self:service}-q"\ndestinations:\n  onFailure: f\nonError: !Ref Dead')}resources:\n  Resources:\n    Orders:\n      Type: AWS::DynamoDB::Table\n      Properties: { TableName: "orders-\${sls:stage}" }\n    Dead: { Type: AWS::SNS::Topic }\n`);
    expect(Object.fromEntries(fn?.environment ?? [])).toEqual({
      TABLE: ref('Orders', 'Ref'), ARN: ref('Orders', 'Arn'), SELF: ref('f', 'Ref'), NAME: text('shop-q'),
      URL: { kind: 'template', parts: [text('https://'), ref('Orders', 'Ref'), text('.x')] },
    });
    expect(resources.map((resource) => [resource.id, resource.kind, resource.physicalName])).toEqual([
      ['serverless.yml#Dead', 'topic', undefined],
      ['serverless.yml#Orders', 'table', { kind: 'template', parts: [text('orders-'), { kind: 'env', name: 'sls:stage' }] }],
    ]);
    expect(fn?.destinations.map(({ kind, target }) => [kind, target])).toEqual([['onFailure', ref('f', 'Arn')], ['deadLetter', ref('Dead', 'Ref')]]);
  });

  it('knows plugins that bring layers', () => {
    const layersWith = (plugin: string): readonly unknown[] => only(`plugins: [${plugin}]\n${one('layers: []')}`).fn.layers;
    expect(layersWith('serverless-plugin-datadog')).toEqual([{ kind: 'unknown', reason: 'a layer of serverless-plugin-datadog' }]);
    expect(layersWith('serverless-offline')).toEqual([]);
  });

  it('sees packaging, layers, mounts, concurrency', () => {
    const { fn } = only(`plugins: [serverless-esbuild]\ncustom: { esbuild: { minify: true, external: [sharp] } }\nlayers: { tools: { path: layers/tools } }\n${one('layers: [!Ref ToolsLambdaLayer]\nreservedConcurrency: 2\nfileSystemConfig: { localMountPath: /mnt/x, arn: a }\narchitecture: arm64')}`);
    expect(fn).toMatchObject({ packaging: { form: 'bundled', tool: 'esbuild', minify: true, external: ['sharp'] }, mounts: ['/mnt/x'], reservedConcurrency: { value: 2 }, architecture: 'arm64' });
    const plain = only(`package: { patterns: ["!test/**", "data/**"] }\n${one('timeout: 3')}`).fn;
    expect(plain?.packaging).toMatchObject({ form: 'folder', folder: '', include: ['!test/**', 'data/**'], exclude: [] });
    expect(only(`package: { patterns: ["!test/**"] }\n${one('timeout: 3')}`).fn?.packaging).toMatchObject({ include: [], exclude: ['test/**'] });
  });

  it('finds the handler behind instrumentation', () => {
    const { fn } = only('functions:\n  f:\n    handler: node_modules/datadog-lambda-js/dist/handler.handler\n    environment: { DD_LAMBDA_HANDLER: app.handler }\n');
    expect(fn?.handlers).toEqual([{ file: 'app.js', export: 'handler', kind: 'handler' }]);
  });

  it.each([['azure', 'azure'], ['openwhisk', 'openwhisk']])('sets the platform of provider %s', (name, platform) => {
    expect(only(one('timeout: 3'), {}, `{ name: ${name} }`).fn).toMatchObject({ platform, handlers: [{ file: 'app.js' }] });
  });
  it('takes exports of the main file on Google, and skips other providers', () => {
    expect(only('functions:\n  f: { handler: http }\n', { 'index.js': '' }, '{ name: google }').fn).toMatchObject({ platform: 'google', handlers: [{ file: 'index.js', export: 'http' }] });
    const other = only(one('timeout: 3'), {}, '{ name: knative }');
    expect([other.functions, other.gaps.map((gap) => gap.kind)]).toEqual([[], ['provider']]);
  });
});

describe('triggers', () => {
  it.each([
    ['http: GET orders', { kind: 'http', source: 'http', filters: [{ kind: 'route', method: 'GET', path: '/orders' }] }],
    ['httpApi: "*"', { kind: 'http', source: 'httpApi', filters: [{ kind: 'route', method: '*', path: '*' }] }],
    ['http: { path: "a/{id}", method: any }', { kind: 'http', filters: [{ kind: 'route', method: '*', path: '/a/{id}' }] }],
    ['sqs: { arn: !GetAtt Q.Arn, batchSize: 5, functionResponseType: ReportBatchItemFailures }', { kind: 'queue', resource: ref('Q', 'Arn'), batchSize: 5, partialBatchResponse: true }],
    ['sns: { arn: !Ref T, topicName: t, filterPolicy: { a: [b] } }', { kind: 'topic', resource: ref('T', 'Ref'), filters: [{ kind: 'attributes', scope: 'attributes' }] }],
    ['sns: topic-a', { kind: 'topic', resource: ref('T', 'Ref') }],
    ['sns: other', { kind: 'topic', resource: text('other') }],
    ['stream: { type: dynamodb, arn: !GetAtt D.StreamArn, filterPatterns: [{ eventName: [INSERT] }] }', { kind: 'stream', resource: ref('D', 'StreamArn'), filters: [{ kind: 'records' }] }],
    ['s3: photos', { kind: 'bucket', resource: text('photos'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [] }] }],
    ['s3: { bucket: photos, event: "s3:ObjectRemoved:*", existing: true, rules: [{ prefix: in/ }, { suffix: .png }] }', { kind: 'bucket', filters: [{ kind: 'object', events: ['s3:ObjectRemoved:*'], rules: [{ prefix: text('in/'), suffix: text('.png') }] }] }],
    ['eventBridge: { pattern: { source: [a] } }', { kind: 'bus', resource: text('default'), filters: [{ kind: 'pattern' }] }],
    ['eventBridge: { schedule: rate(1 hour) }', { kind: 'schedule', schedule: text('rate(1 hour)') }],
    ['schedule: { rate: rate(1 hour), enabled: false }', { kind: 'schedule', schedule: text('rate(1 hour)'), enabled: false }],
    ['cloudwatchLog: /aws/lambda/x', { kind: 'log', resource: text('/aws/lambda/x') }],
    ['websocket: $connect', { kind: 'http', source: 'websocket' }],
    ['cognitoUserPool: { pool: p, trigger: PreSignUp }', { kind: 'auth' }],
    ['alexaSkill', { kind: 'invoke', source: 'alexaSkill' }],
    ['iot: { sql: "SELECT *" }', { kind: 'topic', source: 'iot', filters: [{ kind: 'pattern', pattern: text('SELECT *') }] }],
    ['newThing: 1', { kind: 'unknown', source: 'newThing' }],
  ])('%s', (event, expected) => {
    const { fn } = only(`${one(`events:\n  - ${event}`)}resources:\n  Resources:\n    Q: { Type: AWS::SQS::Queue }\n    T: { Type: AWS::SNS::Topic, Properties: { TopicName: topic-a } }\n    D: { Type: AWS::DynamoDB::Table }\n`);
    expect(fn?.triggers).toHaveLength(1);
    expect(fn?.triggers[0]).toMatchObject({ ...expected, location: { file: 'serverless.yml' } });
  });

  it('adds function URLs and the tasks of state machines', () => {
    expect(only(one('url: true')).fn?.triggers.map((trigger) => trigger.kind)).toEqual(['url']);
    expect(only(one('url: false')).fn?.triggers).toEqual([]);
    const machine = only(`${one('environment: { M: !Ref Flow }')}stepFunctions:\n  stateMachines:\n    flow:\n      name: Flow\n      definition: { StartAt: A, States: { A: { Type: Task, Resource: { "Fn::GetAtt": [f, Arn] } } } }\n`);
    expect(machine.fn?.triggers).toMatchObject([{ kind: 'stateMachine', resource: ref('Flow', 'Ref') }]);
    expect(machine.fn?.environment.get('M')).toEqual(ref('Flow', 'Ref'));
    expect(machine.resources.map((resource) => resource.id)).toEqual(['serverless.yml#Flow']);
  });
});

describe('files', () => {
  it('takes variants by their content', () => {
    const body = service(one('timeout: 3'));
    const units = (files: Record<string, string>) => read({ 'app.js': '', ...files }).functions.map((fn) => fn.unit);
    expect(units({ 'serverless.prod.yml': body, 'serverless-compose.yml': body, 'other.yml': body })).toEqual(['serverless.prod.yml']);
    expect(units({ 'serverless.yml': 'functions:\n  f: { handler: app.handler }\nprovider: aws\n' })).toEqual([]);
    expect(units({ 'serverless.json': '{"service":"a","provider":{"name":"aws"},"functions":{"f":{"handler":"app.handler"}}}' })).toEqual(['serverless.json']);
  });

  it('reads programs through the evaluator, and says so when it cannot', () => {
    const object = (entries: [string, Value][]): Value => ({ kind: 'object', entries, open: false });
    const value = object([['service', { kind: 'literal', value: 'shop' }], ['provider', object([['name', { kind: 'literal', value: 'aws' }]])], ['functions', object([['f', object([['handler', { kind: 'literal', value: 'app.handler' }]])]])]]);
    const files = { 'serverless.ts': 'export default { service: "shop", provider: {}, functions: {} }', 'app.ts': '' };
    expect(read(files, { evaluateExport: (file, name) => (file === 'serverless.ts' && name === 'default' ? value : { kind: 'unknown', reason: '' }) }).functions.map((fn) => fn.handlers)).toEqual([[{ file: 'app.ts', export: 'handler', kind: 'handler' }]]);
    expect(read(files).gaps).toEqual([{ kind: 'service', file: 'serverless.ts', line: 1, message: 'the configuration that this program exports is not known' }]);
  });

  it('follows programs: paths of the process, conditions, and each function where it is written', () => {
    const found = declared({
      'svc/serverless.ts': 'import { mail, print } from "./src/fns";\nconst functions = { mail, print, plain: { handler: "src/plain.run" } };\nif (process.env.LOCAL) functions["probe"] = { handler: "src/plain.probe" };\nconst config = { service: "post", provider: { name: "aws", timeout: 9 }, functions };\nmodule.exports = config;',
      'svc/src/fns/index.ts': "import { here } from '../libs/here';\nimport print from './print';\nexport { print };\nexport const mail = {\n  handler: `${here(__dirname)}/mail.send`,\n  events: [{ http: { method: 'post', path: 'mail' } }],\n};\nif (process.env.LOCAL) mail.events.push({ http: { method: 'get', path: 'mail' } });",
      'svc/src/fns/print/index.ts': "import { here } from '../../libs/here';\n\nexport default { handler: `${here(__dirname)}/handler.main`, timeout: 4 };",
      'svc/src/libs/here.ts': "export const here = (context: string) => `${context.split(process.cwd())[1].substring(1).replace(/\\\\/g, '/')}`;",
      'svc/src/fns/mail.ts': 'export const send = async () => 1;', 'svc/src/fns/print/handler.ts': 'export const main = async () => 1;', 'svc/src/plain.ts': 'export const run = async () => 1; export const probe = async () => 1;',
    });
    expect(brief(found)).toEqual([
      'svc/serverless.ts#mail svc/src/fns/mail.ts:send http,http', 'svc/serverless.ts#plain svc/src/plain.ts:run ', 'svc/serverless.ts#print svc/src/fns/print/handler.ts:main ', 'svc/serverless.ts#probe svc/src/plain.ts:probe ',
    ]);
    expect(found.functions.map((fn) => [fn.declaredAt[0]?.file, fn.declaredAt[0]?.line])).toEqual([['svc/src/fns/index.ts', 4], ['svc/serverless.ts', 2], ['svc/src/fns/print/index.ts', 3], ['svc/serverless.ts', 3]]);
    expect(named(found, 'print').timeoutSeconds).toMatchObject({ value: 4, location: { file: 'svc/src/fns/print/index.ts', line: 3 } });
    expect(named(found, 'mail').timeoutSeconds).toMatchObject({ value: 9, location: { file: 'svc/serverless.ts', line: 4 } });
    expect(found.gaps).toEqual([]);
  });

  it('survives broken and hostile files', () => {
    const broken = read({ 'serverless.yml': 'service: a\nprovider: {name: aws\nfunctions:\n  f: [', 'a/serverless.yml': service('functions:\n  __proto__: { handler: app.x }\n  constructor: 1\n'), 'a/app.js': '' });
    expect(broken.problems.map((problem) => problem.file)).toEqual(['serverless.yml']);
    expect(broken.functions.map((fn) => fn.name)).toEqual(['__proto__']);
  });
});
