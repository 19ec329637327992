import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { functionsJson, functionsText } from '../../src/report/functions.ts';
import { literal } from '../../src/model/value.ts';
import { jsonReport } from '../../src/report/json.ts';
import { at, deployed, finding, plain, result, rich } from './sample.ts';

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

test('a function carries what starts it, who may call it and what it runs with', () => {
  const fn = deployed({
    platform: 'google', generation: 'gen2', timeoutUnknown: true, reservedConcurrency: { value: 5, location: at('t.yaml', 1) }, packaging: { form: 'folder', tool: 'sam', folder: 'src', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
    destinations: [{ kind: 'onFailure', target: literal('dead'), location: at('t.yaml', 8) }],
    triggers: [
      { kind: 'bucket', source: 'S3', filters: [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [{ prefix: literal('in/'), suffix: literal('.csv') }] }], resource: literal('drop'), maximumRetryAttempts: 2 },
      { kind: 'queue', source: 'SQS', filters: [{ kind: 'records', patterns: [literal('x')] }], resource: literal('jobs'), batchSize: 10, partialBatchResponse: true, maximumConcurrency: 4 },
      { kind: 'http', source: 'Api', filters: [{ kind: 'route', method: 'GET', path: '/a' }], auth: { kind: 'authorizer', authorizer: literal('Check'), location: at('t.yaml', 5) }, handlerExport: 'handler' },
      { kind: 'schedule', source: 'Schedule', filters: [], schedule: literal('rate(1 day)') },
    ],
  });
  const data = parse(functionsJson(result({ functions: [fn] }), plain));
  expect(validate({ ...parse(jsonReport(result({ functions: [fn] }), plain)) }), JSON.stringify(validate.errors)).toBe(true);
  expect(data['functions']).toEqual([{
    name: 'Orders', id: 'template.yaml#Orders', unit: 'template.yaml', platform: 'google', generation: 'gen2', handlers: [{ file: 'src/orders.ts', export: 'handler', kind: 'default' }],
    triggers: [
      { kind: 'bucket', source: 'S3', resource: 'drop', maximumRetryAttempts: 2, filters: [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [{ prefix: 'in/', suffix: '.csv' }] }] },
      { kind: 'queue', source: 'SQS', resource: 'jobs', batchSize: 10, partialBatchResponse: true, maximumConcurrency: 4, filters: [{ kind: 'records' }] },
      { kind: 'http', source: 'Api', handlerExport: 'handler', auth: { kind: 'authorizer', authorizer: 'Check', file: 't.yaml', line: 5 }, filters: [{ kind: 'route', method: 'GET', path: '/a' }] },
      { kind: 'schedule', source: 'Schedule', schedule: 'rate(1 day)' },
    ],
    declaredAt: [{ file: 'template.yaml', line: 4 }], timeoutSeconds: 30, timeoutUnknown: true, memoryMb: 256, runtime: 'nodejs22.x', reservedConcurrency: 5,
    packaging: { form: 'folder', tool: 'sam', folder: 'src' }, environment: ['TOKEN'], destinations: [{ kind: 'onFailure', target: 'dead', file: 't.yaml', line: 8 }], foundBy: 'infrastructure',
  }]);
  expect(validate({ ...parse(jsonReport(result(), plain)), functions: [{ ...(data['functions'] as object[])[0], triggers: [{ kind: 'http', auth: { kind: 'maybe' } }] }] })).toBe(false);
  const text = functionsText(result({ functions: [fn] }), { color: false });
  expect(text).toContain('Orders  google gen2, nodejs22.x, 256 MB, 30 s\n');
  for (const line of ['bucket drop, in/*.csv', 'queue jobs, filtered, batches of 10', 'http GET /a, by the authorizer Check', 'schedule rate(1 day)']) expect(text).toContain(`    trigger   ${line}\n`);
});

test('the text names what is open, and counts places beyond three', () => {
  const route = { kind: 'http', source: 'url', filters: [{ kind: 'route', method: '*', path: '*' }] } as const;
  const { timeoutSeconds, ...rest } = deployed({ timeoutUnknown: true, declaredAt: [1, 2, 3, 4, 5].map((line) => at('t.yaml', line)), triggers: [{ ...route, auth: { kind: 'none' } }, { ...route, auth: { kind: 'identity' }, enabled: false }] });
  expect(timeoutSeconds?.value).toBe(30);
  const text = functionsText(result({ functions: [rest] }), { color: false });
  expect(text).toContain('aws, nodejs22.x, 256 MB, timeout not known\n');
  expect(text).toContain('    trigger   http any route, open to anybody\n    trigger   http any route, signed in, disabled\n    declared  t.yaml:1, t.yaml:2, t.yaml:3 and 2 more\n');
});
