import { describe, expect, it } from 'vitest';
import { brief, discovered, triggersOf } from './web-support.ts';

const template = (handler = 'index.handler'): string => JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09', Parameters: { deploymentBucketName: { Type: 'String' }, s3Key: { Type: 'String' }, CloudWatchRule: { Type: 'String', Default: 'NONE' } },
  Resources: {
    LambdaFunction: { Type: 'AWS::Lambda::Function', Properties: { Code: { S3Bucket: { Ref: 'deploymentBucketName' }, S3Key: { Ref: 's3Key' } }, Handler: handler, Runtime: 'nodejs22.x', Timeout: 25 } },
    CloudWatchEvent: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: { Ref: 'CloudWatchRule' }, State: 'ENABLED', Targets: [{ Arn: { 'Fn::GetAtt': ['LambdaFunction', 'Arn'] }, Id: 'a' }] } },
  },
}, null, 2);
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
    expect(brief({ 'infra/orders-cloudformation-template.json': template(), 'infra/src/index.js': 'exports.handler = 1;' })).toEqual([]);
  });
});
