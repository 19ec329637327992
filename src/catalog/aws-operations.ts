import type { EffectKind, EffectService } from './effects.ts';
import type { ResourceKind } from '../model/function.ts';

/**
 * What operations of AWS services do, by service and operation name. Both SDK generations use these names.
 *
 * Sources (November 2026): the service API references (docs.aws.amazon.com/lambda, AWSSimpleQueueService, sns, AmazonS3,
 * amazondynamodb, eventbridge, kinesis, firehose, step-functions, scheduler, ses, AmazonCloudWatchLogs, iot, apigateway
 * `@connections`, cognito-user-identity-pools), request parameters of each operation; S3 event names from "Supported event types for SQS, SNS, and
 * Lambda" in the S3 user guide; clients and commands of @aws-sdk/client-* 3.x.
 */
export interface OperationRow {
  readonly operation: string;
  readonly kind: EffectKind;
  /** Where the target stands in the parameters; see `select` in look-up.ts. Empty: the operation names none. */
  readonly target: string;
  readonly resourceKind: ResourceKind | 'function';
  readonly key?: string;
  readonly payload?: string;
  readonly attributes?: string;
  /** Names that an event source uses for what this causes. */
  readonly events?: readonly string[];
  /** Happens only when somebody acts on the result (a started multipart upload). */
  readonly deferred?: true;
  /** What the target is when the parameter is absent. */
  readonly absentTarget?: string;
  /** `always`: the caller gets the other side's answer. `invocationType`: Lambda's parameter decides. */
  readonly waits?: 'always' | 'invocationType';
}

export interface ServiceRow {
  readonly service: EffectService;
  /** Client class without `Client`, as in SDK v3 aggregated clients and in SDK v2, in lower case. */
  readonly classes: readonly string[];
  /** Packages of SDK v3 that hold the commands. */
  readonly packages: readonly string[];
  readonly operations: readonly OperationRow[];
}

type Extra = Omit<Partial<OperationRow>, 'operation' | 'kind' | 'target' | 'resourceKind'>;
const op = (operation: string, kind: EffectKind, resourceKind: ResourceKind | 'function', target: string, extra: Extra = {}): OperationRow =>
  ({ operation, kind, resourceKind, target, ...extra });
const created = (how: string): Extra => ({ key: 'Key', events: [`ObjectCreated:${how}`] });
const row = (service: EffectService, classes: readonly string[], packages: readonly string[], operations: readonly OperationRow[]): ServiceRow =>
  ({ service, classes, packages, operations });

const insertOrModify: Extra = { events: ['INSERT', 'MODIFY'] };
const remove: Extra = { events: ['REMOVE'] };

export const awsServices: readonly ServiceRow[] = [
  row('lambda', ['lambda'], ['@aws-sdk/client-lambda'], [
    op('Invoke', 'invoke', 'function', 'FunctionName', { payload: 'Payload', waits: 'invocationType' }),
    op('InvokeAsync', 'invoke', 'function', 'FunctionName', { payload: 'InvokeArgs' }),
    op('InvokeWithResponseStream', 'invoke', 'function', 'FunctionName', { payload: 'Payload', waits: 'invocationType' }),
    op('CreateEventSourceMapping', 'subscribe', 'other', 'EventSourceArn'),
    op('GetFunction', 'read', 'function', 'FunctionName'),
    op('UpdateFunctionConfiguration', 'write', 'function', 'FunctionName'),
    op('UpdateFunctionCode', 'write', 'function', 'FunctionName'),
  ]),
  row('sqs', ['sqs'], ['@aws-sdk/client-sqs'], [
    op('SendMessage', 'publish', 'queue', 'QueueUrl', { payload: 'MessageBody', attributes: 'MessageAttributes' }),
    op('SendMessageBatch', 'publish', 'queue', 'QueueUrl', { payload: 'Entries[].MessageBody' }),
    op('StartMessageMoveTask', 'publish', 'queue', 'DestinationArn'),
    op('ReceiveMessage', 'read', 'queue', 'QueueUrl'),
    op('DeleteMessage', 'delete', 'queue', 'QueueUrl'),
    op('DeleteMessageBatch', 'delete', 'queue', 'QueueUrl'),
    op('PurgeQueue', 'delete', 'queue', 'QueueUrl'),
  ]),
  row('sns', ['sns'], ['@aws-sdk/client-sns'], [
    // PhoneNumber is a text message to a person: no topic.
    op('Publish', 'publish', 'topic', 'TopicArn|TargetArn', { payload: 'Message', attributes: 'MessageAttributes' }),
    op('PublishBatch', 'publish', 'topic', 'TopicArn', { payload: 'PublishBatchRequestEntries[].Message', attributes: 'PublishBatchRequestEntries[].MessageAttributes' }),
    op('Subscribe', 'subscribe', 'topic', 'TopicArn'),
  ]),
  row('s3', ['s3'], ['@aws-sdk/client-s3'], [
    op('PutObject', 'write', 'bucket', 'Bucket', { ...created('Put'), payload: 'Body', attributes: 'Metadata' }),
    op('Upload', 'write', 'bucket', 'Bucket', { key: 'Key', payload: 'Body', attributes: 'Metadata', events: ['ObjectCreated:Put', 'ObjectCreated:CompleteMultipartUpload'] }),
    op('CopyObject', 'write', 'bucket', 'Bucket', { ...created('Copy'), attributes: 'Metadata' }),
    op('RenameObject', 'write', 'bucket', 'Bucket', created('Rename')),
    op('CreateMultipartUpload', 'write', 'bucket', 'Bucket', { ...created('CompleteMultipartUpload'), deferred: true }),
    op('UploadPart', 'write', 'bucket', 'Bucket', { ...created('CompleteMultipartUpload'), deferred: true }),
    op('CompleteMultipartUpload', 'write', 'bucket', 'Bucket', created('CompleteMultipartUpload')),
    op('RestoreObject', 'write', 'bucket', 'Bucket', { key: 'Key', events: ['ObjectRestore:Post', 'ObjectRestore:Completed'] }),
    op('PutObjectTagging', 'write', 'bucket', 'Bucket', { key: 'Key', events: ['ObjectTagging:Put'] }),
    op('DeleteObjectTagging', 'write', 'bucket', 'Bucket', { key: 'Key', events: ['ObjectTagging:Delete'] }),
    op('PutObjectAcl', 'write', 'bucket', 'Bucket', { key: 'Key', events: ['ObjectAcl:Put'] }),
    op('DeleteObject', 'delete', 'bucket', 'Bucket', { key: 'Key', events: ['ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated'] }),
    op('DeleteObjects', 'delete', 'bucket', 'Bucket', { key: 'Delete.Objects[].Key', events: ['ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated'] }),
    ...['GetObject', 'HeadObject', 'GetObjectTagging', 'GetObjectAttributes', 'SelectObjectContent'].map((name) => op(name, 'read', 'bucket', 'Bucket', { key: 'Key' })),
    ...['ListObjects', 'ListObjectsV2', 'ListObjectVersions', 'HeadBucket'].map((name) => op(name, 'read', 'bucket', 'Bucket')),
  ]),
  row('dynamodb', ['dynamodb'], ['@aws-sdk/client-dynamodb'], [
    op('PutItem', 'write', 'table', 'TableName', { payload: 'Item', ...insertOrModify }),
    // An update of an item that does not exist inserts it.
    op('UpdateItem', 'write', 'table', 'TableName', { payload: 'ExpressionAttributeValues', ...insertOrModify }),
    op('DeleteItem', 'delete', 'table', 'TableName', { key: 'Key', ...remove }),
    op('BatchWriteItem', 'write', 'table', 'RequestItems{}', { events: ['INSERT', 'MODIFY', 'REMOVE'] }),
    op('GetItem', 'read', 'table', 'TableName'),
    op('Query', 'read', 'table', 'TableName'),
    op('Scan', 'read', 'table', 'TableName'),
    op('BatchGetItem', 'read', 'table', 'RequestItems{}'),
    op('TransactGetItems', 'read', 'table', 'TransactItems[].Get.TableName'),
  ]),
  row('eventbridge', ['eventbridge', 'cloudwatchevents'], ['@aws-sdk/client-eventbridge', '@aws-sdk/client-cloudwatch-events'], []),
  row('kinesis', ['kinesis'], ['@aws-sdk/client-kinesis'], [
    op('PutRecord', 'publish', 'stream', 'StreamName|StreamARN', { payload: 'Data' }),
    op('PutRecords', 'publish', 'stream', 'StreamName|StreamARN', { payload: 'Records[].Data' }),
    op('GetRecords', 'read', 'stream', 'StreamARN'),
    op('RegisterStreamConsumer', 'subscribe', 'stream', 'StreamARN'),
  ]),
  row('firehose', ['firehose'], ['@aws-sdk/client-firehose'], [
    op('PutRecord', 'publish', 'stream', 'DeliveryStreamName', { payload: 'Record.Data' }),
    op('PutRecordBatch', 'publish', 'stream', 'DeliveryStreamName', { payload: 'Records[].Data' }),
  ]),
  row('stepfunctions', ['sfn', 'stepfunctions'], ['@aws-sdk/client-sfn'], [
    op('StartExecution', 'start', 'stateMachine', 'stateMachineArn', { payload: 'input' }),
    op('StartSyncExecution', 'start', 'stateMachine', 'stateMachineArn', { payload: 'input', waits: 'always' }),
    op('SendTaskSuccess', 'publish', 'other', 'taskToken', { payload: 'output' }),
    op('SendTaskFailure', 'publish', 'other', 'taskToken'),
    op('StopExecution', 'delete', 'other', 'executionArn'),
    op('DescribeExecution', 'read', 'other', 'executionArn'),
    op('RedriveExecution', 'start', 'stateMachine', 'executionArn'),
  ]),
  row('scheduler', ['scheduler'], ['@aws-sdk/client-scheduler'], [
    op('CreateSchedule', 'start', 'other', 'Target.Arn', { payload: 'Target.Input', deferred: true }),
    op('UpdateSchedule', 'start', 'other', 'Target.Arn', { payload: 'Target.Input', deferred: true }),
    op('DeleteSchedule', 'delete', 'schedule', 'Name'),
  ]),
  row('ses', ['ses', 'sesv2'], ['@aws-sdk/client-ses', '@aws-sdk/client-sesv2'], [
    ...['SendEmail', 'SendTemplatedEmail', 'SendBulkEmail', 'SendBulkTemplatedEmail', 'SendRawEmail', 'SendCustomVerificationEmail'].map((name) =>
      op(name, 'publish', 'other', 'Destination.ToAddresses|Destination|Destinations|BulkEmailEntries|EmailAddress')),
  ]),
  row('logs', ['cloudwatchlogs'], ['@aws-sdk/client-cloudwatch-logs'], [
    op('PutLogEvents', 'write', 'logGroup', 'logGroupName', { payload: 'logEvents' }),
    op('PutSubscriptionFilter', 'subscribe', 'logGroup', 'logGroupName'),
    op('FilterLogEvents', 'read', 'logGroup', 'logGroupName|logGroupIdentifier'),
    op('GetLogEvents', 'read', 'logGroup', 'logGroupName|logGroupIdentifier'),
  ]),
  row('iot', ['iotdata', 'iotdataplane'], ['@aws-sdk/client-iot-data-plane'], [
    op('Publish', 'publish', 'topic', 'topic', { payload: 'payload' }),
    op('UpdateThingShadow', 'write', 'other', 'thingName', { payload: 'payload' }),
  ]),
  row('apigateway-management', ['apigatewaymanagementapi'], ['@aws-sdk/client-apigatewaymanagementapi'], [
    op('PostToConnection', 'publish', 'api', 'ConnectionId', { payload: 'Data' }),
    op('DeleteConnection', 'delete', 'api', 'ConnectionId'),
  ]),
  row('cognito', ['cognitoidentityserviceprovider', 'cognitoidentityprovider'], ['@aws-sdk/client-cognito-identity-provider'], [
    // Each of these runs triggers of the pool (sign-up, confirmation, authentication, messages).
    ...['AdminCreateUser', 'AdminUpdateUserAttributes', 'AdminConfirmSignUp', 'AdminSetUserPassword', 'AdminEnableUser', 'AdminDisableUser', 'AdminAddUserToGroup', 'AdminRemoveUserFromGroup', 'AdminResetUserPassword', 'AdminUserGlobalSignOut', 'AdminLinkProviderForUser'].map((name) =>
      op(name, 'write', 'other', 'UserPoolId', { key: 'Username' })),
    ...['AdminInitiateAuth', 'AdminRespondToAuthChallenge'].map((name) => op(name, 'read', 'other', 'UserPoolId')),
    ...['SignUp', 'ConfirmSignUp', 'InitiateAuth', 'RespondToAuthChallenge', 'ForgotPassword', 'ConfirmForgotPassword', 'ResendConfirmationCode'].map((name) => op(name, 'write', 'other', 'ClientId', { key: 'Username' })),
    op('AdminDeleteUser', 'delete', 'other', 'UserPoolId', { key: 'Username' }),
    ...['AdminGetUser', 'ListUsers', 'ListUsersInGroup', 'AdminListGroupsForUser'].map((name) => op(name, 'read', 'other', 'UserPoolId')),
  ]),
  row('ssm', ['ssm'], ['@aws-sdk/client-ssm'], [
    op('PutParameter', 'write', 'parameter', 'Name', { payload: 'Value' }),
    op('DeleteParameter', 'delete', 'parameter', 'Name'),
    op('GetParameter', 'read', 'parameter', 'Name'),
    op('GetParameters', 'read', 'parameter', 'Names[]'),
    op('GetParametersByPath', 'read', 'parameter', 'Path'),
    op('StartAutomationExecution', 'start', 'other', 'DocumentName'),
    op('SendCommand', 'start', 'other', 'DocumentName'),
  ]),
  row('secretsmanager', ['secretsmanager'], ['@aws-sdk/client-secrets-manager'], [
    op('GetSecretValue', 'read', 'other', 'SecretId'),
    op('PutSecretValue', 'write', 'other', 'SecretId'),
    op('UpdateSecret', 'write', 'other', 'SecretId'),
    op('RotateSecret', 'start', 'other', 'SecretId'),
  ]),
  row('cloudwatch', ['cloudwatch'], ['@aws-sdk/client-cloudwatch'], [op('PutMetricData', 'write', 'other', 'Namespace')]),
  // Jobs: the service does the work after the call and announces its state as an event.
  row('batch', ['batch'], ['@aws-sdk/client-batch'], [op('SubmitJob', 'start', 'other', 'jobQueue', { payload: 'parameters' })]),
  row('codebuild', ['codebuild'], ['@aws-sdk/client-codebuild'], [op('StartBuild', 'start', 'other', 'projectName')]),
  row('codepipeline', ['codepipeline'], ['@aws-sdk/client-codepipeline'], [op('StartPipelineExecution', 'start', 'other', 'name')]),
  row('ecs', ['ecs'], ['@aws-sdk/client-ecs'], [op('RunTask', 'start', 'other', 'taskDefinition')]),
  row('glue', ['glue'], ['@aws-sdk/client-glue'], [op('StartJobRun', 'start', 'other', 'JobName'), op('StartCrawler', 'start', 'other', 'Name'), op('StartWorkflowRun', 'start', 'other', 'Name')]),
  row('athena', ['athena'], ['@aws-sdk/client-athena'], [op('StartQueryExecution', 'start', 'other', 'WorkGroup')]),
  row('transcribe', ['transcribeservice', 'transcribe'], ['@aws-sdk/client-transcribe'], [op('StartTranscriptionJob', 'start', 'bucket', 'OutputBucketName', { key: 'OutputKey', events: ['ObjectCreated:Put'], deferred: true })]),
  row('mediaconvert', ['mediaconvert'], ['@aws-sdk/client-mediaconvert'], [op('CreateJob', 'start', 'other', 'Queue')]),
  row('textract', ['textract'], ['@aws-sdk/client-textract'], ['StartDocumentAnalysis', 'StartDocumentTextDetection', 'StartExpenseAnalysis'].map((name) => op(name, 'start', 'topic', 'NotificationChannel.SNSTopicArn', { deferred: true }))),
  row('rekognition', ['rekognition'], ['@aws-sdk/client-rekognition'], ['StartLabelDetection', 'StartTextDetection', 'StartFaceDetection', 'StartContentModeration', 'StartPersonTracking', 'StartSegmentDetection'].map((name) => op(name, 'start', 'topic', 'NotificationChannel.SNSTopicArn', { deferred: true }))),
];

/** Operations of the document client by the operation that they stand for (`put` of v2 and `PutCommand` of lib-dynamodb). */
export const documentOperations: Readonly<Record<string, string>> = {
  Get: 'GetItem', Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', Query: 'Query', Scan: 'Scan', BatchGet: 'BatchGetItem',
  BatchWrite: 'BatchWriteItem', TransactGet: 'TransactGetItems', TransactWrite: 'TransactWriteItems', ExecuteStatement: 'ExecuteStatement',
  BatchExecuteStatement: 'BatchExecuteStatement', ExecuteTransaction: 'ExecuteTransaction',
};
