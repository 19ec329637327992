import type { FunctionView } from '../../model/project.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { Expr, ModuleFacts } from '../../model/facts.ts';

/**
 * The place where a handler stands as its author wrote it: the method of an exported object, the exported function, or the export.
 *
 * @param exported the export of the handler meant; else the one that answers requests, else the first
 */
export function handlerPlace(view: FunctionView, exported?: string): SourcePlace | undefined {
  const { handlers } = view.fn;
  const handler = handlers.find((one) => one.export === exported) ?? handlers.find((one) => /(?:^|\.)(?:fetch|onRequest\w*)$/.test(one.export)) ?? handlers[0];
  const facts = handler && view.project.facts(handler.file);
  if (!handler || !facts) return undefined;
  if (handler.at) return { file: handler.file, start: handler.at.start, end: handler.at.start };
  const [name = '', member] = handler.export.split('.');
  const found = facts.exports.find((one) => one.name === name) ?? facts.exports.find((one) => one.name === '=');
  if (!found) return undefined;
  const value = valueOf(facts, found.value);
  const wanted = found.name === '=' && name !== 'default' ? name : member;
  const property = value?.kind === 'object' && wanted !== undefined ? value.properties.find((one) => one.key === wanted) : undefined;
  const named = property?.value.kind === 'ref' ? property.value : found.value;
  const binding = (property ? undefined : found.binding) ?? (named?.kind === 'ref' ? named.binding : undefined);
  const declared = binding === undefined ? undefined : facts.bindings[binding];
  const start = declared && declared.kind !== 'import' ? declared.start : property?.start ?? found.start;
  return { file: handler.file, start, end: start };
}

/** What an exported name stands for, where the module says it in one declaration. */
function valueOf(facts: ModuleFacts, value: Expr | undefined): Expr | undefined {
  if (value?.kind !== 'ref') return value;
  for (const statement of facts.functions[0]?.body ?? []) {
    if (statement.kind === 'declare' && statement.target.kind === 'ref' && statement.target.binding === value.binding) return statement.value;
  }
  return undefined;
}
