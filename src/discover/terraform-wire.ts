import type { ResourceLinkKind, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { trigger } from './cloudformation-triggers.ts';
import { valueKey } from './cloudformation-values.ts';
import { entryOf, isUnset } from './hcl-values.ts';
import type { ReadContext } from './reader.ts';
import { reference } from './terraform-api.ts';
import type { ResourceInstance } from './terraform-module.ts';
import type { TerraformNode } from './terraform-node.ts';
import { definitionOf } from './terraform-openapi.ts';
import { tasksInValue } from './machine-definition.ts';
import { attributeFilter, decoded, mappingSettings, objectFilter, pipeBatch, recordFilters, ruleTriggers, sourceKind, urlAuth } from './terraform-triggers.ts';
import type { TerraformWiring } from './terraform-wiring.ts';

interface Wire {
  readonly instance: ResourceInstance;
  readonly node: TerraformNode;
  readonly wiring: TerraformWiring;
  readonly context: ReadContext;
  readonly rules: RuleIndex;
}

/** Rules of a repository by what targets name them with. */
export class RuleIndex {
  readonly #byName = new Map<string, ResourceInstance>();

  constructor(instances: Iterable<ResourceInstance>) {
    for (const instance of instances) {
      if (instance.type === 'aws_cloudwatch_event_rule') this.#byName.set(`${instance.module.unit}\n${valueKey(instance.node.value('name'))}`, instance);
    }
  }

  named(unit: string, name: Value): ResourceInstance | undefined {
    return this.#byName.get(`${unit}\n${valueKey(name)}`);
  }
}

/** Resources that hand events to the function that one of their arguments names: blocks on the way, then the argument. */
const simple: ReadonlyMap<string, readonly { readonly path: readonly string[]; readonly kind: TriggerKind; readonly source: string }[]> = new Map([
  ['aws_cognito_user_pool', [
    { path: ['lambda_config', '*'], kind: 'auth', source: 'Cognito' },
    { path: ['lambda_config', 'custom_email_sender', 'lambda_arn'], kind: 'auth', source: 'CognitoSender' },
    { path: ['lambda_config', 'custom_sms_sender', 'lambda_arn'], kind: 'auth', source: 'CognitoSender' },
    { path: ['lambda_config', 'pre_token_generation_config', 'lambda_arn'], kind: 'auth', source: 'Cognito' },
  ]],
  ['aws_appsync_datasource', [{ path: ['lambda_config', 'function_arn'], kind: 'http', source: 'AppSync' }]],
  ['aws_appsync_graphql_api', [{ path: ['lambda_authorizer_config', 'authorizer_uri'], kind: 'auth', source: 'Authorizer' }]],
  ['aws_iot_topic_rule', [{ path: ['lambda', 'function_arn'], kind: 'topic', source: 'IoTRule' }]],
  ['aws_secretsmanager_secret_rotation', [{ path: ['rotation_lambda_arn'], kind: 'schedule', source: 'RotationSchedule' }]],
  ['aws_lb_target_group_attachment', [{ path: ['target_id'], kind: 'http', source: 'ALB' }]],
  ['aws_alb_target_group_attachment', [{ path: ['target_id'], kind: 'http', source: 'ALB' }]],
  ['aws_ses_receipt_rule', [{ path: ['lambda_action', 'function_arn'], kind: 'invoke', source: 'SES' }]],
  ['aws_config_config_rule', [{ path: ['source', 'source_identifier'], kind: 'invoke', source: 'Config' }]],
  ['aws_s3control_object_lambda_access_point', [{ path: ['configuration', 'transformation_configuration', 'content_transformation', 'aws_lambda', 'function_arn'], kind: 'invoke', source: 'S3ObjectLambda' }]],
  ['aws_bedrockagent_agent_action_group', [{ path: ['action_group_executor', 'lambda'], kind: 'invoke', source: 'BedrockAgent' }]],
  ['aws_cloudwatch_metric_alarm', [{ path: ['alarm_actions'], kind: 'invoke', source: 'Alarm' }, { path: ['ok_actions'], kind: 'invoke', source: 'Alarm' }]],
  ['aws_kinesis_firehose_delivery_stream', [{ path: ['extended_s3_configuration', 'processing_configuration', 'processors', 'parameters', 'parameter_value'], kind: 'invoke', source: 'Firehose' }]],
  ['aws_cloudfront_distribution', [
    { path: ['default_cache_behavior', 'lambda_function_association', 'lambda_arn'], kind: 'http', source: 'CloudFront' },
    { path: ['ordered_cache_behavior', 'lambda_function_association', 'lambda_arn'], kind: 'http', source: 'CloudFront' },
  ]],
  ['aws_cloudformation_stack', [{ path: ['parameters'], kind: 'custom', source: 'CustomResource' }]],
  ['aws_lambda_invocation', [{ path: ['function_name'], kind: 'custom', source: 'Invocation' }]],
]);

const special: ReadonlyMap<string, (wire: Wire) => void> = new Map([
  ['aws_lambda_event_source_mapping', eventSourceMapping], ['aws_lambda_function_event_invoke_config', invokeConfig], ['aws_lambda_provisioned_concurrency_config', provisioned],
  ['aws_lambda_function_url', functionUrl], ['aws_s3_bucket_notification', notification], ['aws_sns_topic_subscription', subscription], ['aws_cloudwatch_event_target', eventTarget],
  ['aws_scheduler_schedule', schedule], ['aws_cloudwatch_log_subscription_filter', subscriptionFilter], ['aws_pipes_pipe', pipe], ['aws_sfn_state_machine', stateMachine],
  ['aws_sqs_queue', queue], ['aws_sqs_queue_redrive_policy', queue],
]);

/** Gives the functions of all units the triggers and destinations that one resource declares, and reports links between resources. */
export function wireResource(instance: ResourceInstance, wiring: TerraformWiring, rules: RuleIndex, context: ReadContext): void {
  const { node, type } = instance;
  special.get(type)?.({ instance, node, wiring, context, rules });
  for (const { path, kind, source } of simple.get(type) ?? []) {
    for (const { value, location } of valuesAt(node, path)) wiring.attach(value, trigger(kind, source, location, { resource: reference(instance) }));
  }
}

/** Values of the arguments at a path of blocks; '*' is every argument of the last. */
function valuesAt(node: TerraformNode, path: readonly string[]): readonly { readonly value: Value; readonly location: Location }[] {
  const last = path.at(-1) ?? '';
  let level: readonly TerraformNode[] = [node];
  for (const step of path.slice(0, -1)) level = level.flatMap((parent) => parent.blocks(step));
  return level.flatMap((found) => (last === '*' ? [...found.body.attributes.keys()] : [last]).map((name) => ({ value: found.value(name), location: found.locationOf(name) })))
    .filter(({ value }) => !isUnset(value));
}

function link(wire: Wire, kind: ResourceLinkKind, from: Value, to: Value, location: Location, filters: readonly TriggerFilter[] = [], message?: Value): void {
  // A function of another language is no resource that hands anything on.
  if (isUnset(from) || isUnset(to) || to.kind === 'unknown' || wire.wiring.instanceOf(to)?.type === 'aws_lambda_function') return;
  wire.context.addLink({ kind, from, to, filters, location, ...(message ? { message } : {}) });
}

/** Attaches a trigger, or reports a link when the target is no function. */
function hand(wire: Wire, target: Value, made: ReturnType<typeof trigger>, kind: ResourceLinkKind, from: Value, message?: Value): void {
  if (isUnset(target)) return;
  if (wire.wiring.attach(target, made) === 0) link(wire, kind, from, target, made.location ?? wire.node.location, made.filters, message);
}

function eventSourceMapping({ node, wiring }: Wire): void {
  const source = node.value('event_source_arn');
  const target = node.value('function_name');
  const { kind, source: name } = sourceKind(wiring, source, node);
  wiring.attach(target, trigger(kind, name, node.location, { resource: source, ...node.written, ...mappingSettings(node) }));
  for (const { value, location } of valuesAt(node, ['destination_config', 'on_failure', 'destination_arn'])) {
    for (const draft of wiring.functions(target)) draft.destinations.push({ kind: 'onFailure', target: value, location });
  }
}

function invokeConfig({ node, wiring }: Wire): void {
  const functions = wiring.functions(node.value('function_name'));
  const attempts = node.number('maximum_retry_attempts');
  for (const draft of functions) if (attempts !== undefined) draft.maximumRetryAttempts = { value: attempts, location: node.locationOf('maximum_retry_attempts') };
  for (const [name, kind] of [['on_success', 'onSuccess'], ['on_failure', 'onFailure']] as const) {
    for (const { value, location } of valuesAt(node, ['destination_config', name, 'destination'])) {
      for (const draft of functions) {
        draft.destinations.push({ kind, target: value, location });
        wiring.attach(value, trigger('invoke', 'Destination', location, { resource: { kind: 'resource', unit: draft.fn.unit, id: draft.instance.id, attribute: 'Arn' } }));
      }
    }
  }
}

function provisioned({ node, wiring }: Wire): void {
  const value = node.number('provisioned_concurrent_executions');
  if (value === undefined) return;
  for (const draft of wiring.functions(node.value('function_name'))) draft.provisionedConcurrency = { value, location: node.locationOf('provisioned_concurrent_executions') };
}

function functionUrl({ node, wiring, instance }: Wire): void {
  const auth = urlAuth(node);
  wiring.attach(node.value('function_name'), trigger('url', 'FunctionUrl', node.location, { resource: reference(instance), ...node.written, ...(auth ? { auth } : {}) }));
}

function notification(wire: Wire): void {
  const bucket = wire.node.value('bucket');
  for (const block of wire.node.blocks('lambda_function')) {
    wire.wiring.attach(block.value('lambda_function_arn'), trigger('bucket', 'S3', block.location, { resource: bucket, filters: [objectFilter(block)] }));
  }
  for (const [type, argument] of [['queue', 'queue_arn'], ['topic', 'topic_arn']] as const) {
    for (const block of wire.node.blocks(type)) link(wire, 'notification', bucket, block.value(argument), block.location, [objectFilter(block)]);
  }
}

function subscription(wire: Wire): void {
  const { node } = wire;
  const topic = node.value('topic_arn');
  const protocol = node.text('protocol');
  if (protocol !== undefined && !['lambda', 'sqs', 'firehose'].includes(protocol)) return;
  hand(wire, node.value('endpoint'), trigger('topic', 'SNS', node.location, { resource: topic, filters: attributeFilter(node) }), 'subscription', topic);
}

function eventTarget(wire: Wire): void {
  const { node, wiring, instance, rules } = wire;
  const rule = node.value('rule');
  const found = wiring.instanceOf(rule) ?? rules.named(instance.module.unit, rule);
  const self = found ? reference(found) : rule;
  const made = found ? ruleTriggers(found.node, self) : [trigger('bus', 'EventBridgeRule', node.location, { resource: rule })];
  const target = node.value('arn');
  for (const item of made) hand(wire, target, item, 'target', item.kind === 'bus' ? item.resource ?? self : self);
}

function schedule(wire: Wire): void {
  const { node, instance } = wire;
  const enabled = node.text('state') === 'DISABLED' ? { enabled: false } : {};
  const expression = node.value('schedule_expression');
  for (const block of node.blocks('target')) {
    // Universal targets name the function in their input.
    const arn = block.value('arn');
    const target: Value = wire.wiring.functions(arn).length > 0 ? arn : { kind: 'array', items: [arn, decoded(block.value('input'))], open: false };
    const made = trigger('schedule', 'Scheduler', node.location, { resource: reference(instance), ...(isUnset(expression) ? {} : { schedule: expression }), ...enabled });
    if (wire.wiring.attach(target, made) > 0) continue;
    const input = decoded(block.value('input'));
    const named = input.kind === 'object' ? input.entries.find(([name]) => name === 'QueueUrl' || name === 'TopicArn' || name === 'StreamName' || name === 'StateMachineArn' || name === 'Bucket' || name === 'TableName')?.[1] : undefined;
    const universal = arn.kind === 'literal' && String(arn.value).includes(':aws-sdk:');
    if (named || !universal) link(wire, 'target', reference(instance), named ?? arn, block.location);
  }
}

function subscriptionFilter(wire: Wire): void {
  const { node } = wire;
  const group = node.value('log_group_name');
  hand(wire, node.value('destination_arn'), trigger('log', 'CloudWatchLogs', node.location, { resource: group, filters: [{ kind: 'pattern', pattern: node.value('filter_pattern') }] }), 'subscription', group);
}

/** A pipe's target and its enrichment both run on what the source delivers. */
function pipe(wire: Wire): void {
  const { node, wiring } = wire;
  const source = node.value('source');
  const { kind } = sourceKind(wiring, source, node);
  const filters = node.blocks('source_parameters').flatMap(recordFilters);
  for (const name of ['enrichment', 'target']) {
    const value = node.value(name);
    if (!isUnset(value)) hand(wire, value, trigger(kind === 'unknown' ? 'queue' : kind, name === 'target' ? 'Pipe' : 'PipeEnrichment', node.location, { resource: source, filters, ...pipeBatch(node) }), 'pipe', source, name === 'target' ? pipeMessage(node) : undefined);
  }
}

/** What a bus gets beside the record; absent where the record is changed on the way. */
function pipeMessage(node: TerraformNode): Value | undefined {
  const parameters = node.blocks('target_parameters');
  if (!isUnset(node.value('enrichment')) || parameters.some((block) => !isUnset(block.value('input_template')))) return undefined;
  const buses = parameters.flatMap((block) => block.blocks('eventbridge_event_bus_parameters'));
  const entries = ([['source', 'source'], ['detail-type', 'detail_type']] as const)
    .flatMap(([name, key]) => buses.map((bus): readonly [string, Value] => [name, bus.value(key)]).filter(([, value]) => !isUnset(value)));
  return { kind: 'object', entries, open: true };
}

/** The functions that a definition names anywhere. */
function stateMachine(wire: Wire): void {
  const { node, wiring, instance } = wire;
  const definition = definitionOf(node.whole('definition'));
  if (!definition) return;
  const tasks = tasksInValue(definition, (value) => wiring.functions(value));
  for (const draft of wiring.functions(definition)) {
    const order = tasks.get(draft);
    draft.triggers.push(trigger('stateMachine', 'StepFunctions', node.location, { resource: reference(instance), ...(order ? { tasks: order } : {}) }));
  }
}

function queue(wire: Wire): void {
  const { node, instance } = wire;
  const policy = decoded(node.value('redrive_policy'));
  const target = policy.kind === 'object' ? entryOf(policy, 'deadLetterTargetArn') : undefined;
  const from = instance.type === 'aws_sqs_queue' ? reference(instance) : node.value('queue_url');
  if (target) link(wire, 'redrive', instance.type === 'aws_sqs_queue' ? { ...from, attribute: 'Arn' } as Value : from, target, node.locationOf('redrive_policy'));
}

/** Services that a permission may name, with the kind of trigger that it then stands for. */
const principals: ReadonlyMap<string, TriggerKind> = new Map([
  ['apigateway', 'http'], ['elasticloadbalancing', 'http'], ['s3', 'bucket'], ['sns', 'topic'], ['events', 'bus'], ['scheduler', 'schedule'], ['logs', 'log'],
  ['cognito-idp', 'auth'], ['iot', 'topic'], ['ses', 'invoke'], ['config', 'invoke'], ['lexv2', 'invoke'], ['lex', 'invoke'], ['alexa-appkit', 'invoke'], ['bedrock', 'invoke'],
  ['secretsmanager', 'schedule'], ['connect', 'invoke'], ['cloudformation', 'custom'], ['codepipeline', 'invoke'],
]);

/** As a template's permissions: a trigger whose details stand elsewhere, for a function that nothing else explains. */
export function wirePermission(instance: ResourceInstance, wiring: TerraformWiring): void {
  const { node } = instance;
  const service = /^([a-z0-9-]+)(?:\.[a-z0-9-]+)?\.amazonaws\.com$/.exec(node.text('principal') ?? '')?.[1];
  const kind = service === undefined ? undefined : principals.get(service);
  if (kind === undefined) return;
  const source = node.value('source_arn');
  for (const draft of wiring.functions(node.value('function_name'))) {
    if (draft.triggers.every((own) => own.source === 'Permission' && own.kind !== kind)) {
      draft.triggers.push(trigger(kind, 'Permission', node.location, kind === 'topic' || kind === 'bucket' ? { resource: source } : {}));
    }
  }
}
