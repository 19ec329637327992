import { describe, expect, test } from 'vitest';
import { deployed, project } from '../support/memory.ts';

/** Names of what a function's handler calls outside the repository. */
const calls = (code: string, part: string): readonly string[] => {
  const start = code.indexOf(part);
  const { fn } = project({ 'handler.js': code }, [deployed('F', 'handler.js', { platform: 'azure', handlers: [{ file: 'handler.js', export: 'one', kind: 'registered', at: { start, end: start + part.length } }] })]);
  return fn.calls('invoke').map((call) => call.callee.path.at(-1) ?? '');
};

describe('functions that a module registers with the platform', () => {
  test('are not steps of each other', () => {
    const code = `import { app } from '@azure/functions';\nimport { a, b } from 'x';\napp.http('one', { handler: async () => { await a(); } });\napp.storageQueue('two', { queueName: 'q', handler: async () => { await b(); } });\n`;
    expect(calls(code, 'async () => { await a(); }')).toEqual(['a']);
    expect(calls(code, 'async () => { await b(); }')).toEqual(['b']);
  });

  test('have the hooks of the application in common', () => {
    const code = `import { app } from '@azure/functions';\nimport { a, b } from 'x';\napp.hook.preInvocation(async () => { await b(); });\napp.http('one', { handler: async () => { await a(); } });\n`;
    expect(calls(code, 'async () => { await a(); }')).toEqual(['a', 'b']);
  });
});
