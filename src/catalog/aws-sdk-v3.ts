import type { Callee } from '../model/project.ts';
import { alternatives } from '../model/value.ts';
import type { ExternalValue, InstanceValue, Value } from '../model/value.ts';
import { awsServices, documentOperations } from './aws-operations.ts';
import type { AwsOperation } from './effects.ts';
import { normalName, property, wordSet } from './look-up.ts';

/**
 * How calls of the AWS SDK for JavaScript v3 name their operation.
 *
 * Sources (November 2026): docs.aws.amazon.com/AWSJavaScriptSDK/v3, sections of the client packages (bare client with
 * `send(new XCommand(params))`, aggregated client with lower-camel methods, `paginateX(config, params)`,
 * `waitUntilX(options, params)`); @aws-sdk/lib-dynamodb, lib-storage (`new Upload({ client, params }).done()`),
 * s3-request-presigner and s3-presigned-post package pages.
 */

const serviceOfPackage: ReadonlyMap<string, string> = new Map(awsServices.flatMap(({ service, packages }) => packages.map((name) => [name, service] as const)));
/** Methods of aggregated clients that are no operations. */
const control = wordSet('send destroy from config middlewareStack initConfig');
const clientPackage = /^@aws-sdk\/client-([a-z0-9-]+)$/;

/** Operations that a call of SDK v3 asks for; empty for anything else. */
export function sdkV3Operations(callee: Callee, args: readonly Value[]): readonly AwsOperation[] {
  const name = normalName(callee);
  // The command's own import proves the call, whatever is known of the receiver.
  if (name.method === 'send') return commandsOf(args[0]).map((command) => ofCommand(command, 'call'));
  switch (name.module) {
    case '@aws-sdk/s3-request-presigner':
      return name.method === 'getSignedUrl' ? commandsOf(args[1]).map((command) => ofCommand(command, 'presigned')) : [];
    case '@aws-sdk/s3-presigned-post':
      return name.method === 'createPresignedPost' ? [{ service: 's3', operation: 'PutObject', params: args[1], form: 'presigned', sdk: 3 }] : [];
    case '@aws-sdk/lib-storage':
      return name.path[0] === 'Upload' && name.method === 'done' ? [upload(callee.receiver)] : [];
    default:
      return ofPackage(name.module, name.path, name.method, args);
  }
}

/** A `send` whose command could not be resolved: something is asked of AWS, what is not known. */
export function isUnresolvedSend(callee: Callee, args: readonly Value[]): boolean {
  const name = normalName(callee);
  return name.method === 'send' && (clientPackage.test(name.module) || name.module === '@aws-sdk/lib-dynamodb') && commandsOf(args[0]).length === 0;
}

function ofPackage(module: string, path: readonly string[], method: string, args: readonly Value[]): readonly AwsOperation[] {
  const isDocument = module === '@aws-sdk/lib-dynamodb';
  if (!isDocument && !clientPackage.test(module)) return [];
  const service = serviceName(module);
  const operationOf = (plain: string): string => (isDocument ? (documentOperations[plain] ?? plain) : plain);
  const paginated = /^paginate([A-Z]\w*)$/.exec(method)?.[1];
  if (paginated && path.length === 1) return [{ service, operation: operationOf(paginated), params: args[1], form: 'paginator', sdk: 3 }];
  const awaited = /^wait(?:Until|For)([A-Z]\w*)$/.exec(method)?.[1];
  if (awaited && path.length === 1) return [{ service, operation: awaited, params: args[1], form: 'waiter', sdk: 3, ...(args[0] ? { options: args[0] } : {}) }];
  const isAggregated = path.length === 2 && path[1]?.startsWith('#') && /^[a-z]/.test(method) && !control.has(method);
  if (!isAggregated) return [];
  return [{ service, operation: operationOf(method.charAt(0).toUpperCase() + method.slice(1)), params: args[0], form: 'call', sdk: 3 }];
}

type Command = InstanceValue & { readonly of: ExternalValue };

function commandsOf(value: Value | undefined): readonly Command[] {
  if (!value) return [];
  return alternatives(value).filter((way): way is Command => {
    if (way.kind !== 'instance' || way.of.kind !== 'external') return false;
    const { module, path } = normalName(way.of);
    return (clientPackage.test(module) || module === '@aws-sdk/lib-dynamodb') && /^[A-Z]\w*Command$/.test(path.at(-1) ?? '');
  });
}

function ofCommand(command: Command, form: AwsOperation['form']): AwsOperation {
  const { module, path } = normalName(command.of);
  const plain = (path.at(-1) ?? '').replace(/Command$/, '');
  const operation = module === '@aws-sdk/lib-dynamodb' ? (documentOperations[plain] ?? plain) : plain;
  return { service: serviceName(module), operation, params: command.args[0], form, sdk: 3 };
}

function serviceName(module: string): string {
  if (module === '@aws-sdk/lib-dynamodb') return 'dynamodb';
  return serviceOfPackage.get(module) ?? module.replace('@aws-sdk/client-', '');
}

function upload(receiver: Value | undefined): AwsOperation {
  const options = receiver?.kind === 'instance' ? receiver.args[0] : receiver;
  return { service: 's3', operation: 'Upload', params: property(options, 'params'), form: 'call', sdk: 3 };
}
