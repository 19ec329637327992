// One run of esbuild with all functions as entry points, one bundle each, nothing written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { cpuSeconds } from './bundle-use.mjs';

const root = process.argv[2];
const entries = JSON.parse(readFileSync(join(root, 'functions.json'), 'utf8'));
const started = performance.now();
const { outputFiles } = await build({ entryPoints: entries.map((entry, index) => ({ in: entry, out: `e${index}` })), bundle: true, write: false, metafile: true, outdir: 'out', platform: 'node', minify: true, format: 'cjs', target: 'node22', absWorkingDir: root, logLevel: 'error' });
const wallSeconds = (performance.now() - started) / 1000;
const cpu = cpuSeconds();
await stop();
console.log(JSON.stringify({ cpuSeconds: cpu, wallSeconds, bytes: outputFiles.reduce((sum, file) => sum + file.contents.length, 0) }));
