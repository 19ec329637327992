import type { Handler, ServerlessFunction, Trigger } from '../model/function.ts';
import type { Located, Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { parseArc } from './arc-document.ts';
import type { ArcDocument, ArcEntry } from './arc-document.ts';
import type { ReadContext, SourcePath } from './reader.ts';
import { remixServer } from './remix-server.ts';
import { below, folderOf, isBuildFolder, joinInRoot, sourceAt, withoutExtension } from './source-path-names.ts';
import { webFunction } from './web-function.ts';
import { filesBelow, firstIn, script } from './web-project.ts';

export interface ArcProject { readonly unit: string; readonly folder: string; readonly document: ArcDocument }

interface Declared { readonly pragma: string; readonly name: string; readonly directory: string; readonly entry: ArcEntry; readonly triggers: readonly Trigger[] }

/** Timeout and memory that Architect gives a function for which nothing is written (@architect/inventory, `function-config.js`, read 2026-11). */
const defaults = { timeoutSeconds: 5, memoryMb: 1_152 };

/** Older versions kept the code of these in other folders. */
const olderFolders: ReadonlyMap<string, readonly string[]> = new Map([['tables-streams', ['streams', 'tables']], ['ws', ['ws-']]]);

/** Adds one Lambda function: its folder, its own `config.arc`, and what `@aws` of the manifest sets for all. */
export function addArcFunction(project: ArcProject, declared: Declared, context: ReadContext): void {
  const { pragma, name, entry } = declared;
  const folder = folderFor(project, declared, entry.properties.get('src')?.words[0], context);
  const file = firstIn(context.workspace, folder, ['config.arc', '.arc-config']);
  const config = file === undefined ? undefined : parseArc(file, context.workspace.read(file) ?? '');
  const settings = settingsOf([project.document.get('aws'), config?.get('aws')], entry.location);
  if (!/^node/.test(settings.runtime?.value ?? 'node')) return;
  const [base = 'index', exported = 'handler'] = (settings.handler ?? 'index.handler').split('.');
  const source = sourceIn(project, folder, base, context);
  const handlers: Handler[] = 'file' in source ? [{ file: source.file, export: exported, kind: 'handler' }] : [];
  if ('gap' in source) context.gap({ kind: 'handler', file: project.unit, line: entry.location.line, message: `@${pragma} ${name.slice(0, 200)}: ${source.gap}` });
  // Neither folder nor code: what the entry deploys is made elsewhere.
  if ('gap' in source && !context.workspace.isDirectory(folder)) return;
  if (file !== undefined) context.used(file);
  context.addFunction(webFunction({
    id: `${project.unit}#${pragma}/${name}`, name: `${pragma}/${name}`, unit: project.unit, platform: 'aws', handlers, foundBy: 'infrastructure', declaredAt: [entry.location],
    triggers: declared.triggers, environment: environmentOf(project, context), ...settings.fn,
    packaging: { form: 'folder', tool: 'architect', folder, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
  }));
}

/** The folder that an entry's code is deployed from: the one that is written, else the first that exists of those it may be kept in. */
function folderFor(project: ArcProject, declared: Declared, written: string | undefined, context: ReadContext): string {
  const candidates = written !== undefined ? [written] : [`src/${declared.pragma}/${declared.directory}`, ...(olderFolders.get(declared.pragma) ?? []).map((folder) => (folder.endsWith('-') ? `src/ws/${folder}${declared.directory}` : `src/${folder}/${declared.directory}`))];
  const folders = candidates.map((candidate) => joinInRoot(project.folder, candidate.replace(/^\/+/, ''))).filter((folder) => folder !== undefined);
  return folders.find((folder) => context.workspace.isDirectory(folder)) ?? folders[0] ?? project.folder;
}

/** The module in the folder; for a folder that a build fills, the file of its name, else the only module that ends like it. */
function sourceIn(project: ArcProject, folder: string, base: string, context: ReadContext): SourcePath {
  const direct = context.sourceOf(project.folder, folder, base);
  if ('file' in direct || folder === project.folder) return direct;
  const server = remixServer(context.workspace, project.folder, `${folder}/${base}`);
  if (server !== undefined) return { file: server };
  const beside = sourceAt(context.workspace, folder);
  if (beside !== undefined) return { file: beside };
  const segments = (below(folder, project.folder) ?? folder).split('/').filter((segment) => !isBuildFolder(segment));
  const ending = `/${[...segments.slice(-2), base].join('/')}`;
  const found = segments.length < 2 ? [] : filesBelow(context.workspace, project.folder).filter((file) => script.test(file) && withoutExtension(file).endsWith(ending) && !folderOf(file).split('/').some((segment) => isBuildFolder(segment)));
  const [only] = found;
  return found.length === 1 && only !== undefined ? { file: only } : direct;
}

/** Settings of `@aws`, later ones over earlier ones. */
function settingsOf(sources: readonly (readonly ArcEntry[] | undefined)[], location: Location): { readonly fn: Partial<ServerlessFunction>; readonly runtime: Located<string> | undefined; readonly handler: string | undefined } {
  const written = new Map<string, ArcEntry>();
  for (const entry of sources.flatMap((list) => list ?? [])) if (entry.words[0] !== undefined) written.set(entry.words[0], entry);
  const number = (key: string): Located<number> | undefined => {
    const entry = written.get(key);
    const value = Number(entry?.words[1] ?? 'none');
    return entry === undefined || !Number.isFinite(value) ? undefined : { value, location: entry.location };
  };
  const text = (key: string): string | undefined => written.get(key)?.words[1];
  const runtimeEntry = written.get('runtime');
  const runtime = runtimeEntry?.words[1] === undefined ? undefined : { value: runtimeEntry.words[1], location: runtimeEntry.location };
  const concurrency = number('concurrency');
  const provisioned = number('provisionedConcurrency');
  const storage = number('storage');
  const architecture = text('architecture');
  const region = text('region');
  const layers = [...(written.get('layers')?.properties.keys() ?? []), ...(written.get('layers') ?? written.get('layer'))?.words.slice(1) ?? []];
  return {
    runtime, handler: text('handler'),
    fn: {
      timeoutSeconds: number('timeout') ?? { value: defaults.timeoutSeconds, location },
      memoryMb: number('memory') ?? { value: defaults.memoryMb, location },
      layers: layers.map((layer) => literal(layer)),
      ...(runtime === undefined || !/^nodejs\d/.test(runtime.value) ? {} : { runtime }),
      ...(concurrency === undefined ? {} : { reservedConcurrency: concurrency }),
      ...(provisioned === undefined ? {} : { provisionedConcurrency: provisioned }),
      ...(storage === undefined ? {} : { ephemeralStorageMb: storage }),
      ...(architecture === undefined ? {} : { architecture }),
      ...(region === undefined ? {} : { region: literal(region) }),
    },
  };
}

/** `@env` of the preferences: variables of the stage, `production` unless asked for another. */
function environmentOf(project: ArcProject, context: ReadContext): ReadonlyMap<string, Value> {
  const file = firstIn(context.workspace, project.folder, ['prefs.arc', 'preferences.arc']);
  const entries = file === undefined ? [] : parseArc(file, context.workspace.read(file) ?? '').get('env') ?? [];
  const stage = entries.find((entry) => entry.words[0] === (context.stage ?? 'production'));
  return new Map([...(stage?.properties ?? [])].map(([name, { words }]) => [name, literal(words.join(' '))]));
}
