import { basename } from 'node:path';
import { analyze } from '../analyze.ts';
import { isDate } from '../check/config.ts';
import { risksOf } from '../check/risks.ts';
import { UsageError } from '../check/usage-error.ts';
import type { ScanResult } from '../model/finding.ts';
import { risksJson } from '../report/risks-json.ts';
import { risksMarkdown } from '../report/risks-markdown.ts';
import { risksText } from '../report/risks-text.ts';
import { today } from '../workspace/inputs.ts';
import { exitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { emit, projectOptions, shownRoot, tellMissing, type ProjectFlags } from './project.ts';
import { progressLine, wantsColor } from './terminal.ts';

export interface RisksFlags extends ProjectFlags {
  readonly date?: string;
}

/** `faaslint risks`: every rule runs, whatever the configuration's preset; gives the exit code, which findings do not change. */
export async function risks(io: Io, version: string, paths: readonly string[], flags: RisksFlags): Promise<number> {
  if (flags.date !== undefined && !isDate(flags.date)) throw new UsageError(`--date "${flags.date}" is no day. Give it as YYYY-MM-DD.`);
  const date = flags.date ?? today();
  const progress = progressLine(io.stderr, io.env, (text) => io.stderr.write(text), io.now);
  let result: ScanResult;
  try {
    result = await analyze({ ...projectOptions(paths, flags), preset: 'all', profiles: true, date, onProgress: (text) => progress.show(text) });
  } finally {
    progress.clear();
  }
  const page = risksOf(result, date);
  tellMissing(io, result, paths);
  const title = basename(result.root);
  const color = flags.outputFile === undefined && wantsColor(io.stdout, io.env);
  const text = flags.format === 'json' ? risksJson(page, { version, root: shownRoot(io, result.root), rules: [] }) : flags.format === 'markdown' ? risksMarkdown(page, { title }) : risksText(page, { title, color });
  emit(io, flags, text);
  return exitCode(result, 'never', flags.allowIncomplete === true);
}
