import { fileRemovalOf, fileWriteOf, isTemporaryPath, replacesFiles, type FileWrite, touchesFiles } from '../src/catalog/file-system.ts';
import { isForDevelopersOnly } from '../src/link/queries/local-run.ts';
import { coversPath, leavesFile, placeOfPath } from '../src/link/queries/paths.ts';
import { promiseFate } from '../src/link/queries/promises.ts';
import { removeInFinally } from '../src/link/queries/repair-files.ts';
import { placeOf, runAfterBoth, runsOnEveryExit } from '../src/link/queries/removal.ts';
import { ownRemovers, takesResult } from '../src/link/queries/temporary.ts';
import type { Platform } from '../src/model/function.ts';
import type { ExternalCall, FunctionView } from '../src/model/project.ts';
import type { Value } from '../src/model/value.ts';
import { defineRule, type Report } from '../src/rule.ts';
import { argsOf } from '../src/link/queries/arguments.ts';

/** Platforms whose code folder cannot be written; elsewhere what is written is lost with the container or counts as memory (platforms.md, section 1, November 2026). */
const readOnly: ReadonlySet<Platform> = new Set(['aws', 'vercel', 'netlify']);

export default defineRule({
  id: 'no-disk-writes',
  title: 'Disallow writes to the file system of a function',
  scope: 'function',
  category: 'state',
  preset: 'core',
  risk: 'A function has no disk of its own: outside the temporary folder the write fails, and inside it the file is shared by later invocations, fills the space they have, and is lost without notice.',
  references: [
    { title: 'What is Serverless Architecture: no writing to disk', document: '003' },
    { title: 'AWS Lambda: ephemeral storage', url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html' },
  ],
  messages: {
    readOnly: { severity: 'error', text: '{what} writes to {path}, which is read-only on {platform}.', repair: 'Write under the temporary folder (os.tmpdir()) and remove the file in a finally block, or send the data to an object store.' },
    lost: { severity: 'warning', text: '{what} writes to {path}; on {platform} the file is lost with the instance and may count as memory.', repair: 'Send the data to an object store or a database, or keep it in memory for this invocation.' },
    leftBehind: { severity: 'warning', text: '{what} writes {path} and the file is not removed on every exit.', repair: 'Remove the file in a finally block around its use.' },
    removed: { severity: 'info', text: '{what} writes {path} and removes it on every exit.', repair: 'Nothing must change; a stream or buffer would save the disk.' },
    unknownPath: { severity: 'warning', text: '{what} writes to a path that is not known at scan time.', repair: 'Build the path from os.tmpdir() and remove the file in a finally block.' },
  },
  options: {},
  examples: [
    { title: 'Write beside the code', code: `import { writeFileSync } from 'node:fs';\nexport const handler = async (event) => {\n  writeFileSync('./last-order.json', JSON.stringify(event));\n};\n`, reports: ['readOnly'] },
    { title: 'Left in the temporary folder', code: `import { writeFile } from 'node:fs/promises';\nexport const handler = async (event) => {\n  await writeFile('/tmp/order.json', event.body);\n};\n`, reports: ['leftBehind'] },
    { title: 'Removed on every exit', code: `import { writeFile, unlink } from 'node:fs/promises';\nexport const handler = async (event) => {\n  const path = '/tmp/order.json';\n  try {\n    await writeFile(path, event.body);\n  } finally {\n    await unlink(path);\n  }\n};\n`, reports: ['removed'] },
    { title: 'A read', code: `import { readFileSync } from 'node:fs';\nconst page = readFileSync('./page.html', 'utf8');\nexport const handler = async () => page;\n`, reports: [] },
  ],
  *check({ view }) {
    const calls = view.calls().filter((call) => touchesFiles(call.callee));
    if (calls.length > 0 && view.calls().some((call) => replacesFiles(call.callee))) return;
    const removals = calls.flatMap((call): Removal[] => {
      const removal = fileRemovalOf(call.callee, argsOf(call));
      return removal?.path && !isForgotten(view, call, removal.detail) ? [{ call, path: removal.path, recursive: removal.recursive }] : [];
    });
    const found: { readonly report: Report; readonly kind: FileWrite['kind'] }[] = [];
    for (const call of calls) {
      if (call.callee.module === 'global' || (!fileWriteOf(call.callee, argsOf(call)) && call.callee.module !== 'child_process')) continue;
      for (const { args, path } of view.instances(call)) {
        const write = fileWriteOf(call.callee, args);
        if (!write) continue;
        const report = judge(view, call, write, removals, path);
        if (report) { found.push({ report, kind: write.kind }); break; }
      }
    }
    // A folder made for a file somewhere is not a second fact, and one that is removed again is none.
    const hasFiles = found.some((item) => item.kind !== 'mkdir');
    for (const { report, kind } of found) if (kind !== 'mkdir' || !(report.message === 'removed' || (hasFiles && report.message === 'unknownPath'))) yield report;
  },
});

interface Removal { readonly call: ExternalCall; readonly path: Value; readonly recursive: boolean }

/** A removal that is started and that nobody waits for may never take place: the function is frozen when it answers. */
const isForgotten = (view: FunctionView, call: ExternalCall, detail: string): boolean => !/Sync$|^rm$/.test(detail) && promiseFate(view, call.body, call.expr) === 'dropped';

function judge(view: FunctionView, call: ExternalCall, write: FileWrite, removals: readonly Removal[], flow: ExternalCall['path']): Report | undefined {
  // The editor sees one file: a path that comes from elsewhere may well be mounted or temporary.
  const place = placeOfPath(write.path, view.fn.mounts, isTemporaryPath);
  if (place === 'device' || place === 'mounted' || isForDevelopersOnly(view, call.body, call.expr)) return undefined;
  const data = { what: write.detail, platform: view.fn.platform === 'aws' ? 'AWS Lambda' : view.fn.platform, path: (write.path && pathText(write.path)) ?? 'a path' };
  const common = { at: call.place, flow, data, ...(call.body.certain ? {} : { assumptions: ['the call that leads here is one of several possible ones'] }) };
  if (place === 'unknown') {
    if (view.project.whole === false && write.path && leavesFile(write.path)) return undefined;
    return { ...common, message: 'unknownPath', assumptions: ['the path is not under a mounted file system'] };
  }
  if (place === 'elsewhere') return { ...common, message: readOnly.has(view.fn.platform) ? 'readOnly' : 'lost' };
  return isRemoved(view, call, write.path, removals) ? { ...common, message: 'removed' } : { ...common, message: 'leftBehind', suggestions: removeInFinally(call) };
}

function isRemoved(view: FunctionView, call: ExternalCall, path: Value | undefined, removals: readonly Removal[]): boolean {
  const byPath = path ? removals.filter((removal) => coversPath(removal.path, removal.recursive, path) || takesResult(call, removal.call)).map((removal) => removal.call) : [];
  // What `fileSync` gives removes at once; what the promise of `file` gives returns a promise again.
  const byObject = ownRemovers(call, view.calls()).filter((one) => /Sync$/.test(call.callee.path.at(-1) ?? '') || !isForgotten(view, one, 'cleanup'));
  const own = [...byPath, ...byObject].map(placeOf);
  const write = placeOf(call);
  return own.some((one) => runsOnEveryExit(view, write, one)) || own.some((one) => own.some((other) => one !== other && runAfterBoth(view, write, one, other)));
}

/** The path as far as it is literal, for the message. */
function pathText(value: Value): string | undefined {
  if (value.kind === 'literal') return `'${String(value.value)}'`;
  if (value.kind === 'template') return `'${value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '…')).join('')}'`;
  if (value.kind === 'oneOf') return value.options.map(pathText).find((text) => text !== undefined);
  return undefined;
}
