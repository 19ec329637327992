import type { TriggerFilter } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { defaultBus, link } from './cloudformation-links.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';

/**
 * Argument that names what a task writes to, by the task's resource (Step Functions developer guide, "Integrating services", read
 * 2026-11; `aws-sdk:` tasks take the SDK's names).
 */
const written: readonly { readonly task: RegExp; readonly argument: string }[] = [
  { task: /^(?:aws-sdk:)?sqs:sendMessage(?:Batch)?$/, argument: 'QueueUrl' },
  { task: /^(?:aws-sdk:)?sns:publish(?:Batch)?$/, argument: 'TopicArn' },
  { task: /^(?:aws-sdk:)?dynamodb:(?:putItem|updateItem|deleteItem)$/, argument: 'TableName' },
  { task: /^states:startExecution$/, argument: 'StateMachineArn' },
  { task: /^aws-sdk:sfn:start(?:Sync)?Execution$/, argument: 'StateMachineArn' },
  { task: /^aws-sdk:s3:(?:putObject|copyObject)$/, argument: 'Bucket' },
  { task: /^aws-sdk:kinesis:putRecords?$/, argument: 'StreamName' },
];

/** Reads a node of the definition with its substitutions. */
type Fill = (node: DocNode) => Value;

interface Machine {
  readonly self: Value;
  readonly wiring: Wiring;
  readonly context: ReadContext;
  /** Place of everything in a definition whose own places mean nothing. */
  readonly at: Location | undefined;
}

const MAX_DEPTH = 100;

/** Edges from a state machine to what its tasks write to. */
export function linkTasks(root: DocNode, fill: Fill, machine: Machine, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  const resource = root.get('Resource');
  if (resource && root.get('Type')?.text() === 'Task') task(root, resource, fill, machine);
  for (const child of [...root.entries.values(), ...root.items]) linkTasks(child, fill, machine, depth + 1);
}

function task(state: DocNode, resource: DocNode, fill: Fill, machine: Machine): void {
  const value = fill(resource);
  const parts = value.kind === 'template' ? value.parts : [value];
  const text = parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('');
  const name = /^arn:[^:]{1,40}:states:::([A-Za-z0-9:-]{1,100}?)(?:\.(?:sync(?::2)?|waitForTaskToken))?$/.exec(text)?.[1];
  const given = state.get('Parameters') ?? state.get('Arguments');
  if (name === undefined || !given) return;
  const location = machine.at ?? state.keyLocation('Resource');
  if (/^(?:events|aws-sdk:eventbridge):putEvents$/.test(name)) events(given, fill, machine, location);
  const known = written.find((one) => one.task.test(name));
  const node = known && given.get(known.argument);
  const target = node && fill(node);
  // JSONata expressions are worked out when the task runs.
  if (target?.kind === 'literal' && typeof target.value === 'string' && target.value.startsWith('{%')) return;
  if (target) link(machine.context, machine.wiring, 'task', machine.self, target, location);
}

/** Every entry names its bus, the default one where it does not; source and detail type are what the edge carries. */
function events(given: DocNode, fill: Fill, machine: Machine, location: Location): void {
  for (const item of given.get('Entries')?.items ?? []) {
    const bus = item.get('EventBusName');
    if (!bus && item.get('EventBusName.$')) continue;
    const fields: [string, Value][] = [];
    for (const [from, to] of [['Source', 'source'], ['DetailType', 'detail-type']] as const) {
      const node = item.get(from);
      const value = node && fill(node);
      if (value?.kind === 'literal') fields.push([to, { kind: 'array', items: [literal(value.value)], open: false }]);
    }
    const filters: TriggerFilter[] = fields.length === 0 ? [] : [{ kind: 'pattern', pattern: { kind: 'object', entries: fields, open: false } }];
    link(machine.context, machine.wiring, 'task', machine.self, bus ? fill(bus) : defaultBus, location, filters);
  }
}
