import { describe, expect, it } from 'vitest';
import { joinRegistrations } from '../../src/discover/google-join.ts';
import { discoverAll } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { deployed } from '../support/memory.ts';
import { brief, declared, lit, named } from './code-support.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const framework = (extra: object = {}) => JSON.stringify({ main: 'lib/entry.js', engines: { node: '^20' }, dependencies: { '@google-cloud/functions-framework': '^3.0.0' }, ...extra });
const code = "import * as ff from '@google-cloud/functions-framework';\nimport { hello } from './hello';\nff.http('greet', hello);\nff.cloudEvent('onThing', (event) => {});\n";
const files = { 'fn/package.json': framework(), 'fn/tsconfig.json': '{"compilerOptions":{"outDir":"lib","rootDir":"source"}}', 'fn/source/entry.ts': code, 'fn/source/hello.ts': 'export const hello = (req, res) => {};' };
const plain = { 'job/package.json': '{"main":"main.js"}', 'job/main.js': 'exports.work = async (event, context) => {};\nexports.other = 1;' };

describe('functions framework', () => {
  it('takes what the main module registers', () => {
    const result = declared(files);
    expect(brief(result)).toEqual(['fn/package.json#greet fn/source/hello.ts:hello http', 'fn/package.json#onThing fn/source/entry.ts:onThing unknown']);
    expect(named(result, 'greet')).toMatchObject({ platform: 'google', foundBy: 'convention', runtime: { value: 'nodejs20' }, declaredAt: [{ file: 'fn/source/entry.ts', line: 3 }] });
  });
  it.each([
    ['20', 'nodejs20'], ['^20.0.0', 'nodejs20'], ['v20.x', 'nodejs20'], ['~18.12', 'nodejs18'],
    ['>=16.0.0', undefined], ['>= 16', undefined], ['16 || 18', undefined], ['>=16 <21', undefined], ['*', undefined],
  ])('takes engines %s for a runtime only where it names one version', (node, runtime) => {
    const manifest = JSON.parse(framework());
    const result = declared({ ...files, 'fn/package.json': JSON.stringify({ ...manifest, engines: { node } }) });
    expect(named(result, 'greet').runtime?.value).toBe(runtime);
  });
  it('takes the target of a script for an export', () => {
    const result = declared({ 'a/package.json': framework({ main: 'main.js', scripts: { start: 'functions-framework --target=work --signature-type=cloudevent', other: 'functions-framework --target gone' } }), 'a/main.js': 'exports.work = (event) => {};' });
    expect(brief(result)).toEqual(['a/package.json#work a/main.js:work unknown']);
    expect(result.functions[0]?.foundBy).toBe('evidence');
    expect(result.gaps).toMatchObject([{ kind: 'handler', file: 'a/package.json' }]);
  });
  it('takes the kind of an event from the type that the code declares', () => {
    const result = declared({ ...files, 'fn/source/entry.ts': "import { cloudEvent, CloudEvent } from '@google-cloud/functions-framework';\nimport { MessagePublishedData } from '@google/events/cloud/pubsub/v1/MessagePublishedData';\ncloudEvent<MessagePublishedData>('onMail', async (event: CloudEvent<MessagePublishedData>) => {});" });
    expect(brief(result)).toEqual(['fn/package.json#onMail fn/source/entry.ts:onMail topic']);
  });
  it('leaves registrations that main does not load to evidence, and test doubles out', () => {
    const workspace = memoryWorkspace({ ...files, 'fn/source/spare.ts': "import { http } from '@google-cloud/functions-framework';\nhttp('spare', () => {});", 'fn/test/double.ts': "import { http } from '@google-cloud/functions-framework';\nhttp('double', () => {});" });
    const result = discoverAll(workspace, createFactsLoader(workspace), { params: new Map() });
    expect(result.functions.map((fn) => [fn.name, fn.foundBy])).toEqual([['greet', 'convention'], ['onThing', 'convention'], ['spare', 'evidence']]);
  });
});

describe('gcloud deployments', () => {
  it.each([
    ['gcloud functions deploy work --runtime nodejs20 --trigger-topic=jobs --retry', { triggers: [{ kind: 'topic', resource: lit('jobs'), maximumRetryAttempts: -1 }], runtime: { value: 'nodejs20' } }],
    ['gcloud functions deploy my-work --entry-point work --trigger-http --allow-unauthenticated --gen2 --concurrency=20 --max-instances 3 --timeout=90s --memory=1GiB', { physicalName: lit('my-work'), name: 'my-work', generation: 'gen2', triggers: [{ kind: 'http', auth: { kind: 'none' } }], concurrencyPerInstance: 20, reservedConcurrency: { value: 60 }, timeoutSeconds: { value: 90, location: { file: 'job/ship.sh', line: 1 } }, memoryMb: { value: 1024 } }],
    ['gcloud beta functions deploy "$PREFIX-work" \\\n  --entry-point=work \\\n  --trigger-bucket gs://pics --no-gen2', { generation: 'gen1', triggers: [{ kind: 'bucket', resource: lit('pics') }], physicalName: { kind: 'template' } }],
    ['NAME=work\nTOPIC="a-b"\ngcloud --project p functions deploy $NAME --trigger-topic ${TOPIC} --set-env-vars A=1,B=$C', { triggers: [{ kind: 'topic', resource: lit('a-b') }], environment: new Map<string, unknown>([['A', lit('1')], ['B', { kind: 'unknown', reason: 'variable $C of a deployment script' }]]) }],
    ["gcloud functions deploy work --trigger-event providers/cloud.firestore/eventTypes/document.write --trigger-resource 'projects/p/databases/(default)/documents/users/{id}'", { triggers: [{ kind: 'document', resource: lit('users/{id}') }] }],
    ['gcloud functions deploy work --gen2 --trigger-event-filters="type=google.cloud.storage.object.v1.finalized" --trigger-event-filters="bucket=pics"', { triggers: [{ kind: 'bucket', resource: lit('pics') }] }],
  ])('%s', (command, expected) => {
    const result = declared({ ...plain, 'job/ship.sh': `${command}\n` });
    expect(result.functions).toHaveLength(1);
    expect(result.functions[0]).toMatchObject({ id: 'job/package.json#work', platform: 'google', foundBy: 'evidence', handlers: [{ file: 'job/main.js', export: 'work' }], ...expected });
  });

  it.each([
    ['cd', { 'deploy.sh': 'cd job && gcloud functions deploy work --trigger-http' }], ['--source', { 'ops/deploy.sh': '#!/bin/bash\ngcloud functions deploy work --source=../job --trigger-http' }],
    ['--source from the root', { 'ops/deploy.sh': 'gcloud functions deploy work --source job --trigger-http' }], ['package script', { 'package.json': '{"scripts":{"ship":"gcloud functions deploy work --source job --trigger-http"}}' }],
    ['Cloud Build', { 'cloudbuild.yaml': 'substitutions: { _DIR: job }\nsteps:\n  - name: gcr.io/cloud-builders/gcloud\n    dir: $_DIR\n    args: [functions, deploy, work, --trigger-http]\n' }],
    ['Cloud Build beside the code, from a folder that the build makes', { 'job/cloudbuild.yaml': 'steps:\n  - name: gcr.io/cloud-builders/gcloud\n    entrypoint: gcloud\n    dir: targets/job\n    args: ["functions", "deploy", "work", "--trigger-http"]\n' }],
    ['Cloud Build under another spelling, from what tsc writes', { 'cloud_build.yaml': 'steps:\n  - name: gcr.io/cloud-builders/gcloud\n    dir: job\n    args: [functions, deploy, --source, ./, work, --trigger-http]\n' }],
    ['a list of flags that grows', { 'job/deploy.sh': 'ship() {\n  local flags=()\n  flags+=(--entry-point=work)\n  flags+=(--trigger-http) # no topic\n  defaults flags\n  gcloud functions deploy "${NS}"_main "${flags[@]}"\n}\n' }],
    ['a list of several lines', { 'job/deploy.sh': 'declare -a args=(\n  --entry-point work\n  # answers requests\n  --trigger-http\n)\ngcloud functions deploy "$NS" "${args[@]}" --quiet\n' }],
    ['GitHub workflow', { '.github/workflows/ship.yml': 'jobs:\n  ship:\n    steps:\n      - run: npm ci\n      - working-directory: repo/job\n        run: |-\n          for r in a b; do\n            gcloud functions deploy work-$r --entry-point=work \\\n              --trigger-http\n          done\n' }],
  ])('finds the sources: %s', (_name, script) => {
    const result = declared({ ...plain, ...script as unknown as Record<string, string> });
    expect(brief(result)).toEqual(['job/package.json#work job/main.js:work http']);
    expect(result.files).toContain(Object.keys(script)[0]);
  });

  it('takes a list for what it is where it is used', () => {
    const lists = 'f=(--entry-point=work --trigger-topic=a)\ngcloud functions deploy one "${f[@]}"\nf=(--entry-point other)\nf+=(--trigger-http)\ngcloud functions deploy two "${f[@]}"\ngcloud functions deploy three "${unset[@]}"\n';
    const result = declared({ ...plain, 'job/ship.sh': lists });
    expect(brief(result)).toEqual(['job/package.json#other job/main.js:other http', 'job/package.json#work job/main.js:work topic']);
  });

  it('leaves the targets of start scripts out where scripts deploy what the package exports', () => {
    const scripts = { main: 'main.js', scripts: { start: 'functions-framework --target=other', work: 'functions-framework --target=work' } };
    const code_ = { 'job/package.json': framework(scripts), 'job/main.js': plain['job/main.js'] };
    expect(brief(declared(code_))).toEqual(['job/package.json#other job/main.js:other http', 'job/package.json#work job/main.js:work http']);
    expect(brief(declared({ ...code_, 'job/ship.sh': 'gcloud functions deploy work --trigger-topic a\n' }))).toEqual(['job/package.json#work job/main.js:work topic']);
  });

  it('is one function with what the code registers, however often it is deployed', () => {
    const result = declared({ ...files, 'a.sh': 'gcloud functions deploy greet-eu --gen2 --source fn --entry-point greet --trigger-http --runtime nodejs22\n', 'z.sh': 'gcloud functions deploy greet-us --source fn --entry-point greet --trigger-topic late\n' });
    expect(result.functions.map((fn) => fn.id)).toEqual(['fn/package.json#greet', 'fn/package.json#onThing']);
    expect(named(result, 'greet')).toMatchObject({ foundBy: 'convention', generation: 'gen2', runtime: { value: 'nodejs22' }, handlers: [{ file: 'fn/source/hello.ts' }], triggers: [{ kind: 'http' }, { kind: 'topic' }] });
    expect(named(result, 'greet').declaredAt.map((place) => place.file)).toEqual(['fn/source/entry.ts', 'a.sh', 'z.sh']);
  });

  it('finds the program of a Cloud Run service', () => {
    const result = declared({ 'svc/package.json': '{"main":"build/app.js","scripts":{"start":"node --enable-source-maps ./build/server.js"}}', 'svc/tsconfig.json': '{"compilerOptions":{"outDir":"build","rootDir":"src"}}', 'svc/src/server.ts': 'listen();', 'svc/src/app.ts': '',
      'svc/cloudbuild.yaml': 'steps:\n  - name: gcr.io/cloud-builders/docker\n    dir: svc\n    args: [build, -t, gcr.io/p/svc, "."]\n  - name: gcr.io/cloud-builders/gcloud\n    args: [run, deploy, svc, --image, gcr.io/p/svc, --no-allow-unauthenticated]\n' });
    expect(result.functions).toMatchObject([{ name: 'svc', generation: 'run', handlers: [{ file: 'svc/src/server.ts', kind: 'server' }], triggers: [{ kind: 'http', auth: { kind: 'identity' } }] }]);
  });

  it.each([
    ['gcloud builds submit ../svc --tag gcr.io/$P/$NAME', ['svc/server.js']],
    ['gcloud builds submit --quiet --region eu --tag=gcr.io/$P/$NAME ../svc', ['svc/server.js']],
    ['docker build --no-cache -f ../svc/Dockerfile -t gcr.io/$P/$NAME ../svc', ['svc/server.js']],
    ['cd ../svc\ngcloud builds submit --pack image=gcr.io/$P/$NAME', ['svc/server.js']],
    ['gcloud builds submit ../svc --tag gcr.io/$P/other', []],
    ['gcloud builds submit ../gone --tag gcr.io/$P/$NAME', []],
  ])('finds the program behind an image that a script builds: %s', (build, expected) => {
    const result = declared({ 'svc/package.json': '{"scripts":{"start":"node server.js"}}', 'svc/server.js': 'listen();', 'ops/ship.sh': `export NAME=web\n${build}\ngcloud run deploy $NAME \\\n  --image gcr.io/$P/$NAME --memory=1Gi\n` });
    expect(result.functions.map((fn) => fn.handlers[0]?.file)).toEqual(expected);
    if (expected.length > 0) expect(result.functions[0]).toMatchObject({ name: 'web', generation: 'run', memoryMb: { value: 1_024 }, declaredAt: [{ file: 'ops/ship.sh' }, { file: 'svc/package.json' }] });
  });

  it('leaves other languages, other commands and text about them alone', () => {
    expect(declared({ ...plain, 'a.sh': 'gcloud functions deploy work --runtime python312 --source job\ngcloud functions delete work\n# gcloud functions deploy work --source job\necho "gcloud functions deploy work --source job"\n' }).functions).toEqual([]);
    const result = declared({ ...plain, 'a.sh': 'gcloud functions deploy gone --runtime nodejs20 --source job' });
    expect(result.functions).toEqual([]);
    expect(result.gaps).toMatchObject([{ kind: 'handler', file: 'a.sh', line: 1 }]);
  });

  it('is fast on hostile text', () => {
    const started = Date.now();
    const text = `gcloud functions deploy ${'"'.repeat(60_001)} ${'$'.repeat(60_000)} ${'\\\n'.repeat(60_000)}`;
    declared({ 'a.sh': text, 'cloudbuild.yaml': `steps:\n  - args: ["gcloud functions deploy ${'${'.repeat(10_000)}"]\n` });
    expect(Date.now() - started).toBeLessThan(3_000);
  });
});

describe('infrastructure and registrations', () => {
  it('are one function, with the handler that the code registers', () => {
    const terraform = deployed('tf', 'fn/entry.ts', { platform: 'google', export: 'greet' });
    const code_ = deployed('greet', 'fn/entry.ts', { platform: 'google', foundBy: 'convention', unit: 'fn/package.json', id: 'fn/package.json#greet', handlers: [{ file: 'fn/hello.ts', export: 'hello', kind: 'http' }] });
    expect(joinRegistrations([terraform, code_])).toEqual([{ ...terraform, handlers: code_.handlers }]);
    const other = { ...code_, unit: 'x/package.json', id: 'x/package.json#greet' };
    expect(joinRegistrations([terraform, other])).toEqual([terraform, other]);
  });

  it('leaves the targets of start scripts out where infrastructure deploys the module', () => {
    const main = 'exports.onMail = async (event) => {};\nexports.try = (req, res) => {};\n';
    const scripts = framework({ main: 'src/main.js', scripts: { start: 'functions-framework --target=try' } });
    const module_ = [
      'data "archive_file" "code" {', '  type = "zip"', '  source_dir = abspath("${path.module}/../../..")', '  output_path = "out/code.zip"', '}',
      'resource "google_storage_bucket_object" "code" {', '  name = "code.zip"', '  bucket = "b"', '  source = data.archive_file.code.output_path', '}',
      'resource "google_cloudfunctions2_function" "mail" {', '  name = "mail"', '  build_config {', '    runtime = "nodejs22"', '    entry_point = "onMail"',
      '    source {', '      storage_source {', '        object = google_storage_bucket_object.code.name', '      }', '    }', '  }',
      '  event_trigger {', '    event_type = "google.cloud.pubsub.topic.v1.messagePublished"', '  }', '}', '',
    ].join('\n');
    const tree = { 'package.json': scripts, 'src/main.js': main, 'infra/modules/mail/main.tf': module_, 'infra/live/main.tf': 'module "mail" {\n  source = "../modules/mail"\n}\n' };
    expect(declared(tree).functions.map((fn) => [fn.foundBy, fn.handlers[0]?.file, fn.handlers[0]?.export])).toEqual([['infrastructure', 'src/main.js', 'onMail']]);
    const { 'infra/live/main.tf': _live, 'infra/modules/mail/main.tf': _module, ...alone } = tree;
    expect(declared(alone).functions.map((fn) => [fn.foundBy, fn.handlers[0]?.export])).toEqual([['evidence', 'try']]);
  });
});
