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

  it('shows the change in the words of the declaration', () => {
    const change = (extra: Partial<ServerlessFunction>): unknown => {
      const { fn } = project({ 'a.js': plain }, [deployed('A', 'a.js', extra)]);
      return [...rule.check({ view: fn, options: { ask: ['tracing', 'failures'] } })].map((report) => report.data?.['change']);
    };
    const packaging = (tool: string) => ({ form: 'folder', tool, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' }) as const;
    const nightly = { triggers: [{ kind: 'schedule', source: 'Schedule', filters: [] }] } as const;
    expect(change({ packaging: packaging('sam'), ...nightly })).toEqual([' Change: `Tracing: Active`. Change: `DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt DeadLetters.Arn }`.']);
    expect(change({ packaging: packaging('cloudformation'), ...nightly })).toEqual([' Change: `TracingConfig: { Mode: Active }`. Change: `DeadLetterConfig: { TargetArn: !GetAtt DeadLetters.Arn }`.']);
    // What a stream could not deliver goes where its mapping says, not where the function does.
    expect(change({ packaging: packaging('sam'), ...on, triggers: [{ kind: 'stream', source: 'Kinesis', filters: [] }] })).toEqual(['']);
    expect(change({ declaredAt: [{ ...location, file: 'serverless.yml' }], tracing: { value: false, location: { ...location, file: 'serverless.yml', line: 9 } } })).toEqual([' Change at serverless.yml:9: `tracing: Active`.']);
    expect(change({ platform: 'cloudflare', declaredAt: [{ ...location, file: 'wrangler.toml' }], triggers: [{ kind: 'queue', source: 'queue', filters: [], location: { ...location, file: 'wrangler.toml', line: 12 } }] })).toEqual([' Change at wrangler.toml:12: `dead_letter_queue = "dead-letters"`.']);
  });

  // A near miss may have an info elsewhere; here it is the whole of what the rule says.
  it.each(listProjects(fixtures).filter((one) => one.rule === 'require-observability'))('$name: near misses have no finding at all', async ({ dir }) => {
    const result = await analyze({ root: dir, paths: [dir], preset: 'all', rules: ['require-observability'], bundles: false, date: '2026-11-21', config: false });
    const quiet = readAnnotations(dir).filter((one) => one.expect === 'quiet').map((one) => `${one.file}:${one.line}`);
    expect(result.findings.map((finding) => `${finding.file}:${finding.line}`).filter((place) => quiet.includes(place))).toEqual([]);
  });
});
