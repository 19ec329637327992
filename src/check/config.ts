import { findNodeAtLocation, parseTree, getNodeValue, type Node, type ParseError } from 'jsonc-parser';
import type { Severity } from '../model/finding.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule, RuleOptions } from '../rule.ts';
import { nearest } from './nearest.ts';
import { presets, type Level, type Preset, type RuleChoice } from './settings.ts';
import { UsageError } from './usage-error.ts';

/** One entry of `ignore`: findings that the team has decided on, where a comment cannot stand. */
export interface IgnoreEntry {
  readonly rule: string;
  /** Exact path, or a folder with everything below it. */
  readonly path?: string;
  readonly function?: string;
  readonly reason?: string;
  /** `YYYY-MM-DD`: the day from which the finding is shown again. */
  readonly until?: string;
}

/** What packages may weigh unpacked, in bytes: overall, and for functions whose name matches a pattern (the first that does). */
export interface BundleConfig {
  readonly warnBytes?: number;
  readonly errorBytes?: number;
  readonly functions?: readonly { readonly pattern: string; readonly warnBytes?: number; readonly errorBytes?: number }[];
}

export interface Config {
  /** The file it was read from; absent: defaults. */
  readonly file?: string;
  readonly preset?: Preset;
  readonly rules: ReadonlyMap<string, RuleChoice>;
  readonly ignore: readonly IgnoreEntry[];
  readonly date?: string;
  readonly stage?: string;
  readonly params: ReadonlyMap<string, string>;
  readonly exclude: readonly string[];
  readonly bundle?: BundleConfig;
}

export const noConfig: Config = { rules: new Map(), ignore: [], params: new Map(), exclude: [] };

const names = ['faaslint.config.json', 'faaslint.config.jsonc', 'package.json'];

/** The nearest configuration from `scope` up to the root. Data only: nothing of it is ever executed. */
export function findConfig(workspace: Workspace, scope: string): string | undefined {
  for (let dir = scope; ; dir = dir.includes('/') ? dir.slice(0, dir.lastIndexOf('/')) : '') {
    for (const name of names) {
      const file = dir === '' ? name : `${dir}/${name}`;
      const text = workspace.read(file);
      if (text === undefined) continue;
      if (name !== 'package.json' || /"faaslint"\s*:\s*\{/.test(text)) return file;
    }
    if (dir === '') return undefined;
  }
}

/** @throws UsageError naming file, line and key when the configuration is not what the schema says */
export function parseConfig(file: string, text: string, rules: readonly Rule[]): Config {
  const errors: ParseError[] = [];
  let tree: Node | undefined;
  try {
    tree = parseTree(text, errors, { allowTrailingComma: true });
  } catch {
    throw new UsageError(`${file}: nested too deeply to be a configuration.`);
  }
  const at = (node: Node | undefined): string => `${file}:${text.slice(0, node?.offset ?? 0).split('\n').length}`;
  const first = errors[0];
  if (first || !tree) throw new UsageError(`${file}:${text.slice(0, first?.offset ?? 0).split('\n').length}: not valid JSON. Mend the syntax or run with --no-config.`);
  const root = file.endsWith('package.json') ? findNodeAtLocation(tree, ['faaslint']) : tree;
  if (!root || root.type !== 'object') throw new UsageError(`${at(root)}: the configuration must be an object.`);
  const fail = (node: Node | undefined, message: string): never => { throw new UsageError(`${at(node)}: ${message}`); };
  const config: { -readonly [K in keyof Config]: Config[K] } = { ...noConfig, file };
  for (const [key, node] of entries(root)) {
    switch (key) {
      case '$schema': break;
      case 'preset': {
        const value = text_(node);
        const preset = presets.find((item) => item === value);
        config.preset = preset ?? fail(node, `preset must be one of ${presets.join(', ')}.${hint(String(node.value), presets)}`);
        break;
      }
      case 'rules': config.rules = new Map(pairs(node, 'rules', fail).map(([id, item]) => [id, choice(id, item, rules, fail)])); break;
      case 'ignore': config.ignore = list(node, 'ignore', fail).map((item) => ignoreEntry(item, rules, fail)); break;
      case 'date': config.date = date(node, 'date', fail); break;
      case 'stage': config.stage = text_(node) ?? fail(node, 'stage must be a string.'); break;
      case 'params': config.params = new Map(pairs(node, 'params', fail).map(([name, item]) => [name, String(getNodeValue(item))])); break;
      case 'exclude': config.exclude = list(node, 'exclude', fail).map((item) => text_(item) ?? fail(item, 'exclude must be a list of patterns.')); break;
      case 'bundle': config.bundle = bundleConfig(node, fail); break;
      default: fail(node, `unknown key '${key}'.${hint(key, ['preset', 'rules', 'ignore', 'date', 'stage', 'params', 'exclude', 'bundle'])}`);
    }
  }
  return config;
}

type Fail = (node: Node | undefined, message: string) => never;

const entries = (node: Node): readonly (readonly [string, Node])[] => (node.children ?? []).flatMap((property): readonly (readonly [string, Node])[] => {
  const [key, value] = property.children ?? [];
  return key && value ? [[String(key.value), value]] : [];
});
const items = (node: Node): readonly Node[] => (node.type === 'array' ? (node.children ?? []) : []);
/** The members of an object; anything else is a mistake, which would pass for an empty one. */
const pairs = (node: Node, key: string, fail: Fail): ReturnType<typeof entries> => (node.type === 'object' ? entries(node) : fail(node, `${key} must be an object.`));
const list = (node: Node, key: string, fail: Fail): readonly Node[] => (node.type === 'array' ? items(node) : fail(node, `${key} must be a list.`));
const text_ = (node: Node): string | undefined => (typeof node.value === 'string' ? node.value : undefined);
const hint = (name: string, known: readonly string[]): string => { const found = nearest(name, known); return found === undefined ? '' : ` Did you mean '${found}'?`; };

function ruleId(id: string, node: Node, rules: readonly Rule[], fail: Fail): string {
  const ids = rules.map((rule) => rule.id);
  return ids.includes(id) ? id : fail(node, `unknown rule '${id}'.${hint(id, ids)} Run 'faaslint rules' for the list.`);
}

const levels: readonly Level[] = ['off', 'info', 'warning', 'error'];
const severities: readonly Severity[] = ['info', 'warning', 'error'];

function choice(id: string, node: Node, rules: readonly Rule[], fail: Fail): RuleChoice {
  ruleId(id, node, rules, fail);
  const rule = rules.find((item) => item.id === id);
  const [first, second] = node.type === 'array' ? items(node) : [node];
  const level = levels.find((item) => item === first?.value) ?? fail(first ?? node, `'${id}' must be one of ${levels.join(', ')}.${hint(String(first?.value), levels)}`);
  const options: Record<string, RuleOptions[string]> = {};
  let minSeverity: Severity | undefined;
  for (const [name, value] of second ? entries(second) : []) {
    if (name === 'minSeverity') { minSeverity = severities.find((item) => item === value.value) ?? fail(value, `minSeverity must be one of ${severities.join(', ')}.`); continue; }
    const option = rule?.options[name] ?? fail(value, `'${id}' has no option '${name}'.${hint(name, ['minSeverity', ...Object.keys(rule?.options ?? {})])}`);
    const raw: unknown = getNodeValue(value);
    const fits = option.type === 'strings' ? Array.isArray(raw) && raw.every((item) => typeof item === 'string') : typeof raw === option.type;
    if (!fits) fail(value, `option '${name}' of '${id}' must be ${option.type === 'strings' ? 'a list of strings' : `a ${option.type}`}.`);
    options[name] = raw as RuleOptions[string];
  }
  return { level, options, ...(minSeverity ? { minSeverity } : {}) };
}

function ignoreEntry(node: Node, rules: readonly Rule[], fail: Fail): IgnoreEntry {
  const entry: { -readonly [K in keyof IgnoreEntry]: IgnoreEntry[K] } = { rule: '' };
  for (const [key, value] of entries(node)) {
    if (key === 'rule') entry.rule = value.value === '*' ? '*' : ruleId(String(value.value), value, rules, fail);
    else if (key === 'until') entry.until = date(value, 'until', fail);
    else if (key === 'path' || key === 'function' || key === 'reason') entry[key] = text_(value) ?? fail(value, `${key} must be a string.`);
    else fail(value, `unknown key '${key}' in ignore.${hint(key, ['rule', 'path', 'function', 'reason', 'until'])}`);
  }
  return entry.rule === '' ? fail(node, "an entry of ignore needs a 'rule'.") : entry;
}

function bundleConfig(node: Node, fail: Fail): BundleConfig {
  if (node.type !== 'object') fail(node, 'bundle must be an object.');
  const config: { -readonly [K in keyof BundleConfig]: BundleConfig[K] } = {};
  for (const [key, value] of entries(node)) {
    if (key === 'warnBytes' || key === 'errorBytes') config[key] = bytes(value, key, fail);
    else if (key === 'functions') {
      if (value.type !== 'object') fail(value, 'functions in bundle must be an object with a budget for each pattern.');
      config.functions = entries(value).map(([pattern, item]) => {
        if (item.type !== 'object') fail(item, `the budget of '${pattern}' must be an object.`);
        const budget: { pattern: string; warnBytes?: number; errorBytes?: number } = { pattern };
        for (const [name, amount] of entries(item)) {
          if (name === 'warnBytes' || name === 'errorBytes') budget[name] = bytes(amount, name, fail);
          else fail(amount, `unknown key '${name}' in the budget of '${pattern}'.${hint(name, ['warnBytes', 'errorBytes'])}`);
        }
        return budget;
      });
    } else fail(value, `unknown key '${key}' in bundle.${hint(key, ['warnBytes', 'errorBytes', 'functions'])}`);
  }
  return config;
}

function bytes(node: Node, key: string, fail: Fail): number {
  const value: unknown = node.value;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : fail(node, `${key} must be a number of bytes; 0 for never.`);
}

function date(node: Node, key: string, fail: Fail): string {
  const value = text_(node);
  return value !== undefined && isDate(value) ? value : fail(node, `${key} must be a day, YYYY-MM-DD.`);
}

export const isDate = (value: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));

/** @throws UsageError when the text names no day */
export function dayOf(value: string): string {
  if (!isDate(value)) throw new UsageError(`"${value}" is no day. Give it as YYYY-MM-DD.`);
  return value;
}
