import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-long-call-chain.ts';
import { literal } from '../../src/model/value.ts';
import { deployed, project } from '../support/memory.ts';

/** Functions f0, f1, … of which each calls the next; the last one calls nobody. */
function scan(calls: readonly ('waits' | 'hands over')[], options: { readonly maxSynchronous?: number; readonly maxAsynchronous?: number } = {}): readonly string[] {
  const names = [...calls, 'end'].map((_, index) => `f${index}`);
  const body = (index: number): string => (calls[index] === undefined ? 'return event.id;' : `await lambda.send(new InvokeCommand({ FunctionName: 'f${index + 1}', InvocationType: '${calls[index] === 'waits' ? 'RequestResponse' : 'Event'}' }));`);
  const files = Object.fromEntries(names.map((name, index) => [`${name}.mjs`, `import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'; const lambda = new LambdaClient({});\nexport const handler = async (event) => { ${body(index)} };`]));
  const { project: whole } = project(files, names.map((name) => deployed(name, `${name}.mjs`, { physicalName: literal(name) })));
  return [...rule.check({ project: whole, options: { maxSynchronous: 3, maxAsynchronous: 6, ...options } })].map((report) => `${report.message} ${String(report.data?.['count'])} ${'file' in report.at ? report.at.file : ''}`);
}
const waits = (count: number): readonly 'waits'[] => Array.from({ length: count }, () => 'waits');
const handed = (count: number): readonly 'hands over'[] => Array.from({ length: count }, () => 'hands over');

describe('a chain', () => {
  it('of four functions that wait', () => expect(scan(waits(3))).toEqual(['waits 4 f0.mjs']));
  it('of three functions that wait', () => expect(scan(waits(2))).toEqual([]));
  it('of seven functions that hand over', () => expect(scan(handed(6))).toEqual(['deep 7 f0.mjs']));
  it('of six functions that hand over', () => expect(scan(handed(5))).toEqual([]));
  it('of seven functions that wait is told once', () => expect(scan(waits(6))).toEqual(['waits 7 f0.mjs']));
  it('that waits in two short parts', () => expect(scan([...waits(2), 'hands over', ...waits(2)])).toEqual([]));
  it('that waits in its second part', () => expect(scan(['hands over', ...waits(3)])).toEqual(['waits 4 f1.mjs']));
  it('is measured by its options', () => {
    expect(scan(waits(2), { maxSynchronous: 2 })).toEqual(['waits 3 f0.mjs']);
    expect(scan(waits(3), { maxSynchronous: 4 })).toEqual([]);
    expect(scan(handed(3), { maxAsynchronous: 3 })).toEqual(['deep 4 f0.mjs']);
  });
});
