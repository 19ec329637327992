import type { TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { defaultBus, link, linkResource } from './cloudformation-links.ts';
import { wireRoutes } from './cloudformation-routes.ts';
import { attributeFilter, mappingSettings, objectFilter, parsed, retryPolicy, sourceKind, trigger } from './cloudformation-triggers.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';
import type { Wiring } from './cloudformation-wiring.ts';

interface Wire {
  readonly template: Template;
  readonly wiring: Wiring;
  readonly resource: TemplateResource;
  readonly properties: DocNode;
  /** Reference to the resource itself. */
  readonly self: Value;
  readonly context: ReadContext;
}

/** Resources that hand events to the function named at one of their paths; '*' goes over a map's or list's entries. */
const simple: ReadonlyMap<string, readonly { readonly path: readonly string[]; readonly kind: TriggerKind; readonly source: string }[]> = new Map([
  ['AWS::CloudFormation::CustomResource', [{ path: ['ServiceToken'], kind: 'custom', source: 'CustomResource' }]],
  ['AWS::CloudFormation::Macro', [{ path: ['FunctionName'], kind: 'custom', source: 'Macro' }]],
  ['AWS::Cognito::UserPool', [
    ...['PreSignUp', 'PostConfirmation', 'PreAuthentication', 'PostAuthentication', 'CustomMessage', 'DefineAuthChallenge', 'CreateAuthChallenge', 'VerifyAuthChallengeResponse', 'PreTokenGeneration', 'PreTokenGenerationConfig', 'UserMigration', 'InboundFederation'].map((name) => ({ path: ['LambdaConfig', name], kind: 'auth' as const, source: 'Cognito' })),
    // Cognito hands these over and goes on.
    ...['CustomEmailSender', 'CustomSMSSender'].map((name) => ({ path: ['LambdaConfig', name], kind: 'auth' as const, source: 'CognitoSender' })),
  ]],
  ['AWS::ApiGateway::Authorizer', [{ path: ['AuthorizerUri'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::ApiGatewayV2::Authorizer', [{ path: ['AuthorizerUri'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::Serverless::Api', [{ path: ['Auth', 'Authorizers', '*', 'FunctionArn'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::Serverless::HttpApi', [{ path: ['Auth', 'Authorizers', '*', 'FunctionArn'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::AppSync::GraphQLApi', [{ path: ['LambdaAuthorizerConfig', 'AuthorizerUri'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::Serverless::GraphQLApi', [{ path: ['Auth'], kind: 'auth', source: 'Authorizer' }]],
  ['AWS::KinesisFirehose::DeliveryStream', [
    { path: ['ExtendedS3DestinationConfiguration', 'ProcessingConfiguration'], kind: 'invoke', source: 'Firehose' },
    { path: ['HttpEndpointDestinationConfiguration', 'ProcessingConfiguration'], kind: 'invoke', source: 'Firehose' },
    { path: ['AmazonopensearchserviceDestinationConfiguration', 'ProcessingConfiguration'], kind: 'invoke', source: 'Firehose' },
  ]],
  ['AWS::IoT::TopicRule', [{ path: ['TopicRulePayload', 'Actions', '*', 'Lambda', 'FunctionArn'], kind: 'topic', source: 'IoTRule' }]],
  ['AWS::SecretsManager::RotationSchedule', [{ path: ['RotationLambdaARN'], kind: 'schedule', source: 'RotationSchedule' }]],
  ['AWS::SES::ReceiptRule', [{ path: ['Rule', 'Actions', '*', 'LambdaAction', 'FunctionArn'], kind: 'invoke', source: 'SES' }]],
  ['AWS::Config::ConfigRule', [{ path: ['Source', 'SourceIdentifier'], kind: 'invoke', source: 'Config' }]],
  ['AWS::S3ObjectLambda::AccessPoint', [{ path: ['ObjectLambdaConfiguration', 'TransformationConfigurations'], kind: 'invoke', source: 'S3ObjectLambda' }]],
  ['AWS::Bedrock::Agent', [{ path: ['ActionGroups', '*', 'ActionGroupExecutor'], kind: 'invoke', source: 'BedrockAgent' }]],
  ['AWS::CloudWatch::Alarm', [{ path: ['AlarmActions'], kind: 'invoke', source: 'Alarm' }, { path: ['OKActions'], kind: 'invoke', source: 'Alarm' }]],
]);

const special: ReadonlyMap<string, (wire: Wire) => void> = new Map([
  ['AWS::Lambda::EventSourceMapping', eventSourceMapping],
  ['AWS::Lambda::EventInvokeConfig', invokeConfig],
  ['AWS::S3::Bucket', bucket],
  ['AWS::SNS::Subscription', subscription],
  ['AWS::SNS::Topic', topic],
  ['AWS::Events::Rule', rule],
  ['AWS::Logs::SubscriptionFilter', subscriptionFilter],
  ['AWS::Pipes::Pipe', pipe],
  ['AWS::Scheduler::Schedule', scheduler],
  ['AWS::Lambda::Alias', provisioned],
  ['AWS::Lambda::Version', provisioned],
]);

/** Gives the functions of all stacks the triggers and destinations that one resource declares. */
export function wireResource(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  if (!properties) return;
  const wire: Wire = { template, wiring, resource, properties, self: template.reference(resource.id, 'Ref'), context };
  wireRoutes(template, wiring, resource);
  linkResource(template, wiring, resource, context);
  const type = resource.type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : resource.type;
  special.get(type)?.(wire);
  for (const { path, kind, source } of simple.get(type) ?? []) {
    for (const { node, location } of nodesAt(properties, path)) wiring.attach(template.value(node), trigger(kind, source, location, { resource: wire.self }));
  }
}

/** Nodes at a path; '*' stands for every entry of a map or list. */
function nodesAt(node: DocNode, path: readonly string[]): readonly { readonly node: DocNode; readonly location: Location }[] {
  let level = [{ node, location: node.location }];
  for (const step of path) {
    level = level.flatMap(({ node: parent }) => {
      if (step === '*') return [...parent.entries.keys()].map((name) => child(parent, name)).concat(parent.items.map((item) => ({ node: item, location: item.location }))).filter((found) => found !== undefined);
      const found = child(parent, step);
      return found ? [found] : [];
    });
  }
  return level;
}

function child(parent: DocNode, name: string): { node: DocNode; location: Location } | undefined {
  const node = parent.get(name);
  return node && { node, location: parent.keyLocation(name) };
}

function eventSourceMapping({ template, wiring, resource, properties }: Wire): void {
  const source = template.value(properties.get('EventSourceArn'));
  const target = template.value(properties.get('FunctionName'));
  const { kind, source: name } = sourceKind(wiring, source, properties);
  wiring.attach(target, trigger(kind, name, resource.location, { resource: source, ...mappingSettings(template, properties) }));
  const failure = properties.at('DestinationConfig', 'OnFailure', 'Destination');
  if (failure) for (const draft of wiring.functions(target)) draft.destinations.push({ kind: 'onFailure', target: template.value(failure), location: failure.location });
}

function invokeConfig({ template, wiring, properties }: Wire): void {
  const functions = wiring.functions(template.value(properties.get('FunctionName')));
  const retries = template.number(properties.get('MaximumRetryAttempts'));
  if (retries !== undefined) for (const draft of functions) draft.late.maximumRetryAttempts = { value: retries, location: properties.keyLocation('MaximumRetryAttempts') };
  for (const [name, kind] of [['OnSuccess', 'onSuccess'], ['OnFailure', 'onFailure']] as const) {
    const found = properties.get('DestinationConfig')?.at(name, 'Destination');
    if (!found) continue;
    const target = template.value(found);
    for (const draft of functions) {
      draft.destinations.push({ kind, target, location: found.location });
      wiring.attach(target, trigger('invoke', 'Destination', found.location, { resource: draft.template.reference(draft.id, 'Arn') }));
    }
  }
}

function bucket({ template, wiring, properties, self }: Wire): void {
  for (const item of properties.at('NotificationConfiguration', 'LambdaConfigurations')?.items ?? []) {
    wiring.attach(template.value(item.get('Function')), trigger('bucket', 'S3', item.location, { resource: self, filters: [objectFilter(template, item.get('Event'), item.get('Filter'))] }));
  }
}

function subscription({ template, wiring, resource, properties }: Wire): void {
  wiring.attach(template.value(properties.get('Endpoint')), trigger('topic', 'SNS', resource.location, {
    resource: template.value(properties.get('TopicArn')), filters: attributeFilter(template, properties),
  }));
}

function topic({ template, wiring, properties, self }: Wire): void {
  for (const item of properties.get('Subscription')?.items ?? []) wiring.attach(template.value(item.get('Endpoint')), trigger('topic', 'SNS', item.location, { resource: self }));
}

function rule({ template, wiring, resource, properties, self, context }: Wire): void {
  const enabled = template.text(properties.get('State')) === 'DISABLED' ? { enabled: false } : {};
  const pattern = properties.get('EventPattern');
  const bus = properties.get('EventBusName');
  const from = bus ? template.value(bus) : defaultBus;
  const expression = properties.get('ScheduleExpression');
  const filters: TriggerFilter[] = pattern ? [{ kind: 'pattern', pattern: parsed(template.value(pattern)) }] : [];
  for (const item of properties.get('Targets')?.items ?? []) {
    const target = template.value(item.get('Arn'));
    const rest = { ...enabled, ...retryPolicy(template, item) };
    if (expression) wiring.attach(target, trigger('schedule', 'EventBridgeRule', resource.location, { schedule: template.value(expression), ...rest }));
    if (pattern) wiring.attach(target, trigger('bus', 'EventBridgeRule', resource.location, { resource: from, filters, ...rest }));
    if (enabled.enabled !== false) link(context, wiring, 'target', pattern ? from : self, target, item.location, filters);
  }
}

/** Also a schedule that calls the function's API by itself (EventBridge Scheduler, "universal targets"). */
function scheduler({ template, wiring, resource, properties, self, context }: Wire): void {
  const target = properties.get('Target');
  const arn = template.value(target?.get('Arn'));
  const universal = arn.kind === 'literal' && /:scheduler:::aws-sdk:lambda:invoke$/.test(String(arn.value));
  const off = template.text(properties.get('State')) === 'DISABLED';
  const called = universal ? parsed(template.value(target?.get('Input'))) : arn;
  const attached = wiring.attach(called, trigger('schedule', 'Scheduler', resource.location, {
    resource: self, schedule: template.value(properties.get('ScheduleExpression')), ...(off ? { enabled: false } : {}), ...retryPolicy(template, target),
  }));
  if (target && attached === 0 && !universal && !off) link(context, wiring, 'target', self, arn, target.location);
}

/** Instances kept warm are set on an alias or version. */
function provisioned({ template, wiring, properties }: Wire): void {
  const holder = properties.get('ProvisionedConcurrencyConfig') ?? properties.get('ProvisionedConcurrencyConfiguration');
  const value = template.number(holder?.get('ProvisionedConcurrentExecutions'));
  if (!holder || value === undefined) return;
  for (const draft of wiring.functions(template.value(properties.get('FunctionName')))) draft.late.provisionedConcurrency = { value, location: holder.keyLocation('ProvisionedConcurrentExecutions') };
}

function subscriptionFilter({ template, wiring, properties }: Wire): void {
  wiring.attach(template.value(properties.get('DestinationArn')), trigger('log', 'CloudWatchLogs', properties.keyLocation('LogGroupName'), {
    resource: template.value(properties.get('LogGroupName')), filters: [{ kind: 'pattern', pattern: template.value(properties.get('FilterPattern')) }],
  }));
}

/** A pipe's target and its enrichment both run on what the source delivers. */
function pipe(wire: Wire): void {
  const { template, wiring, resource, properties, context } = wire;
  const off = template.text(properties.get('DesiredState')) === 'STOPPED';
  const source = template.value(properties.get('Source'));
  const parameters = properties.get('SourceParameters');
  const settings = parameters ? [...parameters.entries.values()].find((node) => node.get('BatchSize') ?? node.get('StartingPosition')) : undefined;
  const { kind } = sourceKind(wiring, source, settings);
  const { filters: patterns } = mappingSettings(template, parameters);
  const batchSize = template.number(settings?.get('BatchSize'));
  const rest: { readonly filters: readonly TriggerFilter[]; readonly resource: Value; readonly batchSize?: number; readonly enabled?: boolean } = {
    resource: source, filters: patterns, ...(batchSize === undefined ? {} : { batchSize }), ...(off ? { enabled: false } : {}),
  };
  for (const name of ['Enrichment', 'Target']) {
    const node = properties.get(name);
    if (node) wiring.attach(template.value(node), trigger(kind === 'unknown' ? 'queue' : kind, name === 'Target' ? 'Pipe' : 'PipeEnrichment', resource.location, rest));
  }
  if (!off) link(context, wiring, 'pipe', source, template.value(properties.get('Target')), properties.keyLocation('Target'), patterns, pipeMessage(wire));
}

/** What a bus gets beside the record; absent where the record is changed on the way. */
function pipeMessage({ template, properties }: Wire): Value | undefined {
  const parameters = properties.get('TargetParameters');
  if (properties.get('Enrichment') || parameters?.get('InputTemplate')) return undefined;
  const bus = parameters?.get('EventBridgeEventBusParameters');
  const entries = ([['source', 'Source'], ['detail-type', 'DetailType']] as const).flatMap(([name, key]): readonly (readonly [string, Value])[] => {
    const node = bus?.get(key);
    return node ? [[name, template.value(node)]] : [];
  });
  return { kind: 'object', entries, open: true };
}

/** Services that a permission may name, with the kind of trigger that it then stands for. */
const principals: ReadonlyMap<string, TriggerKind> = new Map([
  ['apigateway', 'http'], ['elasticloadbalancing', 'http'], ['s3', 'bucket'], ['sns', 'topic'], ['events', 'bus'], ['scheduler', 'schedule'], ['logs', 'log'],
  ['cognito-idp', 'auth'], ['iot', 'topic'], ['ses', 'invoke'], ['config', 'invoke'], ['lexv2', 'invoke'], ['lex', 'invoke'], ['alexa-appkit', 'invoke'], ['bedrock', 'invoke'],
  ['secretsmanager', 'schedule'], ['connect', 'invoke'], ['cloudformation', 'custom'], ['codepipeline', 'invoke'],
]);

/**
 * A service that is allowed to call a function is a trigger whose details stand elsewhere (set up by a script or another
 * stack). Counts only for a function that no declared trigger explains (permissions are often copied), and names no resource.
 */
export function wirePermission(template: Template, wiring: Wiring, resource: TemplateResource): void {
  const principal = template.text(resource.properties?.get('Principal'));
  const service = /^([a-z0-9-]+)\.amazonaws\.com$/.exec(principal ?? '')?.[1];
  const kind = service === undefined ? undefined : principals.get(service);
  if (kind === undefined) return;
  for (const draft of wiring.functions(template.value(resource.properties?.get('FunctionName')))) {
    if (draft.triggers.every((own) => own.source === 'Permission' && own.kind !== kind)) draft.triggers.push(trigger(kind, 'Permission', resource.location));
  }
}
