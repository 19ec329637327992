import type { ResourceKind } from '../model/function.ts';
import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { effectsOfOperation } from './aws-effects.ts';
import { helperOperations } from './aws-helpers.ts';
import { sdkV2Operations } from './aws-sdk-v2.ts';
import { sdkV3Operations } from './aws-sdk-v3.ts';
import { chainOf } from './effect-chain.ts';
import { RowIndex, type Family } from './effect-rows.ts';
import { awsHelperFamilies } from './effects-aws-helpers.ts';
import { azureFamilies, outputEffects } from './effects-azure.ts';
import { bindingVerb, cloudflareFamilies } from './effects-cloudflare.ts';
import { databaseFamilies } from './effects-databases.ts';
import { dynamoWrapperFamilies } from './effects-dynamo-wrappers.ts';
import { documentVerb, firebaseFamilies, firestoreEffects, mayTouchDocument } from './effects-firebase.ts';
import { googleFamilies } from './effects-google.ts';
import { hostedFamilies } from './effects-hosted.ts';
import { httpEffects } from './effects-http.ts';
import { peopleFamilies } from './effects-people.ts';
import { httpClients, mayRequest } from './http-clients.ts';
import { byName } from './look-up.ts';

/**
 * What a call of a package does to the world outside the process: types, and the look-up that merges the families.
 * Facts are dated in the family files (November 2026).
 */

/**
 * `publish`: hands a message or event to something that passes it on (queue, topic, bus, stream). `invoke`: runs a function.
 * `start`: starts an execution, a job, or something later. `request`: an HTTP request. `send`: a mail or text to a person.
 * `charge`: moves money. `subscribe`: attaches something to a source of events.
 */
export type EffectKind = 'invoke' | 'publish' | 'write' | 'read' | 'delete' | 'start' | 'request' | 'send' | 'charge' | 'subscribe';

export type EffectService =
  | 'lambda' | 'sqs' | 'sns' | 's3' | 'dynamodb' | 'kinesis' | 'firehose' | 'eventbridge' | 'stepfunctions' | 'scheduler' | 'ses' | 'logs'
  | 'iot' | 'apigateway-management' | 'ssm' | 'secretsmanager' | 'cloudwatch' | 'batch' | 'codebuild' | 'codepipeline' | 'ecs' | 'glue'
  | 'athena' | 'transcribe' | 'mediaconvert' | 'textract' | 'rekognition' | 'cognito' | 'appconfig' | 'aws'
  | 'pubsub' | 'gcs' | 'firestore' | 'rtdb' | 'cloudtasks' | 'bigquery' | 'fcm' | 'firebase-auth' | 'cloudrun' | 'datastore' | 'gcp'
  | 'azure-queue' | 'azure-blob' | 'azure-files' | 'azure-servicebus' | 'azure-eventhubs' | 'azure-eventgrid' | 'azure-cosmos' | 'azure-table' | 'azure-binding' | 'azure-durable'
  | 'kv' | 'r2' | 'cloudflare-queue' | 'd1' | 'durable-object' | 'service-binding' | 'cloudflare-workflow' | 'cloudflare'
  | 'http' | 'qstash' | 'inngest' | 'trigger.dev' | 'openwhisk' | 'vercel' | 'netlify'
  | 'sql' | 'mongodb' | 'faunadb' | 'airtable' | 'dynamics' | 'redis' | 'search' | 'mail' | 'sms' | 'chat' | 'payment';

/** What an effect's target names. `document`: a path of a document database. `url`: an address. `binding`: a name that infrastructure gives a meaning. */
export type EffectTarget = ResourceKind | 'function' | 'document' | 'url' | 'binding' | 'database' | 'person' | 'payment';

/** How the argument names its target. */
export type Naming = 'name' | 'arn' | 'url' | 'path' | 'id';

/** One thing that a call does to one target. A call with several targets has several effects. */
export interface Effect {
  readonly kind: EffectKind;
  readonly service: EffectService;
  /** What `target` names; 'other' when it may name several kinds of things. */
  readonly resourceKind: EffectTarget;
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
  /** A document that a query found: it is there, and a write changes it. */
  readonly exists?: true;
  /** A document that was looked for and is not there: a write makes it. */
  readonly isNew?: true;
  /** Fields that are not named stay as they are: an update of a document. */
  readonly merges?: true;
  /** Takes place only when somebody acts later: a presigned URL, a started multipart upload, a schedule. */
  readonly deferred?: true;
  /** Stands in a wrapper around the handler: evaluated at init, takes place in every invocation. */
  readonly wraps?: true;
  /** How the operation takes its target, where the catalog says so. */
  readonly naming?: readonly Naming[];
  /** HTTP method of a request, where it is known. */
  readonly method?: Value;
  /** Operation name, such as `PutObject`; `presigned PutObject` for a URL. */
  readonly detail: string;
  /** Row of the catalog: `service operation`. */
  readonly row: string;
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
  if (modern.length > 0) return modern;
  const older = sdkV2Operations(callee, args);
  return older.length > 0 ? older : helperOperations(callee, args);
}

/** Whether a call can ask for an AWS operation, by its name. Pure. */
export const mayOperate = (callee: Callee): boolean => namesOperation(callee) || (callee.module === 'unknown' && /^[A-Z]/.test(callee.path.at(-1)?.replace('#', '') ?? ''));
const namesOperation = byName(({ module, method }) => method === 'send' || /^(?:@aws-sdk\/|aws-sdk(?:\/|$)|@dazn\/lambda-powertools-)/.test(module));

/** Families of packages that are no AWS API. */
export const families: readonly Family[] = [
  ...googleFamilies, ...firebaseFamilies, ...azureFamilies, ...cloudflareFamilies, ...awsHelperFamilies, ...dynamoWrapperFamilies, ...hostedFamilies,
  ...databaseFamilies, ...peopleFamilies,
];
const index = new RowIndex(families);

/** All effects of one call along one path; empty when the catalog knows none. Pure. */
export function effectsOf(callee: Callee, args: readonly Value[]): readonly Effect[] {
  const aws = awsOperationsOf(callee, args);
  if (aws.length > 0) return aws.flatMap(effectsOfOperation);
  const found = [...firestoreEffects(callee, args), ...outputEffects(callee, args)];
  if (found.length > 0) return found;
  const rows = index.effects(callee, args);
  return rows.length > 0 ? rows : httpEffects(callee, args);
}

const clientModules = /^(?:@aws-sdk\/|aws-sdk|@dazn\/lambda-powertools-)/;

/** Whether a call can have effects at all, by its name: asked before its arguments are worked out. Pure. */
export function mayAct(callee: Callee): boolean {
  const name = callee.path.at(-1)?.replace('#', '') ?? '()';
  if (callee.module !== 'unknown' && (clientModules.test(callee.module) || httpClients.has(callee.module.replace('node:', '')))) return true;
  return name === 'send' || index.has(name === 'default' ? '()' : name) || documentVerb(name) || (callee.module === 'unknown' && /^[A-Z]\w*$/.test(name)) || bindingVerb(name);
}

/**
 * Whether a call that `mayAct` lets through can have effects, by what it stands on: a list's `push` and a map's `get` have the names of
 * many operations. `first`: its first argument, asked for only where that decides. Pure.
 */
export function canAct(callee: Callee, first: () => Value | undefined): boolean {
  if (mayOperate(callee) || mayRequest(callee)) return true;
  const chain = chainOf(callee, []);
  if (chain && (index.mayFit(callee, chain) || chain.links.some((link) => link.name === 'extraOutputs'))) return true;
  return mayTouchDocument(callee, chain, first);
}
