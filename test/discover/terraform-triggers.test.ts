import { describe, expect, it } from 'vitest';
import { discoverWith } from '../../src/discover/discover.ts';
import { terraformReader } from '../../src/discover/terraform.ts';
import type { Infrastructure, Trigger } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const head = 'resource "aws_lambda_function" "f" {\n  function_name = "${var.stage}-f"\n  runtime = "nodejs22.x"\n  handler = "go.run"\n  filename = "x.zip"\n}\nvariable "stage" {}\n';
const ref = (id: string, attribute = 'Ref') => ({ kind: 'resource', unit: 'main.tf', id, attribute });
const text = (value: unknown) => ({ kind: 'literal', value });

function read(tf: string): Infrastructure {
  const found = discoverWith([terraformReader], memoryWorkspace({ 'main.tf': head + tf, 'x/go.js': 'exports.run = 1' }), { params: new Map() });
  expect(found.problems).toEqual([]);
  expect(found.gaps).toEqual([]);
  return found;
}

function triggers(tf: string): readonly Omit<Trigger, 'location'>[] {
  return (read(tf).functions.find((fn) => fn.name.startsWith('aws_lambda_function.f'))?.triggers ?? []).map(({ location, ...rest }) => {
    expect(location?.line).toBeGreaterThan(7);
    return rest;
  });
}

const block = (type: string, name: string, body: string): string => `resource "${type}" "${name}" {\n${body}\n}\n`;
const arn = 'aws_lambda_function.f.arn';

describe('event source mappings', () => {
  const mapping = (body: string): string => block('aws_lambda_event_source_mapping', 'm', `  function_name = ${arn}\n${body}`);
  it('settings, filters, destination', () => {
    const tf = mapping('  event_source_arn = aws_dynamodb_table.t.stream_arn\n  starting_position = "LATEST"\n  batch_size = 20\n  enabled = false\n  maximum_retry_attempts = 2\n  function_response_types = ["ReportBatchItemFailures"]\n  filter_criteria {\n    filter {\n      pattern = jsonencode({ eventName = ["INSERT"] })\n    }\n  }\n  destination_config {\n    on_failure {\n      destination_arn = aws_sqs_queue.q.arn\n    }\n  }') + block('aws_dynamodb_table', 't', '  name = "t"') + block('aws_sqs_queue', 'q', '  name = "q"');
    expect(triggers(tf)).toEqual([{
      kind: 'stream', source: 'DynamoDB', resource: ref('aws_dynamodb_table.t', 'StreamArn'), batchSize: 20, batchSizeAt: { file: 'main.tf', line: 12, column: 3, endLine: 12, endColumn: 18 }, enabled: false, partialBatchResponse: true, maximumRetryAttempts: 2,
      filters: [{ kind: 'records', patterns: [{ kind: 'object', open: false, entries: [['eventName', { kind: 'array', open: false, items: [text('INSERT')] }]] }] }],
    }]);
    expect(read(tf).functions[0]?.destinations).toMatchObject([{ kind: 'onFailure', target: ref('aws_sqs_queue.q', 'Arn'), location: { line: 23 } }]);
  });
  it.each<[string, string, string]>([
    ['  event_source_arn = "arn:aws:kinesis:eu-west-1:1:stream/s"', 'stream', 'Kinesis'], ['  event_source_arn = "arn:aws:sqs:${data.aws_region.current.name}:1:q"', 'queue', 'SQS'],
    ['  event_source_arn = data.aws_sqs_queue.q.arn', 'queue', 'SQS'], ['  event_source_arn = var.stage\n  starting_position = "LATEST"', 'stream', 'stream'],
    ['  event_source_arn = var.stage\n  batch_size = 1', 'queue', 'SQS'], ['  event_source_arn = var.stage', 'unknown', 'EventSourceMapping'],
    ['  event_source_arn = var.stage\n  topics = ["a"]', 'stream', 'MSK'],
  ])('%s', (body, kind, source) => expect(triggers(`data "aws_region" "current" {}\ndata "aws_sqs_queue" "q" {\n  name = "q"\n}\n${mapping(body)}`)).toMatchObject([{ kind, source }]));
});

describe('ways to name a function', () => {
  const count = (name: string, more = ''): number => triggers(block('aws_lambda_event_source_mapping', 'm', `  event_source_arn = "arn:aws:sqs:x:1:q"\n  function_name = ${name}`) + more).length;
  it.each<[string, string, number, string?]>([
    ['arn', arn, 1], ['name', 'aws_lambda_function.f.function_name', 1], ['qualified', 'aws_lambda_function.f.qualified_arn', 1], ['declared name', '"${var.stage}-f"', 1],
    ['ARN of the declared name', '"arn:aws:lambda:eu-west-1:1:function:${var.stage}-f:live"', 1], ['alias', 'aws_lambda_alias.a.arn', 1, block('aws_lambda_alias', 'a', '  function_name = aws_lambda_function.f.function_name\n  name = "a"')],
    ['either', 'var.stage == "x" ? aws_lambda_function.f.arn : null', 1], ['concatenated', '"${aws_lambda_function.f.arn}:live"', 1], ['replaced', 'replace(aws_lambda_function.f.arn, ":1", "")', 1],
    ['data source', 'data.aws_lambda_function.d.arn', 1, 'data "aws_lambda_function" "d" {\n  function_name = "${var.stage}-f"\n}\n'],
    ['another name', '"${var.stage}-g"', 0], ['the tail', '"f"', 0], ['another resource', 'aws_sqs_queue.q.arn', 0, block('aws_sqs_queue', 'q', '')],
  ])('%s', (_, name, expected, more) => expect(count(name, more)).toBe(expected));
});

describe('events', () => {
  it('topics with filter policies; other protocols are none of ours', () => {
    expect(triggers(block('aws_sns_topic', 't', '') + block('aws_sns_topic_subscription', 's', `  topic_arn = aws_sns_topic.t.arn\n  protocol = "lambda"\n  endpoint = ${arn}\n  filter_policy_scope = "MessageBody"\n  filter_policy = <<-EOT\n    {"a": ["b"]}\n  EOT`)
      + block('aws_sns_topic_subscription', 'mail', '  topic_arn = aws_sns_topic.t.arn\n  protocol = "email"\n  endpoint = "a@example.com"'))).toMatchObject([
      { kind: 'topic', source: 'SNS', resource: ref('aws_sns_topic.t'), filters: [{ kind: 'attributes', scope: 'body', policy: { kind: 'object', entries: [['a', { items: [text('b')] }]] } }] },
    ]);
  });

  it('rules: schedules, patterns and their buses', () => {
    const target = (rule: string): string => block('aws_cloudwatch_event_target', rule, `  rule = aws_cloudwatch_event_rule.${rule}.name\n  arn = ${arn}`);
    expect(triggers(block('aws_cloudwatch_event_rule', 'a', '  schedule_expression = "rate(5 minutes)"\n  is_enabled = false') + target('a') + block('aws_cloudwatch_event_bus', 'b', '  name = "b"')
      + block('aws_cloudwatch_event_rule', 'c', '  event_bus_name = aws_cloudwatch_event_bus.b.name\n  event_pattern = jsonencode({ source = ["shop"] })') + target('c'))).toMatchObject([
      { kind: 'schedule', source: 'EventBridgeRule', schedule: text('rate(5 minutes)'), enabled: false },
      { kind: 'bus', resource: ref('aws_cloudwatch_event_bus.b', 'Name'), filters: [{ kind: 'pattern', pattern: { kind: 'object', entries: [['source', { items: [text('shop')] }]] } }] },
    ]);
  });

  it('a pattern in a text with gaps keeps what is written', () => {
    const pattern = '  event_pattern = <<EOF\n{ "detail-type": ["orders.placed"], "source": ["${var.stage}.orders"] }\nEOF';
    const [found] = triggers(`variable "stage" {}\n${block('aws_cloudwatch_event_rule', 'a', `  name = "placed"\n${pattern}`)}${block('aws_cloudwatch_event_target', 't', `  rule = "placed"\n  arn = ${arn}`)}`);
    expect(found?.filters).toMatchObject([{ kind: 'pattern', pattern: { kind: 'object', entries: [
      ['detail-type', { kind: 'array', items: [{ kind: 'literal', value: 'orders.placed' }] }],
      ['source', { kind: 'array', items: [{ kind: 'template', parts: [{}, { kind: 'literal', value: '.orders' }] }] }],
    ] } }]);
  });

  it('a rule named by its text, a default bus', () => expect(triggers(block('aws_cloudwatch_event_rule', 'a', '  name = "nightly"\n  event_pattern = "{\\"source\\": [\\"aws.s3\\"]}"') + block('aws_cloudwatch_event_target', 't', `  rule = "nightly"\n  arn = ${arn}`)))
    .toMatchObject([{ kind: 'bus', resource: text('default'), filters: [{ pattern: { kind: 'object' } }] }]));

  it('the scheduler, directly and through an API call', () => {
    expect(triggers(block('aws_scheduler_schedule', 's', `  schedule_expression = "rate(1 hour)"\n  state = "DISABLED"\n  target {\n    arn = ${arn}\n  }`))).toMatchObject([{ kind: 'schedule', source: 'Scheduler', schedule: text('rate(1 hour)'), enabled: false, resource: ref('aws_scheduler_schedule.s') }]);
    expect(triggers(block('aws_scheduler_schedule', 's', `  schedule_expression = "rate(1 hour)"\n  target {\n    arn = "arn:aws:scheduler:::aws-sdk:lambda:invoke"\n    input = jsonencode({ FunctionName = ${arn} })\n  }`))).toMatchObject([{ kind: 'schedule' }]);
    expect(read(block('aws_sqs_queue', 'q', '') + block('aws_scheduler_schedule', 's', '  target {\n    arn = "arn:aws:scheduler:::aws-sdk:sqs:sendMessage"\n    input = jsonencode({ QueueUrl = aws_sqs_queue.q.url })\n  }')).links).toMatchObject([{ kind: 'target', to: ref('aws_sqs_queue.q', 'QueueUrl') }]);
  });

  it.each<[string, string, unknown]>([
    ['with what its target says', '  target_parameters {\n    eventbridge_event_bus_parameters {\n      source = "orders"\n      detail_type = "record"\n    }\n  }', { kind: 'object', open: true, entries: [['source', text('orders')], ['detail-type', text('record')]] }],
    ['without a word', '', { kind: 'object', open: true, entries: [] }],
    ['in another shape', '  target_parameters {\n    input_template = "{}"\n  }', undefined],
    ['by way of a function', '  enrichment = "arn:aws:lambda:eu-west-1:123456789012:function:enrich"', undefined],
  ])('a pipe hands records on %s', (_name, more, expected) => {
    const found = read(block('aws_sqs_queue', 'q', '') + block('aws_cloudwatch_event_bus', 'b', '  name = "b"') + block('aws_pipes_pipe', 'p', `  source = aws_sqs_queue.q.arn\n  target = aws_cloudwatch_event_bus.b.arn\n${more}`));
    expect(found.links.find((link) => link.kind === 'pipe' && link.to.kind === 'resource')?.message).toEqual(expected);
  });

  it('pipes, log groups, state machines', () => {
    expect(triggers(block('aws_sqs_queue', 'q', '') + block('aws_pipes_pipe', 'p', `  source = aws_sqs_queue.q.arn\n  target = ${arn}\n  source_parameters {\n    sqs_queue_parameters {\n      batch_size = 7\n    }\n    filter_criteria {\n      filter {\n        pattern = "{}"\n      }\n    }\n  }`)))
      .toMatchObject([{ kind: 'queue', source: 'Pipe', resource: ref('aws_sqs_queue.q', 'Arn'), batchSize: 7, filters: [{ kind: 'records' }] }]);
    expect(triggers(block('aws_cloudwatch_log_group', 'g', '  name = "/g"') + block('aws_cloudwatch_log_subscription_filter', 's', `  log_group_name = aws_cloudwatch_log_group.g.name\n  filter_pattern = "ERROR"\n  destination_arn = ${arn}`)))
      .toMatchObject([{ kind: 'log', resource: ref('aws_cloudwatch_log_group.g'), filters: [{ kind: 'pattern', pattern: text('ERROR') }] }]);
    for (const definition of [`jsonencode({ States = { A = { Type = "Task", Resource = ${arn} } } })`, `<<EOF\n{"States": {"A": {"Resource": "\${${arn}}"}}}\nEOF`, '"{\\"States\\": {\\"A\\": {\\"Parameters\\": {\\"FunctionName\\": \\"${aws_lambda_function.f.function_name}\\"}}}}"']) {
      expect(triggers(block('aws_sfn_state_machine', 'm', `  definition = ${definition}`))).toMatchObject([{ kind: 'stateMachine', source: 'StepFunctions', resource: ref('aws_sfn_state_machine.m') }]);
    }
  });

  it.each<[string, string, string]>([
    [block('aws_cognito_user_pool', 'p', `  lambda_config {\n    pre_sign_up = ${arn}\n  }`), 'auth', 'Cognito'],
    [block('aws_cognito_user_pool', 'p', `  lambda_config {\n    custom_email_sender {\n      lambda_arn = ${arn}\n    }\n  }`), 'auth', 'CognitoSender'],
    [block('aws_cloudfront_distribution', 'd', `  default_cache_behavior {\n    lambda_function_association {\n      lambda_arn = aws_lambda_function.f.qualified_arn\n    }\n  }`), 'http', 'CloudFront'],
    [block('aws_lb_target_group_attachment', 'a', `  target_id = ${arn}`), 'http', 'ALB'],
    [block('aws_iot_topic_rule', 'r', `  lambda {\n    function_arn = ${arn}\n  }`), 'topic', 'IoTRule'],
    [block('aws_lambda_permission', 'p', `  function_name = ${arn}\n  principal = "s3.amazonaws.com"`), 'bucket', 'Permission'],
    [block('aws_appsync_datasource', 'd', `  lambda_config {\n    function_arn = ${arn}\n  }`), 'http', 'AppSync'],
  ])('%s', (tf, kind, source) => expect(triggers(tf)).toMatchObject([{ kind, source }]));

  it('a permission explains nothing that is explained, and principals that are no service count for nothing', () => {
    const permission = (principal: string): string => block('aws_lambda_permission', 'p', `  function_name = ${arn}\n  principal = "${principal}"`);
    expect(triggers(permission('events.amazonaws.com') + block('aws_lambda_function_url', 'u', '  function_name = aws_lambda_function.f.function_name\n  authorization_type = "NONE"'))).toMatchObject([{ kind: 'url', auth: { kind: 'none' } }]);
    expect(triggers(permission('123456789012'))).toEqual([]);
  });

  it('CloudFront functions run at the edge', () => expect(read(block('aws_cloudfront_distribution', 'd', `  default_cache_behavior {\n    lambda_function_association {\n      lambda_arn = ${arn}\n    }\n  }`)).functions[0]?.generation).toBe('edge'));
  it('notifications made by dynamic blocks', () => expect(triggers(block('aws_s3_bucket_notification', 'n', `  bucket = "b"\n  dynamic "lambda_function" {\n    for_each = { a = "in/", b = "out/" }\n    content {\n      lambda_function_arn = ${arn}\n      events = ["s3:ObjectCreated:*"]\n      filter_prefix = lambda_function.value\n    }\n  }`)))
    .toMatchObject([{ kind: 'bucket', filters: [{ rules: [{ prefix: text('in/') }] }] }, { kind: 'bucket', filters: [{ rules: [{ prefix: text('out/') }] }] }]));
});

describe('APIs', () => {
  const rest = (method: string): string => block('aws_api_gateway_rest_api', 'a', '  name = "a"') + block('aws_api_gateway_resource', 'r', '  rest_api_id = aws_api_gateway_rest_api.a.id\n  parent_id = aws_api_gateway_rest_api.a.root_resource_id\n  path_part = "orders"')
    + block('aws_api_gateway_resource', 'i', '  rest_api_id = aws_api_gateway_rest_api.a.id\n  parent_id = aws_api_gateway_resource.r.id\n  path_part = "{id}"')
    + block('aws_api_gateway_method', 'm', `  rest_api_id = aws_api_gateway_rest_api.a.id\n  resource_id = aws_api_gateway_resource.i.id\n  http_method = "ANY"\n${method}`)
    + block('aws_api_gateway_integration', 'g', '  rest_api_id = aws_api_gateway_rest_api.a.id\n  resource_id = aws_api_gateway_method.m.resource_id\n  http_method = aws_api_gateway_method.m.http_method\n  uri = aws_lambda_function.f.invoke_arn');
  it.each<[string, unknown]>([
    ['  authorization = "NONE"', { kind: 'none', location: { line: 25 } }], ['  authorization = "NONE"\n  api_key_required = true', { kind: 'key' }], ['  authorization = "AWS_IAM"', { kind: 'identity' }],
    ['  authorization = "CUSTOM"\n  authorizer_id = "x"', { kind: 'authorizer', authorizer: text('x') }], ['  authorization = var.stage', undefined],
  ])('REST: %s', (method, auth) => {
    const [found] = triggers(rest(method));
    expect(found).toMatchObject({ kind: 'http', source: 'Api', resource: ref('aws_api_gateway_rest_api.a'), filters: [{ kind: 'route', method: '*', path: '/orders/{id}' }] });
    if (auth === undefined) expect(found?.auth).toBeUndefined();
    else expect(found?.auth).toMatchObject(auth);
  });

  const http = (type: string, route: string): string => block('aws_apigatewayv2_api', 'a', `  name = "a"\n  protocol_type = "${type}"`) + block('aws_apigatewayv2_integration', 'g', '  api_id = aws_apigatewayv2_api.a.id\n  integration_uri = aws_lambda_function.f.arn')
    + block('aws_apigatewayv2_route', 'r', `  api_id = aws_apigatewayv2_api.a.id\n  target = "integrations/\${aws_apigatewayv2_integration.g.id}"\n${route}`);
  it('HTTP and WebSocket routes', () => {
    expect(triggers(http('HTTP', '  route_key = "GET /x"'))).toMatchObject([{ source: 'HttpApi', filters: [{ method: 'GET', path: '/x' }], auth: { kind: 'none' } }]);
    expect(triggers(http('HTTP', '  route_key = "$default"\n  authorization_type = "AWS_IAM"'))).toMatchObject([{ filters: [{ method: '*', path: '*' }], auth: { kind: 'identity' } }]);
    const [socket] = triggers(http('WEBSOCKET', '  route_key = "$default"'));
    expect(socket).toMatchObject({ source: 'WebSocket', filters: [{ path: '$default' }] });
    expect(socket?.auth).toBeUndefined();
  });

  it('OpenAPI bodies', () => {
    expect(triggers(block('aws_api_gateway_rest_api', 'a', '  body = jsonencode({ paths = { "/x" = { get = { x-amazon-apigateway-integration = { uri = aws_lambda_function.f.invoke_arn } } } } })'))).toMatchObject([{ source: 'Api', filters: [{ method: 'GET', path: '/x' }] }]);
  });
});

describe('OpenAPI definitions in files of their own', () => {
  const uri = '"uri": "arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${FN}/invocations"';
  const operation = (security: string): string => `{ ${security}"x-amazon-apigateway-integration": { "type": "AWS_PROXY", ${uri} } }`;
  const spec = (more: string): string => `{ "openapi": "3.0.1", "components": { "securitySchemes": {
    "Own": { "type": "apiKey", "in": "header", "name": "x", "x-amazon-apigateway-authorizer": { "type": "request", ${uri.replace('"uri"', '"authorizerUri"').replace('${FN}', '${AUTH}')} } },
    "Key": { "type": "apiKey", "in": "header", "name": "x-api-key" }, "Pool": { "type": "apiKey", "x-amazon-apigateway-authorizer": { "type": "cognito_user_pools" } }, "Loose": { "type": "http" } } }${more} }`;
  const wired = (text: string, file = 'spec.tmpl.json') => {
    const tf = `${head}${head.replace('"f"', '"auth"').replace('go.run', 'go.check').replace('variable "stage" {}\n', '')}resource "aws_api_gateway_rest_api" "a" {\n  body = templatefile("\${path.module}/${file}", { FN = ${arn}, AUTH = aws_lambda_function.auth.arn, REGION = "eu-west-2" })\n}\n`;
    return discoverWith([terraformReader], memoryWorkspace({ 'main.tf': tf, 'x/go.js': 'exports.run = 1; exports.check = 1', [file]: text }), { params: new Map() }).functions
      .map((fn) => fn.triggers.map((one) => `${one.kind} ${one.filters.map((filter) => (filter.kind === 'route' ? `${filter.method} ${filter.path}` : '')).join()} ${one.auth?.kind ?? '-'}`));
  };

  it('name functions, routes and who may call them', () => {
    expect(wired(spec(`, "paths": { "/a": { "get": ${operation('"security": [{ "Own": [] }], ')}, "post": ${operation('')} } }`))).toEqual([['auth  -'], ['http GET /a authorizer', 'http POST /a none']]);
  });

  it.each([
    ['"security": [{ "Key": [] }], ', 'key'], ['"security": [{ "Pool": [] }], ', 'identity'], ['"security": [{ "Own": [], "Key": [] }], ', 'authorizer'], ['"security": [{ "Own": [] }, { "Key": [] }], ', 'key'],
    ['"security": [{ "Own": [] }, {}], ', 'none'], ['"security": [], ', 'none'], ['"security": [{ "Loose": [] }], ', '-'], ['"x-amazon-apigateway-auth": { "type": "AWS_IAM" }, ', 'identity'],
  ])('say %s: %s', (security, expected) => {
    expect(wired(spec(`, "paths": { "/a": { "get": ${operation(security)} } }`))[1]).toEqual([`http GET /a ${expected}`]);
  });

  it('are read of YAML, and their own security holds where an operation has none', () => {
    const yaml = 'openapi: 3.0.1\nsecurity:\n  - Key: []\ncomponents:\n  securitySchemes:\n    Key: { type: apiKey, in: header, name: x-api-key }\npaths:\n  /b:\n    get:\n      x-amazon-apigateway-integration:\n        uri: ${FN}\n';
    expect(wired(yaml, 'spec.yaml')).toEqual([[], ['http GET /b key']]);
  });

  it('that are none name a function and no route', () => {
    expect(wired('see ${FN}')).toEqual([[], ['http  -']]);
  });
});

describe('modules of the repository', () => {
  const module = 'variable "name" {}\nvariable "target" {}\nresource "aws_lambda_event_source_mapping" "m" {\n  function_name = var.target\n  event_source_arn = "arn:aws:sqs:x:1:${var.name}"\n}\n';
  const call = (name: string): string => `module "${name}" {\n  source = "./feed"\n  name = "${name}"\n  target = ${arn}\n}\n`;
  const places = (...names: readonly string[]): readonly (string | undefined)[][] => {
    const found = discoverWith([terraformReader], memoryWorkspace({ 'main.tf': head + names.map(call).join(''), 'feed/main.tf': module, 'x/go.js': 'exports.run = 1' }), { params: new Map() });
    const shown = (place: Trigger['location']): string | undefined => place && `${place.file}:${place.line}`;
    return (found.functions.find((fn) => fn.name.startsWith('aws_lambda_function.f'))?.triggers ?? []).map(({ location, writtenAt }) => [shown(location), shown(writtenAt)]);
  };
  it('a block of one that is called several times stands at the call, and says where it is written', () => {
    expect(places('a', 'b')).toEqual([['main.tf:8', 'feed/main.tf:3'], ['main.tf:13', 'feed/main.tf:3']]);
  });
  it('a block of one that is called once stands where it is written', () => {
    expect(places('a')).toEqual([['feed/main.tf:3', undefined]]);
  });
});

describe('modules of the registry', () => {
  it('queues, topics, notifications, rules and routes reach the function', () => {
    const found = triggers(`module "q" {\n  source = "terraform-aws-modules/sqs/aws"\n  name = "q"\n  create_dlq = true\n}
module "fan" {\n  source = "terraform-aws-modules/sns/aws"\n  subscriptions = {\n    f = {\n      protocol = "lambda"\n      endpoint = ${arn}\n    }\n  }\n}
module "b" {\n  source = "terraform-aws-modules/s3-bucket/aws//modules/notification"\n  bucket = "b"\n  lambda_notifications = {\n    f = {\n      function_arn = ${arn}\n      events = ["s3:ObjectCreated:*"]\n    }\n  }\n}
module "e" {\n  source = "terraform-aws-modules/eventbridge/aws"\n  create_bus = false\n  rules = {\n    r = {\n      schedule_expression = "rate(1 day)"\n    }\n  }\n  targets = {\n    r = [{\n      name = "f"\n      arn = ${arn}\n    }]\n  }\n}
module "h" {\n  source = "terraform-aws-modules/apigateway-v2/aws"\n  name = "h"\n  routes = {\n    "GET /y" = {\n      integration = {\n        uri = ${arn}\n      }\n    }\n  }\n}
resource "aws_lambda_event_source_mapping" "m" {\n  function_name = ${arn}\n  event_source_arn = module.q.queue_arn\n}\n`);
    expect(found.map((trigger) => `${trigger.kind}:${trigger.source}`).sort()).toEqual(['bucket:S3', 'http:HttpApi', 'queue:SQS', 'schedule:EventBridgeRule', 'topic:SNS']);
    expect(found.find((trigger) => trigger.kind === 'queue')?.resource).toEqual(ref('module.q.aws_sqs_queue.this', 'Arn'));
  });
});

describe('other clouds', () => {
  const other = (tf: string, files: Record<string, string>): Infrastructure => discoverWith([terraformReader], memoryWorkspace({ 'infra/main.tf': tf, ...files }), { params: new Map() });
  const archive = 'data "archive_file" "z" {\n  source_dir = "../fn"\n  output_path = "/tmp/z.zip"\n}\nresource "google_storage_bucket_object" "o" {\n  name = "z-${data.archive_file.z.output_md5}.zip"\n  source = data.archive_file.z.output_path\n}\n';
  it('Google, both generations', () => {
    const files = { 'fn/package.json': '{"main": "lib/app.js"}', 'fn/lib/app.js': 'exports.a = 1' };
    expect(other(archive + block('google_cloudfunctions_function', 'a', '  name = "a"\n  runtime = "nodejs20"\n  entry_point = "a"\n  timeout = 30\n  available_memory_mb = 256\n  source_archive_object = google_storage_bucket_object.o.name\n  event_trigger {\n    event_type = "google.pubsub.topic.publish"\n    resource = google_pubsub_topic.t.id\n  }\n  environment_variables = {\n    X = "1"\n  }') + block('google_pubsub_topic', 't', '  name = "t"'), files).functions).toMatchObject([{
      platform: 'google', generation: 'gen1', handlers: [{ file: 'fn/lib/app.js', export: 'a' }], timeoutSeconds: { value: 30 }, memoryMb: { value: 256 }, triggers: [{ kind: 'topic', resource: { id: 'google_pubsub_topic.t' } }],
    }]);
    expect(other(archive + block('google_cloudfunctions2_function', 'b', '  name = "b"\n  location = "europe-west1"\n  build_config {\n    runtime = "nodejs22"\n    entry_point = "a"\n    source {\n      storage_source {\n        object = google_storage_bucket_object.o.name\n      }\n    }\n  }\n  service_config {\n    timeout_seconds = 90\n    available_memory = "1Gi"\n    max_instance_request_concurrency = 10\n  }'), files).functions).toMatchObject([{
      platform: 'google', generation: 'gen2', handlers: [{ file: 'fn/lib/app.js', export: 'a' }], timeoutSeconds: { value: 90 }, memoryMb: { value: 1024 }, concurrencyPerInstance: 10, triggers: [{ kind: 'http' }], region: text('europe-west1'),
    }]);
    expect(other(archive + block('google_cloudfunctions_function', 'a', '  runtime = "python312"\n  entry_point = "a"\n  source_archive_object = google_storage_bucket_object.o.name'), files).functions).toEqual([]);
  });
  it('Cloudflare', () => {
    expect(other(block('cloudflare_workers_script', 'w', '  script_name = "w"\n  content = file("${path.module}/../worker/in.mjs")'), { 'worker/in.mjs': 'export default {}' }).functions).toMatchObject([{ platform: 'cloudflare', handlers: [{ file: 'worker/in.mjs', export: 'default' }], triggers: [{ kind: 'http' }] }]);
    const inline = other(block('cloudflare_worker_script', 'w', '  name = "w"\n  content = "x"'), {});
    expect([inline.functions, inline.gaps.map((gap) => gap.line)]).toEqual([[], [1]]);
  });
  it('Azure function apps are resources: their folder says what runs', () => {
    const found = other(block('azurerm_linux_function_app', 'a', '  name = "shop"\n  app_settings = {\n    X = "1"\n  }'), {});
    expect([found.functions, found.resources.map((item) => [item.logicalId, item.physicalName])]).toEqual([[], [['azurerm_linux_function_app.a', text('shop')]]]);
  });
});
