import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-server-listen.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.line} ${item.severity} ${item.messageId}`);
}

describe('examples of the documentation', () => {
  it.each(rule.examples.map((example) => [example.title, example] as const))('%s', (_title, example) => {
    expect(spots({ 'handler.js': example.code }).map((item) => item.split(' ')[2])).toEqual(example.reports);
  });
});

const head = `const express = require('express'); const http = require('http'); const app = express();`;
/** The code stands from line 2 on. */
const module = (code: string): Record<string, string> => ({ 'a.js': `${head}\n${code}\nexports.handler = async () => 1;\n` });

describe('servers', () => {
  it.each<[string, string, string]>([
    ['express', 'app.listen(3000);', 'listens'],
    ['http', 'http.createServer(app).listen(3000);', 'listens'],
    ['in a variable', 'const server = http.createServer(app); server.listen(3000);', 'listens'],
    ['koa', `new (require('koa'))().listen(3000);`, 'listens'],
    ['ws', `new (require('ws').Server)({ port: 1 });`, 'sockets'],
    ['kafka', `new (require('kafkajs').Kafka)({}).consumer({}).run({});`, 'consumes'],
    ['pub/sub', `new (require('@google-cloud/pubsub').PubSub)().subscription('s').on('message', () => 1);`, 'consumes'],
    ['node-cron', `require('node-cron').schedule('* * * * *', () => 1);`, 'schedules'],
    ['cron', `new (require('cron').CronJob)('* * * * *', () => 1, null, true);`, 'schedules'],
    ['a job that is started', `const job = new (require('cron').CronJob)('* * * * *', () => 1); job.start();`, 'schedules'],
  ])('%s', (_name, code, message) => {
    expect(spots(module(code))).toEqual([`2 error ${message}`]);
  });

  it.each<[string, string]>([
    ['a method of its own class', 'class Radio { listen() {} } new Radio().listen();'],
    ['an unknown receiver', 'globalThis.radio.listen(1);'],
    ['a client', `require('net').connect(1);`],
    ['no server of its own', `new (require('ws').Server)({ noServer: true });`],
    ['a job that waits to be started', `new (require('cron').CronJob)('* * * * *', () => 1);`],
    ['the next time', `new (require('croner').Cron)('* * * * *').nextRun();`],
  ])('quiet: %s', (_name, code) => {
    expect(spots(module(code))).toEqual([]);
  });
});

describe('a subscription that lasts as long as somebody listens', () => {
  const stream = (end: string): Record<string, string> => ({
    'a.ts': `import Redis from 'ioredis';
const other = new Redis();
export async function GET(request: Request) {
  const redis = new Redis();
  redis.psubscribe('news:*');
  const body = new ReadableStream({ start(controller) { redis.on('pmessage', (_p, _c, text) => controller.enqueue(text)); request.signal.addEventListener('abort', () => { ${end} }); } });
  return new Response(body);
}
`,
  });
  const route = { platform: 'vercel', handlers: [{ file: 'a.ts', export: 'GET', kind: 'route' }] } as const;
  it.each<[string, string, readonly string[]]>([
    ['the connection is closed', 'redis.disconnect();', []],
    ['it is taken off', 'redis.punsubscribe();', []],
    ['another one is closed', 'other.disconnect();', ['5 error consumes']],
    ['nothing ends it', 'console.log("gone");', ['5 error consumes']],
  ])('%s', (_name, end, expected) => {
    expect(spots(stream(end), route)).toEqual(expected);
  });
  it('a function that holds connections, and one that does not', () => {
    const code = (from: string): Record<string, string> => ({ 'a.ts': `import Redis from 'ioredis';\nimport { experimental_upgradeWebSocket as upgrade } from '${from}';\nnew Redis().subscribe('news');\nexport const GET = () => upgrade((socket: any) => socket.send('hello'));\n` });
    expect(spots(code('@vercel/functions'), route)).toEqual([]);
    expect(spots(code('./own'), route)).toEqual(['3 error consumes']);
  });
});

describe('guards', () => {
  it.each<[string, string, readonly string[]]>([
    ['require.main === module', 'if (require.main === module) app.listen(1);', []],
    ['the other side', 'if (module === require.main) app.listen(1);', []],
    ['require.main !== module', 'if (require.main !== module) app.listen(1);', ['2 error inverted']],
    ['else', 'if (require.main === module) { } else { app.listen(1); }', ['2 error inverted']],
    ['!module.parent', 'if (!module.parent) app.listen(1);', []],
    ['module.parent', 'if (module.parent) app.listen(1);', ['2 error inverted']],
    ['a variable that the function lacks', 'if (process.env.PORT) app.listen(1);', []],
    ['NODE_ENV is not production', 'if (process.env.NODE_ENV !== "production") app.listen(1);', []],
    ['NODE_ENV is production', 'if (process.env.NODE_ENV === "production") app.listen(1);', ['2 error listens']],
    ['not in tests', 'if (process.env.NODE_ENV !== "test") app.listen(1);', ['2 error listens']],
    ['both must hold', 'if (process.env.NODE_ENV !== "test" && require.main === module) app.listen(1);', []],
    ['either may hold', 'if (process.env.NODE_ENV !== "test" || require.main === module) app.listen(1);', ['2 error listens']],
    ['in a constant', 'const local = process.env.STAGE === "dev"; if (local) app.listen(1);', []],
    ['left before', 'function main() { if (process.env.AWS_LAMBDA_FUNCTION_NAME) return; app.listen(1); } main();', []],
    ['on the platform', 'if (process.env.AWS_LAMBDA_FUNCTION_NAME) app.listen(1);', ['2 error listens']],
    ['a helper that is called under a guard', 'function main() { app.listen(1); } if (require.main === module) main();', []],
  ])('%s', (_name, code, expected) => {
    expect(spots(module(code))).toEqual(expected);
  });

  it('a variable that the declaration sets', () => {
    const code = module('if (process.env.SERVE) app.listen(1);');
    expect(spots(code, { environment: new Map([['SERVE', { kind: 'literal', value: 'yes' }]]) })).toEqual(['2 error listens']);
  });
});

describe('something in front talks to the port', () => {
  it.each<[string, Partial<ServerlessFunction>]>([
    ['a container', { packaging: { form: 'image', tool: 'docker', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } }],
    ['the wrapper of Lambda Web Adapter', { environment: new Map([['AWS_LAMBDA_EXEC_WRAPPER', { kind: 'literal', value: '/opt/bootstrap' }]]) }],
    ['the host of a custom handler', { platform: 'azure', generation: 'customHandler' }],
    ['its layer', { layers: [{ kind: 'literal', value: 'arn:aws:lambda:eu-west-1:753240598075:layer:LambdaAdapterLayerX86:24' }] }],
  ])('%s', (_name, extra) => {
    expect(spots(module('app.listen(8080);'), extra)).toEqual([]);
  });
  it('and the clock stands still all the same on Lambda', () => {
    const image = { packaging: { form: 'image', tool: 'docker', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' } } as const;
    const files = { 'a.js': `const cron = require('node-cron');\ncron.schedule('* * * * *', () => console.log(1));\nexports.handler = async () => 1;\n` };
    expect(spots(files, image)).toEqual(['2 error schedules']);
    expect(spots(files, { ...image, platform: 'google', generation: 'run' })).toEqual([]);
  });
});

it('three imports away, and shared code that nobody calls', () => {
  expect(spots({
    'a.js': `require('./b').start();\nexports.handler = async () => 1;`, 'b.js': `exports.start = () => require('./c').open();\n`,
    'c.js': `const http = require('http');\nexports.open = () => http.createServer().listen(1);\nexports.other = () => http.createServer().listen(2);\n`,
  })).toEqual(['2 error listens']);
});

describe('beside an adapter', () => {
  const app = (adapter: string, listens: string): Record<string, string> => ({
    'a.js': `const adapter = require('aws-serverless-express'); const serverless = require('serverless-http'); const app = require('./app');\n${adapter}\n`,
    'app.js': `const express = require('express');\nconst app = express(); const other = express();\n${listens}\nmodule.exports = app;\n`,
  });
  const proxy = 'const server = adapter.createServer(app);\nexports.handler = (event, context) => { adapter.proxy(server, event, context); };';
  it.each<[string, string, string, readonly string[]]>([
    ['a server that the adapter made', proxy, 'app.listen(3000);', ['3 info beside']],
    ['a handler that the adapter made', 'exports.handler = serverless(app);', 'app.listen(3000);', ['3 info beside']],
    ['another application', proxy, 'other.listen(3000);', ['3 error listens']],
    ['no adapter', 'exports.handler = async () => app.name;', 'app.listen(3000);', ['3 error listens']],
  ])('%s', (_name, adapter, listens, expected) => {
    expect(spots(app(adapter, listens))).toEqual(expected);
  });
});

describe('a constant of another module says where the code runs', () => {
  const of = (constant: string, test: string): readonly string[] => spots({ 'a.ts': `import express from 'express';\nimport { RUNNING } from './helpers';\nconst app = express();\nif (${test}) app.listen(3000);\nexport const handler = async () => 1;\n`, 'helpers.ts': `${constant}\n` });
  const platform = '!!process.env.AWS_LAMBDA_FUNCTION_NAME && !!process.env.AWS_LAMBDA_FUNCTION_VERSION && !!process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE';
  it('whatever its name is', () => {
    expect(of(`export const RUNNING = ${platform};`, '!RUNNING')).toEqual([]);
    expect(of(`const RUNNING = ${platform};\nexport { RUNNING };`, '!RUNNING')).toEqual([]);
    expect(of(`export const RUNNING = ${platform};`, 'RUNNING')).not.toEqual([]);
    expect(of('export const RUNNING = !!process.env.RUN;', '!RUNNING')).not.toEqual([]);
  });
});
