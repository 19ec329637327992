import type { Severity } from '../model/finding.ts';
import type { Rule, RuleOptions } from '../rule.ts';
import type { RuleSetting } from './check.ts';
import { nearest } from './nearest.ts';
import { UsageError } from './usage-error.ts';

export type Preset = 'core' | 'recommended' | 'strict' | 'all';
export const presets: readonly Preset[] = ['core', 'recommended', 'strict', 'all'];

/** `off`, or the heaviest severity that findings of the rule may have. */
export type Level = 'off' | Severity;

export interface RuleChoice {
  readonly level: Level;
  readonly minSeverity?: Severity;
  readonly options?: RuleOptions;
}

/** The presets hold each other: a rule that names `core` is in all four. */
export const inPreset = (rule: Rule, preset: Preset): boolean => presets.indexOf(rule.preset) <= presets.indexOf(preset);

/** `core` and `recommended` show what wants a decision; `strict` and `all` everything. */
export const minSeverityOf = (preset: Preset): Severity => (preset === 'core' || preset === 'recommended' ? 'warning' : 'info');

/**
 * What runs, and how: the preset's rules, changed by the configuration, narrowed by `only`.
 *
 * @throws UsageError when `only` names a rule that does not exist
 */
export function settings(rules: readonly Rule[], preset: Preset, choices: ReadonlyMap<string, RuleChoice>, only: readonly string[] | undefined): readonly (readonly [Rule, RuleSetting])[] {
  for (const id of only ?? []) {
    if (rules.some((rule) => rule.id === id)) continue;
    const near = nearest(id, rules.map((rule) => rule.id));
    throw new UsageError(`unknown rule "${id}".${near === undefined ? '' : ` Did you mean "${near}"?`} Run "faaslint rules" for the list.`);
  }
  return rules.flatMap((rule): readonly (readonly [Rule, RuleSetting])[] => {
    const choice = choices.get(rule.id);
    if (only ? !only.includes(rule.id) : choice ? choice.level === 'off' : !inPreset(rule, preset)) return [];
    const level = choice && choice.level !== 'off' ? choice.level : 'error';
    return [[rule, { level, minSeverity: choice?.minSeverity ?? minSeverityOf(preset), options: { ...defaults(rule), ...choice?.options } }]];
  });
}

export function defaults(rule: Rule): RuleOptions {
  return Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));
}
