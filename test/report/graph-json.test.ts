import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { graphJson } from '../../src/report/graph-json.ts';
import { everything, hostile } from './graph-sample.ts';
import { plain } from './sample.ts';

const validate = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync('schema/graph.json', 'utf8')) as object);

test('the JSON of one of everything', async () => { await expect(graphJson(everything, plain)).toMatchFileSnapshot('snapshots/graph.json'); });

describe('the contract', () => {
  it('holds for whatever names', () => {
    for (const picture of [everything, hostile]) {
      validate(JSON.parse(graphJson(picture, plain)));
      expect(validate.errors).toBeNull();
    }
  });

  it('refuses a kind, a certainty and a key that it does not know', () => {
    const good = JSON.parse(graphJson(everything, plain)) as { nodes: { kind: string }[]; edges: { certainty: string }[] };
    for (const bad of [
      { ...good, nodes: good.nodes.map((item) => ({ ...item, kind: 'lambda' })) }, { ...good, edges: good.edges.map((item) => ({ ...item, certainty: 'maybe' })) },
      { ...good, nodes: good.nodes.map((item) => ({ ...item, extra: 1 })) }, { ...good, loops: undefined },
    ]) expect(validate(JSON.parse(JSON.stringify(bad)))).toBe(false);
  });

  it('reads back as the same names', () => {
    const { nodes } = JSON.parse(graphJson(hostile, plain)) as { nodes: { label: string }[] };
    expect(nodes.map((item) => item.label)).toEqual(hostile.nodes.map((item) => item.label));
    expect(graphJson(hostile, plain)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });
});
