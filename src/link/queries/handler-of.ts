import type { Expr, Stmt } from '../../model/facts.ts';
import type { FunctionView } from '../../model/project.ts';
import { handlerRoots, isApplication } from '../entry.ts';
import type { ReachedEffect } from './effects.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';

const kept = new WeakMap<object, ReadonlyMap<string, string>>();

/**
 * The handler that an effect is reached from, where a function has several: loops are judged handler by handler. By the
 * first body of the path on which the effect was found; `undefined` where there is one handler only, or it cannot be told.
 */
export function handlerOf(view: FunctionView, item: ReachedEffect): string | undefined {
  const [only] = view.fn.handlers;
  if (view.fn.handlers.length < 2) return only?.kind === 'fetch' ? only.export : undefined;
  const callers = item.occurrence?.activation.callers ?? [];
  const frame = callers[0]?.frame ?? item.occurrence?.activation.frame ?? (item.body as LinkedBody).node.frame;
  const known = rootsOf(view).get(frame.fn === 0 ? registered : `${frame.file}#${frame.fn}`);
  return known ?? (frame.fn === 0 && callers.some(({ site }) => isRoute(site)) ? fetchOf(view) : undefined);
}

/**
 * The one handler that answers requests: routes that modules give a router while they load run there, also where the handler is a function
 * that asks the router (`fetch: (request, env) => app.fetch(request, env)`).
 */
function fetchOf(view: FunctionView): string | undefined {
  const [only, ...others] = view.fn.handlers.filter((handler) => handler.kind === 'fetch');
  return others.length === 0 ? only?.export : undefined;
}

/** Methods by which routers are given what answers a request (Hono 4, itty-router 5; November 2026). */
const routeWords: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all', 'use', 'route', 'openapi', 'notFound', 'onError']);

const isRoute = (site: Expr | Stmt): boolean => site.kind === 'call' && site.callee.kind === 'member' && routeWords.has(String(site.callee.property)) && site.args.length > 0;

/** Key of the one handler that is an application: what modules register while they load runs under it. */
const registered = '#registered';

/** Exports of handlers, by the function that each one leads to. */
function rootsOf(view: FunctionView): ReadonlyMap<string, string> {
  let roots = kept.get(view);
  if (!roots) {
    const { evaluator } = view as LinkedFunction;
    const found = new Map<string, string>();
    const applications = view.fn.handlers.filter((handler) => handlerRoots(view.fn, handler, evaluator).length === 0 && isApplication(handler, evaluator));
    if (applications.length === 1 && applications[0]) found.set(registered, applications[0].export);
    for (const handler of view.fn.handlers) {
      for (const { target } of handlerRoots(view.fn, handler, evaluator)) found.set(`${target.file}#${target.fn}`, handler.export);
    }
    roots = found;
    kept.set(view, roots);
  }
  return roots;
}
