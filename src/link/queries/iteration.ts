import { askOf, mayAsk } from '../../catalog/asks.ts';
import type { Expr, LoopStmt } from '../../model/facts.ts';
import { unknown } from '../../model/value.ts';
import type { Node } from '../reach.ts';
import type { LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { askerOf, calleeOf, edgesOf, holdsAsk, targetOf, workIn } from './calls-in.ts';
import { reachedBy } from './changes.ts';
import { isDeadline } from './deadlines.ts';
import { exitsOf, loopsOf, roundOf, waysOut } from './loops.ts';
import { boundOf, changesOf } from './rounds.ts';

const pagerName = /^(?:paginate\w*|\w*[pP]aginator|autoPaging\w*|byPage|iteratePaginatedAPI)$/;

/** Whether `for await` goes over pages that are asked for one after another: a paginator, or a generator that asks. */
export function isEndlessSource(view: LinkedFunction, node: Node, loop: LoopStmt, depth = 0): boolean {
  return loop.iterable !== undefined && depth < 4 && isPager(view, node, loop.iterable, depth);
}

function isPager(view: LinkedFunction, node: Node, expr: Expr, depth: number): boolean {
  if (expr.kind === 'ref') {
    const definitions = view.evaluator.modules.index(node.frame.file)?.definitions.get(expr.binding) ?? [];
    const [only] = definitions;
    return definitions.length === 1 && only?.expr !== undefined && only.form === 'init' && only.fn === node.frame.fn && only.path.length === 0 && isPager(view, node, only.expr, depth);
  }
  let found = false;
  walk([expr], (item) => {
    if (item.kind !== 'call' && item.kind !== 'new') return;
    for (const external of node.externals) {
      if (external.expr !== item) continue;
      const callee = calleeOf(external);
      const ask = mayAsk(callee) ? askOf(callee, item.args.map((arg) => (arg ? view.evaluator.value(arg, node.frame) : unknown('argument')))) : undefined;
      if (ask?.iterates) found = true;
    }
    if (item.callee.kind === 'member' && namesPager(item.callee)) found = true;
    for (const edge of edgesOf(view).get(node) ?? []) {
      if (edge.site !== item || edge.how !== 'call') continue;
      const target = targetOf(view, edge);
      if (target && asksOnAndOn(view, target, depth + 1)) found = true;
    }
    return item === expr || (item.kind === 'call' && item.callee.kind === 'member');
  });
  return found;
}

/** `octokit.paginate.iterator(…)`, `client.list().byPage()`: a member whose name says that it pages. */
function namesPager(callee: Expr): boolean {
  for (let current: Expr = callee; current.kind === 'member' || current.kind === 'call'; current = current.kind === 'member' ? current.object : current.callee) {
    if (current.kind === 'member' && typeof current.property === 'string' && pagerName.test(current.property)) return true;
  }
  return false;
}

/** A generator with a loop that asks for more each round and that nothing but the answers bounds. */
function asksOnAndOn(view: LinkedFunction, node: Node, depth: number): boolean {
  const fn = view.evaluator.fact(node.frame.file, node.frame.fn);
  if (!fn?.generator) return false;
  return loopsOf(fn).some((loop) => {
    if (loop.form === 'awaitOf') return isEndlessSource(view, node, loop, depth);
    if (loop.form === 'of' || loop.form === 'in') return false;
    const round = roundOf(loop);
    const work = workIn(view, node, round);
    if (!work.remote || work.durable) return false;
    const exits = exitsOf(loop);
    if (exits.some((exit) => waysOut(exit).flat().some((atom) => isDeadline(view, atom, node.frame)))) return false;
    const facts = view.evaluator.modules.facts(node.frame.file);
    if (!facts) return false;
    const asks = askerOf(view, node, round);
    const changes = changesOf(loop);
    return boundOf({ facts, loop, exits, changes, answered: reachedBy(changes, (value) => holdsAsk(value, asks)), asks: (expr) => asks.has(expr) }) === undefined;
  });
}
