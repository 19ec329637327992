import { describe, expect, it } from 'vitest';
import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { brief, declared, lit, named } from './code-support.ts';

const unit = 'cloud/program.ts';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });

describe('a whole Pulumi project', () => {
  const root = 'fixtures/discover/pulumi';
  const workspace = openWorkspace(root, { root });
  const found = discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });

  it('finds functions by package, by callback and by event, also in component resources, and no other language', () => {
    expect(brief(found)).toEqual([
      `${unit}#counter cloud/steps/count.ts:count schedule`, `${unit}#grown ${unit}:grown stream`, `${unit}#packer cloud/zipped/pack.js:apples queue,bucket,url,http`,
      `${unit}#press-large-pour cloud/parts/press.ts:press-large-pour topic`, `${unit}#press-small-pour cloud/parts/press.ts:press-small-pour topic`,
      `${unit}#shop/POST /apples ${unit}:shop/POST /apples http`, `${unit}#water ${unit}:water schedule`,
    ]);
    expect(found.gaps).toEqual([]);
  });

  it('reads settings with their lines, outputs and settings of the stack', () => {
    expect(named(found, 'packer')).toMatchObject({ runtime: { value: 'nodejs22.x', location: { file: unit, line: 15 } }, timeoutSeconds: { value: 45, location: { line: 16 } }, memoryMb: { value: 256 }, declaredAt: [{ file: unit, line: 12 }], packaging: { form: 'folder', folder: 'cloud/zipped' } });
    expect([...named(found, 'packer').environment]).toEqual([
      ['TREES', ref('aws.dynamodb.Table:trees')], ['BASKETS', ref('aws.sqs.Queue:baskets', 'QueueUrl')], ['GREETING', { kind: 'template', parts: [lit('hello '), { kind: 'env', name: 'param:owner' }] }],
    ]);
    expect(named(found, 'counter')).toMatchObject({ runtime: { value: 'nodejs20.x' }, timeoutSeconds: { value: 30 } });
    expect(named(found, 'water')).toMatchObject({ timeoutSeconds: { value: 180 } });
  });

  it('points inline handlers at the function that is written there', () => {
    const [handler] = named(found, 'grown').handlers;
    const text = workspace.read(unit) ?? '';
    expect(text.slice(handler?.at?.start, handler?.at?.end)).toBe('async (event) => { console.log(event.Records.length); }');
  });

  it('reads triggers with resource, filter, batch and authentication', () => {
    const [queue, bucket, url, http] = named(found, 'packer').triggers;
    expect(http).toMatchObject({ resource: ref('shop'), filters: [{ kind: 'route', method: 'GET', path: '/apples' }], auth: { kind: 'none' } });
    expect(queue).toMatchObject({ source: 'SQS', resource: ref('aws.sqs.Queue:baskets', 'Arn'), batchSize: 6, partialBatchResponse: true, filters: [{ kind: 'records' }], location: { file: unit, line: 20 } });
    expect(bucket).toMatchObject({ resource: ref('aws.s3.BucketV2:photos'), filters: [{ events: ['s3:ObjectCreated:*'], rules: [{ prefix: lit('leaf/') }] }] });
    expect(url).toMatchObject({ auth: { kind: 'none' } });
    expect(named(found, 'shop/POST /apples').triggers).toMatchObject([{ auth: { kind: 'key' } }]);
    expect(named(found, 'grown').triggers).toMatchObject([{ source: 'DynamoDB', resource: ref('aws.dynamodb.Table:trees', 'StreamArn'), batchSize: 9 }]);
    expect(named(found, 'counter').triggers).toMatchObject([{ schedule: lit('rate(1 day)') }]);
    expect(named(found, 'press-small-pour').triggers).toMatchObject([{ resource: ref('aws.sns.Topic:press-small-juice') }]);
  });

  it('knows resources and redrive links', () => {
    expect(found.resources.find((resource) => resource.logicalId === 'aws.sqs.Queue:baskets')).toMatchObject({ kind: 'queue', type: 'aws_sqs_queue', physicalName: lit('orchard-baskets'), location: { file: unit, line: 8 } });
    expect(found.links).toMatchObject([{ kind: 'redrive', from: ref('aws.sqs.Queue:baskets', 'Arn'), to: lit('arn:aws:sqs:eu-west-1:1:rotten') }]);
  });
});

describe('Pulumi in parts', () => {
  const yaml = 'name: x\nruntime: nodejs\n';

  it('reads the mounted file system and the reserved concurrency of a function that is written as a callback', () => {
    const lambda = (more: string) => `new aws.lambda.CallbackFunction("f", { callback: async () => {}${more} });`;
    const one = (more: string) => declared({ 'Pulumi.yaml': yaml, 'index.ts': `import * as aws from "@pulumi/aws";\nconst ap = new aws.efs.AccessPoint("ap");\n${lambda(more)}` }).functions[0];
    expect(one(', fileSystemConfig: { arn: ap.arn, localMountPath: "/mnt/store" },\nreservedConcurrentExecutions: 2')).toMatchObject({
      mounts: ['/mnt/store'], reservedConcurrency: { value: 2, location: { line: 4 } },
    });
    expect(one(', reservedConcurrentExecutions: -1')).toMatchObject({ mounts: [] });
    expect(one(', reservedConcurrentExecutions: -1')?.reservedConcurrency).toBeUndefined();
  });

  it('takes a callback that another module exports for a handler of that module', () => {
    const found = declared({
      'Pulumi.yaml': yaml, 'run.ts': 'export const run = async (event: any) => 1;\nexport default run;\nconst own = async () => 2;\nexport const make = () => own;',
      'index.ts': `import * as aws from "@pulumi/aws";\nimport run, { make } from "./run";\nnew aws.lambda.CallbackFunction("f", { callback: run });\nnew aws.lambda.CallbackFunction("g", { callback: make() });\nnew aws.lambda.CallbackFunction("h", { callback: async () => 3 });`,
    });
    expect(found.functions.map((fn) => fn.handlers.map(({ file, export: name, kind, at }) => [file, name, kind, at !== undefined]))).toEqual([
      [['run.ts', 'run', 'handler', false]], [['run.ts', 'g', 'inline', true]], [['index.ts', 'h', 'inline', true]],
    ]);
  });

  it('finds the code of a container image that the program builds', () => {
    const head = 'import * as aws from "@pulumi/aws"; import * as awsx from "@pulumi/awsx"; import * as docker from "@pulumi/docker"; import * as dockerBuild from "@pulumi/docker-build";';
    const one = (image: string, uri: string) => declared({
      'cloud/Pulumi.yaml': yaml, 'cloud/press/Dockerfile': 'FROM public.ecr.aws/lambda/nodejs:22\nCOPY go.js ./\nCMD ["go.now"]\n', 'cloud/press/go.js': 'exports.now = async () => 1;',
      'cloud/index.ts': `${head}\nconst image = ${image};\nnew aws.lambda.Function("f", { packageType: "Image", imageUri: image.${uri} });`,
    });
    const found = [
      one('new awsx.ecr.Image("i", { repositoryUrl: "x", context: "./press" })', 'imageUri'), one('new awsx.ecr.Image("i", { repositoryUrl: "x", path: "press" })', 'imageUri'),
      one('new docker.Image("i", { build: { context: "press", platform: "linux/arm64" }, imageName: "x" })', 'repoDigest'), one('new docker.Image("i", { build: "./press", imageName: "x" })', 'imageName'),
      one('new dockerBuild.Image("i", { context: { location: "./press" }, push: true })', 'ref'),
    ];
    expect(found.map(brief)).toEqual(found.map(() => ['cloud/index.ts#f cloud/press/go.js:now ']));
    expect(found.flatMap((each) => [...each.gaps, ...each.resources.filter(({ kind }) => kind !== 'function')])).toEqual([]);
    const other = one('new awsx.ecr.Image("i", { repositoryUrl: "x", context: process.env.WHERE })', 'imageUri');
    expect(brief(other)).toEqual([]);
    expect(other.gaps).toMatchObject([{ kind: 'handler', file: 'cloud/index.ts', line: 3 }]);
  });

  it('leaves programs in other languages, and handlers of callbacks, alone', () => {
    expect(declared({ 'Pulumi.yaml': 'name: x\nruntime: python\n', '__main__.py': '' })).toMatchObject({ functions: [], gaps: [] });
    const found = declared({ 'Pulumi.yaml': yaml, 'index.ts': `import * as aws from "@pulumi/aws";\nconst q = new aws.sqs.Queue("q");\nq.onEvent("each", async () => { new aws.lambda.Function("never", { handler: "a.b", runtime: "nodejs20.x" }); });` });
    expect(found.functions.map((fn) => fn.name)).toEqual(['each']);
  });

  it('takes the one file of an archive that the handler names, and a program that is a function', () => {
    const found = declared({
      'Pulumi.yaml': yaml, 'package.json': '{ "main": "lib/run.js" }', 'lib/run.js': `const aws = require("@pulumi/aws"); const pulumi = require("@pulumi/pulumi");\nmodule.exports = async () => { new aws.lambda.Function("f", { code: new pulumi.asset.AssetArchive({ "other.js": new pulumi.asset.FileAsset("../other.js"), "go.js": new pulumi.asset.FileAsset("../src/go.js") }), handler: "go.now", runtime: "nodejs20.x" }); };`,
      'src/go.js': 'exports.now = async () => 1;', 'other.js': 'exports.now = async () => 2;',
    });
    expect(brief(found)).toEqual(['lib/run.js#f src/go.js:now ']);
  });

  it('reads functions of Google from their archive', () => {
    const found = declared({
      'Pulumi.yaml': yaml, 'fn/index.js': 'exports.hello = (req, res) => res.send(1);',
      'index.js': `const gcp = require("@pulumi/gcp"); const pulumi = require("@pulumi/pulumi");\nconst b = new gcp.storage.Bucket("b");\nconst o = new gcp.storage.BucketObject("o", { bucket: b.name, source: new pulumi.asset.AssetArchive({ ".": new pulumi.asset.FileArchive("./fn") }) });\nnew gcp.cloudfunctions.Function("g", { sourceArchiveBucket: b.name, sourceArchiveObject: o.name, runtime: "nodejs20", entryPoint: "hello", triggerHttp: true });\nnew gcp.cloudfunctions.HttpCallbackFunction("inline", (req, res) => res.send(2));`,
    });
    expect(brief(found)).toEqual(['index.js#g fn/index.js:hello http', 'index.js#inline index.js:inline http']);
    expect(found.functions.map((fn) => fn.platform)).toEqual(['google', 'google']);
  });
});
