import { madeOf, slot, type Made, type Sym } from '../link/program-values.ts';
import type { Resource, ResourceKind } from '../model/function.ts';
import type { CdkApp } from './cdk-app.ts';
import { lastStep, nameOf } from './cdk-names.ts';

/** A thing that a construct pattern makes beside its function, or was given: `queue.sqsQueue`. */
export type PatternPart = { readonly resource: Resource } | { readonly given: Made };

/**
 * Properties of construct patterns by a side of their name: `SqsToLambda` has `sqsQueue`, which may be given as `existingQueueObj`
 * (AWS Solutions Constructs 2, pattern properties of each README, read 2026-11).
 */
const sides: readonly (readonly [side: RegExp, properties: readonly string[], given: readonly string[], kind: ResourceKind, type: string])[] = [
  [/^Sqs|Sqs$/, ['sqsQueue'], ['existingQueueObj'], 'queue', 'AWS::SQS::Queue'],
  [/^Sns|Sns$/, ['snsTopic'], ['existingTopicObj', 'existingTopicObject'], 'topic', 'AWS::SNS::Topic'],
  [/^S3|S3$/, ['s3Bucket', 's3BucketInterface'], ['existingBucketObj', 'existingBucketInterface'], 'bucket', 'AWS::S3::Bucket'],
  [/^DynamoDB|DynamoDB$/, ['dynamoTable', 'dynamoTableInterface'], ['existingTableObj', 'existingTableInterface'], 'table', 'AWS::DynamoDB::Table'],
  [/^KinesisStreams|KinesisStreams$/, ['kinesisStream'], ['existingStreamObj'], 'stream', 'AWS::Kinesis::Stream'],
  [/^KinesisFirehose|KinesisFirehose$/, ['kinesisFirehose'], ['existingKinesisFirehose'], 'stream', 'AWS::KinesisFirehose::DeliveryStream'],
  [/^Event[bB]ridge|Event[bB]ridge$/, ['eventBus'], ['existingEventBusInterface'], 'bus', 'AWS::Events::EventBus'],
  [/Step[fF]unctions$/, ['stateMachine'], [], 'stateMachine', 'AWS::StepFunctions::StateMachine'],
  [/^ApiGateway/, ['apiGateway'], ['existingApiGatewayObj'], 'api', 'AWS::ApiGateway::RestApi'],
];

/** What a construct pattern makes beside its function, by the property that has it; `undefined` for anything else. */
export function patternParts(app: CdkApp, made: Made): ReadonlyMap<string, PatternPart> | undefined {
  if (made.form !== 'new' || nameOf(made) || !/^@aws-solutions-constructs\//.test(made.module)) return undefined;
  const [, from, to] = /^(\w{1,60}?)To([A-Z]\w{0,60})$/.exec(lastStep(made)) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const parts = new Map<string, PatternPart>();
  const options = made.args[2];
  for (const [side, properties, given, kind, type] of sides) {
    if (!side.test(from) && !side.test(to)) continue;
    const own = given.map((name) => madeOf(slot(options, name)?.value)).find((one) => one !== undefined);
    const [first = ''] = properties;
    const logicalId = `${app.idOf(made)}/${first}`;
    const part: PatternPart = own ? { given: own } : { resource: { id: `${app.unit}#${logicalId}`, unit: app.unit, logicalId, kind, type, location: app.location(made.place), properties: { kind: 'object', entries: [], open: true } } };
    for (const name of properties) parts.set(name, part);
  }
  // A dead-letter queue that the pattern makes itself.
  const queue = parts.get('sqsQueue');
  const deploys = slot(options, 'deployDeadLetterQueue')?.value;
  if (queue && 'resource' in queue && !(deploys?.kind === 'literal' && deploys.value === false)) {
    const logicalId = `${app.idOf(made)}/deadLetterQueue`;
    parts.set('deadLetterQueue', { resource: { id: `${app.unit}#${logicalId}`, unit: app.unit, logicalId, kind: 'queue', type: 'AWS::SQS::Queue', location: app.location(made.place), properties: { kind: 'object', entries: [], open: true } } });
  }
  return parts.size === 0 ? undefined : parts;
}

/** The thing at the head of a pattern, which triggers its function. */
export function headOf(app: CdkApp, made: Made): Sym | undefined {
  const [property] = app.parts.get(made)?.keys() ?? [];
  return property === undefined || !/^(?!Lambda)\w+ToLambda$/.test(lastStep(made)) ? undefined : { kind: 'attribute', of: made, path: [property] };
}
