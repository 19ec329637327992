import { describe, expect, test } from 'vitest';
import { project } from '../support/memory.ts';

/** Names of the methods and functions of `service.ts` that one function's invocations reach. */
function reached(handler: string, service = 'class'): readonly string[] {
  const classes = ['One', 'Two', 'Three'].map((name) => `export class ${name} { async handle${service === 'named' ? name : ''}(event) { return seen(event, '${name}'); } }\n`).join('');
  const { fn } = project({ 'handler.ts': handler, 'service.ts': `import { seen } from 'some-package';\n${classes}` });
  return [...new Set(fn.calls('invoke').filter((call) => call.callee.path.at(-1) === 'seen').map((call) => {
    const value = call.arg(1);
    return value.kind === 'literal' ? String(value.value) : value.kind;
  }))].sort();
}

const head = "import { One, Two, Three } from './service';\n";

describe('activations that are given different things to call', () => {
  test('a function that is given one object and then another reaches what both do', () => {
    expect(reached(`${head}const run = async (service, event) => service.handle(event);
export const handler = async (event) => { await run(new One(), event); await run(new Two(), event); };\n`)).toEqual(['One', 'Two']);
  });

  test('closures of one factory are as many as the things they are made for', () => {
    expect(reached(`${head}const late = (service) => async (event) => service.handle(event);
const [one, two] = [late(new One()), late(new Two())];
export const handler = async (event) => { await one(event); await two(event); };\n`)).toEqual(['One', 'Two']);
    expect(reached(`${head}const late = (work) => async (event) => work(event);
const one = late((event) => new One().handle(event));
const two = late((event) => new Two().handle(event));
export const handler = async (event) => { await one(event); await two(event); };\n`)).toEqual(['One', 'Two']);
  });

  test('a table that is asked by name: every entry for a name of the event, one for a name that is written', () => {
    const table = `${head}const table = { one: (event) => new One().handle(event), two: (event) => new Two().handle(event), three: (event) => new Three().handle(event) };\n`;
    expect(reached(`${table}export const handler = async (event) => table[event.name](event);\n`)).toEqual(['One', 'Three', 'Two']);
    expect(reached(`${table}const name = 'two';\nexport const handler = async (event) => table[name](event);\n`)).toEqual(['Two']);
    const ask = `${table}const run = async (name, event) => table[name](event);\n`;
    expect(reached(`${ask}export const handler = async (event) => { await run('two', event); };\n`)).toEqual(['Two']);
    expect(reached(`${ask}export const handler = async (event) => { await run('two', event); await run('one', event); };\n`)).toEqual(['One', 'Two']);
    expect(reached(`${ask}export const handler = async (event) => { await run('two', event); await run(event.name, event); };\n`)).toEqual(['One', 'Three', 'Two']);
    const kept = `${table}const run = async (name, event) => { const work = table[name]; return work(event); };\n`;
    expect(reached(`${kept}export const handler = async (event) => { await run('two', event); await run('one', event); };\n`)).toEqual(['One', 'Two']);
    const methods = `${head}const table = { one: new One(), two: new Two() };\nconst run = async (name, event) => table[name].handle(event);\n`;
    expect(reached(`${methods}export const handler = async (event) => { await run('one', event); await run('two', event); };\n`)).toEqual(['One', 'Two']);
  });

  test('routes behind one wrapper are all reached', () => {
    const app = "import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\n";
    expect(reached(`${app}${head}const wrap = (fn) => async (req, res, next) => { try { await fn(req, res); } catch (error) { next(error); } };
app.get('/one', wrap(async (req, res) => { res.json(await new One().handle(req)); }));
app.get('/two', wrap(async (req, res) => { res.json(await new Two().handle(req)); }));
export const handler = serverless(app);\n`)).toEqual(['One', 'Two']);
    expect(reached(`${app}${head}const wrap = (controller) => async (req, res) => { res.json(await controller.handle(req)); };
app.get('/one', wrap(new One()));
app.get('/two', wrap(new Two()));
export const handler = serverless(app);\n`)).toEqual(['One', 'Two']);
  });

  test('a list of handlers that a rest parameter gathers and a wrapper is mapped over', () => {
    expect(reached(`import express from 'express';\nimport serverless from 'serverless-http';\nconst app = express();\n${head}
const wrap = (controller) => async (req, res) => { res.json(await controller.handle(req)); };
const get = (path, ...controllers) => { app.get(path, ...controllers.map(wrap)); };
get('/one', new One(), new Two());
get('/three', new Three());
export const handler = serverless(app);\n`)).toEqual(['One', 'Three', 'Two']);
  });

  test('what is handed on inside a list, an object or another closure tells apart as well', () => {
    expect(reached(`${head}const run = async ({ service }, event) => service.handle(event);
export const handler = async (event) => { await run({ service: new One() }, event); await run({ service: new Two() }, event); };\n`)).toEqual(['One', 'Two']);
    expect(reached(`${head}const inner = async (service, event) => service.handle(event);
const outer = async (service, event) => inner(service, event);
export const handler = async (event) => { await outer(new One(), event); await outer(new Two(), event); };\n`)).toEqual(['One', 'Two']);
  });

  test('data does not: a body that is given two texts is one body', () => {
    const { fn } = project({ 'handler.ts': `import { seen } from 'some-package';
const keep = async (name, event) => { seen(name.trim(), event); };
export const handler = async (event) => { await keep('a', event); await keep('b', event); await keep(event.name, event); };\n` });
    expect(fn.bodies('invoke').filter((body) => body.fn.name === 'keep')).toHaveLength(1);
  });

  test('a function that hands itself on deeper and deeper ends', () => {
    const { fn } = project({ 'handler.ts': `import { seen } from 'some-package';
const round = async (next, depth) => { await next(); if (depth < 9) await round(() => round(next, depth + 1), depth + 1); };
export const handler = async () => { await round(() => seen('start'), 0); };\n` });
    expect(fn.bodies('invoke').length).toBeLessThan(60);
    expect(fn.calls('invoke').some((call) => call.callee.path.at(-1) === 'seen')).toBe(true);
  });
});

describe('what a closure keeps for its factory', () => {
  const once = (inner: string): string => `import { One } from './service';
const once = (make) => { let kept; let done = false; return (...args) => { ${inner} return kept; }; };
const get = once((context) => new One(context));
export const handler = async (event) => get(event).handle(event);\n`;

  test('what an inner function sets is known through the arguments of the outer one', () => {
    expect(reached(once('if (done) return kept; done = true; kept = make(...args);'))).toEqual(['One']);
    expect(reached(once('kept ??= make(args);'))).toEqual(['One']);
  });

  test('what nothing sets is nothing', () => {
    expect(reached(once('done = true;'))).toEqual([]);
  });
});
