import { describe, expect, it } from 'vitest';
import { handlerPlace } from '../../../src/link/queries/handler-place.ts';
import { project } from '../../support/memory.ts';

describe('handlerPlace', () => {
  it.each<[string, string, number]>([
    ['exported where it is declared', 'let x;\nexport const handler = async () => 1;\n', 2],
    ['exported below', 'const handler = async () => 1;\nlet x;\nexport { handler };\n', 1],
    ['given to exports', 'let x;\nexports.handler = async () => 1;\n', 2],
    ['given to exports by name', 'const handler = async () => 1;\nlet x;\nexports.handler = handler;\n', 1],
    ['in an exported object', 'let x;\nmodule.exports = {\n  handler: async () => 1,\n};\n', 3],
    ['in an exported object by name', 'const handler = async () => 1;\nmodule.exports = {\n  handler,\n};\n', 1],
    ['of another module', "import { handler } from './b';\nlet x;\nexport { handler };\n", 3],
  ])('%s', (_name, text, line) => {
    const { fn } = project({ 'a.js': text, 'b.js': 'export const handler = async () => 1;\n' });
    const place = handlerPlace(fn);
    expect(place && fn.location(place).line).toBe(line);
  });
});
