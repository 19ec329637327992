// Runs the built tool over every repository below a folder: `npm run verify -- --root DIR [--only TEXT] [--files N] [--order]`.
// Checks that no scan fails, that the account of files is exact, that facts do not depend on the parser, that what the plugin
// reports the analyzer reports too, and the other way round where a finding rests on the open file and on infrastructure alone; with `--order`, that results do not depend on the order of work (of the sources, see
// `order.mjs`). Without a folder of repositories it fails: a check that saw nothing proves nothing.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as typescriptParser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { orderCheck } from './order.mjs';

const args = process.argv.slice(2);
const option = (name) => { const at = args.indexOf(name); return at < 0 ? undefined : args[at + 1]; };
const given = option('--root');
const sampleSize = Number(option('--files') ?? 40);

function fail(text) {
  process.stderr.write(`verify: ${text}\n`);
  process.exit(2);
}
if (given === undefined || !existsSync(given) || !statSync(given).isDirectory()) fail('give a folder of repositories: npm run verify -- --root DIR');
if (!existsSync(new URL('../dist/src/analyze.js', import.meta.url))) fail('faaslint is not built: run "npm run build"');

const [{ analyze }, { extractFacts }, { parseModule }, { refusal }, { default: plugin }, { rules }, { openWorkspace }] = await Promise.all([
  import('../dist/src/analyze.js'), import('../dist/src/extract/extract.js'), import('../dist/src/extract/parse.js'), import('../dist/src/extract/admission.js'), import('../dist/src/eslint/plugin.js'), import('../dist/rules/index.js'), import('../dist/src/workspace/workspace.js'),
]);
const root = resolve(given);
const checkOrder = args.includes('--order') ? await orderCheck() : undefined;
const repositories = readdirSync(root).sort().filter((name) => statSync(join(root, name)).isDirectory() && (option('--only') === undefined || name.includes(option('--only'))));
if (repositories.length === 0) fail('the folder holds no repository');

const functionRules = rules.filter((rule) => rule.scope === 'function').map((rule) => rule.id);
const plain = (value) => JSON.parse(JSON.stringify(value));
const isSource = (file) => /\.[cm]?[jt]sx?$/.test(file);
/** What the editor sees beside the open file. */
const infrastructure = /\.(?:ya?ml|jsonc?|toml|tf)$/;
const places = new Intl.NumberFormat('en').format;
let failures = 0;
const roots = new Map();

for (const name of repositories) {
  const folder = join(root, name);
  const problems = [];
  const started = performance.now();
  let line = '';
  try {
    const result = await analyze({ root: folder, paths: [folder], preset: 'all', bundles: false, config: false });
    const seconds = (performance.now() - started) / 1_000;
    const { discovered, analysed, partial, skipped } = result.files;
    if (discovered !== analysed + partial + skipped.length || Math.min(analysed, partial) < 0) problems.push(`account: ${discovered} is not ${analysed} + ${partial} + ${skipped.length}`);
    for (const item of result.incomplete) if (/internal|cannot read propert|is not a function|undefined/i.test(item.reason)) problems.push(`failure: ${item.file}: ${item.reason}`);
    const handlers = [...new Set(result.functions.flatMap((fn) => fn.handlers.map((handler) => handler.file)).filter(isSource))].sort();
    const sample = spread(handlers, sampleSize);
    let compared = 0;
    for (const file of sample) {
      const text = readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, '');
      if (refusal(text) !== undefined) continue;
      if (sameFacts(file, text, problems)) compared++;
      sameFindings(folder, file, text, result.findings, problems);
    }
    for (const { change, line: at, before, after } of (await checkOrder?.(folder))?.differences ?? []) problems.push(`order of ${change}: line ${at}: ${before.trim().split('\n').at(-2)} | ${after.trim().split('\n').at(-2)}`);
    line = `${result.functions.length} functions, ${result.findings.length} findings, ${result.gaps.length} gaps, ${places(discovered)} files (${skipped.length} skipped, ${result.incomplete.length} incomplete), ${compared} of ${sample.length} trees compared, ${seconds.toFixed(1)} s`;
  } catch (error) {
    problems.push(`crash: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error)}`);
  }
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${line}`);
  for (const problem of problems.slice(0, 10)) console.log(`     ${problem}`);
  if (problems.length > 10) console.log(`     and ${problems.length - 10} more`);
  failures += problems.length;
}
console.log(`${repositories.length} repositories, ${failures} problems, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
process.exitCode = failures === 0 ? 0 : 1;

/** At most `count` items, spread evenly. */
function spread(items, count) {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[Math.floor(index * step)]);
}

/** Whether the facts of both trees were compared; a file that one parser refuses is not. */
function sameFacts(file, text, problems) {
  const ours = parseModule(file, text);
  if (!('facts' in ours)) return false;
  let ast;
  try {
    ({ ast } = typescriptParser.parseForESLint(text.replace(/^#!/, '//'), { filePath: file, range: true, comment: true, ecmaFeatures: { jsx: !/\.[mc]?ts$/.test(file) }, sourceType: 'module' }));
  } catch { return false; }
  if (!isDeepStrictEqual(plain(ours.facts), plain(extractFacts(file, text, ast, ast.comments ?? [])))) problems.push(`facts differ: ${file}`);
  return true;
}

/** What one host shows and the other does not. */
function sameFindings(folder, file, text, findings, problems) {
  const linter = new Linter({ configType: 'flat', cwd: folder });
  const messages = linter.verify(text, [{
    files: ['**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx}'], plugins: { faaslint: plugin }, linterOptions: { reportUnusedDisableDirectives: 'off' },
    languageOptions: { ...(/\.[mc]?tsx?$/.test(file) ? { parser: typescriptParser } : {}), sourceType: 'module', parserOptions: { ecmaFeatures: { jsx: true, globalReturn: true } } },
    rules: Object.fromEntries(functionRules.map((id) => [`faaslint/${id}`, ['error', { minSeverity: 'info' }]])),
  }], { filename: join(folder, file) });
  if (messages.some((message) => message.fatal)) return;
  // The editor takes the nearest root, and names files in its messages from there.
  const nearest = nearestRoot(folder, dirname(file));
  const prefix = nearest === '' ? '' : `${nearest}/`;
  const inFile = findings.filter((finding) => finding.file === file);
  const known = new Set(inFile.map((finding) => `faaslint/${finding.rule} ${finding.line}:${finding.column} ${`${finding.message} ${finding.repair}`.replaceAll(prefix, '')}`));
  for (const { ruleId, line, column, message } of messages) {
    if (ruleId?.startsWith('faaslint/') && !known.has(`${ruleId} ${line}:${column} ${message.replaceAll(prefix, '')}`)) problems.push(`only in the editor: ${file}:${line}:${column} ${ruleId}`);
  }
  const shown = new Set(messages.map(({ ruleId, line, column }) => `${ruleId} ${line}:${column}`));
  for (const { rule, line, column, evidence } of inFile) {
    const alone = evidence.every((name) => name === file || infrastructure.test(name));
    if (alone && functionRules.includes(rule) && !shown.has(`faaslint/${rule} ${line}:${column}`)) problems.push(`only in the analyzer: ${file}:${line}:${column} ${rule}`);
  }
}

/** The folder, relative to the repository's, that the editor takes for the root of a file; '' when it is the repository. */
function nearestRoot(folder, directory) {
  const path = join(folder, directory);
  if (!roots.has(path)) roots.set(path, relative(folder, openWorkspace(path).root).split(sep).join('/'));
  return roots.get(path);
}
