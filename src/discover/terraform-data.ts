import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { template } from './cloudformation-values.ts';
import { evaluate } from './hcl-evaluate.ts';
import { parseHclTemplate } from './hcl.ts';
import { isUnset, textOf } from './hcl-values.ts';
import type { TerraformNode } from './terraform-node.ts';

const env = (name: string): Value => ({ kind: 'env', name });

/** What a data source says of the place of deployment, named as CloudFormation names it. */
const surroundings: ReadonlyMap<string, string> = new Map([
  ['aws_region.name', 'AWS::Region'], ['aws_region.region', 'AWS::Region'], ['aws_region.id', 'AWS::Region'], ['aws_caller_identity.account_id', 'AWS::AccountId'],
  ['aws_caller_identity.id', 'AWS::AccountId'], ['aws_partition.partition', 'AWS::Partition'], ['aws_partition.id', 'AWS::Partition'], ['aws_partition.dns_suffix', 'AWS::URLSuffix'],
]);

/** Existing resources that are looked up by name: the argument and the ARN's service and prefix. */
const existing: ReadonlyMap<string, readonly [string, string, string]> = new Map([
  ['aws_lambda_function', ['function_name', 'lambda', 'function:']], ['aws_sqs_queue', ['name', 'sqs', '']], ['aws_sns_topic', ['name', 'sns', '']],
  ['aws_s3_bucket', ['bucket', 's3', '']], ['aws_dynamodb_table', ['name', 'dynamodb', 'table/']], ['aws_kinesis_stream', ['name', 'kinesis', 'stream/']],
  ['aws_cloudwatch_event_bus', ['name', 'events', 'event-bus/']], ['aws_sfn_state_machine', ['name', 'states', 'stateMachine:']],
]);

/** ARN of something that is known by name (AWS General Reference, "Amazon Resource Names"). */
function arn(service: string, resource: Value): Value {
  if (service === 's3') return template([literal('arn:'), env('AWS::Partition'), literal(':s3:::'), resource]);
  return template([literal('arn:'), env('AWS::Partition'), literal(`:${service}:`), env('AWS::Region'), literal(':'), env('AWS::AccountId'), literal(':'), resource]);
}

/** Attribute of a data source. `id`: its address and unit, which name what is not known. */
export function dataAttribute(type: string, node: TerraformNode, attribute: string, id: string): Value {
  const around = surroundings.get(`${type}.${attribute}`);
  if (around !== undefined) return env(around);
  const known = existing.get(type);
  if (known) {
    const name = node.value(known[0]);
    if (attribute === 'arn' || attribute === 'invoke_arn' || attribute === 'qualified_arn') return arn(known[1], template([literal(known[2]), name]));
    if (attribute === known[0] || attribute === 'name' || (attribute === 'id' && known[1] !== 'sqs' && known[1] !== 'sns')) return name;
    if (attribute === 'id' && known[1] === 'sns') return arn('sns', name);
    if (attribute === 'id' || attribute === 'url') return template([literal('https://sqs.'), env('AWS::Region'), literal('.'), env('AWS::URLSuffix'), literal('/'), env('AWS::AccountId'), literal('/'), name]);
  }
  if (type === 'aws_ssm_parameter' && (attribute === 'value' || attribute === 'insecure_value')) return { kind: 'derived', what: 'parameter', from: [node.value('name')], io: false };
  if (type === 'aws_secretsmanager_secret_version' && attribute === 'secret_string') return { kind: 'derived', what: 'secret', from: [node.value('secret_id')], io: false };
  if (type === 'aws_iam_policy_document') return unknown('a policy');
  if (type === 'template_file' && attribute === 'rendered') return rendered(node);
  if (type === 'local_file' && attribute === 'content') {
    const text = node.scope.world.read(node.value('filename'));
    return text === undefined ? unknown('a file that was not found') : literal(text);
  }
  const given = node.value(attribute);
  return isUnset(given) ? env(`${id}.${attribute}`) : given;
}

/** `template_file`: a text with variables of its own. */
function rendered(node: TerraformNode): Value {
  const text = textOf(node.value('template'));
  const variables = node.value('vars');
  const parsed = text === undefined ? undefined : parseHclTemplate(text);
  if (!parsed) return { kind: 'derived', what: 'templatefile', from: [variables], io: false };
  return evaluate(parsed, { world: node.scope.world, names: new Map(variables.kind === 'object' ? variables.entries : []) });
}
