import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import rule from '../../rules/no-oversized-bundle.ts';
import { discover } from '../../src/discover/discover.ts';
import { measure } from '../../src/measure/measure.ts';
import type { BundleResult } from '../../src/model/finding.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import type { FunctionView, ProjectView } from '../../src/model/project.ts';
import type { Report, RuleOptions } from '../../src/rule.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { fn, folderFn, pack, project } from '../measure/tree.ts';
import type { Tree } from '../measure/tree.ts';

const defaults: RuleOptions = Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));

/** The rule over hand-made bundles: nothing of a project but what the rule reads. */
function check(functions: readonly ServerlessFunction[], bundles: readonly BundleResult[], options: RuleOptions = {}): readonly Report[] {
  const view: ProjectView = {
    functions: [], infrastructure: { functions, resources: [], gaps: [], files: [], problems: [] }, bundles, resources: new Map(), gaps: [],
    facts: () => undefined, location: () => { throw new Error('not needed'); }, whole: true, date: '2026-11-21',
  };
  const location = view.location;
  const functionViews = functions.map((item): FunctionView => ({
    fn: item, project: view, bodies: () => [], calls: () => [], value: () => ({ kind: 'unknown', reason: '' }), values: () => [], location,
  }));
  return [...rule.check({ project: { ...view, functions: functionViews }, options: { ...defaults, ...options } })];
}

const MB = 1_000_000;
const bundle = (bytes: number, over: Partial<BundleResult> = {}): BundleResult =>
  ({ function: 'app', id: 'template.yaml#app', status: 'measured', bytes, zippedBytes: Math.round(bytes / 8), contributors: [], package: 'p', ...over });
const on = (platform: ServerlessFunction['platform']): ServerlessFunction => fn('app', { platform });

describe('reports', () => {
  const cases: readonly { readonly title: string; readonly target?: ServerlessFunction; readonly bundle: BundleResult; readonly options?: RuleOptions; readonly message: string; readonly severity?: string }[] = [
    { title: 'one byte over Lambda’s limit', bundle: bundle(262_144_001), message: 'overLimit' },
    { title: 'far over the limit', bundle: bundle(900 * MB), message: 'overLimit' },
    { title: 'over the limit by an estimate', bundle: bundle(900 * MB, { assumptions: ['measured with esbuild'] }), message: 'overLimit', severity: 'warning' },
    { title: 'over the limit with a layer that is not counted', bundle: bundle(300 * MB, { notCounted: ['layer x'] }), message: 'overLimit' },
    { title: 'over the limit in a folder', target: folderFn('app', 'f'), bundle: bundle(300 * MB), message: 'overLimit' },
    { title: 'over Vercel’s limit', target: on('vercel'), bundle: bundle(300 * MB), message: 'overLimit', severity: 'warning' },
    { title: 'over Google’s limit of the first generation', target: on('google'), bundle: bundle(600 * MB), message: 'overLimit', severity: 'warning' },
    { title: 'over the Workers limit', target: on('cloudflare'), bundle: bundle(70 * MB), message: 'overLimit', severity: 'warning' },
    { title: 'over the function’s own error budget', bundle: bundle(6 * MB, { budget: { errorBytes: 5 * MB } }), message: 'overErrorBudget' },
    { title: 'over the function’s own budget, whatever the option says', bundle: bundle(6 * MB, { budget: { warnBytes: 5 * MB } }), options: { warnBytes: 50 * MB }, message: 'overBudget' },
    { title: 'over an own error budget', bundle: bundle(6 * MB), options: { errorBytes: 5 * MB }, message: 'overErrorBudget' },
    { title: 'over an own error budget, on a platform without limit', target: on('netlify'), bundle: bundle(6 * MB), options: { errorBytes: 5 * MB }, message: 'overErrorBudget' },
    { title: 'over the limit and over an own error budget, once', bundle: bundle(300 * MB), options: { errorBytes: 5 * MB }, message: 'overErrorBudget' },
    { title: 'one byte over the default budget', bundle: bundle(20 * MB + 1), message: 'overBudget' },
    { title: 'at the limit exactly, over the budget', bundle: bundle(262_144_000), message: 'overBudget' },
    { title: 'over an own budget', bundle: bundle(101), options: { warnBytes: 100 }, message: 'overBudget' },
    { title: 'over the budget, where the error budget is higher than the limit', bundle: bundle(300 * MB), options: { errorBytes: 400 * MB }, message: 'overBudget' },
    { title: 'over the budget on a platform with no known limit', target: on('netlify'), bundle: bundle(280 * MB), message: 'overBudget' },
    { title: 'over the budget by an estimate', bundle: bundle(30 * MB, { assumptions: ['a'] }), message: 'overBudget', severity: 'warning' },
    { title: 'over the budget with no archive size', bundle: { function: 'app', id: 'template.yaml#app', status: 'measured', bytes: 160 * MB }, message: 'overBudget' },
    { title: 'an archive too big to upload', bundle: bundle(100 * MB, { zippedBytes: 52_428_801 }), message: 'overUpload' },
    { title: 'an archive too big to upload, with the budget off', bundle: bundle(100 * MB, { zippedBytes: 60 * MB }), options: { warnBytes: 0 }, message: 'overUpload' },
    { title: 'over the limit rather than its archive', bundle: bundle(300 * MB, { zippedBytes: 60 * MB }), message: 'overLimit' },
  ];
  it.each(cases)('$title', ({ target = fn('app'), bundle: result, options, message, severity }) => {
    const reports = check([target], [result], options);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ message, at: { file: 'template.yaml', line: 5 }, functions: ['app'], data: { function: 'app', bytes: result.bytes } });
    expect(reports[0]?.severity).toBe(severity);
    expect((reports[0]?.assumptions ?? []).length > 0).toBe(severity !== undefined);
  });
});

describe('stays quiet', () => {
  const cases: readonly { readonly title: string; readonly target?: ServerlessFunction; readonly bundle: BundleResult; readonly options?: RuleOptions }[] = [
    { title: 'a small package', bundle: bundle(1_000) },
    { title: 'at the default budget exactly', bundle: bundle(20 * MB) },
    { title: 'below an own higher budget', bundle: bundle(60 * MB), options: { warnBytes: 100 * MB } },
    { title: 'with the budget off', bundle: bundle(200 * MB, { zippedBytes: 20 * MB }), options: { warnBytes: 0 } },
    { title: 'at the limit exactly, budget off', bundle: bundle(262_144_000, { zippedBytes: 1 }), options: { warnBytes: 0 } },
    { title: 'an archive at the upload limit exactly', bundle: bundle(60 * MB, { zippedBytes: 52_428_800 }), options: { warnBytes: 0 } },
    { title: 'a big archive where nothing is uploaded as on Lambda', target: on('google'), bundle: bundle(80 * MB, { zippedBytes: 60 * MB }), options: { warnBytes: 0 } },
    { title: 'no known limit, budget off', target: on('netlify'), bundle: bundle(900 * MB), options: { warnBytes: 0 } },
    { title: 'OpenWhisk, whose limit is of the archive', target: on('openwhisk'), bundle: bundle(900 * MB), options: { warnBytes: 0 } },
    { title: 'not measured', bundle: { function: 'app', id: 'template.yaml#app', status: 'notMeasured', reason: 'package x is not installed' }, options: { warnBytes: 1 } },
    { title: 'not measured, though a number came along', bundle: bundle(900 * MB, { status: 'notMeasured' }) },
    { title: 'measured without a number', bundle: { function: 'app', id: 'template.yaml#app', status: 'measured' } },
    { title: 'a container image', target: fn('app', {}, { form: 'image' }), bundle: bundle(900 * MB) },
    { title: 'a bundle of no known function', bundle: bundle(900 * MB, { id: 'other.yaml#app' }) },
    { title: 'a bundle without identity', bundle: { function: 'app', status: 'measured', bytes: 900 * MB } },
    { title: 'a function that no place declares', target: fn('app', { declaredAt: [] }), bundle: bundle(900 * MB) },
    { title: 'an error budget that holds', bundle: bundle(3 * MB), options: { errorBytes: 5 * MB } },
    { title: 'budgets that are negative', bundle: bundle(3 * MB), options: { errorBytes: -1, warnBytes: -1 } },
    { title: 'an empty package', bundle: bundle(0), options: { warnBytes: 1 } },
    { title: 'copies of one package in a small bundle', bundle: bundle(1_000, { duplicates: [{ name: 'a', copies: 2, bytes: 800, savedBytes: 400 }] }) },
    { title: 'an estimate below the budget', bundle: bundle(1_000, { assumptions: ['a'] }) },
  ];
  it.each(cases)('$title', ({ target = fn('app'), bundle: result, options }) => {
    expect(check([target], [result], options)).toEqual([]);
  });
});

describe('says', () => {
  it('the three biggest parts with their chains, the copies, and the numbers', () => {
    const contributors = [['aws-sdk', 9 * MB], ['moment', 4 * MB], ['src/data.json', 2 * MB], ['tiny', 5]] as const;
    const [report] = check([fn('app')], [bundle(30 * MB, {
      contributors: contributors.map(([name, bytes]) => ({ name, bytes, chain: name.startsWith('src') ? [name] : ['src/app.ts', 'src/db.ts', name] })),
      duplicates: [{ name: 'moment', copies: 2, bytes: 4 * MB, savedBytes: MB }],
    })]);
    expect(report?.data).toEqual({
      function: 'app', size: '30.0 MB', limit: '20.0 MB', zippedSize: '3.8 MB', bytes: 30 * MB, limitBytes: 20 * MB, zippedBytes: 3_750_000,
      biggest: 'aws-sdk 9.0 MB (src/app.ts → src/db.ts → aws-sdk), moment 4.0 MB (src/app.ts → src/db.ts → moment), src/data.json 2.0 MB, 2 copies of moment (one would save 1.0 MB)',
    });
  });

  it('one finding for functions of one unit that ship the same package, in any order', () => {
    const functions = ['c', 'a', 'b'].map((name) => folderFn(name, '.'));
    const bundles = functions.map((item) => bundle(30 * MB, { function: item.name, id: item.id }));
    const reports = check(functions, bundles);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ functions: ['a', 'b', 'c'], data: { function: 'c and 2 more' } });
  });

  it('a finding each where packages or units differ', () => {
    const functions = [fn('a'), fn('b'), fn('a', { id: 'other.yaml#a', unit: 'other.yaml' })];
    const packages = ['p', 'q', 'p'];
    expect(check(functions, functions.map((item, index) => bundle(30 * MB, { function: item.name, id: item.id, package: packages[index] ?? '' })))).toHaveLength(3);
  });

  it('every placeholder of its messages from the data', () => {
    const [report] = check([fn('app')], [bundle(30 * MB)]);
    for (const { text, repair } of Object.values(rule.messages)) {
      for (const [, name] of `${text} ${repair}`.matchAll(/\{(\w+)\}/g)) expect(Object.keys(report?.data ?? {})).toContain(name);
    }
  });
});

describe('over measured projects', () => {
  const big: Tree = { 'src/app.ts': `import 'lib'; export const handler = () => 1;`, 'src/small.ts': 'export const handler = () => 1;', 'node_modules/lib/package.json': { main: 'i.js' }, 'node_modules/lib/i.js': `require('heavy')`, ...pack('heavy', 400_000) };

  it('names the package that drags the heavy one in', async () => {
    const functions = [fn('app'), fn('small')];
    const bundles = await measure(project(big).workspace, functions);
    const reports = check(functions, bundles, { warnBytes: 300_000 });
    expect(reports).toHaveLength(1);
    expect(reports[0]?.data?.['biggest']).toMatch(/^heavy 400\.\d kB \(src\/app\.ts → lib → heavy\)/);
  });

  it('says nothing of what is not installed, however low the budget', async () => {
    const functions = [fn('app')];
    const { 'node_modules/heavy/index.js': _, 'node_modules/heavy/package.json': __, ...rest } = big;
    const bundles = await measure(project(rest).workspace, functions);
    expect(bundles[0]).toMatchObject({ status: 'notMeasured', reason: 'package heavy is not installed (imported by node_modules/lib/i.js)' });
    expect(check(functions, bundles, { warnBytes: 1 })).toEqual([]);
  });
});

describe('over the fixtures', () => {
  const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/no-oversized-bundle/${name}`, import.meta.url));
  async function run(name: string, options: RuleOptions): Promise<readonly (readonly [string, string, number, readonly string[]])[]> {
    const workspace = openWorkspace(fixture(name), { root: fixture(name) });
    const { functions } = discover(workspace, { params: new Map() });
    const bundles = await measure(workspace, functions);
    return check(functions, bundles, options).map(({ message, at, functions: names }) => [message, at.file, 'line' in at ? at.line : 0, names ?? []]);
  }

  it('parcel-rates: one function drags the table in, its neighbours do not', async () => {
    expect(await run('parcel-rates', {})).toEqual([]);
    expect(await run('parcel-rates', { warnBytes: 2_000 })).toEqual([['overBudget', 'template.yaml', 13, ['QuoteFunction']]]);
  });

  it('shared-folder: one finding for the functions that ship the same folder', async () => {
    expect(await run('shared-folder', {})).toEqual([]);
    expect(await run('shared-folder', { errorBytes: 1_000 })).toEqual([['overErrorBudget', 'template.yaml', 9, ['ListFunction', 'ShowFunction']]]);
  });
});

describe('examples', () => {
  it('are loud and quiet', () => {
    expect(rule.examples.some((example) => example.reports.length > 0)).toBe(true);
    expect(rule.examples.filter((example) => example.reports.length === 0).length).toBeGreaterThan(1);
    for (const example of rule.examples) for (const message of example.reports) expect(Object.keys(rule.messages)).toContain(message);
  });
});
