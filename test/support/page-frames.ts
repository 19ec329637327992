/** What stands around the code of the rules' pages: a page shows what matters, and a scan needs the rest as well. */

/** What stands around one block. */
export interface Frame {
  /** SAM properties of the function beside its handler, one a line. */
  readonly properties?: string;
  /** SAM resources beside the function, as YAML. */
  readonly resources?: string;
  /** The whole declaration, from the page's YAML where it has some. */
  readonly template?: string | ((yaml: string) => string);
  /** By default `template.yaml`. */
  readonly templateFile?: string;
  /** Other files of the project. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where code is written to; by default `handler.mjs`, `.js` for CommonJS, `.ts`. */
  readonly file?: string;
  /** Code around the block; by default it is a handler's body unless it exports something. */
  readonly code?: (block: string) => string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Messages that good code has all the same, as notes. */
  readonly notes?: readonly string[];
  /** This block is part of the project of the block with this index. */
  readonly with?: number;
}

/** `all` holds for every block of the page; the others for the blocks of a section, by their order. */
export interface PageFrames { readonly all?: Frame; readonly Bad?: readonly Frame[]; readonly Good?: readonly Frame[] }

/** The text with every line moved to the right. */
export const indent = (text: string, by: number): string => text.trimEnd().split('\n').map((line) => `${' '.repeat(by)}${line}`).join('\n');

const lines = (...all: readonly string[]): string => all.filter((line) => line !== '').map((line) => `${line}\n`).join('');
const head = 'Transform: AWS::Serverless-2016-10-31';
const runtime = 'Runtime: nodejs22.x';
const inQueue = "Queue: 'arn:aws:sqs:eu-west-1:111122223333:in'";
const route = 'Events: { In: { Type: HttpApi, Properties: { Path: /orders, Method: post } } }';

/** A function of SAM, as one of several resources. */
const functionOf = (name: string, handler: string, ...more: readonly string[]): string => lines(
  `  ${name}:`, '    Type: AWS::Serverless::Function', '    Properties:',
  ...['CodeUri: ./', `FunctionName: ${name}`, `Handler: ${handler}`, runtime, ...more].map((line) => `      ${line}`),
);
/** A template with these resources. */
const templateOf = (...resources: readonly string[]): string => lines(head, 'Resources:', ...resources.map((text) => text.trimEnd()));
/** The YAML of the page as properties of the one function, behind others. */
const asProperties = (yaml: string, handler = 'handler.handler'): string => lines(
  head, 'Resources:', '  Example:', '    Type: AWS::Serverless::Function', '    Properties:', '      CodeUri: ./', `      Handler: ${handler}`, indent(yaml, 6),
);
/** The YAML of the page as properties of the event of a queue. */
const asMapping = (yaml: string): string => asProperties(lines(runtime, 'Events:', '  In:', '    Type: SQS', '    Properties:', `      ${inQueue}`, yaml === '' ? '' : indent(yaml, 6)));
const fromQueue: Frame = { properties: lines(runtime, `Events: { In: { Type: SQS, Properties: { ${inQueue} } } }`) };
const fromRoute: Frame = { properties: lines(runtime, 'Timeout: 30', route) };

const handlerOf = (name: string): string => `export const ${name} = async () => ({ statusCode: 204 });\n`;
const asksNext = (name: string, next: string): string => lines(
  "import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';", 'const lambda = new LambdaClient({});',
  `export const ${name} = async () => lambda.send(new InvokeCommand({ FunctionName: '${next}' }));`,
);
const sort = lines(
  "import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';", 'const sqs = new SQSClient({});',
  'export const sort = async (event) => {',
  '  await sqs.send(new SendMessageCommand({ QueueUrl: process.env.OUTBOX, MessageBody: event.Records[0].body }));', '};',
);
/** Stores an order, behind what the page shows. */
const storesOrder = (check: string): string => lines(
  "import { DynamoDBClient } from '@aws-sdk/client-dynamodb';", "import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';",
  'const orders = DynamoDBDocumentClient.from(new DynamoDBClient({}));',
  'export const handler = async (event) => {', indent(check, 2),
  "  await orders.send(new PutCommand({ TableName: 'orders', Item: JSON.parse(event.body) }));", '  return { statusCode: 201 };', '};',
);

/** What no-mini-monolith's page leaves out of its application. */
const application = ['listOrders', 'placeOrder', 'showUser', 'drawReport', 'showCart', 'payBill']
  .map((name) => `const ${name} = (request, response) => response.json('${name}');\n`).join('');
const moreRoutes = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? `\napp.get('/carts/${index}', showCart);` : `\napp.get('/bills/${index}', payBill);`)).join('');

/** The first bytes of a library for Linux on x64: ELF, 64 bits, little-endian, machine 62. */
const binaryForX64 = `\x7fELF\x02\x01\x01${'\0'.repeat(9)}\x03\0\x3e\0${'\0'.repeat(44)}`;
/** Packages as they lie in a checkout, smaller than the real ones. */
const installed = {
  'package.json': '{"name":"shop","version":"1.0.0","dependencies":{"aws-sdk":"2","lodash":"4"}}',
  'node_modules/aws-sdk/package.json': '{"name":"aws-sdk","version":"2.0.0"}',
  'node_modules/aws-sdk/index.js': `module.exports = '${'a'.repeat(96_000)}';\n`,
  'node_modules/lodash/package.json': '{"name":"lodash","version":"4.0.0"}',
  'node_modules/lodash/index.js': 'exports.groupBy = () => 1;\n',
  'node_modules/lodash/groupBy.js': 'module.exports = () => 1;\n',
};

const frames: Readonly<Record<string, PageFrames>> = {
  'no-background-work': {
    Good: [{}, { templateFile: 'wrangler.toml', template: lines('name = "shop"', 'main = "handler.mjs"', 'compatibility_date = "2026-01-01"') }],
  },
  'no-deprecated-api': { all: { properties: 'Runtime: nodejs24.x' } },
  'no-deprecated-runtime': {
    all: {
      template: (yaml) => lines(head, yaml.trimEnd(), 'Resources:', '  Example:', '    Type: AWS::Serverless::Function', '    Properties: { CodeUri: ./, Handler: handler.handler }'),
      files: { 'handler.mjs': handlerOf('handler') },
    },
  },
  'no-disk-writes': { Good: [{ notes: ['removed'] }] },
  'no-dropped-records': { all: fromQueue },
  'no-event-dump': { all: fromRoute },
  'no-invocation-cycle': {
    all: {
      template: templateOf(
        '  In: { Type: AWS::SQS::Queue }', '  Out: { Type: AWS::SQS::Queue }',
        functionOf('sort', 'sort.sort', 'Environment: { Variables: { OUTBOX: !Ref Out } }', 'Events: { In: { Type: SQS, Properties: { Queue: !GetAtt In.Arn } } }'),
        functionOf('retry', 'handler.retry', 'Environment: { Variables: { INBOX: !Ref In } }', 'Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Out.Arn } } }'),
      ),
      files: { 'sort.mjs': sort },
    },
    Good: [{ notes: ['ends'] }],
  },
  'no-limit-overrun': {
    all: {
      code: (block) => `export const handler = async ({ orders }) => {\n${block}};\nconst entryOf = (order) => ({ Id: order.id, MessageBody: JSON.stringify(order) });\n`,
    },
  },
  'no-long-call-chain': {
    all: {
      template: templateOf(functionOf('order', 'order.order'), functionOf('price', 'price.price'), functionOf('tax', 'handler.tax'), functionOf('rates', 'rates.rates')),
      files: { 'order.mjs': asksNext('order', 'price'), 'price.mjs': asksNext('price', 'tax'), 'rates.mjs': handlerOf('rates') },
    },
    Good: [{ template: templateOf(functionOf('order', 'handler.order')), files: { 'price.js': 'export const price = (items) => items.length;\n' } }],
  },
  'no-mini-monolith': {
    Bad: [{ code: (block) => `${application}${block.replace('// and twenty more', moreRoutes)}` }],
    Good: [{
      templateFile: 'serverless.yml', template: (yaml) => lines('service: shop', 'provider: { name: aws, runtime: nodejs22.x }', yaml.trimEnd()),
      files: { 'src/orders.mjs': handlerOf('handler'), 'src/users.mjs': handlerOf('handler'), 'src/report.mjs': handlerOf('handler') },
    }],
  },
  'no-native-dependency': {
    all: { template: (yaml) => asProperties(`${runtime}\n${yaml}`), files: { 'package.json': '{"dependencies":{"gm":"1"}}' } },
    Bad: [{
      files: {
        'handler.mjs': "import hash from 'pass-hash';\nexport const handler = async (event) => hash(event.id);\n",
        'package.json': '{"dependencies":{"pass-hash":"1"}}', 'node_modules/pass-hash/package.json': '{"name":"pass-hash","version":"1.0.0"}',
        'node_modules/pass-hash/index.js': "module.exports = require('./hash.node');\n", 'node_modules/pass-hash/hash.node': binaryForX64,
      },
    }],
    Good: [{}, {
      files: { 'handler.js': "const gm = require('gm');\nexports.handler = async (event) => gm(event.path).size();\n", 'package.json': '{"dependencies":{"gm":"1"}}' },
    }],
  },
  'no-oversized-bundle': {
    all: {
      options: { warnBytes: 50_000 }, files: installed,
      template: `${asProperties(runtime)}    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [handler.mjs] } }\n`,
    },
  },
  'no-pass-through-function': {
    all: { properties: lines(runtime, route, 'Environment: { Variables: { QUEUE: !Ref Orders } }'), resources: 'Orders: { Type: AWS::SQS::Queue }' },
  },
  'no-self-invocation': { Good: [{ notes: ['ends'] }] },
  'no-swallowed-error': { all: fromQueue },
  'no-sync-invoke': {
    all: { template: templateOf(functionOf('order', 'src/handler.handler'), functionOf('price', 'price.price')), file: 'src/handler.mjs', files: { 'price.mjs': handlerOf('price') } },
    Good: [{
      code: (block) => `${block.replace(/^const total.*\n/m, '')}export const handler = async ({ order }) => price(order);\n`, files: { 'lib/price.js': handlerOf('price') },
    }],
  },
  'no-unauthenticated-endpoint': {
    all: { template: (yaml) => asProperties(`${runtime}\n${yaml}`), files: { 'handler.mjs': storesOrder('') } },
    Good: [{}, { template: asProperties(`${runtime}\n${route}`), code: storesOrder, files: {} }],
  },
  'no-unbounded-concurrency': {
    all: {
      template: (yaml) => templateOf(indent(yaml, 2), functionOf('Work', 'handler.handler', 'Events: { In: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } } }')),
      files: { 'handler.mjs': handlerOf('handler') },
    },
    Good: [{}, {
      template: asMapping,
      files: { 'handler.mjs': "import { Pool } from 'pg';\nconst pool = new Pool();\nexport const handler = async (event) => pool.query('insert into jobs (text) values ($1)', [event.id]);\n" },
    }],
  },
  'no-uncompensated-writes': { all: fromRoute },
  'no-unpackaged-dependency': {
    all: { template: (yaml) => asProperties(yaml === '' ? runtime : yaml), files: { 'package.json': '{"name":"shop","version":"1.0.0"}' } },
    Bad: [{ with: 1 }],
  },
  'no-vendor-lock-in': {
    all: {
      options: { adapters: ['src/adapters', 'src/handlers'] }, file: 'src/domain/orders.ts', template: asProperties(runtime, 'src/handlers/order.handler'),
      files: {
        'src/handlers/order.ts': "import { place } from '../domain/orders';\nexport const handler = async (event) => place(event, { keep: async () => undefined });\n",
        'src/client.ts': 'export const client = { send: async (command: unknown) => command };\n',
      },
    },
  },
  'require-handler-test': {
    all: {
      template: asProperties(runtime, 'src/order.handler'), code: (block) => block,
      files: {
        'src/order.js': "import { sum } from './sum.js';\nexport const handler = async (event) => ({ statusCode: event.body === null ? 400 : 200, body: String(sum([1])) });\n",
        'src/sum.js': 'export const sum = (list) => list.length;\n',
      },
    },
    Bad: [{ file: 'test/sum.test.js' }],
    Good: [{ file: 'test/order.test.js' }],
  },
  'require-idempotency': { all: fromQueue },
  'require-observability': { all: { template: (yaml) => templateOf(indent(yaml, 2)), files: { 'nightly.mjs': handlerOf('handler') } } },
  'require-partial-batch-response': { all: { template: asMapping }, Good: [{}, { with: 0 }] },
};

/** What stands around the blocks of a page; most need nothing. */
export const pageFrames = (id: string): PageFrames => frames[id] ?? {};
