import type { ReadContext } from './reader.ts';

/**
 * Names that a module exports at run time, in the order of the file: `default` for `module.exports = value`, the
 * properties of `module.exports = { … }`. `undefined` when they are not all known.
 */
export function exportedNames(context: ReadContext, file: string): readonly string[] | undefined {
  const evaluator = context.evaluator?.();
  const facts = evaluator?.modules.facts(file);
  if (evaluator === undefined || facts === undefined) return undefined;
  const names = new Set<string>();
  for (const one of facts.exports) {
    if (one.typeOnly) continue;
    if (one.name === '*') return undefined;
    if (one.name !== '=') { names.add(one.name); continue; }
    const whole = evaluator.exportValue(file, '=');
    if (whole.kind !== 'object') names.add('default');
    else if (whole.open) return undefined;
    else for (const [name] of whole.entries) names.add(name);
  }
  return [...names];
}
