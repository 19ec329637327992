import type { CallExpr, Expr, ModuleFacts } from '../../model/facts.ts';
import { alternatives } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { referencesTo } from './references.ts';

/**
 * Arguments of a call that a logger of the repository does not hand on as a whole: it writes a field of them (`req.requestContext.requestId`), or nothing.
 * Empty where the callee is not known to be a function of the repository.
 */
export function partlyWritten(view: LinkedFunction, call: CallExpr, frame: Frame): ReadonlySet<Expr> {
  const targets = alternatives(view.evaluator.value(call.callee, frame));
  const found = new Set<Expr>();
  if (targets.length === 0 || call.args.some((arg) => arg.kind === 'spread')) return found;
  for (const [index, arg] of call.args.entries()) {
    if (targets.every((target) => target.kind === 'function' && takesParts(view.evaluator.modules.facts(target.file), target.fn, index))) found.add(arg);
  }
  return found;
}

/** Whether a function reads fields of a parameter only. What it does with them is its own affair: what it writes is found where it does. */
function takesParts(facts: ModuleFacts | undefined, id: number, index: number): boolean {
  if (!facts) return false;
  const known = answers.get(facts) ?? new Map<string, boolean>();
  answers.set(facts, known);
  const key = `${id}:${index}`;
  const answer = known.get(key) ?? readsParts(facts, id, index);
  known.set(key, answer);
  return answer;
}

/** Asked again for every call of a logger. */
const answers = new WeakMap<ModuleFacts, Map<string, boolean>>();

function readsParts(facts: ModuleFacts, id: number, index: number): boolean {
  const fn = facts.functions[id];
  // A function that reads `arguments`, or of which there is no body, may hand on anything.
  if (!fn || fn.params.some((param, at) => param.rest && at <= index) || fn.body.length === 0) return false;
  let all = false;
  walk(fn.body, (item) => { if (item.kind === 'global' && item.name === 'arguments') all = true; });
  if (all) return false;
  const target = fn.params[index]?.target;
  if (target === undefined) return true;
  if (target.kind === 'pattern') return target.elements.every((element) => element.path.every((step) => step !== '...' && step !== '*'));
  if (target.kind !== 'ref') return false;
  return referencesTo(facts, new Set([target.binding])).every(({ ref, parent }) => parent?.kind === 'member' && parent.object === ref && typeof parent.property === 'string' && !wholeMethods.test(parent.property));
}

/** Methods by which a text or a list is taken as a whole. */
const wholeMethods = /^(?:to[A-Z]\w{0,30}|replace(?:All)?|slice|substr(?:ing)?|trim\w{0,5}|split|concat|pad\w{3,5}|normalize|map|filter|forEach|join|reduce|flat(?:Map)?|entries|values|keys|valueOf|then)$/;
