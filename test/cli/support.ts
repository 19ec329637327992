import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary.ts';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const launcher = join(projectRoot, 'bin/faaslint.js');

/** A new folder with the given files; removed after the tests of the file. */
export function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder('cli');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** Environment without what would change colour or progress. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name, value]) => value !== undefined && !['NO_COLOR', 'FORCE_COLOR', 'CI', 'NODE_OPTIONS', 'NODE_V8_COVERAGE'].includes(name));
  return { ...(Object.fromEntries(kept) as Record<string, string>), ...extra };
}

/** Runs the compiled tool as a child process. */
export function faaslint(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const run = spawnSync(process.execPath, [launcher, ...args], { cwd, encoding: 'utf8', env: cleanEnvironment(env), maxBuffer: 1 << 28 });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

const template = (timeout = 30): string => `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: orders.handler
      Runtime: nodejs22.x
      Timeout: ${timeout}
`;

const writesDisk = `import { writeFileSync } from 'node:fs';
export const handler = async (event) => {
  writeFileSync('./last-order.json', JSON.stringify(event));
};
`;

/** One function with one finding of severity error. */
export const oneError = { 'template.yaml': template(), 'src/orders.mjs': writesDisk };

/** The same with one finding of severity warning. */
export const oneWarning = { 'template.yaml': template(), 'src/orders.mjs': writesDisk.replace('./last-order.json', '/tmp/last-order.json') };

/** One function without a finding. */
export const clean = { 'template.yaml': template(), 'src/orders.mjs': 'export const handler = async (event) => ({ statusCode: 200, body: event.body });\n' };
