import type { ServerlessFunction, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import { actionCommands } from './openwhisk-shell.ts';
import type { ActionCommand, PackedArchive } from './openwhisk-shell.ts';
import { actionSource } from './openwhisk-source.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { folderOf, joinInRoot, upwards } from './source-path-names.ts';

/** Deployment scripts that create OpenWhisk actions with the command line tool. */
export const openwhiskScriptReader: Reader = {
  name: 'openwhisk-scripts',
  about: {
    format: 'OpenWhisk command line', platform: 'OpenWhisk', files: 'shell scripts, `Makefile`, package scripts',
    reads: '`wsk action create` and `update` with their settings, also through variables and functions of the script',
    not: 'commands that are put together from unknown words',
  },
  matches: (file) => /\.(?:sh|bash)$|(?:^|\/)(?:Makefile|package\.json)$/.test(file) && !isAside(file),
  sniff: (text) => /\baction["']?\s{1,10}["']?(?:create|update)\b|^[ \t]{0,40}install[ \t][^\n]{0,300}\.js\b/m.test(text) && /wsk|whisk|\bbx\b|ibmcloud/i.test(text),
  read(file, context) {
    const text = context.workspace.read(file) ?? '';
    const script = file.endsWith('.json') ? scriptsOf(text) : text;
    for (const command of actionCommands(script)) readCommand(context, file, command, file.endsWith('.json') ? lineIn(text, command) : command.line);
  },
};

function scriptsOf(text: string): string {
  try {
    const data: unknown = JSON.parse(text);
    const scripts = typeof data === 'object' && data !== null && 'scripts' in data ? data.scripts : undefined;
    return typeof scripts === 'object' && scripts !== null ? Object.values(scripts).filter((one) => typeof one === 'string').join('\n') : '';
  } catch {
    return '';
  }
}

function lineIn(text: string, command: ActionCommand): number {
  const at = text.indexOf(command.path);
  return at < 0 ? 1 : text.slice(0, at).split('\n').length;
}

function readCommand(context: ReadContext, unit: string, command: ActionCommand, line: number): void {
  if (command.kind !== undefined && !/^(?:nodejs|node)\b|\0/.test(command.kind)) return;
  const file = sourceOf(context, unit, command);
  if (file === 'other') return;
  const location: Location = { file: unit, line, column: 1, endLine: line, endColumn: 1 };
  const kindPlace: Location = command.kindLine === undefined || unit.endsWith('.json') ? location : { ...location, line: command.kindLine, endLine: command.kindLine };
  if (file === undefined) {
    context.gap({ kind: 'handler', file: unit, line, message: `${command.name}: the file ${command.path.replaceAll('\0', '…').slice(0, 200)} of the action is not known` });
    return;
  }
  // A manifest that names the file declares the action; the script only runs the tool.
  if (!declaredAbove(context, file)) context.addFunction(actionBehind(unit, command, file, location, kindPlace, 'infrastructure'));
}

/** The function that a command deploys. `kindPlace`: where its runtime is written. */
export function actionBehind(unit: string, command: ActionCommand, file: string, location: Location, kindPlace: Location, foundBy: ServerlessFunction['foundBy']): ServerlessFunction {
  const web = /^(?:true|yes|raw)$/i.test(command.web ?? '');
  const trigger: Trigger = web
    ? { kind: 'http', source: 'web', filters: [{ kind: 'route', method: '*', path: `/${command.name}` }], auth: { kind: command.secured ? 'key' : 'none', location }, location }
    : { kind: 'invoke', source: 'action', filters: [], location };
  return {
    id: `${unit}#${command.name}`, name: command.name, unit, platform: 'openwhisk', handlers: [{ file, export: command.main ?? 'main', kind: 'handler' }], triggers: [trigger], declaredAt: [location], foundBy,
    physicalName: literal(command.name), environment: new Map(), layers: [], mounts: [], destinations: [],
    ...(command.kind === undefined || command.kind.includes('\0') ? {} : { runtime: { value: command.kind, location: kindPlace } }),
    ...(command.timeoutMs === undefined ? {} : { timeoutSeconds: { value: command.timeoutMs / 1_000, location } }), ...(command.memoryMb === undefined ? {} : { memoryMb: { value: command.memoryMb, location } }),
  };
}

/** The file of a command: relative to the folder it runs in, to the script or to a folder above; behind a variable, the one file whose path ends so. */
function sourceOf(context: ReadContext, unit: string, command: ActionCommand): string | 'other' | undefined {
  const known = command.kind !== undefined;
  const variable = command.path.lastIndexOf('\0');
  const tail = command.path.slice(variable + 1).replace(/^\/+/, '');
  if (tail === '' || tail.includes('*')) return undefined;
  const home = folderOf(unit);
  if (command.packed !== undefined) return packedSource(context, home, command.packed);
  const start = variable < 0 && command.folder !== undefined ? joinInRoot(home, command.folder) ?? home : home;
  for (const folder of new Set([start, ...upwards(home)])) {
    const source = actionSource(context, folder, tail, undefined, known);
    if (source !== 'other' && 'file' in source) return source.file;
    if (source === 'other' && context.workspace.has(joinInRoot(folder, tail) ?? '\0')) return 'other';
  }
  if (variable < 0 || !/\.[cm]?[jt]s$/.test(tail)) return /\.(?:py|swift|php|go|rb|jar|java|rs)$/.test(tail) ? 'other' : undefined;
  const fitting = context.workspace.files.filter((file) => file.endsWith(`/${tail}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The module that the platform loads of an archive: the `main` of its manifest, else `index.js` (apache/openwhisk-runtime-nodejs, platform code, 2026-08); of loose files the one script. */
function packedSource(context: ReadContext, home: string, packed: PackedArchive): string | undefined {
  const folder = joinInRoot(home, packed.folder === '' ? '.' : packed.folder);
  if (folder === undefined) return undefined;
  const whole = packed.entries.some((entry) => /^(?:\.\/?|\*)$/.test(entry));
  const manifest = whole || packed.entries.includes('package.json') ? joinInRoot(folder, packed.manifest ?? 'package.json') : undefined;
  const main = manifest === undefined ? undefined : readJson(context.workspace, manifest)?.['main'];
  const scripts = packed.entries.filter((entry) => /^[^/*]+\.[cm]?js$/.test(entry));
  const path = typeof main === 'string' ? (/\.[cm]?js$/.test(main) ? main : `${main}.js`) : scripts.length === 1 ? scripts[0] : whole || scripts.includes('index.js') ? 'index.js' : undefined;
  const source = path === undefined ? 'other' : actionSource(context, folder, path, undefined, true);
  return source !== 'other' && 'file' in source ? source.file : undefined;
}

function declaredAbove(context: ReadContext, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return upwards(folderOf(file)).some((folder) => ['manifest.yaml', 'manifest.yml', 'app.config.yaml', 'ext.config.yaml'].some((one) => {
    const path = folder === '' ? one : `${folder}/${one}`;
    return context.workspace.has(path) && context.workspace.read(path)?.includes(name) === true;
  }));
}
