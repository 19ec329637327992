import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../check/nearest.ts';
import { UsageError } from '../check/usage-error.ts';
import { escapeTerminal } from '../report/escape.ts';
import { failLevels } from './exit-code.ts';
import { findRule } from './rule-names.ts';
import type { BundleFlags } from './bundle.ts';
import type { GraphFlags } from './graph.ts';
import type { Io } from './io.ts';
import type { RisksFlags } from './risks.ts';
import type { FunctionsFlags, ScanFlags } from './scan.ts';
import { wantsColor } from './terminal.ts';

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

/**
 * Runs one command line and gives its exit code: 0 clean, 1 findings at or above `--fail-on`, 2 usage, configuration or
 * internal error, or incomplete. What a command needs is loaded when it runs: help, version, `rules` and `explain` load no parser.
 */
export async function run(io: Io, version: string): Promise<number> {
  let code = 0;
  const program = new Command('faaslint')
    .description('Finds serverless anti-patterns by reading handler code and infrastructure together. Runs no code of the project.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`faaslint: ${oneLine(text)} Run "faaslint --help" for the options.\n`),
    })
    .addHelpText('after', '\n"faaslint [paths...]" is "faaslint scan [paths...]"; its options: "faaslint scan --help".\nExit codes: 0 clean, 1 findings at or above --fail-on, 2 usage, configuration or internal error, or incomplete.');

  common(program.command('scan [paths...]', { isDefault: true }).description('analyse the project around the paths and report findings that touch them (default command)'), ['text', 'json', 'sarif'])
    .addOption(new Option('--fail-on <severity>', 'lightest severity that makes the exit code 1').choices(failLevels).default('error'))
    .addOption(new Option('--preset <name>', 'set of rules, default recommended').choices(['core', 'recommended', 'strict', 'all']))
    .option('--rule <id>', 'only this rule (repeatable)', collect)
    .option('--date <day>', 'judge dated facts as on this day, YYYY-MM-DD (default: today)')
    .option('--baseline <file>', 'accept the findings that this file lists')
    .option('--update-baseline', 'write the findings of this run to the file of --baseline')
    .option('--quiet', 'one line a finding, no summary and no progress')
    .option('--gaps', 'list what was seen and not resolved')
    .option('--stats', 'say what the scan cost')
    .action(async (paths: readonly string[], flags: ScanFlags) => { code = await (await import('./scan.ts')).scan(io, version, paths, flags); });

  common(program.command('functions [paths...]').description('list what is deployed, with handlers and triggers'), ['text', 'json'])
    .action(async (paths: readonly string[], flags: FunctionsFlags) => { code = await (await import('./scan.ts')).functions(io, version, paths, flags); });

  common(program.command('graph [paths...]').description('draw what triggers what: the event graph, or the part around a function'), ['mermaid', 'dot', 'json', 'svg'])
    .option('--function <name>', 'only the part around this function, by name or id (repeatable)', collect)
    .option('--depth <number>', 'arrows that are followed from it, in both directions', '2')
    .action(async (paths: readonly string[], flags: GraphFlags) => { code = await (await import('./graph.ts')).graph(io, version, paths, flags); });

  common(program.command('bundle [functions...]').description('what functions ship: sizes, what brings them in, and what changes would save'), ['table', 'json', 'html', 'svg'])
    .option('--compare <file>', 'what has changed since this earlier result of --format json')
    .option('--no-savings', 'do not try out changes')
    .action(async (functions: readonly string[], flags: BundleFlags) => { code = await (await import('./bundle.ts')).bundle(io, version, functions, flags); });

  common(program.command('risks [paths...]').description('what serverless is warned of, one by one, and which functions are exposed'), ['text', 'json', 'markdown'])
    .option('--date <day>', 'judge dated facts as on this day, YYYY-MM-DD (default: today)')
    .action(async (paths: readonly string[], flags: RisksFlags) => { code = await (await import('./risks.ts')).risks(io, version, paths, flags); });

  program.command('explain <rule>').description('what a rule reports, why, and how to repair it')
    .addOption(debug())
    .action(async (id: string) => {
      const [{ rules }, { explainText }] = await Promise.all([import('../../rules/index.ts'), import('./explain.ts')]);
      io.stdout.write(explainText(findRule(rules, id), { color: wantsColor(io.stdout, io.env) }));
    });

  program.command('rules').description('list all rules')
    .addOption(new Option('--format <format>', 'format of the list').choices(['text', 'json']).default('text'))
    .addOption(debug())
    .action(async (flags: { readonly format: string }) => {
      const [{ rules }, { rulesJson, rulesText }] = await Promise.all([import('../../rules/index.ts'), import('./explain.ts')]);
      io.stdout.write(flags.format === 'json' ? rulesJson(rules) : rulesText(rules));
    });

  try {
    await program.parseAsync([...io.argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has written its own message; help and version come this way too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.stderr.write(errorText(meantCommand(error, program.commands.map((command) => command.name())), io.argv.includes('--debug')));
    return 2;
  }
}

/** Options of the commands that read a project. */
function common(command: Command, formats: readonly string[]): Command {
  return command
    .addOption(new Option('--format <format>', 'format of the report').choices(formats).default(formats[0]))
    .option('--types', 'ask TypeScript for the class behind a call where nothing else tells it (slower)')
    .option('--output-file <file>', 'write the report to this file instead of the standard output')
    .option('--root <folder>', 'root of the repository (default: found from the first path)')
    .option('--config <file>', 'configuration to use instead of the nearest one')
    .option('--no-config', 'use no configuration file')
    .option('--stage <name>', 'stage that infrastructure is read for')
    .option('--param <name=value>', 'parameter of the infrastructure (repeatable)', collect)
    .option('--allow-incomplete', 'do not fail when a file that functions need cannot be used')
    .addOption(debug());
}

const debug = (): Option => new Option('--debug', 'show the stack of an error');

/** Commander's message on one line, ended by a full stop. */
function oneLine(text: string): string {
  const line = escapeTerminal(text.trim().replace(/^error: /, '').replace(/\s*\n\s*/g, ' '));
  return /[.?!)]$/.test(line) ? line : `${line}.`;
}

/** A path that is not there and is spelled much like a command. */
function meantCommand(error: unknown, commands: readonly string[]): unknown {
  const word = error instanceof UsageError ? /^there is no file or folder "(\w+)"$/.exec(error.message)?.[1] : undefined;
  const near = word === undefined ? undefined : nearest(word, commands);
  return near === undefined ? error : new UsageError(`there is no file or folder "${word ?? ''}". Did you mean the command "faaslint ${near}"?`);
}

function errorText(error: unknown, withStack: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = escapeTerminal(message);
  const line = error instanceof UsageError
    ? `faaslint: ${/[.?!]$/.test(text) ? text : `${text}. See "faaslint --help".`}\n`
    : `faaslint: internal error: ${text}. Run with --debug for the stack, and please report it.\n`;
  return withStack && error instanceof Error ? `${line}${error.stack ?? ''}\n` : line;
}
