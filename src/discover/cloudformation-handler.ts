import type { Packaging } from '../model/function.ts';

/** Splits `dir/file.name` where Lambda does: at the first dot of the last segment. `undefined` without an export. */
export function splitHandler(handler: string): { readonly path: string; readonly export: string } | undefined {
  const dot = handler.indexOf('.', handler.lastIndexOf('/') + 1);
  return dot < 0 || dot === handler.length - 1 ? undefined : { path: handler.slice(0, dot), export: handler.slice(dot + 1) };
}

/** How a package is made, with what is not said filled in. */
export function packaging(form: Packaging['form'], tool: string, rest: Partial<Packaging> = {}): Packaging {
  return { form, tool, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs', ...rest };
}
