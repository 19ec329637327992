import { endpointOf, isAwsRegion, isTextOnly, takesRegion, type EndpointKind } from '../../catalog/endpoints.ts';
import { property } from '../../catalog/look-up.ts';
import type { Expr, ModuleFacts } from '../../model/facts.ts';
import type { FlowStep } from '../../model/finding.ts';
import type { SourcePlace } from '../../model/location.ts';
import type { ExternalCall, FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { contains } from '../values.ts';
import type { LinkedFunction } from '../view.ts';
import { walk, type Item } from '../walk.ts';
import { filesBehindNames } from './clients.ts';
import { runsLocallyOnly } from './local-run.ts';
import { evaluatedFiles } from './packaged.ts';

/** An address or region that is spelled out in function code and reaches a call. */
export interface HardcodedEndpoint {
  readonly kind: EndpointKind | 'region';
  readonly text: string;
  readonly place: SourcePlace;
  /** It stands in only where something else is not given: `process.env.X ?? 'literal'`, a default. */
  readonly fallback: boolean;
  /** The variable of the environment that it stands in for, where one does. */
  readonly variable?: string;
  readonly path: readonly FlowStep[];
  readonly files: readonly string[];
}

interface Spot {
  readonly kind: EndpointKind | 'region';
  readonly file: string;
  readonly expr: Expr;
  readonly text: string;
  readonly fallback: boolean;
  readonly variable?: string;
}

/** Literal endpoints and regions of a function that reach a call as more than text, each once, at the literal. */
export function hardcodedEndpoints(of: FunctionView): readonly HardcodedEndpoint[] {
  const view = of as LinkedFunction;
  const spots: { readonly kind: EndpointKind | 'region'; readonly spot: Spot }[] = [];
  for (const file of evaluatedFiles(view)) {
    const facts = view.evaluator.modules.facts(file);
    if (!facts) continue;
    for (const spot of literalsOf(file, facts)) spots.push({ kind: spot.kind, spot });
  }
  if (spots.length === 0) return [];
  const found: HardcodedEndpoint[] = [];
  const calls = view.calls();
  for (const { kind, spot } of spots) {
    const call = calls.find((one) => (kind === 'region' ? givesRegion(view, one, spot) : reaches(view, one, spot)) && runsLocallyOnly(view, one.body, one.expr) !== 'local');
    if (!call || (!spot.fallback && isLocalOnly(view, call, spot))) continue;
    found.push({ kind, text: spot.text, place: { file: spot.file, start: spot.expr.start, end: spot.expr.end }, fallback: spot.fallback, ...(spot.variable === undefined ? {} : { variable: spot.variable }), path: call.path, files: [...new Set([call.place.file, ...filesBehindNames(view, call.place.file, call.expr.args)])].filter((file) => file !== spot.file) });
  }
  return found;
}

const kindOf = (text: string): EndpointKind | 'region' | undefined => (isAwsRegion(text) ? 'region' : endpointOf(text));

const literals = new WeakMap<ModuleFacts, readonly Spot[]>();

/** Texts of a module that look like addresses: whole literals, and the literal parts of templates. */
function literalsOf(file: string, facts: ModuleFacts): readonly Spot[] {
  const known = literals.get(facts);
  if (known) return known;
  const found: Spot[] = [];
  const roots: Item[] = [];
  for (const fn of facts.functions) {
    roots.push(...fn.body);
    for (const param of fn.params) if (param.default) roots.push(param.default);
  }
  for (const cls of facts.classes) for (const member of cls.members) if (member.value) roots.push(member.value);
  walk(roots, (item, ancestors) => {
    if (item.kind === 'template') {
      // What is not known ends a text: a host whose own label is put in is no hard-coded one.
      const text = item.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '\u0000')).join('');
      for (const piece of text.split('\u0000')) {
        const kind = endpointOf(piece) && kindOf(piece);
        if (!kind) continue;
        found.push({ kind, file, expr: item, text: piece, ...standsIn(item, ancestors) });
        break;
      }
      return undefined;
    }
    if (item.kind === 'literal' && typeof item.value === 'string' && item.value.length > 6 && ancestors.at(-1)?.kind !== 'template') {
      const kind = kindOf(item.value);
      if (kind) found.push({ kind, file, expr: item, text: item.value, ...standsIn(item, ancestors) });
    }
    return undefined;
  });
  // Defaults of parameters stand in where the caller gives nothing.
  const defaults = new Set<Item>(facts.functions.flatMap((fn) => fn.params.flatMap((param) => (param.default ? [param.default] : []))));
  const result = found.map((spot) => (defaults.has(spot.expr) ? { ...spot, fallback: true } : spot));
  literals.set(facts, result);
  return result;
}

/** `process.env.X ?? 'here'`, `X || 'here'`, `X ? X : 'here'`, the default of a destructured name. */
function standsIn(item: Item, ancestors: readonly Item[]): { readonly fallback: boolean; readonly variable?: string } {
  let inner = item;
  for (let index = ancestors.length - 1; index >= 0; index--) {
    const outer = ancestors[index] as Item;
    if (outer.kind === 'logical' && outer.op !== '&&' && outer.right === inner) return { fallback: true, ...variableOf(outer.left) };
    if (outer.kind === 'conditional' && (outer.else === inner || outer.then === inner) && mentionsEnvironment(outer.test)) return { fallback: true, ...variableOf(outer.test) };
    if (outer.kind === 'pattern' && outer.elements.some((element) => element.default === inner)) return { fallback: true };
    if (outer.kind !== 'template' && outer.kind !== 'binary' && outer.kind !== 'logical' && outer.kind !== 'conditional') return { fallback: false };
    inner = outer;
  }
  return { fallback: false };
}

/** The only variable of the environment that an expression names. */
function variableOf(expr: Expr): { readonly variable?: string } {
  const names = new Set<string>();
  walk([expr], (item) => { if (item.kind === 'member' && typeof item.property === 'string' && item.object.kind === 'member' && item.object.property === 'env') names.add(item.property); });
  const [variable, more] = names;
  return variable === undefined || more !== undefined ? {} : { variable };
}

function mentionsEnvironment(test: Expr): boolean {
  let found = false;
  walk([test], (item) => { if (item.kind === 'member' && item.property === 'env') found = true; });
  return found;
}

/** Whether an argument of a call holds the text where it counts as an address. What stands in only where something is missing need not be seen in the value. */
function reaches(view: LinkedFunction, call: ExternalCall, spot: Spot): boolean {
  if (isTextOnly(call.callee)) return false;
  if (spot.fallback && call.expr.args.some((arg) => mayHold(arg) && leadsTo(view, call, arg, spot))) return true;
  return call.expr.args.some(mayHold) && view.instances(call).some(({ args }) => args.some((value, index) => { const arg = call.expr.args[index]; return arg !== undefined && mayHold(arg) && contains(value, (one) => holds(one, spot.text)); }));
}

/** Cheap tests first: an argument that cannot hold the literal need not be worked out. */
const mayHold = (arg: Expr): boolean => arg.kind !== 'function' && !(arg.kind === 'literal' && typeof arg.value !== 'string');

const holds = (value: Value, text: string): boolean => value.kind === 'literal' && typeof value.value === 'string' && value.value.includes(text);

/** Whether a call makes a client of AWS in the region that the literal names. */
function givesRegion(view: LinkedFunction, call: ExternalCall, spot: Spot): boolean {
  if (!takesRegion(call.callee, call.expr.kind === 'new')) return false;
  return call.expr.args.some((arg, index) => {
    if (!mayHold(arg) || !leadsTo(view, call, arg, spot)) return false;
    if (spot.fallback) return true;
    const given = alternatives(call.arg(index)).flatMap((one) => { const region = property(one, 'region'); return region ? [region] : []; });
    return given.some((region) => contains(region, (value) => value.kind === 'literal' && value.value === spot.text));
  });
}

/** Whether an argument leads to the literal by names: it holds it, or a variable whose definition does, in whatever file. */
function leadsTo(view: LinkedFunction, call: ExternalCall, arg: Expr, spot: Spot): boolean {
  const { modules } = view.evaluator;
  const seen = new Set<string>();
  let found = false;
  const follow = (file: string, exprs: readonly Expr[], depth: number): void => {
    if (found || depth > 6) return;
    for (const expr of exprs) if (file === spot.file && spot.expr.start >= expr.start && spot.expr.end <= expr.end) { found = true; return; }
    walk(exprs, (item) => {
      if (found) return false;
      if (item.kind === 'function') {
        const fn = modules.facts(file)?.functions[item.fn];
        if (fn) follow(file, modules.index(file)?.returns[item.fn] ?? [], depth + 1);
      }
      if (item.kind !== 'ref' || seen.has(`${file}#${item.binding}`)) return undefined;
      seen.add(`${file}#${item.binding}`);
      const binding = modules.facts(file)?.bindings[item.binding];
      if (binding?.kind === 'param' && !spot.fallback) found = true;
      for (const definition of modules.index(file)?.definitions.get(item.binding) ?? []) {
        if (definition.default) follow(file, [definition.default], depth + 1);
        if (definition.expr) follow(file, [definition.expr], depth + 1);
        if (definition.form === 'function' && definition.id !== undefined) follow(file, modules.index(file)?.returns[definition.id] ?? [], depth + 1);
      }
      const imported = modules.imported(file, item.binding);
      if (imported) {
        const end = modules.lookup(file, imported.source, imported.imported);
        if ('file' in end && end.file === spot.file && !spot.fallback) found = true;
        else if (end.kind === 'local' && end.fact.binding !== undefined) follow(end.file, [{ kind: 'ref', binding: end.fact.binding, start: end.fact.start, end: end.fact.end }], depth + 1);
        else if (end.kind === 'local' && end.fact.value) follow(end.file, [end.fact.value], depth + 1);
      }
      return undefined;
    });
  };
  follow(call.place.file, [arg], 0);
  return found;
}

/** A literal in a branch that only a developer's machine takes. */
function isLocalOnly(view: LinkedFunction, call: ExternalCall, spot: Spot): boolean {
  if (spot.file !== call.place.file) return false;
  return runsLocallyOnly(view, call.body, spot.expr) === 'local';
}
