import { madeOf, numberOf, optionsOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { CdkApp, CdkDraft } from './cdk-app.ts';
import { pipe, ruleTarget, scheduler } from './cdk-events.ts';
import { functionOf, listOf } from './cdk-functions.ts';
import { fullName, lastStep, nameOf } from './cdk-names.ts';
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

/** Services that may be allowed to call a function, with the kind of trigger that this stands for where nothing else explains it. */
const principals: ReadonlyMap<string, TriggerKind> = new Map([
  ['apigateway', 'http'], ['elasticloadbalancing', 'http'], ['s3', 'bucket'], ['sns', 'topic'], ['events', 'bus'], ['scheduler', 'schedule'], ['logs', 'log'], ['cognito-idp', 'auth'],
  ['iot', 'topic'], ['ses', 'invoke'], ['config', 'invoke'], ['lexv2', 'invoke'], ['lex', 'invoke'], ['alexa-appkit', 'invoke'], ['bedrock', 'invoke'], ['secretsmanager', 'schedule'],
  ['connect', 'invoke'], ['codepipeline', 'invoke'],
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
    case 'addEnvironment': {
      const draft = draftOf(app, made.receiver);
      const name = textOf(first);
      if (draft && name !== undefined && second) draft.environment.set(name, app.value(second));
      return;
    }
    case 'configureAsyncInvoke': {
      const draft = draftOf(app, made.receiver);
      if (draft) destinations(app, draft, first, () => location);
      return;
    }
    case 'addAlias': provisioned(app, made.receiver, second, location); return;
    case 'addTrigger': attach(app, second, { kind: 'auth', source: 'Cognito', filters: [], location, resource: app.value(made.receiver) }); return;
    case 'addLambdaDataSource': attach(app, second, { kind: 'http', source: 'AppSync', filters: [], location, resource: app.value(made.receiver) }); return;
    case 'addSubscriptionFilter': logFilter(app, app.value(made.receiver), second, location); return;
    case 'addRotationSchedule': attach(app, slot(second, 'rotationLambda')?.value, { kind: 'schedule', source: 'RotationSchedule', filters: [], location, resource: app.value(made.receiver) }); return;
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
    case 'aws-cognito.UserPool': each(app.prop(made, 'lambdaTriggers')?.value, (target) => attach(app, target, { kind: 'auth', source: 'Cognito', filters: [], location, resource: app.value(made) })); return;
    case 'aws-cognito.CfnUserPool': each(app.prop(made, 'lambdaConfig')?.value, (target) => attach(app, target, { kind: 'auth', source: 'Cognito', filters: [], location, resource: app.value(made) })); return;
    case 'aws-sqs.Queue': {
      const dead = slot(app.prop(made, 'deadLetterQueue')?.value, 'queue')?.value;
      if (dead && madeOf(dead)) link(app, 'redrive', app.value(made), app.value(dead), app.at(made, 'deadLetterQueue'));
      return;
    }
    case 'core.CfnOutput': {
      const exported = app.prop(made, 'exportName')?.value;
      if (exported && exported.kind !== 'unknown') app.context.addPublished({ scope: 'import', name: app.value(exported), value: app.value(app.prop(made, 'value')?.value), unit: app.unit, location });
      return;
    }
    case 'aws-ssm.StringParameter': {
      const parameter = app.prop(made, 'parameterName')?.value;
      if (parameter) app.context.addPublished({ scope: 'parameter', name: app.value(parameter), value: app.value(app.prop(made, 'stringValue')?.value), unit: app.unit, location });
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
  if (/^aws-iot\.CfnTopicRule$/.test(name)) {
    for (const target of deep(app.props(made), new Set(['functionArn']))) attach(app, target, { kind: 'topic', source: 'IoTRule', filters: [], location });
    return;
  }
  wireRoute(app, made);
}

/** What stands before `ToLambda` in the names of construct patterns (AWS Solutions Constructs, read 2026-11). */
const patterns: readonly (readonly [RegExp, TriggerKind, string])[] = [
  [/ApiGateway|Alb|OpenApi/, 'http', 'Api'], [/Sqs/, 'queue', 'SQS'], [/Sns/, 'topic', 'SNS'], [/S3/, 'bucket', 'S3'], [/DynamoDBStreams/, 'stream', 'DynamoDB'], [/KinesisStreams/, 'stream', 'Kinesis'],
  [/Events?Rule|Event[bB]ridge/, 'bus', 'EventBridgeRule'], [/Iot/, 'topic', 'IoTRule'],
];

/** Constructs of packages that are not known: what their names and properties plainly say. */
function fromPackage(app: CdkApp, made: Made, location: Location): void {
  const step = lastStep(made);
  const head = /^(\w+)ToLambda/.exec(step)?.[1];
  const options = made.args[2];
  if (head !== undefined) {
    const target: Sym | undefined = app.drafts.has(made) ? made : slot(options, 'existingLambdaObj')?.value;
    const found = patterns.find(([pattern]) => pattern.test(head));
    const schedule = slot(slot(options, 'eventRuleProps')?.value, 'schedule');
    if (found) attach(app, target, { kind: schedule ? 'schedule' : found[1], source: found[2], filters: [], location });
    return;
  }
  if (!/Api|Gateway/.test(step)) return;
  if (app.drafts.has(made)) { attach(app, made, { kind: 'http', source: 'Api', filters: [], location }); return; }
  routesIn(app, made, options, 0);
}

/** `{ path, httpMethod, lambda }` anywhere in the properties of an API construct. */
function routesIn(app: CdkApp, api: Made, sym: Sym | undefined, depth: number): void {
  if (sym === undefined || depth > 6) return;
  if (sym.kind === 'list') { for (const item of sym.items) routesIn(app, api, item, depth + 1); return; }
  if (sym.kind !== 'record') return;
  for (const [name, item] of sym.entries) {
    if (item.value.kind === 'record' || item.value.kind === 'list') { routesIn(app, api, item.value, depth + 1); continue; }
    if (!draftOf(app, item.value) || !madeOf(item.value)) continue;
    const path = textOf(slot(sym, 'path')?.value) ?? '*';
    const method = textOf(slot(sym, 'httpMethod')?.value) ?? textOf(slot(sym, 'method')?.value) ?? '*';
    attach(app, item.value, { kind: /authori[sz]er/i.test(name) ? 'auth' : 'http', source: 'Api', filters: /authori[sz]er/i.test(name) ? [] : [{ kind: 'route', method: method.toUpperCase().replace(/^ANY$/, '*'), path }], location: item.place ? app.location(item.place) : app.at(api) });
  }
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
    attach(app, target, { kind: 'http', source: 'Api', resource: api, filters: [{ kind: 'route', method: path === undefined ? '*' : method, path: path ?? method }], location: app.location(route.place) });
  }
  if (routes.length === 0) attach(app, target, { kind: 'http', source: 'Api', resource: api, filters: [], location });
}

function mentions(sym: Sym | undefined, made: Made, depth = 0): boolean {
  if (sym === undefined || depth > 8) return false;
  if (sym.kind === 'attribute') return sym.of === made;
  if (sym.kind === 'template') return sym.parts.some((part) => mentions(part, made, depth + 1));
  if (sym.kind === 'list') return sym.items.some((part) => mentions(part, made, depth + 1));
  const own = madeOf(sym);
  return own === made || (own?.form === 'call' && own.args.some((arg) => mentions(arg, made, depth + 1)));
}

function each(sym: Sym | undefined, visit: (value: Sym) => void): void {
  for (const option of sym ? optionsOf(sym) : []) if (option.kind === 'record') for (const item of option.entries.values()) visit(item.value);
}

/** Values of the given names anywhere inside. */
function deep(sym: Sym | undefined, wanted: ReadonlySet<string>, depth = 0): readonly Sym[] {
  if (sym === undefined || depth > 12) return [];
  if (sym.kind === 'list') return sym.items.flatMap((item) => deep(item, wanted, depth + 1));
  if (sym.kind === 'oneOf') return sym.options.flatMap((item) => deep(item, wanted, depth + 1));
  if (sym.kind !== 'record') return [];
  return [...sym.entries].flatMap(([name, item]) => (wanted.has(name) ? [item.value] : deep(item.value, wanted, depth + 1)));
}

/** A service that is allowed to call a function that no trigger explains. */
export function wirePermission(app: CdkApp, made: Made): void {
  const step = lastStep(made);
  if (fullName(made) === 'aws-iam.Role') { wireRole(app, made); return; }
  const target = made.form === 'call' && (step === 'addPermission' || step === 'grantInvoke') ? made.receiver : fullName(made) === 'aws-lambda.CfnPermission' ? app.prop(made, 'functionName')?.value : undefined;
  const draft = draftOf(app, target);
  if (!draft) return;
  const given = step === 'addPermission' ? slot(made.args[1], 'principal')?.value : step === 'grantInvoke' ? made.args[0] : app.prop(made, 'principal')?.value;
  const principal = textOf(given) ?? textOf(madeOf(given)?.args[0]);
  const kind = principals.get(/^([a-z0-9-]+)\.amazonaws\.com$/.exec(principal ?? '')?.[1] ?? '');
  permit(app, draft, kind, app.location(made.place));
}

/** The CDK writes the permissions of declared triggers by itself: one that is written by hand stands for a trigger set up elsewhere. */
function permit(app: CdkApp, draft: CdkDraft, kind: TriggerKind | undefined, location: Location): void {
  if (kind === undefined || app.standsFor.has(draft.made)) return;
  const same = (own: TriggerKind): boolean => own === kind || (kind === 'bus' && own === 'schedule') || (kind === 'schedule' && own === 'bus') || (kind === 'http' && (own === 'auth' || own === 'url'));
  if (!draft.triggers.some((own) => same(own.kind))) draft.triggers.push({ kind, source: 'Permission', filters: [], location });
}

/** A role that a service takes on and that may invoke functions: the service calls them, as configured at run time. */
function wireRole(app: CdkApp, role: Made): void {
  const principal = madeOf(app.prop(role, 'assumedBy')?.value);
  const service = principal && lastStep(principal) === 'ServicePrincipal' ? /^(scheduler|events|apigateway|iot)\.amazonaws\.com$/.exec(textOf(principal.args[0]) ?? '')?.[1] : undefined;
  const kind = service === undefined ? undefined : principals.get(service);
  if (kind === undefined) return;
  const statements: Sym[] = [];
  each(app.prop(role, 'inlinePolicies')?.value, (document) => statements.push(...listOf(slot(madeOf(document)?.args[0], 'statements')?.value)));
  const granted = new Set<CdkDraft>();
  for (const made of app.program.made) {
    if (made.form !== 'call') continue;
    const step = lastStep(made);
    if (/^(?:addToPolicy|addToPrincipalPolicy)$/.test(step) && madeOf(made.receiver) === role && made.args[0]) statements.push(made.args[0]);
    const draft = step === 'grantInvoke' && madeOf(made.args[0]) === role ? draftOf(app, made.receiver) : undefined;
    if (draft) granted.add(draft);
  }
  for (const statement of statements) {
    const options = madeOf(statement)?.args[0];
    if (!listOf(slot(options, 'actions')?.value).some((action) => /^lambda:(?:InvokeFunction|Invoke\*|\*)$/.test(textOf(action) ?? ''))) continue;
    for (const resource of listOf(slot(options, 'resources')?.value)) { const draft = draftOf(app, resource); if (draft) granted.add(draft); }
  }
  for (const draft of granted) permit(app, draft, kind, app.location(role.place));
}
