import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cloudformation, cloudformationReader } from '../../src/discover/cloudformation.ts';
import { discoverWith } from '../../src/discover/discover.ts';
import { readers } from '../../src/discover/readers.ts';
import type { Reader } from '../../src/discover/reader.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { Evaluator } from '../../src/link/evaluate.ts';
import { Modules } from '../../src/link/modules.ts';
import { runProgram } from '../../src/link/program.ts';
import { Resolver } from '../../src/link/resolve.ts';
import type { Infrastructure } from '../../src/model/function.ts';
import type { Workspace } from '../../src/model/workspace.ts';
import { openWorkspace } from '../../src/workspace/workspace.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));
const whole = openWorkspace(fixtures, { root: fixtures });

function discovered(list: readonly Reader[], workspace: Workspace): Infrastructure {
  const modules = new Modules(createFactsLoader(workspace), new Resolver(workspace));
  const evaluator = new Evaluator(modules, new Map(), () => []);
  return discoverWith(list, workspace, {
    params: new Map(), evaluator: () => evaluator, evaluateExport: (file, name) => evaluator.exportValue(file, name),
    program: (entry, options) => runProgram(modules, entry, { read: (file) => workspace.read(file), ...options }),
  });
}

const names = (found: Infrastructure): readonly string[] => found.functions.map((fn) => `${fn.id} ${fn.handlers.map((handler) => `${handler.file}#${handler.export}`).join(' ')}`);
const blind = readers.map((reader): Reader => {
  if (reader === cloudformation) return cloudformationReader(() => true);
  const { sniff: _sniff, word: _word, ...rest } = reader;
  return rest;
});

describe('looks at the text before a parse', () => {
  it('never cost a function of a fixture', () => {
    const found = names(discovered(readers, whole));
    const known = new Set(found);
    expect(found.length).toBeGreaterThan(300);
    expect(names(discovered(blind, whole)).filter((name) => !known.has(name))).toEqual([]);
  });
});
