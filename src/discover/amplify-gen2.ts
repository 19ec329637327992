import type { Sym } from '../link/program-values.ts';
import { allowed, AmplifyApp, backendOf, byCallback, customFunction, declareDefinition, definitionOf, wireDefinition } from './amplify-backend.ts';
import { readConstructs } from './cdk.ts';
import { isAside } from './path-aside.ts';
import { thingOf } from './code-unit.ts';
import type { Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';

/**
 * Backends of Amplify, generation 2: `amplify/backend.ts` is followed by `link`'s engine and never run. `defineFunction` declares
 * functions, `defineAuth`, `defineStorage` and `defineData` give them triggers; what the backend adds with the CDK is read as the
 * CDK reader reads it.
 */
export const amplifyReader: Reader = {
  name: 'amplify',
  about: {
    format: 'Amplify generation 2', platform: 'AWS', files: '`amplify/backend.ts` and what it imports',
    reads: '`defineFunction` (entry, schedule, limits, environment, callbacks that make a function with the CDK), triggers of `defineAuth` and `defineStorage`, operations of `defineData` with their authorisation, constructs of the CDK that the backend adds',
    not: 'resources of CloudFormation that are changed by hand',
  },
  matches: (file) => /(?:^|\/)amplify\/backend\.[cm]?[jt]s$/.test(file) && !isAside(file),
  sniff: (text) => text.includes('@aws-amplify/backend'),
  read(file, context) {
    const rules: Sym = { kind: 'external', module: 'amplify:rules', path: ['allow'] };
    const names = new Map<unknown, string>();
    const program = context.program?.(file, {
      cwd: folderOf(folderOf(file)), eager: true,
      onMade: (made, machine) => {
        const step = made.path.at(-1) ?? '';
        const [first] = made.args;
        if (!/^@aws-amplify\/(?:backend|data-schema)/.test(made.module)) return undefined;
        if (made.form === 'call' && step === 'defineBackend') {
          for (const [key, item] of first?.kind === 'record' ? first.entries : []) { const of = thingOf(item.value); if (of && !names.has(of)) names.set(of, key); }
          return backendOf(first);
        }
        if (step === '#authorization') {
          if (first?.kind === 'closure') allowed.set(made, machine.invoke(first, [rules], made.place));
          return { kind: 'attribute', of: made, path: [] };
        }
        const custom = definitionOf(made) === 'defineFunction' && first?.kind === 'closure' ? customFunction(made, (scope) => machine.invoke(first, [scope], made.place)) : undefined;
        if (custom !== undefined) return custom;
        return definitionOf(made) !== undefined && first?.kind === 'closure' ? { kind: 'attribute', of: made, path: [] } : undefined;
      },
    });
    if (!program) {
      context.gap({ kind: 'program', file, line: 1, message: 'the program of the backend could not be read' });
      return;
    }
    context.used(file);
    const app = new AmplifyApp(program, { entry: file, cwd: folderOf(folderOf(file)) }, context);
    for (const made of program.made) if (definitionOf(made) !== undefined) declareDefinition(app, made, names.get(byCallback.get(made) ?? made));
    for (const made of program.made) {
      wireDefinition(app, made);
      // `backend.worker.addEnvironment('NAME', value)`
      const [name, value] = made.args;
      const of = made.module === 'amplify:backend' && made.path[0] === 'addEnvironment' ? [...names].find(([, key]) => key === made.path[1])?.[0] : undefined;
      const draft = [...app.drafts.values()].find((one) => one.made === of);
      if (draft && name?.kind === 'literal' && value) draft.environment.set(String(name.value), app.value(value));
    }
    readConstructs(app, new Set());
  },
};
