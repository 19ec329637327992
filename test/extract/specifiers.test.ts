import { describe, expect, it } from 'vitest';
import { specifiersOf } from '../../src/extract/specifiers.ts';

describe('specifiers of a text', () => {
  it.each<[string, readonly string[]]>([
    ['import { a } from "./a.js";\nimport b, { type C } from \'./b\'', ['./a.js', './b']],
    ['import "./setup.js"; import("./late.js"); const x = require(`./c`);', ['./setup.js', './late.js', './c']],
    ['export * from "./all"; export { default as one } from "./one";', ['./all', './one']],
    ['import(/* webpackChunkName: "x" */ "./named.js")', ['./named.js']],
    ['import {\n  one,\n  two,\n} from\n  "./many.js";', ['./many.js']],
  ])('%s', (text, sources) => {
    expect(specifiersOf(text)).toEqual({ sources, vague: false });
  });

  it('leaves out what is imported as a type only', () => {
    expect(specifiersOf('import type { Handler } from "./handler";\nexport type { Event } from "./event"; import { run } from "./run";').sources).toEqual(['./run']);
    expect(specifiersOf('import type from "./type.js";').sources).toEqual(['./type.js']);
  });

  it('says when a name is worked out', () => {
    expect(specifiersOf('require(path.join(dir, name))')).toEqual({ sources: [], vague: true });
    expect(specifiersOf('await import(`./${name}.js`)').vague).toBe(true);
    expect(specifiersOf('const from = "x"; required(path); imports(y)')).toEqual({ sources: [], vague: false });
  });

  it('takes time in proportion to hostile text', () => {
    const text = 'import type { '.repeat(50_000) + 'from '.repeat(50_000) + `require(${' '.repeat(200_000)}`.repeat(3);
    expect(specifiersOf(text)).toEqual({ sources: [], vague: true });
  });
});
