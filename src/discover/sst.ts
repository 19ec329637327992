import type { Program } from '../link/program.ts';
import { record, type Sym, type SymClosure } from '../link/program-values.ts';
import { literal } from '../model/value.ts';
import { outputCall } from './code-output.ts';
import { CodeUnit, property } from './code-unit.ts';
import { isAside } from './path-aside.ts';
import { declareProvided } from './pulumi-resources.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';
import { componentOf, readComponent } from './sst-component.ts';
import { nameOf, type SstApp } from './sst-function.ts';
import { readObjects, readWorkers } from './sst-worker.ts';
import { readMachine, readMethod } from './sst-subscribe.ts';
import { readStacks } from './sst-stacks.ts';

/**
 * Applications of SST: `sst.config.ts` of v3 (`$config`, components in the global scope) and of v2 (`stacks`), and `sst.json` of v1.
 * The program is followed by `link`'s engine and never run. A deployment unit is the configuration file; a component's logical
 * id is its name, so that `Resource.Name` in code finds it.
 */
export const sstReader: Reader = {
  name: 'sst',
  about: {
    format: 'SST (v1, v2, v3)', platform: 'AWS, Cloudflare', files: '`sst.config.ts`, `sst.json`, their stacks',
    reads: 'components of `sst.aws` and `sst.cloudflare`, constructs of v2, subscribers, routes and authorizers, crons, state machines, `$transform`, defaults, resources of the providers of Pulumi, what v1 and v2 applications make with the CDK itself',
    not: 'sites, whose functions the framework makes; containers',
  },
  matches: (file) => /(?:^|\/)sst\.(?:config\.(?:[cm]?[jt]s)|json)$/.test(file) && !isAside(file),
  // A template of a configuration has places to fill in.
  sniff: (text) => !/\{\{\.\w{1,40}\}\}/.test(text) && (text.includes('$config') || /\bstacks\s*[(:]/.test(text) || /"(?:main|name)"\s*:/.test(text)),
  read(file, context) {
    if (!context.program) return;
    const text = context.workspace.read(file) ?? '';
    if (!file.endsWith('.json') && text.includes('$config')) readConfig(file, context);
    else readStacks(file, context);
  },
};

/** Times that v3 gives its functions (SST documentation, `sst.aws.Function`, read 2026-11). */
const defaults = { timeoutSeconds: 20, memoryMb: 1024 };

function readConfig(file: string, context: ReadContext): void {
  const cwd = folderOf(file);
  const stage: Sym = context.stage === undefined ? { kind: 'env', name: 'sst:stage' } : literal(context.stage);
  const globals = new Map<string, Sym>([['$app.stage', stage], ['$dev', literal(false)]]);
  const transforms: { readonly component: string; readonly change: SymClosure }[] = [];
  const program: Program | undefined = context.program?.(file, {
    cwd, globals, eager: true,
    onMade: (made, machine) => {
      const [first, second] = made.args;
      if (made.module === 'global' && made.path.join('.') === '$transform') {
        if (first?.kind === 'external' && second?.kind === 'closure') transforms.push({ component: first.path.slice(1).join('.'), change: second });
        return literal(undefined);
      }
      return outputCall(made, machine, context.params, context.stage);
    },
  });
  const config = program?.machine.exported(file, 'default');
  const parts = config?.kind === 'made' && config.path.join('.') === '$config' ? config.args[0] : undefined;
  const run = property(parts, 'run')?.value;
  if (!program || run?.kind !== 'closure') {
    context.gap({ kind: 'program', file, line: 1, message: 'the program of the configuration is not known' });
    return;
  }
  context.used(file);
  const place = { file, start: 0, end: 0 };
  const about = property(parts, 'app')?.value;
  const answer = about?.kind === 'closure' ? program.machine.invoke(about, [record([['stage', stage]])], place) : undefined;
  globals.set('$app.name', property(answer, 'name')?.value ?? { kind: 'env', name: 'sst:app' });
  const before = program.made.length;
  program.machine.invoke(run, [], place);
  const unit = new CodeUnit(program, context, file, cwd);
  const app: SstApp = {
    unit, defaults, shared: [],
    transform: (component, name, props) => {
      const full = component.includes('.') ? component : `aws.${component}`;
      for (const one of transforms) if (one.component === full && props.kind === 'record') program.machine.invoke(one.change, [props, record([]), literal(name)], place);
    },
  };
  // In the order in which they are made: what is referred to is there before. Components first, then what is called on them.
  const things = program.made.slice(Math.min(before, program.made.length));
  const taken = new Set(things.flatMap((made) => (made.form === 'new' && componentOf(made) !== undefined ? [nameOf(app, made.args[0])] : [])));
  for (const made of things) {
    readWorkers(app, made);
    if (!unit.things.has(made)) readComponent(app, made);
    readMethod(app, made);
    declareProvided(unit, made, taken);
  }
  for (const made of things) {
    readMachine(app, made);
    readObjects(app, made);
  }
  unit.readFunctions();
  unit.wire();
  unit.emit();
}
