import { rowsOf, type Family } from './effect-rows.ts';

/** Packages that do something with AWS under names of their own. */

const sqs = rowsOf('sqs', 'sqs-producer @bbc/sqs-producer');
const consumer = rowsOf('sqs', 'sqs-consumer @bbc/sqs-consumer');
const idempotency = rowsOf('dynamodb', '@aws-lambda-powertools/idempotency @aws-lambda-powertools/idempotency/*');
const ssm = rowsOf('ssm', '@aws-lambda-powertools/parameters/ssm');
const secrets = rowsOf('secretsmanager', '@aws-lambda-powertools/parameters/secrets');
const appconfig = rowsOf('appconfig', '@aws-lambda-powertools/parameters/appconfig');
const dynamoParameters = rowsOf('dynamodb', '@aws-lambda-powertools/parameters/dynamodb');
const signed = rowsOf('aws', 'aws4fetch');
const middySsm = rowsOf('ssm', '@middy/ssm');
const middySecrets = rowsOf('secretsmanager', '@middy/secrets-manager');

const store = 'makeIdempotent[1].persistenceStore.new[0].tableName|makeHandlerIdempotent[0].persistenceStore.new[0].tableName|idempotent[0].persistenceStore.new[0].tableName';

export const awsHelperFamilies: readonly Family[] = [
  {
    name: 'SQS helpers',
    source: 'sqs-producer 7 (Producer.create({ queueUrl }).send), sqs-consumer 13 (Consumer.create({ queueUrl }).start) READMEs (November 2026)',
    rows: [
      sqs('Producer.send Producer.create.send create.send', 'publish', 'queue', 'create[0].queueUrl|Producer[0].queueUrl', { payload: '[0].body|[0]', attributes: '[0].messageAttributes', naming: ['url'] }),
      consumer('Consumer.start create.start', 'read', 'queue', 'create[0].queueUrl|Consumer[0].queueUrl', { naming: ['url'] }),
    ],
  },
  {
    name: 'Powertools for AWS Lambda, middy',
    source: 'Powertools for AWS Lambda (TypeScript) 2: idempotency (makeIdempotent, makeHandlerIdempotent, @idempotent; DynamoDBPersistenceLayer.tableName), parameters; @middy/ssm and @middy/secrets-manager 7 (November 2026)',
    rows: [
      idempotency('makeIdempotent makeHandlerIdempotent idempotent', 'write', 'table', store, { wraps: true, events: ['INSERT', 'MODIFY'] }),
      ssm('getParameter getParametersByName SSMProvider.get', 'read', 'parameter', '[0]|[0]{}', { naming: ['name'] }),
      ssm('getParameters SSMProvider.getMultiple', 'read', 'parameter', '[0]', { naming: ['path'] }),
      ssm('setParameter SSMProvider.set', 'write', 'parameter', '[0]', { payload: '[1].value', naming: ['name'] }),
      secrets('getSecret SecretsProvider.get', 'read', 'other', '[0]', { naming: ['name', 'arn'] }),
      appconfig('getAppConfig AppConfigProvider.get', 'read', 'other', '[0]', { naming: ['name'] }),
      dynamoParameters('DynamoDBProvider.get DynamoDBProvider.getMultiple', 'read', 'table', 'DynamoDBProvider[0].tableName', { key: '[0]', naming: ['name'] }),
      middySsm('()', 'read', 'parameter', '[0].fetchData', { wraps: true }),
      middySecrets('()', 'read', 'other', '[0].fetchData', { wraps: true }),
    ],
  },
  {
    name: 'Signed requests',
    source: 'aws4fetch 1 README: AwsClient.fetch(url, init) (November 2026)',
    rows: [signed('AwsClient.fetch', 'request', 'url', '[0]', { payload: '[1].body', waits: true, naming: ['url'] })],
  },
];
