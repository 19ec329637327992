import { readFileSync } from 'node:fs';
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { warnings } from '../../src/catalog/warnings.ts';
import type { ScanResult } from '../../src/model/finding.ts';
import type { FunctionProfile } from '../../src/model/profile.ts';
import { escapeMarkdown } from '../../src/report/escape.ts';
import { risksOf } from '../../src/check/risks.ts';
import { risksJson } from '../../src/report/risks-json.ts';
import { risksMarkdown } from '../../src/report/risks-markdown.ts';
import { risksText } from '../../src/report/risks-text.ts';
import { deployed, finding, plain, result } from './sample.ts';

const hostile = 'x"|\n## y <img src=x> [a](b) `c` \u001b[31m\u202e @team';

const profile = (id: string, extra: Partial<FunctionProfile> = {}): FunctionProfile => ({
  id: `template.yaml#${id}`, portability: { portableShare: 0.75, modules: 4, tied: [{ file: 'src/store.ts', providers: ['AWS'], packages: ['@aws-sdk/client-dynamodb'] }] },
  granularity: { routes: 2, resources: ['#template.yaml#Table'], characters: 4_000 },
  requests: [
    { service: 'dynamodb', operation: 'PutItem', kind: 'write', repeated: false, outside: false },
    { service: 's3', operation: 'PutObject', kind: 'write', repeated: true, outside: false },
    { service: 'http', operation: 'fetch', kind: 'request', repeated: false, outside: true },
  ], ...extra,
});

const full: ScanResult = result({
  functions: [deployed(), deployed({ id: 'template.yaml#Mail', name: 'Mail', triggers: [{ kind: 'queue', source: 'SQS', filters: [] }] }), deployed({ id: 'other.yaml#Night', name: hostile, unit: 'other.yaml', platform: 'azure', triggers: [{ kind: 'http', source: 'http', filters: [] }] })],
  findings: [
    finding(), finding({ line: 20, functions: ['Mail', 'Orders'], severity: 'warning', message: 'mkdir makes ./in.' }),
    finding({ rule: 'no-self-invocation', severity: 'warning', functions: [hostile], message: `It starts itself: ${hostile}` }),
    finding({ rule: 'no-event-dump', severity: 'info', functions: ['Mail'], message: 'Logs a part of the event.' }),
    finding({ rule: 'no-hardcoded-endpoint', severity: 'error', functions: ['Mail'], suppressed: { by: 'source' } }),
    finding({ rule: 'no-slow-init', severity: 'error', functions: ['Mail'], state: 'preexisting' }),
  ],
  bundles: [{ function: 'Orders', id: 'template.yaml#Orders', status: 'measured', bytes: 1_234_567 }, { function: 'Mail', id: 'template.yaml#Mail', status: 'notMeasured', reason: 'not installed' }],
  profiles: [profile('Orders'), profile('Mail', { portability: { portableShare: 0, modules: 1, tied: [{ file: hostile, providers: ['AWS'], packages: ['aws-sdk'] }] } }), { ...profile('Night'), id: 'other.yaml#Night' }],
});
const page = risksOf(full, '2026-11-21');

describe('formats', () => {
  test('text', async () => { await expect(risksText(page, { title: 'shop', color: false })).toMatchFileSnapshot('snapshots/risks.txt'); });
  test('Markdown', async () => { await expect(risksMarkdown(page, { title: 'shop' })).toMatchFileSnapshot('snapshots/risks.md'); });
  test('JSON', async () => { await expect(risksJson(page, plain)).toMatchFileSnapshot('snapshots/risks.json'); });

  test('the JSON is what its schema says, also of nothing', () => {
    const validate = new Ajv({ allErrors: true, strict: false }).compile(JSON.parse(readFileSync('schema/risks.json', 'utf8')) as object);
    for (const one of [page, risksOf(result({ functions: [], findings: [], profiles: [] }), '2026-11-21')]) {
      const data: unknown = JSON.parse(risksJson(one, plain));
      expect(validate(data) || validate.errors).toBe(true);
    }
    expect(validate({ schemaVersion: 2 })).toBe(false);
  });

  it('lets no name act on a terminal or as markup', () => {
    expect(risksText(page, { title: hostile, color: false })).not.toMatch(/[\u001b\u202e]/);
    const markdown = risksMarkdown(page, { title: hostile });
    expect(markdown).not.toMatch(/[\u001b\u202e]|(?<!\\)<img|(?<!\\)\[a\]\(b\)|(?<!\\)@team|^## y/m);
    expect(escapeMarkdown('- a\n1. b')).toBe('\\- a\\\\x0a1. b');
    expect(escapeMarkdown('src/a-b.ts 2 % of lib.d')).toBe('src/a-b.ts 2 % of lib.d');
  });

  it('colours severities only when asked', () => {
    expect(risksText(page, { title: 'shop', color: true })).toContain('\u001b[31merror');
  });
});

describe('the page', () => {
  it('lists what applies, the heaviest and widest first, and leaves out what is settled', () => {
    expect(page.exposed.map((one) => [one.warning.id, one.severity, one.functions])).toEqual([['disk', 'error', ['Mail', 'Orders']], ['self-denial', 'warning', [hostile]], ['leaks', 'info', ['Mail']]]);
    expect(page.exposed[0]?.ways).toMatchObject([{ rule: 'no-disk-writes', count: 2, worst: { line: 12 } }]);
    expect(page.clear.map((one) => one.id)).toContain('discovery');
    expect(page.clear.map((one) => one.id)).toContain('cold-start');
  });

  it('counts functions of one name in several units each for itself', () => {
    const twin = deployed({ id: 'other.yaml#Orders', name: 'Orders', unit: 'other.yaml' });
    const one = risksOf(result({ functions: [deployed(), twin], findings: [finding({ functionIds: ['other.yaml#Orders', 'template.yaml#Orders', 'elsewhere.yaml#Orders'] })], profiles: [] }), '2026-11-21');
    expect(one.exposed.map((exposure) => [exposure.functions, exposure.concerned])).toEqual([[['Orders'], 2]]);
    expect(risksText(one, { title: 'shop', color: false })).toContain(': 2 of 2 functions');
  });

  it('prices what a million invocations ask of AWS', () => {
    // 0.20 invocation + 1.00 API + 0.625 DynamoDB + 5.00 S3 + 256 MB for 100 ms (0.4167).
    expect(page.cost.functions.find((one) => one.name === 'Orders')).toMatchObject({ dollarsPerMillion: 7.24, requests: 2, repeated: true, largest: 'PutObject (s3)' });
    expect(page.cost.functions.map((one) => one.name)).not.toContain(hostile);
    expect([page.cost.queueMappings, page.cost.idleDollarsPerMonth]).toEqual([2, 0.52]);
    expect(page.cost.outside).toEqual(['Mail', 'Orders', hostile].sort());
  });

  it('says that the size was not looked at where no package was measured', () => {
    const none = risksOf({ ...full, bundles: full.bundles.slice(1) }, '2026-11-21');
    expect(none.clear.map((one) => one.id)).not.toContain('package');
    expect(page.clear.map((one) => one.id)).toContain('package');
  });

  it('counts who waits for an answer, and who is kept warm', () => {
    expect(page.latency).toMatchObject({ answering: 2, keptWarm: 0 });
    expect(page.latency.functions.map((one) => [one.name, one.calls])).toEqual([[hostile, 3], ['Orders', 3]]);
  });
});

describe('warnings of the documents', () => {
  it('have each rule exactly once', () => {
    const named = warnings.flatMap((warning) => warning.rules);
    expect([...named].sort()).toEqual([...new Set(named)].sort());
    expect([...named].sort()).toEqual(rules.map((rule) => rule.id).sort());
  });

  it('say how each of them is looked for', () => {
    for (const warning of warnings) expect(warning.rules.length > 0 || warning.figures !== undefined || warning.beyond !== undefined, warning.id).toBe(true);
    expect(new Set(warnings.flatMap((warning) => warning.documents))).toEqual(new Set(['000', '001', '002', '003', '004']));
    expect(new Set(warnings.map((warning) => warning.id)).size).toBe(warnings.length);
  });

  it('name the documents that their rules cite', () => {
    const cited = new Map(rules.map((rule) => [rule.id, rule.references.flatMap((reference) => reference.document ?? [])]));
    const missing = warnings.flatMap((warning) => warning.rules.filter((id) => !cited.get(id)?.some((document) => warning.documents.includes(document))).map((id) => `${warning.id}: ${id} cites ${cited.get(id)?.join(', ') ?? ''}`));
    expect(missing).toEqual([]);
  });
});
