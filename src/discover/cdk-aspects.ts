import { instanceMember } from '../link/program-classes.ts';
import { madeOf, optionsOf, slot, type Made, type Sym, type SymClosure } from '../link/program-values.ts';
import { unknown } from '../model/value.ts';
import type { CdkApp } from './cdk-app.ts';
import { addLayers } from './cdk-functions.ts';
import { lastStep } from './cdk-names.ts';

/** Most visits of functions by aspects that are followed in one app. */
const MAX_VISITS = 400;

/**
 * Gives functions the layers that aspects add: `Aspects.of(scope).add(aspect)` shows every construct below the scope to the aspect's
 * `visit` before the template is made (AWS CDK guide, "Aspects", November 2026). What else an aspect does is not read.
 */
export function visitFunctions(app: CdkApp): void {
  const { machine, made: all } = app.program;
  let visits = 0;
  for (const added of all.slice()) {
    if (added.form !== 'call' || lastStep(added) !== 'add' || !isAspects(added.receiver)) continue;
    const scope = madeOf(madeOf(added.receiver)?.args[0]);
    for (const aspect of added.args.slice(0, 1).flatMap(optionsOf)) {
      const visit = visitOf(app, aspect);
      if (!visit || !addsLayers(app, visit)) continue;
      for (const draft of app.drafts.values()) {
        if (!isBelow(app, draft.made, scope) || ++visits > MAX_VISITS) continue;
        const before = all.length;
        machine.invoke(visit, [draft.made], added.place, aspect);
        const layers = all.slice(before).filter((made) => made.form === 'call' && lastStep(made) === 'addLayers' && madeOf(made.receiver) === draft.made);
        for (const made of layers) if (made.certain) addLayers(app, draft, made);
        // What it does to some functions only may be done to this one: how many layers that are is not known.
        if (layers.some((made) => !made.certain)) draft.fn = { ...draft.fn, layers: [...draft.fn.layers, unknown('a layer that an aspect may add')] };
      }
    }
  }
}

const isAspects = (sym: Sym | undefined): boolean => { const made = madeOf(sym); return made?.form === 'call' && /(?:^|\.)Aspects\.of$/.test(made.path.join('.')); };

function visitOf(app: CdkApp, aspect: Sym): SymClosure | undefined {
  const visit = aspect.kind === 'instance' ? instanceMember(app.program.machine, aspect, 'visit') : slot(aspect, 'visit')?.value;
  return visit?.kind === 'closure' ? visit : undefined;
}

/** Whether the module of an aspect speaks of layers at all: most aspects do not, and need not be followed. */
const addsLayers = (app: CdkApp, visit: SymClosure): boolean => app.context.workspace.read(visit.file)?.includes('addLayers') === true;

/** Whether a construct lies in a scope; every one does where the scope is the app or is not known. */
function isBelow(app: CdkApp, made: Made, scope: Made | undefined): boolean {
  if (!scope || app.scopeOf(scope) === undefined) return true;
  let current: Made | undefined = made;
  for (let depth = 0; current && depth < 40; depth++) {
    if (current === scope) return true;
    current = app.scopeOf(current);
  }
  return false;
}
