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

/** Places of one function that are listed; the rest is counted. */
const maxPlaces = 3;

function functionLines(fn: ServerlessFunction, bold: (text: string) => string): readonly string[] {
  const facts = [
    fn.generation === undefined ? fn.platform : `${fn.platform} ${fn.generation}`, fn.runtime?.value, fn.memoryMb && `${fn.memoryMb.value} MB`,
    fn.timeoutSeconds ? `${fn.timeoutSeconds.value} s` : fn.timeoutUnknown && 'timeout not known', foundBy[fn.foundBy],
  ].filter((fact) => fact !== undefined && fact !== '');
  const declared = fn.declaredAt.slice(0, maxPlaces).map((at) => `${at.file}:${at.line}`).join(', ');
  const more = fn.declaredAt.length > maxPlaces ? ` and ${fn.declaredAt.length - maxPlaces} more` : '';
  return [
    `  ${bold(escapeTerminal(fn.name))}  ${escapeTerminal(facts.join(', '))}`,
    ...fn.handlers.map((handler) => `    handler   ${escapeTerminal(handler.file)} (${escapeTerminal(handler.export)})`),
    ...(fn.handlers.length === 0 ? ['    handler   not known'] : []),
    ...fn.triggers.map((trigger) => `    trigger   ${escapeTerminal(triggerText(trigger, fn))}`),
    ...(declared === '' ? [] : [`    declared  ${escapeTerminal(declared)}${more}`]),
  ];
}

const callers = { none: 'open to anybody', key: 'with a key', identity: 'signed in', authorizer: 'by an authorizer', private: 'private' };

/** What starts the function, by which filter, and how much at a time: `queue Orders, batches of 10`. */
function triggerText(trigger: Trigger, fn: ServerlessFunction): string {
  const route = trigger.filters.find((filter) => filter.kind === 'route');
  const name = valueText(trigger.resource);
  const schedule = valueText(trigger.schedule);
  const what = route === undefined ? name ?? schedule : route.method === '*' && route.path === '*' ? 'any route' : route.path.startsWith('$') ? route.path : `${route.method === '*' ? 'any' : route.method} ${route.path}`;
  const authorizer = valueText(trigger.auth?.authorizer);
  const details = [
    what === schedule ? undefined : schedule,
    ...objectsOf(trigger),
    trigger.filters.some((filter) => filter.kind === 'pattern' || filter.kind === 'attributes' || filter.kind === 'records') ? 'filtered' : undefined,
    trigger.batchSize === undefined ? undefined : `batches of ${trigger.batchSize}`,
    trigger.auth && (authorizer === undefined ? callers[trigger.auth.kind] : `by the authorizer ${authorizer}`),
    trigger.handlerExport !== undefined && fn.handlers.length > 1 ? `to ${trigger.handlerExport}` : undefined,
    trigger.enabled === false ? 'disabled' : undefined,
  ].filter((part) => part !== undefined);
  return [[trigger.kind, what].filter((part) => part !== undefined).join(' '), ...details].join(', ');
}

/** Keys that an object trigger lets through: `in/*.csv`. */
function objectsOf(trigger: Trigger): readonly string[] {
  return trigger.filters.flatMap((filter) => (filter.kind === 'object' ? filter.rules : [])).map((rule) => `${rule.prefix ? valueText(rule.prefix) ?? '…' : ''}*${rule.suffix ? valueText(rule.suffix) ?? '…' : ''}`).filter((text) => text !== '*');
}
