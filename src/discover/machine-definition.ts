import type { MachineTask } from '../model/function.ts';
import { literalText, type Value } from '../model/value.ts';
import { caught, handedOn, tasksOf, type Handed, type OrderedState, type Step } from './machine-order.ts';

/** A definition in Amazon States Language, in whatever tree a reader holds it. */
export interface DefinitionTree<N, F> {
  get(node: N, name: string): N | undefined;
  /** Text of a scalar; `undefined` for `null`, maps and lists. */
  text(node: N): string | undefined;
  isNull(node: N): boolean;
  /** Keys of a map; `undefined` for anything else. */
  keys(node: N): readonly string[] | undefined;
  items(node: N): readonly N[];
  /** Functions of the repository that the node names. */
  functions(node: N): readonly F[];
}

const MAX_DEPTH = 12;
const MAX_VALUES = 20_000;

/** Tasks of a machine with the functions that they run; empty where the order is not told. */
export function tasksOfDefinition<N, F>(root: N, tree: DefinitionTree<N, F>): readonly { readonly task: MachineTask; readonly functions: readonly F[] }[] {
  const reading = new Reading(tree, isJsonata(tree, root));
  const start = reading.machine(root, 0);
  return start === undefined ? [] : [...tasksOf(reading.states, [start])].map(([name, task]) => ({ task, functions: reading.runs.get(name) ?? [] }));
}

/** A text with a star for whatever is not known of it. */
export const textWithGaps = (value: Value): string | undefined => literalText(value) ?? (value.kind === 'template' ? value.parts.map((part) => literalText(part) ?? '*').join('') : undefined);

/** Tasks of a definition that is a value, by function; a function that is named elsewhere as well may be given anything, and has none. */
export function tasksInValue<F>(definition: Value, functions: (value: Value) => readonly F[]): ReadonlyMap<F, readonly MachineTask[]> {
  const tree: DefinitionTree<Value, F> = {
    get: (node, name) => (node.kind === 'object' ? node.entries.findLast(([key]) => key === name)?.[1] : undefined),
    text: textWithGaps,
    isNull: (node) => node.kind === 'literal' && node.value === null,
    keys: (node) => (node.kind === 'object' && !node.open ? node.entries.map(([key]) => key) : undefined),
    items: (node) => (node.kind === 'array' ? node.items : []),
    functions,
  };
  const found = new Map<F, MachineTask[]>();
  for (const { task, functions: list } of tasksOfDefinition(definition, tree)) for (const fn of list) found.set(fn, [...(found.get(fn) ?? []), task]);
  if (found.size === 0) return found;
  const named = new Map<F, number>();
  const pending: Value[] = [definition];
  for (let value = pending.pop(), count = 0; value && count < MAX_VALUES; value = pending.pop(), count++) {
    if (value.kind === 'object') pending.push(...value.entries.map(([, one]) => one));
    else if (value.kind === 'array') pending.push(...value.items);
    else for (const fn of functions(value)) named.set(fn, (named.get(fn) ?? 0) + 1);
  }
  for (const [fn, tasks] of found) if (named.get(fn) !== tasks.length) found.delete(fn);
  return found;
}

const isJsonata = <N>(tree: Pick<DefinitionTree<N, unknown>, 'get' | 'text'>, node: N): boolean => { const language = tree.get(node, 'QueryLanguage'); return language !== undefined && tree.text(language) === 'JSONata'; };

class Reading<N, F> {
  readonly states = new Map<string, OrderedState>();
  readonly runs = new Map<string, readonly F[]>();
  private readonly tree: DefinitionTree<N, F>;
  private readonly jsonata: boolean;

  constructor(tree: DefinitionTree<N, F>, jsonata: boolean) {
    this.tree = tree;
    this.jsonata = jsonata;
  }

  /** Reads the states of a machine or of a part of one; the name of the first. */
  machine(root: N, depth: number): string | undefined {
    const { tree } = this;
    const list = tree.get(root, 'States');
    if (!list || depth > MAX_DEPTH) return undefined;
    for (const name of tree.keys(list) ?? []) {
      const state = tree.get(list, name);
      if (state && !this.states.has(name)) this.states.set(name, this.state(name, state, depth));
    }
    return this.text(root, 'StartAt');
  }

  private text(node: N, name: string): string | undefined {
    const child = this.tree.get(node, name);
    return child === undefined ? undefined : this.tree.text(child);
  }

  /** A path of a state: `null` is written, `undefined` is not there. */
  private path(node: N, name: string): string | null | undefined {
    const child = this.tree.get(node, name);
    return child === undefined ? undefined : this.tree.isNull(child) ? null : (this.tree.text(child) ?? '?');
  }

  private state(name: string, node: N, depth: number): OrderedState {
    const { tree } = this;
    const steps: Step[] = [];
    const next = (to: string | undefined, gives: Handed): void => { if (to !== undefined) steps.push({ to, gives }); };
    const type = this.text(node, 'Type');
    const catchers = tree.get(node, 'Catch');
    for (const one of catchers ? tree.items(catchers) : []) next(this.text(one, 'Next'), tree.get(one, 'Output') ? { kind: 'other' } : caught(this.path(one, 'ResultPath')));
    const own = this.work(node, type ?? '');
    if (own.runs && own.runs.length > 0) this.runs.set(name, own.runs);
    const isWhole = (this.path(node, 'InputPath') ?? '$') === '$' && this.path(node, 'InputPath') !== null;
    switch (type) {
      case 'Choice': {
        const choices = tree.get(node, 'Choices');
        const gives: Handed = tree.get(node, 'Output') ? { kind: 'other' } : this.given(node, { kind: 'input' }, false);
        for (const one of choices ? tree.items(choices) : []) next(this.text(one, 'Next'), tree.get(one, 'Output') ? { kind: 'other' } : gives);
        next(this.text(node, 'Default'), gives);
        break;
      }
      case 'Parallel': case 'Map': {
        const inner = [...this.parts(node, 'Branches'), ...this.parts(node, 'Iterator'), ...this.parts(node, 'ItemProcessor')];
        for (const part of inner) next(this.machine(part, depth + 1), type === 'Parallel' && isWhole && !own.parameters ? { kind: 'input' } : { kind: 'other' });
        next(this.text(node, 'Next'), this.given(node, { kind: 'other' }, false));
        break;
      }
      default: next(this.text(node, 'Next'), this.given(node, own.result, own.wrapped)); break;
    }
    return { steps, ...(own.takes ? { takes: isWhole || own.takes.kind === 'fields' ? own.takes : { kind: 'other' } } : {}), ...(own.takes && !own.runs?.length ? { unread: true } : {}) };
  }

  private parts(node: N, name: string): readonly N[] {
    const child = this.tree.get(node, name);
    return child === undefined ? [] : this.tree.keys(child) ? [child] : this.tree.items(child);
  }

  /** What a state hands on of its result, by the language it is written in. */
  private given(node: N, result: Handed, wrapped: boolean): Handed {
    const { tree } = this;
    if (this.jsonata || isJsonata(tree, node)) {
      const output = this.path(node, 'Output');
      if (output === undefined) return handedOn(result, { wrapped });
      if (/^\{%\s*\$states\.input\s*%\}$/.test(output ?? '')) return { kind: 'input' };
      if (/^\{%\s*\$states\.result\s*%\}$/.test(output ?? '')) return handedOn(result, { wrapped });
      if (wrapped && /^\{%\s*\$states\.result\.Payload\s*%\}$/.test(output ?? '')) return result;
      return this.fields(node, 'Output') ?? { kind: 'other' };
    }
    const input = this.path(node, 'InputPath');
    if (result.kind === 'input' && input !== undefined && input !== '$') return { kind: 'other' };
    const selector = tree.get(node, 'ResultSelector');
    const resultPath = this.path(node, 'ResultPath');
    const outputPath = this.path(node, 'OutputPath');
    const selected = selector && this.keys(selector);
    if (selector && !selected) return { kind: 'other' };
    return handedOn(result, { wrapped, ...(selected ? { selected } : {}), ...(resultPath === undefined ? {} : { resultPath }), ...(outputPath === undefined ? {} : { outputPath }) });
  }

  /** What a state works out, and what the code gets that it runs. */
  private work(node: N, type: string): { readonly result: Handed; readonly wrapped: boolean; readonly takes?: Handed; readonly runs?: readonly F[]; readonly parameters: boolean } {
    const { tree } = this;
    const parameters = tree.get(node, 'Parameters') ?? tree.get(node, 'Arguments');
    const built = parameters ? this.fields(node, tree.get(node, 'Parameters') ? 'Parameters' : 'Arguments') ?? { kind: 'other' as const } : undefined;
    const common = { wrapped: false, parameters: parameters !== undefined };
    if (type === 'Pass') return { ...common, result: tree.get(node, 'Result') ? this.fields(node, 'Result') ?? { kind: 'other' } : built ?? { kind: 'input' } };
    if (type !== 'Task') return { ...common, result: { kind: type === 'Wait' || type === 'Choice' ? 'input' : 'other' } };
    const resource = tree.get(node, 'Resource');
    const name = (resource === undefined ? undefined : tree.text(resource)) ?? '';
    const api = /:states:::(?:aws-sdk:)?lambda:invoke(\.\w+)?$/.exec(name);
    if (api) {
      const called = parameters && (tree.get(parameters, 'FunctionName') ?? tree.get(parameters, 'FunctionName.$'));
      const takes: Handed = parameters ? this.payload(parameters) : { kind: 'other' };
      // With a token it is the caller of `SendTaskSuccess` that says what comes back.
      return { ...common, wrapped: true, result: api[1] === undefined ? { kind: 'answer' } : { kind: 'other' }, takes, runs: called === undefined ? [] : tree.functions(called) };
    }
    // A service, an activity, a callback: what comes back is theirs.
    if (/:states:::|:activity:/.test(name)) return { ...common, result: { kind: 'other' } };
    return { ...common, result: { kind: 'answer' }, takes: built ?? { kind: 'input' }, runs: resource === undefined ? [] : tree.functions(resource) };
  }

  private payload(parameters: N): Handed {
    const { tree } = this;
    const path = tree.get(parameters, 'Payload.$');
    if (path !== undefined) return tree.text(path) === '$' ? { kind: 'input' } : { kind: 'other' };
    const payload = tree.get(parameters, 'Payload');
    if (payload === undefined) return { kind: 'fields', names: [] };
    if (/^\{%\s*\$states\.input\s*%\}$/.test(tree.text(payload) ?? '')) return { kind: 'input' };
    return this.fields(parameters, 'Payload') ?? { kind: 'other' };
  }

  private fields(node: N, name: string): Handed | undefined {
    const child = this.tree.get(node, name);
    const names = child === undefined ? undefined : this.keys(child);
    return names && { kind: 'fields', names };
  }

  /** Keys of a template: `name.$` is the field `name`. */
  private keys(node: N): readonly string[] | undefined {
    return this.tree.keys(node)?.map((key) => key.replace(/\.\$$/, ''));
  }
}
