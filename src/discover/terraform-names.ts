import type { ResourceKind } from '../model/function.ts';

/** How a resource type appears in the model: its kind, the argument with its physical name, and attributes that name it, as CloudFormation calls them. */
interface TypeNames {
  readonly kind: ResourceKind;
  readonly name?: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const names = (kind: ResourceKind, name: string | undefined, attributes: Readonly<Record<string, string>>): TypeNames => ({ kind, ...(name === undefined ? {} : { name }), attributes: new Map(Object.entries(attributes)) });

/** AWS provider, attribute references (provider documentation 6.x, read 2026-11), against CloudFormation's `Ref` and `GetAtt`. */
const types: ReadonlyMap<string, TypeNames> = new Map<string, TypeNames>([
  ['aws_lambda_function', names('other', 'function_name', { function_name: 'Ref', id: 'Ref', arn: 'Arn', qualified_arn: 'Arn', invoke_arn: 'InvokeArn', qualified_invoke_arn: 'InvokeArn' })],
  ['aws_lambda_alias', names('other', 'name', { arn: 'Arn', id: 'Ref', invoke_arn: 'InvokeArn', name: 'Name' })],
  ['aws_lambda_function_url', names('other', undefined, { function_url: 'FunctionUrl', id: 'Ref' })],
  ['aws_sqs_queue', names('queue', 'name', { id: 'QueueUrl', url: 'QueueUrl', arn: 'Arn', name: 'QueueName' })],
  ['aws_mq_broker', names('queue', 'broker_name', { arn: 'Arn', id: 'Ref' })],
  ['aws_sns_topic', names('topic', 'name', { id: 'Ref', arn: 'Ref', name: 'TopicName' })],
  ['aws_s3_bucket', names('bucket', 'bucket', { id: 'Ref', bucket: 'Ref', arn: 'Arn', bucket_domain_name: 'DomainName', bucket_regional_domain_name: 'RegionalDomainName' })],
  ['aws_dynamodb_table', names('table', 'name', { id: 'Ref', name: 'Ref', arn: 'Arn', stream_arn: 'StreamArn' })],
  ['aws_kinesis_stream', names('stream', 'name', { name: 'Ref', id: 'Arn', arn: 'Arn' })],
  ['aws_kinesis_stream_consumer', names('stream', 'name', { arn: 'ConsumerARN', id: 'ConsumerARN' })],
  ['aws_kinesis_firehose_delivery_stream', names('stream', 'name', { name: 'Ref', arn: 'Arn', id: 'Arn' })],
  ['aws_msk_cluster', names('stream', 'cluster_name', { arn: 'Arn', id: 'Arn' })],
  ['aws_msk_serverless_cluster', names('stream', 'cluster_name', { arn: 'Arn', id: 'Arn' })],
  ['aws_docdb_cluster', names('other', 'cluster_identifier', { arn: 'Arn', id: 'Ref' })],
  ['aws_cloudwatch_event_bus', names('bus', 'name', { name: 'Name', id: 'Name', arn: 'Arn' })],
  ['aws_cloudwatch_event_rule', names('rule', 'name', { name: 'Ref', id: 'Ref', arn: 'Arn' })],
  ['aws_sfn_state_machine', names('stateMachine', 'name', { id: 'Ref', arn: 'Ref', name: 'Name' })],
  ['aws_api_gateway_rest_api', names('api', 'name', { id: 'Ref', arn: 'Arn', execution_arn: 'ExecutionArn', root_resource_id: 'RootResourceId' })],
  ['aws_apigatewayv2_api', names('api', 'name', { id: 'Ref', arn: 'Arn', execution_arn: 'ExecutionArn', api_endpoint: 'ApiEndpoint' })],
  ['aws_appsync_graphql_api', names('api', 'name', { id: 'ApiId', arn: 'Arn' })],
  ['aws_cloudwatch_log_group', names('logGroup', 'name', { name: 'Ref', id: 'Ref', arn: 'Arn' })],
  ['aws_scheduler_schedule', names('schedule', 'name', { id: 'Ref', arn: 'Arn' })],
  ['aws_ssm_parameter', names('parameter', 'name', { id: 'Ref', name: 'Ref', arn: 'Arn' })],
  ['aws_secretsmanager_secret', names('parameter', 'name', { id: 'Ref', arn: 'Ref', name: 'Name' })],
  ['google_pubsub_topic', names('topic', 'name', { id: 'id', name: 'name' })],
  ['google_storage_bucket', names('bucket', 'name', { id: 'id', name: 'name', url: 'url' })],
  ['google_cloudfunctions_function', names('other', 'name', { id: 'id', name: 'name', https_trigger_url: 'https_trigger_url' })],
  ['google_cloudfunctions2_function', names('other', 'name', { id: 'id', name: 'name', url: 'url' })],
  ['google_cloud_scheduler_job', names('schedule', 'name', { id: 'id' })],
  ['azurerm_storage_queue', names('queue', 'name', { id: 'id', name: 'name' })],
  ['azurerm_servicebus_queue', names('queue', 'name', { id: 'id', name: 'name' })],
  ['azurerm_servicebus_topic', names('topic', 'name', { id: 'id', name: 'name' })],
  ['azurerm_storage_container', names('bucket', 'name', { id: 'id', name: 'name' })],
  ['azurerm_storage_account', names('other', 'name', { id: 'id', name: 'name' })],
  ['azurerm_eventhub', names('stream', 'name', { id: 'id', name: 'name' })],
  ['azurerm_cosmosdb_sql_container', names('table', 'name', { id: 'id', name: 'name' })],
  ['azurerm_linux_function_app', names('other', 'name', { id: 'id', name: 'name' })],
  ['azurerm_windows_function_app', names('other', 'name', { id: 'id', name: 'name' })],
  ['azurerm_function_app', names('other', 'name', { id: 'id', name: 'name' })],
  ['azurerm_function_app_flex_consumption', names('other', 'name', { id: 'id', name: 'name' })],
  ['cloudflare_queue', names('queue', 'name', { id: 'id', name: 'name' })],
  ['cloudflare_r2_bucket', names('bucket', 'name', { id: 'id', name: 'name' })],
]);

const common: ReadonlyMap<string, string> = new Map([['arn', 'Arn'], ['id', 'Ref']]);

/** The model's name for an attribute that identifies a resource; `undefined` for one whose value is what the declaration says. */
export function identifying(type: string, attribute: string): string | undefined {
  const known = types.get(type);
  return known ? known.attributes.get(attribute) : common.get(attribute);
}

export function kindOf(type: string): ResourceKind {
  return types.get(type)?.kind ?? 'other';
}

/** The argument that holds the physical name. */
export function nameArgument(type: string): string | undefined {
  return types.get(type)?.name;
}

/** Types that code writes to or is triggered by: their properties are kept. */
export function isKnownType(type: string): boolean {
  return types.has(type);
}
