import { fileURLToPath } from 'node:url';
import { analyze } from '../../src/analyze.ts';
import { listProjects, readAnnotations } from './fixture.ts';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

/**
 * Findings of a rule on lines of its fixtures that say `ok`. The comparison of fixtures lets those of severity info pass there; a rule
 * that reports nothing else must be silent.
 */
export async function silentNearMisses(rule: string): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const { name, dir } of listProjects(fixtures).filter((project) => project.rule === rule)) {
    const quiet = new Set(readAnnotations(dir).filter((each) => each.rule === rule && each.expect === 'quiet').map((each) => `${each.file}:${each.line}`));
    const { findings } = await analyze({ root: dir, paths: [dir], preset: 'all', rules: [rule], bundles: false, date: '2026-11-21' });
    broken.push(...findings.map((finding) => `${finding.file}:${finding.line}`).filter((place) => quiet.has(place)).map((place) => `${name}/${place}`));
  }
  return broken;
}
