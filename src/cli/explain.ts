import { styleText } from 'node:util';
import { severityRank, type Severity } from '../model/finding.ts';
import { ruleUrl } from '../report/context.ts';
import { toJson } from '../report/escape.ts';
import type { Example, Rule } from '../rule.ts';

/** The heaviest severity that a rule reports. */
function heaviest(rule: Rule): Severity {
  return Object.values(rule.messages).reduce<Severity>((best, { severity }) => (severityRank[severity] > severityRank[best] ? severity : best), 'info');
}

/** Every rule on one line: id, preset, heaviest severity, title. */
export function rulesText(rules: readonly Rule[]): string {
  const rows = [...rules].sort(byId).map((rule) => [rule.id, rule.preset, heaviest(rule), rule.title]);
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), width(1), width(2)];
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

/** The same as JSON. */
export function rulesJson(rules: readonly Rule[]): string {
  return toJson([...rules].sort(byId).map((rule) => ({ id: rule.id, preset: rule.preset, severity: heaviest(rule), scope: rule.scope, category: rule.category, title: rule.title, risk: rule.risk, documentation: ruleUrl(rule.id) })));
}

/** What a rule reports, why, how to repair it, with examples. Needs no network. */
export function explainText(rule: Rule, options: { readonly color: boolean }): string {
  const bold = (text: string): string => (options.color ? styleText('bold', text, { validateStream: false }) : text);
  const lines = [bold(rule.id), rule.title, '', rule.risk, '', `Preset: ${rule.preset}. Category: ${rule.category}. Sees: ${rule.scope === 'function' ? 'one function at a time' : 'the whole project'}.`, ''];
  lines.push(bold('Reports'));
  for (const [id, message] of Object.entries(rule.messages)) {
    lines.push(`  ${message.severity.padEnd(7)}  ${id}: ${message.text}`, `           repair: ${message.repair}`);
  }
  lines.push('', bold('Options'), '  minSeverity (info, warning, error): leaves out what weighs less');
  for (const [name, option] of Object.entries(rule.options)) lines.push(`  ${name} (${option.type}, default ${JSON.stringify(option.default)}): ${option.description}`);
  for (const [title, examples] of [['Incorrect', rule.examples.filter((item) => item.reports.length > 0)], ['Correct', rule.examples.filter((item) => item.reports.length === 0)]] as const) {
    if (examples.length === 0) continue;
    lines.push('', bold(title));
    for (const example of examples) lines.push(...exampleLines(example), '');
    lines.pop();
  }
  lines.push('', bold('References'));
  for (const reference of rule.references) lines.push(`  ${[reference.title, reference.document && `(article ${reference.document})`, reference.url].filter((part) => part !== undefined).join('  ')}`);
  lines.push('', `Suppress: // faaslint-disable-next-line ${rule.id} -- reason`, `Documentation: ${ruleUrl(rule.id)}`);
  return `${lines.join('\n')}\n`;
}

/** An example with all that it rests on: two may differ in their template or options alone. */
function exampleLines({ title, code, template, files = {}, options }: Example): readonly string[] {
  const indented = (text: string): readonly string[] => text.trimEnd().split('\n').map((line) => (line === '' ? '' : `      ${line}`));
  const others = [...(template === undefined ? [] : [['template.yaml', template] as const]), ...Object.entries(files)];
  const lines = [`  ${title}`, ''];
  if (options) lines.push(`    options: ${JSON.stringify(options)}`, '');
  if (others.length > 0) lines.push('    handler.js');
  lines.push(...indented(code));
  for (const [name, text] of others) lines.push('', `    ${name}`, ...indented(text));
  return lines;
}

const byId = (a: Rule, b: Rule): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
