import { describe, expect, it } from 'vitest';
import { check } from '../../src/check/check.ts';
import type { FunctionRule } from '../../src/rule.ts';
import { defineRule } from '../../src/rule.ts';
import { deployed, project } from '../support/memory.ts';

const setting = { level: 'error', minSeverity: 'info', options: {} } as const;

/** Reports every call of `sink`; dies in functions that call `bomb`. */
const rule: FunctionRule = defineRule({
  id: 'no-sink', title: 'Calls sink.', scope: 'function', category: 'state', preset: 'core', risk: 'None.', references: [{ document: '000', title: 'x' }],
  messages: { sink: { severity: 'error', text: 'Calls {name} of {limit}.', repair: 'Do not.' } }, options: {}, examples: [],
  *check({ view }) {
    for (const call of view.calls('invoke')) {
      if (call.callee.path.at(-1) === 'bomb') throw new Error('went off');
      if (call.callee.path.at(-1) === 'sink') yield { message: 'sink', at: call.place, data: { name: 'sink', limit: view.fn.timeoutSeconds?.value ?? 0 } };
    }
  },
} as FunctionRule);

describe('check', () => {
  it('a rule that throws in one function keeps what it finds in the others', () => {
    const { project: view } = project({
      'a.js': 'import { sink } from "lib";\nexport const handler = () => sink();\n',
      'b.js': 'import { bomb, sink } from "lib";\nexport const handler = () => { sink(); bomb(); };\n',
      'c.js': 'import { sink } from "lib";\nexport const handler = () => sink();\n',
    }, [deployed('A', 'a.js'), deployed('B', 'b.js'), deployed('C', 'c.js')]);
    const { findings, failures } = check(view, [[rule, setting]]);
    expect(findings.map((item) => item.file)).toEqual(['a.js', 'c.js']);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.reason).toContain('went off');
  });

  it('what a rule asks last is asked when every function has been looked at, of those that it wants', () => {
    const source = 'import { sink } from "lib";\nexport const handler = () => sink();\n';
    const order: string[] = [];
    const asking: FunctionRule = {
      ...rule,
      *check({ view }) { order.push(`first ${view.fn.name}`); yield* rule.check({ view, options: {} }); },
      last: { wants: (view) => view.fn.name !== 'B', *check({ view }) { order.push(`last ${view.fn.name}`); if (view.fn.name === 'C') throw new Error('went off'); yield* rule.check({ view, options: {} }); } },
    };
    const { project: view } = project({ 'a.js': source, 'b.js': source, 'c.js': source }, [deployed('A', 'a.js'), deployed('B', 'b.js'), deployed('C', 'c.js')]);
    const { findings, failures } = check(view, [[asking, setting]]);
    expect(order).toEqual(['first A', 'first B', 'first C', 'last A', 'last C']);
    expect(findings.map((item) => item.file)).toEqual(['a.js', 'b.js', 'c.js']);
    expect(failures.map((item) => item.reason)).toEqual([expect.stringContaining('in C: went off')]);
  });

  it.each([
    ['its own code', 'a.js', 'the file looks like a function by its own code; no declaration of it was found in the repository'],
    ['a pipeline', 'cloudbuild.yaml', 'a script that deploys or starts the function shows it; no infrastructure in the repository declares it'],
  ])('a function that only %s shows is at most a warning', (_name, file, assumption) => {
    const shown = deployed('A', 'a.js', { foundBy: 'evidence', declaredAt: [{ file, line: 1, column: 1, endLine: 1, endColumn: 2 }] });
    const { findings } = check(project({ 'a.js': 'import { sink } from "lib";\nexport const handler = () => sink();\n' }, [shown]).project, [[rule, setting]]);
    expect(findings.map((item) => [item.severity, item.assumptions])).toEqual([['warning', [assumption]]]);
  });

  it('a question about one function that fails costs nothing of the others', () => {
    const files = { 'a.js': 'import { sink } from "lib";\nexport const handler = () => sink();\n', 'b.js': 'import { sink } from "lib";\nexport const handler = () => sink();\n' };
    const { findings, failures } = check(project(files, [deployed('A', 'a.js'), deployed('B', 'b.js')]).project, [[rule, setting]], () => undefined, (view) => { if (view.fn.name === 'A') throw new Error('no answer'); });
    expect(findings.map((item) => item.file)).toEqual(['a.js', 'b.js']);
    expect(failures).toEqual([{ file: 'a.js', reason: 'what A does was not worked out: no answer. Other functions are not affected; please report it.' }]);
  });

  it('a fingerprint follows the text of the node, not its line, its spaces or the figures of the message', () => {
    const print = (text: string): string | undefined => check(project({ 'a.js': text }).project, [[rule, setting]], () => text).findings[0]?.fingerprint;
    const base = print('import { sink } from "lib";\nexport const handler = () => sink(1, 2);\n');
    expect(base).toBeDefined();
    expect(print('import { sink } from "lib";\n\n\nexport const handler = () => sink(1,\n   2);\n')).toBe(print('import { sink } from "lib";\nexport const handler = () => sink(1, 2);\n'));
    expect(print('import { sink } from "lib";\nexport const handler = () => sink(1, 3);\n')).not.toBe(base);
  });
});
