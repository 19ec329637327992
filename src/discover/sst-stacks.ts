import { either, optionsOf, record, type Sym, type SymClosure } from '../link/program-values.ts';
import { literal, unknown } from '../model/value.ts';
import { readConstructs } from './cdk.ts';
import { CodeUnit, property } from './code-unit.ts';
import type { ReadContext } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { firstFile, folderOf, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';
import { SstCdk } from './sst-cdk.ts';
import { constructOf, readConstruct } from './sst-constructs.ts';
import type { SstApp } from './sst-function.ts';

/** Time and memory that v2 gives its functions (SST v2 documentation, `Function`, read 2026-11). */
const defaults = { timeoutSeconds: 10, memoryMb: 1024 };

const app: Sym = { kind: 'external', module: 'global', path: ['$sst', 'app'] };
const stack: Sym = { kind: 'external', module: 'global', path: ['$sst', 'stack'] };

/** Properties for the functions of a part of the program: what is made from one index on, before another. */
interface Shared { readonly props: Sym; readonly from: number; readonly to: number }

/**
 * Applications of SST v2 (`sst.config.ts` with `stacks(app)`) and v1 (`sst.json` naming a module whose default export is called with
 * the app): stacks are functions that are called with `{ stack, app }`, `use(Stack)` is what one returned.
 */
export function readStacks(file: string, context: ReadContext): void {
  const cwd = folderOf(file);
  const entry = file.endsWith('.json') ? mainOf(file, context) : file;
  if (entry === undefined) return;
  const stage: Sym = context.stage === undefined ? { kind: 'env', name: 'sst:stage' } : literal(context.stage);
  const globals = new Map<string, Sym>([['$sst.app.stage', stage], ['$sst.stack.stage', stage], ['$sst.app.local', literal(false)], ['$sst.app.mode', literal('deploy')], ['$sst.app.name', { kind: 'env', name: 'sst:app' }]]);
  const results = new Map<string, Sym>();
  const shared: { props: Sym; from: number; to: number }[] = [];
  const keyOf = (closure: SymClosure): string => `${closure.file}#${closure.fn}`;
  const program = context.program?.(entry, {
    cwd, globals,
    onMade: (made, machine) => {
      const step = (made.path.at(-1) ?? '').replace(/^#/, '');
      const [first] = made.args;
      const ours = made.module === 'global' && made.path[0] === '$sst';
      const run = (closure: SymClosure): Sym => {
        const known = results.get(keyOf(closure));
        if (known) return known;
        results.set(keyOf(closure), unknown('a stack that uses itself'));
        const before = shared.length;
        const answer = machine.invoke(closure, [record([['stack', stack], ['app', app]])], made.place);
        // What a stack says of its functions ends with it.
        for (const item of shared.slice(before)) item.to = Math.min(item.to, machine.made.length);
        results.set(keyOf(closure), answer);
        return answer;
      };
      if (ours && made.path[1] === 'app' && step === 'stack') {
        for (const one of stacksIn(first)) run(one);
        return app;
      }
      if (constructOf(made) === 'use') {
        const given = stacksIn(first).map((one) => run(one));
        return given.length === 0 ? unknown('what a stack gives') : either(given);
      }
      if (/^(?:setDefaultFunctionProps|addDefaultFunctionEnv)$/.test(step) && (ours || constructOf(made) !== undefined)) {
        const props = first?.kind === 'closure' ? machine.invoke(first, [stack], made.place) : first;
        if (props) shared.push({ props: step === 'addDefaultFunctionEnv' ? record([['environment', props]]) : props, from: made.index, to: Number.POSITIVE_INFINITY });
        return literal(undefined);
      }
      return undefined;
    },
  });
  const exported = program?.machine.exported(entry, 'default');
  const main = exported?.kind === 'closure' ? exported : property(exported, 'stacks')?.value;
  if (!program || main?.kind !== 'closure') {
    if (!file.endsWith('.json')) context.gap({ kind: 'program', file, line: 1, message: 'the program of the configuration is not known' });
    return;
  }
  context.used(file);
  program.machine.invoke(main, [app], { file: entry, start: 0, end: 0 });
  const unit = new CodeUnit(program, context, file, cwd);
  const cdk = new SstCdk(unit);
  unit.others = (made, path) => cdk.ofCdk(made, path);
  const state: SstApp = { unit, defaults, shared: [], transform: () => undefined };
  for (const made of program.made) {
    state.shared = shared.filter((item: Shared) => item.from <= made.index && made.index < item.to).map((item) => item.props);
    readConstruct(state, made);
  }
  unit.readFunctions();
  unit.wire();
  cdk.adopt();
  readConstructs(cdk, new Set());
  unit.emit();
}

/** The stacks that an argument is: also both of `condition ? Stack : () => {}`. */
const stacksIn = (sym: Sym | undefined): readonly SymClosure[] => (sym === undefined ? [] : optionsOf(sym)).flatMap((one) => (one.kind === 'closure' ? [one] : []));

/** `main` of `sst.json`, `stacks/index` or `lib/index` without one. Built output leads to its source. */
function mainOf(file: string, context: ReadContext): string | undefined {
  const config = readJson(context.workspace, file);
  if (config === undefined || typeof config['name'] !== 'string') return undefined;
  const main = config['main'];
  for (const path of typeof main === 'string' ? [main] : ['stacks/index.ts', 'lib/index.ts']) {
    const stated = joinInRoot(folderOf(file), path);
    const found = stated === undefined ? undefined : context.workspace.has(stated) ? stated : firstFile(context.workspace, withoutExtension(stated), sourceExtensions);
    if (found !== undefined) return found;
  }
  return undefined;
}
