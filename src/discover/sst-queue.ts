import { madeOf, numberOf, optionsOf, record, type Slot, type Sym } from '../link/program-values.ts';
import { literal, unknown } from '../model/value.ts';
import { property } from './code-unit.ts';

/** Properties of a queue of SST v3 under Terraform's names, in its units. */
export function queueFields(given: Sym & { readonly kind: 'record' }): ReadonlyMap<string, Slot> {
  const fifo = given.entries.get('fifo');
  const dead = property(given, 'dlq');
  const target = dead && (property(dead.value, 'queue')?.value ?? dead.value);
  return fields(given, {
    ...(fifo ? { fifo: { ...fifo, value: fifo.value.kind === 'record' ? literal(true) : fifo.value } } : {}),
    ...(dead && target ? { redrive: { ...dead, value: record([['deadLetterTargetArn', target], ['maxReceiveCount', property(dead.value, 'retry')?.value ?? literal(3)]]) } } : {}),
  });
}

/** The same of v1 and v2: `cdk.queue` has the properties of the CDK's queue, or is one (SST v2 documentation, `Queue`, read 2026-11). */
export function cdkQueueFields(given: Sym | undefined): ReadonlyMap<string, Slot> {
  const queue = property(given, 'cdk', 'queue');
  if (queue === undefined) return new Map();
  const made = madeOf(queue.value);
  const props = optionsOf(made?.form === 'new' ? made.args[2] ?? unknown('a queue of the CDK') : queue.value).find((one) => one.kind === 'record');
  if (props === undefined) return made?.form === 'new' && made.args.length === 2 ? new Map() : new Map([['visibility_timeout_seconds', { ...queue, value: unknown('a queue of the CDK') }]]);
  const fifo = props.entries.get('fifo');
  return fields(props, fifo ? { fifo } : {});
}

function fields(props: Sym & { readonly kind: 'record' }, { fifo, redrive: dead }: { readonly fifo?: Slot; readonly redrive?: Slot }): ReadonlyMap<string, Slot> {
  const visible = props.entries.get('visibilityTimeout');
  return new Map([
    ...(visible ? [['visibility_timeout_seconds', { ...visible, value: seconds(visible.value) }] as const] : []),
    ...(fifo ? [['fifo_queue', fifo] as const] : []),
    ...(dead ? [['redrive_policy', dead] as const] : []),
  ]);
}

const units: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3600 };

/** `'5 minutes'`, as it is or through `toCdkDuration('5 minutes')`, and `Duration.minutes(5)`. */
function seconds(sym: Sym): Sym {
  const made = madeOf(sym);
  const step = made?.path.at(-1);
  if (made && step === 'toCdkDuration') return made.args[0] ? seconds(made.args[0]) : unknown('a duration');
  const amount = made ? numberOf(made.args[0]) : undefined;
  const named = made && step !== undefined && made.path.includes('Duration') ? units[step.replace(/s$/, '')] : undefined;
  if (amount !== undefined && named !== undefined) return literal(amount * named);
  const match = sym.kind === 'literal' ? /^(\d{1,6}) ?(second|minute|hour)s?$/.exec(String(sym.value)) : null;
  return match === null ? unknown('a duration') : literal(Number(match[1]) * (units[match[2] ?? ''] ?? 1));
}
