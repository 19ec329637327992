import { describe, expect, it } from 'vitest';
import { parseModule } from '../../src/extract/parse.ts';

function classes(source: string): readonly string[] {
  const parsed = parseModule('a.js', source);
  if (!('facts' in parsed)) throw new Error('not parsed');
  return parsed.facts.classes.map((cls) => `${cls.name}${cls.superClass ? ' extends' : ''}: ${cls.members.map((member) => `${member.static ? 'static ' : ''}${member.kind} ${member.name}`).join(', ')}`);
}

describe('functions that are classes', () => {
  it.each<[string, string, readonly string[]]>([
    ['methods one by one', 'function A() {}\nA.prototype.go = function () {};\nA.prototype.size = 1;', ['A: constructor constructor, method go, field size']],
    ['a variable', 'var A = function B() {};\nA.prototype.go = function () {};', ['A: constructor constructor, method go']],
    ['all at once', 'function A() {}\nA.prototype = { constructor: A, go: function () {}, stop() {} };', ['A: constructor constructor, method go, method stop']],
    ['Object.assign', 'function A() {}\nObject.assign(A.prototype, { go() {} });', ['A: constructor constructor, method go']],
    ['util.inherits', 'const util = require("util");\nfunction B() {}\nfunction A() {}\nutil.inherits(A, B);', ['A extends: constructor constructor']],
    ['Object.create', 'function B() {}\nfunction A() {}\nA.prototype = Object.create(B.prototype);', ['A extends: constructor constructor']],
    ['what hangs on the class', 'function A() {}\nA.prototype.go = function () {};\nA.make = function () { return new A(); };\nA.count = 0;', ['A: constructor constructor, method go, static method make, static field count']],
    ['what fills its own object', 'function A(db) {\n  this.db = db;\n  this.go = async function () {};\n}\nmodule.exports = A;', ['A: constructor constructor']],
    ['a function that only keeps data on `this`', 'function a(event) {\n  this.name = event.name;\n  this.done = () => {}, 1;\n}\nmodule.exports = a;', []],
    ['a generator', 'function* a() {\n  this.go = () => {};\n}\nmodule.exports = a;', []],
    ['inside a function', 'const A = (function () {\n  function A() {}\n  A.prototype.go = function () {};\n  return A;\n})();', ['A: constructor constructor, method go']],
    ['a function with properties', 'function a() {}\na.use = function () {};', []],
    ['an arrow function', 'const a = () => {};\na.prototype.go = 1;', []],
    ['somebody else’s prototype', 'function a() {}\nArray.prototype.last = function () {};', []],
    ['a prototype that is only read', 'function a() {}\nconst has = a.prototype.hasOwnProperty;', []],
  ])('%s', (_name, source, expected) => {
    expect(classes(source)).toEqual(expected);
  });
});
