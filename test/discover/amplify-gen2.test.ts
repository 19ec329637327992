import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { Evaluator } from '../../src/link/evaluate.ts';
import { Modules } from '../../src/link/modules.ts';
import { Resolver } from '../../src/link/resolve.ts';
import type { Value } from '../../src/model/value.ts';
import { brief, declared, lit, named } from './code-support.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const unit = 'amplify/backend.ts';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });

describe('a whole Amplify project of generation 2', () => {
  const root = 'fixtures/discover/amplify-gen2';
  const workspace = openWorkspace(root, { root });
  const found = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });

  it('finds functions by entry, by default entry and as triggers', () => {
    expect(brief(found)).toEqual([
      `${unit}#greeter amplify/auth/greeter/hello.ts:handler auth`, `${unit}#nightly-sweep amplify/work/nightly/sweep.ts:handler queue,schedule,schedule`,
      `${unit}#price amplify/work/price/handler.ts:handler http`, `${unit}#shrink amplify/storage/shrink.ts:handler bucket`,
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('reads settings at their places, and what the platform gives by default', () => {
    expect(named(found, 'nightly-sweep')).toMatchObject({ timeoutSeconds: { value: 90, location: { file: 'amplify/work/nightly/resource.ts', line: 7 } }, memoryMb: { value: 1024 }, runtime: { value: 'nodejs22.x' }, declaredAt: [{ line: 3 }] });
    expect(named(found, 'price')).toMatchObject({ timeoutSeconds: { value: 3 }, memoryMb: { value: 512 } });
    expect([...named(found, 'nightly-sweep').environment]).toEqual([['LEVEL', lit('info')], ['PICTURES', ref('pictures', 'Name')]]);
  });

  it('reads triggers, also those that the backend adds with the CDK', () => {
    expect(named(found, 'nightly-sweep').triggers).toMatchObject([{ kind: 'queue', source: 'SQS', batchSize: 2, resource: ref('chores/Chores') }, { schedule: lit('rate(2 hours)') }, { schedule: lit('cron(0 9 ? * MON *)') }]);
    expect(named(found, 'greeter').triggers).toMatchObject([{ source: 'Cognito', resource: ref('auth') }]);
    expect(named(found, 'shrink').triggers).toMatchObject([{ resource: ref('pictures'), filters: [{ events: ['s3:ObjectCreated:*'] }] }]);
    expect(named(found, 'price').triggers).toMatchObject([{ source: 'AppSync', resource: ref('data', 'ApiId'), auth: { kind: 'key' } }]);
  });

  it('knows resources', () => {
    expect(found.resources.map((resource) => `${resource.logicalId} ${resource.kind}`)).toEqual(['auth other', 'chores/Chores queue', 'data api', 'pictures bucket']);
  });
});

describe('Amplify of generation 2 in parts', () => {
  it('says when an entry is not there or a callback makes the function, and needs the package', () => {
    const text = (from: string) => `import { defineBackend, defineFunction } from "${from}";\nconst lost = defineFunction({ entry: "./none.ts" });\nconst other = defineFunction((scope) => scope);\ndefineBackend({ lost, other });`;
    const found = declared({ 'amplify/backend.ts': text('@aws-amplify/backend') });
    expect(found.functions.map((fn) => [fn.name, fn.handlers])).toEqual([['lost', []]]);
    expect(found.gaps.map((gap) => [gap.kind, gap.line])).toEqual([['handler', 2], ['handler', 3]]);
    expect(declared({ 'amplify/backend.ts': text('./own') })).toMatchObject({ functions: [], gaps: [] });
  });

  it('reads functions that callbacks make with the CDK, and none of other languages', () => {
    const made = (name: string, runtime: string, more = ''): string => `export const ${name} = defineFunction((scope) => new Function(scope, 'Own', { runtime: Runtime.${runtime}, handler: 'own.run', code: Code.fromAsset('work'), timeout: Duration.seconds(45)${more} }));\n`;
    const found = declared({
      'work/own.ts': 'export const run = async () => 1;', 'amplify/sorter/resource.ts': `import { defineFunction } from '@aws-amplify/backend'; import { Duration } from 'aws-cdk-lib'; import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';\n`
        + made('sorter', 'NODEJS_22_X') + made('learner', 'PYTHON_3_12'),
      'amplify/backend.ts': `import { defineBackend, defineStorage } from '@aws-amplify/backend'; import { EventType } from 'aws-cdk-lib/aws-s3'; import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { learner, sorter } from './sorter/resource'; const storage = defineStorage({ name: 'pictures' }); const backend = defineBackend({ storage, sorter, learner });
backend.storage.resources.bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(backend.sorter.resources.lambda));`,
    });
    expect(brief(found)).toEqual([`${unit}#sorter work/own.ts:run bucket`]);
    expect(named(found, 'sorter')).toMatchObject({ timeoutSeconds: { value: 45 }, declaredAt: [{ file: 'amplify/sorter/resource.ts', line: 2 }] });
    expect(found.gaps).toEqual([]);
  });

  it('takes the module that is written at deployment for the environment of a function', () => {
    const workspace = memoryWorkspace({
      'amplify/tsconfig.json': '{ "compilerOptions": { "paths": { "$amplify/*": ["../.amplify/generated/*"] } } }',
      'amplify/work/handler.ts': 'import { env } from "$amplify/env/work";\nimport { env as other } from "$amplify/other";\nexport const where = env.BUCKET;\nexport const what = other.BUCKET;',
    });
    const evaluator = new Evaluator(new Modules(createFactsLoader(workspace), new Resolver(workspace)), new Map([['BUCKET', lit('photos') as Value]]), () => []);
    expect(evaluator.exportValue('amplify/work/handler.ts', 'where')).toEqual(lit('photos'));
    expect(evaluator.exportValue('amplify/work/handler.ts', 'what')).toMatchObject({ kind: 'external', path: ['env', 'BUCKET'] });
  });
});
