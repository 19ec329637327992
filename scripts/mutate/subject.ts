import { timeoutOf } from '../../src/link/queries/sleeps.ts';
import type { ServerlessFunction } from '../../src/model/function.ts';
import type { FunctionView } from '../../src/model/project.ts';
import type { Repository } from './engine.ts';
import type { Target } from './operators/kit.ts';
import { isFunction, parseTree, type FunctionNode, type Tree } from './tree.ts';
import type { Random } from './random.ts';

/** A function into which something can be put. */
export interface Subject extends Target {
  readonly repository: Repository;
  readonly tree: Tree;
  /** The function that the platform calls, as far as the source shows. */
  readonly node: FunctionNode;
  /** Offsets between the statements of its body; empty for an arrow function whose body is an expression. */
  readonly slots: readonly number[];
  /** Text that names the event. */
  readonly event: string | undefined;
  readonly rulesBroken: ReadonlySet<string>;
}

/** Why nothing can be put into a function. */
export type Refusal = 'no source' | 'no body' | 'not parsed' | 'kind of function';

/** Durable objects, workflows and orchestrations keep state and wait by design. */
const setAside = new Set(['durableObject', 'workflow', 'durable']);

/** Looks at one deployed function from outside: its handler by its range, its event by the platform's order of parameters. */
export function subjectOf(repository: Repository, fn: ServerlessFunction, rules: readonly string[]): Subject | Refusal {
  const [handler] = fn.handlers;
  if (fn.generation !== undefined && setAside.has(fn.generation)) return 'kind of function';
  if (!handler || !/\.[mc]?[jt]sx?$/.test(handler.file)) return 'no source';
  const text = repository.workspace.read(handler.file);
  if (text === undefined) return 'no source';
  const project = repository.link({ changes: new Map(), functions: [fn.id], infrastructure: repository.infrastructure });
  const [view] = project.functions;
  const entry = view && entryOf(view, handler.file);
  const timeoutSeconds = timeoutOf(fn)?.seconds;
  view?.release();
  if (!entry) return 'no body';
  const tree = parseTree(handler.file, text);
  const node = tree?.nodes.find((one) => isFunction(one) && one.range[0] === entry.start && one.range[1] === entry.end);
  if (!tree || !node || !isFunction(node)) return 'not parsed';
  if (node.generator || (node.body?.type === 'BlockStatement' && node.body.body.length === 0)) return 'kind of function';
  const event = eventOf(fn, node);
  const findings = repository.scan({ changes: new Map(), functions: [fn.id], infrastructure: repository.infrastructure, rules });
  const isEdge = fn.platform === 'cloudflare' || fn.generation === 'edge';
  return { repository, fn, tree, node, slots: slotsOf(node), event, hasEvent: event !== undefined, isAsync: node.async, timeoutSeconds, hasNode: !isEdge, rulesBroken: new Set(findings.map((finding) => finding.rule)) };
}

/** The first body in the handler's file on the shortest path. */
function entryOf(view: FunctionView, file: string): { readonly start: number; readonly end: number } | undefined {
  const bodies = view.bodies('invoke').filter((body) => body.file === file && body.fn.kind !== 'module');
  const shortest = Math.min(...bodies.map((body) => body.path.length));
  return bodies.find((body) => body.path.length === shortest)?.fn;
}

/** Azure's first model hands over the context before the request or message. */
function eventOf(fn: ServerlessFunction, node: FunctionNode): string | undefined {
  // A handler that is bound to its dependencies has the event further on.
  const named = node.params.find((one) => one.type === 'Identifier' && /^(?:event|evt|req|request)$/.test(one.name));
  let param = named ?? node.params[fn.platform === 'azure' && fn.generation === 'v3' ? 1 : 0];
  if (param?.type === 'AssignmentPattern') param = param.left;
  if (param?.type === 'Identifier') return param.name;
  if (param?.type !== 'ObjectPattern') return undefined;
  for (const property of param.properties) if (property.type === 'Property' && property.value.type === 'Identifier') return property.value.name;
  return undefined;
}

/** In front of the statements that can be reached, also in a `try` of the body. */
function slotsOf(node: FunctionNode): readonly number[] {
  if (node.body?.type !== 'BlockStatement') return [];
  const slots: number[] = [];
  for (const statement of node.body.body) {
    if (statement.type === 'ExpressionStatement' && statement.directive !== undefined && statement.directive !== null) continue;
    slots.push(statement.range[0]);
    if (statement.type === 'TryStatement') {
      for (const inner of statement.block.body) {
        slots.push(inner.range[0]);
        if (leaves(inner.type)) break;
      }
    }
    if (leaves(statement.type) || statement.type === 'TryStatement') break;
  }
  return slots;
}

const leaves = (type: string): boolean => type === 'ReturnStatement' || type === 'ThrowStatement';

/** Functions of a repository in an order that tells nothing of them. */
export function* subjectsOf(repository: Repository, rules: readonly string[], random: Random, refused: Map<Refusal, number>): Iterable<Subject> {
  const files = new Set<string>();
  for (const fn of random.shuffle(repository.infrastructure.functions)) {
    const file = fn.handlers[0]?.file;
    if (file === undefined || files.has(file)) continue;
    files.add(file);
    const subject = subjectOf(repository, fn, rules);
    if (typeof subject === 'string') refused.set(subject, (refused.get(subject) ?? 0) + 1);
    else yield subject;
  }
}
