import { describe, expect, it } from 'vitest';
import { azureReader } from '../../src/discover/convention-azure.ts';
import { exportNames, exportsOf } from '../../src/discover/convention-exports.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import type { Reader } from '../../src/discover/reader.ts';
import { memoryWorkspace } from './memory-workspace.ts';

const read = (reader: Reader, files: Record<string, string>) => discoverWith([reader], memoryWorkspace(files), { params: new Map() });
const brief = (reader: Reader, files: Record<string, string>) => read(reader, files).functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(',')}`);

describe('Azure function.json', () => {
  it('reads script, export and trigger', () => {
    const result = read(azureReader, {
      'host.json': '{}', 'package.json': '{}', 'src/send.ts': 'export default async function () {}',
      'send/function.json': '{ "scriptFile": "../dist/send.js", "bindings": [{ "type": "serviceBusTrigger", "direction": "in", "queueName": "%QUEUE%" }, { "type": "http", "direction": "out" }] }',
    });
    expect(result.functions).toMatchObject([{
      id: 'host.json#send', platform: 'azure', foundBy: 'infrastructure', handlers: [{ file: 'src/send.ts', export: 'default' }],
      triggers: [{ kind: 'queue', source: 'serviceBusTrigger', resource: { kind: 'env', name: 'QUEUE' } }], declaredAt: [{ file: 'send/function.json', line: 1 }],
    }]);
  });
  it('takes index beside it, an entry point, and routes', () => {
    expect(read(azureReader, { 'a/index.js': 'module.exports = async function (context) {}', 'a/function.json': '{"bindings":[{"type":"httpTrigger","methods":["post"],"route":"x/{id}"}]}' }).functions[0]).toMatchObject({
      id: 'a/function.json#a', handlers: [{ file: 'a/index.js', export: 'default' }], triggers: [{ filters: [{ kind: 'route', method: 'POST', path: '/api/x/{id}' }] }],
    });
    expect(brief(azureReader, { 'a/index.js': 'exports.go = 1', 'a/function.json': '{"entryPoint":"go","bindings":[{"type":"timerTrigger"}]}' })).toEqual(['a/function.json#a a/index.js:go']);
  });
  it('leaves other languages and other files alone, and says what it misses', () => {
    expect(brief(azureReader, { 'a/function.json': '{"scriptFile":"__init__.py","bindings":[{"type":"httpTrigger"}]}', 'b/function.json': '{"bindings":[{"type":"httpTrigger"}]}', 'c/function.json': '{"bindings":[{"type":"http"}]}', 'c/index.js': '' })).toEqual([]);
    expect(read(azureReader, { 'a/function.json': '{"scriptFile":"../dist/a.js","bindings":[{"type":"httpTrigger"}]}' }).gaps.map((gap) => gap.kind)).toEqual(['handler']);
    expect(read(azureReader, { 'a/function.json': '{"bindings": [' }).problems.map((problem) => problem.file)).toEqual(['a/function.json']);
  });
});

describe('exportsOf', () => {
  it.each([
    ['export { x as default };', ['default']], ['export default 1', ['default']], ['module.exports = { handler };', ['handler']], ['exports.handler = 1', ['handler']],
    ['export const handler = 1', ['handler']], ['const handler = 1', []], ['exports.handler == 1', []], ['export const handlers = 1', []], ['export { type handler }', []],
    ['export const { GET, handler } = make();', ['handler']], ['export const { a: handler = 1, ...rest } = make();', ['handler']], ['// export const handler = 1\n/* export default 1 */', []],
    ["export const config = { path: '/*' };\nexport default 1; // */", ['default']], ['exports.default = handler', ['default']], ['export = handler', ['default']],
  ])('%s', (code, expected) => expect(exportsOf(code, ['default', 'handler'])).toEqual(expected));
  it('lists every exported value', () => {
    expect(exportNames('export async function a() {}\nexport const b = 1;\nexport { c as d, type E };\nexport type F = 1;\nexport default a;\nexport const { g } = h;')).toEqual(['d', 'g', 'a', 'b', 'default']);
  });
  it('is fast on hostile text', () => {
    const started = Date.now();
    exportsOf('export {'.repeat(100_000) + 'module.exports = {'.repeat(10_000), ['default', 'handler']);
    exportsOf('/*\n'.repeat(300_000), ['default', 'handler']);
    exportNames('export const {'.repeat(60_000));
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});
