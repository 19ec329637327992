import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/model/finding.ts';
import { Repository } from './engine.ts';
import { distances, inject, type Distance } from './inject.ts';
import { operators } from './operators/all.ts';
import { fits } from './operators/kit.ts';
import { seeded } from './random.ts';
import { subjectsOf, type Refusal } from './subject.ts';

export interface RecallOptions {
  /** A folder of repositories. */
  readonly root: string;
  readonly seed: string;
  /** Functions for each operator. */
  readonly functions: number;
  /** Functions taken from one repository. */
  readonly perRepository: number;
  readonly only?: string | undefined;
  readonly repository?: string | undefined;
  readonly date: string;
  readonly onProgress?: (text: string) => void;
}

/** A mutant that was not found, as far as one needs it to make it again. */
export interface Miss {
  readonly operator: string;
  readonly distance: Distance;
  readonly repository: string;
  readonly fn: string;
  readonly file: string;
  readonly line: number;
  /** What the rule said instead, by place and severity. */
  readonly instead: readonly string[];
  readonly texts: Readonly<Record<string, string>>;
}

export interface Recall {
  readonly counts: ReadonlyMap<string, Record<Distance, { found: number; total: number }>>;
  readonly misses: readonly Miss[];
  readonly refused: ReadonlyMap<Refusal, number>;
  readonly subjects: ReadonlyMap<string, number>;
}

/** Injects every operator into real functions, at every distance, and looks whether its rule speaks at the line. */
export function recall(options: RecallOptions): Recall {
  const chosen = operators.filter((operator) => options.only === undefined || operator.id === options.only || operator.rule === options.only);
  const rules = [...new Set(chosen.map((operator) => operator.rule))];
  const counts = new Map(chosen.map((operator) => [operator.id, { handler: { found: 0, total: 0 }, near: { found: 0, total: 0 }, far: { found: 0, total: 0 } }]));
  const taken = new Map(chosen.map((operator) => [operator.id, 0]));
  const refused = new Map<Refusal, number>();
  const subjects = new Map<string, number>();
  const misses: Miss[] = [];
  const names = readdirSync(options.root).filter((name) => statSync(join(options.root, name)).isDirectory() && (options.repository === undefined || name.includes(options.repository))).sort();
  for (const name of seeded(`${options.seed} repositories`).shuffle(names)) {
    if ([...taken.values()].every((count) => count >= options.functions)) break;
    const repository = new Repository(join(options.root, name), options.date);
    let count = 0;
    for (const subject of subjectsOf(repository, rules, seeded(`${options.seed} ${name}`), refused)) {
      if (count++ >= options.perRepository) break;
      options.onProgress?.(`${name} ${subject.fn.name}`);
      const kind = `${subject.fn.platform}${subject.fn.generation ? ` ${subject.fn.generation}` : ''}`;
      subjects.set(kind, (subjects.get(kind) ?? 0) + 1);
      for (const operator of chosen) {
        if ((taken.get(operator.id) ?? 0) >= options.functions || subject.rulesBroken.has(operator.rule) || !fits(operator, subject)) continue;
        taken.set(operator.id, (taken.get(operator.id) ?? 0) + 1);
        for (const distance of distances) {
          const mutant = inject(subject, operator, distance, seeded(`${options.seed} ${subject.fn.id} ${operator.id} ${distance}`));
          const findings = repository.scan({ changes: mutant.changes, infrastructure: mutant.infrastructure, functions: [subject.fn.id], rules: [operator.rule] });
          const tally = counts.get(operator.id)?.[distance];
          if (!tally) continue;
          tally.total++;
          if (findings.some((finding) => finding.file === mutant.file && finding.line === mutant.line && finding.severity !== 'info')) { tally.found++; continue; }
          misses.push({ operator: operator.id, distance, repository: name, fn: subject.fn.id, file: mutant.file, line: mutant.line, instead: findings.map(shown), texts: Object.fromEntries(mutant.changes) });
        }
      }
    }
  }
  return { counts, misses, refused, subjects };
}

const shown = (finding: Finding): string => `${finding.file}:${finding.line} ${finding.severity} ${finding.messageId}`;

/** Operator by distance, as text. */
export function recallTable({ counts }: Recall): string {
  const rows = [['operator', 'rule', ...distances]];
  const sums = { handler: { found: 0, total: 0 }, near: { found: 0, total: 0 }, far: { found: 0, total: 0 } };
  for (const [id, tally] of counts) {
    rows.push([id, operators.find((operator) => operator.id === id)?.rule ?? '', ...distances.map((distance) => `${tally[distance].found}/${tally[distance].total}`)]);
    for (const distance of distances) { sums[distance].found += tally[distance].found; sums[distance].total += tally[distance].total; }
  }
  rows.push(['all', '', ...distances.map((distance) => `${sums[distance].found}/${sums[distance].total} (${((100 * sums[distance].found) / Math.max(1, sums[distance].total)).toFixed(1)} %)`)]);
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
