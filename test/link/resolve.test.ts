import { describe, expect, it } from 'vitest';
import { project } from '../support/memory.ts';

describe('names of packages', () => {
  const called = (source: string): readonly string[] => {
    const { fn } = project({
      'app/a.ts': `import * as m from '${source}';\nexport const handler = async () => { m.run(); };`,
      'packages/crypto/package.json': '{ "name": "crypto", "main": "index.ts" }', 'packages/crypto/index.ts': 'export const run = () => fetch("https://a.example.com");',
      'packages/own/package.json': '{ "name": "own", "main": "index.ts" }', 'packages/own/index.ts': 'export const run = () => fetch("https://a.example.com");',
    });
    return fn.calls('invoke').map(({ callee }) => [callee.module, ...callee.path].join('.'));
  };
  it('lead to a package of the repository, but for those of Node.js', () => {
    expect(called('own')).toEqual(['global.fetch']);
    expect(called('crypto')).toEqual(['crypto.run']);
    expect(called('node:crypto')).toEqual(['crypto.run']);
  });
});
