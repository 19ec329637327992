import type { Handler, ServerlessFunction } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext, Reader } from './reader.ts';
import { below, folderOf } from './source-path-names.ts';
import { webFunction } from './web-function.ts';
import { filesBelow, firstIn, inFolder } from './web-project.ts';

/**
 * Apex (apex.run documentation, "Structuring projects", read 2026-11): every folder below `functions/` of a `project.json` is a Lambda
 * function, with a `function.json` of its own over the project's settings.
 */
export const apexReader: Reader = {
  name: 'apex',
  about: {
    format: 'Apex', platform: 'AWS', files: '`project.json`, `function.json`',
    reads: "functions, their settings and the project's",
    not: 'other languages',
  },
  matches: (file) => file === 'project.json' || file.endsWith('/project.json'),
  // Nx and others have files of this name: this one names a role or a name template of functions.
  sniff: (text) => /"(?:role|nameTemplate)"/.test(text) && /"name"/.test(text) && !/"(?:targets|sourceRoot|projectType)"/.test(text),
  read(file, context) {
    const root = context.document(file, { format: 'jsonc' })?.roots[0];
    const folder = folderOf(file);
    const functions = inFolder(folder, 'functions');
    if (root?.kind !== 'map' || !context.workspace.isDirectory(functions)) return;
    const names = new Set(filesBelow(context.workspace, functions).flatMap((one) => {
      const [name, rest] = (below(one, functions) ?? '').split('/');
      return name === undefined || rest === undefined ? [] : [name];
    }));
    for (const name of names) apexFunction(file, folder, name, root, context);
  },
};

function apexFunction(unit: string, project: string, name: string, root: DocNode, context: ReadContext): void {
  const folder = inFolder(inFolder(project, 'functions'), name);
  const file = firstIn(context.workspace, folder, ['function.json']);
  const own = file === undefined ? undefined : context.document(file, { format: 'jsonc' })?.roots[0];
  const setting = (key: string): { readonly node: DocNode; readonly holder: DocNode } | undefined => {
    for (const holder of [own, root]) {
      const node = holder?.get(key);
      if (holder && node) return { node, holder };
    }
    return undefined;
  };
  const number = (key: string): Located<number> | undefined => {
    const found = setting(key);
    const value = found?.node.number();
    return found === undefined || value === undefined ? undefined : { value, location: found.holder.keyLocation(key) };
  };
  const runtime = setting('runtime');
  const text = runtime?.node.text();
  if (text !== undefined && !/^node/.test(text)) return;
  const [base = 'index', exported = 'handle'] = (setting('handler')?.node.text() ?? 'index.handle').split('.');
  const source = context.sourceOf(project, folder, base);
  if ('gap' in source) {
    // Without a runtime a folder of another language is told by its files alone.
    if (text !== undefined) context.gap({ kind: 'handler', file: unit, line: 1, message: `${name}: ${source.gap}` });
    return;
  }
  const handlers: Handler[] = [{ file: source.file, export: exported, kind: 'handler' }];
  const timeout = number('timeout');
  const memory = number('memory');
  const settings: Partial<ServerlessFunction> = {
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(memory === undefined ? {} : { memoryMb: memory }),
    ...(runtime === undefined || text === undefined || !/^nodejs\d/.test(text) ? {} : { runtime: { value: text, location: runtime.holder.keyLocation('runtime') } }),
  };
  const environment = [...(root.get('environment')?.entries ?? []), ...(own?.get('environment')?.entries ?? [])].flatMap(([key, node]) => (node.text() === undefined ? [] : [[key, literal(node.text())] as const]));
  context.used(unit);
  if (file !== undefined) context.used(file);
  context.addFunction(webFunction({
    name, unit, platform: 'aws', handlers, foundBy: 'infrastructure', triggers: [], declaredAt: [(own ?? root).location], environment: new Map(environment), ...settings,
    packaging: { form: 'folder', tool: 'apex', folder, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
  }));
}
