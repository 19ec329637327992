import { optionsOf, textOf, workspacePath, type Made, type Slot, type Sym, type SymRecord } from '../link/program-values.ts';
import type { CdkApp } from './cdk-app.ts';
import { lastStep, nameOf } from './cdk-names.ts';
import { joinInRoot } from './source-path-names.ts';

/**
 * Properties of the function that something of a package makes, under the CDK's own names: `lambdaFunctionProps` of a pattern or of its
 * helpers (aws-solutions-constructs), an entry file under another name (a company's own constructs). `undefined`: it makes none.
 */
export function patternProps(app: CdkApp, made: Made): Sym | undefined {
  if (nameOf(made)) return undefined;
  if (made.form === 'call') return helperProps(made);
  if (made.form !== 'new') return undefined;
  const given = app.prop(made, 'lambdaFunctionProps')?.value;
  if (given?.kind === 'record' && (given.entries.has('code') || given.entries.has('entry'))) return given;
  return entryProps(app, made);
}

/**
 * `buildLambdaFunction(scope, { lambdaFunctionProps })`, `deployLambdaFunction(scope, props, id?)` of the patterns' core package
 * (@aws-solutions-constructs/core 2.85, `lib/lambda-helper.d.ts`, read 2026-11).
 */
function helperProps(made: Made): Sym | undefined {
  if (!/^@aws-solutions-constructs\//.test(made.module)) return undefined;
  const step = lastStep(made);
  const [given] = made.args[1] === undefined ? [] : optionsOf(made.args[1]);
  const props = step === 'deployLambdaFunction' ? given : step === 'buildLambdaFunction' && given?.kind === 'record' ? given.entries.get('lambdaFunctionProps')?.value : undefined;
  return props?.kind === 'record' && (props.entries.has('code') || props.entries.has('entry')) ? props : undefined;
}

/** Names that packages give the settings of a function, and the CDK's. */
const renamed: readonly (readonly [own: RegExp, name: string])[] = [
  [/^environmentVariables$/, 'environment'], [/^memorySizeIn(?:Mb|MB)$/, 'memorySize'],
];
const entryName = /^entry(?:Point|File|Path)?$/;
const folderName = /(?:dir|directory|path|root|folder)$/i;

/**
 * Settings of `new SomeLambda(this, 'Id', { projectDir, packagePath: 'packages/a', entryPoint: 'src/handler.ts' })`: where joining the folders
 * among the properties with the entry leads to exactly one file of the repository, that file is the entry.
 */
function entryProps(app: CdkApp, made: Made): Sym | undefined {
  if (made.module === 'global' || made.args.length < 3 || !/(?:Function|Lambda|Fn|Handler)/.test(lastStep(made))) return undefined;
  const props = app.props(made);
  if (props?.kind !== 'record' || props.entries.has('code') || props.entries.has('handler')) return undefined;
  const [key, slot] = [...props.entries].find(([name, item]) => entryName.test(name) && /\.[cm]?[jt]s$/.test(textOf(item.value) ?? '')) ?? [];
  const entry = textOf(slot?.value);
  if (key === undefined || slot === undefined || entry === undefined) return undefined;
  const file = entryFile(app, props, entry);
  return file === undefined ? undefined : withNames(props, key, { ...slot, value: { kind: 'literal', value: file } });
}

function entryFile(app: CdkApp, props: SymRecord, entry: string): string | undefined {
  const folders = [...props.entries].filter(([name]) => folderName.test(name)).slice(0, 6).flatMap(([, item]) => {
    const text = textOf(item.value);
    return [workspacePath(item.value, app.entry.cwd), text === undefined || text.startsWith('/') ? undefined : joinInRoot(text)].filter((path) => path !== undefined);
  });
  // A folder of the package inside that of the project.
  const texts = [...props.entries].filter(([name]) => folderName.test(name)).flatMap(([, item]) => { const text = textOf(item.value); return text === undefined || text.startsWith('/') ? [] : [text]; });
  const homes = ['', app.entry.cwd, ...folders, ...folders.flatMap((folder) => texts.map((text) => joinInRoot(folder, text)))];
  const found = new Set(homes.flatMap((home) => (home === undefined ? [] : [joinInRoot(home, entry)])).filter((path): path is string => path !== undefined && app.context.workspace.has(path)));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

function withNames(props: SymRecord, key: string, entry: Slot): SymRecord {
  const entries = new Map<string, Slot>([['entry', entry]]);
  for (const [name, item] of props.entries) {
    if (name === key) continue;
    entries.set(renamed.find(([own]) => own.test(name))?.[1] ?? name, item);
  }
  return { ...props, entries };
}
