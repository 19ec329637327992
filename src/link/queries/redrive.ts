import type { Resource, ServerlessFunction } from '../../model/function.ts';
import type { ProjectView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import { resourceIndex } from '../resources.ts';
import { queueProperty } from './queues.ts';

/** Where a message goes that fails again and again. `unknown`: the declaration does not tell. */
export type Redrive = 'set' | 'none' | 'unknown';

const names = ['RedrivePolicy', 'redrive_policy', 'redrivePolicy', 'deadLetterQueue', 'dlq', 'dead_letter_queue'] as const;

/** Whether a queue of SQS hands messages that fail to a dead-letter queue. */
export function redriveOf(project: ProjectView, queue: Resource): Redrive {
  const found = queueProperty(queue, ...names);
  if (found === 'unknown') return 'unknown';
  if (found !== 'absent') return isNothing(found) ? 'none' : 'set';
  return linked(project).from.has(queue.id) ? 'set' : 'none';
}

/** Whether a queue is itself the last resort of something else. */
export const isDeadLetter = (project: ProjectView, queue: Resource): boolean => linked(project).to.has(queue.id);

const isNothing = (value: Value): boolean => value.kind === 'literal' && (value.value === undefined || value.value === null || value.value === '');

interface Linked { readonly from: ReadonlySet<string>; readonly to: ReadonlySet<string> }
const kept = new WeakMap<ProjectView, Linked>();

/** Queues that redrive links and failure destinations leave and reach. */
function linked(project: ProjectView): Linked {
  let known = kept.get(project);
  if (!known) {
    const index = resourceIndex(project);
    const from = new Set<string>();
    const to = new Set<string>();
    const add = (set: Set<string>, value: Value, unit: string): void => {
      const resolved = index.resolve(value, { kinds: new Set(['queue']), unit });
      if (resolved.kind === 'resource') set.add(resolved.id);
    };
    const unitOf = (value: Value): string => (value.kind === 'resource' ? value.unit : '');
    for (const link of project.infrastructure.links) {
      if (link.kind !== 'redrive') continue;
      add(from, link.from, unitOf(link.from));
      add(to, link.to, unitOf(link.from) || unitOf(link.to));
    }
    for (const fn of project.infrastructure.functions) for (const { kind, target } of fn.destinations) if (kind === 'deadLetter') add(to, target, fn.unit);
    known = { from, to };
    kept.set(project, known);
  }
  return known;
}

/** Retries beyond this are as good as for ever. */
const ENDLESS_ATTEMPTS = 1_000;

/** The state machine that runs a function and tries a step again for ever, with the number of attempts; `undefined` where none does. */
export function endlessRetry(project: ProjectView, fn: ServerlessFunction): { readonly machine: Resource; readonly attempts: number } | undefined {
  for (const trigger of fn.triggers) {
    if (trigger.kind !== 'stateMachine' || !trigger.resource) continue;
    const resolved = resourceIndex(project).resolve(trigger.resource, { kinds: new Set(['stateMachine']), unit: fn.unit });
    const machine = resolved.kind === 'resource' ? resolved.resource ?? project.resources.get(resolved.id) : undefined;
    const attempts = machine && mostAttempts(machine.properties);
    if (machine && attempts !== undefined && attempts >= ENDLESS_ATTEMPTS) return { machine, attempts };
  }
  return undefined;
}

/** The highest `MaxAttempts` in a definition, bounded in depth and size. */
function mostAttempts(root: Value): number | undefined {
  let most: number | undefined;
  const stack: { readonly value: Value; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let left = 20_000, next = stack.pop(); next && left > 0; left--, next = stack.pop()) {
    const { value, depth } = next;
    if (depth > 24) continue;
    if (value.kind === 'array') for (const item of value.items) stack.push({ value: item, depth: depth + 1 });
    if (value.kind !== 'object') continue;
    for (const [key, item] of value.entries) {
      if (/^maxAttempts$/i.test(key) && item.kind === 'literal' && typeof item.value === 'number') most = Math.max(most ?? 0, item.value);
      stack.push({ value: item, depth: depth + 1 });
    }
  }
  return most;
}
