import { describe, expect, it } from 'vitest';
import { deployed, project } from '../support/memory.ts';

/** A handler that is no function where it is registered, but an expression that gives one. */
function reached(code: string, expression: string, files: Record<string, string> = {}): string[] {
  const start = code.indexOf(expression);
  const handler = { file: 'app.ts', export: 'job', kind: 'v4', at: { start, end: start + expression.length } };
  const { fn } = project({ 'app.ts': code, ...files }, [deployed('job', 'app.ts', { platform: 'azure', handlers: [handler] })]);
  return fn.calls('invoke').map((call) => call.callee.path.join('.'));
}

describe('handlers written as expressions', () => {
  it('goes through a wrapper of the repository', () => {
    const make = { 'make.ts': "import { save } from 'store';\nexport const make = (name: string) => async (request: Request) => { save(name, request); };" };
    const code = "import { make } from './make.ts';\nconst table = { handler: make('x'), other: make('y') };";
    expect(reached(code, "make('x')", make)).toEqual(['save']);
    expect(reached(code, "handler: make('x')", make)).toEqual([]);
  });
  it('goes through a wrapper of a package, inside a function', () => {
    const code = "import { wrap } from 'kit';\nimport { save } from 'store';\nconst run = async () => { save(); };\nexport function register() { return { handler: wrap(run) }; }";
    expect(reached(code, 'wrap(run)')).toContain('save');
    expect(reached(code, 'wrap(run')).toEqual([]);
  });
  it('takes a name of a table', () => {
    const run = { 'run.ts': "import { save } from 'store';\nexport const run = () => { save(); };" };
    const code = "import { run } from './run.ts';\nconst jobs = { first: run };\nconst chosen = [jobs.first];";
    expect(reached(code, 'jobs.first', run)).toEqual(['save']);
    expect(reached(code, 'jobs.firs', run)).toEqual([]);
  });
});

describe('a handler that the setting names wrongly', () => {
  const calls = (code: string): string[] => {
    const { fn } = project({ 'app.js': code }, [deployed('job', 'app.js', { handlers: [{ file: 'app.js', export: 'lambdaHandler', kind: 'handler' }] })]);
    return fn.calls('invoke').map((call) => call.callee.path.join('.'));
  };
  it('is the only function that the file exports', () => {
    expect(calls("import { save } from 'store';\nexport const handler = () => { save(); };")).toEqual(['save']);
    expect(calls("const { save } = require('store');\nexports.handler = () => { save(); };")).toEqual(['save']);
  });
  it('is not chosen among several, nor a value', () => {
    expect(calls("import { save } from 'store';\nexport const handler = () => { save(); };\nexport const other = () => { save(); };")).toEqual([]);
    expect(calls("import { save } from 'store';\nconst run = () => { save(); };\nexport const settings = { retries: 2 };")).toEqual([]);
  });
});
