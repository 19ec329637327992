import { coarseCall, randomCall, randomClass, timeCall } from '../../catalog/fresh.ts';
import type { Value } from '../../model/value.ts';

/** What makes a name another one each time: something random, or the time. */
export type Freshness = 'random' | 'time';

const MAX_VISITS = 400;

/**
 * Whether a name or id is surely another one each time that it is made, whatever the event says. A choice is only when every way of it
 * is; a time of which a day or an hour is left is not.
 */
export function freshness(value: Value): Freshness | undefined {
  let left = MAX_VISITS;
  const first = (values: readonly Value[], coarse: boolean): Freshness | undefined => {
    let found: Freshness | undefined;
    for (const one of values) {
      const here = visit(one, coarse);
      if (here === 'random') return here;
      found ??= here;
    }
    return found;
  };
  const visit = (one: Value, coarse: boolean): Freshness | undefined => {
    if (left-- <= 0) return undefined;
    switch (one.kind) {
      case 'template': return first(one.parts, coarse);
      case 'oneOf': {
        const ways = one.options.map((option) => visit(option, coarse));
        return ways.every((way) => way !== undefined) ? ways[0] : undefined;
      }
      case 'array': return first(one.items, coarse);
      case 'object': return first(one.entries.map(([, item]) => item), coarse);
      case 'instance': {
        const name = one.of.kind === 'external' ? one.of.path.at(-1) ?? '' : '';
        if (one.of.kind === 'external' && randomClass.has(name) && one.args.length === 0) return 'random';
        if (name === 'Date') return one.args.length === 0 ? (coarse ? undefined : 'time') : first(one.args, coarse);
        return undefined;
      }
      case 'derived': {
        if (randomCall.test(one.what)) return 'random';
        if (timeCall.test(one.what)) return coarse ? undefined : 'time';
        // What somebody answers to a fresh question may be the same.
        if (one.io && !/^#/.test(one.what)) return undefined;
        return first(one.from, coarse || coarseCall.test(one.what));
      }
      default: return undefined;
    }
  };
  return visit(value, false);
}
