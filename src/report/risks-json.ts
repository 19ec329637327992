import type { RisksPage, Warning } from '../model/risks.ts';
import type { ReportContext } from './context.ts';
import { toJson } from './escape.ts';
import { head } from './json.ts';

/** The whole page as `schema/risks.json` says: nothing is left out. */
export function risksJson(page: RisksPage, context: ReportContext): string {
  const { exposed, clear, unasked = [], beyond, ...rest } = page;
  return toJson({
    ...head(context), ...rest,
    exposed: exposed.map(({ warning, severity, functions, concerned, ways }) => ({
      ...named(warning), severity, functions, concerned,
      ways: ways.map(({ rule, severity: own, count, functions: those, worst }) => ({ rule, severity: own, findings: count, functions: those, worst: { file: worst.file, line: worst.line, message: worst.message, fingerprint: worst.fingerprint } })),
    })),
    clear: clear.map(named), unasked: unasked.map(named), beyond: beyond.map((warning) => ({ ...named(warning), why: warning.beyond })),
  });
}

const named = ({ id, title, documents, rules }: Warning): object => ({ id, title, documents, rules });
