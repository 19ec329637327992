import { describe, expect, it } from 'vitest';
import { isPure } from '../../src/catalog/pure.ts';
import { returnsOf, wrapperOf } from '../../src/catalog/wrappers.ts';
import type { Returns } from '../../src/catalog/wrappers.ts';
import { callee } from './support.ts';

const show = (returns: Returns | undefined): string => {
  if (!returns) return '-';
  if (returns.kind === 'receiver') return 'receiver';
  return returns.kind === 'instance' ? `instance ${returns.module ?? ''}.${returns.path.join('.')}` : `${returns.kind} ${returns.index}`;
};

describe('returnsOf', () => {
  it.each([
    ['aws-xray-sdk-core', 'captureAWSv3Client', 'argument 0'],
    ['aws-xray-sdk', 'default.captureAWS', 'argument 0'],
    ['aws-xray-sdk-core', 'getSegment', '-'],
    ['@aws-lambda-powertools/tracer', 'Tracer.#captureAWSv3Client', 'argument 0'],
    ['@aws-lambda-powertools/tracer', 'Tracer.#putAnnotation', '-'],
    ['@aws-sdk/lib-dynamodb', 'DynamoDBDocumentClient.from', 'instance .DynamoDBDocumentClient'],
    ['@aws-sdk/lib-dynamodb', 'DynamoDBDocument.from', 'instance .DynamoDBDocument'],
    ['mongodb', 'DynamoDBDocument.from', '-'],
    ['node:util', 'promisify', 'argument 0'],
    ['util', 'inspect', '-'],
    ['bluebird', 'promisifyAll', 'argument 0'],
    ['lodash', 'memoize', 'callback 0'],
    ['lodash/once', 'default', 'callback 0'],
    ['lodash', 'map', '-'],
    ['@middy/core', 'default', 'instance .Middy'],
    ['@middy/core', 'Middy.#use', 'receiver'],
    ['@middy/core', 'Middy.#handler', 'callback 0'],
    ['@sentry/aws-serverless', 'wrapHandler', 'callback 0'],
    ['@sentry/serverless', 'AWSLambda.wrapHandler', 'callback 0'],
    ['@sentry/cloudflare', 'withSentry', 'callback 1'],
    ['@sentry/node', 'captureException', '-'],
    ['@netlify/functions', 'schedule', 'callback 1'],
    ['datadog-lambda-js', 'datadog', 'callback 0'],
    ['@aws/durable-execution-sdk-js', 'withDurableExecution', 'callback 0'],
    ['@aws-lambda-powertools/idempotency', 'makeIdempotent', 'callback 0'],
    ['global', 'awslambda.streamifyResponse', 'callback 0'],
    ['fs', 'promises.open', 'instance fs/promises.FileHandle'],
    ['fs/promises', 'open', 'instance .FileHandle'],
    ['fs', 'open', '-'],
    ['aws-sdk', 'S3.#promise', 'receiver'],
    ['aws-sdk/clients/s3', '#promise', 'receiver'],
    ['serverless-http', 'default', 'argument 0'],
    ['hono/aws-lambda', 'handle', 'argument 0'],
    ['express', 'Router', 'instance .Router'],
    ['express', 'json', '-'],
    ['fetch-retry', 'default', 'argument 0'],
    ['sharp', 'default', 'instance .Sharp'],
    ['sharp', 'Sharp.#resize', 'receiver'],
    ['sharp', 'Sharp.#toFile', '-'],
  ])('%s %s → %s', (module, path, expected) => expect(show(returnsOf(callee(module, path)))).toBe(expected));
});

describe('wrapperOf', () => {
  it('names the handler and what else runs', () => {
    expect(wrapperOf(callee('@middy/core', 'default'))).toMatchObject({ handler: '0', of: 'function' });
    expect(wrapperOf(callee('@middy/core', 'Middy.#use'))?.runs).toContain('0.before');
    expect(wrapperOf(callee('serverless-http'))).toMatchObject({ handler: '0', of: 'app' });
    expect(wrapperOf(callee('@codegenie/serverless-express', 'default'))).toMatchObject({ handler: '0.app', of: 'app' });
    expect(wrapperOf(callee('hono/aws-lambda', 'handle'))).toMatchObject({ handler: '0', of: 'app' });
    expect(wrapperOf(callee('@sentry/aws-serverless', 'wrapHandler'))).toMatchObject({ handler: '0', of: 'function' });
    expect(wrapperOf(callee('@netlify/functions', 'schedule'))).toMatchObject({ handler: '1' });
  });
  it('leaves what wraps no handler', () => {
    for (const [module, path] of [['lodash', 'memoize'], ['util', 'promisify'], ['hono', 'handle'], ['@middy/http-json-body-parser', 'default'], ['express', 'default']] as const) {
      expect(wrapperOf(callee(module, path)), `${module} ${path}`).toBeUndefined();
    }
  });
});

describe('isPure', () => {
  it.each([
    ['global', 'JSON.parse'], ['global', 'Object.keys'], ['global', 'Array.from'], ['global', 'parseInt'], ['global', 'Math.max'], ['global', 'Buffer.from'], ['global', 'URL.#searchParams.get'],
    ['global', 'Date'], ['global', 'encodeURIComponent'], ['node:path', 'basename'], ['lodash', 'get'], ['lodash/get', 'default'], ['lodash.get', 'default'], ['lodash-es', 'pick'], ['querystring', 'parse'],
    ['crypto', 'createHash'], ['crypto', 'createHmac.#update'], ['uuid', 'v5'], ['zod', 'ZodObject.#parse'], ['zod', 'object.#parse'], ['joi', 'object'], ['fp-ts/lib/Either', 'map'], ['date-fns', 'addDays'], ['zlib', 'gunzipSync'],
    ['@aws-sdk/util-dynamodb', 'unmarshall'], ['aws-sdk', 'DynamoDB.Converter.unmarshall'], ['jsonwebtoken', 'verify'], ['jose', 'decodeJwt'], ['bcrypt', 'compare'], ['js-yaml', 'load'],
  ])('%s %s computes from its inputs', (module, path) => expect(isPure(callee(module, path))).toBe(true));

  it.each([
    ['global', 'fetch'], ['global', 'Math.random'], ['global', 'Date.now'], ['global', 'Promise'], ['global', 'setTimeout'], ['global', 'crypto.randomUUID'], ['crypto', 'randomBytes'], ['crypto', 'randomUUID'], ['uuid', 'v4'],
    ['aws-sdk', 'DynamoDB.#getItem'], ['@aws-sdk/client-s3', 'S3Client.#send'], ['axios', 'get'], ['fs', 'readFileSync'], ['jose', 'createRemoteJWKSet'], ['lodash-cache', 'get'], ['unknown', 'parse'], ['child_process', 'execSync'], ['redis', 'createClient'],
  ])('%s %s does not', (module, path) => expect(isPure(callee(module, path))).toBe(false));
});
