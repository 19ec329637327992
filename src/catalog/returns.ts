import type { Callee } from '../model/project.ts';

/**
 * What calls of packages give back, as far as the evaluator must see through them: the argument, the receiver, an instance
 * of a class. From the packages' documentation, November 2026.
 */
export type Returns =
  | { readonly kind: 'argument'; readonly index: number }
  | { readonly kind: 'receiver' }
  | { readonly kind: 'instance'; readonly path: readonly string[]; readonly module?: string };

const rows: readonly (readonly [module: RegExp, path: RegExp, returns: Returns])[] = [
  // Handler wrappers: the function given is what runs.
  [/^(@middy\/core|middy)$/, /^default$/, { kind: 'argument', index: 0 }],
  [/^(@middy\/core|middy)$/, /#?(use|before|after|onError|handler)$/, { kind: 'receiver' }],
  [/^@sentry\//, /(^|\.)wrapHandler$/, { kind: 'argument', index: 0 }],
  [/^@sentry\/cloudflare$/, /^withSentry$/, { kind: 'argument', index: 1 }],
  [/^datadog-lambda-js$/, /^datadog$/, { kind: 'argument', index: 0 }],
  [/^newrelic$|^@newrelic\//, /setLambdaHandler$/, { kind: 'argument', index: 0 }],
  [/^(@lumigo\/tracer|epsagon|@thundra\/core)$/, /(trace|lambdaWrapper)$/, { kind: 'argument', index: 0 }],
  [/^@aws-lambda-powertools\/idempotency$/, /^makeIdempotent$/, { kind: 'argument', index: 0 }],
  [/^(serverless-http|@vendia\/serverless-express|@codegenie\/serverless-express|aws-serverless-express|@fastify\/aws-lambda|aws-lambda-fastify)$/, /^(default|serverlessExpress|configure)$/, { kind: 'argument', index: 0 }],
  [/^hono\//, /^handle$/, { kind: 'argument', index: 0 }],
  // Tracing wrappers give back the client they were given.
  [/^(aws-xray-sdk|aws-xray-sdk-core)$/, /^capture(AWS|AWSClient|AWSv3Client|HTTPs|Func|AsyncFunc)$/, { kind: 'argument', index: 0 }],
  [/^@aws-lambda-powertools\/tracer$/, /#captureAWS(v3Client|Client)?$/, { kind: 'argument', index: 0 }],
  [/^@aws-sdk\/lib-dynamodb$/, /^DynamoDBDocumentClient\.from$/, { kind: 'instance', path: ['DynamoDBDocumentClient'] }],
  [/^@aws-sdk\/lib-dynamodb$/, /^DynamoDBDocument\.from$/, { kind: 'instance', path: ['DynamoDBDocument'] }],
  [/^aws-sdk/, /#promise$/, { kind: 'receiver' }],
  [/^express$/, /^(default|Router)$/, { kind: 'instance', path: ['Router'] }],
  [/^(fastify|koa|lambda-api|itty-router)$/, /^(default|fastify|Router)$/, { kind: 'instance', path: ['App'] }],
  [/^global$/, /^Symbol$/, { kind: 'instance', path: ['Symbol'] }],
];

export function returnsOf(callee: Callee): Returns | undefined {
  const path = callee.path.join('.');
  return rows.find(([module, pattern]) => module.test(callee.module) && pattern.test(path))?.[2];
}

/** Globals and modules whose functions only compute from what they are given. */
const pureGlobals: ReadonlySet<string> = new Set([
  'JSON', 'Object', 'Array', 'String', 'Number', 'Math', 'Boolean', 'BigInt', 'Date', 'Symbol', 'RegExp', 'Buffer', 'URL', 'URLSearchParams', 'Reflect', 'Error', 'TypeError', 'Map', 'Set', 'Intl',
  'encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI', 'parseInt', 'parseFloat', 'isNaN', 'atob', 'btoa', 'structuredClone', 'Uint8Array', 'TextEncoder', 'TextDecoder', 'Promise', 'Headers', 'Request', 'Response', 'FormData',
]);
const pureModules: ReadonlySet<string> = new Set([
  'path', 'url', 'querystring', 'util', 'crypto', 'buffer', 'lodash', 'ramda', 'qs', 'uuid', 'zod', 'joi', 'yup', 'ajv', 'moment', 'moment-timezone', 'dayjs', 'luxon', 'date-fns', 'jsonwebtoken', 'jwt-decode',
  'io-ts', 'fp-ts', 'fast-xml-parser', 'xml2js', 'js-yaml', 'yaml', 'nanoid', 'ulid', 'validator', 'class-transformer', 'class-validator', '@aws-sdk/util-dynamodb', 'superstruct', 'valibot', 'deepmerge', 'he', 'slugify',
]);

/** Whether what a call gives depends on nothing but its inputs. Unknown calls are not pure. */
export function isPure(callee: Callee): boolean {
  if (callee.module === 'global') return pureGlobals.has(callee.path[0] ?? '');
  const name = callee.module.startsWith('@') ? callee.module.split('/').slice(0, 2).join('/') : (callee.module.split('/')[0] ?? '');
  return pureModules.has(name);
}
