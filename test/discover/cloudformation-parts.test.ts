import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import { readers } from '../../src/discover/readers.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Readonly<Record<string, string>>): Infrastructure => discoverWith(readers, memoryWorkspace(files), { params: new Map() });

const base = 'AWSTemplateFormatVersion: "2010-09-09"\nTransform: AWS::Serverless-2016-10-31\nGlobals:\n  Function: { Runtime: nodejs22.x, Timeout: 30, CodeUri: dist/ }\n';
const orders = 'Orders:\n  Type: AWS::SQS::Queue\nTakeOrder:\n  Type: AWS::Serverless::Function\n  Properties:\n    Handler: take-order.handler\n    Events: { Q: { Type: SQS, Properties: { Queue: !GetAtt Orders.Arn } } }\n';
const machine = 'Flow:\n  Type: AWS::Serverless::StateMachine\n  Properties: { DefinitionUri: flows/flow.asl.json, DefinitionSubstitutions: { Fn: !GetAtt TakeOrder.Arn } }\n';
const sources = { 'src/handlers/take-order/handler.ts': 'export const handler = async () => {};', 'src/handlers/other/handler.ts': 'export const handler = async () => {};' };
const flow = { 'flows/flow.asl.json': '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Fn}","End":true}}}' };

describe('a template that a script puts together', () => {
  it('is read as one, each resource at its own place', () => {
    const found = read({ 'iac/main/base.yml': base, 'iac/main/resources/orders.yml': orders, 'iac/main/resources/flow.yml': machine, ...sources, ...flow });
    expect(found.functions).toMatchObject([{
      id: 'iac/main/base.yml#TakeOrder', unit: 'iac/main/base.yml', handlers: [{ file: 'src/handlers/take-order/handler.ts', export: 'handler' }],
      runtime: { value: 'nodejs22.x' }, timeoutSeconds: { value: 30 }, declaredAt: [{ file: 'iac/main/resources/orders.yml', line: 3 }], triggers: [{ kind: 'stateMachine' }, { kind: 'queue' }],
    }]);
    expect(found.resources.map((resource) => resource.id)).toEqual(['iac/main/base.yml#Flow', 'iac/main/base.yml#Orders']);
    expect(found.gaps).toEqual([]);
  });

  it.each([
    ['a template with resources of its own', { 'iac/main/base.yml': `${base}Resources:\n  Own: { Type: AWS::SQS::Queue }\n` }],
    ['a beginning without the transform', { 'iac/main/base.yml': base.replace(/Transform.*\n/, '') }],
    ['a part that holds something else as well', { 'iac/main/base.yml': base, 'iac/main/resources/orders.yml': `${orders}note: hello\n` }],
    ['parts of another folder', { 'iac/base.yml': base, 'iac/main/base.yml': '' }],
    ['another name', { 'iac/main/values.yml': base, 'iac/main/base.yml': '' }],
  ])('is not %s', (_, files) => {
    const found = read({ 'iac/main/resources/orders.yml': orders, ...sources, ...files });
    expect(found.functions).toEqual([]);
  });
});
