import { createRequire } from 'node:module';
import { run } from './cli/program.ts';

// A reader that goes away (`faaslint | head`) is no error; anything else means that the report is not whole.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 2;
    if (stream === process.stdout) process.stderr.write(`faaslint: the report could not be written (${error.code ?? 'error'}).\n`);
  });
}

/** The package refers to itself by name: the same from the sources and from what is built. */
const { version } = createRequire(import.meta.url)('faaslint/package.json') as { readonly version: string };

// Never `process.exit`: it would cut off what a pipe has not taken yet. An interrupt (Ctrl-C) keeps its default action, which
// ends the process at once, also in the middle of synchronous work, and which a shell reports as 130.
const code = await run({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  now: () => performance.now(),
  usage: () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    return { cpuMilliseconds: (userCPUTime + systemCPUTime) / 1000, peakBytes: maxRSS * 1024 };
  },
}, version);
process.exitCode ??= code;
