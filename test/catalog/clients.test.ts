import { describe, expect, it } from 'vitest';
import { clientMadeBy } from '../../src/catalog/clients.ts';

const made = (module: string, path: string, constructs = true): string | undefined => clientMadeBy({ module, path: path === '' ? [] : path.split('.') }, [], constructs)?.cost;

describe('clients that are made to be kept', () => {
  it.each<[string, string, boolean, string]>([
    ['@aws-sdk/client-s3', 'S3Client', true, 'client'], ['aws-sdk', 'DynamoDB.DocumentClient', true, 'client'], ['pg', 'Pool', true, 'connection'], ['slonik', 'createPool', false, 'connection'],
    ['snowflake-sdk', 'createConnection', false, 'connection'], ['bullmq', 'Queue', true, 'connection'], ['@mikro-orm/core', 'MikroORM.init', false, 'connection'], ['jwks-rsa', 'expressJwtSecret', false, 'keys'],
    ['@azure/msal-node', 'ConfidentialClientApplication', true, 'keys'], ['@azure/storage-file-share', 'ShareServiceClient.fromConnectionString', false, 'client'], ['auth0', 'ManagementClient', true, 'rest'], ['@notionhq/client', 'Client', true, 'rest'], ['ethers', 'providers.JsonRpcProvider', true, 'rest'],
    ['ethers', 'JsonRpcProvider', true, 'rest'], ['@paypal/checkout-server-sdk', 'core.PayPalHttpClient', true, 'rest'], ['soap', 'createClientAsync', false, 'connection'], ['@launchdarkly/node-server-sdk', 'init', false, 'connection'],
    ['@microsoft/microsoft-graph-client', 'Client.init', false, 'rest'], ['minio', 'Client', true, 'connection'], ['@google-cloud/error-reporting', 'ErrorReporting', true, 'google'], ['@google-cloud/firestore', '', true, 'google'],
  ])('%s %s', (module, path, constructs, cost) => {
    expect(made(module, path, constructs)).toBe(cost);
  });

  it.each<[string, string, boolean]>([
    ['@aws-sdk/client-s3', 'GetObjectCommand', true], ['@aws-sdk/client-s3', 'NoSuchKeyException', true], ['@google-cloud/firestore', 'Timestamp', true], ['@google-cloud/storage', '', true], ['@aws-sdk/lib-dynamodb', 'DynamoDBDocumentClient.from', false], ['aws-sdk', 'Credentials', true], ['ethers', 'Wallet', true],
    ['ethers', 'Contract', true], ['bullmq', 'Job', true], ['@azure/msal-node', 'CryptoProvider', true], ['auth0', 'SomethingElse', true], ['web3', 'utils.toWei', false], ['soap', 'listen', false], ['minio', 'CopyConditions', true],
    ['@notionhq/client', 'isFullPage', false], ['pg', 'Query', true], ['@azure/storage-file-share', 'generateFileSASQueryParameters', false],
  ])('not %s %s', (module, path, constructs) => {
    expect(made(module, path, constructs)).toBeUndefined();
  });
});
