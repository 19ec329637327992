import type { MachineTask, ServerlessFunction } from '../../model/function.ts';
import type { ProjectView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';
import { answerShapes, cannotBe, type AnswerShape } from '../queries/answer-shapes.ts';
import { isWithout } from '../queries/filters.ts';
import type { LinkedFunction } from '../view.ts';
import type { Hop } from './hop.ts';
import { wiringOf } from './wiring.ts';

/**
 * Whether what a task of a state machine is given surely has no field of a name: what it rests on (empty: proved), or `undefined`.
 * A field that one task does not hand on is not there for the next; code in between that is not read is taken not to make up a
 * field that it was never given.
 *
 * @param hop a hop that arrives as a task of a machine
 * @param input what the machine is started with
 */
export function lacksInMachine(project: ProjectView, hop: Hop, input: Value | undefined): ((field: string) => readonly string[] | undefined) | undefined {
  const wiring = wiringOf(project);
  const key = hop.through.at(-1)?.key;
  const target = project.infrastructure.functions.find((fn) => fn.id === hop.to);
  if (!project.whole || key === undefined || !target) return undefined;
  const runs = wiring.listeners(key).filter(({ trigger }) => trigger.kind === 'stateMachine');
  const own = runs.filter(({ fn }) => fn.id === hop.to);
  // A task whose place is not known may be given anything.
  if (own.length === 0 || own.some(({ trigger }) => !trigger.tasks)) return undefined;
  const tasks = new Map<string, { readonly fn: ServerlessFunction; readonly task: MachineTask }>();
  for (const { fn, trigger } of runs) for (const task of trigger.tasks ?? []) tasks.set(task.name, { fn, task });
  return (field) => {
    const unread = new Set<string>();
    const seen = new Set<string>();
    const pending = own.flatMap(({ trigger }) => trigger.tasks ?? []);
    for (let task = pending.pop(); task; task = pending.pop()) {
      if (seen.has(task.name)) continue;
      seen.add(task.name);
      if (task.added.includes(field)) return undefined;
      for (const name of task.unread) unread.add(name);
      for (const source of task.from) {
        if (source.kind === 'other' || (source.kind === 'fields' && source.names.includes(field))) return undefined;
        if (source.kind === 'input' && !(input && isWithout(input, field))) return undefined;
        if (source.kind !== 'answer') continue;
        const answering = tasks.get(source.task);
        const shapes = answering && shapesOf(project, answering.fn);
        if (!answering || !shapes || !shapes.every((shape) => isLacking(shape, field))) return undefined;
        if (shapes.some((shape) => shape.passes)) pending.push(answering.task);
      }
    }
    return [...unread].sort().map((name) => `${name}, whose code is not read, makes up no field ${field} that it was not given`);
  };
}

/** Files of the other functions that the machine of a hop runs: what the next task is given rests on them. */
export function taskFiles(project: ProjectView, hop: Hop): readonly string[] {
  const key = hop.through.at(-1)?.key;
  if (!hop.byMachine || !hop.asks || key === undefined) return [];
  const others = wiringOf(project).listeners(key).filter(({ fn, trigger }) => trigger.kind === 'stateMachine' && fn.id !== hop.to);
  return [...new Set(others.flatMap(({ fn }) => fn.handlers.map((handler) => handler.file)))];
}

function shapesOf(project: ProjectView, fn: ServerlessFunction): readonly AnswerShape[] | undefined {
  const view = project.functions.find((one) => one.fn.id === fn.id);
  return view && answerShapes(view as LinkedFunction);
}

const isLacking = ({ names, computed, written }: AnswerShape, field: string): boolean => !names.includes(field) && !written.includes(field) && computed.every((key) => alternatives(key).every((one) => cannotBe(one, field)));
