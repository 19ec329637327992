import { describe, expect, it } from 'vitest';
import { tasksInValue } from '../../src/discover/machine-definition.ts';
import { caught, handedOn } from '../../src/discover/machine-order.ts';
import type { Value } from '../../src/model/value.ts';

function value(data: unknown): Value {
  if (Array.isArray(data)) return { kind: 'array', open: false, items: data.map(value) };
  if (typeof data === 'object' && data !== null) return { kind: 'object', open: false, entries: Object.entries(data).map(([name, one]): [string, Value] => [name, value(one)]) };
  return { kind: 'literal', value: data as string };
}

/** What tasks are given, by the function that they run; functions are texts that start with `fn:`. */
function orderOf(definition: unknown): Record<string, unknown> {
  const functions = (one: Value): readonly string[] => (one.kind === 'literal' && typeof one.value === 'string' && one.value.startsWith('fn:') ? [one.value.slice(3)] : []);
  return Object.fromEntries([...tasksInValue(value(definition), functions)].map(([fn, tasks]) => [fn, tasks.map(({ from, added, unread }) => ({ from: from.map((one) => (one.kind === 'answer' ? one.task : one.kind === 'fields' ? one.names : one.kind)), ...(added.length > 0 ? { added } : {}), ...(unread.length > 0 ? { unread } : {}) }))]));
}

const machine = (states: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ StartAt: 'A', ...more, States: states });
const a = { Type: 'Task', Resource: 'fn:a', Next: 'B' };
const b = { Type: 'Task', Resource: 'fn:b', End: true };
const between = (state: unknown) => machine({ A: { ...a, Next: 'M' }, M: state, B: b });
const invoke = (parameters: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: parameters, Next: 'B', ...more });

describe('what a task is given', () => {
  it.each<[string, unknown, unknown]>([
    ['the first what the machine was started with', machine({ A: { ...a, Next: undefined } }), [{ from: ['input'] }]],
    ['the second what the first answers', machine({ A: a, B: b }), [{ from: ['A'] }]],
    ['what a choice passes on', between({ Type: 'Choice', Choices: [{ Next: 'B' }], Default: 'C' }), [{ from: ['A'] }]],
    ['what a wait passes on', between({ Type: 'Wait', Seconds: 1, Next: 'B' }), [{ from: ['A'] }]],
    ['the result of a pass', between({ Type: 'Pass', Result: { x: 1 }, Next: 'B' }), [{ from: [['x']] }]],
    ['a field beside it', between({ Type: 'Pass', Result: { x: 1 }, ResultPath: '$.more', Next: 'B' }), [{ from: ['A'], added: ['more'] }]],
    ['what a service answers', between({ Type: 'Task', Resource: 'arn:aws:states:::dynamodb:getItem', Parameters: {}, Next: 'B' }), [{ from: ['other'] }]],
    ['nothing of a service whose result is dropped', between({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: {}, ResultPath: null, Next: 'B' }), [{ from: ['A'] }]],
    ['what code that is not read hands on', between({ Type: 'Task', Resource: 'arn:aws:lambda:eu-west-1:1:function:other', Next: 'B' }), [{ from: ['A'], unread: ['M'] }]],
    ['what such code was given by name', between({ Type: 'Task', Resource: 'arn:aws:lambda:eu-west-1:1:function:other', Parameters: { 'x.$': '$.x' }, Next: 'B' }), [{ from: [['x']], unread: ['M'] }]],
    ['an answer of the API of Lambda', between(invoke({ FunctionName: 'fn:c', 'Payload.$': '$' })), [{ from: [['ExecutedVersion', 'FunctionError', 'LogResult', 'Payload', 'SdkHttpMetadata', 'SdkResponseMetadata', 'StatusCode']] }]],
    ['the payload of it', between(invoke({ FunctionName: 'fn:c', 'Payload.$': '$' }, { OutputPath: '$.Payload' })), [{ from: ['M'] }]],
    ['what is selected of it', between(invoke({ FunctionName: 'fn:c' }, { ResultSelector: { 'id.$': '$.Payload.id' } })), [{ from: [['id']] }]],
    ['what comes back with a token', between({ ...invoke({ FunctionName: 'fn:c' }, { OutputPath: '$.Payload' }), Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }), [{ from: ['other'] }]],
    ['a part of it', between({ Type: 'Pass', InputPath: '$.x', Next: 'B' }), [{ from: ['other'] }]],
    ['what goes round a failure', machine({ A: { ...a, Catch: [{ Next: 'B', ResultPath: '$.failure' }] }, B: b }), [{ from: ['A', 'input'], added: ['failure'] }]],
    ['a failure', machine({ A: { ...a, Next: 'C', Catch: [{ Next: 'B' }] }, B: b, C: { Type: 'Succeed' } }), [{ from: [['Cause', 'Error']] }]],
    ['rounds', machine({ A: a, B: { ...b, Next: 'W' }, W: { Type: 'Wait', Next: 'B' } }), [{ from: ['A', 'B'] }]],
    ['a branch what the parallel state is given', machine({ A: { ...a, Next: 'M' }, M: { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: b } }], End: true } }), [{ from: ['A'] }]],
    ['an item of a map', machine({ A: { ...a, Next: 'M' }, M: { Type: 'Map', ItemProcessor: { StartAt: 'B', States: { B: b } }, End: true } }), [{ from: ['other'] }]],
    ['an output of JSONata', machine({ A: { ...a, Output: '{% $states.input %}' }, B: b }, { QueryLanguage: 'JSONata' }), [{ from: ['input'] }]],
    ['a computed output of JSONata', machine({ A: { ...a, Output: '{% $merge([$states.input, {}]) %}' }, B: b }, { QueryLanguage: 'JSONata' }), [{ from: ['other'] }]],
  ])('%s', (_name, definition, expected) => {
    const order = orderOf(definition);
    expect(order['b'] ?? order['a']).toEqual(expected);
  });

  it('is not told of a function that is named elsewhere as well', () => {
    expect(orderOf(machine({ A: a, B: { ...b, Comment: 'fn:b' } }))).toEqual({ a: [{ from: ['input'] }] });
  });

  it('is not told without a start', () => {
    expect(orderOf({ States: { A: a, B: b } })).toEqual({});
  });
});

describe('what a state hands on', () => {
  it('drops everything with a null output path', () => expect(handedOn({ kind: 'answer' }, { wrapped: false, outputPath: null })).toEqual({ kind: 'fields', names: [] }));
  it('is not known behind another path', () => expect(handedOn({ kind: 'answer' }, { wrapped: false, outputPath: '$.x' })).toEqual({ kind: 'other' }));
  it('keeps the input where a failure is dropped', () => expect(caught(null)).toEqual({ kind: 'input' }));
});
