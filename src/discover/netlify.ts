import { NetlifyConfig } from './netlify-config.ts';
import { netlifyEdgeFunction, netlifyFunction } from './netlify-function.ts';
import type { NetlifyEntry } from './netlify-function.ts';
import type { ReadContext, Reader } from './reader.ts';
import { below, folderOf, upwards, withoutExtension } from './source-path-names.ts';
import { filesBelow, inFolder, notDeployed, script } from './web-project.ts';

const inDefaultFolder = /^(?:.*\/)?netlify\/(?:edge-)?functions\//;

/**
 * Netlify (documentation, "Functions" and "Edge Functions", read 2026-11): every file or folder directly in the functions folder is a
 * function, `netlify/functions` unless `netlify.toml` says otherwise. A site without that file is known by its default folder.
 */
export const netlifyReader: Reader = {
  name: 'netlify',
  about: {
    format: 'Netlify', platform: 'Netlify', files: '`netlify.toml`, `netlify/functions/`, `netlify/edge-functions/`',
    reads: 'functions, background, scheduled and edge functions, `config` of the module, settings by name and pattern, bases of a monorepo',
    not: "functions in Go or Rust; settings that only the site's dashboard holds",
  },
  matches: (file) => file.endsWith('netlify.toml') || inDefaultFolder.test(file),
  read(file, context) {
    if (/(?:^|\/)netlify\.toml$/.test(file)) {
      const document = context.document(file);
      const broken = document?.errors.find((error) => error.kind !== 'duplicate');
      if (broken !== undefined) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
      readSite(new NetlifyConfig(context, file, folderOf(file), document?.roots[0]), file, context);
      return;
    }
    const folder = /^(?:.*?\/)?netlify\/(?:edge-)?functions(?=\/)/.exec(file)?.[0] ?? '';
    const site = folderOf(folderOf(folder));
    // Read once, from the first file of the folder.
    if (filesBelow(context.workspace, folder)[0] !== file || upwards(site).some((above) => reads(context, above, folder, above === site))) return;
    const config = new NetlifyConfig(context, folder, site, undefined);
    const edge = folder.endsWith('edge-functions');
    for (const entry of entriesOf(folder, folder, config, context)) (edge ? netlifyEdgeFunction : netlifyFunction)(entry, context);
  },
};

/** Whether the site of a folder reads these functions: its own configuration always does, one further up when its base leads here. */
function reads(context: ReadContext, site: string, folder: string, own: boolean): boolean {
  const file = inFolder(site, 'netlify.toml');
  if (!context.workspace.has(file)) return false;
  const config = new NetlifyConfig(context, file, site, context.document(file)?.roots[0]);
  return own || config.functions === folder || config.edge === folder;
}

function readSite(config: NetlifyConfig, unit: string, context: ReadContext): void {
  context.used(unit);
  if (config.functions !== undefined && config.functions !== '') for (const entry of entriesOf(config.functions, unit, config, context)) netlifyFunction(entry, context);
  const names = new Set<string>();
  if (config.edge !== undefined && config.edge !== '') {
    for (const entry of entriesOf(config.edge, unit, config, context)) {
      names.add(entry.name);
      netlifyEdgeFunction(entry, context);
    }
  }
  for (const { name, location } of config.edgeNames()) {
    if (!names.has(name)) context.gap({ kind: 'handler', file: unit, line: location.line, message: `no edge function named "${name.slice(0, 200)}" found` });
  }
}

/** Files directly in a folder, and of each folder in it the file named alike, else `index`. */
function entriesOf(folder: string, unit: string, config: NetlifyConfig, context: ReadContext): readonly NetlifyEntry[] {
  const found = new Map<string, string>();
  for (const file of filesBelow(context.workspace, folder)) {
    if (!script.test(file) || notDeployed.test(file)) continue;
    const [name = '', second, ...more] = withoutExtension(below(file, folder) ?? '').split('/');
    if (name === '' || name.startsWith('.') || more.length > 0) continue;
    if (second === undefined || second === name || (second === 'index' && !found.has(name))) found.set(name, file);
  }
  return [...found].map(([name, file]) => ({ name, file, unit, config }));
}
