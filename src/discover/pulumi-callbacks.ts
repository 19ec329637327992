import { madeOf, optionsOf, type Made, type Sym, type SymClosure } from '../link/program-values.ts';
import type { Handler, RouteAuth, ServerlessFunction, Trigger, TriggerFilter } from '../model/function.ts';
import type { SourcePlace } from '../model/location.ts';
import { literal, type Value } from '../model/value.ts';
import { packaging } from './cloudformation-handler.ts';
import { trigger } from './cloudformation-triggers.ts';
import { madeView } from './code-made.ts';
import { itemsIn, property, thingOf, type CodeUnit } from './code-unit.ts';
import { labelOf, providedName, runtimeSym } from './pulumi-resources.ts';
import { optional } from './terraform-function.ts';
import type { TerraformDraft } from './terraform-wiring.ts';

/** Classes that take a function of the program and make a function of the cloud from it. */
const callbackClasses = /^(?:aws\.lambda\.CallbackFunction|gcp\.cloudfunctions\.(?:Http)?CallbackFunction|azure\.appservice\.(?:Http|Timer)?(?:CallbackFunctionApp|EventSubscription|Function|Subscription))$/;

/** Time that `aws.lambda.CallbackFunction` gives (`@pulumi/aws` documentation, `timeout`, read 2026-11). */
const callbackTimeoutSeconds = 180;

/** Name of a callback class that something is made by. */
export function callbackName(made: Made): string | undefined {
  const name = made.form === 'new' ? providedName(made) : undefined;
  return name !== undefined && callbackClasses.test(name) ? name : undefined;
}

/** A function that is made from a closure: its own declaration. */
export function readCallback(unit: CodeUnit, made: Made): void {
  const name = callbackName(made);
  if (name === undefined) return;
  const [, second] = made.args;
  const closure = second?.kind === 'closure' ? second : property(second, 'callback')?.value ?? factory(unit, property(second, 'callbackFactory')?.value, made.place);
  const draft = inlineFunction(unit, closure, { id: labelOf(unit, made.args[0]) ?? 'function', place: made.place, made, given: second, platform: name.startsWith('gcp') ? 'google' : name.startsWith('azure') ? 'azure' : 'aws', argPlace: property(second, 'callback')?.place ?? made.argPlaces[1] ?? made.place });
  if (!draft) return;
  const location = unit.location(made.place);
  if (/\.Http/.test(name)) draft.triggers.push(trigger('http', 'http', location, { resource: unit.reference(draft.instance) }));
  if (/\.Timer/.test(name)) { const schedule = property(second, 'schedule'); draft.triggers.push(trigger('schedule', 'timer', location, schedule ? { schedule: unit.value(schedule.value) } : {})); }
}

function factory(unit: CodeUnit, sym: Sym | undefined, place: SourcePlace): Sym | undefined {
  return sym?.kind === 'closure' ? unit.program.machine.invoke(sym, [], place) : undefined;
}

interface Site {
  readonly id: string;
  readonly place: SourcePlace;
  readonly argPlace: SourcePlace;
  readonly made?: Made;
  readonly given?: Sym | undefined;
  readonly platform?: 'aws' | 'google' | 'azure';
}

/** The function that an event handler is: one that is declared, or a closure. */
function handlerFunction(unit: CodeUnit, sym: Sym | undefined, site: Site): TerraformDraft | undefined {
  for (const option of sym === undefined ? [] : optionsOf(sym)) {
    const known = unit.draftOf(option.kind === 'attribute' ? option.of : thingOf(option));
    if (known) return known;
    if (option.kind === 'closure' || madeOf(option)?.args.some((arg) => arg.kind === 'closure') === true) return inlineFunction(unit, option, site);
  }
  return undefined;
}

function inlineFunction(unit: CodeUnit, sym: Sym | undefined, site: Site): TerraformDraft | undefined {
  const evaluator = unit.context.evaluator?.();
  if (sym === undefined || evaluator === undefined) {
    unit.gap('handler', site.place, `${site.id}: the callback is not known`);
    return undefined;
  }
  const view = madeView(evaluator);
  const place = sym.kind === 'closure' ? rangeOf(unit, sym) ?? site.argPlace : site.argPlace;
  const made = site.made ?? standIn(site.place);
  const handler: Handler = view.handler(sym, { place, name: site.id, made }, 'inline');
  const id = unit.free(site.id);
  const find = (name: string): ReturnType<typeof property> => property(site.given, name);
  const number = (name: string): number | undefined => { const value = find(name)?.value; return value?.kind === 'literal' && typeof value.value === 'number' ? value.value : undefined; };
  const at = (name: string): ReturnType<CodeUnit['location']> => unit.location(find(name)?.place ?? site.place);
  const runtime = find('runtime');
  const runtimeText = runtime && unit.text(runtimeSym(runtime.value));
  const environment = new Map<string, Value>();
  for (const option of optionsOf(property(site.given, 'environment', 'variables')?.value ?? { kind: 'unknown', reason: '' })) {
    if (option.kind === 'record') for (const [key, item] of option.entries) if (!key.startsWith('*')) environment.set(key, unit.value(item.value));
  }
  const platform = site.platform ?? 'aws';
  const timeout = number('timeout') ?? (platform === 'aws' ? callbackTimeoutSeconds : undefined);
  const memory = number('memorySize') ?? number('availableMemoryMb');
  const most = number('reservedConcurrentExecutions');
  const mount = unit.text(property(site.given, 'fileSystemConfig', 'localMountPath')?.value);
  const name = find('name');
  const fn: Omit<ServerlessFunction, 'triggers' | 'destinations'> = {
    id: `${unit.unit}#${id}`, name: id, unit: unit.unit, platform, handlers: [handler], declaredAt: [unit.location(site.place)], foundBy: 'infrastructure', environment,
    layers: itemsIn(find('layers')?.value).map((item) => unit.value(item)),
    mounts: mount === undefined ? [] : [mount], packaging: packaging('folder', 'pulumi'),
    ...optional('physicalName', name === undefined ? undefined : unit.value(name.value)),
    ...optional('runtime', runtimeText === undefined ? undefined : { value: runtimeText, location: at('runtime') }),
    ...optional('timeoutSeconds', timeout === undefined ? undefined : { value: timeout, location: at('timeout') }),
    ...optional('memoryMb', memory === undefined ? undefined : { value: memory, location: at(find('memorySize') ? 'memorySize' : 'availableMemoryMb') }),
    ...optional('reservedConcurrency', most === undefined || most < 0 ? undefined : { value: most, location: at('reservedConcurrentExecutions') }),
  };
  const instance = unit.declare(made, { id, type: 'aws_lambda_function', mode: 'resource', fields: new Map(), only: true });
  const draft: TerraformDraft = { fn, instance, triggers: [], destinations: [] };
  unit.wiring.add(draft);
  return draft;
}

function rangeOf(unit: CodeUnit, closure: SymClosure): SourcePlace | undefined {
  const fact = unit.program.machine.modules.facts(closure.file)?.functions[closure.fn];
  return fact === undefined ? undefined : { file: closure.file, start: fact.start, end: fact.end };
}

const standIn = (place: SourcePlace): Made => ({ kind: 'made', index: -1, form: 'call', module: 'pulumi', path: ['function'], args: [], argPlaces: [], place, written: place, stack: [], certain: true });

/** Subscriptions to resources by method or class: type of the resource, and what then starts the function (`@pulumi/aws`, "mixins", read 2026-11). */
const events: ReadonlyMap<string, readonly [Trigger['kind'], string]> = new Map<string, readonly [Trigger['kind'], string]>([
  ['aws_sqs_queue', ['queue', 'SQS']], ['aws_sns_topic', ['topic', 'SNS']], ['aws_dynamodb_table', ['stream', 'DynamoDB']], ['aws_kinesis_stream', ['stream', 'Kinesis']], ['aws_s3_bucket', ['bucket', 'S3']],
  ['aws_cloudwatch_log_group', ['log', 'CloudWatchLogs']], ['aws_cloudwatch_event_rule', ['bus', 'EventBridgeRule']], ['aws_cloudwatch_event_bus', ['bus', 'EventBridgeRule']],
  ['google_pubsub_topic', ['topic', 'google.pubsub.topic.publish']], ['google_storage_bucket', ['bucket', 'google.storage.object']],
  ['azurerm_storage_queue', ['queue', 'queueTrigger']], ['azurerm_storage_container', ['bucket', 'blobTrigger']], ['azurerm_servicebus_queue', ['queue', 'serviceBusTrigger']],
  ['azurerm_servicebus_topic', ['topic', 'serviceBusTrigger']], ['azurerm_eventhub', ['stream', 'eventHubTrigger']],
]);

/** `queue.onEvent('name', handler)`, `new aws.sqs.QueueEventSubscription('name', queue, handler)`, `aws.cloudwatch.onSchedule`. */
export function readSubscription(unit: CodeUnit, made: Made): void {
  const step = (made.path.at(-1) ?? '').replace(/^#/, '');
  const location = unit.location(made.place);
  const id = labelOf(unit, made.args[0]) ?? step;
  if (made.form === 'call' && step === 'onSchedule' && /(?:^|\.)cloudwatch\.onSchedule$/.test(providedName(made) ?? '')) {
    handlerFunction(unit, made.args[2], { id, place: made.place, argPlace: made.argPlaces[2] ?? made.place })?.triggers.push(trigger('schedule', 'EventBridgeRule', location, { schedule: unit.value(made.args[1]) }));
    return;
  }
  const byMethod = made.form === 'call' && /^on[A-Z]\w{1,40}$/.test(step) && made.receiver !== undefined;
  const byClass = made.form === 'new' && /EventSubscription$/.test(step);
  if (!byMethod && !byClass) return;
  const of = thingOf(byMethod ? made.receiver : made.args[1]);
  const resource = of && unit.things.get(of);
  const known = resource && events.get(resource.type);
  if (!resource || !known) return;
  const at = byMethod ? 1 : 2;
  const options = made.args[at + 1];
  const google = resource.type.startsWith('google');
  const azure = resource.type.startsWith('azurerm');
  const draft = handlerFunction(unit, made.args[at], { id, place: made.place, made, argPlace: made.argPlaces[at] ?? made.place, ...(google ? { platform: 'google' as const } : azure ? { platform: 'azure' as const } : {}) });
  if (!draft) return;
  const size = property(options, 'batchSize')?.value;
  const [kind, source] = known;
  const schedule = resource.type === 'aws_cloudwatch_event_rule' ? resource.node.value('schedule_expression') : literal(undefined);
  if (schedule.kind !== 'literal' || schedule.value !== undefined) { draft.triggers.push(trigger('schedule', source, location, { schedule })); return; }
  draft.triggers.push(trigger(kind, source, location, {
    resource: unit.reference(resource, resource.type === 'aws_dynamodb_table' ? 'StreamArn' : 'Ref'), filters: filtersOf(unit, resource.type, step, options),
    ...(size?.kind === 'literal' && typeof size.value === 'number' ? { batchSize: size.value } : {}),
  }));
}

function filtersOf(unit: CodeUnit, type: string, step: string, options: Sym | undefined): readonly TriggerFilter[] {
  if (type !== 'aws_s3_bucket') return [];
  const given = itemsIn(property(options, 'events')?.value ?? property(options, 'event')?.value).map((item) => unit.text(item) ?? '*');
  const head = step === 'onObjectCreated' ? 's3:ObjectCreated:' : step === 'onObjectRemoved' ? 's3:ObjectRemoved:' : '';
  const names = given.length === 0 ? [head === '' ? '*' : `${head}*`] : given.map((name) => (name.startsWith('s3:') || name === '*' ? name : `${head}${name}`));
  const [prefix, suffix] = [property(options, 'filterPrefix'), property(options, 'filterSuffix')];
  return [{ kind: 'object', events: names, rules: prefix || suffix ? [{ ...optional('prefix', prefix && unit.value(prefix.value)), ...optional('suffix', suffix && unit.value(suffix.value)) }] : [] }];
}

/** Whether something is an API of `@pulumi/awsx` (classic) or `@pulumi/aws-apigateway`. */
export function isRoutedApi(made: Made): boolean {
  const path = made.path.join('.');
  return made.form === 'new' && ((made.module.startsWith('@pulumi/awsx') && /(?:^|\.)API$/.test(path)) || (/^@pulumi\/aws-apigateway/.test(made.module) && /^RestAPI$/.test(path)));
}

/** `routes: [{ path, method, eventHandler }]`. */
export function readRoutes(unit: CodeUnit, made: Made): void {
  if (!isRoutedApi(made)) return;
  const instance = unit.things.get(made);
  const label = instance?.id ?? 'api';
  const api: Partial<Trigger> = instance ? { resource: unit.reference(instance) } : {};
  for (const route of itemsIn(property(made.args[1], 'routes')?.value)) {
    const handler = property(route, 'eventHandler') ?? property(route, 'handler');
    if (!handler) continue;
    const place = (route.kind === 'record' ? route.place : undefined) ?? handler.place ?? made.place;
    const path = unit.text(property(route, 'path')?.value) ?? '*';
    const method = (unit.text(property(route, 'method')?.value) ?? '*').toUpperCase().replace(/^ANY$/, '*');
    const auth = authOf(unit, route, made.args[1], label, place);
    handlerFunction(unit, handler.value, { id: `${label}/${method} ${path}`, place, argPlace: handler.place ?? place })?.triggers
      .push(trigger('http', 'Api', unit.location(place), { ...api, filters: [{ kind: 'route', method, path }], ...(auth ? { auth } : {}) }));
  }
}

/** Authorizers of a route; without one, a key where it asks for one, else nobody is asked. */
function authOf(unit: CodeUnit, route: Sym, props: Sym | undefined, label: string, place: SourcePlace): RouteAuth | undefined {
  const slot = property(route, 'authorizers');
  const key = property(route, 'apiKeyRequired')?.value;
  const location = unit.location(slot?.place ?? place);
  if (slot === undefined) {
    const iam = property(route, 'iamAuthEnabled')?.value;
    if (iam?.kind === 'literal' && iam.value === true) return { kind: 'identity', location };
    return { kind: (key?.kind === 'literal' && key.value === true) || property(props, 'apiKeySource') ? 'key' : 'none', location };
  }
  for (const item of itemsIn(slot.value)) {
    const made = madeOf(item);
    const given = made ? made.args[0] : item;
    if (property(given, 'providerARNs') ?? property(given, 'userPools')) return { kind: 'identity', location };
    const handler = property(given, 'handler');
    if (!handler) continue;
    const id = `${label}/${unit.text(property(given, 'authorizerName')?.value) ?? 'authorizer'}`;
    const draft = known.get(handler.value) ?? handlerFunction(unit, handler.value, { id, place: handler.place ?? place, argPlace: handler.place ?? place });
    if (!draft) return undefined;
    known.set(handler.value, draft);
    draft.triggers.push(trigger('auth', 'Authorizer', unit.location(handler.place ?? place)));
    return { kind: 'authorizer', authorizer: unit.reference(draft.instance), location };
  }
  return undefined;
}

/** Functions of authorizers that several routes have. */
const known = new WeakMap<Sym, TerraformDraft>();
