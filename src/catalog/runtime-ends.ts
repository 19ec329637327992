import type { Platform } from '../model/function.ts';
import { lambdaNodeRuntimes } from './runtimes.ts';

/**
 * The days on which runtimes end, by platform. Collected 2026-11-21.
 *
 * - AWS: cfn-lint `LmbdRuntimeLifecycle.json` at 2026-08-19; invocation is never blocked, creation and updates are.
 * - Google, Firebase: cloud.google.com/run/docs/runtimes/function-runtimes (2026, undated) and firebase-tools `types.ts`:
 *   after decommission functions can be neither created nor updated, and may be disabled.
 * - Vercel: vercel.com/docs node-js-versions (2026-02-27) and `@vercel/build-utils` (2026-08-03): discontinued versions fail the build.
 * - Azure, Netlify, OpenWhisk: functions past the end go on to be accepted or the platform names no day; what ends is the
 *   support of Node.js itself (Node.js release schedule, github.com/nodejs/release).
 */
export interface RuntimeEnd {
  /** As people read it: `nodejs18.x`, `Node.js 18`. */
  readonly name: string;
  /** No more support from this day on, `YYYY-MM-DD`; absent for a runtime with no announced end. */
  readonly deprecated?: string;
  /** Existing functions can no longer be updated from this day on; absent where that day is not announced or never comes. */
  readonly blocked?: string;
  /** What happens on the day `blocked`. */
  readonly then?: string;
}

export type RuntimeFact = { readonly kind: 'known'; readonly end: RuntimeEnd } | { readonly kind: 'neverWas' } | { readonly kind: 'notJudged' };

const lambdaThen = 'AWS refuses updates of functions';

/** Runtimes of AWS without Node.js in the current numbering, and the ones for own runtimes. */
const lambdaOthers: readonly RuntimeEnd[] = [
  { name: 'nodejs', deprecated: '2016-08-30', blocked: '2016-10-31', then: lambdaThen },
  { name: 'nodejs4.3', deprecated: '2020-03-05', blocked: '2020-03-05', then: lambdaThen },
  { name: 'nodejs4.3-edge', deprecated: '2020-03-05', blocked: '2019-04-30', then: lambdaThen },
  { name: 'nodejs6.10', deprecated: '2019-08-12', blocked: '2019-08-12', then: lambdaThen },
  { name: 'nodejs8.10', deprecated: '2020-03-06', blocked: '2020-03-06', then: lambdaThen },
  { name: 'provided', deprecated: '2024-01-08', blocked: '2027-03-03', then: lambdaThen },
  { name: 'provided.al2', deprecated: '2026-07-31', blocked: '2027-03-03', then: lambdaThen },
  { name: 'provided.al2023', deprecated: '2029-06-30', blocked: '2029-08-31', then: lambdaThen },
];

const lambda: ReadonlyMap<string, RuntimeEnd> = new Map([
  ...lambdaNodeRuntimes.map(({ name, deprecated, blockUpdate }): [string, RuntimeEnd] => [name, { name, deprecated, blocked: blockUpdate, then: lambdaThen }]),
  ...lambdaOthers.map((end): [string, RuntimeEnd] => [end.name, end]),
]);

const byMajor = (rows: readonly (readonly [number, string, string?])[], then: string): ReadonlyMap<number, RuntimeEnd> =>
  new Map(rows.map(([major, deprecated, blocked]) => [major, { name: `Node.js ${major}`, deprecated, ...(blocked === undefined ? {} : { blocked, then }) }]));

const google = byMajor([
  [6, '2019-04-17', '2020-08-01'], [8, '2020-06-05', '2021-02-01'], [10, '2024-01-30', '2025-01-30'], [12, '2024-01-30', '2025-01-30'], [14, '2024-01-30', '2025-01-30'],
  [16, '2024-01-30', '2025-01-30'], [18, '2025-04-30', '2025-10-30'], [20, '2026-04-30', '2026-10-30'], [22, '2027-04-30', '2027-10-31'], [24, '2028-04-30', '2028-10-31'],
], 'Google decommissions it: no function can be deployed with it');

const vercel = byMajor([
  [10, '2021-04-20', '2021-04-20'], [12, '2022-10-03', '2022-10-03'], [14, '2023-08-15', '2023-08-15'], [16, '2025-02-03', '2025-02-03'], [18, '2025-09-01', '2025-09-01'], [20, '2026-10-01', '2026-10-01'],
], 'Vercel discontinues it: the build fails');

/** End of life of Node.js itself. */
const node = byMajor([
  [6, '2019-04-30'], [8, '2019-12-31'], [10, '2021-04-30'], [12, '2022-04-30'], [14, '2023-04-30'], [16, '2023-09-11'], [18, '2025-04-30'], [20, '2026-04-30'], [22, '2027-04-30'], [24, '2028-04-30'],
], '');

/** Newest major version of Node.js that the tables know; a later one is newer than the tables and never judged. */
const newestMajor = 24;

/**
 * What is known of a runtime as infrastructure writes it: `nodejs20.x`, `nodejs:18`, `nodejs22`, `~18`, `18-lts`.
 * `neverWas`: the platform never had a runtime of that name. `notJudged`: newer than the tables, a range, a name that is no version.
 */
export function runtimeFact(platform: Platform, runtime: string): RuntimeFact {
  const name = runtime.trim().toLowerCase();
  if (platform === 'aws') {
    const end = lambda.get(name);
    if (end) return { kind: 'known', end };
    const major = /^nodejs(\d{1,3})\b/.exec(name)?.[1];
    return major === undefined || Number(major) > newestMajor ? { kind: 'notJudged' } : { kind: 'neverWas' };
  }
  const major = /^(?:(?:nodejs|node)[:|]?|~)?(\d{1,2})(?:\.x|-lts)?$/.exec(name)?.[1];
  if (major === undefined) return { kind: 'notJudged' };
  const table = platform === 'google' || platform === 'firebase' ? google : platform === 'vercel' ? vercel : platform === 'azure' || platform === 'netlify' || platform === 'openwhisk' ? node : undefined;
  const end = table?.get(Number(major));
  return end ? { kind: 'known', end } : { kind: 'notJudged' };
}

/**
 * The newest runtime that the tables know, as infrastructure writes it; `undefined` where a platform has no name for it. The first generation
 * of Google's functions ends with 22.
 */
export function currentRuntime(platform: Platform, generation: string | undefined): string | undefined {
  if (platform === 'aws') return `nodejs${newestMajor}.x`;
  if (platform === 'google' || platform === 'firebase') return generation === 'gen1' ? 'nodejs22' : `nodejs${newestMajor}`;
  return platform === 'vercel' ? `nodejs${newestMajor}` : undefined;
}

/** The day `days` after (before, where negative) a day `YYYY-MM-DD`. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The day so many calendar months before a day `YYYY-MM-DD`; the last of a shorter month. */
export function monthsBefore(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
}
