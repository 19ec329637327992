import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-hardcoded-endpoint.ts';
import { check } from '../../src/check/check.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';


/** What is found in the files; the first one holds the handler. */
function spots(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}, options: { readonly whole?: boolean } = {}): readonly string[] {
  const { project: linked } = project(files, [deployed('F', Object.keys(files)[0] as string, extra)], [], options);
  const result = check(linked, [[rule, { level: 'error', minSeverity: 'info', options: {} }]]);
  expect(result.failures).toEqual([]);
  return result.findings.map((item) => `${item.file}:${item.line} ${item.severity} ${item.confidence} ${item.messageId}`);
}

const handler = (body: string, more = ''): Record<string, string> => ({ 'a.mjs': `import { SQSClient } from '@aws-sdk/client-sqs'; ${more}\nexport const handler = async (event) => {\n${body}\n};\n` });
const api = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod';

describe('addresses that reach a call', () => {
  it.each<[string, string, string?]>([
    ['in the call', `await fetch('${api}');`],
    ['in a variable', 'await fetch(url);', `const url = '${api}';`],
    ['in an object', 'await fetch(urls.a);', `const urls = { a: '${api}' };`],
    ['joined', `await fetch('${api}' + event.path);`],
    ['an ARN', `await send({ arn: 'arn:aws:sns:eu-west-1:111122223333:topic' });`, 'import { send } from "sender";'],
    ['a private address', `await fetch('http://10.0.0.5:8080/x');`],
  ])('%s', (_name, body, more) => {
    expect(spots(handler(body, more)).map((item) => item.split(' ').slice(1).join(' '))).toEqual(['warning proved endpoint']);
  });

  it.each<[string, string]>([
    ['printed', `console.log('${api}');`],
    ['compared', `return event.url.startsWith('${api}');`],
    ['public', `await fetch('https://api.example.com/');`],
    ['with its own part put in', 'await fetch(`https://${process.env.API}.execute-api.eu-west-1.amazonaws.com/`);'],
    ['the loopback', `await fetch('http://127.0.0.1:2773/');`],
    ['a version that looks like an address', `await fetch('https://a.example.com/', { headers: { version: '10.1.2' } });`],
    ['not used', `const url = '${api}';`],
    ['a vendor layer', `await fetch('arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:1');`],
    ['on the own machine', `if (process.env.IS_OFFLINE) await fetch('${api}');`],
  ])('quiet: %s', (_name, body) => {
    expect(spots(handler(body))).toEqual([]);
  });

  it('in another file, at the literal', () => {
    expect(spots({ 'a.mjs': `import { url } from './b.mjs';\nexport const handler = async () => fetch(url);\n`, 'b.mjs': `\nexport const url = '${api}';\n` })).toEqual(['b.mjs:2 warning proved endpoint']);
  });

  it.each<[string, string]>([
    ['??', `const url = process.env.URL ?? '${api}';`],
    ['||', `const url = process.env.URL || '${api}';`],
    ['a conditional', `const url = process.env.URL ? process.env.URL : '${api}';`],
    ['destructured', `const { url = '${api}' } = process.env;`],
  ])('a default is info: %s', (_name, more) => {
    expect(spots(handler('await fetch(url);', more))).toEqual(['a.mjs:1 info proved fallback']);
  });
});

it('names the variable that a default stands in for', () => {
  const said = (more: string): unknown => {
    const { fn } = project(handler('await fetch(url);', more));
    return [...rule.check({ view: fn, options: {} })].map(({ data }) => [data?.['unless'], data?.['required']]);
  };
  expect(said(`const url = process.env.ORDERS_URL ?? '${api}';`)).toEqual([['Where ORDERS_URL is not set', 'ORDERS_URL']]);
  expect(said(`const url = process.env.A ?? process.env.B ?? '${api}';`)).toEqual([['Where nothing else is given', 'the value']]);
  expect(said(`const { url = '${api}' } = config;`)).toEqual([['Where nothing else is given', 'the value']]);
});

describe('regions', () => {
  it.each<[string, string, readonly string[]]>([
    ['given to a client', `new SQSClient({ region: 'eu-west-1' })`, ['region']],
    ['a default', `new SQSClient({ region: process.env.AWS_REGION || 'eu-west-1' })`, ['regionFallback']],
    ['of the environment', `new SQSClient({ region: process.env.AWS_REGION })`, []],
    ['in another setting', `new SQSClient({ logger: 'eu-west-1' })`, []],
  ])('%s', (_name, made, expected) => {
    expect(spots(handler('return sqs;', `const sqs = ${made};`)).filter((item) => / region/.test(item)).map((item) => item.split(' ').at(-1))).toEqual(expected);
  });
});
