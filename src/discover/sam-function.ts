import type { FunctionProperties } from './cloudformation-properties.ts';
import { trigger } from './cloudformation-triggers.ts';
import { isNothing } from './cloudformation-values.ts';
import type { Draft, Wiring } from './cloudformation-wiring.ts';
import { samEvent } from './sam-events.ts';

/** Triggers and destinations that a SAM function declares itself: `Events`, `FunctionUrlConfig`, `EventInvokeConfig`. */
export function wireSamFunction(properties: FunctionProperties, draft: Draft, wiring: Wiring): void {
  const { template, resource } = properties;
  const events = resource.properties?.get('Events');
  for (const [name, event] of events?.entries ?? []) {
    if (events) draft.triggers.push(...samEvent(template, event, events.keyLocation(name)));
    const failure = event.at('Properties', 'DestinationConfig', 'OnFailure', 'Destination');
    if (failure) draft.destinations.push({ kind: 'onFailure', target: template.value(failure), location: failure.location });
  }
  const url = properties.node('FunctionUrlConfig');
  if (url && !isNothing(template.value(url))) draft.triggers.push(trigger('url', 'FunctionUrl', properties.location('FunctionUrlConfig'), { resource: template.reference(resource.id, 'FunctionUrl') }));
  const destinations = properties.node('EventInvokeConfig')?.get('DestinationConfig');
  for (const [name, kind] of [['OnSuccess', 'onSuccess'], ['OnFailure', 'onFailure']] as const) {
    const target = destinations?.at(name, 'Destination');
    if (!destinations || !target) continue;
    const location = destinations.keyLocation(name);
    draft.destinations.push({ kind, target: template.value(target), location });
    wiring.attach(template.value(target), trigger('invoke', 'Destination', location, { resource: template.reference(resource.id, 'Arn') }));
  }
}
