import { check } from '../check/check.ts';
import { defaults } from '../check/settings.ts';
import { sourceDirectives, suppress } from '../check/suppress.ts';
import type { Severity } from '../model/finding.ts';
import type { OptionMeta, Rule, RuleOptions } from '../rule.ts';
import { projectOf } from './project.ts';
import type { RuleModuleLike } from './types.ts';

const docs = 'https://github.com/faaslint/faaslint/blob/main/docs/rules';

/** An ESLint rule that selects one faaslint rule's findings in the open file. */
export function eslintRule(rule: Rule): RuleModuleLike {
  return {
    meta: {
      type: 'problem',
      hasSuggestions: rule.scope === 'function',
      docs: { description: rule.title, recommended: rule.preset === 'core' || rule.preset === 'recommended', url: `${docs}/${rule.id}.md` },
      schema: [{
        type: 'object', additionalProperties: false,
        properties: {
          minSeverity: { enum: ['info', 'warning', 'error'], description: 'Leaves out findings that weigh less.' },
          ...Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, optionSchema(option)])),
        },
      }],
      defaultOptions: [{}],
    },
    create(context) {
      // Project rules need every file; they speak in the analyzer.
      if (rule.scope === 'project') return {};
      return {
        'Program:exit'() {
          const project = projectOf(context.sourceCode, context.filename, context.cwd);
          if (!project) return;
          const given = (context.options[0] ?? {}) as { readonly minSeverity?: Severity } & RuleOptions;
          const { minSeverity = 'warning', ...options } = given;
          const { findings } = check(project, [[rule, { level: 'error', minSeverity, options: { ...defaults(rule), ...options } }]], () => context.sourceCode.text);
          const file = project.functions[0]?.fn.handlers[0]?.file;
          const facts = file === undefined ? undefined : project.facts(file);
          const shown = facts ? suppress(findings, sourceDirectives(facts)).findings : findings;
          for (const finding of shown) {
            if (finding.file !== file || finding.suppressed) continue;
            context.report({
              message: `${finding.message} ${finding.repair}`,
              loc: { start: { line: finding.line, column: finding.column - 1 }, end: { line: finding.endLine, column: finding.endColumn - 1 } },
              suggest: (finding.suggestions ?? []).map(({ title, edits }) => ({ desc: title, fix: (fixer) => edits.map((edit) => fixer.replaceTextRange([edit.start, edit.end], edit.text)) })),
            });
          }
        },
      };
    },
  };
}

function optionSchema(option: OptionMeta): object {
  return option.type === 'strings' ? { type: 'array', items: { type: 'string' }, description: option.description } : { type: option.type, description: option.description };
}

