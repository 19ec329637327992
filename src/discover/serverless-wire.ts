import type { Platform, TriggerFilter } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { wireApi } from './cloudformation-api.ts';
import { readFunction } from './cloudformation-function.ts';
import { defaultBus, link } from './cloudformation-links.ts';
import { FunctionProperties } from './cloudformation-properties.ts';
import { wireStateMachine } from './cloudformation-state-machine.ts';
import { parsed, trigger } from './cloudformation-triggers.ts';
import { wirePermission, wireResource } from './cloudformation-wire.ts';
import { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document-node.ts';
import { wireGraph } from './serverless-appsync.ts';
import { eventTargets } from './serverless-events.ts';
import { readServiceFunction } from './serverless-functions.ts';
import type { Service, StateMachine } from './serverless-service.ts';

/**
 * Functions of a service with all their triggers: those of their `events`, and those that the service's own CloudFormation gives
 * them, which is wired as in any template.
 */
export function wireService(service: Service, platform: Platform): Wiring {
  const { template, context } = service;
  const wiring = new Wiring(new Map([[service.file, template]]));
  for (const fn of service.functions) {
    const read = readServiceFunction(service, fn, platform);
    if (read === undefined) continue;
    const { triggers, destinations, ...rest } = read;
    wiring.add({ template, id: fn.name, fn: rest, triggers: [...triggers], destinations: [...destinations], late: {} });
    for (const { from, to, location } of eventTargets(service, fn).links) link(context, wiring, 'redrive', from, to, location);
  }
  const resources = [...template.resources.values()].filter((resource) => service.functionOf(resource.id) === undefined);
  for (const resource of resources) {
    const draft = resource.type === 'AWS::Lambda::Function' ? readFunction(new FunctionProperties(template, resource, undefined), context) : undefined;
    if (draft) wiring.add(draft);
  }
  destinationTriggers(wiring);
  authorizerTriggers(wiring);
  for (const resource of resources) {
    if (/::StateMachine$/.test(resource.type)) wireStateMachine(template, wiring, resource, context);
    else {
      wireApi(template, wiring, resource, context);
      wireResource(template, wiring, resource, context);
    }
  }
  for (const resource of resources) if (resource.type === 'AWS::Lambda::Permission') wirePermission(template, wiring, resource);
  for (const machine of service.stateMachines) machineEvents(service, wiring, machine);
  constructLinks(service, wiring);
  pluginPipes(service, wiring);
  wireGraph(service, wiring, service.graphs);
  return wiring;
}

/** A function that is another's destination is invoked with what that one returns. */
function destinationTriggers(wiring: Wiring): void {
  for (const draft of wiring.drafts.values()) {
    for (const { kind, target, location } of draft.destinations) {
      if (kind === 'deadLetter') continue;
      wiring.attach(target, trigger('invoke', 'Destination', location ?? draft.template.root.location, { resource: draft.template.reference(draft.id, 'Arn') }));
    }
  }
}

/** A function that a route names as its authorizer runs before it; once, whatever the number of routes. */
function authorizerTriggers(wiring: Wiring): void {
  const done = new Set<string>();
  for (const draft of [...wiring.drafts.values()]) {
    for (const { auth, location } of [...draft.triggers]) {
      if (auth?.kind !== 'authorizer' || auth.authorizer?.kind !== 'resource' || done.has(auth.authorizer.id)) continue;
      done.add(auth.authorizer.id);
      wiring.attach(auth.authorizer, trigger('auth', 'Authorizer', auth.location ?? location ?? draft.template.root.location));
    }
  }
}

/** What starts a state machine of the step functions plugin (its readme, "Events"). */
function machineEvents(service: Service, wiring: Wiring, machine: StateMachine): void {
  const self = service.template.reference(machine.logicalId, 'Ref');
  for (const item of machine.node.get('events')?.items ?? []) {
    for (const [source, node] of item.entries) {
      const location = item.keyLocation(source);
      if (service.boolean(node.get('enabled')) === false) continue;
      if (source === 'http') {
        const method = service.text(node.get('method'))?.toUpperCase() ?? '*';
        link(service.context, wiring, 'integration', service.template.reference('ApiGatewayRestApi', 'Ref'), self, location, [{ kind: 'route', method, path: `/${(service.text(node.get('path')) ?? '*').replace(/^\//, '')}` }]);
      } else if (source === 'cloudwatchEvent' || source === 'eventBridge') {
        const pattern = node.get('event');
        if (pattern) link(service.context, wiring, 'target', bus(service, node), self, location, [{ kind: 'pattern', pattern: service.value(pattern) }]);
      }
    }
  }
}

function bus(service: Service, node: DocNode): Value {
  return service.valueOf(node.get('eventBusName') ?? node.get('eventBus')) ?? defaultBus;
}

/** A queue construct has a dead-letter queue; a webhook hands requests to a bus. */
function constructLinks(service: Service, wiring: Wiring): void {
  const declared = service.section('constructs');
  for (const [id, node] of declared?.entries ?? []) {
    const location = declared?.keyLocation(id) ?? node.location;
    const type = service.text(node.get('type'));
    if (type === 'queue') link(service.context, wiring, 'redrive', service.template.reference(id, 'Ref'), service.template.reference(`${id}Dlq`, 'Arn'), location);
    if (type === 'webhook') {
      const [method = '*', path = '*'] = service.text(node.get('path'))?.trim().split(/\s+/, 2) ?? [];
      link(service.context, wiring, 'integration', service.template.reference(id, 'Ref'), bus(service, node), location, [{ kind: 'route', method: method.toUpperCase(), path }]);
    }
  }
}

/** Pipes of the plugin `serverless-pipes` (its readme): a source, a target and an enrichment by the function's key. */
function pluginPipes(service: Service, wiring: Wiring): void {
  const pipes = service.plugins.includes('serverless-pipes') ? service.section('pipes') : undefined;
  for (const [name, pipe] of pipes?.entries ?? []) {
    const location = pipes?.keyLocation(name) ?? pipe.location;
    const [kind, settings] = [...(pipe.get('source')?.entries ?? [])][0] ?? [];
    const source = service.valueOf(settings?.get('arn'));
    if (kind === undefined || source === undefined || service.boolean(pipe.get('enabled')) === false) continue;
    const patterns = (pipe.get('filter')?.items ?? []).map((item) => parsed(service.value(item.get('Pattern') ?? item.get('pattern') ?? item)));
    const filters: TriggerFilter[] = patterns.length === 0 ? [] : [{ kind: 'records', patterns }];
    const batchSize = service.number(settings?.get('batchSize'));
    const rest = { resource: source, filters, ...(batchSize === undefined ? {} : { batchSize }) };
    const ends = [['PipeEnrichment', pipe.get('enrichment')], ['Pipe', pipe.get('target')]] as const;
    for (const [role, end] of ends) {
      const key = service.text(end?.get('name') ?? end?.at('lambda', 'name'));
      const value = service.valueOf([...(end?.entries.values() ?? [])].find((node) => node.get('arn'))?.get('arn'));
      const fn: Value | undefined = key !== undefined && service.functions.some((one) => one.name === key) ? { kind: 'resource', unit: service.file, id: key, attribute: 'Arn' } : value;
      if (fn === undefined) continue;
      const attached = wiring.attach(fn, trigger(/^(?:sqs|activemq|rabbitmq)$/i.test(kind) ? 'queue' : 'stream', role, location, rest));
      if (attached === 0 && role === 'Pipe') link(service.context, wiring, 'pipe', source, fn, location, filters);
    }
  }
}
