import { describe, expect, test } from 'vitest';
import { changeText } from '../../../src/catalog/iac-changes.ts';
import { formatOf, shownChange } from '../../../src/link/queries/iac-change.ts';
import type { Packaging, ServerlessFunction } from '../../../src/model/function.ts';
import { deployed } from '../../support/memory.ts';

const packaged = (tool: string): Packaging => ({ form: 'bundled', tool, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' });
const fn = (extra: Partial<ServerlessFunction> = {}): ServerlessFunction => deployed('F', 'h.ts', extra);
const at = (file: string, line = 3) => ({ file, line, column: 1, endLine: line, endColumn: 2 });

describe('the format of a file of infrastructure', () => {
  test.each<readonly [string, string, Partial<ServerlessFunction>]>([
    ['cloudformation', 'stacks/template.yaml', {}], ['cloudformationJson', 'template.json', {}], ['serverless', 'serverless.yml', {}], ['serverless', 'serverless.ts', {}],
    ['serverless', 'config/queues.yml', { unit: 'serverless.yml' }], ['terraform', 'main.tf', {}], ['cdk', 'lib/stack.ts', { packaging: packaged('cdk') }], ['cdk', 'lib/stack.ts', { packaging: packaged('esbuild') }],
    ['sst', 'sst.config.ts', { packaging: packaged('sst') }], ['pulumi', 'index.ts', { packaging: packaged('pulumi') }], ['wranglerToml', 'wrangler.toml', { platform: 'cloudflare' }], ['wranglerJson', 'wrangler.jsonc', { platform: 'cloudflare' }],
    ['openwhisk', 'manifest.yml', { platform: 'openwhisk' }], ['manifest', 'functions/package.json', { platform: 'firebase' }],
    ['architect', 'app.arc', {}], ['architect', 'src/http/get-index/config.arc', {}], ['firebase', 'firebase.json', { platform: 'firebase' }],
    ['functionJson', 'job/function.json', { platform: 'azure', foundBy: 'convention' }], ['azureCode', 'src/functions/job.ts', { platform: 'azure', foundBy: 'convention' }],
  ])('%s: %s', (format, file, extra) => expect(formatOf(fn(extra), file)).toBe(format));

  test.each<readonly [string, Partial<ServerlessFunction>]>([
    ['src/handler.ts', {}], ['lib/stack.ts', { packaging: packaged('terraform') }], ['lib/stack.ts', { packaging: packaged('cdk'), foundBy: 'convention' }], ['azuredeploy.json', { platform: 'azure' }], ['cloudbuild.yaml', { platform: 'google' }],
  ])('not known: %s', (file, extra) => expect(formatOf(fn(extra), file)).toBeUndefined());
});

describe('a change in the words of a format', () => {
  test('says where it goes when that is elsewhere', () => {
    expect(shownChange(fn(), at('template.yaml'), { set: 'partialBatchResponse' })).toBe(' Change: `FunctionResponseTypes: [ReportBatchItemFailures]`.');
    expect(shownChange(fn(), at('template.yaml', 9), { set: 'visibilitySeconds', value: 180 }, at('template.yaml'))).toBe(' Change at template.yaml:9: `VisibilityTimeout: 180`.');
    expect(shownChange(fn(), at('src/handler.ts'), { set: 'redrive' })).toBe('');
    expect(shownChange(fn(), undefined, { set: 'redrive' })).toBe('');
  });

  test('numbers and names', () => {
    expect(changeText('terraform', { set: 'timeoutSeconds', value: 29 })).toBe('timeout = 29');
    expect(changeText('cdk', { set: 'timeoutSeconds', value: 29 })).toBe('timeout: Duration.seconds(29)');
    expect(changeText('cloudformationJson', { set: 'memoryMb', value: 128 })).toBe('"MemorySize": 128');
    expect(changeText('openwhisk', { set: 'timeoutSeconds', value: 60 })).toBe('timeout: 60000');
    expect(changeText('cdk', { set: 'runtime', value: 'nodejs24.x' })).toBe('runtime: Runtime.NODEJS_24_X');
    expect(changeText('manifest', { set: 'runtime', value: 'nodejs24' })).toBe('"engines": { "node": "24" }');
    expect(changeText('architect', { set: 'runtime', value: 'nodejs24.x' })).toBe('runtime nodejs24.x');
    expect(changeText('architect', { set: 'timeoutSeconds', value: 29 })).toBe('timeout 29');
    expect(changeText('architect', { set: 'redrive' })).toBeUndefined();
    expect(changeText('firebase', { set: 'runtime', value: 'nodejs24' })).toBe('"runtime": "nodejs24"');
    expect(changeText('firebase', { set: 'timeoutSeconds', value: 60 })).toBeUndefined();
    expect(changeText('wranglerToml', { set: 'deadLetterQueue' })).toBe('dead_letter_queue = "dead-letters"');
    expect(changeText('terraform', { set: 'deadLetterQueue' })).toBeUndefined();
  });
});
