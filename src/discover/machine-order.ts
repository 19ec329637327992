import type { MachineTask, TaskSource } from '../model/function.ts';

/** What a state hands on, or what a task's function is given. */
export type Handed =
  /** What the state itself was given, with further fields beside it. */
  | { readonly kind: 'input'; readonly added?: readonly string[] }
  /** What its function answers. */
  | { readonly kind: 'answer' }
  | { readonly kind: 'fields'; readonly names: readonly string[] }
  | { readonly kind: 'other' };

export interface Step {
  readonly to: string;
  readonly gives: Handed;
}

/** One state of a machine, whatever it was declared in. */
export interface OrderedState {
  readonly steps: readonly Step[];
  /** A task that runs code: what that gets. */
  readonly takes?: Handed;
  /** No function of the repository is known behind it. */
  readonly unread?: boolean;
}

/** A machine with more states than this is not looked through. */
const MAX_STATES = 500;

/** For each task of a machine that runs a function: what it may be given. */
export function tasksOf(states: ReadonlyMap<string, OrderedState>, starts: readonly string[]): ReadonlyMap<string, MachineTask> {
  const before = new Map<string, { readonly from: string | undefined; readonly gives: Handed }[]>();
  const add = (to: string, from: string | undefined, gives: Handed): void => { const list = before.get(to); if (list) list.push({ from, gives }); else before.set(to, [{ from, gives }]); };
  for (const start of starts) add(start, undefined, { kind: 'input' });
  for (const [name, state] of states) for (const step of state.steps) add(step.to, name, step.gives);
  const tasks = new Map<string, MachineTask>();
  if (states.size > MAX_STATES) return tasks;
  for (const [name, state] of states) if (state.takes && !state.unread) tasks.set(name, given(name, state.takes, states, before));
  return tasks;
}

/** Goes back from a task through states that hand on what they were given. */
function given(task: string, takes: Handed, states: ReadonlyMap<string, OrderedState>, before: ReadonlyMap<string, readonly { readonly from: string | undefined; readonly gives: Handed }[]>): MachineTask {
  const from = new Map<string, TaskSource>();
  const added = new Set<string>();
  const unread = new Set<string>();
  const source = (one: TaskSource): void => { from.set(JSON.stringify(one), one); };
  const seen = new Set<string>();
  const pending: string[] = [];
  const hand = (state: string, gives: Handed): void => {
    switch (gives.kind) {
      case 'fields': source({ kind: 'fields', names: gives.names }); break;
      case 'other': source({ kind: 'other' }); break;
      case 'answer': {
        const own = states.get(state);
        if (!own?.unread) { source({ kind: 'answer', task: state }); break; }
        if (unread.has(state)) break;
        unread.add(state);
        hand(state, own.takes ?? { kind: 'other' });
        break;
      }
      case 'input':
        for (const field of gives.added ?? []) added.add(field);
        if (!seen.has(state)) { seen.add(state); pending.push(state); }
        break;
    }
  };
  hand(task, takes);
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    const ways = before.get(state) ?? [];
    // Nothing leads here that was understood.
    if (ways.length === 0) source({ kind: 'other' });
    for (const way of ways) if (way.from === undefined) source({ kind: 'input' }); else hand(way.from, way.gives);
  }
  return { name: task, from: [...from].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one), added: [...added].sort(), unread: [...unread].sort() };
}

/** Fields of what an invocation through the API of Lambda gives (AWS Lambda API reference, "Invoke"; Step Functions developer guide, "Invoke Lambda with Step Functions", read 2026-11). */
const wrapper: readonly string[] = ['ExecutedVersion', 'FunctionError', 'LogResult', 'Payload', 'SdkHttpMetadata', 'SdkResponseMetadata', 'StatusCode'];

/** How a state's result becomes what it hands on (Amazon States Language, "Input and Output Processing", read 2026-11). */
export interface Paths {
  /** The result is an answer of Lambda's API, with the function's own under `Payload`. */
  readonly wrapped: boolean;
  /** Fields of `ResultSelector`. */
  readonly selected?: readonly string[];
  /** `ResultPath`; `null`: the result is dropped. */
  readonly resultPath?: string | null;
  readonly outputPath?: string | null;
}

/** What a state hands on. `result`: what it works out. */
export function handedOn(result: Handed, { wrapped, selected, resultPath, outputPath }: Paths): Handed {
  const path = outputPath ?? undefined;
  if (outputPath === null) return { kind: 'fields', names: [] };
  if (resultPath === null) return path === undefined || path === '$' ? { kind: 'input' } : { kind: 'other' };
  if (resultPath !== undefined && resultPath !== '$') {
    const field = /^\$\.([A-Za-z_][\w-]*)/.exec(resultPath)?.[1];
    return field !== undefined && (path === undefined || path === '$') ? { kind: 'input', added: [field] } : { kind: 'other' };
  }
  if (path !== undefined && path !== '$') return wrapped && !selected && path === '$.Payload' ? result : { kind: 'other' };
  return selected ? { kind: 'fields', names: selected } : wrapped ? { kind: 'fields', names: wrapper } : result;
}

/** What a `Catch` hands on (Amazon States Language, "Fallback states", read 2026-11). */
export function caught(resultPath: string | null | undefined): Handed {
  return handedOn({ kind: 'fields', names: ['Cause', 'Error'] }, { wrapped: false, ...(resultPath === undefined ? {} : { resultPath }) });
}
