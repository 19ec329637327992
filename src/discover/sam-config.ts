import type { Value } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { parseToml } from './document-toml.ts';
import type { ReadContext } from './reader.ts';
import { folderOf } from './source-path-names.ts';

/**
 * Name of the stack that `samconfig.toml` beside a template deploys it as (SAM developer guide, "AWS SAM CLI configuration file", read
 * 2026-11), when all its environments agree. Only the template that `sam deploy` takes by default, or the one that it names.
 */
export function stackName(template: string, context: ReadContext): Value | undefined {
  const folder = folderOf(template);
  const file = folder === '' ? 'samconfig.toml' : `${folder}/samconfig.toml`;
  const root = configuration(file, context);
  const base = template.slice(template.lastIndexOf('/') + 1);
  const names = new Set<string>();
  for (const environment of root?.entries.values() ?? []) {
    for (const command of ['deploy', 'sync', 'global']) {
      const parameters = environment.at(command, 'parameters');
      const named = parameters?.get('template_file') ?? parameters?.get('template');
      const deployed = named?.text() ?? (/^template\.(?:ya?ml|json)$/.test(base) ? base : '');
      const stack = parameters?.get('stack_name')?.text();
      if (stack !== undefined && deployed.replace(/^\.\//, '') === base) names.add(stack);
    }
  }
  const [only] = names;
  if (names.size !== 1 || only === undefined) return undefined;
  context.used(file);
  return { kind: 'literal', value: only };
}

const known = new WeakMap<ReadContext, Map<string, DocNode | undefined>>();

/** A configuration file, parsed once however many templates lie beside it. */
function configuration(file: string, context: ReadContext): DocNode | undefined {
  const files = known.get(context) ?? new Map<string, DocNode | undefined>();
  known.set(context, files);
  if (!files.has(file)) {
    const text = context.workspace.has(file) ? context.workspace.read(file) : undefined;
    files.set(file, text === undefined ? undefined : parseToml(file, text).roots[0]);
  }
  return files.get(file);
}
