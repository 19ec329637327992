import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { parseModule } from './parse.ts';

/** Entry of the parser's child process: reads `{ file, text }` on standard input, writes what `parseModule` gives. */

interface Job { readonly file: string; readonly text: string }

if (isMainThread) {
  const job: unknown = JSON.parse(readFileSync(0, 'utf8'));
  const worker = new Worker(new URL(import.meta.url), { workerData: job, resourceLimits: { stackSizeMb: 256 } });
  worker.on('message', (parsed: unknown) => process.stdout.write(JSON.stringify(parsed)));
  worker.on('error', () => { process.exitCode = 1; });
} else {
  const { file, text } = workerData as Job;
  parentPort?.postMessage(parseModule(file, text));
}
