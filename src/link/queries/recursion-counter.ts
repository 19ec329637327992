import type { CallExpr, Expr, FunctionFact, ParamFact } from '../../model/facts.ts';
import type { Edge } from '../reach.ts';
import { walk, type Item } from '../walk.ts';
import { changesIn, readsOf } from './changes.ts';

/** What counts the rounds of a recursion: a parameter, or a field of an object that is a parameter. */
export interface Counter {
  /** Position of the parameter. */
  readonly index: number;
  /** Field of the parameter that counts; absent when the parameter does. */
  readonly key?: string;
  readonly binding: number;
  /** What the next round is given. */
  readonly next: Expr;
  /** What it is when nobody gives it. */
  readonly fallback?: Expr;
}

interface Place { readonly index: number; readonly key?: string; readonly binding: number; readonly fallback?: Expr }

/** Where a parameter, and the fields that are taken out of it (`({ attempt = 0 })`, `const { attempt } = props`), are held. */
function placesOf(fn: FunctionFact, index: number, param: ParamFact): readonly Place[] {
  const places: Place[] = [];
  const add = (target: ParamFact['target']): void => {
    if (target.kind !== 'pattern') return;
    for (const element of target.elements) {
      const [key] = element.path;
      if (key === undefined || element.path.length !== 1 || key === '*' || key === '...' || element.target.kind !== 'ref') continue;
      places.push({ index, key, binding: element.target.binding, ...(element.default === undefined ? {} : { fallback: element.default }) });
    }
  };
  if (param.target.kind !== 'ref') { add(param.target); return places; }
  const { binding } = param.target;
  places.push({ index, binding, ...(param.default === undefined ? {} : { fallback: param.default }) });
  for (const stmt of fn.body) if (stmt.kind === 'declare' && stmt.value?.kind === 'ref' && stmt.value.binding === binding) add(stmt.target);
  return places;
}

/** A field of an object as it is written there; of several of the name the last counts. A spread after it may say otherwise. */
function fieldOf(object: Expr | undefined, key: string): Expr | undefined {
  if (object?.kind !== 'object') return undefined;
  let found: Expr | undefined;
  for (const property of object.properties) {
    if (property.key === undefined) found = undefined;
    else if (property.key === key) found = property.value;
  }
  return found;
}

/** What a call gives for the place of a counter; `undefined` when it gives nothing, or it cannot be seen what. */
export function givenFor(argument: Expr | undefined, counter: { readonly key?: string }): Expr | undefined {
  return counter.key === undefined ? argument : fieldOf(argument, counter.key);
}

/** The parameter, or field of one, that the recursive call moves by arithmetic and that a test on the way compares. `bodies`: code of the function and of closures in it. */
export function counterOf(fn: FunctionFact, edge: Edge, bodies: readonly (readonly Item[])[], tests: readonly Expr[]): Counter | undefined {
  if (edge.how !== 'call' || edge.site.kind !== 'call') return undefined;
  const { args } = edge.site;
  for (const place of fn.params.flatMap((param, index) => placesOf(fn, index, param))) {
    const next = givenFor(args[place.index], place);
    if (next === undefined || !tests.some((test) => readsOf(test).has(`b${place.binding}`))) continue;
    const moves = readsOf(next).has(`b${place.binding}`) && ((next.kind === 'binary' && /^[-+*/]$/.test(next.op)) || next.kind === 'assign');
    const moved = next.kind === 'ref' && next.binding === place.binding && isStepped(bodies, place.binding);
    if (moves || moved) return { ...place, next };
  }
  return undefined;
}

/** Whether the fields of an object parameter count: `again({ ...props, attempt: props.attempt + 1 })` behind `props.attempt < 3`. */
export function countsInObject(fn: FunctionFact, site: CallExpr, tests: readonly Expr[]): boolean {
  return fn.params.some(({ target }, index) => {
    const given = site.args[index];
    if (target.kind !== 'ref' || given?.kind !== 'object') return false;
    const isField = (item: Item, key: string): boolean => item.kind === 'member' && item.property === key && item.object.kind === 'ref' && item.object.binding === target.binding;
    const holds = (expr: Expr, key: string): boolean => { let found = false; walk([expr], (item) => { if (isField(item, key)) found = true; }); return found; };
    return given.properties.some(({ key, value }) => typeof key === 'string' && fieldOf(given, key) === value && value.kind === 'binary'
      && /^[-+*/]$/.test(value.op) && holds(value, key) && tests.some((test) => test.kind === 'binary' && /^([<>]=?|[!=]==?)$/.test(test.op) && holds(test, key)));
  });
}

export const isStepped = (bodies: readonly (readonly Item[])[], binding: number): boolean => bodies.some((body) => changesIn(body).some((change) => change.holder === `b${binding}` && change.how === 'step'));
