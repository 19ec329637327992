import type { Trigger } from '../../model/function.ts';
import { literalText, type Value } from '../../model/value.ts';

/**
 * Paths of document databases (Firestore, Realtime Database): which place a write names, and whether a trigger on a path
 * hears of it.
 *
 * Sources: Firebase documentation, "Cloud Firestore triggers" and "Realtime Database triggers" (November 2026): a trigger's
 * `{name}` stands for one step; a Realtime Database trigger hears of every change at its path or below; a write that
 * changes nothing raises no event.
 */
export interface DocumentPlace {
  /** Known steps of the path; `*` where a step is not known. */
  readonly steps: readonly string[];
  /** By position: the parameter of the trigger's own path that a step was taken from. */
  readonly taken: readonly (string | undefined)[];
}

/** One step of a trigger's path. */
export const isWildcard = (step: string): boolean => /^\{[^{}]*\}$|^\*+$/.test(step);
export const isRest = (step: string): boolean => /^\{[^{}]*=\*\*\}$|^\*\*$/.test(step);

/** A setting of the deployment in a path, by its name; it may stand for several steps. */
const setting = (name: string): string => `\${${name}}`;
export const isSetting = (step: string): boolean => step.includes('${');

/** The path that a trigger listens to, settings of the deployment by their names; `undefined` where it is not known. */
export function pathOfTrigger(trigger: Trigger): string | undefined {
  const { resource } = trigger;
  if (trigger.kind !== 'document' || !resource) return undefined;
  const parts = resource.kind === 'template' ? resource.parts : [resource];
  const texts = parts.map((part) => (part.kind === 'env' ? setting(part.name) : literalText(part)));
  return texts.includes(undefined) || texts.every((text) => text === '') ? undefined : texts.join('');
}

/** Steps of that path. */
export function stepsOfTrigger(trigger: Trigger): readonly string[] | undefined {
  const steps = pathOfTrigger(trigger)?.split('/').filter((step) => step !== '');
  return steps && steps.length > 0 ? steps : undefined;
}

/**
 * The place that a reference names. A reference of the event (`change.after.ref`, `event.data.ref.parent`) is found from the
 * path of the trigger that raised it.
 */
export function placeOf(target: Value, own: Trigger | undefined): DocumentPlace | undefined {
  const steps: string[] = [];
  const taken: (string | undefined)[] = [];
  const params = own ? stepsOfTrigger(own) : undefined;
  const parts = target.kind === 'template' ? target.parts : [target];
  let open = false;
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'literal') {
      const words = String(part.value).split('/');
      for (const [at, word] of words.entries()) {
        // A text that goes on after a part that is not known is the rest of that step.
        if (at === 0 && open && word !== '') { steps[steps.length - 1] = '*'; taken[taken.length - 1] = undefined; continue; }
        if (word !== '') { steps.push(/^\{[^{}/]{1,255}\}$/.test(word) ? '*' : word); taken.push(undefined); }
      }
      open = !String(part.value).endsWith('/') && words.at(-1) !== '';
      continue;
    }
    const reference = index === 0 && params ? ownReference(part, params) : undefined;
    if (reference) {
      for (const step of reference) { steps.push(isWildcard(step) ? '*' : step); taken.push(isWildcard(step) ? step : undefined); }
    } else if (index === 0 && part.kind === 'env') {
      steps.push(setting(part.name));
      taken.push(undefined);
    } else if (index === 0) {
      return undefined;
    } else if (open && steps.length > 0) {
      steps[steps.length - 1] = '*';
      taken[taken.length - 1] = undefined;
    } else {
      const name = paramName(part);
      steps.push('*');
      taken.push(name === undefined ? (params && isOwnId(part) ? params.findLast(isWildcard) : undefined) : `{${name}}`);
    }
    open = !reference;
  }
  return steps.length > 0 ? { steps, taken } : undefined;
}

/** `['data', 'after', 'ref', 'parent']`: the path of the event's own document, and as many steps up as it says. */
function ownReference(value: Value, params: readonly string[]): readonly string[] | undefined {
  const inner = value.kind === 'derived' && value.what === '.parent' ? value.from[0] : undefined;
  if (inner) return ownReference(inner, params)?.slice(0, -1);
  if (value.kind !== 'event') return undefined;
  const at = value.path.lastIndexOf('ref');
  const after = value.path.slice(at + 1);
  if (at < 0 || after.some((step) => step !== 'parent')) return undefined;
  return after.length >= params.length ? undefined : params.slice(0, params.length - after.length);
}

/** `context.params.id` and `event.params.id`. */
function paramName(value: Value): string | undefined {
  if (value.kind !== 'context' && value.kind !== 'event') return undefined;
  const at = value.path.indexOf('params');
  return at >= 0 && value.path.length === at + 2 ? value.path[at + 1] : undefined;
}

/** `change.after.id`, `event.data.after.ref.id`, `snapshot.id`: the name of the event's own document. */
function isOwnId(value: Value): boolean {
  if (value.kind !== 'event' || value.path.at(-1) !== 'id') return false;
  const before = value.path.at(-2);
  return before === undefined || before === 'data' || before === 'after' || before === 'before' || before === 'ref';
}

/** Whether two places are surely not the same, nor one below the other. */
export const areApart = (one: DocumentPlace, other: DocumentPlace): boolean => one.steps.some((step, index) => {
  const same = other.steps[index];
  return same !== undefined && step !== same && ![step, same].some((part) => part === '*' || isWildcard(part) || isSetting(part));
});

/** Whether two documents are surely not the same one: what lies below a document is another. */
export const areOtherDocuments = (one: DocumentPlace, other: DocumentPlace): boolean => one.steps.length !== other.steps.length || areApart(one, other);
