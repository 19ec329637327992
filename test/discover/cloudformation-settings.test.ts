import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const resource = (type: string, properties: unknown, more: Record<string, unknown> = {}) => ({ Type: type, ...more, Properties: properties });
const sam = (properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}) => resource('AWS::Serverless::Function', { CodeUri: 'src/', Handler: 'a.handler', Runtime: 'nodejs22.x', ...properties }, more);
const lambda = (properties: Record<string, unknown> = {}) => resource('AWS::Lambda::Function', { Code: 'src', Handler: 'a.handler', Runtime: 'nodejs22.x', ...properties });

function read(resources: Record<string, unknown>, top: Record<string, unknown> = {}, files: Record<string, string> = {}) {
  const text = JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...top, Resources: resources }, null, 1);
  const result = discoverWith([cloudformation], memoryWorkspace({ 'svc/template.json': text, 'svc/src/a.ts': '', ...files }), { params: new Map() });
  const lines = text.split('\n');
  const line = (located: { readonly location: { readonly line: number } } | undefined): string | undefined => lines[(located?.location.line ?? 0) - 1]?.trim().replace(/,$/, '');
  return { ...result, fn: result.functions.find((found) => found.name === 'F'), line };
}

describe('settings of functions', () => {
  it('point at the line that sets them, in the function or in Globals', () => {
    const globals = { Function: { Runtime: 'nodejs18.x', Tracing: 'Active', EphemeralStorage: { Size: 1024 } } };
    const { fn, line } = read({ F: resource('AWS::Serverless::Function', { CodeUri: 'src/', Handler: 'a.handler' }), G: sam({ Tracing: 'PassThrough', EphemeralStorage: { Size: 2048 } }) }, { Globals: globals });
    expect([fn?.runtime?.value, line(fn?.runtime)]).toEqual(['nodejs18.x', '"Runtime": "nodejs18.x"']);
    expect([fn?.tracing?.value, line(fn?.tracing), fn?.ephemeralStorageMb?.value, line(fn?.ephemeralStorageMb)]).toEqual([true, '"Tracing": "Active"', 1024, '"Size": 1024']);
    const own = read({ F: sam({ Tracing: 'PassThrough', EphemeralStorage: { Size: 2048 } }) }, { Globals: globals });
    expect([own.fn?.tracing?.value, own.line(own.fn?.tracing), own.fn?.ephemeralStorageMb?.value, own.line(own.fn?.ephemeralStorageMb)]).toEqual([false, '"Tracing": "PassThrough"', 2048, '"Size": 2048']);
  });

  it('tell a timeout or memory that is not known from one that is not set', () => {
    const top = { Parameters: { Seconds: { Type: 'Number' } } };
    expect(read({ F: sam({ Timeout: { Ref: 'Seconds' } }) }, top).fn).toMatchObject({ timeoutUnknown: true });
    for (const one of [sam(), sam({ Timeout: 5 }), sam({ Timeout: { Ref: 'AWS::NoValue' } })]) expect(read({ F: one }, top).fn).not.toHaveProperty('timeoutUnknown');
    expect(read({ F: sam({ MemorySize: { Ref: 'Seconds' } }) }, top).fn).toMatchObject({ memoryUnknown: true });
    for (const one of [sam(), sam({ MemorySize: 512 }), sam({ MemorySize: { Ref: 'AWS::NoValue' } })]) expect(read({ F: one }, top).fn).not.toHaveProperty('memoryUnknown');
  });

  it('are absent where nothing is said', () => {
    const { fn } = read({ F: sam() });
    for (const name of ['tracing', 'ephemeralStorageMb', 'provisionedConcurrency', 'maximumRetryAttempts', 'generation', 'recursiveLoop']) expect(fn).not.toHaveProperty(name);
  });

  it('of SAM: asynchronous retries, provisioned concurrency', () => {
    const { fn, line } = read({ F: sam({ AutoPublishAlias: 'live', RecursiveLoop: 'Allow', ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 4 }, EventInvokeConfig: { MaximumRetryAttempts: 0 } }) });
    expect([fn?.provisionedConcurrency?.value, fn?.maximumRetryAttempts?.value, line(fn?.maximumRetryAttempts), fn?.recursiveLoop?.value]).toEqual([4, 0, '"MaximumRetryAttempts": 0', 'Allow']);
  });

  it('of CloudFormation: on other resources', () => {
    const { fn } = read({
      F: lambda({ TracingConfig: { Mode: 'Active' }, EphemeralStorage: { Size: 4096 } }), V: resource('AWS::Lambda::Version', { FunctionName: { Ref: 'F' } }),
      A: resource('AWS::Lambda::Alias', { Name: 'live', FunctionName: { Ref: 'F' }, ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 } }),
      I: resource('AWS::Lambda::EventInvokeConfig', { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 }),
    });
    expect(fn).toMatchObject({ tracing: { value: true }, ephemeralStorageMb: { value: 4096 }, provisionedConcurrency: { value: 2 }, maximumRetryAttempts: { value: 1 } });
  });

  it('of events: retries, batches and concurrency', () => {
    const stream = resource('AWS::Lambda::EventSourceMapping', { FunctionName: { Ref: 'F' }, EventSourceArn: 'arn:aws:kinesis:x:1:stream/s', StartingPosition: 'LATEST', MaximumRetryAttempts: 3 });
    const rule = resource('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 'x', Arn: { 'Fn::GetAtt': ['F', 'Arn'] }, RetryPolicy: { MaximumRetryAttempts: 5 } }] });
    const schedule = resource('AWS::Scheduler::Schedule', { State: 'DISABLED', ScheduleExpression: 'cron(0 1 * * ? *)', Target: { Arn: { 'Fn::GetAtt': ['F', 'Arn'] } } });
    const universal = resource('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(2 days)', Target: { Arn: 'arn:aws:scheduler:::aws-sdk:lambda:invoke', Input: '{"FunctionName":"named"}' } });
    expect(read({ F: lambda({ FunctionName: 'named' }), M: stream, R: rule, S: schedule, U: universal }).fn?.triggers).toMatchObject([
      { kind: 'stream', maximumRetryAttempts: 3 }, { kind: 'schedule', schedule: { value: 'rate(1 day)' }, maximumRetryAttempts: 5 },
      { kind: 'schedule', schedule: { value: 'cron(0 1 * * ? *)' }, enabled: false }, { kind: 'schedule', schedule: { value: 'rate(2 days)' } },
    ]);
  });

  it('marks durable functions and functions at the edge', () => {
    expect(read({ F: sam({ DurableConfig: { ExecutionTimeout: 3600 } }) }).fn?.generation).toBe('durable');
    const edge = resource('AWS::CloudFront::Distribution', { DistributionConfig: { CacheBehaviors: [{ PathPattern: '/x', LambdaFunctionAssociations: [{ LambdaFunctionARN: { Ref: 'F.Version' } }] }] } });
    expect(read({ F: sam({ AutoPublishAlias: 'live' }), D: edge }).fn?.generation).toBe('edge');
  });
});

describe('packages', () => {
  it('hold inline code', () => {
    const code = 'exports.handler = async () => 1;\n';
    expect(read({ F: lambda({ Code: { ZipFile: code }, Handler: 'index.handler' }) }).fn?.packaging).toMatchObject({ form: 'inline', inlineCode: code });
    expect(read({ F: sam({ InlineCode: { 'Fn::Sub': 'exports.handler = () => "${AWS::Region}";' }, Handler: 'index.handler' }) }).fn?.packaging).toMatchObject({ form: 'inline', inlineCode: 'exports.handler = () => "${AWS::Region}";' });
    expect(read({ F: sam() }).fn?.packaging).not.toHaveProperty('inlineCode');
  });

  it('are made by what the build method says', () => {
    const method = (name: string, properties: Record<string, unknown> = {}) => read({ F: sam({}, { Metadata: { BuildMethod: name, BuildProperties: properties } }) }).fn?.packaging;
    expect(method('esbuild', { Sourcemap: true })).toMatchObject({ form: 'bundled', tool: 'esbuild', minify: true, sourceMap: true, format: 'cjs' });
    expect(method('makefile')).toMatchObject({ form: 'unknown', tool: 'makefile' });
    expect(method('nodejs22.x')).toMatchObject({ form: 'folder', tool: 'sam' });
  });
});

describe('a folder of sources that has no manifest of its own', () => {
  const packed = (files: Record<string, string>) => read({ F: sam() }, {}, files).fn?.packaging;
  const manifest = (name: string) => JSON.stringify({ devDependencies: { [name]: '5' } });

  it.each([['aws-sam-webpack-plugin', 'webpack'], ['webpack', 'webpack'], ['esbuild', 'esbuild'], ['tsup', 'esbuild']])('is packed by the bundler above it: %s', (name, tool) => {
    expect(packed({ 'svc/package.json': manifest(name) })).toMatchObject({ form: 'bundled', tool });
    expect(packed({ 'package.json': manifest(name) })).toMatchObject({ form: 'bundled', tool });
  });

  it('is copied as it is without one, and built by SAM when it has one', () => {
    expect(packed({ 'svc/package.json': manifest('jest') })).toMatchObject({ form: 'folder', tool: 'sam' });
    expect(packed({ 'svc/package.json': manifest('webpack'), 'svc/src/package.json': '{}' })).toMatchObject({ form: 'folder', tool: 'sam' });
    expect(packed({ 'package.json': manifest('webpack'), 'svc/package.json': '{}' })).toMatchObject({ form: 'folder', tool: 'sam' });
  });
});

describe('templates', () => {
  it('with a runtime of their own count when the handler is a file of the repository', () => {
    const custom = (handler: string) => read({ F: sam({ Runtime: 'provided.al2023', Handler: handler }) }).functions.map((fn) => fn.handlers[0]?.file);
    expect([custom('a.handler'), custom('bootstrap')]).toEqual([['svc/src/a.ts'], []]);
  });

  it('publish outputs of the stack that samconfig.toml names, when its environments agree', () => {
    const outputs = { Outputs: { Queue: { Value: 'q' } } };
    const names = (config: string) => read({ F: sam() }, outputs, { 'svc/samconfig.toml': config }).published.map((value) => [value.scope, value.name]);
    expect(names('version = 0.1\n[default.deploy.parameters]\nstack_name = "shop"\n')).toEqual([['stackOutput', { kind: 'literal', value: 'shop.Queue' }]]);
    expect(names('[a.deploy.parameters]\nstack_name = "x"\n[b.deploy.parameters]\nstack_name = "y"\n')).toEqual([]);
    expect(names('[default.deploy.parameters]\nstack_name = "shop"\ntemplate_file = "other.yaml"\n')).toEqual([]);
    expect(names('[broken')).toEqual([]);
  });

  it('join the API that SAM makes with values that name it', () => {
    const url = { 'Fn::Sub': 'https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod' };
    expect(read({ F: sam({ Environment: { Variables: { U: url } } }) }).fn?.environment.get('U')).toMatchObject({ kind: 'template', parts: [{}, { kind: 'resource', id: 'ServerlessRestApi' }, {}, {}, {}] });
  });
});
