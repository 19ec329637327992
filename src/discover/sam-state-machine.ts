import { defaultBus, link } from './cloudformation-links.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { ReadContext } from './reader.ts';
import { samEvent } from './sam-events.ts';

/** Edges from what starts a state machine of SAM: its `Events` (SAM specification, "StateMachineEvent", read 2026-11). */
export function samStateMachine(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const events = resource.properties?.get('Events');
  if (resource.type !== 'AWS::Serverless::StateMachine' || !events) return;
  const self = template.reference(resource.id, 'Ref');
  for (const [name, event] of events.entries) {
    const location = events.keyLocation(name);
    for (const trigger of samEvent(template, wiring, event, location)) {
      if (trigger.enabled === false) continue;
      if (trigger.kind === 'http') link(context, wiring, 'integration', trigger.resource, self, location, trigger.filters);
      else if (trigger.kind === 'bus') link(context, wiring, 'target', trigger.resource ?? defaultBus, self, location, trigger.filters);
    }
  }
}
