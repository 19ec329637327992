import { readOf, type DocumentRead } from '../../catalog/effects-firebase.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains, valueKey } from '../values.ts';
import { areApart, areOtherDocuments, placeOf, type DocumentPlace } from './document-places.ts';
import { effects, resolutionKey, type ReachedEffect } from './effects.ts';

/** What functions put somewhere, for the question whether they change what is read. */
export class Written {
  /** Whether they put anything anywhere. */
  readonly some: boolean;
  private readonly trees: readonly DocumentPlace[];
  private readonly documents: readonly DocumentPlace[];
  /** A place of a database that they write to is not known. */
  private readonly isOpen: boolean;

  private readonly tables: readonly ReachedEffect[];
  private readonly readTables: readonly ReachedEffect[];

  /** @param view whose reads are asked for */
  constructor(view: FunctionView, others: readonly FunctionView[] = []) {
    this.readTables = effects(view).filter(({ effect }) => effect.kind === 'read' && effect.resourceKind === 'table').flatMap((item) => [item, ...(item.others ?? [])]);
    const writes = [view, ...others.filter((one) => one !== view)].flatMap((view) => effects(view).filter(({ effect }) => effect.kind === 'write' || effect.kind === 'delete').map((item) => ({ view, item })));
    this.some = writes.length > 0;
    this.tables = writes.flatMap(({ item }) => (item.effect.resourceKind === 'table' ? [item] : []));
    const places = writes.filter(({ item }) => item.effect.resourceKind === 'document').flatMap(({ view, item }) => {
      const [own, ...others] = view.fn.triggers.filter(({ kind }) => kind === 'document');
      return alternatives(item.effect.target).map((target) => ({ service: item.effect.service, place: placeOf(target, others.length === 0 ? own : undefined) }));
    });
    this.isOpen = places.some(({ place }) => !place || place.steps[0] === '*');
    this.documents = places.flatMap(({ service, place }) => (service === 'firestore' && place ? [place] : []));
    // A reference of the event does not tell which of the two databases it belongs to.
    this.trees = places.flatMap(({ place }) => place ?? []);
  }

  /**
   * What decides which thing a value was read from: the path of a document, or what a table was asked for; `undefined` where that is not
   * known, or where they may write to it.
   */
  source(value: Value): Value | undefined {
    const read = readOf(value);
    if (read) return this.leaves(read) ? read.path : undefined;
    const items = value.kind === 'derived' ? value.from.slice(1) : [];
    const asked = value.kind === 'derived' && value.io ? this.readTables.find(({ occurrence }) => areEqual(occurrence?.args ?? [], items)) : undefined;
    return asked && this.tables.every((write) => areOtherTables(asked, write)) ? { kind: 'array', items: items.flatMap((one) => (one.kind === 'instance' ? one.args : [one])), open: false } : undefined;
  }

  /** Whether a value only takes a part of what was read, or works something out of it. */
  isPart(value: Value & { kind: 'derived' }): boolean {
    const [first] = value.from;
    return partOfRead.test(value.what) && first?.kind === 'derived' && contains(first, (one) => this.source(one) !== undefined);
  }

  private leaves(read: DocumentRead): boolean {
    const place = placeOf(read.path, undefined);
    if (!place || this.isOpen) return false;
    return read.service === 'rtdb' ? this.trees.every((one) => areApart(one, place)) : this.documents.every((one) => areOtherDocuments(one, place));
  }
}

const areEqual = (list: readonly Value[], other: readonly Value[]): boolean => list.length > 0 && list.length === other.length && list.every((one, index) => other[index] !== undefined && valueKey(one) === valueKey(other[index]));

/** Two tables that infrastructure declares, or two definite names. */
const areOtherTables = (one: ReachedEffect, other: ReachedEffect): boolean => one.targets.every(({ names }) => other.targets.every(({ names: its }) => names.kind === its.kind && (names.kind === 'resource' || names.kind === 'name') && resolutionKey(names) !== resolutionKey(its)));

/** Whether a value is what a database answered. */
export const isRead = (value: Value): boolean => readOf(value) !== undefined;

/** Names of parts, of methods of snapshots and values, and operators. */
const partOfRead = /^(?:\.|element$|property$|#(?:data|val|get|promise|exists|child|hasChild|map|filter|find|some|every|includes|indexOf|slice|at|join|toLowerCase|toUpperCase|trim|split|toString|toMillis|toDate)$|[!=<>]=?=?$|[-+*/%!]$)/;
