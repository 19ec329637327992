import { property } from '../../catalog/look-up.ts';
import type { Effect } from '../../catalog/effects.ts';
import type { Expr } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains, valueKey } from '../values.ts';
import { effects, resolutionKey, type ReachedEffect } from './effects.ts';

/**
 * A transaction of Azure tables takes entities of one partition (learn.microsoft.com, "Performing entity group transactions", November 2026):
 * whether these may lie in several.
 */
export function mayCrossPartitions({ service, detail }: Effect, args: readonly Value[]): boolean {
  if (service !== 'azure-table') return false;
  const entity = args.find((arg) => arg.kind === 'object');
  const partition = entity ? property(entity, 'partitionKey') ?? property(entity, 'PartitionKey') : detail === 'deleteEntity' ? args[0] : undefined;
  return partition === undefined || !alternatives(partition).every(isFixed);
}

/** The same in every round: written in the code or the settings, or said once by the event. */
const isFixed = (value: Value): boolean => value.kind === 'literal' || value.kind === 'env' || (value.kind === 'event' && !value.path.includes('*'))
  || (value.kind === 'template' && value.parts.every(isFixed)) || (value.kind === 'derived' && value.what.endsWith('odata.String') && value.from.every(isFixed));

/** A call in a round: where it or what leads to it stands. */
export interface Within {
  readonly frame: Frame;
  readonly range: { readonly start: number; readonly end: number };
}

/**
 * Whether what a round reads is changed in the same round: read, work, write of one thing. The read has to see what was written last, and
 * one for all of them before the loop would not.
 */
export function isReadForWrite(view: FunctionView, read: ReachedEffect, round: Within): boolean {
  if (read.effect.kind !== 'read') return false;
  const tables = read.targets.map(({ names }) => resolutionKey(names)).join('|');
  const asked = keyOf(read);
  return effects(view).some((write) => write.effect.kind === 'write' && write.effect.service === read.effect.service
    && write.targets.map(({ names }) => resolutionKey(names)).join('|') === tables && isWithin(write, round) && (isOfKey(write, asked) || holdsRead(write, read)));
}

function isWithin({ occurrence, call }: ReachedEffect, { frame, range }: Within): boolean {
  if (!occurrence || !call) return false;
  const steps: readonly { readonly frame: Frame; readonly site: Expr }[] = [...occurrence.activation.callers, { frame: occurrence.activation.frame, site: call.expr }];
  return steps.some((step) => step.frame.key === frame.key && step.site.start >= range.start && step.site.end <= range.end);
}

/** The key of a request: of DynamoDB a record of attributes. */
const keyOf = ({ effect }: ReachedEffect): Value | undefined => effect.key;

/** The same key, or an item that has all of its attributes. */
function isOfKey({ effect }: ReachedEffect, asked: Value | undefined): boolean {
  if (!asked || asked.kind === 'unknown' || asked.kind === 'param') return false;
  if (effect.key) return valueKey(effect.key) === valueKey(asked);
  const item = effect.payload;
  if (asked.kind !== 'object' || asked.entries.length === 0 || item?.kind !== 'object') return false;
  return asked.entries.every(([name, value]) => { const given = property(item, name); return given !== undefined && given.kind !== 'unknown' && valueKey(given) === valueKey(value); });
}

/** What is written is what was read, with changes in it: the answer of the very request. */
function holdsRead({ effect }: ReachedEffect, { occurrence, call }: ReachedEffect): boolean {
  const command = occurrence?.args[0];
  const site = command?.kind === 'instance' ? command.site : undefined;
  if (!effect.payload || !site || !call) return false;
  return contains(effect.payload, (one) => one.kind === 'instance' && one.site !== undefined && one.site.file === site.file && one.site.start === site.start);
}
