import type { Expr } from '../model/facts.ts';
import type { FlowStep } from '../model/finding.ts';
import type { Handler, ServerlessFunction } from '../model/function.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import type { Body, Callee, ExternalCall, FunctionView, Phase, ProjectView } from '../model/project.ts';
import { unknown, type Value } from '../model/value.ts';
import { othersApplications, othersHandlers } from './applications.ts';
import { handlerRoots, isApplication, onlyExport } from './entry.ts';
import { Evaluator } from './evaluate.ts';
import type { Frame } from './frame.ts';
import type { Modules } from './modules.ts';
import { locate } from './locate.ts';
import { activate, reach, type Edge, type External, type Node, type Reach } from './reach.ts';
import type { TypeOracle } from './types/oracle.ts';
import { Receivers } from './types/receivers.ts';
import { externalPath, valueKey } from './values.ts';

const MAX_PATHS = 16;
const MAX_PATH_STEPS = 40;

export interface LinkedBody extends Body {
  readonly node: Node;
}

/** A call on the way to an activation: where it stands, in the activation of its caller. */
export interface CallerStep {
  readonly frame: Frame;
  readonly site: Expr;
  readonly how: Edge['how'];
}

/** Code that stands as text in the declaration (`Code.fromInline`): the program around it is no part of the function. */
const isText = (handler: Handler): boolean => handler.kind === 'inline' && handler.at === undefined;

/** A body in one of the ways that it is called. */
export interface Activation {
  readonly frame: Frame;
  readonly path: readonly FlowStep[];
  /** The calls that lead to it, from the handler on. */
  readonly callers: readonly CallerStep[];
}

/** One deployed function with its call graph; everything is worked out when first asked for. */
export class LinkedFunction implements FunctionView {
  readonly fn: ServerlessFunction;
  readonly project: ProjectView;
  private currentEvaluator: Evaluator | undefined;
  private readonly modules: Modules;
  private readonly oracle: TypeOracle | undefined;
  private graph: Reach | undefined;
  private bodyList: readonly LinkedBody[] | undefined;
  private readonly byNode = new Map<Node, LinkedBody>();
  private readonly activationLists = new Map<Node, readonly Activation[]>();
  private readonly paths = new Map<Node, readonly FlowStep[]>();
  private readonly callLists = new Map<string, readonly ExternalCall[]>();
  private readonly callsByBody = new Map<LinkedBody, readonly ExternalCall[]>();

  constructor(fn: ServerlessFunction, project: ProjectView, modules: Modules, oracle?: TypeOracle) {
    this.fn = fn;
    this.project = project;
    this.modules = modules;
    this.oracle = oracle;
  }

  get evaluator(): Evaluator {
    return (this.currentEvaluator ??= new Evaluator(this.modules, this.fn.environment, () => this.files()));
  }

  /** Whether its call graph is at hand. */
  get isLinked(): boolean {
    return this.graph !== undefined;
  }

  /** Gives back the memory of the call graph and of all values; a later question works them out again. */
  release(): void {
    this.currentEvaluator?.release();
    this.currentEvaluator = undefined;
    this.graph = undefined;
    this.bodyList = undefined;
    this.byNode.clear();
    this.paths.clear();
    this.activationLists.clear();
    this.callLists.clear();
    this.callsByBody.clear();
    this.oracle?.release();
  }

  /** Handlers whose code could not be found. */
  readonly unresolved = new Set<string>();

  /** Whether the bound on function bodies was hit. */
  wasCut = false;

  /** Files that a cold start evaluates, handlers first. */
  files(): readonly string[] {
    return [...new Set(this.fn.handlers.flatMap((handler) => (this.modules.facts(handler.file) && !isText(handler) ? this.modules.closure(handler.file) : [])))];
  }

  reach(): Reach {
    if (!this.graph) {
      const without: Handler[] = [];
      const roots = this.fn.handlers.flatMap((handler) => {
        if (isText(handler)) { without.push(handler); return []; }
        const found = handlerRoots(this.fn, handler, this.evaluator);
        if (found.length > 0) return found;
        without.push(handler);
        return onlyExport(this.fn, handler, this.evaluator);
      });
      const all = this.project.infrastructure.functions;
      let applications: ReadonlySet<string> | undefined;
      let handlers: ReturnType<typeof othersHandlers> | undefined;
      this.graph = reach(this.fn, this.evaluator, roots, this.files(), this.oracle && new Receivers(this.oracle, this.evaluator, this.files()), {
        applications: () => (applications ??= othersApplications(this.fn, all, this.evaluator, this.files())),
        handlers: (file, start) => (handlers ??= othersHandlers(this.fn, all, this.evaluator))(file, start),
      });
      this.wasCut = this.graph.cut;
      const registered = this.graph.nodes.some((node) => node.phase === 'invoke' && node.via?.from.phase === 'init');
      for (const handler of without) {
        // An application runs what was registered with it, a server what listens. Any other handler that leads to no function: what it runs is not known.
        if (!this.modules.facts(handler.file) || handler.kind === 'server' || (registered && isApplication(handler, this.evaluator))) continue;
        this.unresolved.add(`${this.fn.name}: ${handler.file} has no function '${handler.export}' that can be followed`);
      }
    }
    return this.graph;
  }

  bodies(phase?: Phase): readonly LinkedBody[] {
    if (!this.bodyList) {
      const list: LinkedBody[] = [];
      for (const node of this.reach().nodes) {
        const facts = this.modules.facts(node.frame.file);
        const fn = facts?.functions[node.frame.fn];
        if (!facts || !fn) continue;
        const path = (): readonly FlowStep[] => this.path(node);
        // The way to a body is asked for where something is found in it: most are never asked for.
        const body: LinkedBody = { node, file: node.frame.file, facts, fn, phase: node.phase, certain: node.certain, get path() { return path(); } };
        list.push(body);
        this.byNode.set(node, body);
      }
      this.bodyList = list;
    }
    return phase ? this.bodyList.filter((body) => body.phase === phase) : this.bodyList;
  }

  /** handler → … → this body, along the shortest path. */
  private path(node: Node): readonly FlowStep[] {
    let path = this.paths.get(node);
    if (!path) {
      path = this.pathOf(node);
      this.paths.set(node, path);
    }
    return path;
  }

  private pathOf(node: Node): readonly FlowStep[] {
    const steps: FlowStep[] = [];
    let current: Node | undefined = node;
    for (let count = 0; current && count < MAX_PATH_STEPS; count++) {
      const via: Edge | undefined = current.via;
      const place = via ? { file: via.from.frame.file, start: via.site.start, end: via.site.end } : this.start(current.frame);
      steps.unshift({ ...this.location(place), message: via ? `calls ${this.nameOf(current.frame)}` : current.phase === 'init' ? 'runs at init' : `handler of ${this.fn.name}` });
      current = via?.from;
    }
    return steps;
  }

  private start(frame: Frame): SourcePlace {
    const fact = this.modules.facts(frame.file)?.functions[frame.fn];
    return { file: frame.file, start: fact?.start ?? 0, end: fact?.start ?? 0 };
  }

  private nameOf(frame: Frame): string {
    const name = this.modules.facts(frame.file)?.functions[frame.fn]?.name;
    return name === undefined || name === '' ? 'a callback' : name;
  }

  calls(phase?: Phase): readonly ExternalCall[] {
    const key = phase ?? '';
    let list = this.callLists.get(key);
    if (!list) {
      list = this.bodies(phase).flatMap((body) => this.callsOf(body));
      this.callLists.set(key, list);
    }
    return list;
  }

  /** One object a call, whichever list it is asked for in. */
  private callsOf(body: LinkedBody): readonly ExternalCall[] {
    let list = this.callsByBody.get(body);
    if (!list) {
      list = body.node.externals.map((item): ExternalCall => {
        const args = item.expr.args;
        const callee = calleeOf(item);
        const place = { file: body.file, start: item.expr.start, end: item.expr.end };
        return {
          body, expr: item.expr, callee, argCount: args.length, place, get path() { return body.path; },
          arg: (index) => { const arg = args[index]; return arg ? this.value(arg, body) : unknown('no argument'); },
        };
      });
      this.callsByBody.set(body, list);
    }
    return list;
  }

  value(expr: Expr, body: Body): Value {
    return this.evaluator.value(expr, (body as LinkedBody).node.frame);
  }

  values(expr: Expr, body: Body): readonly { readonly value: Value; readonly path: readonly FlowStep[] }[] {
    const found = new Map<string, { value: Value; path: readonly FlowStep[] }>();
    for (const { frame, path } of this.activations((body as LinkedBody).node)) {
      const value = this.evaluator.value(expr, frame);
      const key = valueKey(value);
      if (!found.has(key)) found.set(key, { value, path });
    }
    return [...found.values()];
  }

  instances(call: ExternalCall): readonly { readonly args: readonly Value[]; readonly path: readonly FlowStep[] }[] {
    const found = new Map<string, { args: readonly Value[]; path: readonly FlowStep[] }>();
    for (const { frame, path } of this.activations((call.body as LinkedBody).node)) {
      const args = call.expr.args.map((arg) => this.evaluator.value(arg, frame));
      const key = args.map((arg) => valueKey(arg)).join('\0');
      if (!found.has(key)) found.set(key, { args, path });
    }
    return [...found.values()];
  }

  /**
   * The activations of a body over the call paths that lead to it, shortest first: call strings of length 3, beyond which
   * each caller stands in the activation of its own shortest path.
   */
  activations(node: Node): readonly Activation[] {
    let list = this.activationLists.get(node);
    if (!list) {
      list = this.activationsOf(node);
      this.activationLists.set(node, list);
    }
    return list;
  }

  private activationsOf(node: Node): readonly Activation[] {
    const result: Activation[] = [{ frame: node.frame, path: this.byNode.get(node)?.path ?? this.path(node), callers: callersOf(node) }];
    const seen = new Set([node.frame.key]);
    const expand = (current: Node, depth: number): readonly Activation[] => {
      if (depth === 0 || current.incoming.length === 0) return [{ frame: current.frame, path: this.path(current), callers: callersOf(current) }];
      return current.incoming.slice(0, MAX_PATHS).flatMap((edge) => (edge.from === current ? [] : expand(edge.from, depth - 1).slice(0, MAX_PATHS).map((caller) => {
        const args = edge.args?.map((argument) => ('expr' in argument && argument.frame === edge.from.frame ? { expr: argument.expr, frame: caller.frame } : argument));
        const target = retarget(edge, caller.frame);
        const frame = activate(this.evaluator, { ...edge, target, args }, caller.frame, current.phase);
        const step = { ...this.location({ file: edge.from.frame.file, start: edge.site.start, end: edge.site.end }), message: `calls ${this.nameOf(frame)}` };
        return { frame, path: [...caller.path, step], callers: [...caller.callers, { frame: caller.frame, site: edge.site, how: edge.how }] };
      })));
    };
    if (node.incoming.length > 0) {
      for (const item of expand(node, 3)) {
        if (result.length >= MAX_PATHS) break;
        if (seen.has(item.frame.key)) continue;
        seen.add(item.frame.key);
        result.push(item);
      }
    }
    return result;
  }

  location(place: SourcePlace): Location {
    return locate(this.modules.facts(place.file), place);
  }
}

/** The callee of a call that leaves the repository, with what it is called on: an object, or what made the function that is called. */
export function calleeOf(item: External): Callee {
  const kept: External & { named?: Callee } = item;
  return (kept.named ??= named(item));
}

function named(item: External): Callee {
  // `const sql = neon(); sql('…')`: what is called was itself made by a call.
  const made = item.receiver ?? (item.callee.kind === 'derived' && item.expr.callee.kind !== 'member' ? item.callee : undefined);
  const receiver = made ? { receiver: made } : {};
  return item.callee.kind === 'external'
    ? { module: item.callee.module, path: externalPath(item.callee), ...receiver }
    : { module: 'unknown', path: item.expr.callee.kind === 'member' && typeof item.expr.callee.property === 'string' ? [item.expr.callee.property] : [], ...receiver };
}

/** The calls of the shortest path to a node, from the handler on. */
function callersOf(node: Node): readonly CallerStep[] {
  const steps: CallerStep[] = [];
  for (let via = node.via; via && steps.length < MAX_PATH_STEPS; via = via.from.via) steps.unshift({ frame: via.from.frame, site: via.site, how: via.how });
  return steps;
}

/** A closure made in the caller belongs to the caller's activation on this path. */
function retarget(edge: Edge, caller: Frame): Edge['target'] {
  return edge.target.frame === edge.from.frame ? { ...edge.target, frame: caller } : edge.target;
}
