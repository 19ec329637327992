import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { documentOperations } from './aws-operations.ts';
import { chainOf } from './effect-chain.ts';
import type { AwsOperation } from './effects.ts';

/**
 * Packages whose calls are AWS operations under their own names: aws-lite, and clients that other packages construct.
 *
 * Sources (November 2026): aws-lite.org (`aws.dynamodb.PutItem(params)`, service named after its plugin); READMEs of
 * @dazn/lambda-powertools-*-client (SDK v2 clients with a correlation id, used as the client itself).
 */
export function helperOperations(callee: Callee, args: readonly Value[]): readonly AwsOperation[] {
  const name = callee.path.at(-1)?.replace('#', '') ?? '';
  const module = callee.module;
  if (module === 'unknown') return lite(callee, args, name);
  const wrapped = clients.get(module);
  if (!wrapped || callee.path.length > 2 || notOperations.has(name)) return [];
  const operation = name.charAt(0).toUpperCase() + name.slice(1);
  if (wrapped === 'document') { const plain = documentOperations[operation]; return plain ? [{ service: 'dynamodb', operation: plain, params: args[0], form: 'call', sdk: 2 }] : []; }
  return [{ service: wrapped, operation, params: args[0], form: 'call', sdk: 2 }];
}

const clients: ReadonlyMap<string, string> = new Map([
  ['@dazn/lambda-powertools-sqs-client', 'sqs'], ['@dazn/lambda-powertools-sns-client', 'sns'], ['@dazn/lambda-powertools-lambda-client', 'lambda'],
  ['@dazn/lambda-powertools-kinesis-client', 'kinesis'], ['@dazn/lambda-powertools-firehose-client', 'firehose'], ['@dazn/lambda-powertools-eventbridge-client', 'eventbridge'],
  ['@dazn/lambda-powertools-cloudwatchevents-client', 'eventbridge'], ['@dazn/lambda-powertools-step-functions-client', 'stepfunctions'], ['@dazn/lambda-powertools-dynamodb-client', 'document'],
]);
const notOperations: ReadonlySet<string> = new Set(['promise', 'send', 'on', 'default']);

const liteServices: Readonly<Record<string, string>> = { dynamodb: 'dynamodb', s3: 's3', sqs: 'sqs', sns: 'sns', lambda: 'lambda', ssm: 'ssm', eventbridge: 'eventbridge', stepfunctions: 'stepfunctions', kinesis: 'kinesis', 'apigateway-management': 'apigateway-management', apigatewaymanagementapi: 'apigateway-management', secretsmanager: 'secretsmanager', ses: 'ses', scheduler: 'scheduler' };

/** `(await awsLite(…)).dynamodb.PutItem(params)`: operations begin with a capital letter. */
function lite(callee: Callee, args: readonly Value[], operation: string): readonly AwsOperation[] {
  if (!/^[A-Z]\w*$/.test(operation)) return [];
  const chain = chainOf(callee, args);
  if (chain?.module !== '@aws-lite/client') return [];
  const service = liteServices[chain.links.at(-2)?.name.toLowerCase() ?? ''];
  return service ? [{ service, operation, params: args[0], form: 'call', sdk: 3 }] : [];
}
