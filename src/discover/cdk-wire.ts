import { madeOf, numberOf, optionsOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { RouteAuth, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { CdkApp } from './cdk-app.ts';
import { pipe, ruleTarget, scheduler } from './cdk-events.ts';
import { addLayers, deep, functionOf, listOf, valuesOf } from './cdk-functions.ts';
import { fullName, lastStep, nameOf } from './cdk-names.ts';
import { fromPackage } from './cdk-packages.ts';
import { wireRoute } from './cdk-routes.ts';
import { attach, destinations, draftOf, eventSource, link, notification, policyFilters, sourceMapping, subscription } from './cdk-triggers.ts';

/** Constructs that hand events to the function in one of their properties or arguments (AWS CDK API reference, read 2026-11). */
const simple: ReadonlyMap<string, { readonly at: readonly (string | number)[]; readonly kind: TriggerKind; readonly source: string }> = new Map<string, { readonly at: readonly (string | number)[]; readonly kind: TriggerKind; readonly source: string }>([
  ['custom-resources.Provider', { at: ['onEventHandler', 'isCompleteHandler'], kind: 'custom', source: 'CustomResource' }],
  ['core.CustomResource', { at: ['serviceToken'], kind: 'custom', source: 'CustomResource' }],
  ['aws-cloudformation.CustomResource', { at: ['provider', 'serviceToken'], kind: 'custom', source: 'CustomResource' }],
  ['core.CfnCustomResource', { at: ['serviceToken'], kind: 'custom', source: 'CustomResource' }],
  ['triggers.Trigger', { at: ['handler'], kind: 'custom', source: 'Trigger' }],
  ['aws-appsync.LambdaDataSource', { at: ['lambdaFunction'], kind: 'http', source: 'AppSync' }],
  ['aws-elasticloadbalancingv2-targets.LambdaTarget', { at: [0], kind: 'http', source: 'ALB' }],
  ['aws-codepipeline-actions.LambdaInvokeAction', { at: ['lambda'], kind: 'invoke', source: 'CodePipeline' }],
  ['aws-secretsmanager.RotationSchedule', { at: ['rotationLambda'], kind: 'schedule', source: 'RotationSchedule' }],
  ['aws-iot-actions.LambdaFunctionAction', { at: [0], kind: 'topic', source: 'IoTRule' }],
  ['aws-kinesisfirehose.LambdaFunctionProcessor', { at: [0], kind: 'invoke', source: 'Firehose' }],
  ['aws-ses-actions.Lambda', { at: ['function'], kind: 'invoke', source: 'SES' }],
  ['aws-cloudwatch-actions.LambdaAction', { at: [0], kind: 'invoke', source: 'Alarm' }],
  ['aws-config.CustomRule', { at: ['lambdaFunction'], kind: 'invoke', source: 'Config' }],
  ['aws-s3objectlambda.AccessPoint', { at: ['handler'], kind: 'invoke', source: 'S3ObjectLambda' }],
]);

/** Constructs, mostly those that are CloudFormation types, that name a function anywhere in their properties. */
const deepNames: ReadonlyMap<string, { readonly names: readonly string[]; readonly kind: TriggerKind; readonly source: string }> = new Map<string, { readonly names: readonly string[]; readonly kind: TriggerKind; readonly source: string }>([
  ['aws-iot.CfnTopicRule', { names: ['functionArn'], kind: 'topic', source: 'IoTRule' }],
  ['aws-appsync.CfnDataSource', { names: ['lambdaFunctionArn'], kind: 'http', source: 'AppSync' }],
  ['aws-kinesisfirehose.CfnDeliveryStream', { names: ['parameterValue'], kind: 'invoke', source: 'Firehose' }],
  ['aws-s3objectlambda.CfnAccessPoint', { names: ['functionArn', 'FunctionArn'], kind: 'invoke', source: 'S3ObjectLambda' }],
  ['aws-config.CfnConfigRule', { names: ['sourceIdentifier'], kind: 'invoke', source: 'Config' }],
  ['aws-ses.CfnReceiptRule', { names: ['functionArn'], kind: 'invoke', source: 'SES' }],
  ['aws-secretsmanager.CfnRotationSchedule', { names: ['rotationLambdaArn'], kind: 'schedule', source: 'RotationSchedule' }],
  ['aws-bedrock.CfnAgent', { names: ['lambda'], kind: 'invoke', source: 'BedrockAgent' }],
  ['aws-bedrockagentcore.CfnGatewayTarget', { names: ['lambdaArn'], kind: 'invoke', source: 'BedrockAgent' }],
  ['custom-resources.AwsCustomResource', { names: ['FunctionName'], kind: 'custom', source: 'CustomResource' }],
]);

/** Gives functions the triggers, destinations and variables that one thing made by the program declares. */
export function wire(app: CdkApp, made: Made): void {
  const location = app.location(made.place);
  if (made.form === 'call') method(app, made, location);
  else if (made.form === 'new') construct(app, made, location);
}

function method(app: CdkApp, made: Made, location: Location): void {
  const [first, second] = made.args;
  switch (lastStep(made)) {
    case 'addEventSource': if (first) eventSource(app, made.receiver, first, location); return;
    case 'addEventSourceMapping': sourceMapping(app, made.receiver, second, location); return;
    case 'addEventNotification': case 'addObjectCreatedNotification': case 'addObjectRemovedNotification': notification(app, made); return;
    case 'addSubscription': subscription(app, made.receiver, first, location); return;
    case 'addTarget': {
      const rule = ruleOf(made.receiver);
      if (rule && first) ruleTarget(app, rule, first, location);
      return;
    }
    case 'addLayers': {
      const draft = draftOf(app, made.receiver);
      if (draft) addLayers(app, draft, made);
      return;
    }
    case 'addEnvironment': {
      const draft = draftOf(app, made.receiver);
      const name = textOf(first);
      if (draft && name !== undefined && second) draft.environment.set(name, app.value(second));
      return;
    }
    // The CloudFormation resource behind a function takes these over what the construct says (AWS CDK guide, escape hatches, November 2026).
    case 'addOverride': case 'addPropertyOverride': {
      const draft = textOf(first) === (lastStep(made) === 'addOverride' ? 'Properties.Runtime' : 'Runtime') ? draftOf(app, made.receiver) : undefined;
      const runtime = textOf(second);
      if (draft && runtime !== undefined && /^nodejs\d/.test(runtime)) draft.late = { ...draft.late, runtime: { value: runtime, location } };
      return;
    }
    case 'configureAsyncInvoke': {
      const draft = draftOf(app, made.receiver);
      if (draft) destinations(app, draft, first, () => location);
      return;
    }
    case 'addAlias': provisioned(app, made.receiver, second, location); return;
    case 'addTrigger': attach(app, second, { kind: 'auth', source: isSender(first) ? 'CognitoSender' : 'Cognito', filters: [], location, resource: app.value(made.receiver) }); return;
    case 'addLambdaDataSource': attach(app, second, { kind: 'http', source: 'AppSync', filters: [], location, resource: app.value(made.receiver) }); return;
    case 'addSubscriptionFilter': logFilter(app, app.value(made.receiver), second, location); return;
    case 'addRotationSchedule': attach(app, slot(second, 'rotationLambda')?.value, { kind: 'schedule', source: 'RotationSchedule', filters: [], location }); return;
    default: break;
  }
  if (wireRoute(app, made)) return;
  // `bucket.onCloudTrailPutObject('id', { target })`, `pipeline.onStateChange(…)`: each makes a rule.
  if (/^on[A-Z]/.test(lastStep(made)) && madeOf(slot(second, 'target')?.value)) {
    ruleTarget(app, made, slot(second, 'target')?.value ?? second ?? { kind: 'unknown', reason: 'target' }, location);
  }
}

function ruleOf(receiver: Sym | undefined): Made | undefined {
  const made = madeOf(receiver);
  return made && (/^aws-events\./.test(fullName(made)) || (made.form === 'call' && /^on[A-Z]/.test(lastStep(made))) || (!nameOf(made) && /Rule$/.test(lastStep(made)))) ? made : undefined;
}

function construct(app: CdkApp, made: Made, location: Location): void {
  const name = fullName(made);
  const draft = app.drafts.get(made);
  if (draft) {
    for (const source of listOf(app.prop(made, 'events')?.value)) eventSource(app, made, source, app.at(made, 'events'));
    destinations(app, draft, app.props(made), (property) => app.at(made, property));
    for (const schedule of listOf(app.prop(made, 'rules')?.value)) ruled(app, made, schedule);
    if (/^triggers\./.test(name)) attach(app, made, { kind: 'custom', source: 'Trigger', filters: [], location });
  }
  if (name === '') { fromPackage(app, made, location); return; }
  const known = simple.get(name);
  if (known) {
    for (const step of known.at) {
      const target = typeof step === 'number' ? made.args[step] : app.prop(made, step)?.value;
      const inner = madeOf(target);
      const through = target && !functionOf(app, target) && inner?.form === 'call' ? inner.args[0] : target;
      attach(app, through, { kind: known.kind, source: known.source, filters: [], location });
    }
    return;
  }
  switch (name) {
    case 'aws-lambda.EventSourceMapping': case 'aws-lambda.CfnEventSourceMapping':
      sourceMapping(app, (app.prop(made, 'target') ?? app.prop(made, 'functionName'))?.value, app.props(made), location);
      return;
    case 'aws-lambda.EventInvokeConfig': {
      const target = draftOf(app, app.prop(made, 'function')?.value);
      if (target) destinations(app, target, app.props(made), (property) => app.at(made, property));
      return;
    }
    case 'aws-lambda.Alias': provisioned(app, app.prop(made, 'version')?.value, app.props(made), location); return;
    case 'aws-lambda.CfnPermission': return;
    case 'aws-sns.Subscription': case 'aws-sns.CfnSubscription': {
      const topic = (app.prop(made, 'topic') ?? app.prop(made, 'topicArn'))?.value;
      const endpoint = app.prop(made, 'endpoint')?.value;
      const filters = policyFilters(app, app.props(made));
      if (!attach(app, endpoint, { kind: 'topic', source: 'SNS', resource: app.value(topic), filters, location }) && app.text(made, 'protocol') !== 'email' && endpoint) link(app, 'subscription', app.value(topic), app.value(endpoint), location, filters);
      return;
    }
    case 'aws-events.Rule': case 'aws-events.CfnRule': for (const target of listOf(app.prop(made, 'targets')?.value)) ruleTarget(app, made, target, location); return;
    case 'aws-scheduler.Schedule': case 'aws-scheduler.CfnSchedule': scheduler(app, made); return;
    case 'aws-pipes.CfnPipe': case 'aws-pipes.Pipe': pipe(app, made); return;
    case 'aws-logs.SubscriptionFilter': case 'aws-logs.CfnSubscriptionFilter': logFilter(app, app.value((app.prop(made, 'logGroup') ?? app.prop(made, 'logGroupName'))?.value), app.props(made), location); return;
    case 'aws-cognito.UserPool': attachPool(app, made, 'lambdaTriggers', location); return;
    case 'aws-cognito.CfnUserPool': attachPool(app, made, 'lambdaConfig', location); return;
    case 'aws-sqs.Queue': {
      const dead = slot(app.prop(made, 'deadLetterQueue')?.value, 'queue')?.value;
      if (dead && madeOf(dead)) link(app, 'redrive', app.value(made), app.value(dead), app.at(made, 'deadLetterQueue'));
      return;
    }
    case 'core.CfnOutput': {
      const exported = app.prop(made, 'exportName')?.value;
      if (exported && exported.kind !== 'unknown') app.published.push({ scope: 'import', name: app.value(exported), value: app.value(app.prop(made, 'value')?.value), unit: app.unit, location });
      return;
    }
    case 'aws-ssm.StringParameter': {
      const parameter = app.prop(made, 'parameterName')?.value;
      if (parameter) app.published.push({ scope: 'parameter', name: app.value(parameter), value: app.value(app.prop(made, 'stringValue')?.value), unit: app.unit, location });
      return;
    }
    case 'aws-apigatewayv2.CfnIntegration': levelOneIntegration(app, made, location); return;
    case 'aws-apigateway.CfnMethod': {
      attach(app, slot(app.prop(made, 'integration')?.value, 'uri')?.value, { kind: 'http', source: 'Api', filters: [{ kind: 'route', method: app.text(made, 'httpMethod') ?? '*', path: '*' }], location, resource: app.value(app.prop(made, 'restApiId')?.value) });
      return;
    }
    default: break;
  }
  if (/^aws-cloudfront\.(?:Distribution|CloudFrontWebDistribution)$/.test(name)) {
    for (const target of deep(app.props(made), new Set(['functionVersion', 'lambdaFunction']))) attach(app, target, { kind: 'http', source: 'CloudFront', filters: [], location, resource: app.value(made) });
    return;
  }
  const nested = deepNames.get(name);
  if (nested) {
    for (const target of deep(app.props(made), new Set(nested.names))) attach(app, target, { kind: nested.kind, source: nested.source, filters: [], location, resource: app.value(made) });
    return;
  }
  wireRoute(app, made);
}

/** `rules: [{ schedule }]` of function constructs from packages (scheduled lambdas). */
function ruled(app: CdkApp, made: Made, rule: Sym): void {
  const schedule = slot(rule, 'schedule');
  if (schedule) attach(app, made, { kind: 'schedule', source: 'EventBridgeRule', filters: [], location: schedule.place ? app.location(schedule.place) : app.at(made) });
}

function provisioned(app: CdkApp, target: Sym | undefined, options: Sym | undefined, location: Location): void {
  const found = slot(options, 'provisionedConcurrentExecutions');
  const value = numberOf(found?.value);
  const draft = draftOf(app, target);
  if (draft && value !== undefined) draft.late = { ...draft.late, provisionedConcurrency: { value, location: found?.place ? app.location(found.place) : location } };
}

const sender = /custom.?(?:email|sms).?sender/i;
/** `UserPoolOperation.CUSTOM_EMAIL_SENDER`: Cognito hands these over and goes on. */
const isSender = (operation: Sym | undefined): boolean => operation?.kind === 'external' && sender.test(operation.path.at(-1) ?? '');

/** Functions of a user pool, by the names of its operations. */
function attachPool(app: CdkApp, made: Made, name: string, location: Location): void {
  const given = app.prop(made, name)?.value;
  for (const one of given ? optionsOf(given) : []) {
    if (one.kind !== 'record') continue;
    for (const [operation, { value }] of one.entries) {
      for (const target of operation.toLowerCase().includes('config') || sender.test(operation) ? [value, ...valuesOf(value)] : [value]) attach(app, target, { kind: 'auth', source: sender.test(operation) ? 'CognitoSender' : 'Cognito', filters: [], location, resource: app.value(made) });
    }
  }
}

function logFilter(app: CdkApp, group: ReturnType<CdkApp['value']>, options: Sym | undefined, location: Location): void {
  const target = slot(options, 'destination')?.value ?? slot(options, 'destinationArn')?.value;
  const holder = madeOf(target);
  attach(app, holder && !functionOf(app, target) ? holder.args[0] : target, { kind: 'log', source: 'CloudWatchLogs', resource: group, filters: [], location });
}

function levelOneIntegration(app: CdkApp, made: Made, location: Location): void {
  const target = (app.prop(made, 'integrationUri') ?? app.prop(made, 'uri'))?.value;
  if (!draftOf(app, target)) return;
  const api = app.value(app.prop(made, 'apiId')?.value);
  const routes = app.program.made.filter((other) => fullName(other) === 'aws-apigatewayv2.CfnRoute' && mentions(app.prop(other, 'target')?.value, made));
  for (const route of routes) {
    const [method = '*', path] = (app.text(route, 'routeKey') ?? '*').split(' ', 2);
    // A key without a method (`$connect`, `send`) is a route of a WebSocket API.
    const socket = path === undefined && method !== '$default' && method !== '*';
    attach(app, target, { kind: 'http', source: socket ? 'WebSocket' : 'Api', resource: api, filters: [{ kind: 'route', method: path === undefined ? '*' : method, path: path ?? method }], location: app.location(route.place), ...authOfRoute(app, route) });
  }
  if (routes.length === 0) attach(app, target, { kind: 'http', source: 'Api', resource: api, filters: [], location });
}

/** What a `CfnRoute` says of its callers; routes are open where it says nothing. */
function authOfRoute(app: CdkApp, route: Made): { readonly auth?: RouteAuth } {
  const written = app.prop(route, 'authorizationType');
  const location = written?.place ? app.location(written.place) : app.location(route.place);
  if (!written) return { auth: { kind: 'none', location } };
  const type = app.text(route, 'authorizationType');
  const authorizer = app.prop(route, 'authorizerId');
  switch (type) {
    case 'NONE': return { auth: { kind: 'none', location } };
    case 'AWS_IAM': case 'JWT': return { auth: { kind: 'identity', location } };
    case 'CUSTOM': return { auth: { kind: 'authorizer', location, ...(authorizer ? { authorizer: app.value(authorizer.value) } : {}) } };
    default: return {};
  }
}

function mentions(sym: Sym | undefined, made: Made, depth = 0): boolean {
  if (sym === undefined || depth > 3) return false;
  if (sym.kind === 'attribute') return sym.of === made;
  if (sym.kind === 'template') return sym.parts.some((part) => mentions(part, made, depth + 1));
  if (sym.kind === 'list') return sym.items.some((part) => mentions(part, made, depth + 1));
  const own = madeOf(sym);
  return own === made || (own?.form === 'call' && own.args.some((arg) => mentions(arg, made, depth + 1)));
}
