import type { ResourceKind } from '../model/function.ts';
import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { effectsOfOperation } from './aws-effects.ts';
import { sdkV2Operations } from './aws-sdk-v2.ts';
import { sdkV3Operations } from './aws-sdk-v3.ts';

/**
 * What a call of a package does to the world outside the process: types, and the look-up that merges the families.
 * Facts are dated in the family files (November 2026).
 */

export type EffectKind = 'invoke' | 'publish' | 'write' | 'read' | 'delete' | 'start';

export type EffectService =
  | 'lambda' | 'sqs' | 'sns' | 's3' | 'dynamodb' | 'kinesis' | 'firehose' | 'eventbridge' | 'stepfunctions' | 'scheduler' | 'ses' | 'logs'
  | 'iot' | 'apigateway-management' | 'ssm' | 'secretsmanager' | 'cloudwatch' | 'batch' | 'codebuild' | 'codepipeline' | 'ecs' | 'glue'
  | 'athena' | 'transcribe' | 'mediaconvert' | 'textract' | 'rekognition';

/** One thing that a call does to one target. A call with several targets has several effects. */
export interface Effect {
  readonly kind: EffectKind;
  readonly service: EffectService;
  /** What `target` names; 'other' when it may name several kinds of things. */
  readonly resourceKind: ResourceKind | 'function';
  /** Name, URL or ARN as it stands in the arguments; `unknown` when the arguments do not tell. */
  readonly target: Value;
  /** S3 object key; key of a DynamoDB item. */
  readonly key?: Value;
  /** What filters look at: SNS MessageAttributes; of EventBridge an object with `source`, `detail-type` and `detail`. */
  readonly attributes?: Value;
  /** What is sent or stored: Payload, MessageBody, Message, Item (of an update what it sets, open), Body, Detail, input. */
  readonly payload?: Value;
  /** The caller gets the other side's answer: proved, not assumed. */
  readonly waits: boolean;
  /** Whether it waits depends on a value that is not known (Lambda's InvocationType). */
  readonly waitsUnknown?: true;
  /** The event names that a source would use for it (`ObjectCreated:Put`, `INSERT`), when it has such names. */
  readonly events?: readonly string[];
  /** Takes place only when somebody acts later: a presigned URL, a started multipart upload, a schedule. */
  readonly deferred?: true;
  /** Operation name, such as `PutObject`; `presigned PutObject` for a URL. */
  readonly detail: string;
}

/** One operation of an AWS service as a call asks for it. */
export interface AwsOperation {
  /** Service name as in `EffectService`, or the client package's short name for a service without known effects. */
  readonly service: string;
  /** `PutObject`; operations of document clients by the operation they stand for (`PutItem`). */
  readonly operation: string;
  /** The request parameters; `undefined` when the call has none. */
  readonly params: Value | undefined;
  readonly form: 'call' | 'presigned' | 'paginator' | 'waiter';
  readonly sdk: 2 | 3;
  /** Of a waiter: its options (v3: first argument; v2: `$waiter`). */
  readonly options?: Value;
}

/** Every AWS operation that a call asks for; several when the command is one of several. Pure. */
export function awsOperationsOf(callee: Callee, args: readonly Value[]): readonly AwsOperation[] {
  const modern = sdkV3Operations(callee, args);
  return modern.length > 0 ? modern : sdkV2Operations(callee, args);
}

/** All effects of one call along one path; empty when the catalog knows none. Pure. */
export function effectsOf(callee: Callee, args: readonly Value[]): readonly Effect[] {
  return awsOperationsOf(callee, args).flatMap(effectsOfOperation);
}
