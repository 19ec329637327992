import { readFileSync, readdirSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rules } from '../rules/index.ts';
import { parseConfig } from '../src/check/config.ts';
import { run } from '../src/cli/program.ts';

/** What people copy from the README and from docs: it has to be true of this version. */
const readme = readFileSync('README.md', 'utf8');
const pagesOf = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
const pages = ['README.md', 'CONTRIBUTING.md', ...pagesOf('docs'), ...pagesOf('docs/rules')];

/** The help of a command. */
async function help(command: string): Promise<string> {
  let out = '';
  const silent = { write: () => undefined };
  const stdout = { write: (text: string): void => { out += text; } };
  const usage = (): { readonly cpuMilliseconds: number; readonly peakBytes: number } => ({ cpuMilliseconds: 0, peakBytes: 0 });
  await run({ argv: [command, '--help'], env: {}, cwd: '/', stdout, stderr: silent, now: () => 0, usage }, '0.0.0');
  return out;
}
const commands = ['scan', 'functions', 'graph', 'risks', 'bundle', 'rules', 'explain'];
const helps = new Map(await Promise.all(commands.map(async (command) => [command, await help(command)] as const)));

/** Command lines in code: `faaslint scan --format sarif` with the command and the options that it names. */
function commandLines(text: string): readonly { readonly line: string; readonly command: string; readonly options: readonly string[] }[] {
  return [...text.matchAll(/(?:`|npx )faaslint ([a-z]+)([^`\n]*)/g)].map(([line, command = '', rest = '']) => ({
    line, command, options: [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option),
  }));
}

describe('command lines of the documentation', () => {
  it('are there', () => expect(commandLines(readme).length).toBeGreaterThan(10));

  it.each(pages)('%s names commands and options that exist', (page) => {
    for (const { line, command, options } of commandLines(readFileSync(page, 'utf8'))) {
      expect(commands, `${page}: ${line}`).toContain(command);
      expect(options.filter((option) => !(helps.get(command) ?? '').includes(option)), `${page}: ${line}`).toEqual([]);
    }
  });

  it('the README lists every command', () => {
    for (const command of commands) expect(readme).toContain(`\`faaslint ${command}`);
  });

  it('options that stand alone in the README are options of scan or of the command beside them', () => {
    const all = [...helps.values()].join('\n');
    // `npm install --save-dev` is npm's.
    const named = [...readme.matchAll(/--[a-z]+(?:-[a-z]+)*/g)].map(([option]) => option).filter((option) => option !== '--save-dev');
    expect([...new Set(named)].filter((option) => !all.includes(option))).toEqual([]);
  });
});

describe('the configuration of the README', () => {
  const [, text = ''] = /## Configuration\n[\s\S]*?```json\n([\s\S]*?)```/.exec(readme) ?? [];

  it('is read, and fits the schema', () => {
    const config = parseConfig('faaslint.config.json', text, rules);
    expect(config.preset).toBe('recommended');
    expect([...config.rules.keys()]).toEqual(['no-disk-writes', 'no-oversized-bundle']);
    expect(config.ignore).toHaveLength(1);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('schema/config.json', 'utf8')) as object);
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('the hook that the README names', () => {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8')) as readonly { readonly id: string; readonly entry: string; readonly files: string }[];

  it('runs a command that exists', () => {
    expect(hook?.id).toBe(/hooks: \[\{ id: ([\w-]+) \}\]/.exec(readme)?.[1]);
    expect(commands.map((command) => `faaslint ${command}`)).toContain(hook?.entry);
  });

  it('runs for code and for every kind of infrastructure, and for nothing else', () => {
    const files = new RegExp(hook?.files ?? '^$');
    const read = ['a.js', 'a.mjs', 'b/a.cts', 'a.tsx', 'template.yaml', 'serverless.yml', 'wrangler.jsonc', 'wrangler.toml', 'main.tf', 'dev.tfvars', 'terragrunt.hcl', 'app.arc', '.arc', 'fn/Dockerfile', 'stack.template'];
    expect(read.filter((file) => !files.test(file))).toEqual([]);
    expect(['README.md', 'a.png', 'a.py', 'Dockerfile.md', 'notes.txt'].filter((file) => files.test(file))).toEqual([]);
  });
});
