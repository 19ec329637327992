import type { Guard, Reference, Severity } from './model/finding.ts';
import type { FlowStep } from './model/finding.ts';
import type { Location, SourcePlace } from './model/location.ts';
import type { FunctionView, ProjectView } from './model/project.ts';
import type { Suggestion } from './model/suggestion.ts';

/** The contract of a rule; no logic. One file in `rules/` declares everything that is known of one rule. */
export interface RuleMeta {
  /** Kebab-case; names the pattern or the missing thing. Also the file name. */
  readonly id: string;
  /** One line, says what is reported. */
  readonly title: string;
  /** `function`: sees one deployed function at a time. `project`: sees all of them and their infrastructure. */
  readonly scope: 'function' | 'project';
  readonly category: 'loops' | 'state' | 'time' | 'size' | 'granularity' | 'chains' | 'lock-in' | 'observability' | 'exposure' | 'testing';
  /** The smallest preset that contains it. */
  readonly preset: 'core' | 'recommended' | 'strict' | 'all';
  /** `eventGraph`: what every function makes run must be known before the memory of its call graph is given back. */
  readonly needs?: 'eventGraph';
  /** The consequence, one sentence. */
  readonly risk: string;
  /** Source document and vendor page; at least one. */
  readonly references: readonly [Reference, ...Reference[]];
  /** What a message id says, how bad it is, and the action that repairs it. `{name}` is replaced from the report's data. */
  readonly messages: Readonly<Record<string, { readonly severity: Severity; readonly text: string; readonly repair: string }>>;
  readonly options: Readonly<Record<string, OptionMeta>>;
  readonly examples: readonly Example[];
}

export interface OptionMeta {
  readonly type: 'number' | 'string' | 'boolean' | 'strings';
  readonly default: number | string | boolean | readonly string[];
  readonly description: string;
}

/** A runnable example: tests execute it, docs print it. The single function `handler` of `code` is deployed with `infrastructure` (a SAM template fragment for the function's properties). */
export interface Example {
  readonly title: string;
  readonly code: string;
  /** SAM template; by default one function on nodejs22.x with handler `handler.handler`, timeout 30. */
  readonly template?: string;
  /** Further files of the repository, by path, where a finding rests on them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Message ids expected, in order of lines; empty: must stay quiet. */
  readonly reports: readonly string[];
  /** Options of the rule that differ from its defaults. */
  readonly options?: RuleOptions;
}

/** What a rule yields: a fact with its place; severity, texts and fingerprint come from `check`. */
export interface Report {
  readonly message: string;
  readonly at: SourcePlace | Location;
  readonly data?: Readonly<Record<string, string | number>>;
  /** handler → … → line. The place itself is added by `check` when it is not the last step. */
  readonly flow?: readonly FlowStep[];
  /** Given: the finding is *possible*, not proved, and says why. */
  readonly assumptions?: readonly string[];
  readonly guard?: Guard;
  /** Lowers (never raises) the severity of the message. */
  readonly severity?: Severity;
  /** Names of functions concerned beyond the one being checked. */
  readonly functions?: readonly string[];
  /** Further files that the finding rests on, beyond its place, flow and infrastructure. */
  readonly evidence?: readonly string[];
  /** Mechanical repairs, best first: changes of the file that the finding is in. Each makes the finding go, or weigh less. */
  readonly suggestions?: readonly Suggestion[];
  /** Identity of the thing found; reports of several functions with one key and place are one finding. Default: the place. */
  readonly key?: string;
  /** This function comes by the same place and is not concerned: no finding of its own, and what others report there is a note, with this report's guard. */
  readonly counterexample?: true;
}

export type RuleOptions = Readonly<Record<string, number | string | boolean | readonly string[]>>;

export interface FunctionRule extends RuleMeta {
  readonly scope: 'function';
  /** What it says of a function by the event graph: asked of those that it wants, when every function has been looked at. */
  readonly last?: { wants(view: FunctionView): boolean; check(context: { readonly view: FunctionView; readonly options: RuleOptions }): Iterable<Report> };
  check(context: { readonly view: FunctionView; readonly options: RuleOptions }): Iterable<Report>;
}

export interface ProjectRule extends RuleMeta {
  readonly scope: 'project';
  check(context: { readonly project: ProjectView; readonly options: RuleOptions }): Iterable<Report>;
}

export type Rule = FunctionRule | ProjectRule;

/** Gives the declaration of a rule its type. */
export function defineRule<R extends Rule>(rule: R): R {
  return rule;
}
