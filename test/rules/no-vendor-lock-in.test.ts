import { describe, expect, test } from 'vitest';
import { providerOf } from '../../src/catalog/providers.ts';
import { liesIn, portabilityOf } from '../../src/link/queries/portability.ts';
import { silentNearMisses } from '../support/near-misses.ts';
import { deployed, project } from '../support/memory.ts';

test('no-vendor-lock-in: nothing is said on the lines of near misses', async () => {
  expect(await silentNearMisses('no-vendor-lock-in')).toEqual([]);
}, 60_000);

describe('providers of packages', () => {
  test.each<[string, string | undefined]>([
    ['@aws-sdk/client-s3', 'AWS'], ['aws-sdk', 'AWS'], ['aws-sdk/clients/s3', 'AWS'], ['aws-lambda', 'AWS'], ['@middy/core', 'AWS'], ['npm:@aws-sdk/client-s3', 'AWS'],
    ['@azure/functions', 'Azure'], ['azure-storage', 'Azure'], ['durable-functions', 'Azure'], ['firebase-admin/firestore', 'Firebase'], ['@google-cloud/storage', 'Google Cloud'],
    ['cloudflare:workers', 'Cloudflare'], ['@vercel/blob', 'Vercel'], ['@netlify/blobs', 'Netlify'], ['openwhisk', 'OpenWhisk'], ['@adobe/aio-lib-state', 'Adobe'], ['@ibm-cloud/cloudant', 'IBM Cloud'],
    ['aws-sdk-mock-of-mine', undefined], ['azureish', undefined], ['firebase-tools-ui', undefined], ['express', undefined], ['serverless-http', undefined], ['hono', undefined], ['pg', undefined], ['./aws-sdk', undefined],
  ])('%s', (name, provider) => { expect(providerOf(name)).toBe(provider); });
});

describe('folders and patterns', () => {
  test.each<[string, string, boolean]>([
    ['src/adapters/a.ts', 'src/adapters', true], ['src/adapters/a.ts', 'src/adapters/', true], ['src/adapters/a.ts', './src/adapters', true], ['src/adapters2/a.ts', 'src/adapters', false],
    ['src/a.ts', 'src/a.ts', true], ['src/a.adapter.ts', '**/*.adapter.ts', true], ['a.adapter.ts', '**/*.adapter.ts', true], ['src/x/a.ts', 'src/*/a.ts', true], ['src/x/y/a.ts', 'src/*/a.ts', false],
    ['src/x/y/a.ts', 'src/**/a.ts', true], ['src/a.ts', 'src/**/a.ts', true], ['packages/p/handlers/h.ts', 'packages/*/handlers', true], ['packages/p/lib/h.ts', 'packages/*/handlers', false],
    ['a.ts', '', false], ['aXb.ts', 'a*b.ts', true], ['ab.ts', 'a*b*.ts', true], ['a.ts', 'a*a.ts', false],
  ])('%s in %s', (file, pattern, expected) => { expect(liesIn(file, [pattern])).toBe(expected); });

  test('many stars take no time', () => {
    const started = performance.now();
    expect(liesIn(`${'a/'.repeat(200)}b`, [`${'**/a*a/'.repeat(60)}c`])).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test('the portable share is that of the characters of modules that speak no API of a provider', () => {
  const files = {
    'handler.ts': "import type { SQSEvent } from 'aws-lambda';\nimport { work } from './work.js';\nexport const handler = async (event) => work(event);\n",
    'work.js': `export const work = (event) => event.id;\n${'// plain\n'.repeat(40)}`,
  };
  const { fn } = project(files, [deployed('F', 'handler.ts')]);
  const { modules, portableShare } = portabilityOf(fn);
  expect(modules.map(({ file, providers, packages }) => [file, providers, packages])).toEqual([['handler.ts', ['AWS'], ['aws-lambda']], ['work.js', [], []]]);
  expect(portableShare).toBeCloseTo(files['work.js'].length / (files['work.js'].length + files['handler.ts'].length), 5);
});
