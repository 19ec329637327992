import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-sync-invoke.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

function scan(body: string, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const head = `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'; const lambda = new LambdaClient({});\n`;
  const { fn } = project({ 'a.mjs': `${head}export const handler = async (event, context) => {\n${body}\n};`, 'b.mjs': 'export const handler = async () => 1;' }, [deployed('F', 'a.mjs', { physicalName: literal('f'), ...extra }), deployed('G', 'b.mjs', { physicalName: literal('g') })]);
  return [...rule.check({ view: fn, options: {} })].map((report) => `${report.message} ${String(report.data?.['callee'])}`);
}

describe('a function that invokes another one', () => {
  it.each([
    ['waits by default', `return lambda.send(new InvokeCommand({ FunctionName: 'g' }));`, ['invokes G']],
    ['waits when it says so', `await lambda.send(new InvokeCommand({ FunctionName: 'g', InvocationType: 'RequestResponse' }));`, ['invokes G']],
    ['of another application', `await lambda.send(new InvokeCommand({ FunctionName: 'h' }));`, ['invokes h']],
    ['does not wait for an event', `await lambda.send(new InvokeCommand({ FunctionName: 'g', InvocationType: 'Event' }));`, []],
    ['runs nothing', `await lambda.send(new InvokeCommand({ FunctionName: 'g', InvocationType: 'DryRun' }));`, []],
    ['does not wait for itself', `await lambda.send(new InvokeCommand({ FunctionName: context.functionName }));`, []],
    ['says at run time whether it waits', `await lambda.send(new InvokeCommand({ FunctionName: 'g', InvocationType: event.type }));`, []],
  ] as const)('%s', (_, body, expected) => expect(scan(body)).toEqual(expected));
  it('costs a Worker no time', () => expect(scan(`await lambda.send(new InvokeCommand({ FunctionName: 'g' }));`, { platform: 'cloudflare' })).toEqual([]));
});
