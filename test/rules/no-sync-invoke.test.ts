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

describe('the place of an invocation in a chain', () => {
  const lines = (body: string): readonly number[] => {
    const text = `import openwhisk from 'openwhisk';\nconst call = (params) => {\n  const name = params.config.action;\n  return openwhisk().actions.invoke({ name: \`shop/\${name}\`, blocking: true });\n};\nexport const main = (params) => {\n${body}\n};\n`;
    const { fn, project: whole } = project({ 'a.mjs': text }, [deployed('F', 'a.mjs', { platform: 'openwhisk', export: 'main' })]);
    return [...rule.check({ view: fn, options: {} })].map((report) => ('start' in report.at ? whole.location(report.at).line : report.at.line));
  };
  it('is not the chain, which decides nothing of the target', () => {
    expect(lines("  const given = Object.assign({}, params);\n  return Promise.resolve(given)\n    .then(call);")).toEqual([4]);
    expect(lines("  const given = Object.assign({}, params);\n  return Promise.resolve(given)\n    .then(() => 1, call);")).toEqual([4]);
  });
  it('is the call that names the target', () => expect(lines("  return call({ config: { action: 'orders' } });")).toEqual([7]));
});
