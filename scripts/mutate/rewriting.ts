import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Repository } from './engine.ts';
import { seeded } from './random.ts';
import { rewrites } from './rewrites/all.ts';
import { compareFindings, rewriteFiles, type Change } from './stability.ts';

const isSource = (file: string): boolean => /\.[cm]?[jt]sx?$/.test(file) && !file.endsWith('.d.ts');
const MAX_FUNCTIONS = 6;

export interface Stability {
  /** By rewrite: how many projects or files it changed, and in how many of them findings changed. */
  readonly counts: ReadonlyMap<string, { rewritten: number; changed: number; findings: number; broken: number }>;
  readonly changes: readonly Change[];
  readonly files: number;
}

const emptyCounts = (only: string | undefined): Map<string, { rewritten: number; changed: number; findings: number; broken: number }> => new Map(rewrites.filter((item) => only === undefined || item.id === only).map((item) => [item.id, { rewritten: 0, changed: 0, findings: 0, broken: 0 }]));

/** Rewrites all code of each small project and scans it anew. */
export function rewriteProjects(folders: readonly string[], date: string, only?: string): Stability {
  const counts = emptyCounts(only);
  const changes: Change[] = [];
  for (const folder of folders) {
    const repository = new Repository(folder, date);
    const before = repository.scan({ changes: new Map(), infrastructure: repository.infrastructure });
    const entries = entriesOf(repository);
    for (const rewrite of rewrites) {
      const count = counts.get(rewrite.id);
      if (!count) continue;
      const rewriting = rewriteFiles(repository, repository.workspace.files.filter(isSource), rewrite, entries, true);
      count.broken += rewriting.broken.length;
      if (rewriting.changes.size === 0) continue;
      count.rewritten++;
      count.findings += before.length;
      const difference = compareFindings(repository, before, repository.scan({ changes: rewriting.changes }), rewrite, rewriting);
      if (difference.lost.length + difference.gained.length === 0) continue;
      count.changed++;
      changes.push({ rewrite: rewrite.id, project: folder, ...difference, texts: Object.fromEntries(rewriting.changes) });
    }
  }
  return { counts, changes, files: folders.length };
}

/** Rewrites single files of real repositories that functions load, and scans those functions anew. */
export function rewriteReal(root: string, limit: number, seed: string, date: string, options: { readonly only?: string | undefined; readonly repository?: string | undefined; readonly onProgress?: (text: string) => void }): Stability {
  const counts = emptyCounts(options.only);
  const changes: Change[] = [];
  let files = 0;
  const names = readdirSync(root).filter((name) => statSync(join(root, name)).isDirectory() && (options.repository === undefined || name.includes(options.repository))).sort();
  const perRepository = Math.ceil(limit / names.length) + 1;
  for (const name of seeded(`${seed} rewrites`).shuffle(names)) {
    if (files >= limit) break;
    const repository = new Repository(join(root, name), date);
    const entries = entriesOf(repository);
    for (const { file, functions } of filesOf(repository, perRepository, seeded(`${seed} ${name}`))) {
      if (files >= limit) break;
      files++;
      options.onProgress?.(`${name} ${file}`);
      const before = repository.scan({ changes: new Map(), infrastructure: repository.infrastructure, functions });
      for (const rewrite of rewrites) {
        const count = counts.get(rewrite.id);
        if (!count) continue;
        const rewriting = rewriteFiles(repository, [file], rewrite, entries, false);
        count.broken += rewriting.broken.length;
        if (rewriting.changes.size === 0) continue;
        count.rewritten++;
        count.findings += before.length;
        const after = repository.scan({ changes: rewriting.changes, functions, ...(entries.has(file) ? {} : { infrastructure: repository.infrastructure }) });
        const difference = compareFindings(repository, before, after, rewrite, rewriting);
        if (difference.lost.length + difference.gained.length === 0) continue;
        count.changed++;
        changes.push({ rewrite: rewrite.id, project: `${name} ${file}`, ...difference, texts: Object.fromEntries(rewriting.changes) });
      }
    }
  }
  return { counts, changes, files };
}

/** Files that infrastructure was read from or that platforms call. */
function entriesOf({ infrastructure }: Repository): ReadonlySet<string> {
  return new Set([...infrastructure.files, ...infrastructure.functions.flatMap((fn) => fn.handlers.map((handler) => handler.file))]);
}

/** Some files that functions load, those with findings first, each with functions that load it. */
function filesOf(repository: Repository, count: number, random: ReturnType<typeof seeded>): readonly { readonly file: string; readonly functions: readonly string[] }[] {
  const loaded = new Map<string, string[]>();
  const broken = new Set<string>();
  const chosen = random.shuffle(repository.infrastructure.functions).slice(0, 40);
  const project = repository.link({ changes: new Map(), infrastructure: repository.infrastructure, functions: chosen.map((fn) => fn.id) });
  for (const view of project.functions) {
    for (const file of view.files()) if (isSource(file)) loaded.set(file, [...(loaded.get(file) ?? []), view.fn.id]);
    view.release();
  }
  for (const finding of repository.scan({ changes: new Map(), infrastructure: repository.infrastructure, functions: chosen.map((fn) => fn.id) })) broken.add(finding.file);
  const all = random.shuffle([...loaded.keys()].sort());
  const picked = [...all.filter((file) => broken.has(file)), ...all.filter((file) => !broken.has(file))].slice(0, count);
  return picked.map((file) => ({ file, functions: (loaded.get(file) ?? []).slice(0, MAX_FUNCTIONS) }));
}

/** Rewrites by what they changed, as text. */
export function stabilityTable({ counts }: Stability): string {
  const rows = [...counts].map(([id, count]) => [id, rewrites.find((item) => item.id === id)?.title ?? '', `${count.changed}/${count.rewritten}`, String(count.findings), String(count.broken)]);
  return [['rewrite', 'what', 'changed', 'findings compared', 'not parsed'], ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
