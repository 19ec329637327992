import { defaultVisibilitySeconds } from '../../catalog/trigger-limits.ts';
import { property } from '../../catalog/look-up.ts';
import type { Resource, ServerlessFunction, Trigger } from '../../model/function.ts';
import type { ProjectView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { resourceIndex } from '../resources.ts';

/** The declared queue of SQS behind a trigger; `undefined` for a queue that is declared elsewhere, and for other platforms. */
export function queueOf(project: ProjectView, fn: ServerlessFunction, trigger: Trigger): Resource | undefined {
  if (fn.platform !== 'aws' || trigger.kind !== 'queue' || !/^(?:sqs|queue)$/i.test(trigger.source) || !trigger.resource || trigger.enabled === false) return undefined;
  const names = resourceIndex(project).resolve(trigger.resource, { kinds: new Set(['queue']), unit: fn.unit });
  const resource = names.kind === 'resource' ? names.resource ?? project.resources.get(names.id) : undefined;
  return resource && /sqs/i.test(resource.type) ? resource : undefined;
}

/** A property of a declared queue under the names that the formats give it; `absent` when it is certainly not written. */
export function queueProperty(queue: Resource, ...names: readonly string[]): Value | 'absent' | 'unknown' {
  const { properties } = queue;
  if (properties.kind !== 'object') return 'unknown';
  for (const name of names) {
    if (properties.entries.some(([key]) => key === name)) return property(properties, name) ?? 'unknown';
  }
  return properties.open || properties.entries.some(([key]) => key === '...' || key === '*') ? 'unknown' : 'absent';
}

/** Seconds for which a taken message stays hidden; `undefined` where that is not known. */
export function visibilitySeconds(queue: Resource): number | undefined {
  const found = queueProperty(queue, 'VisibilityTimeout', 'visibility_timeout_seconds', 'visibilityTimeoutSeconds', 'visibilityTimeout');
  if (found === 'absent') return defaultVisibilitySeconds;
  if (found === 'unknown' || found.kind !== 'literal') return undefined;
  if (typeof found.value === 'number') return found.value;
  // SST: "2 minutes".
  const match = typeof found.value === 'string' ? /^(\d{1,9})(?: (second|minute|hour)s?)?$/.exec(found.value) : null;
  return match ? Number(match[1]) * (match[2] === 'hour' ? 3_600 : match[2] === 'minute' ? 60 : 1) : undefined;
}
