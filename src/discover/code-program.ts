import type { Program } from '../link/program.ts';
import { listOf, normalPath, slot, textOf, workspacePath, type Made, type Sym } from '../link/program-values.ts';
import { literal } from '../model/value.ts';
import { globTest } from './azure-entry.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext } from './reader.ts';
import { below, isBuildFolder } from './source-path-names.ts';
import { filesBelow } from './web-project.ts';

/** Packages that keep the functions they are given and call them at an invocation, not while the module is loaded. */
const keepers = /^(?:firebase-functions(?:\/.*)?|@azure\/functions|durable-functions|@google-cloud\/functions-framework|express|cors|hono|fastify|koa|@hono\/.*|firebase-admin(?:\/.*)?)$/;

/**
 * Follows what loading some modules does, in their order: registrations and exports. Handlers themselves are not followed.
 * `undefined` when no code can be read here.
 */
export function followEntries(context: ReadContext, entries: readonly string[], folder: string): Program | undefined {
  const [first, ...rest] = entries;
  if (first === undefined) return undefined;
  const program = context.program?.(first, {
    eager: true, cwd: folder,
    env: deploymentEnvironment,
    // What such a package was given is not called now: an attribute of nothing more than the thing itself says so.
    onMade: (made): Sym | undefined => loaderResult(made, context, folder) ?? (made.form === 'call' && keepers.test(made.module) && made.args.some((arg) => arg.kind === 'closure') ? { kind: 'attribute', of: made, path: [] } : undefined),
  });
  if (program === undefined) return undefined;
  for (const entry of rest) program.machine.module(entry);
  return program;
}

/** While functions are looked for, the variables of a running function are not set; what is deployed is no test and no trial. */
const deploymentEnvironment: ReadonlyMap<string, Sym> = new Map<string, Sym>([['NODE_ENV', literal('production')], ...['FUNCTION_NAME', 'FUNCTION_TARGET', 'K_SERVICE', 'FIREBASE_EMULATOR_HUB', 'FUNCTIONS_EMULATOR'].map((name) => [name, literal(undefined)] as const)]);

/** Results of the small packages with which modules load others by a pattern: `glob.sync('./**\/*.f.js', { cwd })`, `camelCase(name)`. */
function loaderResult(made: Made, context: ReadContext, folder: string): Sym | undefined {
  const path = made.path.filter((part) => part !== 'default').join('.');
  const text = textOf(made.args[0]);
  if (made.form !== 'call' || text === undefined) return undefined;
  if ((made.module === 'camelcase' && path === '') || (/^lodash(?:-es)?$/.test(made.module) && path === 'camelCase') || made.module === 'lodash/camelCase' || made.module === 'lodash.camelcase') return literal(camelCase(text));
  if (!/^(?:glob|fast-glob|tiny-glob\/sync|globby)$/.test(made.module) || !/^(?:sync|globSync|globbySync|)$/.test(path) || (path === '' && !made.module.endsWith('/sync'))) return undefined;
  const cwd = slot(made.args[1], 'cwd')?.value;
  const dir = cwd === undefined ? folder : workspacePath(cwd, folder);
  const pattern = dir === undefined ? undefined : normalPath(text);
  const test = pattern === undefined || pattern.startsWith('..') || pattern.startsWith('/') ? undefined : globTest(pattern);
  if (dir === undefined || test === undefined) return undefined;
  const head = text.startsWith('./') ? './' : '';
  const [top = ''] = pattern?.split('/') ?? [];
  const output = isBuildFolder(top) && !context.workspace.isDirectory(dir === '' ? top : `${dir}/${top}`) ? top : undefined;
  const names = filesBelow(context.workspace, '').flatMap((file) => {
    const rest = below(file, dir);
    if (rest === undefined || rest.includes('node_modules/')) return [];
    // Patterns name built files; what lies there are their sources.
    const built = rest.replace(/(?<!\.d)\.([cm]?)tsx?$/, '.$1js');
    return test(rest) ? [rest] : test(built) || (output !== undefined && isOutput(built, output, test)) ? [built] : [];
  });
  return listOf([...new Set(names)].slice(0, maximumNames).map((name) => literal(head + name)));
}

const maximumNames = 500;

/** Whether the build writes a source to a file that is looked for: `src/users/index.js` to `dist/users/index.js` or `dist/src/users/index.js`. */
const isOutput = (file: string, output: string, test: (path: string) => boolean): boolean =>
  !isAside(file) && ((file.startsWith('src/') && test(`${output}/${file.slice(4)}`)) || test(`${output}/${file}`));

/** `users/on-create_now` → `usersOnCreateNow`, as the packages of that name do for plain words. */
function camelCase(text: string): string {
  const words = text.slice(0, 500).split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  return words.map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join('');
}

/** Files that loading the entries loads, themselves included. */
export function loadedFiles(context: ReadContext, entries: readonly string[]): readonly string[] {
  const modules = context.evaluator?.().modules;
  return modules === undefined ? entries : [...new Set(entries.flatMap((entry) => modules.closure(entry)))];
}

/** The thing behind a value that `followEntries` holds, seen through its wrapper. */
export function madeBehind(sym: Sym | undefined): Made | undefined {
  if (sym?.kind === 'attribute' && sym.path.length === 0) return sym.of;
  return sym?.kind === 'made' ? sym : sym?.kind === 'instance' ? sym.base : undefined;
}
