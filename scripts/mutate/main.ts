import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recall, recallTable } from './recall.ts';

const args = process.argv.slice(2);
const option = (name: string): string | undefined => { const at = args.indexOf(name); return at < 0 ? undefined : args[at + 1]; };
const root = option('--root');
if (root === undefined) {
  process.stderr.write('mutate: give a folder of repositories: node scripts/mutate.mjs --root DIR\n');
  process.exit(2);
}
const seed = option('--seed') ?? '1';
const date = '2026-11-21';
const result = recall({
  root, seed, date, functions: Number(option('--functions') ?? 50), perRepository: Number(option('--per-repository') ?? 4), only: option('--only'), repository: option('--repository'),
  ...(args.includes('--verbose') ? { onProgress: (text) => process.stderr.write(`${text}\n`) } : {}),
});
console.log(recallTable(result));
console.log(`functions: ${[...result.subjects].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
console.log(`left out: ${[...result.refused].map(([reason, count]) => `${reason} ${count}`).join(', ')}`);
const out = option('--out');
if (out !== undefined) {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'misses.json'), JSON.stringify(result.misses, undefined, 1));
}
