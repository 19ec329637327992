import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { rules } from '../../rules/index.ts';
import { analyze } from '../../src/analyze.ts';
import type { ScanResult } from '../../src/model/finding.ts';
import { jsonReport } from '../../src/report/json.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { textReport } from '../../src/report/text.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Stands in files above the root; no output may ever hold it. */
export const canary = 'canary-7f3a9c-never-shown';
export const limitMilliseconds = 20_000;

/** A temporary repository with one hostile thing in it, a healthy service beside that, and traps that must not be sprung. */
export interface Tree {
  /** The folder above the root: holds the canary files and the traps' marker. */
  readonly outside: string;
  readonly root: string;
  write(path: string, text: string | Buffer): void;
  remove(): void;
}

const neighbour = `const seen = [];
exports.handler = async (event) => { seen.push(event.id); return seen.length; };
`;

/** A template that deploys `handler` from the folder `code` (default: the template's own). */
export const sam = (handler: string, code = './'): string =>
  `AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Target:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ${code}, Handler: ${handler}, Runtime: nodejs22.x, Timeout: 10 }
`;

export function makeTree(): Tree {
  const outside = temporaryFolder('hostile');
  const root = join(outside, 'repository');
  const put = (path: string, text: string | Buffer): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  put(join(outside, 'canary.js'), `const kept = []; exports.value = '${canary}'; exports.handler = async (event) => { kept.push(event, '${canary}'); };\n`);
  put(join(outside, 'canary.ts'), `export const value = '${canary}'; const kept: string[] = []; export const handler = async (event: string) => { kept.push(event); };\n`);
  for (const extension of ['yml', 'yaml']) put(join(outside, `canary.${extension}`), `value: ${canary}\nhandler: ${canary}.handler\nCanary: { handler: ${canary}.handler }\n`);
  put(join(outside, 'canary.json'), JSON.stringify({ value: canary, compilerOptions: { outDir: canary, paths: { '*': [`${canary}/*`] } } }));
  put(join(outside, 'canary.txt'), canary);

  const write = (path: string, text: string | Buffer): void => put(join(root, path), text);
  write('healthy/template.yaml', sam('src/neighbour.handler'));
  write('healthy/src/neighbour.js', neighbour);
  const trap = `require('node:fs').writeFileSync(${JSON.stringify(join(outside, 'sprung'))}, __filename);`;
  const trapModule = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(join(outside, 'sprung'))}, import.meta.url);\nexport default {};\n`;
  write('package.json', JSON.stringify({ name: 'trapped', scripts: Object.fromEntries(['preinstall', 'install', 'postinstall', 'prepare', 'build', 'test'].map((name) => [name, `touch ${join(outside, 'sprung')}`])) }));
  write('serverless.js', `${trap}\nmodule.exports = { service: 'trap', provider: { name: 'aws' }, functions: {} };\n`);
  write('eslint.config.js', trap);
  write('faaslint.config.js', trap);
  write('healthy/eslint.config.mjs', trapModule);
  for (const name of ['typescript', 'esbuild', 'yaml', 'oxc-parser', '@typescript-eslint/parser', 'serverless']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '99.0.0', main: 'index.js', bin: { [name]: 'index.js' } }));
    write(`node_modules/${name}/index.js`, `#!/usr/bin/env node\n${trap}\n`);
  }
  return { outside, root, write, remove: () => rmSync(outside, { recursive: true, force: true }) };
}

/** What every scan of a hostile tree owes: it ends in time, tells nothing it should not, and finds what is healthy. */
export async function scan(tree: Tree, ownTextNamesPath = false): Promise<ScanResult> {
  const started = performance.now();
  const result = await analyze({ root: tree.root, paths: [tree.root], preset: 'all', date: '2026-11-20' });
  expect(performance.now() - started).toBeLessThan(limitMilliseconds);
  const context = { version: '0.0.0', root: '.', rules };
  quiet(tree, [textReport(result, { ...context, color: false, gaps: true, quiet: false }), jsonReport(result, context), sarifReport(result, context)], ownTextNamesPath);
  healthy(result.findings);
  const { discovered, analysed, partial, skipped } = result.files;
  expect({ discovered, sum: analysed + partial + skipped.length }).toEqual({ discovered, sum: discovered });
  expect(Math.min(analysed, partial)).toBeGreaterThanOrEqual(0);
  for (const item of [...skipped, ...result.incomplete]) expect(item.reason).not.toBe('');
  return result;
}

interface CliRun { readonly status: number; readonly report: { readonly findings: readonly { readonly rule: string; readonly file: string }[]; readonly files: { readonly discovered: number; readonly analysed: number; readonly partial: number; readonly skipped: readonly { readonly file: string; readonly reason: string }[] } } }

/** The same through the command, in all three formats, each as a child that may be killed. */
export function scanWithCli(tree: Tree): CliRun {
  const run = (format: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } => {
    const child = spawnSync(process.execPath, [resolve('bin/faaslint.js'), 'scan', tree.root, '--root', tree.root, '--preset', 'all', '--format', format, '--gaps', '--date', '2026-11-20'], {
      cwd: tree.root, encoding: 'utf8', timeout: limitMilliseconds, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024,
    });
    return { status: child.status, stdout: child.stdout, stderr: child.stderr };
  };
  const runs = ['text', 'sarif', 'json'].map(run);
  quiet(tree, runs.flatMap(({ stdout, stderr }) => [stdout, stderr]));
  for (const { status } of runs) expect([0, 1, 2]).toContain(status);
  const report = JSON.parse(runs[2]?.stdout ?? '') as CliRun['report'];
  healthy(report.findings);
  const { discovered, analysed, partial, skipped } = report.files;
  expect(analysed + partial + skipped.length).toBe(discovered);
  return { status: runs[2]?.status ?? -1, report };
}

function quiet(tree: Tree, outputs: readonly string[], ownTextNamesPath = false): void {
  for (const output of outputs) {
    expect(output).not.toContain(canary);
    // A message may quote the repository's own text.
    if (!ownTextNamesPath) expect(output).not.toContain(tree.outside);
    expect(output).not.toMatch(/\n\s+at \S+ \(|\bat (?:file:|node:)/);
    expect(output).not.toContain('internal error');
    // Nothing of the repository may steer the terminal or break a line-based reader.
    expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  }
  expect(existsSync(join(tree.outside, 'sprung')), 'something of the scanned repository was run').toBe(false);
}

function healthy(findings: readonly { readonly rule: string; readonly file: string }[]): void {
  expect(findings.filter((finding) => finding.file === 'healthy/src/neighbour.js').map((finding) => finding.rule)).toContain('no-global-mutable-state');
}

/** Why a file was not used, whichever list says so. */
export function reasonOf(result: ScanResult, file: string): string | undefined {
  return [...result.files.skipped, ...result.incomplete].find((item) => item.file === file)?.reason;
}
