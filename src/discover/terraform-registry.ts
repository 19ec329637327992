import { directoryOf } from './terraform-directory.ts';
import type { TerraformDirectory } from './terraform-directory.ts';
import { parseHcl } from './hcl.ts';

/**
 * What public modules of the registry declare, as configurations of their own: the resources that matter here, with the modules' own
 * names for arguments and outputs (terraform-aws-modules on the Terraform registry, inputs and outputs of the current major versions,
 * read 2026-11). Arguments that a caller leaves out are null.
 */
const modules: ReadonlyMap<string, string> = new Map([
  ['lambda', `
resource "aws_lambda_function" "this" {
  count                          = var.create == false || var.create_function == false || (var.create_layer == true && var.handler == null) ? 0 : 1
  function_name                  = var.function_name
  handler                        = try(coalesce(var.package_type, "Zip"), "Zip") == "Image" ? null : var.handler
  runtime                        = var.runtime
  timeout                        = var.timeout
  memory_size                    = var.memory_size
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  architectures                  = var.architectures
  layers                         = var.layers
  filename                       = var.local_existing_package
  source_path                    = var.source_path
  reserved_concurrent_executions = var.reserved_concurrent_executions
  s3_key                         = try(var.s3_existing_package.key, null)
  lambda_at_edge                 = var.lambda_at_edge
  environment { variables = var.environment_variables }
  ephemeral_storage { size = var.ephemeral_storage_size }
  tracing_config { mode = var.tracing_mode }
  dead_letter_config { target_arn = var.dead_letter_target_arn }
  file_system_config { local_mount_path = var.file_system_local_mount_path }
  image_config { command = var.image_config_command }
}
resource "aws_lambda_event_source_mapping" "this" {
  for_each                = var.event_source_mapping == null || length(aws_lambda_function.this) == 0 ? {} : var.event_source_mapping
  function_name           = aws_lambda_function.this[0].arn
  event_source_arn        = try(each.value.event_source_arn, null)
  batch_size              = try(each.value.batch_size, null)
  enabled                 = try(each.value.enabled, null)
  starting_position       = try(each.value.starting_position, null)
  function_response_types = try(each.value.function_response_types, null)
  maximum_retry_attempts  = try(each.value.maximum_retry_attempts, null)
  queues                  = try(each.value.queues, null)
  topics                  = try(each.value.topics, null)
  scaling_config { maximum_concurrency = try(each.value.scaling_config.maximum_concurrency, null) }
  destination_config {
    on_failure { destination_arn = try(each.value.destination_arn_on_failure, null) }
  }
  filter_criteria { filter = flatten([try(each.value.filter_criteria, [])]) }
}
resource "aws_lambda_permission" "triggers" {
  for_each      = var.allowed_triggers == null || length(aws_lambda_function.this) == 0 ? {} : var.allowed_triggers
  function_name = aws_lambda_function.this[0].function_name
  principal     = try(each.value.principal, format("%s.amazonaws.com", each.value.service))
  source_arn    = try(each.value.source_arn, null)
}
resource "aws_lambda_function_url" "this" {
  count              = var.create_lambda_function_url == true ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = try(coalesce(var.authorization_type, "NONE"), "NONE")
}
resource "aws_lambda_function_event_invoke_config" "this" {
  count                  = var.create_async_event_config == true ? 1 : 0
  function_name          = aws_lambda_function.this[0].function_name
  maximum_retry_attempts = var.maximum_retry_attempts
  destination_config {
    on_failure { destination = var.destination_on_failure }
    on_success { destination = var.destination_on_success }
  }
}
output "lambda_function_arn" { value = aws_lambda_function.this[0].arn }
output "lambda_function_arn_static" { value = aws_lambda_function.this[0].arn }
output "lambda_function_qualified_arn" { value = aws_lambda_function.this[0].arn }
output "lambda_function_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "lambda_function_name" { value = aws_lambda_function.this[0].function_name }
output "lambda_function_url" { value = aws_lambda_function_url.this[0].function_url }
output "lambda_cloudwatch_log_group_name" { value = format("/aws/lambda/%s", aws_lambda_function.this[0].function_name) }
`],
  ['lambda//modules/docker-build', `
resource "docker_image" "this" {
  build { context = var.source_path }
}
output "image_uri" { value = docker_image.this.name }
`],
  ['sqs', `
resource "aws_sqs_queue" "this" {
  name                       = var.name
  fifo_queue                 = var.fifo_queue
  visibility_timeout_seconds = var.visibility_timeout_seconds
  redrive_policy             = var.create_dlq == true ? jsonencode({ deadLetterTargetArn = aws_sqs_queue.dlq[0].arn, maxReceiveCount = try(var.redrive_policy.maxReceiveCount, 5) }) : try(jsonencode(var.redrive_policy), null)
}
resource "aws_sqs_queue" "dlq" {
  count = var.create_dlq == true ? 1 : 0
  name  = var.dlq_name
}
output "queue_arn" { value = aws_sqs_queue.this.arn }
output "queue_id" { value = aws_sqs_queue.this.id }
output "queue_url" { value = aws_sqs_queue.this.url }
output "queue_name" { value = aws_sqs_queue.this.name }
output "sqs_queue_arn" { value = aws_sqs_queue.this.arn }
output "sqs_queue_id" { value = aws_sqs_queue.this.id }
output "sqs_queue_name" { value = aws_sqs_queue.this.name }
output "this_sqs_queue_arn" { value = aws_sqs_queue.this.arn }
output "this_sqs_queue_id" { value = aws_sqs_queue.this.id }
output "dead_letter_queue_arn" { value = aws_sqs_queue.dlq[0].arn }
output "dead_letter_queue_id" { value = aws_sqs_queue.dlq[0].id }
output "dead_letter_queue_url" { value = aws_sqs_queue.dlq[0].url }
`],
  ['sns', `
resource "aws_sns_topic" "this" { name = var.name }
resource "aws_sns_topic_subscription" "this" {
  for_each            = var.subscriptions == null ? {} : var.subscriptions
  topic_arn           = aws_sns_topic.this.arn
  protocol            = each.value.protocol
  endpoint            = each.value.endpoint
  filter_policy       = try(each.value.filter_policy, null)
  filter_policy_scope = try(each.value.filter_policy_scope, null)
}
output "topic_arn" { value = aws_sns_topic.this.arn }
output "topic_id" { value = aws_sns_topic.this.id }
output "topic_name" { value = aws_sns_topic.this.name }
output "sns_topic_arn" { value = aws_sns_topic.this.arn }
output "sns_topic_id" { value = aws_sns_topic.this.id }
`],
  ['s3-bucket', `
resource "aws_s3_bucket" "this" { bucket = var.bucket }
output "s3_bucket_id" { value = aws_s3_bucket.this.id }
output "s3_bucket_arn" { value = aws_s3_bucket.this.arn }
output "s3_bucket_bucket_domain_name" { value = aws_s3_bucket.this.bucket_domain_name }
`],
  ['s3-bucket//modules/notification', `
resource "aws_s3_bucket_notification" "this" {
  bucket      = var.bucket
  eventbridge = var.eventbridge
  dynamic "lambda_function" {
    for_each = var.lambda_notifications == null ? {} : var.lambda_notifications
    content {
      lambda_function_arn = try(lambda_function.value.function_arn, null)
      events              = lambda_function.value.events
      filter_prefix       = try(lambda_function.value.filter_prefix, null)
      filter_suffix       = try(lambda_function.value.filter_suffix, null)
    }
  }
  dynamic "queue" {
    for_each = var.sqs_notifications == null ? {} : var.sqs_notifications
    content {
      queue_arn     = queue.value.queue_arn
      events        = queue.value.events
      filter_prefix = try(queue.value.filter_prefix, null)
      filter_suffix = try(queue.value.filter_suffix, null)
    }
  }
  dynamic "topic" {
    for_each = var.sns_notifications == null ? {} : var.sns_notifications
    content {
      topic_arn     = topic.value.topic_arn
      events        = topic.value.events
      filter_prefix = try(topic.value.filter_prefix, null)
      filter_suffix = try(topic.value.filter_suffix, null)
    }
  }
}
`],
  ['dynamodb-table', `
resource "aws_dynamodb_table" "this" {
  name           = var.name
  hash_key       = var.hash_key
  range_key      = var.range_key
  stream_enabled = var.stream_enabled
}
output "dynamodb_table_arn" { value = aws_dynamodb_table.this.arn }
output "dynamodb_table_id" { value = aws_dynamodb_table.this.id }
output "dynamodb_table_stream_arn" { value = aws_dynamodb_table.this.stream_arn }
`],
  ['eventbridge', `
resource "aws_cloudwatch_event_bus" "this" {
  count = var.create_bus == false || try(var.bus_name, null) == null ? 0 : 1
  name  = var.bus_name
}
resource "aws_cloudwatch_event_rule" "this" {
  for_each            = var.rules == null ? {} : var.rules
  name                = each.key
  event_bus_name      = try(aws_cloudwatch_event_bus.this[0].name, var.bus_name)
  event_pattern       = try(each.value.event_pattern, null)
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.enabled, true) == false ? "DISABLED" : try(each.value.state, null)
}
resource "aws_cloudwatch_event_target" "this" {
  for_each       = { for target in flatten([for rule, targets in (var.targets == null ? {} : var.targets) : [for index, item in targets : { rule = rule, index = index, item = item }]]) : format("%s-%s", target.rule, target.index) => target }
  rule           = aws_cloudwatch_event_rule.this[each.value.rule].name
  event_bus_name = try(aws_cloudwatch_event_bus.this[0].name, var.bus_name)
  arn            = each.value.item.arn
  dead_letter_config { arn = try(each.value.item.dead_letter_arn, null) }
}
resource "aws_scheduler_schedule" "this" {
  for_each            = var.schedules == null ? {} : var.schedules
  name                = each.key
  schedule_expression = try(each.value.schedule_expression, null)
  state               = try(each.value.state, null)
  target { arn = each.value.arn }
}
output "eventbridge_bus_arn" { value = aws_cloudwatch_event_bus.this[0].arn }
output "eventbridge_bus_name" { value = aws_cloudwatch_event_bus.this[0].name }
output "eventbridge_rule_arns" { value = { for name, rule in aws_cloudwatch_event_rule.this : name => rule.arn } }
`],
  ['apigateway-v2', `
resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  protocol_type = try(coalesce(var.protocol_type, "HTTP"), "HTTP")
}
resource "aws_apigatewayv2_integration" "this" {
  for_each        = merge(var.routes == null ? {} : var.routes, var.integrations == null ? {} : var.integrations)
  api_id          = aws_apigatewayv2_api.this.id
  integration_uri = try(each.value.integration.uri, each.value.lambda_arn)
}
resource "aws_apigatewayv2_route" "this" {
  for_each           = merge(var.routes == null ? {} : var.routes, var.integrations == null ? {} : var.integrations)
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = each.key
  authorization_type = try(each.value.authorization_type, null)
  authorizer_id      = try(each.value.authorizer_id, null)
  api_key_required   = try(each.value.api_key_required, null)
  target             = "integrations/\${aws_apigatewayv2_integration.this[each.key].id}"
}
output "api_id" { value = aws_apigatewayv2_api.this.id }
output "api_arn" { value = aws_apigatewayv2_api.this.arn }
output "api_endpoint" { value = aws_apigatewayv2_api.this.api_endpoint }
output "api_execution_arn" { value = aws_apigatewayv2_api.this.execution_arn }
output "apigatewayv2_api_id" { value = aws_apigatewayv2_api.this.id }
output "apigatewayv2_api_api_endpoint" { value = aws_apigatewayv2_api.this.api_endpoint }
output "apigatewayv2_api_execution_arn" { value = aws_apigatewayv2_api.this.execution_arn }
`],
]);

/**
 * A module outside the repository that is called as a function is: with a runtime of Node and the names that such modules commonly give to
 * handler, folder, settings and outputs. It counts only when its source is found.
 */
const functionLike = `
resource "aws_lambda_function" "this" {
  count         = startswith(var.runtime, "nodejs") ? 1 : 0
  outside       = true
  runtime       = var.runtime
  function_name = try(coalesce(var.function_name, var.lambda_name, var.name), null)
  handler       = try(coalesce(var.handler, var.lambda_handler, var.function_handler), format("%s.%s", try(coalesce(var.function_module_name, var.module_name), "index"), try(coalesce(var.handler_function_name, var.handler_name), "handler")))
  timeout       = try(coalesce(var.timeout, var.lambda_timeout, var.timeout_seconds), null)
  memory_size   = try(coalesce(var.memory_size, var.memory, var.lambda_memory, var.memory_mb), null)
  layers        = var.layers
  filename      = try(coalesce(var.filename, var.zip_path, var.lambda_zip, var.package_path, var.local_existing_package), null)
  s3_key        = var.s3_key
  source_path   = var.function_code_base_path == null ? try(coalesce(var.source_path, var.source_dir, var.source_code_dir, var.code_dir, var.lambda_dir, var.function_code_dir), null) : format("%s/%s", var.function_code_base_path, var.function_code_dir)
  environment { variables = try(coalesce(var.environment_variables, var.lambda_env_vars, var.env_vars, var.environment_vars), var.environment.variables, {}) }
}
resource "aws_cloudwatch_event_rule" "schedule" {
  count               = startswith(try(coalesce(var.schedule, var.schedule_expression), ""), "rate(") || startswith(try(coalesce(var.schedule, var.schedule_expression), ""), "cron(") ? length(aws_lambda_function.this) : 0
  schedule_expression = coalesce(var.schedule, var.schedule_expression)
}
resource "aws_cloudwatch_event_target" "schedule" {
  count = length(aws_cloudwatch_event_rule.schedule)
  rule  = aws_cloudwatch_event_rule.schedule[0].name
  arn   = aws_lambda_function.this[0].arn
}
output "arn" { value = aws_lambda_function.this[0].arn }
output "function_arn" { value = aws_lambda_function.this[0].arn }
output "lambda_arn" { value = aws_lambda_function.this[0].arn }
output "lambda_function_arn" { value = aws_lambda_function.this[0].arn }
output "qualified_arn" { value = aws_lambda_function.this[0].arn }
output "invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "function_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "lambda_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "lambda_function_invoke_arn" { value = aws_lambda_function.this[0].invoke_arn }
output "name" { value = aws_lambda_function.this[0].function_name }
output "function_name" { value = aws_lambda_function.this[0].function_name }
output "lambda_name" { value = aws_lambda_function.this[0].function_name }
output "lambda_function_name" { value = aws_lambda_function.this[0].function_name }
output "lambda" { value = aws_lambda_function.this[0] }
output "function" { value = aws_lambda_function.this[0] }
output "lambda_function" { value = aws_lambda_function.this[0] }
`;

/** Whether a call of a module has the arguments that make it a function. */
export function looksLikeFunction(argumentNames: { has(name: string): boolean }): boolean {
  return argumentNames.has('runtime') && ['handler', 'lambda_handler', 'function_handler', 'handler_function_name', 'handler_name'].some((name) => argumentNames.has(name));
}

/** The configuration that stands for a module that `looksLikeFunction`. */
export function functionModule(): TerraformDirectory {
  return built('', functionLike);
}

const parsed = new Map<string, TerraformDirectory>();

/** The configuration that stands for a registry module, by the call's `source`; `undefined` for modules that are not known. */
export function registryModule(source: string): TerraformDirectory | undefined {
  const match = /^(?:registry\.terraform\.io\/)?terraform-aws-modules\/([a-z0-9-]+)\/aws(\/\/[\w/-]+)?$/.exec(source)
    ?? /(?:github\.com|git::https:\/\/github\.com|git@github\.com)[/:]terraform-aws-modules\/terraform-aws-([a-z0-9-]+?)(?:\.git)?(\/\/[\w/-]+)?(?:\?.*)?$/.exec(source);
  const name = match?.[1] === undefined ? undefined : `${match[1]}${match[2] ?? ''}`;
  const text = name === undefined ? undefined : modules.get(name);
  if (name === undefined || text === undefined) return undefined;
  return built(name, text);
}

function built(name: string, text: string): TerraformDirectory {
  let directory = parsed.get(name);
  if (!directory) {
    directory = { ...directoryOf('', [parseHcl('', text)]), files: [] };
    parsed.set(name, directory);
  }
  return directory;
}
