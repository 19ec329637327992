import { describe, expect, it } from 'vitest';
import { computedImports } from '../../src/extract/computed-imports.ts';

/** What is found, as text of the code: the argument, and its parts where a bundler would follow it (`*`: not known). */
const found = (code: string, lang: 'jsx' | 'ts' | 'tsx' = 'ts'): readonly string[] | undefined =>
  computedImports('a.ts', code, lang)?.map(({ argument, pieces, call }) => `${call === undefined ? '' : `${code.slice(...call)} <- `}${code.slice(...argument)}${pieces === undefined ? '' : ` = ${pieces.map((piece) => piece ?? '*').join('|')}`}`);

describe('computed imports', () => {
  it.each([
    ["require('./a/' + name)", ["require('./a/' + name) <- './a/' + name = ./a/|*"]],
    ["import(`./a/${name}.js`)", ['import(`./a/${name}.js`) <- `./a/${name}.js` = ./a/|*|.js']],
    ["require(('./a/' + name) as string)", ["require(('./a/' + name) as string) <- './a/' + name = ./a/|*"]],
    ["require(big ? './a.js' : './b/' + name)", ["'./b/' + name = ./b/|*"]],
    ["require('./a/' + (x + y) + `b${z}` + ('c' + z))", ["require('./a/' + (x + y) + `b${z}` + ('c' + z)) <- './a/' + (x + y) + `b${z}` + ('c' + z) = ./a/|*|b|*||c|*"]],
    ["require('./a/' + require('./b/' + name))", ["require('./a/' + require('./b/' + name)) <- './a/' + require('./b/' + name) = ./a/|*", "require('./b/' + name) <- './b/' + name = ./b/|*"]],
    // Not followed, and hidden all the same.
    ['require(name + "/a.js")', ['name + "/a.js"']],
    ['require(first(name))', ['first(name)']],
    ["require('./a/' + name, 1)", ["'./a/' + name"]],
    ["import('./a/' + name, options)", ["'./a/' + name"]],
    ["require?.('./a/' + name)", ["'./a/' + name"]],
    ["(() => require)()('./a/' + name)", ["'./a/' + name"]],
    ["((require) => require('./a/' + name))(load)", ["'./a/' + name"]],
    ["const require = createRequire(import.meta.url); require('./a/' + name)", ["'./a/' + name"]],
    ["import { require } from 'x'; () => require('./a/' + name)", ["'./a/' + name"]],
    ["function load() { function require() {} return require('./a/' + name); }", ["'./a/' + name"]],
    // A name of another function's own.
    ["((require) => require)(1); require('./a/' + name)", ["require('./a/' + name) <- './a/' + name = ./a/|*"]],
    ["require('./a.js')", []],
    ['require(name)', []],
    ['require(paths.name)', []],
    ["require('./a' + '.js')", []],
    ['require(`./a.js`)', []],
    ["require('lodash/' + name)", []],
    ["require('x').use('./a/' + name)", []],
    ["load('./a/' + name)", []],
    ["import x from './a.js'", []],
  ])('%s', (code, expected) => {
    expect(found(code)).toEqual(expected);
  });

  it('are not known of what cannot be parsed', () => {
    expect(found('require(')).toBeUndefined();
    expect(found(`require('./a/' + b);${'('.repeat(5_000)}`)).toBeUndefined();
    expect(found(`require('./a/' + b);${' '.repeat(1_000_001)}`)).toBeUndefined();
    expect(found('return require("./a/" + <b/>)', 'jsx')).toHaveLength(1);
  });
});
