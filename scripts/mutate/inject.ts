import { posix } from 'node:path';
import { moved, type Changes } from './engine.ts';
import { Edits, lineAt } from './edits.ts';
import { fill, type Operator, type Pieces, type Use } from './operators/kit.ts';
import type { Random } from './random.ts';
import type { Subject } from './subject.ts';
import type { Infrastructure } from '../../src/model/function.ts';

/** Where an anti-pattern is put: into the handler, into a helper one import away, three imports away behind a class or wrapper. */
export type Distance = 'handler' | 'near' | 'far';
export const distances: readonly Distance[] = ['handler', 'near', 'far'];

export interface Mutant {
  readonly changes: Changes;
  readonly infrastructure: Infrastructure;
  /** Where a finding is due. */
  readonly file: string;
  readonly line: number;
}

const mark = '//!';
/** How the file with the anti-pattern is reached from the one that the handler imports. */
type Chain = 'class' | 'wrapper' | 'constructor' | 'subclass' | 'table' | 'reexport';

/** Puts one anti-pattern into a function. Nothing is written; the changed texts are given back. */
export function inject(subject: Subject, operator: Operator, distance: Distance, random: Random): Mutant {
  const { tree, repository } = subject;
  const pieces = operator.make(random, subject);
  const file = tree.file;
  const extension = /\.[cm]?[jt]sx?$/.exec(file)?.[0] ?? '.js';
  const style: Style = { esm: tree.isModule, ts: tree.isTypeScript };
  const changes = new Map<string, string>();
  const edits = new Edits(tree.text);
  let target = file;
  if (distance === 'handler') {
    const unique = renamed(pieces, tree.text);
    put(subject, edits, [...imports(unique.uses, style), words(unique.module, style)], words(fill(unique.body, { e: subject.event ?? '' }), style), random);
  } else {
    const folder = posix.join(posix.dirname(file), 'parts');
    const name = (text: string): string => posix.join(folder, `${text}${extension.replace('x', '')}`);
    const entry = 'finishWork';
    target = name(distance === 'near' ? 'finish' : 'store');
    if (distance === 'near') changes.set(target, bodyModule(pieces, style, entry, random));
    else for (const [path, text] of chain(random.pick(['class', 'wrapper', 'constructor', 'subclass', 'table', 'reexport']), pieces, style, entry, random)) changes.set(name(path), text);
    const local = tree.text.includes(entry) ? `${entry}Here` : entry;
    const call = `${pieces.isAsync ? 'await ' : ''}${local}(${subject.event ?? ''});`;
    // TypeScript names the output: `./finish.mjs` for `finish.mts`.
    const suffix = /^\.[cm]/.test(extension) ? extension.replace('t', 'j') : random.pick(['', '', '.js']);
    put(subject, edits, imports([{ from: `./parts/finish${suffix}`, imported: entry, local }], style), call, random);
  }
  const edited = edits.apply();
  changes.set(file, edited.text);
  const text = changes.get(target) ?? '';
  return { changes, infrastructure: moved(repository.infrastructure, file, edited.map), file: target, line: lineAt(text, text.indexOf(mark)) };
}

interface Style { readonly esm: boolean; readonly ts: boolean }

function words(text: string, { ts }: Style): string {
  return fill(text, { any: ts ? ': any' : '', gen: ts ? '<any>' : '', gen2: ts ? '<any, any>' : '', globalThis: ts ? '(globalThis as any)' : 'globalThis', global: ts ? '(global as any)' : 'global' });
}

function put(subject: Subject, edits: Edits, head: readonly string[], body: string, random: Random): void {
  const { tree, node, slots } = subject;
  const indented = body.split('\n').map((line) => `  ${line}`).join('\n').replace(/^ {2}(?=[([`])/, '  ;');
  if (node.body && node.body.type !== 'BlockStatement') edits.wrap(bodyRange(tree.text, node.body.range, node.range[1]), `{\n${indented}\n  return `, ';\n}');
  else edits.insert(slots[random.below(slots.length)] ?? node.range[1] - 1, `\n${indented}\n`);
  const imported = tree.program.body.findLast((item) => item.type === 'ImportDeclaration');
  const first = tree.program.body.find((item) => !(item.type === 'ExpressionStatement' && typeof item.directive === 'string'));
  const text = head.filter((line) => line !== '').join('\n');
  if (imported) edits.insert(imported.range[1], `\n${text}\n`);
  else edits.insert(first?.range[0] ?? 0, `${text}\n`);
}

/** The body of an arrow function with the parentheses around it. */
function bodyRange(text: string, [start, end]: readonly [number, number], limit: number): { readonly range: readonly [number, number] } {
  let [from, to] = [start, end];
  for (let left = from - 1, right = to; right < limit; left--, right++) {
    while (/\s/.test(text[left] ?? '')) left--;
    while (/\s/.test(text[right] ?? '')) right++;
    if (text[left] !== '(' || text[right] !== ')' || right >= limit) break;
    [from, to] = [left, right + 1];
  }
  return { range: [from, to] };
}

/** Names that the file has already get others. */
function renamed(pieces: Pieces, text: string): Pieces {
  const declared = [...`${pieces.module}\n${pieces.body}`.matchAll(/\b(?:const|let|var|function|class)\s+([A-Za-z]\w*)/g)].map((match) => match[1] ?? '');
  const taken = new Set([...declared, ...pieces.uses.map((use) => use.local)].filter((name) => new RegExp(`\\b${name}\\b`).test(text)));
  const change = (value: string): string => value.replace(/[A-Za-z]\w*/g, (name) => (taken.has(name) ? `${name}Mine` : name));
  if (taken.size === 0) return pieces;
  return { ...pieces, module: change(pieces.module), body: change(pieces.body), uses: pieces.uses.map((use) => ({ ...use, local: change(use.local) })) };
}

/** The statements that bring in names. */
export function imports(uses: readonly Use[], { esm }: Style): string[] {
  const unique = [...new Map(uses.map((use) => [`${use.from} ${use.local}`, use])).values()];
  return unique.map(({ from, imported, local }) => {
    const named = imported === local ? local : esm ? `${imported} as ${local}` : `${imported}: ${local}`;
    if (!esm) return `const ${imported === '*' || imported === 'default' ? local : `{ ${named} }`} = require('${from}');`;
    return `import ${imported === '*' ? `* as ${local}` : imported === 'default' ? local : `{ ${named} }`} from '${from}';`;
  });
}

function moduleText(style: Style, uses: readonly Use[], code: readonly string[], exported: string): string {
  const end = style.esm ? `export { ${exported} };` : `module.exports = { ${exported} };`;
  return `${[...imports(uses, style), ...code.filter((text) => text !== '').map((text) => words(text, style)), end].join('\n')}\n`;
}

const indent = (text: string, by: string): string => text.split('\n').map((line) => by + line).join('\n');

function functionText(name: string, { body, isAsync }: Pieces, random: Random): string {
  const text = indent(fill(body, { e: 'input' }), '  ');
  const prefix = isAsync ? 'async ' : '';
  return random.below(2) === 0 ? `${prefix}function ${name}(input$any) {\n${text}\n}` : `const ${name} = ${prefix}(input$any) => {\n${text}\n};`;
}

const bodyModule = (pieces: Pieces, style: Style, name: string, random: Random): string => moduleText(style, pieces.uses, [pieces.module, functionText(name, pieces, random)], name);

/** Three modules: `finish` is what the handler imports, `between` holds the class or wrapper, `store` the anti-pattern. */
function chain(kind: Chain, pieces: Pieces, style: Style, entry: string, random: Random): [string, string][] {
  const prefix = pieces.isAsync ? 'async ' : '';
  const wait = pieces.isAsync ? 'await ' : '';
  const made = (code: readonly string[], uses: readonly Use[]): string => moduleText(style, uses, code, entry);
  const use = (from: string, local: string): Use => ({ from: `./${from}`, imported: local, local });
  const method = (isStatic: boolean): string => `  ${isStatic ? 'static ' : ''}${prefix}save(input$any) {\n${indent(fill(pieces.body, { e: 'input' }), '    ')}\n  }`;
  const store = bodyModule(pieces, style, 'saveAway', random);
  switch (kind) {
    case 'class': return [
      ['finish', made(['const service = new Service();', `const ${entry} = ${prefix}(input$any) => {\n  ${wait}service.run(input);\n};`], [use('between', 'Service')])],
      ['between', moduleText(style, [use('store', 'saveAway')], [`class Service {\n  ${prefix}run(input$any) {\n    ${wait}this.finish(input);\n  }\n  ${prefix}finish(input$any) {\n    ${wait}saveAway(input);\n  }\n}`], 'Service')],
      ['store', store],
    ];
    case 'wrapper': return [
      ['finish', made([`${prefix}function ${entry}(input$any) {\n  return ${wait}work(input);\n}`], [use('between', 'work')])],
      ['between', moduleText(style, [use('store', 'saveAway')], [`const logged = (fn$any) => ${prefix}(...args$any) => {\n  console.log('start');\n  return ${wait}fn(...args);\n};`, 'const work = logged(saveAway);'], 'work')],
      ['store', store],
    ];
    case 'constructor': return [
      ['finish', made(['const service = makeService();', `const ${entry} = (input$any) => service.run(input);`], [use('between', 'makeService')])],
      ['between', moduleText(style, [use('store', 'Store')], [`class Service {\n  ${style.ts ? 'constructor(private readonly store: Store) {}' : 'constructor(store) {\n    this.store = store;\n  }'}\n  ${prefix}run(input$any) {\n    ${wait}this.store.save(input);\n  }\n}`, 'const makeService = () => new Service(new Store());'], 'makeService')],
      ['store', moduleText(style, pieces.uses, [pieces.module, `class Store {\n${method(false)}\n}`], 'Store')],
    ];
    case 'subclass': return [
      ['finish', made([`${prefix}function ${entry}(input$any) {\n  ${wait}Orders.save(input);\n}`], [use('between', 'Orders')])],
      ['between', moduleText(style, [use('store', 'Store')], ['class Orders extends Store {}'], 'Orders')],
      ['store', moduleText(style, pieces.uses, [pieces.module, `class Store {\n${method(true)}\n}`], 'Store')],
    ];
    case 'table': return [
      ['finish', made([`const ${entry} = ${prefix}(input$any) => {\n  ${wait}actions.save(input);\n};`], [use('between', 'actions')])],
      ['between', moduleText(style, [use('store', 'saveAway')], ['const actions = {\n  save: saveAway,\n};'], 'actions')],
      ['store', store],
    ];
    case 'reexport': return [
      ['finish', made([`class Flow {\n  constructor(${style.ts ? 'private readonly step: any' : 'step'}) {${style.ts ? '' : '\n    this.step = step;\n  '}}\n  ${prefix}run(input$any) {\n    ${wait}this.step(input);\n  }\n}`, 'const flow = new Flow(saveAway);', `const ${entry} = ${prefix}(input$any) => {\n  ${wait}flow.run(input);\n};`], [use('between', 'saveAway')])],
      ['between', style.esm ? "export * from './store';\n" : "module.exports = { ...require('./store') };\n"],
      ['store', store],
    ];
  }
}
