import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Packaging, ServerlessFunction } from '../../src/model/function.ts';
import { literal } from '../../src/model/value.ts';
import type { Workspace } from '../../src/model/workspace.ts';
import { sizeReader } from '../../src/workspace/sizes.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Contents of a test project: text, bytes, an object written as JSON, or a symbolic link. */
export type Tree = Readonly<Record<string, string | Uint8Array | object>>;

export const link = (target: string): { readonly link: string } => ({ link: target });

/** A new directory with the tree in `repo/`; what lies beside it is outside the root. */
export function project(tree: Tree, outside: Tree = {}): { readonly base: string; readonly root: string; readonly workspace: Workspace } {
  const base = temporaryFolder('measure');
  const root = join(base, 'repo');
  mkdirSync(root);
  for (const [directory, files] of [[base, outside], [root, tree]] as const) {
    for (const [path, content] of Object.entries(files)) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      if (isLink(content)) symlinkSync(content.link, file);
      else writeFileSync(file, typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content));
    }
  }
  return { base, root, workspace: workspaceOf(root) };
}

const isLink = (content: Tree[string]): content is { readonly link: string } => typeof content === 'object' && 'link' in content && typeof content.link === 'string';

export function workspaceOf(root: string): Workspace {
  const sizes = sizeReader(root);
  const read = (file: string): string | undefined => {
    const bytes = sizes.bytes(file, 1_000_000);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
  };
  return { root, files: [], has: (file) => sizes.size(file) !== undefined, read, problem: () => undefined, isDirectory: (path) => sizes.real(path).kind === 'directory' };
}

export const packaging = (over: Partial<Packaging> = {}): Packaging =>
  ({ form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs', ...over });

const here = (file: string, line: number) => ({ file, line, column: 1, endLine: line, endColumn: 10 });

/** A Lambda function on nodejs22.x whose handler is `src/<name>.ts`, declared in line 5 of `template.yaml`. */
export function fn(name: string, over: Partial<ServerlessFunction> = {}, pack: Partial<Packaging> = {}): ServerlessFunction {
  return {
    id: `template.yaml#${name}`, name, unit: 'template.yaml', platform: 'aws',
    handlers: [{ file: `src/${name}.ts`, export: 'handler', kind: 'lambda' }],
    triggers: [], declaredAt: [here('template.yaml', 5)], foundBy: 'infrastructure',
    runtime: { value: 'nodejs22.x', location: here('template.yaml', 7) },
    environment: new Map(), packaging: packaging(pack), layers: [], mounts: [], destinations: [], ...over,
  };
}

export const folderFn = (name: string, folder: string, over: Partial<ServerlessFunction> = {}, pack: Partial<Packaging> = {}): ServerlessFunction =>
  fn(name, over, { form: 'folder', tool: 'sam', folder, ...pack });

/** A module of at least that many bytes that no minifier or tree shaker can reduce below its text. */
export const code = (bytes: number, seed = 'x'): string => `exports.${seed} = ${JSON.stringify(seed.repeat(Math.max(1, bytes)))};\n`;

/** An installed CommonJS package of at least that many bytes. */
export function pack(name: string, bytes: number, over: object = {}, at = 'node_modules'): Record<string, string | object> {
  return { [`${at}/${name}/package.json`]: { name, version: '1.0.0', main: 'index.js', ...over }, [`${at}/${name}/index.js`]: code(bytes) };
}

export { literal };
