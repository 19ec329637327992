import { type Made, type Sym } from '../link/program-values.ts';
import type { ResourceKind, Trigger, TriggerFilter } from '../model/function.ts';
import type { SourcePlace } from '../model/location.ts';
import { unknown, type Value } from '../model/value.ts';
import { trigger } from './cloudformation-triggers.ts';
import { itemsIn, property, thingOf } from './code-unit.ts';
import { fieldsOf } from './code-node.ts';
import { functionArgument, nameOf, readFunction, type SstApp } from './sst-function.ts';
import { queueFields } from './sst-queue.ts';
import type { ResourceInstance } from './terraform-module.ts';
import { optional } from './terraform-function.ts';

/** Components that are one resource: Terraform's type of it, and its kind (SST documentation, "Components", read 2026-11). */
const resources: ReadonlyMap<string, readonly [string, ResourceKind]> = new Map<string, readonly [string, ResourceKind]>([
  ['aws.Queue', ['aws_sqs_queue', 'queue']], ['aws.SnsTopic', ['aws_sns_topic', 'topic']], ['aws.Bus', ['aws_cloudwatch_event_bus', 'bus']], ['aws.Bucket', ['aws_s3_bucket', 'bucket']],
  ['aws.Dynamo', ['aws_dynamodb_table', 'table']], ['aws.KinesisStream', ['aws_kinesis_stream', 'stream']], ['aws.ApiGatewayV1', ['aws_api_gateway_rest_api', 'api']],
  ['aws.ApiGatewayV2', ['aws_apigatewayv2_api', 'api']], ['aws.ApiGatewayWebSocket', ['aws_apigatewayv2_api', 'api']], ['aws.AppSync', ['aws_appsync_graphql_api', 'api']],
  ['aws.StepFunctions', ['aws_sfn_state_machine', 'stateMachine']], ['aws.CognitoUserPool', ['aws_cognito_user_pool', 'other']], ['aws.Cron', ['aws_cloudwatch_event_rule', 'schedule']],
  ['aws.CronV2', ['aws_scheduler_schedule', 'schedule']], ['aws.Realtime', ['sst.aws.Realtime', 'topic']], ['aws.Email', ['aws_sesv2_email_identity', 'other']],
  ['cloudflare.Queue', ['Cloudflare::Queue', 'queue']], ['cloudflare.Bucket', ['Cloudflare::R2Bucket', 'bucket']], ['cloudflare.Kv', ['Cloudflare::KVNamespace', 'table']],
  ['cloudflare.D1', ['Cloudflare::D1Database', 'table']], ['cloudflare.DurableObject', ['Cloudflare::DurableObject', 'other']], ['cloudflare.Hyperdrive', ['Cloudflare::Hyperdrive', 'other']],
  ['Secret', ['sst.Secret', 'parameter']],
]);

/** Sites whose server function a framework's build makes. */
const sites: ReadonlySet<string> = new Set(['Nextjs', 'Remix', 'Astro', 'SvelteKit', 'SolidStart', 'Nuxt', 'Analog', 'React', 'ReactRouter', 'TanStackStart']);

/** Component name below `sst`: `aws.Queue`, `cloudflare.Worker`, `Secret`; `undefined` for anything else. */
export function componentOf(made: Made): string | undefined {
  return made.module === 'global' && made.path[0] === 'sst' ? made.path.slice(1).filter((step) => step !== 'v1').join('.') : undefined;
}

/** The name and the properties of a component. */
const propsOf = (made: Made): Sym | undefined => made.args[1];

/** Declares a component, with the functions that its own properties name. */
export function readComponent(app: SstApp, made: Made): void {
  const { unit } = app;
  const component = componentOf(made);
  if (component === undefined || made.form !== 'new') return;
  const name = nameOf(app, made.args[0]);
  const given = propsOf(made);
  if (/^aws\.(?:Function|Workflow)$/.test(component)) {
    const twin = alternative(app, made, name);
    if (!twin && given) readFunction(app, given, { id: name, place: made.place, made, component: component.slice(4) });
    else if (!given) unit.gap('handler', made.place, `${name}: the properties are not known`);
    return;
  }
  const instance = declare(app, made, component, name, given);
  if (!instance || given === undefined) return;
  const self = unit.reference(instance);
  const own = (path: readonly string[], kind: Trigger['kind'], source: string, rest: Partial<Trigger> = {}, id = path.at(-1) ?? ''): void => {
    const found = property(given, ...path);
    if (!found) return;
    const place = found.place ?? made.place;
    functionArgument(app, found.value, { id: `${name}/${id}`, place })?.triggers.push(trigger(kind, source, unit.location(place), { resource: self, ...rest }));
  };
  switch (component) {
    case 'aws.Cron': case 'aws.CronV2': {
      const [schedule, enabled] = [property(given, 'schedule'), property(given, 'enabled')?.value];
      const rest = { ...(schedule ? { schedule: unit.value(schedule.value) } : {}), ...(enabled?.kind === 'literal' && enabled.value === false ? { enabled: false } : {}) };
      for (const key of ['function', 'job']) own([key], 'schedule', component === 'aws.Cron' ? 'EventBridgeRule' : 'Scheduler', rest, 'function');
      return;
    }
    case 'aws.Queue': {
      const dead = property(given, 'dlq');
      const target = dead && (property(dead.value, 'queue')?.value ?? dead.value);
      if (dead && target) unit.context.addLink({ kind: 'redrive', from: unit.reference(instance, 'Arn'), to: unit.value(target), filters: [], location: unit.location(dead.place ?? made.place) });
      return;
    }
    case 'aws.CognitoUserPool': {
      for (const [key] of entriesOf(property(given, 'triggers')?.value)) if (!/^(?:kmsKey|preTokenGenerationVersion)$/.test(key)) own(['triggers', key], 'auth', 'Cognito');
      return;
    }
    case 'aws.Realtime': own(['authorizer'], 'auth', 'Authorizer'); return;
    case 'aws.Auth':
      for (const key of ['issuer', 'authenticator', 'authorizer']) own([key], 'url', 'FunctionUrl', { auth: { kind: 'none', location: unit.location(property(given, key)?.place ?? made.place) } }, 'issuer');
      return;
    case 'aws.Bucket': notifications(app, given, instance, name, made.place); return;
    case 'aws.SnsTopic': case 'aws.Bus': default:
      if (sites.has(component.split('.').at(-1) ?? '')) unit.gap('framework', made.place, `${name}: the server function of ${component.split('.').at(-1) ?? ''} is made by the framework's build`);
  }
}

function entriesOf(sym: Sym | undefined): readonly (readonly [string, { readonly value: Sym; readonly place?: SourcePlace }])[] {
  return sym?.kind === 'record' ? [...sym.entries].filter(([key]) => !key.startsWith('*')) : [];
}

/** The same component on the other way of a condition that is not known. */
function alternative(app: SstApp, made: Made, name: string): boolean {
  const other = app.unit.named(name);
  if (other && !(made.certain && other.made.certain)) {
    app.unit.things.set(made, other.instance);
    return true;
  }
  return false;
}

function declare(app: SstApp, made: Made, component: string, name: string, given: Sym | undefined): ResourceInstance | undefined {
  if (alternative(app, made, name)) return undefined;
  const known = resources.get(component);
  const renamed = component === 'aws.Queue' && given?.kind === 'record' ? queueFields(given) : new Map<string, never>();
  return app.unit.declare(made, { id: app.unit.free(name), type: known?.[0] ?? `sst.${component}`, kind: known?.[1] ?? 'other', mode: 'resource', fields: new Map([...fieldsOf(given), ...renamed]), only: true });
}

/** `notifications` of a bucket (`bucket.notify({ notifications: […] })`). */
export function notifications(app: SstApp, given: Sym | undefined, bucket: ResourceInstance | undefined, name: string, place: SourcePlace): void {
  const { unit } = app;
  const from: Value = bucket ? unit.reference(bucket) : unknown('a bucket');
  for (const item of itemsIn(property(given, 'notifications')?.value)) {
    const label = unit.text(property(item, 'name')?.value) ?? 'notification';
    const filter = objectFilter(app, item);
    const at = property(item, 'function')?.place ?? (item.kind === 'record' ? item.place : undefined) ?? place;
    functionArgument(app, property(item, 'function')?.value, { id: `${name}/${label}`, place: at })?.triggers.push(trigger('bucket', 'S3', unit.location(at), { resource: from, filters: [filter] }));
    for (const key of ['queue', 'topic']) {
      const to = property(item, key);
      if (to) unit.context.addLink({ kind: 'notification', from, to: unit.value(thingOf(to.value) ?? to.value), filters: [filter], location: unit.location(to.place ?? at) });
    }
  }
}

/** `events`, `filterPrefix` and `filterSuffix`, or the older `filters: [{ prefix, suffix }]`. Without events: all of creation and removal. */
export function objectFilter(app: SstApp, sym: Sym | undefined): TriggerFilter {
  const events = itemsIn(property(sym, 'events')?.value).map((item) => app.unit.text(item) ?? '*');
  const rules = [sym, ...itemsIn(property(sym, 'filters')?.value)].flatMap((one) => {
    const prefix = property(one, 'filterPrefix') ?? (one === sym ? undefined : property(one, 'prefix'));
    const suffix = property(one, 'filterSuffix') ?? (one === sym ? undefined : property(one, 'suffix'));
    return prefix || suffix ? [{ ...optional('prefix', prefix && app.unit.value(prefix.value)), ...optional('suffix', suffix && app.unit.value(suffix.value)) }] : [];
  });
  return { kind: 'object', events: events.length > 0 ? events : ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'], rules };
}
