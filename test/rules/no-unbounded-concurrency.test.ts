import { describe, expect, it } from 'vitest';
import { endlessRetry, redriveOf } from '../../src/link/queries/redrive.ts';
import type { Resource, ServerlessFunction, Trigger } from '../../src/model/function.ts';
import type { Value } from '../../src/model/value.ts';
import rule from '../../rules/no-unbounded-concurrency.ts';
import { deployed, project } from '../support/memory.ts';

const at = (line: number) => ({ file: 'template.yaml', line, column: 1, endLine: line, endColumn: 2 });
const lit = (value: string | number): Value => ({ kind: 'literal', value });
const object = (entries: readonly (readonly [string, Value])[], open = false): Value => ({ kind: 'object', entries, open });
const resource = (kind: 'queue' | 'stateMachine', properties: Value, line = 3): Resource => ({ id: 'template.yaml#R', unit: 'template.yaml', logicalId: 'R', kind, type: kind === 'queue' ? 'AWS::SQS::Queue' : 'AWS::StepFunctions::StateMachine', location: at(line), properties });
const trigger = (kind: Trigger['kind'], source: string, rest: Partial<Trigger> = {}): Trigger => ({ kind, source, filters: [], location: at(20), resource: { kind: 'resource', unit: 'template.yaml', id: 'R', attribute: 'Arn' }, ...rest });
const setUp = (made: Resource, one: Trigger, extra: Partial<ServerlessFunction> = {}, code = 'export const handler = async () => 1;') => project({ 'a.js': code }, [deployed('F', 'a.js', { triggers: [one], ...extra })], [made]);
const messages = (...args: Parameters<typeof setUp>) => [...rule.check({ view: setUp(...args).fn, options: {} })].map(({ message }) => message);

describe('redrive', () => {
  it.each<[Value, string]>([
    [object([]), 'none'], [object([], true), 'unknown'], [object([['RedrivePolicy', object([['maxReceiveCount', lit(5)]])]]), 'set'], [object([['redrive_policy', { kind: 'unknown', reason: 'x' }]]), 'set'],
    [object([['deadLetterQueue', { kind: 'literal', value: undefined }]]), 'none'], [object([['dlq', lit('arn')]]), 'set'],
  ])('%j: %s', (properties, expected) => {
    const queue = resource('queue', properties);
    expect(redriveOf(setUp(queue, trigger('queue', 'SQS')).project, queue)).toBe(expected);
  });
});

describe('no-unbounded-concurrency', () => {
  const bare = resource('queue', object([]));
  const safe = resource('queue', object([['RedrivePolicy', object([])]]));
  const sql = "import { Client } from 'pg';\nexport const handler = async () => { const c = new Client(); await c.query('insert into a values (1)'); };";

  it('asks queues of SQS for a redrive policy', () => {
    expect(messages(bare, trigger('queue', 'SQS'))).toEqual(['redrive']);
    expect(messages(safe, trigger('queue', 'SQS'))).toEqual([]);
    expect(messages(bare, trigger('queue', 'SQS', { enabled: false }))).toEqual([]);
    expect(messages(bare, trigger('queue', 'storageQueue'), { platform: 'azure' })).toEqual([]);
    expect(messages(bare, trigger('queue', 'queue'), { platform: 'cloudflare' })).toEqual(['drops']);
  });

  it('asks writers of databases for a bound', () => {
    expect(messages(safe, trigger('queue', 'SQS'), {}, sql)).toEqual(['database']);
    expect(messages(safe, trigger('queue', 'SQS', { maximumConcurrency: 3 }), {}, sql)).toEqual([]);
    expect(messages(safe, trigger('queue', 'SQS'), { reservedConcurrency: { value: 5, location: at(9) } }, sql)).toEqual([]);
    expect(messages(safe, trigger('http', 'Api'), {}, sql)).toEqual([]);
    expect(messages(safe, trigger('queue', 'SQS'), {}, sql.replace('insert into a values (1)', 'select * from a'))).toEqual([]);
    expect(messages(safe, trigger('queue', 'SQS'), {}, sql.replace("'insert into a values (1)'", 'process.env.STATEMENT'))).toEqual(['database']);
  });

  it('sees what takes the platform\'s protection away', () => {
    expect(messages(safe, trigger('queue', 'SQS'), { recursiveLoop: { value: 'Allow', location: at(8) } })).toEqual(['allow']);
    expect(messages(safe, trigger('queue', 'SQS'), { recursiveLoop: { value: 'Terminate', location: at(8) } })).toEqual([]);
    expect(messages(safe, trigger('queue', 'SQS'), {}, "import { SQSClient } from '@aws-sdk/client-sqs';\nconst q = new SQSClient({});\nq.middlewareStack.remove('recursionDetectionMiddleware');\nexport const handler = async () => q;")).toEqual(['detection']);
  });

  it('sees a state machine that never gives up', () => {
    const machine = (attempts: number) => resource('stateMachine', object([['Definition', object([['States', object([['Work', object([['Retry', { kind: 'array', items: [object([['MaxAttempts', lit(attempts)]])], open: false }]])]])]])]]));
    const of = (attempts: number) => setUp(machine(attempts), trigger('stateMachine', 'StepFunctions'));
    expect(endlessRetry(of(99_999).project, of(99_999).fn.fn)?.attempts).toBe(99_999);
    expect(messages(machine(99_999), trigger('stateMachine', 'StepFunctions'))).toEqual(['forEver']);
    expect(messages(machine(6), trigger('stateMachine', 'StepFunctions'))).toEqual([]);
  });
});
