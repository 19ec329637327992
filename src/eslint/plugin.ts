import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rules } from '../../rules/index.ts';
import { inPreset, minSeverityOf, presets, type Preset } from '../check/settings.ts';
import { eslintRule } from './rule.ts';
import type { ConfigLike, PluginLike } from './types.ts';

const { version } = createRequire(import.meta.url)('faaslint/package.json') as { readonly version: string };
const scripts = ['**/*.js', '**/*.mjs', '**/*.cjs', '**/*.jsx'];
const typescript = ['**/*.ts', '**/*.mts', '**/*.cts', '**/*.tsx'];

/**
 * The parser for TypeScript files: the project's own `@typescript-eslint/parser`, when there is one that loads. A project on a
 * TypeScript that has no API cannot load it; the analyzer serves such a project all the same.
 */
function typescriptParser(): unknown {
  try {
    const require = createRequire(join(process.cwd(), 'package.json'));
    return require('@typescript-eslint/parser') as unknown;
  } catch {
    return undefined;
  }
}

const plugin: PluginLike = {
  meta: { name: 'faaslint', version, namespace: 'faaslint' },
  rules: Object.fromEntries(rules.map((rule) => [rule.id, eslintRule(rule)])),
  configs: configs(),
};

function configs(): PluginLike['configs'] {
  // Made when asked for: reading the parser costs more than the plugin.
  const made = new Map<Preset, readonly ConfigLike[]>();
  const result = {} as Record<Preset, readonly ConfigLike[]>;
  for (const preset of presets) {
    Object.defineProperty(result, preset, { enumerable: true, get: () => { const known = made.get(preset) ?? config(preset); made.set(preset, known); return known; } });
  }
  return result;
}

function config(preset: Preset): readonly ConfigLike[] {
  const minSeverity = minSeverityOf(preset);
  const shared = {
    plugins: { get faaslint() { return plugin; } },
    rules: Object.fromEntries(rules.filter((rule) => inPreset(rule, preset)).map((rule) => [`faaslint/${rule.id}`, ['error', { minSeverity }] as const])),
  };
  const parser = typescriptParser();
  const typescriptRules = { name: `faaslint/${preset}/typescript`, ...shared };
  return [
    { name: `faaslint/${preset}/javascript`, files: scripts, ...shared },
    // Without a parser that reads TypeScript these files would only give syntax errors: they are then not asked for (`files` would do
    // that), and our rules hold for those that a block of the user's brings, with its parser. A parser that is set later wins.
    ...(parser === undefined
      ? [{ ...typescriptRules, ignores: ['**/*', ...typescript.map((pattern) => `!${pattern}`)] }]
      : [
        { name: `faaslint/${preset}/typescript-parser`, files: typescript, languageOptions: { parser }, plugins: shared.plugins, rules: {} },
        { ...typescriptRules, files: typescript },
      ]),
  ];
}

export default plugin;
export { plugin as 'module.exports' };
