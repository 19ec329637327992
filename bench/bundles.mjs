// Sizing functions that share code against one run of esbuild with all of them as entry points, side by side:
// `node bench/bundles.mjs [--functions N] [--rounds N]`. Real packages of this checkout, no network. Processor time is that of the
// process and of the bundler's own (read from /proc, so on Linux only; elsewhere the wall clock is all there is).
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const args = process.argv.slice(2);
const option = (name, fallback) => { const at = args.indexOf(name); return at < 0 ? fallback : Number(args[at + 1]); };
const count = option('--functions', 100);
const rounds = option('--rounds', 5);

if (!existsSync(join(here, '..', 'dist', 'src', 'measure', 'measure.js'))) {
  process.stderr.write('faaslint is not built: run "npm run build"\n');
  process.exit(2);
}

const packages = ['ajv', 'yaml', 'semver', 'micromatch', 'postcss', 'commander', 'd3-hierarchy', '@dagrejs/dagre', 'toml-eslint-parser', 'acorn', 'lru-cache', 'json5', 'esquery', 'minimatch', 'picomatch', '@babel/parser', '@babel/generator', 'jsonc-parser'];

/** A repository of `count` handlers over 40 shared modules, each with one package, chained in groups of five. */
function generate(root) {
  mkdirSync(join(root, 'src'), { recursive: true });
  const modules = join(here, '..', 'node_modules');
  const done = new Set();
  const open = [...packages];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (done.has(name) || !existsSync(join(modules, name))) continue;
    done.add(name);
    cpSync(join(modules, name), join(root, 'node_modules', name), { recursive: true });
    open.push(...Object.keys(JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).dependencies ?? {}));
  }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'shared', dependencies: Object.fromEntries(packages.map((name) => [name, '*'])) }));
  for (let number = 0; number < 40; number++) {
    const next = number % 5 === 0 ? '' : `export * from './shared${number - 1}';\n`;
    writeFileSync(join(root, 'src', `shared${number}.ts`), `import * as used from '${packages[number % packages.length]}';\nexport const s${number} = () => used;\n${next}`);
  }
  for (let number = 0; number < count; number++) {
    writeFileSync(join(root, 'src', `f${number}.ts`), `import * as a from './shared${number % 40}';\nimport * as b from './shared${(number * 7) % 40}';\nimport * as yaml from 'yaml';\nexport const handler = async () => [a, b, yaml.parse('a: ${number}')];\n`);
  }
  writeFileSync(join(root, 'functions.json'), JSON.stringify(Array.from({ length: count }, (_, number) => `src/f${number}.ts`)));
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'faaslint-bench-')));
try {
  generate(scratch);
  const tools = ['bundle-esbuild', 'bundle-faaslint'];
  const runs = new Map(tools.map((tool) => [tool, []]));
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < tools.length; turn++) {
      const tool = tools[(turn + round) % tools.length];
      const child = spawnSync(process.execPath, [join(here, 'tools', `${tool}.mjs`), scratch], { encoding: 'utf8' });
      if (child.status !== 0) throw new Error(`${tool} failed: ${child.stderr.slice(0, 2_000)}`);
      runs.get(tool).push(JSON.parse(child.stdout.trim().split('\n').at(-1)));
    }
  }
  const [base, ours] = tools.map((tool) => runs.get(tool));
  console.log(`${count} functions, ${(base[0].bytes / 1e6).toFixed(1)} MB of bundles, ${rounds} rounds, Node ${process.versions.node}`);
  console.log(`${'tool'.padEnd(36)} ${'cpu s'.padStart(8)} ${'wall s'.padStart(8)} ${'bundles MB'.padStart(11)}`);
  for (const [name, list] of [['one esbuild run, all entry points', base], ['faaslint, sizes and archives', ours]]) {
    console.log(`${name.padEnd(36)} ${median(list, 'cpuSeconds').toFixed(2).padStart(8)} ${median(list, 'wallSeconds').toFixed(2).padStart(8)} ${(list[0].bytes / 1e6).toFixed(1).padStart(11)}`);
  }
  console.log(`ratio: ${(median(ours, 'cpuSeconds') / median(base, 'cpuSeconds')).toFixed(2)} of processor time, ${(median(ours, 'wallSeconds') / median(base, 'wallSeconds')).toFixed(2)} of wall time`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function median(results, key) {
  const sorted = results.map((result) => result[key]).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
