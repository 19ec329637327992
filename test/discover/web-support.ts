import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure, ServerlessFunction, Trigger } from '../../src/model/function.ts';
import { literalText } from '../../src/model/value.ts';
import { memoryWorkspace } from './memory-workspace.ts';

/** All readers over files in memory, with code evaluated as in a scan. */
export function discovered(files: Readonly<Record<string, string>>): Infrastructure {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
}

/** `id platform/generation file:export,…` of each function. */
export function brief(files: Readonly<Record<string, string>>): string[] {
  return discovered(files).functions.map((fn) => `${fn.id} ${fn.platform}${fn.generation === undefined ? '' : `/${fn.generation}`} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(',')}`);
}

/** `kind method path` or `kind schedule` of each trigger of the named function. */
export function triggersOf(infrastructure: Infrastructure, name: string): string[] {
  return find(infrastructure, name).triggers.map(show);
}

export function find(infrastructure: Infrastructure, name: string): ServerlessFunction {
  const found = infrastructure.functions.find((fn) => fn.name === name);
  if (!found) throw new Error(`no function ${name} among ${infrastructure.functions.map((fn) => fn.name).join(', ')}`);
  return found;
}

function show(trigger: Trigger): string {
  const routes = trigger.filters.map((filter) => (filter.kind === 'route' ? `${filter.method} ${filter.path}` : filter.kind)).join(' | ');
  return [trigger.kind, literalText(trigger.schedule), routes].filter((part) => part !== undefined && part !== '').join(' ');
}
