import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { functionsJson } from '../../src/report/functions.ts';
import { jsonReport } from '../../src/report/json.ts';
import { finding, plain, result, rich } from './sample.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/result.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

const parse = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

test('the JSON report of one of everything', async () => {
  await expect(jsonReport(rich, plain)).toMatchFileSnapshot('snapshots/result.json');
});

test('reports fit the published schema', () => {
  for (const one of [rich, result(), result({ functions: [], findings: [] }), result({ stats: { sourcesParsed: 3 } })]) {
    expect(validate(parse(jsonReport(one, plain))), JSON.stringify(validate.errors)).toBe(true);
  }
});

test('the schema lets unknown keys pass and refuses what is wrong', () => {
  const data = parse(jsonReport(rich, plain));
  expect(validate({ ...data, later: true })).toBe(true);
  expect(validate({ ...data, schemaVersion: 2 })).toBe(false);
  expect(validate({ ...data, files: { ...(data['files'] as object), analysed: -1 } })).toBe(false);
  const [first] = data['findings'] as object[];
  expect(validate({ ...data, findings: [{ ...first, line: 0 }] })).toBe(false);
  expect(validate({ ...data, findings: [{ ...first, file: '/etc/passwd' }] })).toBe(false);
  expect(validate({ ...data, findings: [{ ...first, severity: 'fatal' }] })).toBe(false);
  const { fingerprint, ...without } = first as { fingerprint: string };
  expect(fingerprint).toBe('aa.bb');
  expect(validate({ ...data, findings: [without] })).toBe(false);
});

test('neither the path of the machine nor values of environment variables are in the output', () => {
  for (const text of [jsonReport(rich, plain), functionsJson(rich, plain)]) {
    expect(text).not.toContain('/machine/checkout');
    expect(text).not.toContain('s3cr3t');
  }
});

test('every finding is kept, suppressed and accepted ones too', () => {
  const many = Array.from({ length: 9 }, (_, index) => finding({ line: index + 1 }));
  expect(parse(jsonReport(result({ findings: many }), plain))['findings']).toHaveLength(9);
  const findings = parse(jsonReport(rich, plain))['findings'] as { suppressed?: { reason?: string }; state?: string }[];
  expect(findings.map((item) => item.suppressed?.reason ?? item.state)).toEqual([undefined, 'introduced', 'accepted until March', 'preexisting']);
});

test('what a terminal would obey is escaped and reads back unchanged', () => {
  const message = 'a\x1b[31m\u202e\x9b\u2028\ud800 "quoted" \n😀';
  const text = jsonReport(result({ findings: [finding({ message })] }), plain);
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]/);
  expect((parse(text)['findings'] as { message: string }[])[0]?.message).toBe(message);
});

test('functions as JSON have the same entries as in the result', () => {
  const data = parse(functionsJson(rich, plain));
  expect(data['functions']).toEqual(parse(jsonReport(rich, plain))['functions']);
  expect(data['findings']).toBeUndefined();
  expect(data['functions']).toMatchObject([{ name: 'Orders', triggers: [{ kind: 'queue', resource: 'OrdersQueue', file: 'template.yaml', line: 9 }, { kind: 'http' }], timeoutSeconds: 30, memoryMb: 256, runtime: 'nodejs22.x', declaredAt: [{ file: 'template.yaml', line: 4 }] }, { name: 'mail', foundBy: 'evidence' }]);
});
