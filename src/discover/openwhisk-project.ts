import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { actionSource } from './openwhisk-source.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, joinInRoot, withoutExtension } from './source-path-names.ts';

const script = /\.[cm]?[jt]s$/;
const declaration = /\.d\.[cm]?ts$/;

/**
 * Projects of Nimbella and DigitalOcean Functions, which run on OpenWhisk: every file and folder in a folder of `packages` is an action, and
 * `project.yml` says more of some of them (DigitalOcean documentation, "Project configuration" and "Structure your functions", read 2026-11).
 */
export const openwhiskProjectReader: Reader = {
  name: 'openwhisk-project',
  about: {
    format: 'Nimbella, DigitalOcean Functions', platform: 'OpenWhisk', files: '`project.yml` and the folder `packages` beside it',
    reads: 'actions by where they lie, runtimes, limits, web actions and their protection, schedules',
    not: 'other languages; values of the environment',
  },
  matches: (file) => /(?:^|\/)project\.ya?ml$/.test(file) && !isAside(file),
  sniff: (text) => /\b(?:packages|bucket|parameters|environment)\b/.test(text),
  read(file, context) {
    const root = context.document(file)?.roots[0];
    const folder = joinInRoot(folderOf(file), 'packages');
    const listed = root?.get('packages');
    // The manifests of other tools have a map there.
    if (root?.kind !== 'map' || folder === undefined || (listed !== undefined && listed.kind !== 'list')) return;
    let found = false;
    for (const [pack, name, path] of actionsBelow(context, folder)) {
      const said = named(named(listed, pack)?.get('actions') ?? named(listed, pack)?.get('functions'), name);
      const fn = action(context, file, pack === 'default' ? name : `${pack}/${name}`, path, said, root.location);
      if (fn === undefined) continue;
      context.addFunction(fn);
      found = true;
    }
    if (found) context.used(file);
  },
};

/** Package, name and path of each action: `packages/shop/pay.js`, `packages/shop/pay/…`. */
function actionsBelow(context: ReadContext, folder: string): readonly (readonly [pack: string, name: string, path: string])[] {
  const found = new Map<string, readonly [string, string, string]>();
  for (const file of context.workspace.files) {
    if (!file.startsWith(`${folder}/`)) continue;
    const [pack, name, ...inner] = file.slice(folder.length + 1).split('/');
    if (pack === undefined || name === undefined || (inner.length === 0 && (!script.test(name) || declaration.test(name)))) continue;
    const path = `${folder}/${pack}/${name}`;
    if (!found.has(path)) found.set(path, [pack, inner.length === 0 ? withoutExtension(name) : name, path]);
  }
  return [...found.values()];
}

const named = (list: DocNode | undefined, name: string): DocNode | undefined => (list?.kind === 'list' ? list.items.find((item) => item.get('name')?.text() === name) : undefined);

function action(context: ReadContext, unit: string, name: string, path: string, said: DocNode | undefined, whole: Location): ServerlessFunction | undefined {
  const runtime = said?.get('runtime');
  const kind = runtime?.text();
  if (kind !== undefined && !/^(?:nodejs|node|typescript)\b/.test(kind)) return undefined;
  const source = actionSource(context, folderOf(path), path.slice(path.lastIndexOf('/') + 1), undefined, kind !== undefined);
  const location = said?.location ?? whole;
  if (source === 'other') return undefined;
  if ('gap' in source) {
    if (said !== undefined && kind !== undefined) context.gap({ kind: 'handler', file: unit, line: location.line, message: `${name}: ${source.gap}` });
    return undefined;
  }
  const timeout = said?.at('limits', 'timeout');
  const memory = said?.at('limits', 'memory');
  const [timeoutMs, memoryMb] = [timeout?.number(), memory?.number()];
  return {
    id: `${unit}#${name}`, name, unit, platform: 'openwhisk', handlers: [{ file: source.file, export: said?.get('main')?.text() ?? 'main', kind: 'handler' }], triggers: triggersOf(name, said, location),
    declaredAt: [location], foundBy: said === undefined ? 'convention' : 'infrastructure', physicalName: literal(name), environment: new Map(), layers: [], mounts: [], destinations: [],
    ...(kind === undefined || runtime === undefined || kind.endsWith(':default') ? {} : { runtime: { value: kind, location: runtime.location } }),
    ...(timeoutMs === undefined || timeout === undefined ? {} : { timeoutSeconds: { value: timeoutMs / 1_000, location: timeout.location } }),
    ...(memoryMb === undefined || memory === undefined ? {} : { memoryMb: { value: memoryMb, location: memory.location } }),
  };
}

/** An action is open to the web unless the project says otherwise; a schedule runs it as well. */
function triggersOf(name: string, said: DocNode | undefined, location: Location): readonly Trigger[] {
  const web = said?.get('web')?.text()?.toLowerCase() ?? 'true';
  const secret = (said?.get('webSecure') ?? said?.get('websecure'))?.text();
  const found: Trigger[] = [];
  if (/^(?:true|yes|raw)$/.test(web)) {
    const auth = { kind: secret !== undefined && !/^(?:false|no)$/i.test(secret) ? 'key' as const : 'none' as const, location };
    found.push({ kind: 'http', source: 'web', filters: [{ kind: 'route', method: '*', path: `/${name}` }], auth, location });
  }
  for (const one of said?.get('triggers')?.items ?? []) {
    const cron = one.at('sourceDetails', 'cron')?.text();
    if (cron !== undefined) found.push({ kind: 'schedule', source: 'scheduler', filters: [], schedule: literal(cron), location: one.location });
  }
  return found.length > 0 ? found : [{ kind: 'invoke', source: 'action', filters: [], location }];
}
