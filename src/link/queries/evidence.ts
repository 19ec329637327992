import type { FunctionView } from '../../model/project.ts';
import type { LinkedFunction } from '../view.ts';
import { filesBehindNames } from './clients.ts';
import type { ReachedEffect } from './effects.ts';

/** Files beside that of its place which an effect rests on: where the call stands, and where the names in it come from. */
export function filesBehindEffect(view: FunctionView, item: ReachedEffect): readonly string[] {
  if (!item.call) return [];
  const { file } = item.call.place;
  return [...new Set([file, ...filesBehindNames(view as LinkedFunction, file, item.call.expr.args)])].filter((one) => one !== item.place.file);
}
