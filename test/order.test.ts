import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error -- a script, shared with `npm run verify`
import { changes, orderCheck } from '../scripts/order.mjs';

interface Outcome {
  /** Runs whose output is not that of the plain run. */
  readonly differences: readonly { readonly change: string; readonly line: number; readonly before: string; readonly after: string }[];
  /** Characters of the plain run's output. */
  readonly length: number;
  /** Changes that had something to turn round. */
  readonly turned: readonly string[];
}

const fixtures = join(import.meta.dirname, '..', 'fixtures');
/** Folders of projects below a folder of fixtures. */
const of = (name: string): string[] => readdirSync(join(fixtures, name)).filter((project) => !project.includes('.')).sort().map((project) => `${name}/${project}`);
/** Whole projects of every format of infrastructure, and a fifth of those that the event graph is tested with. */
const folders = ['shop', ...of('discover'), ...of('no-invocation-cycle').filter((_, index) => index % 5 === 0)];

let check: (folder: string, tried?: readonly string[]) => Promise<Outcome>;
beforeAll(async () => { check = await (orderCheck as () => Promise<typeof check>)(); }, 60_000);

describe('results do not depend on the order of work', () => {
  it.each(folders)('%s', { timeout: 60_000 }, async (folder) => {
    const { differences, length } = await check(join(fixtures, folder));
    expect(differences).toEqual([]);
    expect(length).toBeGreaterThan(500);
  });

  it('turned something round in each of the ways', async () => {
    const { turned } = await check(join(fixtures, 'shop'));
    expect([...turned].sort()).toEqual([...(changes as readonly string[])].sort());
  });
});
