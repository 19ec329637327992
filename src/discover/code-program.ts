import type { Program } from '../link/program.ts';
import type { Made, Sym } from '../link/program-values.ts';
import type { ReadContext } from './reader.ts';

/** Packages that keep the functions they are given and call them at an invocation, not while the module is loaded. */
const keepers = /^(?:firebase-functions(?:\/.*)?|@azure\/functions|durable-functions|@google-cloud\/functions-framework|express|cors|hono|fastify|koa|@hono\/.*|firebase-admin(?:\/.*)?)$/;

/**
 * Follows what loading some modules does, in their order: registrations and exports. Handlers themselves are not followed.
 * `undefined` when no code can be read here.
 */
export function followEntries(context: ReadContext, entries: readonly string[], folder: string): Program | undefined {
  const [first, ...rest] = entries;
  if (first === undefined) return undefined;
  const program = context.program?.(first, {
    eager: true, cwd: folder,
    // What such a package was given is not called now: an attribute of nothing more than the thing itself says so.
    onMade: (made): Sym | undefined => (made.form === 'call' && keepers.test(made.module) && made.args.some((arg) => arg.kind === 'closure') ? { kind: 'attribute', of: made, path: [] } : undefined),
  });
  if (program === undefined) return undefined;
  for (const entry of rest) program.machine.module(entry);
  return program;
}

/** Files that loading the entries loads, themselves included. */
export function loadedFiles(context: ReadContext, entries: readonly string[]): readonly string[] {
  const modules = context.evaluator?.().modules;
  return modules === undefined ? entries : [...new Set(entries.flatMap((entry) => modules.closure(entry)))];
}

/** The thing behind a value that `followEntries` holds, seen through its wrapper. */
export function madeBehind(sym: Sym | undefined): Made | undefined {
  if (sym?.kind === 'attribute' && sym.path.length === 0) return sym.of;
  return sym?.kind === 'made' ? sym : sym?.kind === 'instance' ? sym.base : undefined;
}
