import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-invocation-cycle.ts';
import type { Resource, ServerlessFunction, Trigger } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

const head = `import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'; const sqs = new SQSClient({});
const send = (url, body) => sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(body) }));\n`;
const queue = (id: string): Resource => ({ id: `template.yaml#${id}`, unit: 'template.yaml', logicalId: id, kind: 'queue', type: 'queue', physicalName: literal(id.toLowerCase()), location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }, properties: { kind: 'object', entries: [], open: false } });
const listens = (id: string): Trigger => ({ kind: 'queue', source: 'SQS', filters: [], resource: { kind: 'resource', unit: 'template.yaml', id, attribute: 'Arn' } });
const fn = (name: string, trigger: string, extra: Partial<ServerlessFunction> = {}): ServerlessFunction => deployed(name, `${name}.mjs`, { triggers: [listens(trigger)], physicalName: literal(name), ...extra });

/** What the rule says of two functions that listen to the queues A and B. */
function scan(a: string, b: string, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const body = (text: string): string => `${head}export const handler = async (event) => { const order = JSON.parse(event.Records[0].body);\n${text}\n};`;
  const { project: whole } = project({ 'a.mjs': body(a), 'b.mjs': body(b) }, [fn('a', 'A', extra), fn('b', 'B', extra)], [queue('A'), queue('B')]);
  return [...rule.check({ project: whole, options: {} })].map((report) => `${report.message}${report.guard ? ` ${report.guard.strength} ${report.guard.file}` : ''}`);
}

describe('a loop of two functions', () => {
  it('without a guard', () => expect(scan(`await send('b', order);`, `await send('a', order);`)).toEqual(['cycle']));
  it('is none without a way back', () => expect(scan(`await send('b', order);`, `await send('c', order);`)).toEqual([]));

  it('is one, whichever of several lines it goes through: the loudest way', () => {
    expect(scan(`await send('b', order);`, `if (order.first) await send('a', order); else await send('a', { ...order, last: true });`)).toEqual(['cycle']);
    expect(scan(`if (order.tries > 3) return; await send('b', { ...order, tries: order.tries + 1 });`, `if (order.first) await send('a', order); else await send('a', { id: 1 });`)).toEqual(['cycle weak a.mjs']);
    expect(scan(`await send('b', order); await send('b', { ...order, last: true });`, `await send('a', order);`)).toEqual(['cycle']);
  });

  it('ends by a counter that both hand on', () => {
    expect(scan(`if (order.tries > 3) return; await send('b', { ...order, tries: order.tries + 1 });`, `await send('a', order);`)).toEqual(['ends ends a.mjs']);
    expect(scan(`await send('b', { tries: order.tries + 1 });`, `if (order.tries > 3) return; await send('a', { tries: order.tries });`)).toEqual(['ends ends b.mjs']);
  });
  it('does not end by a counter that one of them drops', () => {
    expect(scan(`if (order.tries > 3) return; await send('b', { tries: order.tries + 1 });`, `await send('a', { id: order.id });`)).toEqual(['cycle weak a.mjs']);
  });
  it('does not end by a counter that is handed on and never moved', () => {
    expect(scan(`if (order.tries > 3) return; await send('b', { tries: order.tries });`, `await send('a', order);`)).toEqual(['cycle']);
  });

  it('ends by a check that refuses what the hop before it writes', () => {
    expect(scan(`if (order.kind !== 'new') return; await send('b', order);`, `await send('a', { kind: 'old' });`)).toEqual(['ends ends a.mjs']);
    expect(scan(`if (order.kind === 'done') return; await send('b', order);`, `await send('a', { ...order, kind: 'done' });`)).toEqual(['ends ends a.mjs']);
  });
  it('does not end by a check of what another hop writes', () => {
    // What a itself sends to b is not what comes back to a.
    expect(scan(`if (order.kind !== 'new') return; await send('b', { kind: 'old' });`, `await send('a', { kind: 'new' });`)).toEqual(['cycle']);
  });
  it('ends by a filter of the list', () => {
    const filtered = `for (const one of JSON.parse(event.Records[0].body).list.filter((item) => item.kind === 'new')) await send('b', one);`;
    expect(scan(filtered, `await send('a', { list: [{ kind: 'old' }] });`)).toEqual(['ends ends a.mjs']);
    expect(scan(filtered, `await send('a', { list: [{ kind: 'new' }] });`)).toEqual(['cycle']);
  });
  it('that ends after many rounds is cut by the platform', () => {
    const many = `if (order.tries > 40) return; await send('b', { ...order, tries: order.tries + 1 });`;
    expect(scan(many, `await send('a', order);`)).toEqual(['cut ends a.mjs']);
    expect(scan(many, `await send('a', order);`, { recursiveLoop: { value: 'Allow', location: { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 } } })).toEqual(['ends ends a.mjs']);
  });
});
