import { createFactsLoader } from '../../src/extract/load.ts';
import { link, type LinkedProject } from '../../src/link/link.ts';
import type { LinkedFunction } from '../../src/link/view.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import type { Value } from '../../src/model/value.ts';
import type { Workspace } from '../../src/model/workspace.ts';

/** A workspace that lives in memory, for tests of the layers that read through one. */
export function memoryWorkspace(files: Readonly<Record<string, string>>): Workspace {
  const names = Object.keys(files).sort((a, b) => (a < b ? -1 : 1));
  return {
    root: '/memory', files: names,
    has: (file) => Object.hasOwn(files, file),
    read: (file) => (Object.hasOwn(files, file) ? files[file] : undefined),
    problem: () => undefined,
    isDirectory: (path) => names.some((name) => name.startsWith(`${path}/`)),
  };
}

export function deployed(name: string, file: string, extra: Partial<ServerlessFunction> & { export?: string } = {}): ServerlessFunction {
  const { export: exported = 'handler', ...rest } = extra;
  const location = { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
  return {
    id: `template.yaml#${name}`, name, unit: 'template.yaml', platform: 'aws', handlers: [{ file, export: exported, kind: 'default' }], triggers: [], declaredAt: [location],
    foundBy: 'infrastructure', environment: new Map<string, Value>(), layers: [], mounts: [], destinations: [], ...rest,
  };
}

/** Links sources in memory with the given functions; by default one function whose handler is `handler` of the first file. */
export function project(files: Readonly<Record<string, string>>, functions?: readonly ServerlessFunction[], resources: Infrastructure['resources'] = [], options: { readonly typeOracle?: boolean; readonly whole?: boolean } = {}): { project: LinkedProject; fn: LinkedFunction } {
  const workspace = memoryWorkspace(files);
  const first = Object.keys(files)[0] ?? 'handler.ts';
  const infrastructure: Infrastructure = { functions: functions ?? [deployed('Function', first)], resources, links: [], published: [], gaps: [], files: [], problems: [] };
  const linked = link({ workspace, infrastructure, loader: createFactsLoader(workspace), date: '2026-11-21', whole: true, ...options });
  return { project: linked, fn: linked.functions[0] as LinkedFunction };
}
