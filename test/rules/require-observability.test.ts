import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import rule from '../../rules/require-observability.ts';
import { analyze } from '../../src/analyze.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';
import { listProjects, readAnnotations } from '../support/fixture.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const location = { file: 'template.yaml', line: 5, column: 1, endLine: 5, endColumn: 9 };
const all = rule.options.ask.default;

function missing(code: string, extra: Partial<ServerlessFunction> = {}, ask: readonly string[] = all): readonly string[] {
  const { fn } = project({ 'a.js': code }, [deployed('A', 'a.js', extra)]);
  return [...rule.check({ view: fn, options: { ask } })].flatMap((report) => String(report.data?.['missing']).split('; '));
}

const plain = 'exports.handler = async () => 1;';
const silent = "exports.handler = async () => { try { await fetch('https://a.example.com'); } catch { return 0; } };";
const on = { tracing: { value: true, location } };

describe('require-observability', () => {
  it.each<[string, string, Partial<ServerlessFunction>, readonly string[], string[]]>([
    ['nothing is there', plain, {}, all, ['tracing is off', 'its logs are kept for ever']],
    ['traced', plain, on, all, ['its logs are kept for ever']],
    ['only some things are asked for', plain, {}, ['tracing'], ['tracing is off']],
    ['nothing is asked for', silent, {}, [], []],
    ['a schedule', plain, { ...on, triggers: [{ kind: 'schedule', source: 'Schedule', filters: [] }] }, ['failures'], ['failed events of Schedule go nowhere']],
    ['a schedule with a destination', plain, { triggers: [{ kind: 'schedule', source: 'Schedule', filters: [] }], destinations: [{ kind: 'onFailure', target: { kind: 'literal', value: 'x' } }] }, ['failures'], []],
    ['a destination for successes is none', plain, { triggers: [{ kind: 'topic', source: 'SNS', filters: [] }], destinations: [{ kind: 'onSuccess', target: { kind: 'literal', value: 'x' } }] }, ['failures'], ['failed events of SNS go nowhere']],
    ['HTTP', plain, { triggers: [{ kind: 'http', source: 'HttpApi', filters: [] }] }, ['failures'], []],
    ['another platform', plain, { platform: 'google', triggers: [{ kind: 'topic', source: 'pubsub', filters: [] }] }, all, []],
    ['known by its own code only', silent, { foundBy: 'evidence' }, all, []],
    ['an error kept', silent, {}, ['errors'], ['an error that is caught in a.js:1 is not logged']],
    ['an error logged', silent.replace('return 0', "console.error('no answer')"), {}, ['errors'], []],
    ['a format that cannot say', plain, { declaredAt: [{ ...location, file: 'serverless.yml' }] }, all, []],
    ['switched off where the format can', plain, { declaredAt: [{ ...location, file: 'serverless.yml' }], tracing: { value: false, location } }, all, ['tracing is off']],
  ])('%s', (_title, code, extra, ask, expected) => { expect(missing(code, extra, ask)).toEqual(expected); });

  // A near miss may have an info elsewhere; here it is the whole of what the rule says.
  it.each(listProjects(fixtures).filter((one) => one.rule === 'require-observability'))('$name: near misses have no finding at all', async ({ dir }) => {
    const result = await analyze({ root: dir, paths: [dir], preset: 'all', rules: ['require-observability'], bundles: false, date: '2026-11-21', config: false });
    const quiet = readAnnotations(dir).filter((one) => one.expect === 'quiet').map((one) => `${one.file}:${one.line}`);
    expect(result.findings.map((finding) => `${finding.file}:${finding.line}`).filter((place) => quiet.includes(place))).toEqual([]);
  });
});
