import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import { terraformReader } from '../../src/discover/terraform.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (files: Readonly<Record<string, string>>, params: ReadonlyMap<string, string> = new Map()): Infrastructure => discoverWith([terraformReader], memoryWorkspace(files), { params });
const ref = (unit: string, id: string, attribute = 'Ref') => ({ kind: 'resource', unit, id, attribute });
const text = (value: unknown) => ({ kind: 'literal', value });

function only(found: Infrastructure, name?: string): ServerlessFunction {
  const fn = found.functions.find((item) => name === undefined || item.name === name);
  if (!fn) throw new Error(`no function ${name ?? ''} among ${found.functions.map((item) => item.name).join()}: ${JSON.stringify(found.gaps)}`);
  return fn;
}
const handlers = (found: Infrastructure): readonly string[] => found.functions.map((fn) => `${fn.name} ${fn.handlers.map((handler) => `${handler.file}#${handler.export}`).join()}`);
const lambda = (name: string, more: string): string => `resource "aws_lambda_function" "${name}" {\n  function_name = "${name}"\n  runtime = "nodejs22.x"\n${more}\n}\n`;
const handler = 'exports.run = async () => {};';

describe('a whole project', () => {
  const workspace = openWorkspace('fixtures/discover/terraform', { root: 'fixtures/discover/terraform' });
  const found = discoverWith([terraformReader], workspace, { params: new Map() });
  const unit = 'infra/stack/main.tf';

  it('finds each function with its source', () => {
    expect(handlers(found)).toEqual([
      'module.job["cleanup"].aws_lambda_function.worker services/cleanup/lib/sweep.ts#nightly',
      'module.job["import"].aws_lambda_function.worker services/import/lib/sweep.ts#nightly',
      'module.report.aws_lambda_function.this[0] services/report/src/entry.ts#build',
      'aws_lambda_function.checkout services/checkout/src/take-order.ts#accept',
      'aws_lambda_function.pictures services/pictures/src/resize.js#resize',
    ].sort((a, b) => (a < b ? -1 : 1)));
    expect(found.problems).toEqual([]);
    expect(found.gaps).toEqual([]);
  });

  it('reads settings where they stand', () => {
    const checkout = only(found, 'aws_lambda_function.checkout');
    expect(checkout).toMatchObject({
      id: `${unit}#aws_lambda_function.checkout`, unit, platform: 'aws', foundBy: 'infrastructure', architecture: 'arm64', mounts: ['/mnt/data'],
      timeoutSeconds: { value: 20, location: { file: 'infra/stack/checkout.tf', line: 11 } }, memoryMb: { value: 512 }, runtime: { value: 'nodejs22.x' }, reservedConcurrency: { value: 5 },
      ephemeralStorageMb: { value: 1024 }, tracing: { value: true }, provisionedConcurrency: { value: 2 }, maximumRetryAttempts: { value: 1 },
      declaredAt: [{ file: 'infra/stack/checkout.tf', line: 6, column: 1 }],
      physicalName: { kind: 'template', parts: [text('shop-'), { kind: 'env', name: 'param:stage' }, text('-checkout')] },
      region: text('eu-west-1'), packaging: { form: 'folder', folder: 'services/checkout/dist' },
    });
    expect([...checkout.environment]).toEqual([['ORDERS', ref(unit, 'aws_sqs_queue.orders', 'QueueUrl')], ['LIMIT', text('10')], ['TABLE', ref(unit, 'aws_dynamodb_table.carts')]]);
    expect(checkout.destinations).toMatchObject([{ kind: 'deadLetter', target: ref(unit, 'aws_sqs_queue.dead', 'Arn') }, { kind: 'onFailure', target: ref(unit, 'aws_sqs_queue.dead', 'Arn') }]);
  });

  it('reads triggers with filters, batch sizes and authentication', () => {
    expect(only(found, 'aws_lambda_function.checkout').triggers).toMatchObject([
      { kind: 'queue', source: 'SQS', resource: ref(unit, 'aws_sqs_queue.orders', 'Arn'), batchSize: 5, partialBatchResponse: true, maximumConcurrency: 4, location: { file: 'infra/stack/checkout.tf' } },
      { kind: 'http', source: 'HttpApi', filters: [{ kind: 'route', method: 'POST', path: '/orders' }], auth: { kind: 'identity' } },
    ]);
    expect(only(found, 'aws_lambda_function.pictures').triggers).toMatchObject([
      { kind: 'bucket', source: 'S3', resource: ref(unit, 'aws_s3_bucket.uploads'), filters: [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [{ prefix: text('raw/'), suffix: text('.png') }] }] },
    ]);
    expect(only(found, 'module.job["cleanup"].aws_lambda_function.worker').triggers).toMatchObject([{ kind: 'schedule', schedule: text('rate(1 day)') }]);
    expect(only(found, 'module.job["import"].aws_lambda_function.worker').triggers).toMatchObject([{ kind: 'schedule', schedule: text('rate(1 hour)') }]);
    expect(only(found, 'module.report.aws_lambda_function.this[0]').triggers).toMatchObject([{ kind: 'stream', source: 'DynamoDB', batchSize: 50 }, { kind: 'url', auth: { kind: 'identity' } }]);
  });

  it('a function of a called module points at the call and its arguments', () => {
    const job = only(found, 'module.job["import"].aws_lambda_function.worker');
    expect(job.declaredAt.map((place) => `${place.file}:${place.line}`)).toEqual(['infra/stack/main.tf:29', 'infra/modules/job/worker.tf:13']);
    expect(job.timeoutSeconds).toMatchObject({ value: 60, location: { file: 'infra/stack/main.tf', line: 36 } });
    expect(job.runtime).toMatchObject({ value: 'nodejs20.x', location: { file: 'infra/modules/job/worker.tf', line: 10 } });
  });

  it('resources, links and outputs', () => {
    const resource = (id: string) => found.resources.find((item) => item.logicalId === id);
    expect(resource('aws_sqs_queue.orders')).toMatchObject({ kind: 'queue', type: 'aws_sqs_queue', physicalName: { kind: 'template' }, location: { file: 'infra/stack/data.tf', line: 1 } });
    expect(resource('aws_dynamodb_table.carts')).toMatchObject({ kind: 'table', physicalName: text('carts') });
    expect(found.links).toMatchObject([
      { kind: 'redrive', from: ref(unit, 'aws_sqs_queue.orders', 'Arn'), to: ref(unit, 'aws_sqs_queue.dead', 'Arn') },
      { kind: 'subscription', from: ref(unit, 'aws_sns_topic.news'), to: ref(unit, 'aws_sqs_queue.orders', 'Arn'), filters: [{ kind: 'attributes', scope: 'attributes' }] },
    ]);
    expect(found.published).toMatchObject([{ scope: 'terraformOutput', name: text('shop/stack.tfstate#orders_url'), value: ref(unit, 'aws_sqs_queue.orders', 'QueueUrl'), unit }]);
    expect(found.functions.every((fn) => fn.unit === unit)).toBe(true);
  });
});

describe('where the code is', () => {
  const code = (tf: string, files: Record<string, string>, name?: string): string => {
    const found = read({ 'infra/main.tf': tf, ...files });
    const fn = found.functions.find((item) => name === undefined || item.name === name);
    return fn?.handlers.map((item) => `${item.file}#${item.export}`).join() ?? found.gaps.map((gap) => gap.message).join();
  };
  it.each<[string, string, Record<string, string>, string]>([
    ['archive of a folder', `${lambda('a', '  handler = "go.run"\n  filename = data.archive_file.z.output_path')}data "archive_file" "z" {\n  source_dir = "\${path.module}/../code"\n  output_path = "z.zip"\n}`, { 'code/go.js': handler }, 'code/go.js#run'],
    ['archive of a file', `${lambda('a', '  handler = "go.run"\n  filename = "z.zip"')}data "archive_file" "z" {\n  source_file = "../code/go.mjs"\n  output_path = "\${path.module}/z.zip"\n}`, { 'code/go.mjs': handler, 'go.js': handler }, 'code/go.mjs#run'],
    ['archive of file contents', `${lambda('a', '  handler = "index.run"\n  filename = data.archive_file.z.output_path')}data "archive_file" "z" {\n  output_path = "z.zip"\n  source {\n    content = file("\${path.module}/x/go.js")\n    filename = "index.js"\n  }\n}`, { 'infra/x/go.js': handler, 'infra/x/index.js': handler }, 'infra/x/go.js#run'],
    ['one of two ways to deliver', `${lambda('a', '  handler = "go.run"\n  filename = var.bucket == "" ? "x.zip" : null\n  s3_key = var.bucket == "" ? null : "y.zip"')}variable "bucket" {}`, { 'infra/x/go.js': handler, 'infra/y/other.js': handler }, 'infra/x/go.js#run'],
    ['a resource archive', `${lambda('a', '  handler = "go.run"\n  filename = archive_file.z["k"].output_path')}resource "archive_file" "z" {\n  for_each = toset(["k"])\n  source_dir = "../fn/\${each.key}"\n  output_path = "z-\${each.key}.zip"\n}`, { 'fn/k/go.js': handler }, 'fn/k/go.js#run'],
    ['object in a bucket', `${lambda('a', '  handler = "go.run"\n  s3_bucket = "b"\n  s3_key = aws_s3_object.o.key')}resource "aws_s3_object" "o" {\n  key = "k.zip"\n  source = data.archive_file.z.output_path\n}\ndata "archive_file" "z" {\n  source_dir = "../code"\n  output_path = "z.zip"\n}`, { 'code/go.ts': handler }, 'code/go.ts#run'],
    ['a stand-in, and a folder with a word of the name', `${lambda('identity-authorizer', '  handler = "index.lambdaHandler"\n  filename = "data/empty.zip"')}`, {
      'apps/api-authorizer/src/index.ts': 'export const lambdaHandler = make();', 'apps/api/src/index.ts': 'export const lambdaHandler = make();', 'apps/old-authorizer/src/index.ts': 'export const other = 1;',
    }, 'apps/api-authorizer/src/index.ts#lambdaHandler'],
    ['built folder', `${lambda('a', '  handler = "go.run"\n  filename = "../app/dist/app.zip"')}`, { 'app/src/go.ts': handler, 'app/package.json': '{}' }, 'app/src/go.ts#run'],
    ['archive named as a package', `${lambda('a', '  handler = "index.run"\n  s3_bucket = "b"\n  s3_key = "builds/${var.version}/order-intake.zip"')}`, { 'packages/order-intake/src/index.ts': 'export const run = 1;', 'packages/other/src/index.ts': 'export const run = 1;' }, 'packages/order-intake/src/index.ts#run'],
    ['archive in a folder named as a package', `${lambda('a', '  handler = "index.run"\n  s3_key = "apps/order-intake/${var.sha}.zip"')}`, { 'packages/order-intake/index.js': handler, 'packages/other/index.js': handler }, 'packages/order-intake/index.js#run'],
    ['archive made by a script', `${lambda('a', '  handler = "index.run"\n  filename = "../out/bundle.zip"')}`, { 'scripts/pack.sh': 'cd apps/intake/src && zip -r ../../../out/bundle.zip .\n', 'scripts/apps/intake/src/index.js': handler, 'other/index.js': handler }, 'scripts/apps/intake/src/index.js#run'],
    ['archive made by local-exec', `${lambda('a', '  handler = "index.run"\n  filename = "bundle.zip"')}resource "null_resource" "n" {\n  provisioner "local-exec" {\n    command = "cd ../apps/x && npm ci && zip -r ../../infra/bundle.zip ."\n  }\n}`, { 'apps/x/index.js': handler, 'apps/y/index.js': handler }, 'apps/x/index.js#run'],
    ['function named as a package', `${lambda('intake', '  handler = "index.run"\n  filename = var.zip')}variable "zip" {}`, { 'functions/intake/index.js': handler, 'functions/other/index.js': handler }, 'functions/intake/index.js#run'],
    ['a package of that name that exports no such thing', `${lambda('intake', '  handler = "index.run"\n  filename = var.zip')}variable "zip" {}`, { 'functions/intake/index.js': 'exports.other = 1' }, ''],
    ['two packages of that name', `${lambda('intake', '  handler = "index.run"\n  filename = var.zip')}variable "zip" {}`, { 'a/intake/index.js': handler, 'b/intake/index.js': handler }, ''],
    ['outside the repository', lambda('a', '  handler = "go.run"\n  filename = "../../../etc/x.zip"'), { 'etc/go.js': 'x' }, ''],
    ['image with a Dockerfile', 'resource "aws_lambda_function" "a" {\n  function_name = "x"\n  package_type = "Image"\n  image_uri = "${aws_ecr_repository.r.repository_url}:latest"\n}\nresource "aws_ecr_repository" "r" {\n  name = "acme/mailer"\n}', { 'images/mailer/Dockerfile': 'FROM public.ecr.aws/lambda/nodejs:22\nCOPY src ${LAMBDA_TASK_ROOT}\nCMD ["post.send"]\n', 'images/mailer/src/post.js': handler }, 'images/mailer/src/post.js#send'],
    ['image whose Dockerfile names what it built', 'resource "aws_lambda_function" "a" {\n  package_type = "Image"\n  image_uri = "1.dkr.ecr.eu-west-1.amazonaws.com/mailer:1"\n}', { 'mailer/Dockerfile': 'FROM node:22 AS b\nFROM public.ecr.aws/lambda/nodejs:22\nCOPY --from=b /w/out ./\nCMD ["bundle.start"]\n', 'mailer/package.json': '{"main":"post.js"}', 'mailer/post.js': 'exports.handler = async () => 1;' }, 'mailer/post.js#handler'],
    ['image that the configuration builds', 'resource "aws_lambda_function" "a" {\n  package_type = "Image"\n  image_uri = docker_image.i.name\n}\nresource "docker_image" "i" {\n  build {\n    context = "../box"\n  }\n}', { 'box/Dockerfile': 'FROM node:22\nCMD ["post.send"]\n', 'box/post.js': handler }, 'box/post.js#send'],
    ['image of another language', 'resource "aws_lambda_function" "a" {\n  package_type = "Image"\n  image_uri = "1.dkr.ecr.eu-west-1.amazonaws.com/mailer:1"\n}', { 'mailer/Dockerfile': 'FROM public.ecr.aws/lambda/python:3.12\nCMD ["post.send"]\n', 'mailer/post.py': '' }, ''],
    ['image whose package says its entry', 'resource "aws_lambda_function" "a" {\n  package_type = "Image"\n  image_uri = "${var.urls["mailer-lambda"]}:latest"\n}\nvariable "urls" {}', { 'code/mailer/package.json': '{"main": "main.js"}', 'code/mailer/src/main.ts': 'export const handler = 1;' }, 'code/mailer/src/main.ts#handler'],
    ['Python', 'resource "aws_lambda_function" "a" {\n  runtime = "python3.13"\n  handler = "go.run"\n  filename = "z.zip"\n}', { 'infra/go.js': handler }, ''],
  ])('%s', (_, tf, files, expected) => {
    if (expected === '') expect(code(tf, files)).not.toContain('#');
    else expect(code(tf, files)).toBe(expected);
  });
});

describe('a stand-in for the code', () => {
  const found = (name: string, exported: string, files: Record<string, string>) => read({ 'infra/main.tf': lambda(name, `  handler = "index.${exported}"\n  filename = "data/empty.zip"`), ...files }).functions.flatMap((fn) => fn.handlers.map((item) => item.file));
  const own = { 'apps/api-authorizer/src/index.ts': 'export const lambdaHandler = make();' };
  it('is the code below a folder with a word of the name, where only one exports the handler', () => {
    expect(found('identity-authorizer', 'lambdaHandler', own)).toEqual(['apps/api-authorizer/src/index.ts']);
    expect(found('identity-authorizer', 'lambdaHandler', { ...own, 'apps/old-authorizer/src/index.ts': 'export const lambdaHandler = make();' })).toEqual([]);
    expect(found('identity-tracker', 'lambdaHandler', own)).toEqual([]);
    expect(found('identity-authorizer', 'handler', { 'apps/api-authorizer/src/index.ts': 'export const handler = make();' })).toEqual([]);
  });
});

describe('a package that a build outside makes', () => {
  const found = (name: string, path: string, files: Record<string, string>) => read({
    'infra/main.tf': `${lambda(name, `  handler = "${path}.run"\n  filename = data.archive_file.z.output_path`)}data "archive_file" "z" {\n  output_path = "z.zip"\n  source {\n    content = "// stand-in"\n    filename = "index.js"\n  }\n}`, ...files,
  }).functions.flatMap((fn) => fn.handlers.map((item) => item.file));
  it('is made of the file that is called as the function', () => {
    const files = { 'infra/lambda/nightly-backup.js': 'export const run = async () => 1;', 'infra/lambda/other.js': 'export const run = async () => 1;' };
    expect(found('nightly-backup', 'index', files)).toEqual(['infra/lambda/nightly-backup.js']);
    expect(found('nightly-copy', 'index', files)).toEqual([]);
    expect(found('nightly-backup', 'start', files)).toEqual([]);
    expect(found('nightly-backup', 'index', { ...files, 'old/nightly-backup.js': 'export const run = 1;' })).toEqual([]);
    expect(found('nightly-backup', 'index', { 'infra/lambda/nightly-backup.js': 'export const other = 1;' })).toEqual([]);
  });
});

describe('modules and variables', () => {
  const files = { 'code/a/go.js': handler, 'code/b/go.js': handler };
  const module = `variable "name" {}\nvariable "timeout" {\n  default = 7\n}\n${lambda('f', '  handler = "go.run"\n  timeout = var.timeout\n  filename = data.archive_file.z.output_path')}data "archive_file" "z" {\n  source_dir = "\${path.root}/../code/\${var.name}"\n  output_path = "\${var.name}.zip"\n}\noutput "arn" {\n  value = aws_lambda_function.f.arn\n}\n`;

  it('a module that is only called is no unit of its own', () => {
    const found = read({ ...files, 'mod/f.tf': module, 'live/x.tf': 'module "a" {\n  source = "../mod"\n  name = "a"\n  timeout = 30\n}\nmodule "b" {\n  source = "../mod"\n  name = "b"\n}\n' });
    expect(handlers(found)).toEqual(['module.a.aws_lambda_function.f code/a/go.js#run', 'module.b.aws_lambda_function.f code/b/go.js#run']);
    expect(found.functions.map((fn) => [fn.unit, fn.timeoutSeconds?.value, fn.timeoutSeconds?.location.line, fn.timeoutSeconds?.location.file])).toEqual([['live/x.tf', 30, 4, 'live/x.tf'], ['live/x.tf', 7, 6, 'live/x.tf']]);
  });

  it('count and for_each over literals', () => {
    const found = read({ ...files, 'mod/f.tf': module, 'live/main.tf': 'locals {\n  all = { for n in ["b", "a"] : n => { t = length(n) } }\n}\nmodule "m" {\n  for_each = local.all\n  source = "../mod"\n  name = each.key\n  timeout = each.value.t\n}\nmodule "none" {\n  count = 0\n  source = "../mod"\n  name = "a"\n}\nresource "aws_sqs_queue" "q" {\n  count = 2\n  name = "q-${count.index}"\n}\nresource "aws_lambda_event_source_mapping" "e" {\n  event_source_arn = aws_sqs_queue.q[1].arn\n  function_name = module.m["b"].arn\n}\n' });
    expect(handlers(found)).toEqual(['module.m["a"].aws_lambda_function.f code/a/go.js#run', 'module.m["b"].aws_lambda_function.f code/b/go.js#run']);
    expect(found.resources.filter((item) => item.kind === 'queue').map((item) => [item.logicalId, item.physicalName])).toEqual([['aws_sqs_queue.q[0]', text('q-0')], ['aws_sqs_queue.q[1]', text('q-1')]]);
    expect(found.functions.map((fn) => fn.triggers.map((trigger) => trigger.resource))).toEqual([[], [ref('live/main.tf', 'aws_sqs_queue.q[1]', 'Arn')]]);
  });

  it('reads a module on its own that only a switch of its caller is for', () => {
    const inner = `variable "time" {\n  default = 7\n}\nresource "aws_lambda_function" "f" {\n  function_name = "f"\n  handler = "go.run"\n  runtime = "nodejs22.x"\n  filename = "\${path.module}/x.zip"\n  timeout = var.time\n}\n`;
    const call = (name: string, count: string): string => `module "${name}" {\n  count = ${count}\n  source = "./${name}"\n  time = 30\n}\n`;
    const found = read({
      'main.tf': `variable "watch" {\n  default = false\n}\nvariable "sweep" {\n  default = true\n}\n${call('watch', 'var.watch ? 1 : 0')}${call('sweep', 'var.sweep ? 1 : 0')}${call('gone', '0')}`,
      'watch/main.tf': inner, 'watch/x/go.js': handler, 'sweep/main.tf': inner, 'sweep/x/go.js': handler, 'gone/main.tf': inner, 'gone/x/go.js': handler,
    });
    expect(found.functions.map((fn) => [fn.id, fn.timeoutSeconds?.value])).toEqual([['main.tf#module.sweep[0].aws_lambda_function.f', 30], ['watch/main.tf#aws_lambda_function.f', 7]]);
  });
  it('what count does not tell is one function', () => {
    const found = read({ 'main.tf': `variable "on" {}\n${lambda('a', '  count = var.on ? 1 : 0\n  handler = "go.run"\n  filename = "x.zip"')}`, 'x/go.js': handler });
    expect(handlers(found)).toEqual(['aws_lambda_function.a x/go.js#run']);
  });

  it('values come from parameters, then variable files, then defaults', () => {
    const tf = `variable "t" {\n  default = 1\n}\n${lambda('a', '  handler = "go.run"\n  timeout = var.t\n  filename = "x.zip"')}`;
    const base = { 'main.tf': tf, 'x/go.js': handler };
    expect(only(read(base)).timeoutSeconds?.value).toBe(1);
    expect(only(read({ ...base, 'terraform.tfvars': 't = 2\n' })).timeoutSeconds?.value).toBe(2);
    expect(only(read({ ...base, 'terraform.tfvars': 't = 2\n', 'z.auto.tfvars': 't = 3\n', 'prod.tfvars': 't = 9' })).timeoutSeconds?.value).toBe(3);
    expect(only(read({ ...base, 'z.auto.tfvars': 't = 3\n' }, new Map([['t', '4']]))).timeoutSeconds?.value).toBe(4);
  });

  it('JSON syntax and override files', () => {
    const found = read({
      'main.tf.json': JSON.stringify({ resource: { aws_lambda_function: { a: { runtime: 'nodejs22.x', handler: 'go.run', filename: '${path.module}/x.zip', timeout: 3, environment: { variables: { Q: '${aws_sqs_queue.q.url}' } } } }, aws_sqs_queue: { q: [{ name: 'jobs' }] } } }),
      'override.tf': 'resource "aws_lambda_function" "a" {\n  timeout = 9\n}\n', 'x/go.js': handler,
    });
    expect(only(found)).toMatchObject({ name: 'aws_lambda_function.a', timeoutSeconds: { value: 9 }, handlers: [{ file: 'x/go.js', export: 'run' }] });
    expect([...only(found).environment]).toEqual([['Q', ref('main.tf.json', 'aws_sqs_queue.q', 'QueueUrl')]]);
  });

  it('remote state and Terragrunt join units', () => {
    const found = read({
      'queues/main.tf': 'terraform {\n  backend "s3" {\n    key = "queues.tfstate"\n  }\n}\nresource "aws_sqs_queue" "q" {}\noutput "arn" {\n  value = aws_sqs_queue.q.arn\n}\n',
      'app/main.tf': `data "terraform_remote_state" "q" {\n  backend = "s3"\n  config = {\n    key = "queues.tfstate"\n  }\n}\n${lambda('a', '  handler = "go.run"\n  filename = "x.zip"')}resource "aws_lambda_event_source_mapping" "e" {\n  event_source_arn = data.terraform_remote_state.q.outputs.arn\n  function_name = aws_lambda_function.a.arn\n}\nresource "aws_lambda_event_source_mapping" "f" {\n  event_source_arn = var.other\n  function_name = aws_lambda_function.a.arn\n}\nvariable "other" {}\n`,
      'live/q/terragrunt.hcl': 'terraform {\n  source = "../..//queues"\n}\n',
      'live/a/terragrunt.hcl': 'terraform {\n  source = "../../app"\n}\ndependency "q" {\n  config_path = "../q"\n}\ninputs = {\n  other = dependency.q.outputs.arn\n}\n',
      'app/x/go.js': handler,
    });
    expect(only(found).triggers).toMatchObject([{ kind: 'queue', resource: ref('queues/main.tf', 'aws_sqs_queue.q', 'Arn') }, { kind: 'queue', resource: ref('queues/main.tf', 'aws_sqs_queue.q', 'Arn') }]);
  });

  it('a module outside the repository that is called as a function is', () => {
    const call = (more: string): string => `module "report" {\n  source = "git::https://example.com/shared.git//lambda?ref=1"\n  function_name = "report"\n  runtime = "nodejs22.x"\n  timeout = 60\n${more}\n}\nresource "aws_lambda_event_source_mapping" "m" {\n  function_name = module.report.function_arn\n  event_source_arn = "arn:aws:sqs:x:1:q"\n}\n`;
    const sources = { 'lambdas/report-maker/src/index.ts': 'export const build = 1;', 'lambdas/report-maker/package.json': '{"scripts": {"build": "esbuild src/index.ts --outdir=dist --bundle"}}' };
    const found = read({ 'infra/app/main.tf': `locals {\n  code = "../../lambdas"\n}\n${call('  function_code_base_path = local.code\n  function_code_dir = "report-maker/dist"\n  handler_function_name = "build"\n  schedule = "rate(1 day)"\n  lambda_env_vars = { A = "1" }')}`, ...sources });
    expect(only(found)).toMatchObject({ name: 'module.report.aws_lambda_function.this[0]', handlers: [{ file: 'lambdas/report-maker/src/index.ts', export: 'build' }], timeoutSeconds: { value: 60, location: { file: 'infra/app/main.tf', line: 8 } }, declaredAt: [{ line: 4 }] });
    expect(only(found).triggers.map((trigger) => trigger.kind)).toEqual(['schedule', 'queue']);
    expect([...only(found).environment]).toEqual([['A', text('1')]]);
    // What such a module gives back, as a whole and by the names that are common for its parts.
    const mapped = (reference: string) => only(read({ 'infra/app/main.tf': call('  handler = "index.build"\n  source_dir = "../../lambdas/report-maker/dist"\n  environment = {\n    variables = {\n      B = "2"\n    }\n  }').replace('module.report.function_arn', reference), ...sources }));
    for (const reference of ['module.report.lambda.arn', 'module.report.lambda_invoke_arn', 'module.report.lambda_name']) expect(mapped(reference).triggers.map((trigger) => trigger.kind)).toEqual(['queue']);
    expect([...mapped('module.report.lambda.arn').environment]).toEqual([['B', text('2')]]);
    expect(mapped('module.other.lambda.arn').triggers).toEqual([]);
    const elsewhere = read({ 'infra/app/main.tf': call('  handler = "absent.build"'), ...sources });
    expect([elsewhere.functions, elsewhere.gaps.map((gap) => `${gap.kind} ${gap.file}:${gap.line}`)]).toEqual([[], ['handler infra/app/main.tf:1']]);
    expect(read({ 'main.tf': call('').replace('nodejs22.x', 'python3.13'), ...sources }).functions).toEqual([]);
  });

  it('examples of a module deploy nothing of it', () => {
    const found = read({ 'main.tf': `variable "t" {\n  default = 1\n}\n${lambda('a', '  handler = "go.run"\n  timeout = var.t\n  filename = "${path.module}/x.zip"')}`, 'x/go.js': handler, 'examples/basic/main.tf': `module "m" {\n  source = "../../"\n  t = 9\n}\n${lambda('own', '  handler = "go.run"\n  filename = "y.zip"')}`, 'examples/basic/y/go.js': handler });
    expect(handlers(found)).toEqual(['aws_lambda_function.own examples/basic/y/go.js#run', 'aws_lambda_function.a x/go.js#run']);
    expect(found.functions.map((fn) => fn.timeoutSeconds?.value)).toEqual([undefined, 1]);
    expect(found.gaps).toEqual([]);
  });

  it('an archive of a build: of several files of that name the one that exports the handler', () => {
    const unit = lambda('orders', '  handler = "orders.run"\n  filename = "../artifacts/orders-lambda.zip"');
    const sources = { 'src/handlers/orders.js': handler, 'src/query/orders.js': 'module.exports.findAll = () => [];', 'src/models/orders.js': 'module.exports = { run };' };
    expect(handlers(read({ 'terraform/main.tf': unit, 'src/handlers/orders.js': handler, 'src/query/orders.js': sources['src/query/orders.js'] }))).toEqual(['aws_lambda_function.orders src/handlers/orders.js#run']);
    // Two that do: nothing tells them apart.
    const found = read({ 'terraform/main.tf': unit, ...sources });
    expect([found.functions.map((fn) => fn.handlers), found.gaps.map((gap) => gap.kind)]).toEqual([[[]], ['handler']]);
  });

  it('modules of the registry that are not known are gaps', () => {
    const found = read({ 'main.tf': 'module "x" {\n  source = "acme/x/aws"\n}\nmodule "y" {\n  source = "./absent"\n}\n' });
    expect(found.gaps).toMatchObject([{ kind: 'module', file: 'main.tf', line: 1 }, { kind: 'module', file: 'main.tf', line: 4 }]);
  });
});

describe('hostile configurations', () => {
  it('modules in circles end', () => {
    const found = read({ 'a/m.tf': `module "b" {\n  source = "../b"\n}\n${lambda('f', '  handler = "go.run"\n  filename = "x.zip"')}`, 'b/m.tf': 'module "a" {\n  source = "../a"\n}\n', 'a/x/go.js': handler });
    expect(found.functions.length).toBe(1);
    expect(found.gaps.some((gap) => gap.message.includes('call each other'))).toBe(true);
  });
  it('values in circles, huge counts and names of the prototype', () => {
    const found = read({ 'main.tf': `locals {\n  a = local.b\n  b = local.a\n  __proto__ = { x = 1 }\n}\n${lambda('constructor', '  handler = "go.run"\n  filename = "x.zip"\n  timeout = local.a\n  environment {\n    variables = { __proto__ = "p", n = local.__proto__.x }\n  }')}resource "aws_sqs_queue" "q" {\n  count = 1000000000\n}\n`, 'x/go.js': handler });
    expect([...only(found).environment]).toEqual([['__proto__', text('p')], ['n', text('1')]]);
    expect(only(found).timeoutSeconds).toBeUndefined();
    expect(found.resources.length).toBe(200);
    expect(found.gaps).toMatchObject([{ kind: 'loop', file: 'main.tf' }]);
  });
  it('long chains of values and values that double', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => `  l${index} = local.l${index + 1}\n`).join('');
    const double = Array.from({ length: 60 }, (_, index) => `  d${index + 1} = { a = local.d${index}, b = local.d${index} }\n  t${index + 1} = "\${local.t${index}}\${local.t${index}}"\n`).join('');
    const start = performance.now();
    const found = read({ 'main.tf': `locals {\n${chain}${double}  d0 = {}\n  t0 = "x"\n}\n${lambda('a', '  handler = "go.run"\n  filename = "x.zip"\n  environment {\n    variables = { L = local.l0, D = local.d60, T = local.t60 }\n  }')}`, 'x/go.js': handler });
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(handlers(found)).toEqual(['aws_lambda_function.a x/go.js#run']);
  });
  it('a broken block costs that block and says its line', () => {
    const found = read({ 'main.tf': `resource "aws_sqs_queue" "broken" {\n  name = "\n}\n${lambda('a', '  handler = "go.run"\n  filename = "x.zip"')}`, 'x/go.js': handler });
    expect(handlers(found)).toEqual(['aws_lambda_function.a x/go.js#run']);
    expect(found.problems).toEqual([{ file: 'main.tf', reason: 'line 2: a string is not closed' }]);
  });
  it('files outside the root are never asked for', () => {
    const workspace = memoryWorkspace({ 'main.tf': `locals {\n  a = file("../../secret")\n  b = file("/etc/passwd")\n  c = templatefile("x/../../secret", {})\n}\n${lambda('f', '  handler = local.a\n  filename = local.b\n  description = local.c')}` });
    discoverWith([terraformReader], workspace, { params: new Map() });
    expect(workspace.asked.filter((file) => file.startsWith('/') || file.includes('..') || file.includes('secret'))).toEqual([]);
  });
});

it('tells a timeout or memory that is not known from one that is not set', () => {
  const fn = (line: string): ServerlessFunction => only(read({
    'go/main.tf': `variable "seconds" {}\nresource "aws_lambda_function" "f" {\n  runtime = "nodejs22.x"\n  handler = "job.run"\n  filename = "job.zip"\n  ${line}\n}`, 'go/job.js': 'exports.run = () => 1;',
  }));
  expect(fn('timeout = var.seconds')).toMatchObject({ timeoutUnknown: true });
  for (const line of ['', 'timeout = 7', 'timeout = null']) expect(fn(line)).not.toHaveProperty('timeoutUnknown');
  expect(fn('memory_size = var.seconds')).toMatchObject({ memoryUnknown: true });
  for (const line of ['', 'memory_size = 256', 'memory_size = null']) expect(fn(line)).not.toHaveProperty('memoryUnknown');
});

it('a folder that commands build into another one is not what is packed', () => {
  const form = (source: string): unknown => only(read({
    'main.tf': `module "f" {\n  source = "terraform-aws-modules/lambda/aws"\n  function_name = "f"\n  runtime = "nodejs22.x"\n  handler = "go.run"\n  source_path = ${source}\n}\n`, 'f/go.js': handler,
  })).packaging.form;
  for (const source of ['[{\n    path = "./f"\n    commands = ["npm run build", ":zip out"]\n  }]', '[{\n    path = "./f"\n    commands = "npm run build\\n:zip ./.build/f"\n  }]']) expect(form(source)).toBe('unknown');
  for (const source of ['"./f"', '[{\n    path = "./f"\n  }]', '[{\n    path = "./f"\n    commands = ["npm ci", ":zip"]\n  }]', '[{\n    path = "./f"\n    commands = ["npm ci", ":zip . f"]\n  }]']) expect(form(source)).toBe('folder');
});
