import { describe, expect, it } from 'vitest';
import { budgetFor } from '../../src/measure/budgets.ts';
import { measure } from '../../src/measure/measure.ts';
import { fn, project } from './tree.ts';

const named = (name: string) => ({ name, id: `template.yaml#${name}` });

describe('budgets', () => {
  const budgets = { warnBytes: 100, functions: [{ pattern: 'api-*', warnBytes: 10 }, { pattern: '*-admin', errorBytes: 5 }, { pattern: 'template.yaml#Exact', errorBytes: 7 }] };

  it.each([
    ['orders', { warnBytes: 100 }],
    ['api-orders', { warnBytes: 10 }],
    ['api-admin', { warnBytes: 10 }],
    ['users-admin', { warnBytes: 100, errorBytes: 5 }],
    ['Exact', { warnBytes: 100, errorBytes: 7 }],
  ])('of %s', (name, expected) => expect(budgetFor(named(name), budgets)).toEqual(expected));

  it('are absent where none is set', () => {
    expect(budgetFor(named('a'), undefined)).toBeUndefined();
    expect(budgetFor(named('a'), { functions: [{ pattern: 'b', warnBytes: 1 }] })).toBeUndefined();
  });

  it('come with what was measured', async () => {
    const { workspace } = project({ 'src/app.ts': 'export const handler = () => 1;' });
    expect((await measure(workspace, [fn('app')], { budgets }))[0]).toMatchObject({ status: 'measured', budget: { warnBytes: 100 } });
    expect((await measure(workspace, [fn('app')]))[0]).not.toHaveProperty('budget');
  });
});
