import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recall, recallTable } from './recall.ts';
import { rewriteProjects, rewriteReal, stabilityTable } from './rewriting.ts';

const args = process.argv.slice(2);
const option = (name: string): string | undefined => { const at = args.indexOf(name); return at < 0 ? undefined : args[at + 1]; };
/** Dated facts are judged on one day, so that runs can be compared. */
const date = '2026-11-21';
const seed = option('--seed') ?? '1';
const root = option('--root');
const fixtures = option('--fixtures');
const only = option('--only');
const part = option('--part');
const verbose = args.includes('--verbose') ? { onProgress: (text: string): void => { process.stderr.write(`${text}\n`); } } : {};
if (root === undefined && fixtures === undefined) fail('give a folder of repositories, or of small projects: node scripts/mutate.mjs --root DIR | --fixtures DIR');
for (const folder of [root, fixtures]) if (folder !== undefined && !existsSync(folder)) fail(`there is no folder ${folder}`);

if (fixtures !== undefined) {
  const projects = folders(fixtures).flatMap((folder) => (/\/(?:broken|discover)$/.test(folder) ? [] : /\/shop$/.test(folder) ? [folder] : folders(folder))).filter((folder) => option('--repository') === undefined || folder.includes(option('--repository') ?? ''));
  const result = rewriteProjects(projects, date, only);
  console.log(`${result.files} projects\n${stabilityTable(result)}`);
  save('fixtures.json', result.changes);
}
if (root !== undefined && part !== 'rewrites') {
  const result = recall({ root, seed, date, functions: Number(option('--functions') ?? 50), perRepository: Number(option('--per-repository') ?? 4), only, repository: option('--repository'), ...verbose });
  console.log(recallTable(result));
  console.log(`functions: ${[...result.subjects].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
  console.log(`left out: ${[...result.refused].map(([reason, count]) => `${reason} ${count}`).join(', ')}`);
  save('misses.json', result.misses);
}
if (root !== undefined && part !== 'mutants') {
  const result = rewriteReal(root, Number(option('--files') ?? 100), seed, date, { only, repository: option('--repository'), ...verbose });
  console.log(`${result.files} files\n${stabilityTable(result)}`);
  save('changes.json', result.changes);
}

function folders(folder: string): string[] {
  return readdirSync(folder).sort().map((name) => join(folder, name)).filter((path) => statSync(path).isDirectory());
}

function save(name: string, value: unknown): void {
  const out = option('--out');
  if (out === undefined) return;
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, name), JSON.stringify(value, undefined, 1));
}

function fail(text: string): never {
  process.stderr.write(`mutate: ${text}\n`);
  process.exit(2);
}
