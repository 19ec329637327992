import { madeOf, slot, textOf, type Made, type Sym } from '../link/program-values.ts';
import type { MachineTask } from '../model/function.ts';
import type { CdkApp } from './cdk-app.ts';
import { functionOf } from './cdk-functions.ts';
import { fullName, lastStep, memberName } from './cdk-names.ts';
import { caught, handedOn, tasksOf, type Handed, type OrderedState, type Step } from './machine-order.ts';

/** States that are put one after the other: the first, and those that nothing follows yet. */
interface Chain {
  readonly start: Made;
  readonly ends: readonly Made[];
}

/**
 * The order of the states of an app's machines, by the calls that put one after the other (`next`, `when`, `otherwise`,
 * `branch`, `addCatch`; AWS CDK API reference, module aws-stepfunctions, read 2026-11). A machine of which a state or a call is
 * not understood has no order.
 */
export class MachineOrders {
  private readonly app: CdkApp;
  private readonly chains = new Map<Made, Chain>();
  private readonly steps = new Map<Made, { readonly to: Made; readonly gives?: Handed }[]>();
  private readonly unsure = new Set<Made>();

  constructor(app: CdkApp, states: readonly Made[]) {
    this.app = app;
    // In the order of making: what a call puts at the end depends on the calls before it.
    for (const made of states) {
      const chain = made.form === 'new' ? this.state(made) : this.call(made);
      if (chain) this.chains.set(made, chain);
    }
  }

  /** Tasks of a machine, by the construct that stands for the state. */
  tasks(machine: Made): ReadonlyMap<Made, MachineTask> {
    const { app } = this;
    const chain = this.chainOf(app.prop(machine, 'definition')?.value ?? app.prop(machine, 'definitionBody')?.value);
    const found = new Map<Made, MachineTask>();
    if (!chain) return found;
    const reached = new Set<Made>([chain.start]);
    for (const state of reached) for (const step of this.steps.get(state) ?? []) reached.add(step.to);
    if ([...reached].some((state) => this.unsure.has(state))) return found;
    const names = new Map<Made, string>();
    for (const state of reached) {
      const id = textOf(state.args[1]) ?? lastStep(state);
      names.set(state, [...names.values()].includes(id) ? `${id} (${state.index})` : id);
    }
    const nameOf = (state: Made): string => names.get(state) ?? '';
    const order = tasksOf(new Map([...reached].map((state): [string, OrderedState] => [nameOf(state), this.ordered(state, nameOf)])), [nameOf(chain.start)]);
    for (const state of reached) {
      const task = order.get(nameOf(state));
      if (task) found.set(state, task);
    }
    return found;
  }

  private ordered(state: Made, nameOf: (state: Made) => string): OrderedState {
    const { result, wrapped, takes, unread } = this.work(state);
    const gives = this.given(state, result, wrapped);
    const steps = (this.steps.get(state) ?? []).map((step): Step => ({ to: nameOf(step.to), gives: step.gives ?? gives }));
    return { steps, ...(takes ? { takes } : {}), ...(unread ? { unread: true } : {}) };
  }

  // ------------------------------------------------------------- chains

  private chainOf(sym: Sym | undefined): Chain | undefined {
    const made = madeOf(sym);
    return made && this.chains.get(made);
  }

  private state(made: Made): Chain | undefined {
    const name = lastStep(made);
    // Fragments bring states of their own; what a machine or an integration class is, is no state.
    if (/Fragment$|^(?:Cfn)?StateMachine$|^Activity$/.test(name) || made.instance !== undefined) return undefined;
    return { start: made, ends: /^(?:Choice|Succeed|Fail)$/.test(name) ? [] : [made] };
  }

  private call(made: Made): Chain | undefined {
    const method = lastStep(made);
    const [first, second] = made.args;
    if (/\.Chain\.(?:start|sequence)$|\.DefinitionBody\.fromChainable$/.test(fullName(made))) {
      const from = this.chainOf(first);
      return method === 'sequence' && from ? this.join(from, second) : from;
    }
    const receiver = this.chainOf(made.receiver);
    if (!receiver) return undefined;
    switch (method) {
      case 'next': return this.join(receiver, first);
      case 'when': this.step(receiver.start, second); return receiver;
      case 'otherwise': this.step(receiver.start, first); return receiver;
      case 'afterwards': return { start: receiver.start, ends: this.open(receiver.start, slot(first, 'includeOtherwise') !== undefined) };
      case 'branch': for (const arg of made.args) this.step(receiver.start, arg, this.into(receiver.start)); return receiver;
      case 'iterator': case 'itemProcessor': this.step(receiver.start, first, { kind: 'other' }); return receiver;
      case 'addCatch': this.step(receiver.start, first, caught(this.path(slot(second, 'resultPath')?.value))); return receiver;
      case 'addRetry': return receiver;
      // What gives no state (a metric, a grant) changes nothing.
      default: if (/^(?:to|prefix|bind|make)/.test(method)) this.unsure.add(receiver.start); return undefined;
    }
  }

  private join(from: Chain, sym: Sym | undefined): Chain | undefined {
    const to = this.chainOf(sym);
    for (const end of from.ends) if (to) this.add(end, { to: to.start }); else this.unsure.add(end);
    return to && { start: from.start, ends: to.ends };
  }

  private step(from: Made, sym: Sym | undefined, gives?: Handed): void {
    const to = this.chainOf(sym);
    if (to) this.add(from, { to: to.start, ...(gives ? { gives } : {}) }); else this.unsure.add(from);
  }

  private add(from: Made, step: { readonly to: Made; readonly gives?: Handed }): void {
    const list = this.steps.get(from);
    if (list) list.push(step); else this.steps.set(from, [step]);
  }

  /** States behind a choice that nothing follows. */
  private open(choice: Made, itself: boolean): readonly Made[] {
    const reached = new Set<Made>([choice]);
    for (const state of reached) for (const step of this.steps.get(state) ?? []) reached.add(step.to);
    return [...reached].filter((state) => (state === choice ? itself : !/^(?:Choice|Succeed|Fail)$/.test(lastStep(state)) && !(this.steps.get(state) ?? []).some((step) => step.gives === undefined)));
  }

  private into(parallel: Made): Handed {
    return this.app.prop(parallel, 'inputPath') || this.app.prop(parallel, 'parameters') ? { kind: 'other' } : { kind: 'input' };
  }

  // ------------------------------------------------------------- what a state does with what it is given

  /** A path of a state; `null` is `JsonPath.DISCARD`. */
  private path(sym: Sym | undefined): string | null | undefined {
    if (sym === undefined) return undefined;
    return memberName(sym, 'JsonPath') === 'DISCARD' ? null : (textOf(sym) ?? '?');
  }

  private given(state: Made, result: Handed, wrapped: boolean): Handed {
    const { app } = this;
    const prop = (name: string): Sym | undefined => app.prop(state, name)?.value;
    const selector = prop('resultSelector');
    const selected = selector && fieldsOf(selector);
    const input = this.path(prop('inputPath'));
    if ((selector && !selected) || prop('outputs') || (result.kind === 'input' && input !== undefined && input !== '$')) return { kind: 'other' };
    const resultPath = this.path(prop('resultPath'));
    const outputPath = this.path(prop('outputPath'));
    return handedOn(result, { wrapped, ...(selected ? { selected } : {}), ...(resultPath === undefined ? {} : { resultPath }), ...(outputPath === undefined ? {} : { outputPath }) });
  }

  private work(state: Made): { readonly result: Handed; readonly wrapped: boolean; readonly takes?: Handed; readonly unread?: boolean } {
    const { app } = this;
    const prop = (name: string): Sym | undefined => app.prop(state, name)?.value;
    switch (lastStep(state)) {
      case 'Choice': case 'Wait': return { result: { kind: 'input' }, wrapped: false };
      case 'Pass': {
        const given = prop('result') ?? prop('parameters');
        const made = madeOf(given);
        const names = given && fieldsOf(made ? made.args[0] : given);
        return { result: given === undefined ? { kind: 'input' } : names ? { kind: 'fields', names } : { kind: 'other' }, wrapped: false };
      }
      case 'LambdaInvoke': {
        const only = prop('payloadResponseOnly');
        const waits = memberName(prop('integrationPattern'), 'IntegrationPattern') === 'WAIT_FOR_TASK_TOKEN';
        const input = this.path(prop('inputPath'));
        const takes: Handed = input !== undefined && input !== '$' ? { kind: 'other' } : payload(prop('payload'));
        const unread = functionOf(app, prop('lambdaFunction')) === undefined;
        return { result: waits ? { kind: 'other' } : { kind: 'answer' }, wrapped: !(only?.kind === 'literal' && only.value === true), takes, ...(unread ? { unread } : {}) };
      }
      default: return { result: { kind: 'other' }, wrapped: false };
    }
  }
}

/** Keys of a record; `name.$` is the field `name`. */
function fieldsOf(sym: Sym | undefined): readonly string[] | undefined {
  return sym?.kind === 'record' && !sym.open ? [...sym.entries.keys()].map((key) => key.replace(/\.\$$/, '')) : undefined;
}

/** `TaskInput.fromObject({ … })`, `TaskInput.fromJsonPathAt('$')`; without one the state's input. */
function payload(sym: Sym | undefined): Handed {
  if (sym === undefined) return { kind: 'input' };
  const made = madeOf(sym);
  if (made && lastStep(made) === 'fromJsonPathAt' && textOf(made.args[0]) === '$') return { kind: 'input' };
  const names = made && lastStep(made) === 'fromObject' ? fieldsOf(made.args[0]) : undefined;
  return names ? { kind: 'fields', names } : { kind: 'other' };
}
