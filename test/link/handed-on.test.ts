import { describe, expect, test } from 'vitest';
import type { LinkedFunction } from '../../src/link/view.ts';
import { project } from '../support/memory.ts';

/** What the first argument of each call of `seen` is, in the function's handlers. */
function seen(fn: LinkedFunction): readonly string[] {
  return fn.calls('invoke').filter((call) => call.callee.path.at(-1) === 'seen').map((call) => { const value = call.arg(0); return value.kind === 'event' || value.kind === 'context' ? `${value.kind}.${value.path.join('.')}` : value.kind; });
}

const head = "import { wrap, seen } from 'some-package';\n";

describe('what a handler hands on', () => {
  test('a package that is given a function, the event and the context calls the one with the others', () => {
    const { fn } = project({ 'handler.ts': `${head}const work = async (event, context) => seen(event);\nexport const handler = async (event, context) => wrap(work, event, context);\n` });
    expect(seen(fn)).toEqual(['event.']);
  });

  test('not when the numbers differ, or when something else is handed over', () => {
    const { fn } = project({ 'handler.ts': `${head}const work = async (a, b) => seen(a);\nexport const handler = async (event, context) => wrap(work, event);\n` });
    expect(seen(fn)).toEqual(['param']);
    const other = project({ 'handler.ts': `${head}const work = async (a) => seen(a);\nexport const handler = async (event) => wrap(work, event.id);\n` });
    expect(seen(other.fn)).toEqual(['param']);
  });

  test('a function that gives nothing but a function is a wrapper’s: what it gives is the handler', () => {
    const { fn } = project({ 'handler.ts': `${head}export const handler = wrap((metrics) => async (event, context) => seen(event));\n` });
    expect(seen(fn)).toEqual(['event.']);
  });
});
