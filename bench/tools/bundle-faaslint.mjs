// The same bundles sized by faaslint: bytes, archives, what is in them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds } from './bundle-use.mjs';

const root = process.argv[2];
const { measure } = await import('../../dist/src/measure/measure.js');
const { whileBundling } = await import('../../dist/src/measure/bundler.js');
const { openWorkspace } = await import('../../dist/src/workspace/workspace.js');
const entries = JSON.parse(readFileSync(join(root, 'functions.json'), 'utf8'));
const place = { file: 'template.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
const functions = entries.map((file, index) => ({
  id: `template.yaml#f${index}`, name: `f${index}`, unit: 'template.yaml', platform: 'aws', handlers: [{ file, export: 'handler', kind: 'handler' }], triggers: [], declaredAt: [place], foundBy: 'infrastructure',
  runtime: { value: 'nodejs22.x', location: place }, environment: new Map(), packaging: { form: 'bundled', tool: 'esbuild', include: [], exclude: [], external: [], minify: true, sourceMap: false, format: 'cjs' }, layers: [], mounts: [], destinations: [],
}));
const workspace = openWorkspace(root, { root });
const started = performance.now();
await whileBundling(async () => {
  const results = await measure(workspace, functions, {});
  const wallSeconds = (performance.now() - started) / 1000;
  const failed = results.find((result) => result.status !== 'measured');
  if (failed !== undefined) throw new Error(failed.reason);
  console.log(JSON.stringify({ cpuSeconds: cpuSeconds(), wallSeconds, bytes: results.reduce((sum, result) => sum + result.bytes, 0) }));
});
