import { describe, expect, it } from 'vitest';
import { brief, discovered, triggersOf } from './web-support.ts';

const template = (handler = 'index.handler'): string => JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09', Parameters: { deploymentBucketName: { Type: 'String' }, s3Key: { Type: 'String' }, CloudWatchRule: { Type: 'String', Default: 'NONE' } },
  Resources: {
    LambdaFunction: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: { Ref: 'deploymentBucketName' }, S3Key: { Ref: 's3Key' } }, Handler: handler, Runtime: 'nodejs22.x', Timeout: 25 } },
    CloudWatchEvent: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: { Ref: 'CloudWatchRule' }, State: 'ENABLED', Targets: [{ Arn: { 'Fn::GetAtt': ['LambdaFunction', 'Arn'] }, Id: 'a' }] } },
  },
}, null, 2);
/** The same without the rule. */
const plain = (): { readonly Resources: object } => { const { Resources: { LambdaFunction } } = JSON.parse(template()) as { Resources: { LambdaFunction: object } }; return { Resources: { LambdaFunction } }; };
const at = 'app/amplify/backend/function/orders';

describe('Amplify, first generation', () => {
  it('finds the code that is packed for a template, once', () => {
    const found = discovered({ [`${at}/orders-cloudformation-template.json`]: template(), [`${at}/src/index.js`]: 'exports.handler = async (event) => {};', [`${at}/function-parameters.json`]: '{"CloudWatchRule":"rate(1 day)"}' });
    expect(found.functions).toMatchObject([{
      id: `${at}/orders-cloudformation-template.json#LambdaFunction`, platform: 'aws', foundBy: 'infrastructure', handlers: [{ file: `${at}/src/index.js`, export: 'handler' }],
      timeoutSeconds: { value: 25 }, packaging: { form: 'folder', tool: 'amplify', folder: `${at}/src` },
    }]);
    expect(triggersOf(found, 'LambdaFunction')).toEqual(['schedule rate(1 day)']);
    expect(found.gaps).toEqual([]);
  });
  it('finds the source behind compiled code', () => {
    expect(brief({ [`${at}/orders-cloudformation-template.json`]: template(), [`${at}/lib/index.ts`]: 'export const handler = async () => {};', [`${at}/tsconfig.json`]: '{"compilerOptions":{"outDir":"./src","rootDir":"./lib"}}' }))
      .toEqual([`${at}/orders-cloudformation-template.json#LambdaFunction aws ${at}/lib/index.ts:handler`]);
  });
  it('says which code is missing, and leaves other templates alone', () => {
    expect(discovered({ [`${at}/orders-cloudformation-template.json`]: template('other.handler'), [`${at}/src/index.js`]: '' }).gaps).toMatchObject([{ kind: 'handler' }]);
    expect(brief({ 'infra/orders-cloudformation-template.json': template(), 'infra/packed/index.js': 'exports.handler = 1;' })).toEqual([]);
  });

  it('hands the outputs of one part to the parts that depend on it', () => {
    const backend = 'app/amplify/backend';
    const orders = { ...plain(), Parameters: { storageitemsName: { Type: 'String', Default: 'storageitemsName' }, other: { Type: 'String', Default: 'x' } }, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['LambdaFunction', 'Arn'] } }, Name: { Value: { Ref: 'LambdaFunction' } } } };
    const files = {
      [`${backend}/function/orders/orders-cloudformation-template.json`]: JSON.stringify(orders).replace('"Timeout":25', '"Timeout":25,"Environment":{"Variables":{"TABLE":{"Ref":"storageitemsName"},"OTHER":{"Ref":"other"}}}'),
      [`${backend}/function/orders/src/index.js`]: 'exports.handler = async (event) => {};',
      [`${backend}/storage/items/items-cloudformation-template.json`]: JSON.stringify({ Resources: { Table: { Type: 'AWS::DynamoDB::Table' } }, Outputs: { Name: { Value: { Ref: 'Table' } } } }),
      [`${backend}/auth/serverlessauth/serverlessauth-cloudformation-template.yml`]: 'Parameters:\n  functionordersArn: { Type: String, Default: functionordersArn }\nResources:\n  UserPool:\n    Type: AWS::Cognito::UserPool\n    Properties:\n      LambdaConfig: { PostConfirmation: !Ref functionordersArn }\n',
    };
    const found = discovered(files);
    expect(found.functions.map((fn) => [fn.name, fn.triggers.map((one) => one.kind)])).toEqual([['LambdaFunction', ['auth']]]);
    expect([...found.functions[0]?.environment ?? []]).toEqual([
      ['TABLE', { kind: 'resource', unit: `${backend}/storage/items/items-cloudformation-template.json`, id: 'Table', attribute: 'Ref' }], ['OTHER', { kind: 'literal', value: 'x' }],
    ]);
    // Backends of two applications know nothing of each other.
    const apart = Object.fromEntries(Object.entries(files).map(([file, text]) => [file.includes('/auth/') ? file.replace('app/', 'other/') : file, text]));
    expect(discovered(apart).functions.map((fn) => fn.triggers)).toEqual([[]]);
  });

  it('reads which functions answer fields of a GraphQL schema', () => {
    const schema = 'type Query {\n  echo(msg: String): String @function(name: "orders-${env}")\n  # old: String @function(name: "orders")\n  lost: String @function(name: "none-${env}")\n}\n';
    const files = { [`${at}/orders-cloudformation-template.json`]: JSON.stringify(plain()), [`${at}/src/index.js`]: 'exports.handler = async (event) => {};' };
    const found = discovered({ ...files, 'app/amplify/backend/api/shop/schema.graphql': schema });
    expect(found.functions[0]?.triggers).toMatchObject([{ kind: 'http', source: 'AppSync', location: { file: 'app/amplify/backend/api/shop/schema.graphql', line: 2 } }]);
    expect(discovered({ ...files, 'app/web/schema.graphql': schema }).functions[0]?.triggers).toEqual([]);
  });

  it('reads routes and user pools whose templates are written when it is pushed', () => {
    const backend = 'app/amplify/backend';
    const files = { [`${at}/orders-cloudformation-template.json`]: JSON.stringify(plain()), [`${at}/src/index.js`]: 'exports.handler = async (event) => {};' };
    const paths = { '/orders': { lambdaFunction: 'orders', permissions: { setting: 'private' } }, '/public': { lambdaFunction: 'orders', permissions: { setting: 'open' } }, '/other': { lambdaFunction: 'none' } };
    const api = { [`${backend}/api/shop/cli-inputs.json`]: JSON.stringify({ version: 1, paths }) };
    expect(discovered({ ...files, ...api }).functions[0]?.triggers.map((one) => [one.kind, one.source, one.filters, one.auth?.kind])).toEqual([
      ['http', 'Api', [{ kind: 'route', method: '*', path: '/orders' }], 'identity'], ['http', 'Api', [{ kind: 'route', method: '*', path: '/public' }], 'none'],
    ]);
    // A template of the API that is in the repository says it itself.
    expect(discovered({ ...files, ...api, [`${backend}/api/shop/shop-cloudformation-template.json`]: '{ "Resources": { "Bucket": { "Type": "AWS::S3::Bucket" } } }' }).functions[0]?.triggers).toEqual([]);
    const pool = (trigger: string) => ({ [`${backend}/backend-config.json`]: JSON.stringify({ auth: { users: { dependsOn: [{ category: 'function', resourceName: 'orders', triggerProvider: trigger }] } } }) });
    expect(discovered({ ...files, ...pool('Cognito') }).functions[0]?.triggers).toMatchObject([{ kind: 'auth', source: 'Cognito' }]);
    expect(discovered({ ...files, ...pool('') }).functions[0]?.triggers).toEqual([]);
  });
});
