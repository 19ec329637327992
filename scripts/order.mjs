// The analyzer with its order of work changed: for the checks that results do not depend on it (`scripts/verify.mjs`, `test/order.test.ts`).
// A bundle of the sources, in which the modules that decide an order are wrapped:
// - files of the workspace, and with them folders and Terraform's files of a folder;
// - readers of infrastructure;
// - entries of every map of a YAML, JSON or TOML document whose tool gives their order no meaning (resources, functions, events, …), and blocks of a Terraform file;
// - in which order modules are loaded: all that a plain run loads, shuffled, before anything asks for one.
import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const project = dirname(dirname(fileURLToPath(import.meta.url)));

/** What stands in place of each module; `order` is what the caller sets. */
const wrapped = new Map(Object.entries({
  'src/workspace/workspace.ts': `import { openWorkspace as plain } from './workspace.ts'; import { order } from 'the:order';
    export const openWorkspace = (...args) => { const opened = plain(...args); return { ...opened, files: order.files(opened.files) }; };`,
  'src/discover/readers.ts': `import { readers as plain } from './readers.ts'; import { order } from 'the:order';
    export const readers = { [Symbol.iterator]: () => order.readers(plain)[Symbol.iterator]() };`,
  'src/discover/document.ts': `import { parseDocument as plain } from './document.ts'; import { order } from 'the:order';
    export const parseDocument = (...args) => order.document(plain(...args));`,
  'src/discover/hcl.ts': `import { parseHcl as plain } from './hcl.ts'; import { order } from 'the:order';
    export const parseHcl = (...args) => order.terraform(plain(...args));`,
  'src/extract/load.ts': `import { createFactsLoader as plain } from './load.ts'; import { order } from 'the:order';
    export const createFactsLoader = (...args) => order.modules(plain(...args));`,
}).map(([file, text]) => [join(project, file), `export * from './${basename(file)}';\n${text}`]));

/** @type {import('esbuild').Plugin} */
const plugin = {
  name: 'order',
  setup(builder) {
    builder.onResolve({ filter: /^the:order$/ }, () => ({ path: 'the:order', namespace: 'order' }));
    builder.onLoad({ filter: /^the:order$/, namespace: 'order' }, () => ({ contents: 'export const order = {};' }));
    builder.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir, namespace }) => {
      const file = join(resolveDir, path);
      return namespace !== 'wrapped' && wrapped.has(file) ? { path: file, namespace: 'wrapped' } : undefined;
    });
    builder.onLoad({ filter: /.*/, namespace: 'wrapped' }, ({ path }) => ({ contents: wrapped.get(path), resolveDir: dirname(path), loader: 'ts' }));
  },
};

/** Maps whose entries have an order that means something: globs of which the first one counts, conditions, steps. */
const orderedKeys = new Set(['rewrites', 'redirects', 'headers', 'routes', 'exports', 'imports', 'paths', 'customDomain']);
const orderedFiles = /(?:^|\/)(?:package|vercel|now|firebase|tsconfig[^/]*)\.json$/;

/** Turns the entries of a document's maps round, in place. @returns whether there was one of several entries */
function turnDocument(document) {
  if (document === undefined || orderedFiles.test(document.file)) return false;
  let isTurned = false;
  const seen = new Set();
  const stack = [...document.roots];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const [key, value] of node.entries) if (!orderedKeys.has(key)) stack.push(value);
    stack.push(...node.items);
    const entries = [...node.entries].reverse();
    if (entries.length < 2) continue;
    isTurned = true;
    node.entries.clear();
    for (const [key, value] of entries) node.entries.set(key, value);
  }
  return isTurned;
}

/** Blocks of one file stand in any order. */
const turnTerraform = (file) => ({ ...file, body: { attributes: new Map([...file.body.attributes].reverse()), blocks: [...file.body.blocks].reverse() } });

/** The same items in another order, the same in each run. */
function shuffled(items) {
  const list = [...items];
  let state = 20261121;
  for (let index = list.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const other = (state >>> 8) % (index + 1);
    [list[index], list[other]] = [list[other], list[index]];
  }
  return list;
}

const same = (value) => value;

/** Each change alone, so that a difference names its cause. */
export const changes = ['files', 'readers', 'documents', 'modules'];

/** Bundles the analyzer. @returns a function that compares a plain run with a changed one. */
export async function orderCheck() {
  const outfile = join(project, 'node_modules', '.cache', 'faaslint', `order-${process.pid}.mjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    stdin: { contents: "export { analyze } from './src/analyze.ts'; export { jsonReport } from './src/report/json.ts'; export { graphJson } from './src/report/graph-json.ts'; export { rules } from './rules/index.ts'; export { order } from 'the:order';", resolveDir: project },
    outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm', logLevel: 'error', plugins: [plugin],
  });
  const { analyze, jsonReport, graphJson, order, rules } = await import(pathToFileURL(outfile).href);
  const context = { version: '0.0.0', root: '.', rules };

  /** Output of one run as one text, and the modules that it loaded. */
  async function run(folder, change, modules) {
    let [loader, isTurned] = [undefined, false];
    const reversed = (list) => { isTurned ||= list.length > 1; return [...list].reverse(); };
    order.files = change === 'files' ? reversed : same;
    order.readers = change === 'readers' ? reversed : same;
    order.document = change === 'documents' ? (document) => { isTurned = turnDocument(document) || isTurned; return document; } : same;
    order.terraform = change === 'documents' ? (file) => { isTurned ||= file.body.blocks.length > 1; return turnTerraform(file); } : same;
    order.modules = (made) => {
      loader = made;
      if (change === 'modules') for (const file of shuffled(modules)) made.facts(file);
      isTurned ||= change === 'modules' && modules.length > 1;
      return made;
    };
    const result = await analyze({ root: folder, paths: [folder], preset: 'all', bundles: false, config: false, date: '2026-11-21', graph: true });
    return { text: `${jsonReport(result, context)}\n${graphJson(result.graph, context)}`, modules: loader?.loaded() ?? [], isTurned };
  }

  /** Differences between a plain run and one with each of the given changes: the change and the first line that differs. `turned`: changes that found something to turn round. */
  return async (folder, tried = changes) => {
    const plain = await run(folder, undefined, []);
    const differences = [];
    const turned = [];
    for (const change of tried) {
      const { text, isTurned } = await run(folder, change, plain.modules);
      if (isTurned) turned.push(change);
      if (text === plain.text) continue;
      const [before, after] = [plain.text.split('\n'), text.split('\n')];
      const at = before.findIndex((line, index) => line !== after[index]);
      differences.push({ change, line: at + 1, before: before.slice(Math.max(0, at - 3), at + 2).join('\n'), after: after.slice(Math.max(0, at - 3), at + 2).join('\n') });
    }
    return { differences, turned, length: plain.text.length };
  };
}
