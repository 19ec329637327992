import { discoverDeclared } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import type { Infrastructure, ServerlessFunction } from '../../src/model/function.ts';
import { memoryWorkspace } from './memory-workspace.ts';

/** What infrastructure and conventions declare in files that live in memory, code included. */
export function declared(files: Readonly<Record<string, string>>): Infrastructure {
  const workspace = memoryWorkspace(files);
  return discoverDeclared(workspace, createFactsLoader(workspace), { params: new Map() });
}

/** One line a function: id, handler file and export, kinds of triggers. */
export const brief = (result: Infrastructure): string[] => result.functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}:${handler.export}`).join(',')} ${fn.triggers.map((trigger) => trigger.kind).join(',')}`);

export function named(result: Infrastructure, name: string): ServerlessFunction {
  const fn = result.functions.find((one) => one.name === name);
  if (fn === undefined) throw new Error(`no function ${name} among ${result.functions.map((one) => one.name).join(', ')}`);
  return fn;
}

export const lit = (value: unknown) => ({ kind: 'literal', value });
export const env = (name: string) => ({ kind: 'env', name });
