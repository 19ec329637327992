import { describe, expect, it } from 'vitest';
import { ResourceIndex, type Resolution } from '../../src/link/resources.ts';
import type { PublishedValue, Resource, ResourceKind, ServerlessFunction } from '../../src/model/function.ts';
import { literal, unknown, type Value } from '../../src/model/value.ts';
import { deployed } from '../support/memory.ts';

const location = { file: 'a.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
const none: Value = { kind: 'object', entries: [], open: false };
const resource = (unit: string, logicalId: string, kind: ResourceKind, name?: Value, type = 'x', properties: Value = none): Resource =>
  ({ id: `${unit}#${logicalId}`, unit, logicalId, kind, type, location, properties, ...(name ? { physicalName: name } : {}) });
const text = (...parts: (string | Value)[]): Value => ({ kind: 'template', parts: parts.map((part) => (typeof part === 'string' ? literal(part) : part)) });
const ref = (unit: string, id: string, attribute = 'Ref'): Value => ({ kind: 'resource', unit, id, attribute });
const stage = unknown('no value for ${opt:stage}');
const published = (scope: PublishedValue['scope'], name: string, value: Value, unit: string): PublishedValue => ({ scope, name: literal(name), value, unit, location });
const read = (scope: string, name: string): Value => ({ kind: 'derived', what: scope, from: [literal(name)], io: false });

const show = (one: Resolution): string => (one.kind === 'resource' || one.kind === 'function' ? `${one.kind} ${one.id}` : one.kind === 'name' ? `name ${one.key}` : one.kind === 'event' ? 'event' : `? ${one.reason}`);

interface World { readonly resources?: readonly Resource[]; readonly functions?: readonly ServerlessFunction[]; readonly published?: readonly PublishedValue[] }
const ask = (value: Value, world: World, kind = 'queue', unit = 'a.yaml'): string =>
  show(new ResourceIndex(world.resources ?? [], world.functions ?? [], world.published ?? []).resolve(value, { kinds: new Set([kind]), unit }));

describe('a name joins', () => {
  const jobs = (unit: string, id = 'Jobs'): Resource => resource(unit, id, 'queue', literal('jobs'));

  it.each<[string, Value, World, string]>([
    ['a reference to what it refers to', ref('a.yaml', 'Jobs'), { resources: [jobs('a.yaml')] }, 'resource a.yaml#Jobs'],
    ['the physical name in its own unit', literal('jobs'), { resources: [jobs('a.yaml'), jobs('b.yaml')] }, 'resource a.yaml#Jobs'],
    ['the physical name that exactly one other unit declares', literal('jobs'), { resources: [jobs('b.yaml')] }, 'resource b.yaml#Jobs'],
    ['nothing that two other units declare', literal('jobs'), { resources: [jobs('b.yaml'), jobs('c.yaml')] }, '? declared by several units'],
    ['the address of a queue', literal('https://sqs.eu-west-1.amazonaws.com/123456789012/jobs'), { resources: [jobs('b.yaml')] }, 'resource b.yaml#Jobs'],
    ['an ARN', literal('arn:aws:sqs:eu-west-1:123456789012:jobs'), { resources: [jobs('b.yaml')] }, 'resource b.yaml#Jobs'],
    ['an ARN put together', text('arn:aws:sqs:', { kind: 'env', name: 'AWS::Region' }, ':', { kind: 'env', name: 'AWS::AccountId' }, ':jobs'), { resources: [jobs('b.yaml')] }, 'resource b.yaml#Jobs'],
    ['an ARN around a reference', text('arn:aws:sqs:eu-west-1:1:', ref('a.yaml', 'Jobs', 'QueueName')), { resources: [jobs('a.yaml')] }, 'resource a.yaml#Jobs'],
    ['no logical id of another unit', literal('Jobs'), { resources: [jobs('b.yaml')] }, 'name name:string:Jobs'],
    ['no resource of another kind', literal('jobs'), { resources: [resource('b.yaml', 'Jobs', 'topic', literal('jobs'))] }, 'name name:string:jobs'],
    ['equal unresolved variables', text('jobs-', stage), { resources: [resource('b.yaml', 'Jobs', 'queue', text('jobs-', stage))] }, 'resource b.yaml#Jobs'],
    ['no other unresolved variable', text('jobs-', unknown('no value for ${self:custom.env}')), { resources: [resource('b.yaml', 'Jobs', 'queue', text('jobs-', stage))] }, 'name name:t(string:jobs-,?no value for ${self:custom.env})'],
    ['no name that only code makes', text('jobs-', unknown('too deep')), { resources: [resource('b.yaml', 'Jobs', 'queue', text('jobs-', unknown('too deep')))] }, '? too deep'],
    ['no name of variables alone', text(stage), { resources: [resource('b.yaml', 'Jobs', 'queue', text(stage))] }, '? no value for ${opt:stage}'],
  ])('%s', (_, value, world, expected) => expect(ask(value, world)).toBe(expected));

  it('a function by its deployed name, through an alias, and by reference', () => {
    const functions = [deployed('Next', 'next.ts', { physicalName: literal('svc-next') })];
    const alias = resource('template.yaml', 'Live', 'other', undefined, 'AWS::Lambda::Alias', { kind: 'object', open: false, entries: [['FunctionName', ref('template.yaml', 'Next')]] });
    expect(ask(literal('svc-next'), { functions }, 'function')).toBe('function template.yaml#Next');
    expect(ask(ref('template.yaml', 'Next', 'Arn'), { functions }, 'function')).toBe('function template.yaml#Next');
    expect(ask(ref('template.yaml', 'Live'), { functions, resources: [alias] }, 'function')).toBe('function template.yaml#Next');
  });

  it('a name with the stack\'s own name only in its unit', () => {
    const aws = (name: string): Value => ({ kind: 'external', module: 'aws-cdk-lib', path: ['Aws', name] });
    const named = text(aws('STACK_NAME'), '-work');
    const arn = text('arn:', aws('PARTITION'), ':states:', aws('REGION'), ':', aws('ACCOUNT_ID'), ':stateMachine:', aws('STACK_NAME'), '-work');
    const ofRegion = text('jobs-', aws('REGION'));
    expect(ask(arn, { resources: [resource('a.yaml', 'Work', 'stateMachine', named)] }, 'stateMachine')).toBe('resource a.yaml#Work');
    expect(ask(named, { resources: [resource('b.yaml', 'Work', 'stateMachine', named)] }, 'stateMachine')).toMatch(/^name name:a\.yaml:/);
    expect(ask(ofRegion, { resources: [resource('b.yaml', 'Jobs', 'queue', ofRegion)] })).toBe('resource b.yaml#Jobs');
  });

  it("a function by its name in the framework's own stage", () => {
    const named = (...parts: (string | Value)[]) => ({ functions: [deployed('Next', 'next.ts', { physicalName: text(...parts) })] });
    const stageOf: Value = { kind: 'env', name: 'sls:stage' };
    expect(ask(literal('svc-dev-next'), named('svc-', stageOf, '-next'), 'function')).toBe('function template.yaml#Next');
    expect(ask(literal('arn:aws:lambda:eu-west-1:1:function:svc-dev-next:live'), named('svc-', stageOf, '-next'), 'function')).toBe('function template.yaml#Next');
    expect(ask(literal('svc-prod-next'), named('svc-', stageOf, '-next'), 'function')).toBe('name name:string:svc-prod-next');
    expect(ask(literal('svc-dev-next'), named('svc-', { kind: 'env', name: 'param:Stage' }, '-next'), 'function')).toBe('name name:string:svc-dev-next');
    expect(ask(literal('svc-dev-next'), named('svc-', stageOf, '-', stage), 'function')).toBe('name name:string:svc-dev-next');
  });

  it('a bucket in an ARN with keys', () => {
    const resources = [resource('a.yaml', 'Files', 'bucket', literal('files'))];
    expect(ask(literal('arn:aws:s3:::files/in/*'), { resources }, 'bucket')).toBe('resource a.yaml#Files');
    expect(ask(text('arn:aws:s3:::', ref('a.yaml', 'Files'), '/*'), { resources }, 'bucket')).toBe('resource a.yaml#Files');
  });

  it('the topic in a path of Google', () => {
    expect(ask(literal('projects/p/topics/orders'), { resources: [resource('a.yaml', 'Orders', 'topic', literal('orders'))] }, 'topic')).toBe('resource a.yaml#Orders');
  });

  it('the API in an address', () => {
    expect(ask(text('https://', ref('a.yaml', 'Api'), '.execute-api.eu-west-1.amazonaws.com/prod'), { resources: [resource('a.yaml', 'Api', 'api')] }, 'url')).toBe('resource a.yaml#Api');
    expect(ask(literal('https://api.example.org/v1'), {}, 'url')).toBe('name url:api.example.org');
    expect(ask(text('https://api', unknown('x'), '/v1'), {}, 'url')).toBe('? x');
    const own = text('https://', { kind: 'env', name: 'VERCEL_URL' }, '/api/next');
    expect(ask(own, { functions: [deployed('F', 'a.ts', { unit: 'a.yaml', platform: 'vercel' })] }, 'url')).toBe('name url:setting:a.yaml:VERCEL_URL');
    expect(ask(own, {}, 'url')).toBe('? environment variable not declared');
  });
});

describe('a variable without a value', () => {
  const setting: Value = { kind: 'env', name: 'QUEUE' };

  it('names nothing where each function has its own environment', () => expect(ask(setting, { functions: [deployed('F', 'a.ts', { unit: 'a.yaml' })] })).toBe('? environment variable not declared'));

  it('is one name in an application whose functions share their settings, and another one in the next', () => {
    const functions = ['a.yaml', 'b.yaml'].map((unit) => deployed('F', 'a.ts', { id: `${unit}#F`, unit, platform: 'azure' }));
    expect(ask(setting, { functions })).toBe('name setting:a.yaml:QUEUE');
    expect(ask(setting, { functions }, 'queue', 'b.yaml')).toBe('name setting:b.yaml:QUEUE');
  });

  it('is one name where it is a parameter of the unit', () => expect(ask({ kind: 'env', name: 'param:QueueUrl' }, {})).toBe('name setting:a.yaml:param:QueueUrl'));
});

describe('what one unit publishes', () => {
  const jobs = resource('b.yaml', 'Jobs', 'queue');

  it.each<[string, Value, World, string]>([
    ['an export', read('import', 'jobs-url'), { resources: [jobs], published: [published('import', 'jobs-url', ref('b.yaml', 'Jobs'), 'b.yaml')] }, 'resource b.yaml#Jobs'],
    ['a parameter', read('parameter', '/jobs/url'), { resources: [jobs], published: [published('parameter', '/jobs/url', ref('b.yaml', 'Jobs'), 'b.yaml')] }, 'resource b.yaml#Jobs'],
    ['a stack output', read('stackOutput', 'b.Url'), { resources: [jobs], published: [published('stackOutput', 'b.Url', ref('b.yaml', 'Jobs'), 'b.yaml')] }, 'resource b.yaml#Jobs'],
    ['a declared parameter resource', read('parameter', '/jobs/url'), { resources: [jobs, resource('b.yaml', 'P', 'parameter', literal('/jobs/url'), 'AWS::SSM::Parameter', { kind: 'object', open: false, entries: [['Value', ref('b.yaml', 'Jobs')]] })] }, 'resource b.yaml#Jobs'],
    ['nothing under another scope', read('import', 'jobs-url'), { resources: [jobs], published: [published('parameter', 'jobs-url', ref('b.yaml', 'Jobs'), 'b.yaml')] }, 'name import:string:jobs-url'],
    ['two things under one name', read('parameter', '/x'), { published: [published('parameter', '/x', literal('a'), 'b.yaml'), published('parameter', '/x', literal('b'), 'c.yaml')] }, '? published by several units'],
    ['values that lead in a circle', read('import', 'x'), { published: [published('import', 'x', read('import', 'x'), 'b.yaml')] }, '? published values lead in a circle'],
  ])('%s', (_, value, world, expected) => expect(ask(value, world)).toBe(expected));

  it('is read by code: a parameter asked for, an address asked for by name', () => {
    const command: Value = { kind: 'instance', of: { kind: 'external', module: '@aws-sdk/client-ssm', path: ['GetParameterCommand'] }, args: [{ kind: 'object', open: false, entries: [['Name', literal('/jobs/url')]] }] };
    const client: Value = { kind: 'instance', of: { kind: 'external', module: '@aws-sdk/client-ssm', path: ['SSMClient'] }, args: [] };
    const answer: Value = { kind: 'derived', what: '@aws-sdk/client-ssm:SSMClient.#send', from: [client, command], io: true };
    const value: Value = { kind: 'derived', what: '.Value', io: true, from: [{ kind: 'derived', what: '.Parameter', io: true, from: [answer] }] };
    expect(ask(value, { resources: [jobs], published: [published('parameter', '/jobs/url', ref('b.yaml', 'Jobs'), 'b.yaml')] })).toBe('resource b.yaml#Jobs');
    const url: Value = { kind: 'derived', what: '.QueueUrl', io: true, from: [{ kind: 'derived', what: '@aws-sdk/client-sqs:SQS.#getQueueUrl', io: true, from: [{ kind: 'instance', of: { kind: 'external', module: '@aws-sdk/client-sqs', path: ['SQS'] }, args: [] }, { kind: 'object', open: false, entries: [['QueueName', literal('jobs')]] }] }] };
    expect(ask(url, { resources: [resource('b.yaml', 'Jobs', 'queue', literal('jobs'))] })).toBe('resource b.yaml#Jobs');
  });
});

describe('what names nothing says why', () => {
  it.each<[Value, string]>([
    [{ kind: 'env', name: 'QUEUE' }, '? environment variable not declared'],
    [{ kind: 'param', file: 'a.ts', fn: 1, index: 0, path: [] }, '? parameter of a helper without a known caller'],
    [{ kind: 'event', path: ['url'] }, 'event'],
    [{ kind: 'derived', what: '#trim', from: [{ kind: 'event', path: ['url'] }], io: false }, 'event'],
    [{ kind: 'context', path: ['params', 'id'] }, 'event'],
    [{ kind: 'derived', what: '.url', io: true, from: [{ kind: 'derived', what: 'my-config:load', from: [], io: true }] }, '? result of my-config:load'],
    [literal(''), '? empty name'],
  ])('%j', (value, expected) => expect(ask(value, {})).toBe(expected));
});
