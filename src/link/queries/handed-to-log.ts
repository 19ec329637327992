import type { CallExpr, Expr, NewExpr } from '../../model/facts.ts';
import type { SourcePlace } from '../../model/location.ts';
import { alternatives } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import type { LinkedBody, LinkedFunction } from '../view.ts';
import { walk } from '../walk.ts';
import { exposureOf, worse, type Exposure } from './exposure.ts';

/** Files and folders of code that does nothing but log, by their names. */
const loggingCode = /(?:^|[/._-])(?:log|logs|logger|loggers|logging)(?:[/._-]|$)|[lL]ogg(?:er|ing)[\w-]{0,40}\.[cm]?[jt]sx?$/;
/** What writes in such code, by its name: `emitLog`, `this.info`, `write`. */
const writes = /^_{0,2}(?:log|debug|info|warn|warning|error|trace|verbose|print|emit|write)(?:$|[A-Z_])|Log$/;

/** What a caller of logging code chose to have written, where it says so. */
export interface HandedOver {
  readonly place: SourcePlace;
  readonly exposure: Exposure;
  readonly isDebug: boolean;
  /** The activation of the logging code in which it is written. */
  readonly frame: Frame;
}

/** Whether a body belongs to shared logging code. */
export const isLoggingCode = (file: string): boolean => loggingCode.test(file);

/**
 * `logger.wrap(handler, ([event]) => ({ onEntry: [event] }))`: shared logging code asks a function of its caller what to write, and what
 * that gives is the line of the caller. Only what the body goes on to write counts; a wrapped handler that it calls is none.
 *
 * @param frames activations of the body, worked out only where it asks somebody
 */
export function handedToLog(view: LinkedFunction, body: LinkedBody, frames: () => readonly Frame[]): readonly HandedOver[] {
  const asked: (readonly [CallExpr, string])[] = [];
  walk(body.fn.body, (item, ancestors) => {
    const written = item.kind === 'call' && !writes.test(nameOf(body, item)) ? writtenAt(body, item, ancestors) : undefined;
    if (item.kind === 'call' && written !== undefined) asked.push([item, written]);
  });
  if (asked.length === 0) return [];
  return frames().flatMap((frame) => asked.flatMap(([call, written]) => given(view, call, written, frame)));
}

function given(view: LinkedFunction, item: CallExpr, written: string, frame: Frame): readonly HandedOver[] {
  const found: HandedOver[] = [];
  for (const target of alternatives(view.evaluator.value(item.callee, frame))) {
    if (target.kind !== 'function' || loggingCode.test(target.file)) continue;
    const inner = view.evaluator.enter(target, item.args.map((expr) => ({ expr, frame })), `${frame.file}:${item.start}`, frame);
    let worst: HandedOver | undefined;
    for (const part of (view.evaluator.modules.index(target.file)?.returns[target.fn] ?? []).flatMap(partsOf)) {
      const exposure = exposureOf(view.evaluator.value(part, inner), view.fn, view.project.whole);
      if (!exposure || worse(worst?.exposure, exposure) === worst?.exposure) continue;
      worst = { place: { file: target.file, start: part.start, end: part.end }, exposure, isDebug: written === 'debug', frame };
    }
    if (worst) found.push(worst);
  }
  return found;
}

/** The name of the call that writes what another call gives: around it, or given the name that its answer is kept under. */
function writtenAt(body: LinkedBody, asked: CallExpr, ancestors: readonly { readonly kind: string }[]): string | undefined {
  const around = ancestors.findLast((item): item is CallExpr => item.kind === 'call' && writes.test(nameOf(body, item as CallExpr)));
  if (around) return nameOf(body, around);
  let written: string | undefined;
  const kept = new Set<number>();
  walk(body.fn.body, (item) => {
    if (item.kind === 'declare' && item.value === asked && item.target.kind === 'ref') kept.add(item.target.binding);
    if (item.kind !== 'call' || kept.size === 0 || !writes.test(nameOf(body, item))) return;
    walk(item.args, (inner) => { if (inner.kind === 'ref' && kept.has(inner.binding)) written ??= nameOf(body, item); });
  });
  return written;
}

function nameOf(body: LinkedBody, { callee }: CallExpr | NewExpr): string {
  if (callee.kind === 'member') return String(callee.property);
  return callee.kind === 'ref' ? body.facts.bindings[callee.binding]?.name ?? '' : '';
}

/** What is named in an object that is given back: each may be written for itself. */
const partsOf = (expr: Expr): readonly Expr[] => (expr.kind === 'object' ? expr.properties.map((property) => property.value) : [expr]);
