import { readOf } from '../../catalog/effects-firebase.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import { areApart, areOtherDocuments, placeOf, type DocumentPlace } from './document-places.ts';
import { effects } from './effects.ts';

/** What functions put somewhere, for the question whether they change what is read. */
export class Written {
  /** Whether they put anything anywhere. */
  readonly some: boolean;
  private readonly trees: readonly DocumentPlace[];
  private readonly documents: readonly DocumentPlace[];
  /** A place of a database that they write to is not known. */
  private readonly isOpen: boolean;

  constructor(views: readonly FunctionView[]) {
    const writes = views.flatMap((view) => effects(view).filter(({ effect }) => effect.kind === 'write' || effect.kind === 'delete').map((item) => ({ view, item })));
    this.some = writes.length > 0;
    const places = writes.filter(({ item }) => item.effect.resourceKind === 'document').flatMap(({ view, item }) => {
      const [own, ...others] = view.fn.triggers.filter(({ kind }) => kind === 'document');
      return alternatives(item.effect.target).map((target) => ({ service: item.effect.service, place: placeOf(target, others.length === 0 ? own : undefined) }));
    });
    this.isOpen = places.some(({ place }) => !place || place.steps[0] === '*');
    this.documents = places.flatMap(({ service, place }) => (service === 'firestore' && place ? [place] : []));
    // A reference of the event does not tell which of the two databases it belongs to.
    this.trees = places.flatMap(({ place }) => place ?? []);
  }

  /** Whether a value was read from a place of a database, none of which they write to. */
  leaves(value: Value): boolean {
    const read = readOf(value);
    const place = read && placeOf(read.path, undefined);
    if (!place || this.isOpen) return false;
    return read.service === 'rtdb' ? this.trees.every((one) => areApart(one, place)) : this.documents.every((one) => areOtherDocuments(one, place));
  }
}

/** The path of the document that a value was read from, for what it depends on. */
export const pathRead = (value: Value): Value | undefined => readOf(value)?.path;

/** Whether a value only takes a part of what was read from a database, or works something out of it. */
export const isPartOfRead = (value: Value & { kind: 'derived' }): boolean => partOfRead.test(value.what) && value.from[0]?.kind === 'derived' && contains(value.from[0], (one) => readOf(one) !== undefined);
const partOfRead = /^(?:\.|element$|property$|#(?:data|val|get|exists|child|hasChild|map|filter|find|some|every|includes|indexOf|slice|at|join|toLowerCase|toUpperCase|trim|split|toString|toMillis|toDate)$|[!=<>]=?=?$|[-+*/%!]$)/;
