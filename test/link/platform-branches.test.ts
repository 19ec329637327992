import { describe, expect, it } from 'vitest';
import type { ServerlessFunction } from '../../src/model/function.ts';
import { deployed, project } from '../support/memory.ts';

/** Names of what is called on the invocation path and at init, in order. */
function called(files: Readonly<Record<string, string>>, extra: Partial<ServerlessFunction> = {}): readonly string[] {
  const { fn } = project(files, [deployed('F', 'a.mjs', extra)]);
  return fn.calls().map((call) => `${call.callee.module}.${call.callee.path.join('.')}`).filter((name) => name.startsWith('tool.')).sort();
}

const head = `import { here, away } from 'tool';\n`;

describe('branches that the platform never takes', () => {
  it.each<[string, string]>([
    ['a test of the absence', `if (!process.env.AWS_EXECUTION_ENV) away(); else here();`],
    ['a test of the presence', `if (process.env['LAMBDA_TASK_ROOT']) here(); else { away(); }`],
    ['a constant', `const isLocal = !process.env.AWS_LAMBDA_FUNCTION_NAME;\nif (isLocal) away();\nhere();`],
    ['a conditional', `const run = process.env.AWS_LAMBDA_FUNCTION_NAME ? here() : away();`],
    ['&& and ||', `!process.env.AWS_LAMBDA_FUNCTION_NAME && away(); process.env.AWS_EXECUTION_ENV || away(); process.env.AWS_EXECUTION_ENV && here();`],
    ['a function that only such a branch calls', `const dev = () => { away(); };\nif (!process.env.AWS_EXECUTION_ENV) dev();\nhere();`],
  ])('%s', (_, code) => {
    expect(called({ 'a.mjs': `${head}${code}\nexport const handler = async () => {};` })).toEqual(['tool.here']);
  });

  it('of a constant of another module, in the handler', () => {
    const files = { 'a.mjs': `${head}import { LOCAL } from './where.mjs';\nexport const handler = async (event) => { if (LOCAL) away(event); else here(event); };`, 'where.mjs': 'export const LOCAL = !process.env.LAMBDA_TASK_ROOT;' };
    expect(called(files)).toEqual(['tool.here']);
    expect(called(files, { platform: 'google' })).toEqual(['tool.away', 'tool.here']);
  });

  it.each<[string, string]>([
    ['a variable that people set', `if (!process.env.STAGE) away(); else here();`],
    ['a variable that is assigned again', `let local = !process.env.AWS_EXECUTION_ENV; local = globalThis.x; if (local) away(); else here();`],
    ['one side of several', `if (!process.env.AWS_EXECUTION_ENV || globalThis.x) away(); else here();`],
  ])('not by %s', (_, code) => {
    expect(called({ 'a.mjs': `${head}${code}\nexport const handler = async () => {};` })).toEqual(['tool.away', 'tool.here']);
  });
});

describe('branches that an option of the command line asks for', () => {
  const options = `import minimist from 'minimist';\nconst argv = minimist(process.argv.slice(2));\n`;
  it.each<[string, string]>([
    ['a field', `${options}if (argv.local) away(); else here();`],
    ['a field that is taken out', `(async () => { const options = require('minimist')(process.argv.slice(2)); const { local } = options; if (local) away(); })();\nhere();`],
    ['its absence', `${options}const seed = argv.seed;\nif (!seed) here(); else away();`],
  ])('%s', (_, code) => {
    expect(called({ 'a.mjs': `${head}${code}\nexport const handler = async () => {};` }, { platform: 'google' })).toEqual(['tool.here']);
  });

  it.each<[string, string]>([
    ['the object of all options', `${options}if (argv) away(); else here();`],
    ['an option with a default', `${options}const { local = true } = argv;\nif (local) away(); else here();`],
    ['options with defaults', `import minimist from 'minimist';\nconst argv = minimist(process.argv.slice(2), { default: { local: true } });\nif (argv.local) away(); else here();`],
    ['options of something else', `import minimist from 'minimist';\nconst argv = minimist(globalThis.text.split(' '));\nif (argv.local) away(); else here();`],
    ['a field of something else', `${options}const other = globalThis.read(argv.file);\nif (other.local) away(); else here();`],
  ])('not by %s', (_, code) => {
    expect(called({ 'a.mjs': `${head}${code}\nexport const handler = async () => {};` })).toEqual(['tool.away', 'tool.here']);
  });
});
