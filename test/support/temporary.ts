import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

const remove = (): void => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
};
// Imported while a test file is collected: this runs when the last of its tests is over. Where a filter leaves out all of them no hook
// runs, and what was made at module level goes with the process.
afterAll(remove, 120_000);
process.once('exit', remove);

/** A new folder below the system's folder for temporary files, as a real path; removed after the tests of the file. */
export function temporaryFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `faaslint-${name}-`)));
  made.push(folder);
  return folder;
}
