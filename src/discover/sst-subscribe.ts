import { optionsOf, record, type Made, type Sym } from '../link/program-values.ts';
import type { RouteAuth, Trigger, TriggerFilter } from '../model/function.ts';
import type { SourcePlace } from '../model/location.ts';
import { literal, unknown, type Value } from '../model/value.ts';
import { trigger } from './cloudformation-triggers.ts';
import { itemsIn, property, thingOf } from './code-unit.ts';
import { componentOf, notifications, objectFilter } from './sst-component.ts';
import { functionArgument, type SstApp } from './sst-function.ts';
import type { ResourceInstance } from './terraform-module.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** One method call on a component: the resource behind it and its arguments. */
interface Call {
  readonly app: SstApp;
  readonly made: Made;
  readonly method: string;
  readonly component: string;
  readonly source: Value;
  readonly label: string;
  readonly instance: ResourceInstance | undefined;
  readonly args: readonly Sym[];
}

/** Methods of components that give functions triggers: subscribers, routes, authorizers, data sources. */
export function readMethod(app: SstApp, made: Made): void {
  const last = made.path.at(-1) ?? '';
  const full = componentOf(made);
  if (made.form !== 'call' || full === undefined) return;
  const { unit } = app;
  if (last.startsWith('#')) {
    const of = thingOf(made.receiver);
    const instance = of && unit.things.get(of);
    const component = full.slice(0, full.indexOf('#') - 1);
    dispatch({ app, made, method: last.slice(1), component, source: instance ? unit.reference(instance) : unknown('a component'), label: instance?.id ?? component, instance, args: made.args });
    return;
  }
  const component = full.slice(0, full.lastIndexOf('.'));
  // `sst.aws.Queue.subscribe(arn, …)`: the resource is the first argument.
  if (/^subscribe(?:Queue|Topic)?$/.test(last)) {
    const [name, source = literal(undefined)] = made.args;
    // A name may stand before it.
    const first = !/^aws\.(?:Queue|Bucket)$/.test(component) && name !== undefined && named(app, made.args[2]);
    const args = first ? [name, ...made.args.slice(2)] : made.args.slice(1);
    dispatch({ app, made, method: last, component, source: unit.value(first ? source : name), label: component.slice(component.lastIndexOf('.') + 1), instance: undefined, args });
  }
  if (component === 'aws.StepFunctions' && last === 'lambdaInvoke') {
    const fn = property(made.args[0], 'function');
    const place = fn?.place ?? made.place;
    const draft = functionArgument(app, fn?.value, { id: unit.text(property(made.args[0], 'name')?.value) ?? 'lambdaInvoke', place });
    if (draft) tasks.set(made, draft);
  }
}

/** Functions of the states of a machine, until the machine itself is known. */
const tasks = new WeakMap<Made, TerraformDraft>();

/** Whether an argument is what a subscriber can be, so that the one before it is a name (SST, `isFunctionSubscriber`). */
function named(app: SstApp, sym: Sym | undefined): boolean {
  return sym !== undefined && optionsOf(sym).some((one) => app.unit.text(one) !== undefined || property(one, 'handler') !== undefined || app.unit.draftOf(one.kind === 'attribute' ? one.of : thingOf(one)) !== undefined);
}

function dispatch(call: Call): void {
  const { app, made, method, component, args, label } = call;
  const { unit } = app;
  const shift = /^aws\.(?:Queue|Bucket)$|^cloudflare\./.test(component) || !named(app, args[1]) ? 0 : 1;
  const name = shift === 1 ? unit.text(args[0]) : undefined;
  const [subscriber, options] = [args[shift], args[shift + 1]];
  const subscribe = (kind: Trigger['kind'], source: string, rest: Partial<Trigger>): void => {
    const given = name ?? unit.text(subscriber) ?? unit.text(property(subscriber, 'handler')?.value) ?? 'subscriber';
    functionArgument(app, subscriber, { id: `${label}/${given}`, place: made.place, made })?.triggers.push(trigger(kind, source, unit.location(made.place), { resource: call.source, ...rest }));
  };
  switch (`${component}.${method}`) {
    case 'aws.Queue.subscribe': subscribe('queue', 'SQS', { ...batch(call, options, 10), filters: records(app, options) }); return;
    case 'aws.Dynamo.subscribe': subscribe('stream', 'DynamoDB', { ...stream(call), ...batch(call, options), filters: records(app, options) }); return;
    case 'aws.KinesisStream.subscribe': subscribe('stream', 'Kinesis', { ...batch(call, options), filters: records(app, options) }); return;
    case 'aws.SnsTopic.subscribe': subscribe('topic', 'SNS', { filters: attributes(app, options) }); return;
    case 'aws.Bus.subscribe': subscribe('bus', 'EventBridgeRule', { filters: pattern(app, options) }); return;
    case 'aws.Bucket.subscribe': subscribe('bucket', 'S3', { filters: [objectFilter(app, options)] }); return;
    case 'aws.Realtime.subscribe': subscribe('topic', 'IoTRule', { filters: [] }); return;
    case 'aws.Bucket.notify': notifications(app, args[0], call.instance, label, made.place); return;
    case 'aws.SnsTopic.subscribeQueue': link(call, 'subscription', attributes(app, args[2])); return;
    case 'aws.Bus.subscribeQueue': link(call, 'target', pattern(app, args[2])); return;
    case 'aws.Bucket.subscribeQueue': case 'aws.Bucket.subscribeTopic': link(call, 'notification', [objectFilter(app, args[1])]); return;
    case 'aws.ApiGatewayV1.route': case 'aws.ApiGatewayV2.route': case 'aws.ApiGatewayWebSocket.route': route(call); return;
    case 'aws.ApiGatewayV1.addAuthorizer': case 'aws.ApiGatewayV2.addAuthorizer': case 'aws.ApiGatewayWebSocket.addAuthorizer': authorizer(call); return;
    case 'aws.AppSync.addDataSource': {
      const fn = property(args[0], 'lambda');
      const place = fn?.place ?? made.place;
      functionArgument(app, fn?.value, { id: `${label}/${unit.text(property(args[0], 'name')?.value) ?? 'lambda'}`, place })?.triggers.push(trigger('http', 'AppSync', unit.location(place), { resource: call.source }));
      return;
    }
    default:
  }
}

/** A queue or topic that is handed what the component receives. */
function link(call: Call, kind: 'subscription' | 'target' | 'notification', filters: readonly TriggerFilter[]): void {
  const { app, made, args } = call;
  const to = args.map((arg) => app.unit.value(arg.kind === 'attribute' ? arg : thingOf(arg) ?? arg)).find((value) => value.kind === 'resource') ?? app.unit.value(args[1] ?? args[0]);
  app.unit.context.addLink({ kind, from: call.source, to, filters, location: app.unit.location(made.place) });
}

/** Records come from the table's stream, not from the table. */
function stream(call: Call): Partial<Trigger> {
  return call.instance ? { resource: call.app.unit.reference(call.instance, 'StreamArn') } : {};
}

function batch(call: Call, options: Sym | undefined, size?: number): Partial<Trigger> {
  const value = (...path: readonly string[]): unknown => { const found = property(options, ...path)?.value; return found?.kind === 'literal' ? found.value : undefined; };
  const mapping = (name: string): unknown => value('transform', 'eventSourceMapping', name) ?? (name === 'maximumConcurrency' ? value('transform', 'eventSourceMapping', 'scalingConfig', name) : undefined);
  const batchSize = value('batch', 'size') ?? mapping('batchSize') ?? size;
  const [concurrency, attempts, enabled] = [mapping('maximumConcurrency'), mapping('maximumRetryAttempts'), mapping('enabled')];
  const types = itemsIn(property(options, 'transform', 'eventSourceMapping', 'functionResponseTypes')?.value);
  const partial = value('batch', 'partialResponses') === true || types.some((item) => call.app.unit.text(item) === 'ReportBatchItemFailures');
  return {
    ...(typeof batchSize === 'number' ? { batchSize } : {}), ...(partial ? { partialBatchResponse: true } : {}), ...(typeof concurrency === 'number' ? { maximumConcurrency: concurrency } : {}),
    ...(typeof attempts === 'number' ? { maximumRetryAttempts: attempts } : {}), ...(enabled === false ? { enabled: false } : {}),
  };
}

function records(app: SstApp, options: Sym | undefined): readonly TriggerFilter[] {
  const patterns = itemsIn(property(options, 'filters')?.value).map((item) => app.unit.value(item));
  return patterns.length === 0 ? [] : [{ kind: 'records', patterns }];
}

function attributes(app: SstApp, options: Sym | undefined): readonly TriggerFilter[] {
  const filter = property(options, 'filter');
  const body = app.unit.text(property(options, 'transform', 'subscription', 'filterPolicyScope')?.value) === 'MessageBody';
  return filter === undefined ? [] : [{ kind: 'attributes', policy: app.unit.value(filter.value), scope: body ? 'body' : 'attributes' }];
}

/** `pattern: { source, detailType, detail }` in EventBridge's spelling. */
function pattern(app: SstApp, options: Sym | undefined): readonly TriggerFilter[] {
  const found = property(options, 'pattern');
  const value = found && app.unit.value(found.value);
  if (value === undefined) return [];
  return [{ kind: 'pattern', pattern: value.kind === 'object' ? { ...value, entries: value.entries.map(([key, item]) => [key === 'detailType' ? 'detail-type' : key, item]) } : value }];
}

// ---------------------------------------------------------------- routes

function route(call: Call): void {
  const { app, made, args, component, label } = call;
  const { unit } = app;
  const key = unit.text(args[0]) ?? '*';
  const webSocket = component === 'aws.ApiGatewayWebSocket';
  const [first = '*', second] = key.trim().split(/\s+/, 2);
  const path = second ?? (!webSocket && key === '$default' ? '*' : key);
  const method = second === undefined ? '*' : first.toUpperCase().replace(/^ANY$/, '*');
  // The documentation says that a WebSocket API authorises a client only when it connects.
  const auth = webSocket && key !== '$connect' ? undefined : authOf(call, args[2], made.place);
  functionArgument(app, args[1], { id: `${label}/${key}`, place: made.place, made, base: routeDefaults(call, 'handler') })?.triggers.push(trigger('http', webSocket ? 'WebSocket' : component === 'aws.ApiGatewayV1' ? 'Api' : 'HttpApi', unit.location(made.place), {
    resource: call.source, filters: [{ kind: 'route', method, path }], ...(auth ? { auth } : {}),
  }));
}

/** What an API gives its routes (`args`) or their functions (`handler`): properties, or a function that changes them. */
function routeDefaults(call: Call, key: 'args' | 'handler'): Sym | undefined {
  const given = property(thingOf(call.made.receiver)?.args[1], 'transform', 'route', key)?.value;
  if (given?.kind !== 'closure') return given;
  const props = record([]);
  call.app.unit.program.machine.invoke(given, [props, record([]), literal('')], call.made.place);
  return props;
}

/** `auth` of a route, else what the API gives its routes with `transform.route.args`. Without either anybody may call. */
function authOf(call: Call, options: Sym | undefined, place: SourcePlace): RouteAuth | undefined {
  const { unit } = call.app;
  const given = routeDefaults(call, 'args');
  const found = property(options, 'auth') ?? property(given, 'auth');
  const location = unit.location(found?.place ?? place);
  const key = [property(options, 'apiKey'), property(given, 'apiKey')].some((slot) => slot?.value.kind === 'literal' && slot.value.value === true);
  const none: RouteAuth = { kind: key ? 'key' : 'none', location };
  if (found === undefined) return given === undefined || given.kind === 'record' ? none : undefined;
  const [value] = optionsOf(found.value);
  if (value?.kind === 'literal') return none;
  if (value?.kind !== 'record') return undefined;
  for (const name of ['lambda', 'custom']) {
    const own = property(value, name);
    if (own) return { kind: 'authorizer', authorizer: unit.value(own.value), location };
  }
  return property(value, 'jwt') ?? property(value, 'cognito') ?? property(value, 'iam') ? { kind: 'identity', location } : undefined;
}

function authorizer(call: Call): void {
  const { app, made, args, label } = call;
  const own = args[0]?.kind === 'record' ? args[0] : args[1];
  const name = app.unit.text(args[0]) ?? app.unit.text(property(own, 'name')?.value) ?? 'authorizer';
  const fn = property(own, 'lambda', 'function') ?? property(own, 'requestFunction') ?? property(own, 'tokenFunction');
  const draft = functionArgument(app, fn?.value, { id: `${label}/${name}`, place: fn?.place ?? made.place, made });
  if (!draft) return;
  draft.triggers.push(trigger('auth', 'Authorizer', app.unit.location(fn?.place ?? made.place), { resource: call.source }));
  // `authorizer.id` stands for the function, also for one that is declared elsewhere.
  if (!app.unit.things.has(made)) app.unit.things.set(made, draft.instance);
}

// ---------------------------------------------------------------- state machines

/** Gives the functions of a machine's states their trigger, and reports what its states write to. */
export function readMachine(app: SstApp, made: Made): void {
  const instance = app.unit.things.get(made);
  if (componentOf(made) !== 'aws.StepFunctions' || made.form !== 'new' || !instance) return;
  const self = app.unit.reference(instance);
  const pending: Sym[] = [property(made.args[1], 'definition')?.value ?? literal(undefined)];
  const seen = new Set<Sym>();
  for (let sym = pending.pop(); sym !== undefined && seen.size < 3000; sym = pending.pop()) {
    if (seen.has(sym)) continue;
    seen.add(sym);
    if (sym.kind === 'oneOf') pending.push(...sym.options);
    if (sym.kind === 'list') pending.push(...sym.items);
    if (sym.kind === 'record') pending.push(...[...sym.entries.values()].map((slot) => slot.value));
    if (sym.kind === 'attribute') pending.push(sym.of);
    if (sym.kind !== 'made' || sym.path[2] !== 'StepFunctions') continue;
    tasks.get(sym)?.triggers.push(trigger('stateMachine', 'StepFunctions', app.unit.location(sym.place), { resource: self }));
    for (const key of ['queue', 'topic']) {
      const to = property(sym.args[0], key);
      if (to && sym.form === 'call') app.unit.context.addLink({ kind: 'task', from: self, to: app.unit.value(to.value), filters: [], location: app.unit.location(to.place ?? sym.place) });
    }
    pending.push(...sym.args, ...(sym.receiver ? [sym.receiver] : []));
  }
}
