import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTree, reasonOf, sam, scan, type Tree } from './harness.ts';

let tree: Tree;
beforeEach(() => { tree = makeTree(); });
afterEach(() => tree.remove());

const many = 200_000;
const nested = (open: string, close: string, middle = '1'): string => open.repeat(many) + middle + close.repeat(many);
const handler = (text: string): string => `${text}\nexports.handler = async () => 1;\n`;

describe('a hostile source file costs that file', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['a syntax error', 'exports.handler = async ( => {', /syntax error/],
    ['a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 0xff, 0xfe]), /binary|encoding/],
    ['not UTF-8', Buffer.concat([Buffer.from("exports.handler = async () => '"), Buffer.from([0xe9, 0xff, 0xc3]), Buffer.from("';")]), /UTF-8/],
    ['5 MB', handler(`// ${'x'.repeat(5_000_000)}`), /big|larger/],
    ['nested arrays', handler(`const x = ${nested('[', ']')};`), /bracket|deep/],
    ['nested braces', handler(nested('{', '}', '')), /bracket|deep/],
    ['unclosed brackets', handler('['.repeat(many)), /bracket|deep|syntax/],
    ['closing brackets', handler(']'.repeat(many)), /syntax/],
  ])('%s', async (_name, text, reason) => {
    tree.write('bad/template.yaml', sam('bad.handler'));
    tree.write('bad/bad.js', text);
    const result = await scan(tree);
    expect(reasonOf(result, 'bad/bad.js')).toMatch(reason);
    expect(result.incomplete.map((item) => item.file)).toContain('bad/bad.js');
  });

  it.each<[string, string]>([
    ['parentheses', handler(`const x = ${nested('(', ')')};`)],
    ['else if', handler(`let a = 1; if (a === 0) {} ${'else if (a) {} '.repeat(60_000)}`)],
    ['a chain of calls', handler(`const x = a${'.b()'.repeat(many)};`)],
    ['a chain of members', handler(`const x = a${'.b'.repeat(many)};`)],
    ['a sum', handler(`const x = 1${'+1'.repeat(many)};`)],
    ['unary marks', handler(`const x = ${'!'.repeat(many)}1;`)],
    ['arrows', handler(`const x = ${'a=>'.repeat(many)}1;`)],
    ['conditionals', handler(`const x = ${'a?1:'.repeat(many)}1;`)],
    ['assignments', handler(`let a; ${'a='.repeat(many)}1;`)],
    ['powers', handler(`const x = ${'2**'.repeat(many)}1;`)],
    ['templates', handler(`const x = ${'`${'.repeat(100_000)}1${'}`'.repeat(100_000)};`)],
    ['labels', handler(`${'a:'.repeat(100_000)};`)],
    ['new', handler(`const x = ${'new '.repeat(many)}a;`)],
    ['words', handler(`const x = ${'typeof '.repeat(100_000)}a;`)],
    ['loops', handler(`${'while(1)'.repeat(100_000)};`)],
    ['ifs', handler(`${'if(1)'.repeat(100_000)};`)],
    ['awaits', `exports.handler = async () => { ${'await '.repeat(100_000)}1; };\n`],
    ['tags', handler(`const x = ${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)};`)],
    ['less-than marks', handler(`const x = ${'a<'.repeat(many)}a;`)],
    ['commas', handler(`const x = (1${',1'.repeat(many)});`)],
    ['slashes', handler(`const x = ${'a /'.repeat(100_000)} 1;`)],
    ['quotes', handler(`const x = ${'"'.repeat(many + 1)}`)],
  ])('200,000 of a kind: %s', { timeout: 60_000 }, async (_name, text) => {
    tree.write('bad/template.yaml', sam('bad.handler'));
    tree.write('bad/bad.js', text);
    const result = await scan(tree);
    expect(result.functions.map((fn) => fn.name)).toContain('Target');
  });

  it('TypeScript shapes', { timeout: 60_000 }, async () => {
    tree.write('bad/template.yaml', sam('bad.handler'));
    tree.write('bad/bad.ts', `import './generics.js'; import './casts.js'; import './unions.js'; import './keyof.js'; export const handler = async () => 1;\n`);
    tree.write('bad/generics.ts', `let x: ${'A<'.repeat(100_000)}B${'>'.repeat(100_000)};`);
    tree.write('bad/casts.ts', `const x = 1${' as any'.repeat(100_000)};`);
    tree.write('bad/unions.ts', `let x: A${'|B'.repeat(100_000)};`);
    tree.write('bad/keyof.ts', `let x: ${'keyof '.repeat(100_000)}A;`);
    await scan(tree);
  });

  it('byte order mark and CRLF are no problem, and places are those of an editor', async () => {
    tree.write('good/template.yaml', '\uFEFF' + sam('good.handler').replaceAll('\n', '\r\n'));
    tree.write('good/good.js', '\uFEFF// first\r\nconst kept = [];\r\nexports.handler = async (event) => {\r\n  kept.push(event.id);\r\n};\r\n');
    const result = await scan(tree);
    expect(result.findings.filter((finding) => finding.file === 'good/good.js').map(({ rule, line, column }) => ({ rule, line, column }))).toEqual([{ rule: 'no-global-mutable-state', line: 4, column: 3 }]);
  });
});

describe('imports and names', () => {
  it('cyclic imports', async () => {
    tree.write('bad/template.yaml', sam('a.handler'));
    tree.write('bad/a.js', "const b = require('./b'); const kept = []; exports.handler = async (event) => { kept.push(event); return b.again(event); };\n");
    tree.write('bad/b.js', "const a = require('./a'); exports.again = (event) => a.handler(event);\n");
    const result = await scan(tree);
    expect(result.findings.some((finding) => finding.file === 'bad/a.js')).toBe(true);
  });

  it('re-exports in a circle', async () => {
    tree.write('bad/template.yaml', sam('a.handler'));
    tree.write('bad/a.mjs', "export * from './b.mjs'; export { thing as handler } from './b.mjs';\n");
    tree.write('bad/b.mjs', "export * from './a.mjs'; export { handler as thing } from './a.mjs';\n");
    await scan(tree);
  });

  it('a missing handler file and a missing export', async () => {
    tree.write('bad/template.yaml', sam('nowhere/none.handler'));
    tree.write('other/template.yaml', sam('here.absent'));
    tree.write('other/here.js', 'exports.present = async () => 1;\n');
    const result = await scan(tree);
    expect(result.gaps.map((gap) => gap.file)).toEqual(expect.arrayContaining(['bad/template.yaml']));
    expect(result.gaps.some((gap) => gap.file.startsWith('other/'))).toBe(true);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('%s as a name everywhere', async (name) => {
    tree.write('bad/template.json', `{"Transform":"AWS::Serverless-2016-10-31","Parameters":{"${name}":{"Type":"String","Default":"x"}},"Mappings":{"${name}":{"${name}":{"${name}":"1"}}},"Resources":{"${name}":{"Type":"AWS::Serverless::Function","Properties":{"Handler":"bad.${name}","CodeUri":"./","Runtime":"nodejs22.x","Environment":{"Variables":{"${name}":{"Ref":"${name}"}}}}}}}`);
    tree.write('bad/bad.js', `const ${name === 'constructor' ? 'kept' : name} = {}; exports['${name}'] = async (event) => { process.env['${name}'] = event.${name}; return require('./${name}')['${name}']; };\n`);
    tree.write(`bad/${name}.js`, `exports['${name}'] = { ${name}: 1 };\n`);
    tree.write('svc/serverless.yml', `service: a\nprovider: { name: aws, environment: { ${name}: 1 } }\ncustom: { ${name}: x }\nfunctions: { ${name}: { handler: 'h.${name}', environment: { ${name}: '\${self:custom.${name}}' } } }\n`);
    tree.write('svc/h.js', `exports['${name}'] = async () => 1;\n`);
    const result = await scan(tree);
    expect(result.functions.filter((fn) => fn.name === name || fn.name.endsWith(name))).toHaveLength(2);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
