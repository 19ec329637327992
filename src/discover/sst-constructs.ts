import { listOf, optionsOf, record, type Made, type Sym } from '../link/program-values.ts';
import type { ResourceKind, RouteAuth, Trigger, TriggerFilter } from '../model/function.ts';
import type { SourcePlace } from '../model/location.ts';
import { trigger } from './cloudformation-triggers.ts';
import { itemsIn, property, thingOf } from './code-unit.ts';
import { fieldsOf } from './code-node.ts';
import { functionArgument, nameOf, readFunction, type SstApp } from './sst-function.ts';
import { cdkQueueFields } from './sst-queue.ts';
import { optional } from './terraform-function.ts';
import type { Value } from '../model/value.ts';
import type { ResourceInstance } from './terraform-module.ts';

/** Constructs that are one resource: Terraform's type, kind, and where `cdk` holds the physical name (SST v2 documentation, "Constructs", read 2026-11). */
const resources: ReadonlyMap<string, readonly [string, ResourceKind, readonly string[]]> = new Map<string, readonly [string, ResourceKind, readonly string[]]>([
  ['Api', ['aws_apigatewayv2_api', 'api', []]], ['ApiGatewayV1Api', ['aws_api_gateway_rest_api', 'api', []]], ['WebSocketApi', ['aws_apigatewayv2_api', 'api', []]], ['AppSyncApi', ['aws_appsync_graphql_api', 'api', []]],
  ['GraphQLApi', ['aws_apigatewayv2_api', 'api', []]], ['Queue', ['aws_sqs_queue', 'queue', ['queue', 'queueName']]], ['Topic', ['aws_sns_topic', 'topic', ['topic', 'topicName']]], ['EventBus', ['aws_cloudwatch_event_bus', 'bus', ['eventBus', 'eventBusName']]],
  ['Table', ['aws_dynamodb_table', 'table', ['table', 'tableName']]], ['Bucket', ['aws_s3_bucket', 'bucket', ['bucket', 'bucketName']]], ['KinesisStream', ['aws_kinesis_stream', 'stream', ['stream', 'streamName']]],
  ['Cron', ['aws_cloudwatch_event_rule', 'schedule', []]], ['Cognito', ['aws_cognito_user_pool', 'other', []]], ['Auth', ['sst.Auth', 'other', []]],
  ['Config.Secret', ['sst.Secret', 'parameter', []]], ['Config.Parameter', ['sst.Parameter', 'parameter', []]],
]);

const sites = /^(?:Nextjs|Remix|Astro|SvelteKit|SolidStart)Site$/;

/** Name of a construct of SST v1 or v2: `Api`, `Config.Secret`; with `#` for methods. */
export function constructOf(made: Made): string | undefined {
  return /^(?:missing:)?(?:sst\/constructs(?:\/future)?|@serverless-stack\/resources)$/.test(made.module) ? made.path.filter((step) => step !== 'default').join('.') : undefined;
}

/** A construct, with what its own properties hand to functions. */
export function readConstruct(app: SstApp, made: Made): void {
  const { unit } = app;
  const name = constructOf(made);
  if (name === undefined) return;
  if (made.form === 'call') {
    if (name === 'Function.fromDefinition' && made.args[2]) functionArgument(app, made.args[2], { id: nameOf(app, made.args[1]), place: made.place, made });
    else readAdded(app, made, name);
    return;
  }
  if (made.form !== 'new' || name === 'Stack' || name === 'App') return;
  const id = nameOf(app, made.args[1]);
  const given = made.args[2];
  if (name === 'Function') {
    if (given) readFunction(app, given, { id, place: made.place, made });
    return;
  }
  if (sites.test(name)) unit.gap('framework', made.place, `${id}: the server function of ${name} is made by the framework's build`);
  const known = resources.get(name);
  const physical = known && known[2].length > 0 ? property(given, 'cdk', ...known[2]) : undefined;
  const argument = name === 'Bucket' ? 'bucket' : 'name';
  const instance = unit.declare(made, {
    id: unit.free(id), type: known?.[0] ?? `sst.${name}`, kind: known?.[1] ?? 'other', mode: 'resource', only: physical === undefined,
    fields: new Map([...[...fieldsOf(given)].filter(([key]) => key !== 'name' && key !== 'bucket'), ...(physical ? [[argument, physical] as const] : []), ...(name === 'Queue' ? cdkQueueFields(given) : [])]),
  });
  const call: Call = { app, place: made.place, instance, given, name, label: instance.id };
  routes(call, property(given, 'routes')?.value);
  consumers(call, given);
  others(call, made);
}

interface Call {
  readonly app: SstApp;
  readonly place: SourcePlace;
  readonly instance: ResourceInstance;
  /** Properties of the construct. */
  readonly given: Sym | undefined;
  readonly name: string;
  readonly label: string;
}

/** `queue.addConsumer(stack, …)`, `api.addRoutes(stack, …)` and the like. */
function readAdded(app: SstApp, made: Made, full: string): void {
  const method = /#(add\w{1,40}|attach|subscribe)$/.exec(full)?.[1];
  const of = thingOf(made.receiver);
  const instance = of && app.unit.things.get(of);
  if (method === undefined || !of || !instance) return;
  const call: Call = { app, place: made.place, instance, given: of.args[2], name: constructOf(of) ?? '', label: instance.id };
  const last = made.args.at(-1);
  switch (method) {
    case 'addRoutes': routes(call, last); return;
    case 'addConsumer': consumer(call, last, made.place, 'consumer'); return;
    case 'addConsumers': each(last, (key, value, place) => consumer(call, value, place, key)); return;
    case 'addSubscribers': each(last, (key, value, place) => subscriber(call, value, place, key)); return;
    case 'addNotifications': each(last, (key, value, place) => notification(call, value, place, key)); return;
    case 'addRules': each(last, (key, value) => rule(call, value, key)); return;
    case 'addTargets': {
      const key = app.unit.text(made.args.at(-2)) ?? '';
      const own = property(call.given, 'rules', key);
      each(last, (target, value, place) => targetOf(call, own?.value, value, place, `${key}/${target}`));
      return;
    }
    case 'addTriggers': each(last, (key, value, place) => fire(call, value, place, key, 'auth', 'Cognito')); return;
    case 'addDataSources': each(last, (key, value, place) => fire(call, value, place, key, 'http', 'AppSync')); return;
    case 'addResolvers': each(last, (key, value, place) => resolver(call, value, place, key)); return;
    case 'subscribe': {
      // `bus.subscribe([stack,] types, target[, props])`: a rule of its own for the types of events.
      const types = made.args.findIndex((arg) => app.unit.text(arg) !== undefined || arg.kind === 'list');
      const [given, target] = [made.args[types], made.args[types + 1]];
      if (call.name !== 'EventBus' || !given || !target) return;
      const names = given.kind === 'list' ? given.items : [given];
      targetOf(call, record([['pattern', record([['detailType', listOf(names)]])]]), target, made.place, names.map((item) => app.unit.text(item) ?? '*').join(','));
      return;
    }
    case 'attach': {
      // `auth.attach(stack, { api, prefix })`: the authenticator answers everything below the prefix.
      const api = thingOf(property(last, 'api')?.value);
      const apiInstance = api && app.unit.things.get(api);
      const fn = property(call.given, 'authenticator') ?? property(call.given, 'authorizer');
      const prefix = app.unit.text(property(last, 'prefix')?.value) ?? '/auth';
      functionArgument(app, fn?.value, { id: `${call.label}/authenticator`, place: fn?.place ?? made.place })?.triggers.push(trigger('http', 'HttpApi', app.unit.location(made.place), {
        ...(apiInstance ? { resource: app.unit.reference(apiInstance) } : {}), filters: [{ kind: 'route', method: '*', path: `${prefix}/{proxy+}` }], auth: { kind: 'none', location: app.unit.location(made.place) },
      }));
      return;
    }
    default:
  }
}

/** Each named entry, or each item of the older lists. */
function each(sym: Sym | undefined, work: (key: string, value: Sym, place: SourcePlace) => void): void {
  for (const option of sym === undefined ? [] : optionsOf(sym)) {
    if (option.kind === 'record') for (const [key, slot] of option.entries) { if (slot.place && !(slot.value.kind === 'literal' && slot.value.value === undefined)) work(key.startsWith('*') ? '*' : key, slot.value, slot.place); }
    if (option.kind === 'list') option.items.forEach((item, index) => { const place = (item.kind === 'record' ? item.place : undefined) ?? option.place; if (place) work(String(index), item, place); });
  }
}

const base = (call: Call): Sym | undefined => (property(call.given, 'defaults', 'function') ?? property(call.given, 'defaultFunctionProps'))?.value;

/** Gives the function that a definition is a trigger; false when it is none. */
function fire(call: Call, value: Sym | undefined, place: SourcePlace, key: string, kind: Trigger['kind'], source: string, rest: Partial<Trigger> = {}): boolean {
  const { app } = call;
  const draft = functionArgument(app, value, { id: `${call.label}/${key}`, place, base: base(call) });
  draft?.triggers.push(trigger(kind, source, app.unit.location(place), { resource: app.unit.reference(call.instance), ...rest }));
  return draft !== undefined;
}

// ---------------------------------------------------------------- routes

function routes(call: Call, given: Sym | undefined): void {
  const { app, name } = call;
  if (!/^(?:Api|ApiGatewayV1Api|WebSocketApi)$/.test(name)) return;
  const webSocket = name === 'WebSocketApi';
  declareAuthorizers(call);
  each(given, (key, value, place) => {
    const type = app.unit.text(property(value, 'type')?.value);
    if (type !== undefined && type !== 'function') return;
    const [first = '*', second] = key.trim().split(/\s+/, 2);
    const path = second ?? (!webSocket && key === '$default' ? '*' : key);
    const auth = webSocket ? (key === '$connect' ? socketAuth(call, place) : undefined) : authOf(call, value, place);
    fire(call, value, place, key, 'http', webSocket ? 'WebSocket' : name === 'Api' ? 'HttpApi' : 'Api', {
      filters: [{ kind: 'route', method: second === undefined ? '*' : first.toUpperCase().replace(/^ANY$/, '*'), path }], ...(auth ? { auth } : {}),
    });
  });
}

/** Functions of authorizers, by what declares them; each is read once, with the first routes of its API. */
const authorizers = new WeakMap<Sym, Value>();

/** Authorizers are there for routes; those that none names still deploy. */
function declareAuthorizers(call: Call): void {
  const { app, label } = call;
  const declare = (key: string, value: Sym, place: SourcePlace): void => {
    const fn = property(value, 'function');
    if (!fn || authorizers.has(value)) return;
    const draft = functionArgument(app, fn.value, { id: `${label}/${key}`, place: fn.place ?? place, base: base(call) });
    if (!draft) return;
    authorizers.set(value, app.unit.reference(draft.instance));
    draft.triggers.push(trigger('auth', 'Authorizer', app.unit.location(fn.place ?? place), { resource: app.unit.reference(call.instance) }));
  };
  each(property(call.given, 'authorizers')?.value, (key, value, place) => declare(`authorizer ${key}`, value, place));
  const socket = property(call.given, 'authorizer');
  if (socket) declare('authorizer', socket.value, socket.place ?? call.place);
}

/** `authorizer` of a route, else the default one: none, `iam`, or one of the API's by name. */
function authOf(call: Call, route: Sym, place: SourcePlace): RouteAuth | undefined {
  const { unit } = call.app;
  const found = property(route, 'authorizer') ?? property(call.given, 'defaults', 'authorizer') ?? property(route, 'authorizationType') ?? property(call.given, 'defaultAuthorizationType');
  const location = unit.location(found?.place ?? place);
  // `cdk.method` of a route and `cdk.restApi` of the API go to the constructs of the CDK (SST 2, "ApiGatewayV1Api", read 2026-11).
  const key = property(route, 'cdk', 'method', 'apiKeyRequired') ?? property(call.given, 'cdk', 'restApi', 'defaultMethodOptions', 'apiKeyRequired');
  const open: RouteAuth = key?.value.kind === 'literal' && key.value.value === true
    ? { kind: 'key', location: unit.location(key.place ?? place) }
    : { kind: 'none', location };
  if (found === undefined) return open;
  const name = unit.text(found.value);
  if (name === undefined) return undefined;
  if (/^none$/i.test(name)) return open;
  if (/^(?:iam|aws_iam|jwt)$/i.test(name)) return { kind: 'identity', location };
  const own = property(call.given, 'authorizers', name)?.value;
  const type = unit.text(property(own, 'type')?.value);
  if (type === undefined) return undefined;
  if (type !== 'lambda' && type !== 'lambda_request' && type !== 'lambda_token') return { kind: 'identity', location };
  return { kind: 'authorizer', ...optional('authorizer', own && authorizers.get(own)), location };
}

function socketAuth(call: Call, place: SourcePlace): RouteAuth {
  const { unit } = call.app;
  const found = property(call.given, 'authorizer');
  const location = unit.location(found?.place ?? place);
  const name = unit.text(found?.value);
  if (found === undefined || name === 'none') return { kind: 'none', location };
  return name === 'iam' ? { kind: 'identity', location } : { kind: 'authorizer', ...optional('authorizer', authorizers.get(found.value)), location };
}

// ---------------------------------------------------------------- events

function consumers(call: Call, given: Sym | undefined): void {
  if (call.name === 'Queue') {
    const own = property(given, 'consumer');
    if (own) consumer(call, own.value, own.place ?? call.place, 'consumer');
    const dead = property(given, 'cdk', 'queue', 'deadLetterQueue');
    const target = dead && property(dead.value, 'queue')?.value;
    if (dead && target) call.app.unit.context.addLink({ kind: 'redrive', from: call.app.unit.reference(call.instance, 'Arn'), to: call.app.unit.value(target), filters: [], location: call.app.unit.location(dead.place ?? call.place) });
    return;
  }
  each(property(given, 'consumers')?.value, (key, value, place) => consumer(call, value, place, key));
  each(property(given, 'subscribers')?.value, (key, value, place) => subscriber(call, value, place, key));
  each(property(given, 'notifications')?.value, (key, value, place) => notification(call, value, place, key));
  each(property(given, 'rules')?.value, (key, value) => rule(call, value, key));
}

function consumer(call: Call, value: Sym | undefined, place: SourcePlace, key: string): void {
  const { unit } = call.app;
  const settings = property(value, 'cdk', 'eventSource')?.value ?? property(value, 'consumerProps')?.value;
  const number = (name: string): number | undefined => { const found = property(settings, name)?.value; return found?.kind === 'literal' && typeof found.value === 'number' ? found.value : undefined; };
  const flag = (name: string): boolean | undefined => { const found = property(settings, name)?.value; return found?.kind === 'literal' && typeof found.value === 'boolean' ? found.value : undefined; };
  const patterns = itemsIn(property(value, 'filters')?.value).map((item) => unit.value(item));
  const [kind, source, attribute] = call.name === 'Queue' ? ['queue', 'SQS', 'Ref'] as const : call.name === 'Table' ? ['stream', 'DynamoDB', 'StreamArn'] as const : ['stream', 'Kinesis', 'Ref'] as const;
  fire(call, value, place, key, kind, source, {
    resource: unit.reference(call.instance, attribute), filters: patterns.length === 0 ? [] : [{ kind: 'records', patterns }],
    ...optional('batchSize', number('batchSize')), ...optional('maximumConcurrency', number('maxConcurrency')), ...optional('maximumRetryAttempts', number('retryAttempts')), ...optional('enabled', flag('enabled')),
    ...(flag('reportBatchItemFailures') === true ? { partialBatchResponse: true } : {}),
  });
}

/** What is handed on to a queue, topic or stream of the application instead of a function. */
function handedOn(call: Call, value: Sym): Sym | undefined {
  for (const candidate of [value, ...['queue', 'topic', 'stream'].flatMap((key) => property(value, key)?.value ?? [])]) {
    const made = thingOf(candidate);
    if (made && call.app.unit.things.has(made) && !call.app.unit.draftOf(made)) return candidate;
  }
  return undefined;
}

function subscriber(call: Call, value: Sym, place: SourcePlace, key: string): void {
  const { unit } = call.app;
  const policy = property(value, 'cdk', 'subscription', 'filterPolicy');
  const filters: TriggerFilter[] = policy ? [{ kind: 'attributes', policy: unit.value(policy.value), scope: 'attributes' }] : [];
  const to = handedOn(call, value);
  if (to) unit.context.addLink({ kind: 'subscription', from: unit.reference(call.instance), to: unit.value(to), filters, location: unit.location(place) });
  else fire(call, value, place, key, 'topic', 'SNS', { filters });
}

function notification(call: Call, value: Sym, place: SourcePlace, key: string): void {
  const { unit } = call.app;
  const events = itemsIn(property(value, 'events')?.value).map((item) => (unit.text(item) ?? '*').replace(/^object_created$/, 's3:ObjectCreated:*').replace(/^object_removed$/, 's3:ObjectRemoved:*').replace(/^object_(created|removed)_(\w+)$/, (_all, verb: string, how: string) => `s3:Object${verb === 'created' ? 'Created' : 'Removed'}:${how.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`));
  const parts = itemsIn(property(value, 'filters')?.value);
  const [prefix, suffix] = ['prefix', 'suffix'].map((name) => parts.map((item) => property(item, name)).find((slot) => slot !== undefined));
  const rule = prefix || suffix ? [{ ...optional('prefix', prefix && unit.value(prefix.value)), ...optional('suffix', suffix && unit.value(suffix.value)) }] : [];
  const filter: TriggerFilter = { kind: 'object', events: events.length > 0 ? events : ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], rules: rule };
  const to = handedOn(call, value);
  if (to) unit.context.addLink({ kind: 'notification', from: unit.reference(call.instance), to: unit.value(to), filters: [filter], location: unit.location(place) });
  else fire(call, value, place, key, 'bucket', 'S3', { filters: [filter] });
}

function rule(call: Call, value: Sym, key: string): void {
  each(property(value, 'targets')?.value, (target, fn, at) => targetOf(call, value, fn, at, `${key}/${target}`));
}

function targetOf(call: Call, own: Sym | undefined, value: Sym, place: SourcePlace, key: string): void {
  const { unit } = call.app;
  const found = property(own, 'pattern') ?? property(own, 'eventPattern');
  const pattern = found && unit.value(found.value);
  const filters: TriggerFilter[] = pattern ? [{ kind: 'pattern', pattern: pattern.kind === 'object' ? { ...pattern, entries: pattern.entries.map(([name, item]) => [name === 'detailType' ? 'detail-type' : name, item]) } : pattern }] : [];
  const to = handedOn(call, value);
  if (to) unit.context.addLink({ kind: 'target', from: unit.reference(call.instance), to: unit.value(to), filters, location: unit.location(place) });
  else fire(call, value, place, key, 'bus', 'EventBridgeRule', { filters });
}

function resolver(call: Call, value: Sym, place: SourcePlace, key: string): void {
  const { unit } = call.app;
  const text = unit.text(value);
  // A plain name is a data source.
  if (text !== undefined && property(call.given, 'dataSources', text)) return;
  if (text !== undefined || property(value, 'function') || property(value, 'handler') || thingOf(value)) fire(call, value, place, key, 'http', 'AppSync');
}

function others(call: Call, made: Made): void {
  const { app, given, name } = call;
  const { unit } = app;
  if (name === 'Cron') {
    const own = property(given, 'job');
    const [schedule, enabled] = [property(given, 'schedule'), property(given, 'enabled')?.value];
    if (own) fire(call, own.value, own.place ?? made.place, 'job', 'schedule', 'EventBridgeRule', { ...(schedule ? { schedule: unit.value(schedule.value) } : {}), ...(enabled?.kind === 'literal' && enabled.value === false ? { enabled: false } : {}) });
  }
  if (name === 'Cognito' || name === 'Auth') each(property(given, 'triggers')?.value, (key, value, place) => fire(call, value, place, key, 'auth', 'Cognito'));
  // The later `Auth` is an API of its own, all of which its authenticator answers; the first is attached to one.
  const authenticator = name === 'Auth' && made.module.endsWith('/future') ? property(given, 'authenticator') : undefined;
  if (authenticator) {
    const place = authenticator.place ?? made.place;
    fire(call, authenticator.value, place, 'authenticator', 'http', 'HttpApi', { filters: [{ kind: 'route', method: '*', path: '/{proxy+}' }], auth: { kind: 'none', location: unit.location(place) } });
  }
  if (name === 'Script') for (const key of ['onCreate', 'onUpdate', 'onDelete', 'function']) { const own = property(given, key); if (own) fire(call, own.value, own.place ?? made.place, key, 'custom', 'CustomResource'); }
  const server = name === 'GraphQLApi' ? property(given, 'server') : undefined;
  if (server) {
    const auth = authOf(call, record([]), server.place ?? made.place);
    const filters = ['GET', 'POST'].map((method): TriggerFilter => ({ kind: 'route', method, path: '/graphql' }));
    fire(call, server.value, server.place ?? made.place, 'server', 'http', 'HttpApi', { filters, ...(auth ? { auth } : {}) });
  }
  if (name === 'AppSyncApi') {
    each(property(given, 'dataSources')?.value, (key, value, place) => { if (unit.text(value) !== undefined || property(value, 'function') || property(value, 'handler') || thingOf(value)) fire(call, value, place, key, 'http', 'AppSync'); });
    each(property(given, 'resolvers')?.value, (key, value, place) => resolver(call, value, place, key));
  }
}
