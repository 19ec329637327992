import type { FunctionProperties } from './cloudformation-properties.ts';
import { urlAuth } from './cloudformation-auth.ts';
import { link } from './cloudformation-links.ts';
import { trigger } from './cloudformation-triggers.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Draft, Wiring } from './cloudformation-wiring.ts';
import type { ReadContext } from './reader.ts';
import { samEvent } from './sam-events.ts';

/** Triggers, destinations and asynchronous settings that a SAM function declares itself: `Events`, `FunctionUrlConfig`, `EventInvokeConfig`. */
export function wireSamFunction(properties: FunctionProperties, draft: Draft, wiring: Wiring, context: ReadContext): void {
  const { template, resource } = properties;
  const events = resource.properties?.get('Events');
  for (const [name, event] of events?.entries ?? []) {
    const location = events?.keyLocation(name) ?? event.location;
    draft.triggers.push(...samEvent(template, wiring, event, location));
    const failure = event.at('Properties', 'DestinationConfig', 'OnFailure', 'Destination');
    if (failure) draft.destinations.push({ kind: 'onFailure', target: template.value(failure), location: failure.location });
    const queue = template.text(event.get('Type')) === 'SNS' ? event.at('Properties', 'SqsSubscription', 'QueueArn') : undefined;
    if (queue) link(context, wiring, 'subscription', template.value(event.at('Properties', 'Topic')), template.value(queue), location, draft.triggers.findLast((one) => one.source === 'SNS')?.filters);
  }
  const url = properties.node('FunctionUrlConfig');
  if (url && !isNothing(template.value(url))) {
    const location = properties.location('FunctionUrlConfig');
    draft.triggers.push(trigger('url', 'FunctionUrl', location, { resource: template.reference(resource.id, 'FunctionUrl'), auth: urlAuth(template, url, location) }));
  }
  const invoke = properties.node('EventInvokeConfig');
  const retries = template.number(invoke?.get('MaximumRetryAttempts'));
  if (invoke && retries !== undefined) draft.late.maximumRetryAttempts = { value: retries, location: invoke.keyLocation('MaximumRetryAttempts') };
  const provisioned = properties.node('ProvisionedConcurrencyConfig');
  const warm = template.number(provisioned?.get('ProvisionedConcurrentExecutions'));
  if (warm !== undefined) draft.late.provisionedConcurrency = { value: warm, location: properties.location('ProvisionedConcurrencyConfig') };
  const destinations = invoke?.get('DestinationConfig');
  for (const [name, kind] of [['OnSuccess', 'onSuccess'], ['OnFailure', 'onFailure']] as const) {
    const target = destinations?.at(name, 'Destination');
    if (!destinations || !target) continue;
    const location = destinations.keyLocation(name);
    draft.destinations.push({ kind, target: template.value(target), location });
    wiring.attach(template.value(target), trigger('invoke', 'Destination', location, { resource: template.reference(resource.id, 'Arn') }));
  }
}
