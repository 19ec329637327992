import type { ServerlessFunction, Trigger, TriggerFilter, TriggerKind } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { parsed, trigger } from './cloudformation-triggers.ts';
import { template as textOf, valueKey } from './cloudformation-values.ts';
import type { DocNode } from './document-node.ts';
import { routeAuth, urlAuth } from './serverless-auth.ts';
import type { Service, ServiceFunction } from './serverless-service.ts';

/** Events whose kind does not depend on their settings (Serverless Framework documentation, "AWS Events", v3 and v4). */
const simpleKinds: ReadonlyMap<string, TriggerKind> = new Map<string, TriggerKind>([
  ['alexaSkill', 'invoke'], ['alexaSmartHome', 'invoke'], ['iot', 'topic'], ['iotFleetProvisioning', 'invoke'], ['connect', 'invoke'],
  ['cognitoUserPool', 'auth'], ['cloudFront', 'http'], ['kafka', 'stream'], ['msk', 'stream'], ['activemq', 'queue'], ['rabbitmq', 'queue'],
  ['alb', 'http'], ['websocket', 'http'], ['cloudwatchLog', 'log'], ['cloudwatchEvent', 'bus'], ['eventBridge', 'bus'], ['schedule', 'schedule'],
  ['http', 'http'], ['httpApi', 'http'], ['sns', 'topic'], ['sqs', 'queue'], ['stream', 'stream'], ['s3', 'bucket'],
  // Other providers' events.
  ['event', 'custom'], ['queue', 'queue'], ['serviceBus', 'queue'], ['eventHub', 'stream'], ['timer', 'schedule'], ['blob', 'bucket'], ['cosmosDB', 'document'], ['eventGrid', 'bus'],
]);

/** Resource property that names a resource physically. */
const nameProperties: ReadonlyMap<string, string> = new Map([
  ['AWS::S3::Bucket', 'BucketName'], ['AWS::SNS::Topic', 'TopicName'], ['AWS::SQS::Queue', 'QueueName'], ['AWS::Events::EventBus', 'Name'],
  ['AWS::DynamoDB::Table', 'TableName'], ['AWS::Kinesis::Stream', 'Name'], ['AWS::Logs::LogGroup', 'LogGroupName'],
]);

/** Triggers of one function of a service. */
export function eventsOf(service: Service, fn: ServiceFunction): Trigger[] {
  const triggers: Trigger[] = constructEvents(service, fn);
  const events = fn.node.get('events');
  const items = events?.kind === 'list' ? events.items.flatMap((item) => (item.kind === 'list' ? item.items : [item])) : [];
  for (const item of items) {
    if (item.kind !== 'map') {
      const name = item.text();
      const kind = name === undefined ? undefined : simpleKinds.get(name);
      if (kind !== undefined && name !== undefined) triggers.push({ kind, source: name, filters: [], location: item.location });
      else if (item.scalar !== null) service.gap('trigger', `an event of ${fn.name} is not known`, item.location);
      continue;
    }
    for (const [source, node] of item.entries) {
      if (source.startsWith('x-')) continue;
      triggers.push(...eventOf(service, source, node, item.keyLocation(source)));
    }
  }
  const url = fn.node.get('url');
  if (url !== undefined && service.boolean(url) !== false) {
    const location = fn.node.keyLocation('url');
    triggers.push(trigger('url', 'url', location, { auth: urlAuth(service, url, location) }));
  }
  return triggers;
}

/** A queue's worker reads it with partial responses; a webhook's authorizer guards its route (serverless-lift documentation). */
function constructEvents(service: Service, fn: ServiceFunction): Trigger[] {
  if (fn.construct === undefined) return [];
  const { id, node, key } = fn.construct;
  if (key !== 'worker') return [trigger('auth', 'webhook', fn.location)];
  const batchSize = service.number(node.get('batchSize')) ?? 1;
  const maximumConcurrency = service.number(node.get('maxConcurrency'));
  return [trigger('queue', 'lift', fn.location, {
    resource: { kind: 'resource', unit: service.file, id, attribute: 'Arn' }, batchSize, partialBatchResponse: true, ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
  })];
}

function eventOf(service: Service, source: string, node: DocNode, location: Location): Trigger[] {
  const base = settings(service, node);
  const one = (kind: TriggerKind, resource: Value | undefined, filters: readonly TriggerFilter[] = []): Trigger[] => [trigger(kind, source, location, { ...base, resource, filters })];
  const isMap = node.kind === 'map';
  switch (source) {
    case 'http':
    case 'httpApi':
    case 'alb':
    case 'websocket':
    case 'cloudFront': return [trigger('http', source, location, { ...base, resource: apiOf(service, source), filters: routes(service, source, node), auth: service.platform === 'aws' ? routeAuth(service, source, node, location) : undefined })];
    case 'schedule': {
      // Each rate of a list is a schedule of its own.
      const rate = isMap ? node.get('rate') : node;
      return (rate?.kind === 'list' ? rate.items : [rate]).map((item) => trigger('schedule', source, location, { ...base, schedule: service.valueOf(item) }));
    }
    case 'sqs': return one('queue', resourceOf(service, isMap ? node.get('arn') ?? node : node, 'AWS::SQS::Queue'), records(service, node));
    case 'sns': return one('topic', topic(service, node), policy(service, node));
    case 'stream': return one('stream', service.valueOf(isMap ? node.get('arn') ?? node : node), records(service, node));
    case 's3': return one('bucket', bucket(service, isMap ? node.get('bucket') : node), objects(service, node));
    case 'eventBridge': {
      const bus = node.get('eventBus');
      const resource = bus === undefined ? literal('default') : resourceOf(service, bus, 'AWS::Events::EventBus');
      const triggers: Trigger[] = [];
      if (node.get('pattern') !== undefined) triggers.push(...one('bus', resource, [{ kind: 'pattern', pattern: service.value(node.get('pattern')) }]));
      if (node.get('schedule') !== undefined) triggers.push(trigger('schedule', source, location, { ...base, schedule: service.valueOf(node.get('schedule')) }));
      return triggers.length > 0 ? triggers : one('bus', resource);
    }
    case 'cloudwatchEvent': return one('bus', literal('default'), node.get('event') === undefined ? [] : [{ kind: 'pattern', pattern: service.value(node.get('event')) }]);
    case 'cloudwatchLog': {
      const groups = isMap ? node.get('logGroup') ?? node : node;
      const filter = isMap ? node.get('filter') : undefined;
      const filters: TriggerFilter[] = filter === undefined ? [] : [{ kind: 'pattern', pattern: service.value(filter) }];
      return (groups.kind === 'list' ? groups.items : [groups]).flatMap((group) => one('log', resourceOf(service, group, 'AWS::Logs::LogGroup'), filters));
    }
    case 'iot': return one('topic', undefined, node.get('sql') === undefined ? [] : [{ kind: 'pattern', pattern: service.value(node.get('sql')) }]);
    case 'cognitoUserPool': return one('auth', service.valueOf(node.get('pool')));
    case 'activemq':
    case 'rabbitmq':
    case 'msk': return one(source === 'msk' ? 'stream' : 'queue', service.valueOf(node.get('arn')), records(service, node));
    case 'kafka': return one('stream', service.valueOf(node.get('topic')), records(service, node));
    default: return one(simpleKinds.get(source) ?? 'unknown', undefined);
  }
}

/** Failure destinations that an event of a stream declares, and dead-letter queues of its subscription, which are a link. */
export function eventTargets(service: Service, fn: ServiceFunction): { readonly failures: ServerlessFunction['destinations']; readonly links: readonly { readonly from: Value; readonly to: Value; readonly location: Location }[] } {
  const failures: ServerlessFunction['destinations'][number][] = [];
  const links: { readonly from: Value; readonly to: Value; readonly location: Location }[] = [];
  for (const item of fn.node.get('events')?.items ?? []) {
    for (const [source, node] of item.entries) {
      const failure = node.at('destinations', 'onFailure');
      const target = service.valueOf(failure?.get('arn') ?? failure);
      if (target && failure) failures.push({ kind: 'onFailure', target, location: failure.location });
      if (source !== 'sns') continue;
      const redrive = node.get('redrivePolicy');
      const to = service.valueOf(redrive?.get('deadLetterTargetArn')) ?? (service.text(redrive?.get('deadLetterTargetRef')) === undefined ? undefined : { kind: 'resource' as const, unit: service.file, id: service.text(redrive?.get('deadLetterTargetRef')) ?? '', attribute: 'Arn' });
      const from = topic(service, node);
      if (redrive && to && from) links.push({ from, to, location: node.keyLocation('redrivePolicy') });
    }
  }
  return { failures, links };
}

/** The API of a route: one that the provider names, else the one that the framework makes. */
function apiOf(service: Service, source: string): Value | undefined {
  const provider = service.provider;
  const made = { kind: 'resource', unit: service.file, attribute: 'Ref' } as const;
  if (service.platform !== 'aws') return undefined;
  switch (source) {
    case 'http': return service.valueOf(provider?.at('apiGateway', 'restApiId')) ?? { ...made, id: 'ApiGatewayRestApi' };
    case 'httpApi': return service.valueOf(provider?.at('httpApi', 'id')) ?? { ...made, id: 'HttpApi' };
    case 'websocket': return service.valueOf(provider?.at('apiGateway', 'websocketApiId')) ?? { ...made, id: 'WebsocketsApi' };
    default: return undefined;
  }
}

function settings(service: Service, node: DocNode): Partial<Trigger> {
  if (node.kind !== 'map') return {};
  const batchSize = service.number(node.get('batchSize'));
  const enabled = service.boolean(node.get('enabled'));
  const maximumConcurrency = service.number(node.get('maximumConcurrency'));
  const partial = service.text(node.get('functionResponseType')) === 'ReportBatchItemFailures';
  const retries = service.number(node.get('maximumRetryAttempts')) ?? service.number(node.at('retryPolicy', 'maximumRetryAttempts'));
  return {
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(batchSize === undefined ? {} : { batchSize, batchSizeAt: node.keyLocation('batchSize') }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(maximumConcurrency === undefined ? {} : { maximumConcurrency, maximumConcurrencyAt: node.keyLocation('maximumConcurrency') }),
    ...(partial ? { partialBatchResponse: true } : {}),
  };
}

/** `GET /orders`, `*`, a WebSocket route, or an object with `method` and `path`; a load balancer's routes lie in `conditions`. */
function routes(service: Service, source: string, node: DocNode): TriggerFilter[] {
  if (source === 'websocket') return [{ kind: 'route', method: 'WEBSOCKET', path: service.text(node.kind === 'map' ? node.get('route') : node) ?? '*' }];
  if (source === 'cloudFront') return [{ kind: 'route', method: '*', path: rooted(service.text(node.get('pathPattern')) ?? '*') }];
  if (node.kind !== 'map') {
    const text = service.text(node)?.trim() ?? '*';
    const space = text.search(/\s/);
    return [{ kind: 'route', method: space < 0 ? '*' : text.slice(0, space).toUpperCase(), path: rooted(space < 0 ? text : text.slice(space + 1).trim()) }];
  }
  if (source === 'alb') {
    const paths = service.texts(node.at('conditions', 'path'));
    const methods = service.texts(node.at('conditions', 'method'));
    return (paths.length === 0 ? ['*'] : paths).flatMap((path) => (methods.length === 0 ? ['*'] : methods).map((method): TriggerFilter => ({ kind: 'route', method: method.toUpperCase(), path: rooted(path) })));
  }
  const method = (service.text(node.get('method')) ?? '*').toUpperCase();
  return [{ kind: 'route', method: method === 'ANY' ? '*' : method, path: rooted(service.text(node.get('path')) ?? '*') }];
}

function rooted(path: string): string {
  return path === '*' || path.startsWith('/') ? path : `/${path}`;
}

function records(service: Service, node: DocNode): TriggerFilter[] {
  const patterns = node.kind === 'map' ? node.get('filterPatterns')?.items ?? [] : [];
  return patterns.length === 0 ? [] : [{ kind: 'records', patterns: patterns.map((pattern) => parsed(service.value(pattern))) }];
}

function policy(service: Service, node: DocNode): TriggerFilter[] {
  const declared = node.kind === 'map' ? node.get('filterPolicy') : undefined;
  return declared === undefined ? [] : [{ kind: 'attributes', policy: service.value(declared), scope: service.text(node.get('filterPolicyScope')) === 'MessageBody' ? 'body' : 'attributes' }];
}

function objects(service: Service, node: DocNode): TriggerFilter[] {
  if (node.kind !== 'map') return [{ kind: 'object', events: ['s3:ObjectCreated:*'], rules: [] }];
  let rule: { prefix?: Value; suffix?: Value } = {};
  for (const item of node.get('rules')?.items ?? []) {
    for (const name of ['prefix', 'suffix'] as const) if (item.get(name) !== undefined) rule = { ...rule, [name]: service.value(item.get(name)) };
  }
  const events = service.texts(node.get('event'));
  return [{ kind: 'object', events: node.get('event') === undefined ? ['s3:ObjectCreated:*'] : events.length > 0 ? events : ['*'], rules: rule.prefix || rule.suffix ? [rule] : [] }];
}

/** A resource of this service with the physical name at hand, else the value itself. */
function resourceOf(service: Service, node: DocNode, type: string): Value | undefined {
  const value = service.valueOf(node);
  return value === undefined ? undefined : declaredAs(service, value, type) ?? value;
}

function declaredAs(service: Service, name: Value, type: string): Value | undefined {
  const property = nameProperties.get(type);
  if (property === undefined || name.kind === 'unknown' || name.kind === 'resource') return undefined;
  const found = [...service.template.resources.values()].filter((resource) => {
    const declared = resource.type === type ? resource.properties?.get(property) : undefined;
    return declared !== undefined && valueKey(service.value(declared)) === valueKey(name);
  });
  const [only] = found;
  return found.length === 1 && only !== undefined ? { kind: 'resource', unit: service.file, id: only.id, attribute: 'Ref' } : undefined;
}

/** The bucket of an event: a name, or a key of `provider.s3`. */
function bucket(service: Service, node: DocNode | undefined): Value | undefined {
  const key = service.text(node);
  const configured = key === undefined ? undefined : service.provider?.at('s3', key, 'name');
  const named = configured ?? node;
  return named === undefined ? undefined : resourceOf(service, named, 'AWS::S3::Bucket');
}

/** A topic by name, ARN or both; a bare name is a topic of the service's own account and region. */
function topic(service: Service, node: DocNode): Value | undefined {
  if (node.kind !== 'map') return resourceOf(service, node, 'AWS::SNS::Topic');
  const arn = service.valueOf(node.get('arn'));
  const name = service.valueOf(node.get('topicName'));
  // `{ Ref: Topic }` itself, without `arn`.
  if (arn === undefined && name === undefined) return service.valueOf(node);
  if (arn?.kind === 'resource' || name === undefined) return arn;
  return declaredAs(service, name, 'AWS::SNS::Topic') ?? arn ?? textOf([name]);
}
