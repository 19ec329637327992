import { parseDocument } from './document.ts';
import type { ReadContext } from './reader.ts';
import { joinInRoot } from './source-path-names.ts';

const builtFolder = /^(?:(.*)\/)?\.aws-sam\/build\/([A-Za-z0-9]{1,255})$/;

/** The folder of a template and the function of it that `sam build` puts into a folder (SAM CLI, "sam build", November 2026); `undefined` for other folders. */
export function samBuiltFrom(folder: string): { readonly home: string; readonly name: string } | undefined {
  const found = builtFolder.exec(folder);
  return found?.[2] === undefined ? undefined : { home: found[1] ?? '', name: found[2] };
}

/** Source of a function that another program deploys from the folder which `sam build` makes: what the template beside it names. */
export function samBuiltSource(context: ReadContext, folder: string): { readonly file: string } | undefined {
  const built = samBuiltFrom(folder);
  if (!built) return undefined;
  for (const name of ['template.yaml', 'template.yml', 'template.json']) {
    const file = joinInRoot(built.home, name);
    const text = file === undefined ? undefined : context.workspace.read(file);
    if (file === undefined || text === undefined) continue;
    const resource = parseDocument(file, text).roots[0]?.at('Resources', built.name);
    const handler = resource?.at('Properties', 'Handler')?.scalar;
    const code = resource?.at('Properties', 'CodeUri')?.scalar ?? '.';
    if (typeof handler !== 'string' || typeof code !== 'string' || resource?.get('Type')?.scalar !== 'AWS::Serverless::Function') return undefined;
    const codeDir = joinInRoot(built.home, code);
    const path = handler.includes('.') ? handler.slice(0, handler.lastIndexOf('.')) : handler;
    const source = codeDir === undefined ? undefined : context.sourceOf(built.home, codeDir, path);
    return source && 'file' in source ? source : undefined;
  }
  return undefined;
}
