import { describe, expect, it } from 'vitest';
import { droppedRecords } from '../../src/link/queries/dropped-records.ts';
import rule from '../../rules/no-dropped-records.ts';
import { deployed, project } from '../support/memory.ts';

const view = (code: string, batchSize?: number) => project({ 'a.js': `export const handler = async (event) => { ${code} };` }, [deployed('F', 'a.js', { triggers: [{ kind: 'queue', source: 'SQS', filters: [], ...(batchSize === undefined ? {} : { batchSize }) }] })]).fn;

describe('no-dropped-records', () => {
  it.each([
    ['await fetch(event.Records[0].body);', ['first']], ['const [r] = event.Records; await fetch(r.body);', ['first']], ['const r = event.Records.shift(); await fetch(r.body);', ['first']],
    ['const [a, b] = event.Records; await fetch(a.body + b.body);', []], ['if (event.Records.length > 1) throw new Error(); await fetch(event.Records[0].body);', []],
    ['if (event.Records.length > 0) await fetch(event.Records[0].body);', ['first']], ['console.log(event.Records); await fetch(event.Records[0].body);', ['first']],
    ['await fetch(event.Records[0].body); for (const r of event.Records) await fetch(r.body);', []], ['for (const r of event.Records) { await fetch(r.body); return 1; }', ['leaves']],
    ['for (const r of event.Records) { if (!r.body) return; await fetch(r.body); }', []], ['for (const r of event.Records) { try { await fetch(r.body); } catch { return; } }', []],
    ['const { Records: list } = event; await fetch(list[0].body);', ['first']], ['const zero = 0; await fetch(event.Records.at(zero).body);', ['first']], ['const zero = 0; await fetch(event.Records[zero].body);', ['first']],
    ['await fetch(event.Records.at(event.n).body);', []], ['const { length } = event.Records; console.log(length); await fetch(event.Records[0].body);', ['first']],
    ['await fetch(event.list[0]);', []], ['return event.Records;', []],
  ])('%s', (code, expected) => {
    expect(droppedRecords(view(code)).map(({ kind }) => kind)).toEqual(expected);
  });

  it('asks for the size of the batch', () => {
    const messages = (size?: number) => [...rule.check({ view: view('await fetch(event.Records[0].body);', size), options: {} })].map(({ data }) => data?.['size']);
    expect([messages(), messages(5), messages(1)]).toEqual([['10 (the default)'], [5], []]);
  });
});
