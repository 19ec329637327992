import type { Packaging } from '../model/function.ts';
import { packaging, splitHandler } from './cloudformation-handler.ts';
import type { FunctionProperties } from './cloudformation-properties.ts';
import type { DocNode } from './document.ts';
import { imageHandler } from './cloudformation-image.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot, sourceExtensions } from './source-path-names.ts';

/** Where a function's code is. `handler` is missing for inline code. */
export interface FunctionCode {
  readonly handler?: { readonly file: string; readonly export: string } | { readonly gap: string };
  readonly packaging: Packaging;
  /** Known to be JavaScript without a runtime that says so. */
  readonly node: boolean;
}

/** Code of one function; `undefined` when it is certainly no JavaScript. */
export function codeOf(properties: FunctionProperties, context: ReadContext): FunctionCode | undefined {
  const { template, resource } = properties;
  const code = properties.node('CodeUri') ?? properties.node('Code');
  const inline = properties.node('InlineCode') ?? code?.get('ZipFile');
  if (inline) return { packaging: packaging('inline', 'cloudformation'), node: false };
  const metadata = resource.node.get('Metadata');
  if (properties.text('PackageType') === 'Image' || properties.node('ImageUri') || code?.get('ImageUri')) {
    const handler = imageHandler(properties, metadata, context);
    return handler === undefined ? undefined : { handler, packaging: packaging('image', 'docker'), node: 'file' in handler };
  }
  const handler = properties.text('Handler');
  if (handler === undefined) return { handler: { gap: 'handler is not known' }, packaging: packaging('unknown', 'cloudformation'), node: false };
  const split = splitHandler(handler);
  if (!split) return { handler: { gap: `handler "${handler.slice(0, 200)}" names no export` }, packaging: packaging('unknown', 'cloudformation'), node: false };
  const unitDir = folderOf(template.file);
  const path = template.text(code);
  const sam = resource.type === 'AWS::Serverless::Function';
  // `sam build` takes the template's folder when there is no CodeUri; code in a bucket may still lie beside the template.
  const local = path !== undefined && !/^[a-z0-9]+:\/\//i.test(path) ? path : code === undefined || path === undefined ? '.' : undefined;
  const folder = local === undefined ? unitDir : joinInRoot(unitDir, local);
  if (folder === undefined) return { handler: { gap: 'the code lies outside the repository' }, packaging: packaging('unknown', 'cloudformation'), node: false };
  const build = metadata?.get('BuildMethod')?.text();
  const options = metadata?.get('BuildProperties');
  const source = entryPoint(folder, split.path, options, context) ?? context.sourceOf(unitDir, folder, split.path);
  return {
    handler: 'file' in source ? { file: source.file, export: split.export } : source,
    packaging: build === 'esbuild' ? esbuild(options, folder) : packaging(local === undefined || path === undefined ? 'unknown' : 'folder', sam ? 'sam' : 'cloudformation', { folder }),
    node: 'file' in source,
  };
}

/** With esbuild the handler's path names the output, the entry point is the source. */
function entryPoint(folder: string, handlerPath: string, options: DocNode | undefined, context: ReadContext): { readonly file: string } | undefined {
  const base = handlerPath.slice(handlerPath.lastIndexOf('/') + 1);
  for (const item of options?.get('EntryPoints')?.items ?? []) {
    const entry = item.text();
    const file = entry === undefined ? undefined : joinInRoot(folder, entry);
    if (file === undefined) continue;
    for (const candidate of [file, ...sourceExtensions.map((extension) => `${file}${extension}`)]) {
      const name = candidate.slice(candidate.lastIndexOf('/') + 1);
      if (context.workspace.has(candidate) && name.slice(0, name.lastIndexOf('.')) === base) return { file: candidate };
    }
  }
  return undefined;
}

/** esbuild settings of `sam build` (SAM developer guide, "Building Node.js Lambda functions with esbuild", read 2026-11): minified unless said otherwise. */
function esbuild(options: DocNode | undefined, folder: string): Packaging {
  const target = options?.get('Target')?.text();
  return packaging('bundled', 'esbuild', {
    folder,
    external: (options?.get('External')?.items ?? []).map((item) => item.text()).filter((name) => name !== undefined),
    minify: options?.get('Minify')?.boolean() ?? true,
    sourceMap: options?.get('Sourcemap')?.boolean() ?? false,
    format: options?.get('Format')?.text() === 'esm' ? 'esm' : 'cjs',
    ...(target === undefined ? {} : { target }),
  });
}
