import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let project: string;

/** Runs a script in the empty project; its standard output. */
function run(source: string, kind: 'mjs' | 'cjs' = 'mjs'): string {
  const file = join(project, `run-${Math.random().toString(36).slice(2)}.${kind}`);
  writeFileSync(file, source);
  const child = spawnSync(process.execPath, [file], { cwd: project, encoding: 'utf8', timeout: 60_000 });
  if (child.status !== 0) throw new Error(child.stderr);
  return child.stdout.trim();
}

const code = 'const seen = [];\nexport const handler = async (event) => { seen.push(event.id); return seen.length; };\n';
const expected = '["faaslint/no-global-mutable-state",2,43]';
/** A script that lints the handler and prints rule, line and column of each message. */
const lint = (eslint: string, config: string, file = 'src/handler.js', imports = ''): string => `
import { readFileSync } from 'node:fs';
import eslint from '${eslint}';
import faaslint from 'faaslint';
${imports}
const linter = new eslint.Linter({ configType: 'flat', cwd: process.cwd() });
const messages = linter.verify(readFileSync('${file}', 'utf8'), [${config}].flat(), { filename: process.cwd() + '/${file}' });
for (const message of messages) console.log(message.fatal ? message.message : JSON.stringify([message.ruleId, message.line, message.column]));
`;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'faaslint-package-'));
  const pack = spawnSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], { encoding: 'utf8' });
  if (pack.status !== 0) throw new Error(pack.stderr);
  const archive = readdirSync(project).find((name) => name.endsWith('.tgz'));
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'faaslint'), { recursive: true });
  spawnSync('tar', ['-xzf', join(project, archive ?? ''), '-C', join(modules, 'faaslint'), '--strip-components=1']);
  // What an installation would bring: our own dependencies, by links. TypeScript's parser only where a test adds it.
  for (const name of ['commander', 'esbuild', 'globby', 'jsonc-parser', 'oxc-parser', 'ts-morph', 'yaml', 'eslint', 'eslint8', 'eslint9', '@babel/eslint-parser', '@babel/core', 'typescript-eslint']) {
    mkdirSync(join(modules, name, '..'), { recursive: true });
    symlinkSync(resolve('node_modules', name), join(modules, name));
  }
  const put = (path: string, text: string): void => { mkdirSync(join(project, path, '..'), { recursive: true }); writeFileSync(join(project, path), text); };
  // The editor's root is the repository's.
  mkdirSync(join(project, '.git'));
  put('package.json', '{"name":"empty","private":true,"type":"module"}');
  put('template.yaml', 'Transform: AWS::Serverless-2016-10-31\nResources:\n  A: { Type: AWS::Serverless::Function, Properties: { CodeUri: ./, Handler: src/handler.handler, Runtime: nodejs22.x } }\n  B: { Type: AWS::Serverless::Function, Properties: { CodeUri: ./, Handler: src/typed.handler, Runtime: nodejs22.x } }\n');
  put('src/handler.js', code);
  put('src/typed.ts', code.replace('[]', '[] as string[]').replace('(event)', '(event: { id: string })'));
}, 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the package in an empty project', { timeout: 60_000 }, () => {
  it('holds what it needs and no sources or tests', () => {
    const names = readdirSync(join(project, 'node_modules/faaslint'));
    expect(names).toEqual(expect.arrayContaining(['bin', 'dist', 'package.json', 'schema']));
    for (const name of ['src', 'test', 'fixtures', 'bench', 'rules', 'scripts']) expect(names).not.toContain(name);
    expect(existsSync(join(project, 'node_modules/faaslint/dist/src/extract/child-main.js'))).toBe(true);
  });

  it.each(['eslint', 'eslint9', 'eslint8'])('%s reports the finding', (eslint) => {
    expect(run(lint(eslint === 'eslint8' ? 'eslint8/lib/unsupported-api.js' : eslint, '').replace(/^import eslint .*$/m, eslint === 'eslint8' ? "import { createRequire } from 'node:module'; const eslint = createRequire(import.meta.url)('eslint8');" : `import * as eslint from '${eslint}';`).replace('[].flat()', "faaslint.configs.recommended"))).toBe(expected);
  });

  it('without a TypeScript parser, TypeScript files are left to the analyzer and JavaScript is linted', () => {
    expect(run("import faaslint from 'faaslint'; console.log(faaslint.configs.recommended.map((config) => config.languageOptions?.parser === undefined).join())")).not.toContain('false');
    expect(run(lint('eslint', 'faaslint.configs.recommended'))).toBe(expected);
    expect(run("import { analyze } from 'faaslint/api'; const r = await analyze({ paths: ['.'], bundles: false }); console.log(r.findings.map((f) => f.file).join())")).toBe('src/handler.js,src/typed.ts');
  });

  // @typescript-eslint/parser 8.73 beside TypeScript 7.0.2, which has no API for it, throws while it is loaded (tried in November 2026).
  it('with a parser that does not load, as beside TypeScript 7, the same', () => {
    const parser = join(project, 'node_modules/@typescript-eslint/parser');
    mkdirSync(parser, { recursive: true });
    writeFileSync(join(parser, 'package.json'), '{"name":"@typescript-eslint/parser","version":"8.73.0","main":"index.js"}');
    writeFileSync(join(parser, 'index.js'), "throw new Error('typescript-eslint does not support TS 7.0.');");
    try {
      expect(run("import faaslint from 'faaslint'; console.log(faaslint.configs.recommended.map((config) => config.languageOptions?.parser === undefined).join())")).not.toContain('false');
      expect(run(lint('eslint', 'faaslint.configs.recommended'))).toBe(expected);
    } finally {
      rmSync(parser, { recursive: true });
    }
  });

  // As in the README, word for word: a folder with TypeScript and no parser for it, which must not become a list of syntax errors.
  it.each(['eslint', 'eslint9', 'eslint8'])('the three lines of the README in %s', (eslint) => {
    const [, config = ''] = /```js\n(\/\/ eslint\.config\.js\n[^`]+)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    expect(config).toContain("import faaslint from 'faaslint';");
    writeFileSync(join(project, 'eslint.config.js'), config);
    const child = spawnSync(process.execPath, [join('node_modules', eslint, 'bin/eslint.js'), '--format', 'json', 'src'], {
      cwd: project, encoding: 'utf8', timeout: 60_000, env: { ...process.env, ESLINT_USE_FLAT_CONFIG: 'true' },
    });
    const files = JSON.parse(child.stdout) as { readonly filePath: string; readonly messages: readonly { readonly ruleId: string | null; readonly line: number }[] }[];
    expect(files.map(({ filePath, messages }) => [filePath.split('/').at(-1), messages.map(({ ruleId, line }) => `${ruleId ?? 'no rule'}:${line}`)]))
      .toEqual([['handler.js', ['faaslint/no-global-mutable-state:2']]]);
    expect(child.status).toBe(1);
    rmSync(join(project, 'eslint.config.js'));
  });

  // Version 7 of Babel's parser does not work in ESLint 10, with or without us.
  it("Babel's parser gives the same finding", () => {
    const babel = '{ files: ["**/*.js"], languageOptions: { parser: babel, parserOptions: { requireConfigFile: false, babelOptions: { babelrc: false, configFile: false } } } }';
    expect(run(lint('eslint9', `faaslint.configs.recommended, ${babel}`, 'src/handler.js', "import babel from '@babel/eslint-parser';"))).toBe(expected);
  });

  it.each([['before', 'faaslint.configs.recommended, tseslint.configs.base'], ['after', 'tseslint.configs.base, faaslint.configs.recommended']])('ours %s typescript-eslint', (_order, configs) => {
    expect(run(lint('eslint', `{ files: ['**/*.ts'] }, ${configs}`, 'src/typed.ts', "import tseslint from 'typescript-eslint';"))).toContain('"faaslint/no-global-mutable-state",2');
  });

  it('CommonJS gets the plugin itself', () => {
    expect(run("const plugin = require('faaslint'); console.log(Object.keys(plugin.configs).sort().join(), typeof plugin.rules['no-disk-writes'].create)", 'cjs')).toBe('all,core,recommended,strict function');
  });

  it('has a command', () => {
    const child = spawnSync(process.execPath, ['node_modules/faaslint/bin/faaslint.js', '--version'], { cwd: project, encoding: 'utf8' });
    expect(child.stdout.trim()).toBe((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version);
  });
});
