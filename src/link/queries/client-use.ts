import { onlySigns, staysLocal } from '../../catalog/clients.ts';
import type { Expr } from '../../model/facts.ts';
import type { ExternalCall } from '../../model/project.ts';
import { externalPath } from '../values.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import type { Item } from '../walk.ts';
import { ancestorsOf } from './positions.ts';
import { referencesTo } from './references.ts';

/**
 * Whether a client only signs and computes where it is made, so that no connection comes about. Proved where it stands in the call itself or in
 * a `const` of the same function all of whose uses are such calls.
 */
export function onlyComputes(view: LinkedFunction, call: ExternalCall): boolean {
  const body = call.body as LinkedBody;
  const outer = ancestorsOf(body.fn, call.expr).at(-1);
  if (outer?.kind !== 'declare' || outer.form !== 'const' || outer.target.kind !== 'ref') return outer !== undefined && usedLocally(view, body, call, call.expr, outer);
  const facts = view.evaluator.modules.facts(body.file);
  const binding = outer.target.binding;
  const uses = facts ? referencesTo(facts, new Set([binding])) : [];
  return uses.length > 0 && !facts?.exports.some((item) => item.binding === binding) && uses.every((use) => use.fn === body.fn.id && use.parent !== undefined && usedLocally(view, body, call, use.ref, use.parent));
}

function usedLocally(view: LinkedFunction, body: LinkedBody, call: ExternalCall, client: Expr, parent: Item): boolean {
  if (parent.kind === 'call') {
    const callee = parent.args[0] === client ? view.evaluator.value(parent.callee, body.node.frame) : undefined;
    return callee?.kind === 'external' && onlySigns(callee.module) && externalPath(callee).length === 1;
  }
  const path: string[] = [];
  const around = ancestorsOf(body.fn, client);
  let inner: Item = client;
  for (const item of [...around].reverse()) {
    if (item.kind === 'member' && item.object === inner && typeof item.property === 'string') path.push(item.property);
    else return item.kind === 'call' && item.callee === inner && staysLocal(call.callee.module, path.join('.'));
    inner = item;
  }
  return false;
}
