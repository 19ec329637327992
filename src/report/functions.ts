import { styleText } from 'node:util';
import type { ScanResult } from '../model/finding.ts';
import type { ServerlessFunction, Trigger } from '../model/function.ts';
import { plural, type ReportContext } from './context.ts';
import { escapeTerminal, toJson } from './escape.ts';
import { filesData, functionData, head } from './json.ts';
import { valueText } from './value.ts';

/** What is deployed, as JSON: the keys of the result contract that do not depend on rules. */
export function functionsJson(result: ScanResult, context: ReportContext): string {
  return toJson({
    ...head(context),
    functions: result.functions.map(functionData),
    gaps: result.gaps.map(({ kind, file, line, message }) => ({ kind, file, line, message })),
    files: filesData(result),
    incomplete: result.incomplete.map(({ file, reason }) => ({ file, reason })),
  });
}

/** What is deployed, for people: by deployment unit, each function with its handlers and triggers. */
export function functionsText(result: ScanResult, options: { readonly color: boolean }): string {
  const bold = (text: string): string => (options.color ? styleText('bold', text, { validateStream: false }) : text);
  const units = new Map<string, ServerlessFunction[]>();
  for (const fn of result.functions) {
    const unit = units.get(fn.unit);
    if (unit) unit.push(fn);
    else units.set(fn.unit, [fn]);
  }
  const lines: string[] = [];
  for (const [unit, functions] of units) {
    lines.push(bold(escapeTerminal(unit)));
    for (const fn of functions) lines.push(...functionLines(fn, bold));
    lines.push('');
  }
  for (const item of result.incomplete) lines.push(`not read: ${escapeTerminal(item.file)}  ${escapeTerminal(item.reason)}`);
  lines.push(`${plural(result.functions.length, 'function')} in ${plural(units.size, 'deployment unit')}`);
  return `${lines.join('\n')}\n`;
}

const foundBy = { infrastructure: '', convention: 'by convention', evidence: 'by its code only: possibly not deployed' };

function functionLines(fn: ServerlessFunction, bold: (text: string) => string): readonly string[] {
  const facts = [
    fn.platform, fn.runtime?.value, fn.memoryMb && `${fn.memoryMb.value} MB`, fn.timeoutSeconds && `${fn.timeoutSeconds.value} s`, foundBy[fn.foundBy],
  ].filter((fact) => fact !== undefined && fact !== '');
  const declared = fn.declaredAt.map((at) => `${at.file}:${at.line}`);
  return [
    `  ${bold(escapeTerminal(fn.name))}  ${escapeTerminal(facts.join(', '))}`,
    ...fn.handlers.map((handler) => `    handler   ${escapeTerminal(handler.file)} (${escapeTerminal(handler.export)})`),
    ...(fn.handlers.length === 0 ? ['    handler   not known'] : []),
    ...fn.triggers.map((trigger) => `    trigger   ${escapeTerminal(triggerText(trigger))}`),
    ...(declared.length === 0 ? [] : [`    declared  ${escapeTerminal(declared.join(', '))}`]),
  ];
}

function triggerText(trigger: Trigger): string {
  const route = trigger.filters.find((filter) => filter.kind === 'route');
  const what = valueText(trigger.resource) ?? (route ? `${route.method} ${route.path}` : undefined);
  return [trigger.kind, what, trigger.enabled === false ? '(disabled)' : undefined].filter((part) => part !== undefined).join(' ');
}
