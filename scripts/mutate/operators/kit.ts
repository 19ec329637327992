import type { ServerlessFunction } from '../../../src/model/function.ts';
import type { Random } from '../random.ts';

/** What an operator is told of the function that it damages. */
export interface Target {
  readonly fn: ServerlessFunction;
  /** Whether the handler can wait for a promise. */
  readonly isAsync: boolean;
  /** Whether the handler is given an event that can be named. */
  readonly hasEvent: boolean;
  /** The function's own timeout, as far as it is known. */
  readonly timeoutSeconds: number | undefined;
  /** Node's own modules are there (not at the edge). */
  readonly hasNode: boolean;
}

/** A name taken from a package: `imported` is `default`, `*` or a named export. */
export interface Use {
  readonly from: string;
  readonly imported: string;
  readonly local: string;
}

/**
 * The parts of one anti-pattern. In the texts `$e` stands for the event and `$any` for a TypeScript annotation that JavaScript leaves
 * out; the line on which the finding must stand ends with `//!`.
 */
export interface Pieces {
  readonly uses: readonly Use[];
  /** At module scope. */
  readonly module: string;
  /** On the invocation path. */
  readonly body: string;
  /** The body waits. */
  readonly isAsync: boolean;
}

/** One way to damage a function so that a rule must speak. */
export interface Operator {
  readonly id: string;
  readonly rule: string;
  readonly needs: readonly ('event' | 'async' | 'node' | 'timeout')[];
  /** Platforms' own reasons why the rule stays quiet there. */
  readonly except?: (fn: ServerlessFunction) => boolean;
  make(random: Random, target: Target): Pieces;
}

export function fits(operator: Operator, target: Target): boolean {
  if (operator.except?.(target.fn)) return false;
  return operator.needs.every((need) => (need === 'event' ? target.hasEvent : need === 'async' ? target.isAsync : need === 'node' ? target.hasNode : target.timeoutSeconds !== undefined));
}

/** A name from a module in one of the ways in which people take it: `path` is the member, '' the whole module. Gives the text to call. */
export function take(random: Random, from: string, path: string, form?: 'named' | 'whole' | 'default'): { readonly use: Use; readonly text: string } {
  const chosen = form ?? random.pick(['named', 'whole', 'default']);
  const module = from.startsWith('node:') && random.below(2) === 0 ? from.slice('node:'.length) : from;
  const local = from.replace(/^node:/, '').replace(/[^A-Za-z0-9]+(\w)/g, (_, letter: string) => letter.toUpperCase()).replace(/[^A-Za-z0-9]/g, '');
  if (chosen === 'named') return { use: { from: module, imported: path, local: path }, text: path };
  return { use: { from: module, imported: chosen === 'whole' ? '*' : 'default', local: `${local}Module` }, text: path === '' ? `${local}Module` : `${local}Module.${path}` };
}

/** Text with `$name` replaced. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$(\w+)/g, (whole, name: string) => values[name] ?? whole);
}
