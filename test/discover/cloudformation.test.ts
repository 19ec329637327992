import { describe, expect, it } from 'vitest';
import { cloudformation } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const code = { 'src/a.js': '', 'src/b.ts': '' };
const read = (files: Record<string, string>, params: Record<string, string> = {}) => discoverWith([cloudformation], memoryWorkspace(files), { params: new Map(Object.entries(params)) });
const indent = (text: string, n: number) => text.split('\n').map((line) => (line === '' ? line : ' '.repeat(n) + line)).join('\n');
const lambda = (id: string, rest = '') => `  ${id}:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: src\n      Handler: a.handler\n      Runtime: nodejs22.x\n${indent(rest, 6)}\n`;
const ref = (id: string, attribute: string, unit = 't.yaml') => ({ kind: 'resource', unit, id, attribute });
const text = (value: unknown) => ({ kind: 'literal', value });
const env = (name: string) => ({ kind: 'env', name });
const template = (resources: string, rest = '') => `${rest}Resources:\n${resources}`;
const only = (resources: string, rest = '', params = {}) => read({ 't.yaml': template(resources, rest), ...code }, params);

/** Value of one environment variable of a function. */
function value(expression: string, rest = '', params = {}, more: Record<string, string> = {}) {
  const result = read({ 't.yaml': template(`${lambda('F', `Environment:\n  Variables:\n    V: ${expression}`)}  Queue:\n    Type: AWS::SQS::Queue\n`, rest), ...code, ...more }, params);
  return result.functions[0]?.environment.get('V');
}

describe('functions', () => {
  it('reads what the declaration says, with places', () => {
    const { functions } = only(lambda('F', 'FunctionName: orders\nTimeout: "30"\nMemorySize: 256\nReservedConcurrentExecutions: 2\nRecursiveLoop: Allow\nArchitectures: [arm64]\nFileSystemConfigs:\n  - LocalMountPath: /mnt/data\nDeadLetterConfig:\n  TargetArn: !GetAtt Dlq.Arn') + '  Dlq:\n    Type: AWS::SQS::Queue\n');
    expect(functions).toHaveLength(1);
    expect(functions[0]).toMatchObject({
      id: 't.yaml#F', name: 'F', unit: 't.yaml', platform: 'aws', foundBy: 'infrastructure', handlers: [{ file: 'src/a.js', export: 'handler', kind: 'handler' }],
      physicalName: text('orders'), timeoutSeconds: { value: 30, location: { line: 9 } }, memoryMb: { value: 256 }, runtime: { value: 'nodejs22.x', location: { line: 7 } },
      reservedConcurrency: { value: 2 }, recursiveLoop: { value: 'Allow', location: { line: 12 } }, architecture: 'arm64', mounts: ['/mnt/data'],
      packaging: { form: 'folder', folder: 'src' }, destinations: [{ kind: 'deadLetter', target: ref('Dlq', 'Arn') }], declaredAt: [{ file: 't.yaml', line: 2, column: 3 }],
    });
  });

  it('reads JSON like YAML', () => {
    const json = JSON.stringify({ Resources: { F: { Type: 'AWS::Lambda::Function', Properties: { Code: 'src', Handler: 'b.nested.run', Runtime: 'nodejs20.x' } } } }, null, 2);
    expect(read({ 'stack.template': json, ...code }).functions[0]?.handlers).toEqual([{ file: 'src/b.ts', export: 'nested.run', kind: 'handler' }]);
  });

  it('leaves other languages out, silently', () => {
    const { functions, gaps } = only(lambda('F').replace('nodejs22.x', 'python3.12') + lambda('G').replace('nodejs22.x', 'provided.al2023').replace('a.handler', 'bootstrap.x'));
    expect([functions, gaps]).toEqual([[], []]);
  });

  it('keeps a Node function whose file is missing, with a gap at its handler', () => {
    const { functions, gaps } = only(lambda('F').replace('a.handler', 'missing/file.handler'));
    expect(functions.map((fn) => [fn.name, fn.handlers])).toEqual([['F', []]]);
    expect(gaps).toMatchObject([{ kind: 'handler', file: 't.yaml', line: 6 }]);
  });

  it('finds a handler below the folder that a build of one’s own takes it from', () => {
    const declared = template(lambda('F').replace('a.handler', 'worker.handler'));
    const found = (files: Record<string, string>) => read({ 't.yaml': declared, 'src/Makefile': 'build-F:\n', 'src/a.js': '', ...files }).functions[0]?.handlers.map((handler) => handler.file);
    expect(found({ 'src/workers/worker.js': 'exports.handler = async () => {};' })).toEqual(['src/workers/worker.js']);
    // Another export, two that fit, and a file outside of the folder prove nothing.
    expect(found({ 'src/workers/worker.js': 'exports.run = async () => {};' })).toEqual([]);
    expect(found({ 'src/workers/worker.js': 'exports.handler = 1;', 'src/jobs/worker.js': 'exports.handler = 1;' })).toEqual([]);
    expect(found({ 'other/worker.js': 'exports.handler = async () => {};' })).toEqual([]);
  });

  it('takes inline code as a handler of the template, Python not', () => {
    const inline = lambda('F').replace('Code: src', 'Code:\n        ZipFile: "exports.handler = async () => {}"');
    expect(only(inline).functions[0]).toMatchObject({ handlers: [{ file: 't.yaml', export: 'handler', kind: 'inline' }], packaging: { form: 'inline' } });
    expect(only(inline.replace('nodejs22.x', 'python3.12')).functions).toEqual([]);
  });

  it('finds code in a bucket by the script that packs it', () => {
    const packed = lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: !Join ["/", [!Ref Prefix, "shop-cart.zip"]] }').replace('a.handler', 'index.handler');
    const files = { 'code/api/cart/index.js': '', 'code/api/orders/index.js': '', 'infra/build.sh': 'code="$PWD/../code"\ncd $code/api/cart\nzip -r $OUT/shop-cart.zip *\n' };
    expect(read({ 'infra/t.yaml': template(packed), ...files }).functions[0]?.handlers[0]?.file).toBe('code/api/cart/index.js');
    expect(read({ 'infra/t.yaml': template(packed.replace('shop-cart', 'shop-mail')), ...files }).functions).toEqual([]);
  });

  it('finds code in a bucket in the only folder whose name begins or ends with the archive’s', () => {
    const stored = template(lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: web/receive.zip }').replace('a.handler', 'app.handler'));
    const shown = 'exports.handler = function () {};';
    expect(read({ 't.yaml': stored, 'functions/receive-vote/app.js': shown, 'functions/count-votes/app.js': shown }).functions[0]?.handlers[0]?.file).toBe('functions/receive-vote/app.js');
    expect(read({ 't.yaml': stored, 'a/receive-vote/app.js': shown, 'b/mail-receive/app.js': shown }).functions).toEqual([]);
    expect(read({ 't.yaml': stored, 'functions/receive-vote/app.js': 'exports.run = 1;' }).functions).toEqual([]);
  });

  it('finds code in a bucket by a folder whose name is words of the archive’s, the longest one', () => {
    const stored = template(lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: lambda/shop-price-lists-service.zip }').replace('a.handler', 'index.handler'));
    const shown = 'exports.handler = function () {};';
    const found = (files: Record<string, string>) => read({ 'infra/t.yaml': stored, ...files }).functions.map((fn) => fn.handlers[0]?.file);
    expect(found({ 'services/price-lists/index.js': shown, 'services/lists/index.js': shown, 'services/orders/index.js': shown })).toEqual(['services/price-lists/index.js']);
    expect(found({ 'services/list/index.js': shown })).toEqual([]);
    expect(found({ 'services/price-lists/index.js': 'exports.run = 1;' })).toEqual([]);
    expect(found({ 'a/price-lists/index.js': shown, 'b/price-lists/index.js': shown })).toEqual([]);
    expect(read({ 'apps/till/infra/t.yaml': stored, 'apps/shop/fns/price-lists/index.js': shown, 'apps/shop/template.yaml': '' }).functions).toEqual([]);
    // What every repository has proves nothing.
    expect(found({ 'service/index.js': shown, 'dist/price-lists/index.js': shown })).toEqual([]);
  });

  it('finds code in a bucket by the package that has the archive’s name', () => {
    const stored = template(lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: v1/till.zip }').replace('a.handler', 'index.handler'));
    const found = (files: Record<string, string>) => read({ 'infra/t.yaml': stored, ...files }).functions.map((fn) => fn.handlers[0]?.file);
    expect(found({ 'code/cash/package.json': '{"name":"@shop/till"}', 'code/cash/src/index.ts': '' })).toEqual(['code/cash/src/index.ts']);
    expect(found({ 'code/cash/package.json': '{"name":"@shop/tills"}', 'code/cash/src/index.ts': '' })).toEqual([]);
  });

  it('finds code in a bucket by a bundler’s entry, with paths from the package above the configuration', () => {
    const stored = template(lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: fn/GetOrders.zip }').replace('a.handler', 'index.handle'));
    const config = (entry: string) => `module.exports = { entry: { GetOrders: '${entry}' } }`;
    const found = (entry: string) => read({ 'infra/t.yaml': stored, 'packages/fns/config/webpack.config.js': config(entry), 'packages/fns/src/api/getOrders/index.js': '' }).functions.map((fn) => fn.handlers[0]?.file);
    expect(found('./src/api/getOrders/index.js')).toEqual(['packages/fns/src/api/getOrders/index.js']);
    expect(found('./src/api/orders/index.js')).toEqual([]);
  });

  it('takes the handler beside the template for code in a bucket only when it shows the export', () => {
    const stored = template(lambda('F').replace('Code: src', 'Code: { S3Bucket: b, S3Key: Loader-2.8.zip }').replace('a.handler', 'index.handler'));
    expect(read({ 't.yaml': stored, 'index.js': 'exports.handler = async () => {};' }).functions[0]?.handlers[0]?.file).toBe('index.js');
    expect(read({ 't.yaml': stored, 'index.js': 'exports.build = () => {};' }).functions).toEqual([]);
    expect(read({ 'infra/t.yaml': stored, 'index.js': 'exports.handler = async () => {};' }).functions).toEqual([]);
    const unnamed = stored.replace('Loader-2.8.zip', '!Sub "skill/${Stage}/artifact.zip"');
    expect(read({ 'infra/t.yaml': unnamed, 'src/index.js': 'exports.handler = async () => {};' }).functions[0]?.handlers[0]?.file).toBe('src/index.js');
    expect(read({ 'infra/t.yaml': unnamed, 'src/index.js': 'exports.skill = 1;' }).functions).toEqual([]);
  });

  it('finds code in a bucket only by the archive’s name or a telling path', () => {
    const bucket = (handler: string, key: string) => lambda('F').replace('Code: src', `Code: { S3Bucket: b, S3Key: ${key} }`).replace('a.handler', handler);
    const files = { 'services/orders/index.js': '', 'app.js': '' };
    expect(read({ 't.yaml': template(bucket('index.handler', 'v1/orders.zip')), ...files }).functions[0]?.handlers[0]?.file).toBe('services/orders/index.js');
    const generic = read({ 't.yaml': template(bucket('app.handler', 'abcdef')), ...files });
    expect(generic.functions).toEqual([]);
    expect(generic.gaps).toMatchObject([{ kind: 'handler', message: expect.stringContaining('bucket') }]);
  });

  it('reads handlers of images from the Dockerfile', () => {
    const image = '  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      PackageType: Image\n    Metadata:\n      DockerContext: ./img\n      Dockerfile: Dockerfile\n';
    const docker = (from: string) => `FROM ${from}\nCOPY lib/*.js package.json ./\nCMD ["app.run"]\n`;
    const files = (from: string) => ({ 't.yaml': template(image), 'img/Dockerfile': docker(from), 'img/lib/app.js': '' });
    expect(read(files('public.ecr.aws/lambda/nodejs:22')).functions[0]).toMatchObject({ handlers: [{ file: 'img/lib/app.js', export: 'run' }], packaging: { form: 'image' } });
    expect(read(files('public.ecr.aws/lambda/python:3.12')).functions).toEqual([]);
  });

  it('never leaves the root', () => {
    const { functions, gaps } = only(lambda('F').replace('Code: src', 'Code: ../../outside'));
    expect(functions).toEqual([]);
    expect(gaps).toMatchObject([{ message: expect.stringContaining('outside the repository') }]);
  });

  it.each(['null', 'true', '0', '""', '[]', '{}', '1e400', '!Sub', '!GetAtt'])('survives every property being %s', (odd) => {
    const names = ['Code', 'Handler', 'Runtime', 'Timeout', 'Environment', 'Layers', 'FileSystemConfigs', 'Architectures', 'DeadLetterConfig', 'FunctionName', 'Events', 'FunctionUrlConfig', 'EventInvokeConfig', 'CodeUri', 'Metadata'];
    for (const type of ['AWS::Lambda::Function', 'AWS::Serverless::Function', 'AWS::Lambda::EventSourceMapping', 'AWS::Events::Rule', 'AWS::S3::Bucket', 'AWS::Serverless::StateMachine', 'AWS::Serverless::Api']) {
      const body = names.map((name) => `      ${name}: ${odd}\n`).join('');
      expect(read({ 't.yaml': `Resources:\n  F:\n    Type: ${type}\n    Properties:\n${body}` }).problems).toEqual([]);
    }
  });
});

it("leaves out functions of the CDK's own work in templates that it made", () => {
  const inline = (id: string): string => `  ${id}:\n    Type: AWS::Lambda::Function\n    Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: 'exports.handler = async () => 1;' } }\n`;
  const found = read({ 'x.yaml': template(['BucketNotificationsHandler050a0587b7544547bf325f094a3db8347ECC3691', 'LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A', 'BucketNotificationsHandler', 'Orders7ECC3691'].map(inline).join('')) });
  expect(found.functions.map((fn) => fn.name).sort()).toEqual(['BucketNotificationsHandler', 'Orders7ECC3691']);
});

describe('which files are templates', () => {
  it('leaves out what tests of the CDK compare with', () => {
    const one = '{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}';
    const left = Object.fromEntries(['integ.queue.ts.snapshot/s.template.json', 'test/integ.queue.js.snapshot/s.template.json', 'queue.integ.snapshot/s.template.json', '__snapshots__/s.json'].map((file) => [file, one]));
    expect(read(left).resources).toEqual([]);
    expect(read({ 'queue.snapshot/s.template.json': one, 'integ.snapshot.json': one }).resources).toHaveLength(2);
  });

  const k8s = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  AWS::Region: eu\nResources: none\n';
  it.each([
    ['k8s', k8s], ['openapi', 'openapi: 3.0.0\npaths: {}\nx: AWS::Lambda::Function\n'], ['resources without types', 'Resources:\n  a: { x: AWS::X }\n'],
    ['null resources', 'Resources:\nx: AWS::Y\n'], ['a list', '- Resources: AWS::Z\n'],
  ])('ignores %s', (_, file) => {
    expect(read({ 'x.yaml': file })).toMatchObject({ functions: [], resources: [], gaps: [], problems: [], files: [] });
  });

  it('ignores synthesised templates', () => {
    expect(read({ 'cdk.out/s.template.json': '{"Resources":{"Q":{"Type":"AWS::SQS::Queue"}}}', '.aws-sam/build/template.yaml': template('  Q:\n    Type: AWS::SQS::Queue\n') }).resources).toEqual([]);
  });

  it('reports a broken template and uses what parsed', () => {
    const { functions, problems } = read({ 't.yaml': `AWSTemplateFormatVersion: "2010-09-09"\n${template(lambda('F'))}Outputs: "x" y\n`, ...code });
    expect(functions.map((fn) => fn.name)).toEqual(['F']);
    expect(problems).toMatchObject([{ file: 't.yaml', reason: expect.stringMatching(/^line 10: /) }]);
  });

  it('never drops a template in silence: too deep, or broken beyond use', () => {
    expect(read({ 't.yaml': template(`  Q:\n    Type: AWS::SQS::Queue\n    Properties: ${'['.repeat(400)}\n`) }).problems).toMatchObject([{ file: 't.yaml', reason: 'line 4: nested too deeply' }]);
    expect(read({ 't.yaml': '"Resources": {"F": {"Type": "AWS::Lambda::Function" x' }).problems).toHaveLength(1);
    expect(read({ 't.yaml': 'Resources: ] AWS::\n' }).problems).toEqual([]);
  });

  it('works out chained conditions once', () => {
    const chain = `Conditions:\n${Array.from({ length: 60 }, (_, i) => `  C${i}: !Or [{ Condition: C${i + 1} }, { Condition: C${i + 1} }, { Condition: C${i + 1} }]\n`).join('')}  C60: !Equals [a, !Ref AWS::Region]\n`;
    const started = performance.now();
    expect(value('!If [C0, a, b]', chain)).toMatchObject({ kind: 'oneOf' });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('takes prototype names as names', () => {
    expect(only(lambda('__proto__') + lambda('constructor')).functions.map((fn) => fn.name)).toEqual(['__proto__', 'constructor']);
  });
});

describe('values', () => {
  const parameters = 'Parameters:\n  Stage: { Type: String, Default: dev }\n  Table: { Type: String }\n  Ids: { Type: CommaDelimitedList, Default: "a, b" }\n  Ssm: { Type: "AWS::SSM::Parameter::Value<String>", Default: /x/y }\n';
  it.each<[string, unknown]>([
    ['!Ref Queue', ref('Queue', 'Ref')],
    ['!GetAtt Queue.Arn', ref('Queue', 'Arn')],
    ['{ "Fn::GetAtt": [Queue, QueueName] }', ref('Queue', 'QueueName')],
    ['!Ref Stage', text('dev')],
    ['!Ref Table', env('param:Table')],
    ['!Ref Ssm', { kind: 'derived', what: 'parameter', from: [text('/x/y')], io: false }],
    ['!Ref AWS::Region', env('AWS::Region')],
    ['!Ref AWS::StackName', env('AWS::StackName@t.yaml')],
    ['!Sub "orders-${Stage}"', text('orders-dev')],
    ['!Sub "a-${!Stage}-${AWS::Region}"', { kind: 'template', parts: [text('a-${Stage}-'), env('AWS::Region')] }],
    ['!Sub ["${q}/x", { q: !GetAtt Queue.Arn }]', { kind: 'template', parts: [ref('Queue', 'Arn'), text('/x')] }],
    ['!Sub "${Queue.Arn}"', ref('Queue', 'Arn')],
    ['!Join ["-", [a, !Ref Stage, b]]', text('a-dev-b')],
    ['!Select [1, !Ref Ids]', text('b')],
    ['!Select [1, !Split ["/", "x/y/z"]]', text('y')],
    ['!ImportValue other', { kind: 'derived', what: 'import', from: [text('other')], io: false }],
    ['!Ref Nothing', { kind: 'unknown', reason: 'no resource or parameter Nothing' }],
    ['!Ref AWS::NoValue', undefined],
    ['012345678901', text('012345678901')],
    ['30', text(30)],
  ])('%s', (expression, expected) => {
    expect(value(expression, parameters)).toEqual(expected);
  });

  it('takes parameters from outside first', () => {
    expect(value('!Sub "orders-${Stage}"', parameters, { Stage: 'prod' })).toEqual(text('orders-prod'));
  });

  const conditions = `${parameters}Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n  Never: !Equals [a, b]\n  Loop: !Not [{ Condition: Loop }]\n`;
  it('folds a condition only when no default may be overridden', () => {
    expect(value('!If [IsProd, big, small]', conditions)).toEqual({ kind: 'oneOf', options: [text('big'), text('small')] });
    expect(value('!If [IsProd, big, small]', conditions, { Stage: 'prod' })).toEqual(text('big'));
    expect(value('!If [Never, big, small]', conditions)).toEqual(text('small'));
    expect(value('!If [Loop, big, small]', conditions)).toEqual({ kind: 'oneOf', options: [text('big'), text('small')] });
  });

  it('looks up mappings, all rows when the key is not known', () => {
    const mappings = 'Mappings:\n  M:\n    eu: { name: a }\n    us: { name: b }\n';
    expect(value('!FindInMap [M, us, name]', mappings)).toEqual(text('b'));
    expect(value('!FindInMap [M, !Ref AWS::Region, name]', mappings)).toEqual({ kind: 'oneOf', options: [text('a'), text('b')] });
    expect(value('!FindInMap [M, us, other]', mappings)).toMatchObject({ kind: 'unknown' });
  });

  it('follows an import to the one template that exports it', () => {
    const exporting = (id: string) => `Resources:\n  ${id}:\n    Type: AWS::SQS::Queue\nOutputs:\n  O:\n    Value: !GetAtt ${id}.Arn\n    Export: { Name: shop-queue }\n`;
    expect(value('!ImportValue shop-queue', '', {}, { 'o.yaml': exporting('Q') })).toEqual(ref('Q', 'Arn', 'o.yaml'));
    expect(value('!ImportValue shop-queue', '', {}, { 'o.yaml': exporting('Q'), 'p.yaml': exporting('R') })).toMatchObject({ kind: 'derived', what: 'import' });
  });
});

describe('nested stacks', () => {
  const parent = template('  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: nested/child.yaml\n      Parameters:\n        QueueArn: !GetAtt Queue.Arn\n  Queue:\n    Type: AWS::SQS::Queue\n  Map:\n    Type: AWS::Lambda::EventSourceMapping\n    Properties:\n      EventSourceArn: !GetAtt Queue.Arn\n      FunctionName: !GetAtt Child.Outputs.Fn\n');
  const child = `Parameters:\n  QueueArn: { Type: String }\n${template(lambda('F', 'Environment:\n  Variables:\n    Q: !Ref QueueArn').replace('Code: src', 'Code: ../src'))}Outputs:\n  Fn: { Value: !GetAtt F.Arn }\n`;

  it('hands parameters down and outputs up', () => {
    const { functions, gaps } = read({ 'p.yaml': parent, 'nested/child.yaml': child, ...code });
    expect(gaps).toEqual([]);
    expect(functions).toMatchObject([{ id: 'nested/child.yaml#F', triggers: [{ kind: 'queue', source: 'SQS', resource: ref('Queue', 'Arn', 'p.yaml') }] }]);
    expect(functions[0]?.environment.get('Q')).toEqual(ref('Queue', 'Arn', 'p.yaml'));
  });

  it.each([
    ['beside the parent', 'p.yaml', 'child.yaml', 1],
    ['at the only place of that path', 'infra/main/p.yaml', 'infra/stacks/child.yaml', 1],
    ['of another name', 'p.yaml', 'other.yaml', 0],
  ])('follows a template that is uploaded: %s', (_name, up, down, count) => {
    const stored = parent.replace('nested/child.yaml', '!Sub "https://${Bucket}.s3.amazonaws.com/${Prefix}/child.yaml"');
    const { functions, gaps } = read({ [up]: stored, [down]: child.replaceAll('../src', 'src'), [down.replace(/[^/]*$/, 'src/a.js')]: '' });
    expect(gaps.filter((gap) => gap.kind === 'nested-stack')).toEqual([]);
    expect(functions.flatMap((fn) => fn.triggers)).toHaveLength(count);
  });

  it('follows no uploaded template when two have its name', () => {
    const stored = parent.replace('nested/child.yaml', 'https://s3.amazonaws.com/b/child.yaml');
    expect(read({ 'p.yaml': stored, 'a/child.yaml': child, 'b/child.yaml': child, ...code }).functions.flatMap((fn) => fn.triggers)).toEqual([]);
  });

  it('ends on stacks that contain each other', () => {
    const cyclic = (other: string) => template(`  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ${other}\n      Parameters: { A: !GetAtt S.Outputs.O }\n`, 'Parameters:\n  A: { Type: String }\n') + 'Outputs:\n  O: { Value: !Ref A }\n';
    expect(read({ 'a.yaml': cyclic('b.yaml'), 'b.yaml': cyclic('a.yaml') }).problems).toEqual([]);
  });

  it('says when a local nested template is missing, and stays quiet about remote ones', () => {
    const stack = (url: string) => template(`  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ${url}\n`);
    expect(read({ 'a.yaml': stack('gone.yaml') }).gaps).toMatchObject([{ kind: 'nested-stack', file: 'a.yaml', line: 2 }]);
    expect(read({ 'a.yaml': stack('https://s3.amazonaws.com/b/t.yaml') }).gaps).toEqual([]);
  });
});

describe('resources', () => {
  it('carry kind, names, place and properties', () => {
    const { resources } = only('  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Sub "${AWS::StackName}-q"\n      RedrivePolicy: { maxReceiveCount: 3 }\n  X:\n    Type: Custom::Thing\n');
    expect(resources).toMatchObject([
      { id: 't.yaml#Q', logicalId: 'Q', kind: 'queue', type: 'AWS::SQS::Queue', location: { line: 2 }, physicalName: { kind: 'template', parts: [env('AWS::StackName@t.yaml'), text('-q')] } },
      { id: 't.yaml#X', kind: 'other', type: 'Custom::Thing' },
    ]);
    expect(resources[1]).not.toHaveProperty('physicalName');
  });
});
