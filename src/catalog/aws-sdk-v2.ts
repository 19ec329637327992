import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { awsServices, documentOperations } from './aws-operations.ts';
import type { AwsOperation } from './effects.ts';
import { normalName, property, textOf, wordSet } from './look-up.ts';

/**
 * How calls of the AWS SDK for JavaScript v2 name their operation.
 *
 * Sources (November 2026): docs.aws.amazon.com/AWSJavaScriptSDK/latest, classes `AWS.Service`, `AWS.S3` (upload,
 * getSignedUrl, getSignedUrlPromise, createPresignedPost), `AWS.S3.ManagedUpload`, `AWS.DynamoDB.DocumentClient`,
 * `waitFor(state, params)`. The SDK left support on 2025-09-08.
 */

const serviceOfClass: ReadonlyMap<string, string> = new Map(awsServices.flatMap(({ service, classes }) => classes.map((name) => [name, service] as const)));
const rootModules = wordSet('aws-sdk aws-sdk/global aws-sdk/clients/all aws-sdk/dist/aws-sdk');
/** Methods of every service object that are no operations. */
const control = wordSet('promise send on abort createReadStream eachPage eachItem config defineService setupRequestListeners customizeRequests createSet isGlobalEndpoint');

/** Operations that a call of SDK v2 asks for; empty for anything else. */
export function sdkV2Operations(callee: Callee, args: readonly Value[]): readonly AwsOperation[] {
  const { module, path, method } = normalName(callee);
  const client = /^aws-sdk\/clients\/([a-z0-9]+)$/.exec(module)?.[1];
  if (!rootModules.has(module) && (!client || client === 'all')) return [];
  const className = client && client !== 'all' ? client : path[0]?.toLowerCase();
  if (!className || !path.at(-1)?.startsWith('#') || path.filter((part) => part.startsWith('#')).length !== 1) return [];
  const service = serviceOfClass.get(className) ?? className;
  if (path.includes('ManagedUpload')) {
    const options = callee.receiver?.kind === 'instance' ? callee.receiver.args[0] : undefined;
    return ['promise', 'send'].includes(method) ? [{ service: 's3', operation: 'Upload', params: property(options, 'params'), form: 'call', sdk: 2 }] : [];
  }
  if (path.includes('DocumentClient')) {
    const operation = documentOperations[capital(method)];
    return operation ? [{ service: 'dynamodb', operation, params: args[0], form: 'call', sdk: 2 }] : [];
  }
  switch (method) {
    case 'getSignedUrl':
    case 'getSignedUrlPromise':
      return named(service, args, 'presigned');
    case 'createPresignedPost':
      return [{ service, operation: 'PutObject', params: args[0], form: 'presigned', sdk: 2 }];
    case 'makeRequest':
      return named(service, args, 'call');
    case 'waitFor': {
      const state = textOf(args[0]);
      const options = property(args[1], '$waiter');
      return state === undefined ? [] : [{ service, operation: capital(state), params: args[1], form: 'waiter', sdk: 2, ...(options ? { options } : {}) }];
    }
    default:
      return control.has(method) ? [] : [{ service, operation: capital(method), params: bound(callee, args[0]), form: 'call', sdk: 2 }];
  }
}

/** `new AWS.S3({ params: { Bucket } })`: what the client was made with holds where the call says nothing else. */
function bound(callee: Callee, params: Value | undefined): Value | undefined {
  const options = callee.receiver?.kind === 'instance' ? callee.receiver.args[0] : undefined;
  const given = options?.kind === 'object' ? property(options, 'params') : undefined;
  if (given?.kind !== 'object' || (params && params.kind !== 'object' && params.kind !== 'function')) return params;
  return params?.kind === 'object' ? { kind: 'object', entries: [...given.entries, ...params.entries], open: given.open || params.open } : given;
}

/** `method('putObject', params)`: the operation is the first argument. */
function named(service: string, args: readonly Value[], form: AwsOperation['form']): readonly AwsOperation[] {
  const operation = textOf(args[0]);
  return operation === undefined ? [] : [{ service, operation: capital(operation), params: args[1], form, sdk: 2 }];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
