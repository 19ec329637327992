import { typeOfName } from '../../catalog/content-types.ts';
import type { Expr } from '../../model/facts.ts';
import { alternatives, type Value } from '../../model/value.ts';
import type { Frame } from '../frame.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { textOf } from './key-checks.ts';
import { eventNames } from './payload.ts';

/** Checks of an object's name or media type that refuse what the function itself writes. */

const texts = (value: Value): readonly string[] => alternatives(value).flatMap((one) => (one.kind === 'literal' ? [String(one.value)] : []));

/** `if (key.startsWith('thumb-')) return`, and what is written begins so: the check refuses the next round. */
export function refusesKey(view: LinkedFunction, test: Expr, outcome: boolean, key: Value, frame: Frame): boolean {
  const call = methodOn(view, test, frame);
  if (!call || outcome) return false;
  const { method, wanted } = call;
  return alternatives(key).every((one) => {
    const text = textOf(one);
    // A check of the base name sees the part after the last slash.
    const ends = (mark: string): boolean => (method === 'startsWith' ? text.startsWith(mark) || text.slice(text.lastIndexOf('/') + 1).startsWith(mark) : method === 'endsWith' ? text.endsWith(mark) : method === 'includes' ? text.includes(mark) : false);
    return wanted.some(ends);
  });
}

/**
 * `if (object.contentType.startsWith('image/jpeg')) return`, and what is written is named `….jpg` or is given that type.
 *
 * @param given the type that the call gives, where it gives one
 */
export function refusesType(view: LinkedFunction, test: Expr, outcome: boolean, key: Value | undefined, given: Value | undefined, frame: Frame): boolean {
  const call = methodOn(view, test, frame);
  const equal = call ? undefined : equality(view, test, outcome, frame);
  const method = call ? call.method : equal ? 'equal' : undefined;
  const wanted = call?.wanted ?? equal?.wanted ?? [];
  const asked = call?.names ?? equal?.names ?? [];
  if (!method || !asked.some((name) => /^(?:content-?type|mimetype)$/i.test(name))) return false;
  const known = given ? texts(given) : [];
  const types = known.length > 0 ? known : key ? alternatives(key).map((one) => typeOfName(textOf(one))) : [];
  if (types.length === 0) return false;
  const holds = (type: string, mark: string): boolean => (method === 'startsWith' ? type.startsWith(mark) : method === 'endsWith' ? type.endsWith(mark) : method === 'includes' ? type.includes(mark) : type === mark);
  const isOut = call ? outcome : equal?.equal === true;
  return types.every((type) => type !== undefined && wanted.length > 0 && (isOut ? !wanted.some((mark) => holds(type, mark)) : wanted.some((mark) => holds(type, mark))));
}

interface Asked { readonly method: string; readonly wanted: readonly string[]; readonly names: readonly string[] }

/** A method of a text of the event, asked for a literal. */
function methodOn(view: LinkedFunction, test: Expr, frame: Frame): Asked | undefined {
  if (test.kind !== 'call' || test.callee.kind !== 'member' || typeof test.callee.property !== 'string') return undefined;
  const receiver = view.evaluator.value(test.callee.object, frame);
  const [first] = test.args;
  if (!first || !contains(receiver, (one) => one.kind === 'event')) return undefined;
  const wanted = texts(view.evaluator.value(first, frame));
  return wanted.length === 0 ? undefined : { method: test.callee.property, wanted, names: eventNames(receiver) };
}

function equality(view: LinkedFunction, test: Expr, outcome: boolean, frame: Frame): { readonly equal: boolean; readonly wanted: readonly string[]; readonly names: readonly string[] } | undefined {
  if (test.kind !== 'binary' || !/^[!=]==?$/.test(test.op)) return undefined;
  const left = view.evaluator.value(test.left, frame);
  const right = view.evaluator.value(test.right, frame);
  const [asked, other] = eventNames(left).length > 0 ? [left, right] : [right, left];
  return { equal: test.op.startsWith('=') === outcome, wanted: texts(other), names: eventNames(asked) };
}
