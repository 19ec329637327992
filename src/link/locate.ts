import type { ModuleFacts } from '../model/facts.ts';
import type { Location, SourcePlace } from '../model/location.ts';
import { lineOf } from './modules.ts';

/** Lines and columns of a range, counted from 1. */
export function locate(facts: ModuleFacts | undefined, place: SourcePlace): Location {
  if (!facts) return { file: place.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const line = lineOf(facts, place.start) ?? 1;
  const endLine = lineOf(facts, place.end) ?? line;
  return {
    file: place.file, line, endLine,
    column: place.start - (facts.lineStarts[line - 1] ?? 0) + 1,
    endColumn: place.end - (facts.lineStarts[endLine - 1] ?? 0) + 1,
  };
}
