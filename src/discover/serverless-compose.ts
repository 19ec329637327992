import type { Value } from '../model/value.ts';
import { outputName } from './cloudformation-published.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

const composeNames: readonly string[] = ['serverless-compose.yml', 'serverless-compose.yaml', 'serverless-compose.json'];
const serviceNames: readonly string[] = ['serverless.yml', 'serverless.yaml', 'serverless.json'];

const maximumServices = 500;

/** Asks for the stack name of another service's file; `undefined` when it cannot be told. */
export type StackNameOf = (file: string, root: DocNode) => Value | undefined;

/**
 * A parameter that `serverless-compose.yml` above a service hands to it: a literal, or an output of another service's stack
 * (Serverless Framework documentation, "Composing services", read 2026-11).
 */
export function composeParameter(context: ReadContext, service: string, name: string, stackNameOf: StackNameOf): Value | undefined {
  for (const folder of foldersAbove(service)) {
    for (const base of composeNames) {
      const file = folder === '' ? base : `${folder}/${base}`;
      const services = context.workspace.has(file) ? context.document(file, { version: '1.2' })?.roots[0]?.get('services') : undefined;
      const own = [...(services?.entries.values() ?? [])].slice(0, maximumServices).find((node) => fileOf(context, folder, node) === service);
      const node = own?.at('params', name);
      if (!services || !node) continue;
      context.used(file);
      const text = node.text();
      const reference = /^\$\{([A-Za-z0-9_-]{1,100})\.([A-Za-z0-9_]{1,200})\}$/.exec(text ?? '');
      if (!reference) return text === undefined || text.includes('${') ? { kind: 'unknown', reason: `parameter ${name.slice(0, 100)} of ${file}` } : { kind: 'literal', value: node.scalar };
      const [, from = '', output = ''] = reference;
      const other = fileOf(context, folder, services.get(from));
      const root = other === undefined ? undefined : context.document(other, { version: '1.2' })?.roots[0];
      const stack = other === undefined || root === undefined ? undefined : stackNameOf(other, root);
      return stack === undefined ? { kind: 'unknown', reason: `output ${output} of ${from}` } : { kind: 'derived', what: 'stackOutput', from: [outputName(stack, output)], io: false };
    }
  }
  return undefined;
}

function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === '' || folders.length > 50) return folders;
  }
}

/** File of a composed service: `path`, and `config` where it has another name. */
function fileOf(context: ReadContext, folder: string, node: DocNode | undefined): string | undefined {
  const path = node?.get('path')?.text();
  const own = path === undefined ? undefined : joinInRoot(folder, path);
  if (own === undefined) return undefined;
  const config = node?.get('config')?.text();
  for (const base of config === undefined ? serviceNames : [config]) {
    const file = joinInRoot(own, base);
    if (file !== undefined && context.workspace.has(file)) return file;
  }
  return undefined;
}
