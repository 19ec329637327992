import type { Effect } from '../../catalog/effects.ts';
import type { ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Value } from '../../model/value.ts';
import { isRest, isSetting, isWildcard, stepsOfTrigger, type DocumentPlace } from '../queries/document-places.ts';
import type { Match } from '../queries/filters.ts';

/** What a hearing rests on: `own` where the very document of the event is written. */
export interface Hearing {
  readonly match: Exclude<Match, 'no'>;
  readonly own: boolean;
  /** Of a tree: where the trigger listens, seen from the place that is written. */
  readonly seen?: Seen;
}

/** Steps between a place of a tree that is written and the one that a trigger listens to. */
export type Seen = { readonly below: readonly string[] } | { readonly above: readonly string[] };

/** What a trigger gets to see of what is written above or below the place that it listens to; a plain value is the state `after`. */
export function seenOf(payload: Value | undefined, seen: Seen): Value | undefined {
  if ('above' in seen) return payload && seen.above.reduceRight<Value>((part, name) => ({ kind: 'object', entries: [[name, part]], open: false }), payload);
  let part: Value | undefined = payload;
  for (const name of seen.below) part = part?.kind === 'object' ? part.entries.findLast(([key]) => key === name)?.[1] : undefined;
  return part === undefined || part.kind === 'object' ? part : { kind: 'object', entries: [['after', part]], open: false };
}

type Change = 'create' | 'update' | 'delete';

/** Whether a trigger hears of a write; `undefined` when it surely does not. */
export function hears(trigger: Trigger, place: DocumentPlace, effect: Effect): Hearing | undefined {
  const wanted = stepsOfTrigger(trigger);
  if (!wanted) return undefined;
  const isTree = /database|onValue|^rtdb/i.test(trigger.source);
  // References of the event do not tell which of the two databases they belong to.
  if (isTree ? effect.service !== 'rtdb' && !fromEvent(effect) : effect.service === 'rtdb') return undefined;
  const results = (isTree ? below(place, effect) : [place]).map((one) => ({ one, match: fits(wanted, one.steps, isTree) })).filter(({ match }) => match !== 'no');
  const [best] = results.sort((a, b) => (a.match === b.match ? 0 : a.match === 'yes' ? -1 : 1));
  if (!best) return undefined;
  const own = wanted.every((step, index) => !isWildcard(step) || best.one.taken[index] === step);
  const isBelow = best.one.steps.length > wanted.length;
  const events = changesOf(effect, own, isBelow);
  const heard = heardBy(trigger);
  if (!events.some((event) => heard.includes(event))) return undefined;
  // Whether another document is made or changed by `set` is known only of one that the database names; what is written
  // below a place of a tree may make it, and what was made because it was not there is there in the next round.
  const mayBe: readonly Change[] = effect.isNew || (isTree && isBelow) ? ['create', 'update'] : events;
  const sure = best.match === 'yes' && (own || mayBe.length === 1 || mayBe.every((event) => heard.includes(event)));
  const steps = isTree ? place.steps.length - wanted.length : 0;
  const seen: Seen | undefined = steps < 0 ? { below: wanted.slice(steps) } : steps > 0 ? { above: place.steps.slice(-steps) } : undefined;
  return { match: sure ? 'yes' : 'unknown', own, ...(seen ? { seen } : {}) };
}

const fromEvent = (effect: Effect): boolean => (effect.target.kind === 'template' ? effect.target.parts[0] : effect.target)?.kind === 'event' || (effect.target.kind === 'derived' && effect.target.what === '.parent');

/** In a tree `update({ a: … })` writes the child `a`; of names that are not known any child. */
function below(place: DocumentPlace, effect: Effect): readonly DocumentPlace[] {
  const { payload } = effect;
  if (!(effect.detail === 'update' || effect.merges) || payload?.kind !== 'object' || payload.entries.length === 0) return [place];
  const names = new Set(payload.entries.map(([name]) => (name === '...' ? '*' : name)));
  if (payload.open) names.add('*');
  return [...names].map((name) => {
    const more = name.split('/').filter((step) => step !== '');
    return { steps: [...place.steps, ...more], taken: [...place.taken, ...more.map(() => undefined)] };
  });
}

function fits(wanted: readonly string[], steps: readonly string[], isTree: boolean): Match {
  let result: Match = 'yes';
  for (const [index, want] of wanted.entries()) {
    if (isRest(want)) return isTree || index === wanted.length - 1 ? result : worse(result, endsAs(wanted.slice(index + 1), steps.slice(index)));
    const step = steps[index];
    // A write above the trigger's path: whether it changes what lies there is not known.
    if (step === undefined) return isTree ? 'unknown' : 'no';
    if (step === want) continue;
    if (isWildcard(want)) { if (isSetting(step)) result = 'unknown'; continue; }
    // What a setting of its own stands for is no other path until somebody says so.
    if (index === 0 && (isSetting(want) || isSetting(step))) return 'no';
    if (step === '*' || isSetting(want) || isSetting(step)) result = 'unknown';
    else if (step !== want) return 'no';
  }
  return isTree || steps.length === wanted.length ? result : 'no';
}

/** Whether steps, at least one of them taken by `{name=**}`, end as the trigger's path does behind it. */
function endsAs(wanted: readonly string[], steps: readonly string[]): Match {
  if (steps.length <= wanted.length) return 'no';
  return wanted.reduce<Match>((result, want, index) => {
    const step = steps[steps.length - wanted.length + index] ?? '';
    return isWildcard(want) || step === want ? result : worse(result, step === '*' || isSetting(want) || isSetting(step) ? 'unknown' : 'no');
  }, 'yes');
}

const worse = (a: Match, b: Match): Match => (a === 'no' || b === 'no' ? 'no' : a === 'unknown' || b === 'unknown' ? 'unknown' : 'yes');

function changesOf(effect: Effect, own: boolean, isBelow: boolean): readonly Change[] {
  if (isBelow) return ['update'];
  if (effect.kind === 'delete') return ['delete'];
  if (effect.isNew || /^(?:add|push|create)$/.test(effect.detail)) return ['create'];
  return own || effect.exists || effect.detail === 'update' ? ['update'] : ['create', 'update'];
}

function heardBy(trigger: Trigger): readonly Change[] {
  const word = /(creat|updat|delet)/i.exec(trigger.source)?.[1]?.toLowerCase();
  return word === 'creat' ? ['create'] : word === 'updat' ? ['update'] : word === 'delet' ? ['delete'] : ['create', 'update', 'delete'];
}

/** Triggers on documents by the unit they stand in: one database belongs to one unit. */
export class DocumentTriggers {
  private readonly byHead = new Map<string, { readonly fn: ServerlessFunction; readonly trigger: Trigger }[]>();

  constructor(functions: readonly ServerlessFunction[]) {
    for (const fn of functions) {
      for (const trigger of fn.triggers) {
        const [head] = trigger.enabled === false ? [] : (stepsOfTrigger(trigger) ?? []);
        if (head === undefined) continue;
        const key = `${fn.unit}\0${isWildcard(head) ? '*' : head}`;
        const list = this.byHead.get(key);
        if (list) list.push({ fn, trigger }); else this.byHead.set(key, [{ fn, trigger }]);
      }
    }
  }

  /** Triggers whose path may begin as a place does. */
  near(unit: string, place: DocumentPlace): readonly { readonly fn: ServerlessFunction; readonly trigger: Trigger }[] {
    const [head = '*'] = place.steps;
    return [...(this.byHead.get(`${unit}\0${head}`) ?? []), ...(head === '*' ? [] : (this.byHead.get(`${unit}\0*`) ?? []))];
  }
}
