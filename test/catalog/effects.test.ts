import { describe, expect, it } from 'vitest';
import { awsOperationsOf, canAct, effectsOf, mayAct } from '../../src/catalog/effects.ts';
import type { Effect } from '../../src/catalog/effects.ts';
import { isUnresolvedSend } from '../../src/catalog/aws-sdk-v3.ts';
import type { Callee } from '../../src/model/project.ts';
import type { Value } from '../../src/model/value.ts';
import { callee, context, dunno, either, env, event, ext, fn, made, open, show, tmpl, val } from './support.ts';
import type { Plain } from './support.ts';

/** `kind service/resource target [key=…] [waits|waits?|later]`, one line an effect. */
const line = (e: Effect): string =>
  [`${e.kind} ${e.service}/${e.resourceKind} ${show(e.target)}`, e.key && `key=${show(e.key)}`, e.waits && 'waits', e.waitsUnknown && 'waits?', e.deferred && 'later'].filter(Boolean).join(' ');
const lines = (target: Callee, args: readonly Plain[]): readonly string[] => {
  const found = effectsOf(target, args.map(val)).map(line);
  // The gates that stand before arguments are worked out.
  if (found.length > 0) expect(mayAct(target) && canAct(target, () => args.map(val)[0]), `${target.module} ${target.path.join('.')}`).toBe(true);
  return found;
};

const client = (name: string): string => `@aws-sdk/client-${name}`;
/** `new XClient().send(new YCommand(params))`. */
const send = (pkg: string, command: string, params: Plain, receiver = 'AnyClient'): readonly [Callee, readonly Plain[]] =>
  [callee(client(pkg), `${receiver}.#send`), [made(client(pkg), `${command}Command`, params)]];
const doc = (command: string, params: Plain): readonly [Callee, readonly Plain[]] =>
  [callee('@aws-sdk/lib-dynamodb', 'DynamoDBDocumentClient.#send'), [made('@aws-sdk/lib-dynamodb', `${command}Command`, params)]];

describe('effects of SDK v3', () => {
  const table: readonly (readonly [string, readonly [Callee, readonly Plain[]], readonly string[]])[] = [
    ['invoke waits by default', send('lambda', 'Invoke', { FunctionName: 'other' }), ['invoke lambda/function other waits']],
    ['invoke as an event does not wait', send('lambda', 'Invoke', { FunctionName: env('FN'), InvocationType: 'Event' }), ['invoke lambda/function env:FN']],
    ['invoke RequestResponse waits', send('lambda', 'Invoke', { FunctionName: context('functionName'), InvocationType: 'RequestResponse' }), ['invoke lambda/function context.functionName waits']],
    ['the enum member is its name', send('lambda', 'Invoke', { FunctionName: 'a', InvocationType: ext(client('lambda'), 'InvocationType.Event') }), ['invoke lambda/function a']],
    ['unknown type: waiting is unknown', send('lambda', 'Invoke', { FunctionName: 'a', InvocationType: dunno }), ['invoke lambda/function a waits?']],
    ['open parameters: waiting is unknown', send('lambda', 'Invoke', open({ FunctionName: 'a' })), ['invoke lambda/function a waits?']],
    ['two types: waiting is unknown', send('lambda', 'Invoke', { FunctionName: 'a', InvocationType: either('Event', 'RequestResponse') }), ['invoke lambda/function a waits?']],
    ['a dry run runs nothing', send('lambda', 'Invoke', { FunctionName: 'a', InvocationType: 'DryRun' }), []],
    ['invokeAsync never waits', send('lambda', 'InvokeAsync', { FunctionName: 'a' }), ['invoke lambda/function a']],
    ['streamed invoke waits', send('lambda', 'InvokeWithResponseStream', { FunctionName: 'a' }), ['invoke lambda/function a waits']],
    ['target unknown in unknown parameters', send('lambda', 'Invoke', dunno), ['invoke lambda/function ? waits?']],
    ['one of several commands', [callee(client('sqs'), 'SQSClient.#send'), [either(made(client('sqs'), 'SendMessageCommand', { QueueUrl: 'q' }), made(client('sqs'), 'DeleteMessageCommand', { QueueUrl: 'q' }))]], ['publish sqs/queue q', 'delete sqs/queue q']],
    ['receiver unknown, command known', [callee('unknown', '#send'), [made(client('sqs'), 'SendMessageCommand', { QueueUrl: 'q' })]], ['publish sqs/queue q']],
    ['send message', send('sqs', 'SendMessage', { QueueUrl: env('QUEUE_URL'), MessageBody: 'x' }), ['publish sqs/queue env:QUEUE_URL']],
    ['send batch', send('sqs', 'SendMessageBatch', { QueueUrl: 'q', Entries: [{ MessageBody: 'a' }] }), ['publish sqs/queue q']],
    ['receive', send('sqs', 'ReceiveMessage', { QueueUrl: 'q' }), ['read sqs/queue q']],
    ['delete message', send('sqs', 'DeleteMessage', { QueueUrl: 'q' }), ['delete sqs/queue q']],
    ['visibility is no effect', send('sqs', 'ChangeMessageVisibility', { QueueUrl: 'q' }), []],
    ['publish to a topic', send('sns', 'Publish', { TopicArn: env('T'), Message: 'm' }), ['publish sns/topic env:T']],
    ['publish to a target', send('sns', 'Publish', { TargetArn: 't' }), ['publish sns/topic t']],
    ['a text message is no topic', send('sns', 'Publish', { PhoneNumber: '+1', Message: 'm' }), ['send sms/person +1']],
    ['publish batch', send('sns', 'PublishBatch', { TopicArn: 't' }), ['publish sns/topic t']],
    ['put object', send('s3', 'PutObject', { Bucket: env('B'), Key: tmpl('out/', event('key')), Body: 'x' }), ['write s3/bucket env:B key=`out/${event.key}`']],
    ['put object with open parameters', send('s3', 'PutObject', open({ Bucket: 'b' })), ['write s3/bucket b key=?']],
    ['later entries win', send('s3', 'PutObject', { kind: 'object', entries: [['Bucket', val('a')], ['Bucket', val('b')]], open: false } as Value), ['write s3/bucket b']],
    ['copy: target and source', send('s3', 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: 'src/key' }), ['write s3/bucket b key=k', 'read s3/bucket src']],
    ['copy: source bucket in a template', send('s3', 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: tmpl(env('SRC'), '/', event('key')) }), ['write s3/bucket b key=k', 'read s3/bucket env:SRC']],
    ['copy: template with a leading slash', send('s3', 'CopyObject', { Bucket: 'b', Key: 'k', CopySource: tmpl('/', env('SRC'), '/a') }), ['write s3/bucket b key=k', 'read s3/bucket env:SRC']],
    ['delete objects, one effect a key', send('s3', 'DeleteObjects', { Bucket: 'b', Delete: { Objects: [{ Key: 'a' }, { Key: 'c' }] } }), ['delete s3/bucket b key=a', 'delete s3/bucket b key=c']],
    ['delete object', send('s3', 'DeleteObject', { Bucket: 'b', Key: 'a' }), ['delete s3/bucket b key=a']],
    ['complete multipart', send('s3', 'CompleteMultipartUpload', { Bucket: 'b', Key: 'a' }), ['write s3/bucket b key=a']],
    ['a started multipart upload is not written yet', send('s3', 'CreateMultipartUpload', { Bucket: 'b', Key: 'a' }), ['write s3/bucket b key=a later']],
    ['get object', send('s3', 'GetObject', { Bucket: event('Records', '0', 's3', 'bucket', 'name'), Key: 'a' }), ['read s3/bucket event.Records.0.s3.bucket.name key=a']],
    ['head and list', send('s3', 'ListObjectsV2', { Bucket: 'b' }), ['read s3/bucket b']],
    ['upload of lib-storage', [callee('@aws-sdk/lib-storage', 'Upload.#done', made('@aws-sdk/lib-storage', 'Upload', { params: { Bucket: 'b', Key: 'k' } })), []], ['write s3/bucket b key=k']],
    ['an upload that is only built writes nothing', [callee('@aws-sdk/lib-storage', 'Upload'), [{ params: { Bucket: 'b' } }]], []],
    ['presigned put', [callee('@aws-sdk/s3-request-presigner', 'getSignedUrl'), [made(client('s3'), 'S3Client'), made(client('s3'), 'PutObjectCommand', { Bucket: 'b', Key: 'k' })]], ['write s3/bucket b key=k later']],
    ['presigned post', [callee('@aws-sdk/s3-presigned-post', 'createPresignedPost'), [dunno, { Bucket: 'b', Key: 'k' }]], ['write s3/bucket b key=k later']],
    ['aggregated client', [callee(client('s3'), 'S3.#putObject'), [{ Bucket: 'b', Key: 'k' }]], ['write s3/bucket b key=k']],
    ['put item', send('dynamodb', 'PutItem', { TableName: env('T') }), ['write dynamodb/table env:T']],
    ['update item', send('dynamodb', 'UpdateItem', { TableName: 't' }), ['write dynamodb/table t']],
    ['batch write: every table', send('dynamodb', 'BatchWriteItem', { RequestItems: { a: [], b: [] } }), ['write dynamodb/table a', 'write dynamodb/table b']],
    ['batch write: unknown tables', send('dynamodb', 'BatchWriteItem', { RequestItems: open({ a: [] }) }), ['write dynamodb/table a', 'write dynamodb/table ?']],
    ['transaction: each entry by its own kind', send('dynamodb', 'TransactWriteItems', { TransactItems: [{ Put: { TableName: 'a' } }, { Delete: { TableName: 'b' } }, { ConditionCheck: { TableName: 'c' } }] }), ['write dynamodb/table a', 'delete dynamodb/table b', 'read dynamodb/table c']],
    ['transaction: unknown entries', send('dynamodb', 'TransactWriteItems', { TransactItems: dunno }), ['write dynamodb/table ?']],
    ['transaction reads', send('dynamodb', 'TransactGetItems', { TransactItems: [{ Get: { TableName: 'a' } }] }), ['read dynamodb/table a']],
    ['PartiQL select', send('dynamodb', 'ExecuteStatement', { Statement: 'SELECT * FROM "a"' }), ['read dynamodb/table a']],
    ['PartiQL insert into a table of the environment', send('dynamodb', 'ExecuteStatement', { Statement: tmpl('INSERT INTO "', env('T'), '" VALUE {}') }), ['write dynamodb/table env:T']],
    ['PartiQL of which nothing is known', send('dynamodb', 'ExecuteStatement', { Statement: dunno }), ['write dynamodb/table ?']],
    ['a subscription to a topic', send('sns', 'Subscribe', { TopicArn: env('T') }), ['subscribe sns/topic env:T']],
    ['a user of a pool', send('cognito-identity-provider', 'AdminCreateUser', { UserPoolId: env('P'), Username: 'u' }), ['write cognito/other env:P key=u']],
    ['PartiQL update', send('dynamodb', 'ExecuteStatement', { Statement: tmpl('update ', env('T')) }), ['write dynamodb/table env:T']],
    ['document put', doc('Put', { TableName: 't' }), ['write dynamodb/table t']],
    ['document query', doc('Query', { TableName: 't' }), ['read dynamodb/table t']],
    ['document batch write', doc('BatchWrite', { RequestItems: { a: [] } }), ['write dynamodb/table a']],
    ['document transaction', doc('TransactWrite', { TransactItems: [{ Update: { TableName: 'a' } }] }), ['write dynamodb/table a']],
    ['aggregated document client', [callee('@aws-sdk/lib-dynamodb', 'DynamoDBDocument.#delete'), [{ TableName: 't' }]], ['delete dynamodb/table t']],
    ['paginator', [callee('@aws-sdk/lib-dynamodb', 'paginateScan'), [{ client: dunno }, { TableName: 't' }]], ['read dynamodb/table t']],
    ['put events: bus and default bus', send('eventbridge', 'PutEvents', { Entries: [{ EventBusName: env('BUS') }, { Source: 's' }] }), ['publish eventbridge/bus env:BUS', 'publish eventbridge/bus default']],
    ['put events: mapped entries', send('eventbridge', 'PutEvents', { Entries: dunno }), ['publish eventbridge/bus ?']],
    ['kinesis by name', send('kinesis', 'PutRecord', { StreamName: 's' }), ['publish kinesis/stream s']],
    ['kinesis by ARN', send('kinesis', 'PutRecords', { StreamARN: 'arn' }), ['publish kinesis/stream arn']],
    ['firehose', send('firehose', 'PutRecordBatch', { DeliveryStreamName: 'd' }), ['publish firehose/stream d']],
    ['start execution', send('sfn', 'StartExecution', { stateMachineArn: env('SM') }), ['start stepfunctions/stateMachine env:SM']],
    ['synchronous execution waits', send('sfn', 'StartSyncExecution', { stateMachineArn: 'sm' }), ['start stepfunctions/stateMachine sm waits']],
    ['schedule of a function', send('scheduler', 'CreateSchedule', { Target: { Arn: tmpl('arn:aws:lambda:eu-west-1:1:function:', env('X')) } }), ['start scheduler/function `arn:aws:lambda:eu-west-1:1:function:${env:X}` later']],
    ['schedule of who knows', send('scheduler', 'CreateSchedule', { Target: { Arn: env('ARN') } }), ['start scheduler/other env:ARN later']],
    ['rule target', send('eventbridge', 'PutTargets', { Targets: [{ Arn: 'arn:aws:sqs:r:1:q' }] }), ['start eventbridge/queue arn:aws:sqs:r:1:q later']],
    ['mail', send('ses', 'SendEmail', { Destination: { ToAddresses: ['a'] } }), ['publish ses/other [a]']],
    ['log events', send('cloudwatch-logs', 'PutLogEvents', { logGroupName: 'g' }), ['write logs/logGroup g']],
    ['iot publish', send('iot-data-plane', 'Publish', { topic: 'a/b' }), ['publish iot/topic a/b']],
    ['websocket answer', send('apigatewaymanagementapi', 'PostToConnection', { ConnectionId: event('connectionId') }), ['publish apigateway-management/api event.connectionId']],
    ['operation without known effect', send('s3', 'GetBucketPolicy', { Bucket: 'b' }), []],
    ['waiters have no effect of their own', [callee(client('s3'), 'waitUntilObjectExists'), [{ maxWaitTime: 5 }, { Bucket: 'b' }]], []],
    ['send of something else', [callee('express', 'Response.#send'), ['hello']], []],
    ['a command class of another package', [callee('@nestjs/cqrs', 'CommandBus.#send'), [made('@nestjs/cqrs', 'PutObjectCommand', { Bucket: 'b' })]], []],
    ['putObject of another package', [callee('minio', 'Client.#putObject'), [{ Bucket: 'b' }]], []],
    ['a function, not a method', [callee(client('s3'), 'putObject'), [{ Bucket: 'b' }]], []],
    ['client control methods', [callee(client('s3'), 'S3.#destroy'), []], []],
  ];
  it.each(table)('%s', (_, [target, args], expected) => expect(lines(target, args)).toEqual(expected));
});

describe('effects of SDK v2', () => {
  const table: readonly (readonly [string, Callee, readonly Plain[], readonly string[]])[] = [
    ['invoke', callee('aws-sdk', 'Lambda.#invoke'), [{ FunctionName: env('AWS_LAMBDA_FUNCTION_NAME'), InvocationType: 'Event' }, fn], ['invoke lambda/function env:AWS_LAMBDA_FUNCTION_NAME']],
    ['invokeAsync', callee('aws-sdk', 'default.Lambda.#invokeAsync'), [{ FunctionName: 'a' }], ['invoke lambda/function a']],
    ['put object', callee('aws-sdk', 'S3.#putObject'), [{ Bucket: 'b', Key: 'k' }], ['write s3/bucket b key=k']],
    ['upload', callee('aws-sdk', 'S3.#upload'), [{ Bucket: 'b', Key: 'k' }], ['write s3/bucket b key=k']],
    ['managed upload', callee('aws-sdk', 'S3.ManagedUpload.#promise', made('aws-sdk', 'S3.ManagedUpload', { params: { Bucket: 'b' } })), [], ['write s3/bucket b']],
    ['signed url for a put', callee('aws-sdk', 'S3.#getSignedUrlPromise'), ['putObject', { Bucket: 'b', Key: 'k' }], ['write s3/bucket b key=k later']],
    ['signed url for a get', callee('aws-sdk', 'S3.#getSignedUrl'), ['getObject', { Bucket: 'b' }], ['read s3/bucket b later']],
    ['per-service import', callee('aws-sdk/clients/s3', 'default.#putObject'), [{ Bucket: 'b' }], ['write s3/bucket b']],
    ['per-service require', callee('aws-sdk/clients/sqs', '#sendMessage'), [{ QueueUrl: 'q' }], ['publish sqs/queue q']],
    ['clients/all', callee('aws-sdk/clients/all', 'SNS.#publish'), [{ TopicArn: 't' }], ['publish sns/topic t']],
    ['document client', callee('aws-sdk', 'DynamoDB.DocumentClient.#put'), [{ TableName: 't' }], ['write dynamodb/table t']],
    ['document client per service', callee('aws-sdk/clients/dynamodb', 'DocumentClient.#batchWrite'), [{ RequestItems: { t: [] } }], ['write dynamodb/table t']],
    ['document client helper', callee('aws-sdk', 'DynamoDB.DocumentClient.#createSet'), [[1]], []],
    ['plain dynamodb', callee('aws-sdk', 'DynamoDB.#query'), [{ TableName: 't' }], ['read dynamodb/table t']],
    ['put events', callee('aws-sdk', 'EventBridge.#putEvents'), [{ Entries: [{ Source: 'a' }] }], ['publish eventbridge/bus default']],
    ['cloudwatch events', callee('aws-sdk', 'CloudWatchEvents.#putEvents'), [{ Entries: [{ Source: 'a' }] }], ['publish eventbridge/bus default']],
    ['step functions', callee('aws-sdk', 'StepFunctions.#startExecution'), [{ stateMachineArn: 'm' }], ['start stepfunctions/stateMachine m']],
    ['websocket', callee('aws-sdk', 'ApiGatewayManagementApi.#postToConnection'), [{ ConnectionId: 'c' }], ['publish apigateway-management/api c']],
    ['makeRequest', callee('aws-sdk', 'SQS.#makeRequest'), ['sendMessage', { QueueUrl: 'q' }], ['publish sqs/queue q']],
    ['the promise of a request', callee('aws-sdk', 'S3.#promise'), [], []],
    ['a method of the request, not of the service', callee('aws-sdk', 'S3.#getObject.#createReadStream'), [], []],
    ['a static of the class', callee('aws-sdk', 'DynamoDB.Converter.marshall'), [{}], []],
    ['waitFor', callee('aws-sdk', 'S3.#waitFor'), ['objectExists', { Bucket: 'b' }], []],
    ['mock of the SDK', callee('aws-sdk-mock', 'S3.#putObject'), [{ Bucket: 'b' }], []],
    ['unlisted service', callee('aws-sdk', 'Route53.#listHostedZones'), [{}], []],
  ];
  it.each(table)('%s', (_, target, args, expected) => expect(lines(target, args)).toEqual(expected));
});

describe('details of effects', () => {
  const first = (target: Callee, params: Plain): Effect | undefined => effectsOf(target, [val(params)])[0];

  it('names events as their sources do', () => {
    expect(first(callee('aws-sdk', 'S3.#copyObject'), { Bucket: 'b' })?.events).toEqual(['ObjectCreated:Copy']);
    expect(first(callee('aws-sdk', 'S3.#putObjectTagging'), { Bucket: 'b' })?.events).toEqual(['ObjectTagging:Put']);
    expect(first(callee('aws-sdk', 'DynamoDB.#deleteItem'), { TableName: 't' })?.events).toEqual(['REMOVE']);
  });

  it('gives EventBridge attributes as the pattern names them', () => {
    const effect = first(callee(client('eventbridge'), 'EventBridge.#putEvents'), { Entries: [{ Source: 'shop', DetailType: 'paid', Detail: event('body') }] });
    expect(show(effect?.attributes)).toBe('{source: shop, detail-type: paid, detail: event.body}');
    expect(show(effect?.payload)).toBe('event.body');
  });

  it('gives what is sent', () => {
    expect(show(first(callee('aws-sdk', 'SQS.#sendMessage'), { QueueUrl: 'q', MessageBody: event('n') })?.payload)).toBe('event.n');
    expect(show(first(callee('aws-sdk', 'SQS.#sendMessageBatch'), { QueueUrl: 'q', Entries: [{ MessageBody: 'a' }, { MessageBody: 'b' }] })?.payload)).toBe('[a, b]');
    expect(first(callee('aws-sdk', 'SQS.#deleteMessage'), open({ QueueUrl: 'q' }))).not.toHaveProperty('payload');
  });

  it('gives operations that have no effect row, for waits', () => {
    expect(awsOperationsOf(callee('aws-sdk', 'Athena.#getQueryExecution'), [val({ QueryExecutionId: 'x' })])[0]).toMatchObject({ service: 'athena', operation: 'GetQueryExecution', sdk: 2 });
    expect(awsOperationsOf(callee(client('cloudformation'), 'waitUntilStackCreateComplete'), [val({ maxWaitTime: 60 }), val({})])[0]).toMatchObject({ operation: 'StackCreateComplete', form: 'waiter' });
  });

  it('tells a send that could not be resolved', () => {
    expect(isUnresolvedSend(callee(client('s3'), 'S3Client.#send'), [dunno])).toBe(true);
    expect(isUnresolvedSend(callee(client('s3'), 'S3Client.#send'), [made(client('s3'), 'GetObjectCommand', {})])).toBe(false);
    expect(isUnresolvedSend(callee('express', 'Response.#send'), [dunno])).toBe(false);
  });
});
