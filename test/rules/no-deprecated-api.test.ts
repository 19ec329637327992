import { describe, expect, it } from 'vitest';
import { deprecatedCall, deprecatedPackage } from '../../src/catalog/deprecated-apis.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import type { FunctionView } from '../../src/model/project.ts';
import rule from '../../rules/no-deprecated-api.ts';
import { deployed, project } from '../support/memory.ts';

const location = { file: 'template.yaml', line: 5, column: 1, endLine: 5, endColumn: 9 };

function messages(code: string, extra: Partial<ServerlessFunction> = {}, date = '2026-11-21'): readonly string[] {
  const { fn } = project({ 'a.js': code }, [deployed('A', 'a.js', extra)]);
  const view = { fn: fn.fn, project: { ...fn.project, date }, calls: fn.calls.bind(fn) } as unknown as FunctionView;
  return [...rule.check({ view: Object.assign(Object.create(fn) as FunctionView, { project: view.project }), options: {} })].map((report) => report.message);
}

const on = (runtime: string): Partial<ServerlessFunction> => ({ runtime: { value: runtime, location } });
const gen1: Partial<ServerlessFunction> = { platform: 'firebase', generation: 'gen1', triggers: [{ kind: 'document', filters: [], source: 'firestore' }] };

const extension: Partial<ServerlessFunction> = { platform: 'firebase', generation: 'gen2', declaredAt: [{ ...location, file: 'resize/extension.yaml' }] };

describe('no-deprecated-api', () => {
  it.each<[string, string, Partial<ServerlessFunction>, string, string[]]>([
    ['before the end of support', "const AWS = require('aws-sdk'); exports.handler = async () => new AWS.S3();", {}, '2025-03-11', ['told']],
    ['half a year before', "const AWS = require('aws-sdk'); exports.handler = async () => new AWS.S3();", {}, '2025-03-12', ['ending']],
    ['the day itself', "const AWS = require('aws-sdk'); exports.handler = async () => new AWS.S3();", {}, '2025-09-08', ['ended']],
    ['no day announced', "const a = require('azure-storage'); exports.handler = async () => a.createTableService();", {}, '2026-11-21', ['deprecated']],
    ['a trigger of the first generation', 'exports.handler = async () => 1;', gen1, '2026-11-21', ['told']],
    ['half a year before its last runtime goes', 'exports.handler = async () => 1;', gen1, '2027-05-04', ['ending']],
    ['after it', 'exports.handler = async () => 1;', gen1, '2027-10-31', ['ended']],
    ['users have no trigger of the second generation', 'exports.handler = async () => 1;', { ...gen1, triggers: [{ kind: 'auth', filters: [], source: 'auth.user.onCreate' }] }, '2027-10-31', []],
    ['nothing known of the triggers', 'exports.handler = async () => 1;', { ...gen1, triggers: [] }, '2027-10-31', []],
    ['a callback that is refused', 'exports.handler = (event, context, done) => done(null, 1);', on('nodejs24.x'), '2026-11-21', ['refused']],
    ['a callback that still works', 'exports.handler = (event, context, done) => done(null, 1);', on('nodejs22.x'), '2026-11-21', ['told']],
    ['a runtime that is not known', 'exports.handler = (event, context, done) => done(null, 1);', {}, '2026-11-21', []],
    ['a third parameter that nobody uses', 'exports.handler = (event, context, done) => Promise.resolve(1);', on('nodejs24.x'), '2026-11-21', []],
    ['wrapped', 'const wrap = require("wrap"); const run = (event, context, done) => done(null, 1); exports.handler = wrap(run);', on('nodejs24.x'), '2026-11-21', []],
    ['a function of an extension, long before', 'exports.handler = async () => 1;', extension, '2026-10-01', ['told']],
    ['a function of an extension, half a year before', 'exports.handler = async () => 1;', extension, '2026-10-02', ['ending']],
    ['an Azure function of model v3', 'exports.handler = async () => 1;', { platform: 'azure', generation: 'v3' }, '2026-11-21', ['told']],
    ['an Azure function of model v4', 'exports.handler = async () => 1;', { platform: 'azure', generation: 'v4' }, '2026-11-21', []],
  ])('%s', (_title, code, extra, date, expected) => {
    expect(messages(code, extra, date)).toEqual(expected);
  });

  it('knows packages by their whole name and calls by their module', () => {
    expect(deprecatedPackage('aws-sdk')?.ends).toBe('2025-09-08');
    expect(deprecatedPackage('aws-sdk-client-mock')).toBeUndefined();
    expect(deprecatedCall({ module: 'firebase-functions', path: ['config'] })?.name).toBe('functions.config()');
    expect(deprecatedCall({ module: 'firebase-functions/v1', path: ['config'] })?.name).toBe('functions.config()');
    expect(deprecatedCall({ module: 'firebase-functions', path: ['params', 'config'] })).toBeUndefined();
    expect(deprecatedCall({ module: 'config', path: ['config'] })).toBeUndefined();
  });
});
