import { describe, expect, it } from 'vitest';
import { declared, named } from './code-support.ts';

const files = { 'lib/orders.js': 'exports.run = async () => 1;', 'lib/check.js': 'exports.run = async () => 1;', 'lib/inline.js': 'exports.run = async () => 1;' };
const read = (more: string, plugin = 'serverless-appsync-plugin') => declared({
  ...files, 'serverless.yml': `service: shop\nplugins: [${plugin}]\nprovider: { name: aws, runtime: nodejs22.x }\nfunctions:\n  orders: { handler: lib/orders.run }\n  check: { handler: lib/check.run }\n${more}`,
});
const ways = (found: ReturnType<typeof read>) => found.functions.map((fn) => [fn.name, fn.triggers.map((one) => `${one.kind} ${one.source} ${one.auth?.kind ?? '-'} ${one.location?.line}`)]);

describe('GraphQL APIs of serverless-appsync-plugin', () => {
  it('are ways into the functions of their data sources (version 2)', () => {
    expect(ways(read('appSync:\n  authentication: { type: AMAZON_COGNITO_USER_POOLS }\n  dataSources:\n    o:\n      type: AWS_LAMBDA\n      config: { functionName: orders }\n    t:\n      type: AMAZON_DYNAMODB\n      config: { tableName: check }\n')))
      .toEqual([['check', []], ['orders', ['http AppSync identity 10']]]);
  });

  it('are read of lists of `custom.appSync` (version 1)', () => {
    expect(ways(read('custom:\n  appSync:\n    - authenticationType: API_KEY\n      dataSources:\n        - { type: NONE, name: none }\n        - { type: AWS_LAMBDA, name: o, config: { functionName: orders } }\n        - - { type: AWS_LAMBDA, name: c, config: { lambdaFunctionArn: !GetAtt CheckLambdaFunction.Arn } }\n')))
      .toEqual([['check', ['http AppSync key 13']], ['orders', ['http AppSync key 12']]]);
  });

  it('hold functions of their own, in data sources, resolvers and for authentication', () => {
    const found = read('appSync:\n  authentication:\n    type: AWS_LAMBDA\n    config: { functionName: check }\n  resolvers:\n    Query.find:\n      kind: UNIT\n      dataSource:\n        type: AWS_LAMBDA\n        config: { function: { handler: lib/inline.run, timeout: 7 } }\n');
    expect(ways(found)).toEqual([['Query_find', ['http AppSync authorizer 14']], ['check', ['auth Authorizer - 10']], ['orders', []]]);
    expect(named(found, 'Query_find')).toMatchObject({ handlers: [{ file: 'lib/inline.js', export: 'run' }], timeoutSeconds: { value: 7 }, triggers: [{ auth: { authorizer: { id: 'check' } } }] });
  });

  it('are nothing without the plugin', () => {
    expect(ways(read('appSync:\n  dataSources:\n    o: { type: AWS_LAMBDA, config: { function: { handler: lib/inline.run } } }\n', 'another'))).toEqual([['check', []], ['orders', []]]);
  });
});
