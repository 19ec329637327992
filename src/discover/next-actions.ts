import type { Handler } from '../model/function.ts';
import { exportNames } from './convention-exports.ts';
import type { ReadContext } from './reader.ts';
import { below, withoutExtension } from './source-path-names.ts';
import type { WebProject } from './vercel-api.ts';
import { openTo, webFunction } from './web-function.ts';
import { firstLine, placeIn } from './web-project.ts';

/** The directive before anything but comments. */
const directive = /^(?:\uFEFF|\s|\/\/[^\n]{0,2000}\n|\/\*(?:[^*]|\*(?!\/)){0,10000}\*\/){0,200}['"]use server['"]/;

/**
 * Server Actions (React and Next.js documentation, `'use server'`, read 2026-11): every function that a module with the directive exports is
 * reached by a POST request with arguments of the client's making, and so is a function inside a component that has the directive itself.
 */
export function serverActions(project: WebProject, files: readonly string[], context: ReadContext): void {
  for (const file of files) {
    const text = context.workspace.read(file);
    if (text === undefined || !text.includes('use server')) continue;
    const handlers = directive.test(text) ? exportNames(text).map((name): Handler => ({ file, export: name, kind: 'action' })) : inlineActions(file, text, context);
    if (handlers.length === 0) continue;
    const location = firstLine(file);
    context.addFunction(webFunction({
      name: withoutExtension(below(file, project.folder) ?? file), unit: project.unit, platform: project.platform, handlers, declaredAt: [location],
      triggers: [{ kind: 'http', source: 'server action', filters: [{ kind: 'route', method: 'POST', path: '*' }], auth: openTo(location), location }],
    }));
  }
}

/** Functions inside a component that have the directive themselves. */
function inlineActions(file: string, text: string, context: ReadContext): readonly Handler[] {
  const inline = /^[ \t]{1,200}['"]use server['"]|\{[ \t]{0,200}['"]use server['"]/m;
  if (!inline.test(text)) return [];
  const functions = context.evaluator?.().modules.facts(file)?.functions ?? [];
  const found = functions.filter((fn) => {
    const [first] = fn.body;
    return first?.kind === 'expr' && first.expr.kind === 'literal' && first.expr.value === 'use server';
  });
  if (found.length === 0) context.gap({ kind: 'function', file, line: placeIn(file, text, inline).line, message: 'a Server Action inside a component is not read as a function' });
  return found.map((fn) => ({ file, export: fn.name || 'action', kind: 'action', at: { start: fn.start, end: fn.end } }));
}
