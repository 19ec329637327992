import type { Program } from '../link/program.ts';
import type { Made, Sym } from '../link/program-values.ts';
import { outputCall } from './code-output.ts';
import { CodeUnit } from './code-unit.ts';
import { fieldsOf } from './code-node.ts';
import { isAside } from './path-aside.ts';
import { callbackName, isRoutedApi, readCallback, readRoutes, readSubscription } from './pulumi-callbacks.ts';
import { declareImage, declareProvided, labelOf } from './pulumi-resources.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { firstFile, folderOf, joinInRoot, sourceExtensions, withoutExtension } from './source-path-names.ts';

/**
 * Programs of Pulumi in TypeScript and JavaScript: `Pulumi.yaml` names the program, `link`'s engine follows it and nothing is run. A
 * deployment unit is the program's entry; a function's name is the name of its resource. Resources of the bridged providers
 * (AWS, Google, Azure, Cloudflare) are read as the Terraform reader reads them.
 */
export const pulumiReader: Reader = {
  name: 'pulumi',
  about: {
    format: 'Pulumi', platform: 'AWS, Google, Azure, Cloudflare', files: '`Pulumi.yaml` and the program that it names',
    reads: 'resources of the bridged providers, callbacks, subscriptions of resources, routed APIs, component resources, outputs',
    not: 'programs in other languages; native providers; stack references; function apps of Azure by archive (their function.json is read)',
  },
  matches: (file) => /(?:^|\/)Pulumi\.ya?ml$/.test(file) && !isAside(file),
  sniff: (text) => /\bnodejs\b/.test(text),
  read(file, context) {
    const root = context.document(file)?.roots[0];
    const runtime = root?.get('runtime');
    if (!context.program || (runtime?.text() ?? runtime?.get('name')?.text()) !== 'nodejs') return;
    const entry = programOf(context, file, root?.get('main')?.text());
    if (entry === undefined) {
      context.gap({ kind: 'program', file, line: runtime?.location.line ?? 1, message: 'the program was not found' });
      return;
    }
    context.used(file);
    readProgram(context, file, entry);
  },
};

/** The program: `main` of the project, else `main` of its package, else `index` (Pulumi documentation, "Project file", read 2026-11). */
function programOf(context: ReadContext, file: string, main: string | undefined): string | undefined {
  const folder = folderOf(file);
  const at = (base: string, path: string): string | undefined => {
    const stated = joinInRoot(base, path);
    if (stated === undefined) return undefined;
    if (context.workspace.has(stated)) return stated;
    const near = firstFile(context.workspace, stated, sourceExtensions) ?? firstFile(context.workspace, withoutExtension(stated), sourceExtensions);
    if (near !== undefined) return near;
    const inside = packageMain(context, stated);
    if (inside !== undefined) return inside;
    const source = context.sourceOf(base, base, withoutExtension(path).replace(/^\.\//, ''));
    return 'file' in source ? source.file : undefined;
  };
  return main === undefined ? packageMain(context, folder) : at(folder, main);
}

function packageMain(context: ReadContext, folder: string): string | undefined {
  const main = readJson(context.workspace, joinInRoot(folder, 'package.json') ?? '')?.['main'];
  const path = typeof main === 'string' ? joinInRoot(folder, main) : undefined;
  const index = firstFile(context.workspace, joinInRoot(folder, 'index') ?? 'index', sourceExtensions);
  if (path === undefined) return index;
  if (context.workspace.has(path)) return path;
  return firstFile(context.workspace, withoutExtension(path), sourceExtensions) ?? firstFile(context.workspace, `${path}/index`, sourceExtensions) ?? index;
}

/** Functions that a provider's package is handed run in the cloud, not in the program. */
function kept(made: Made): Sym | undefined {
  return made.form === 'call' && /^@pulumi\/(?!pulumi$)/.test(made.module) && made.args.some((arg) => arg.kind === 'closure') ? { kind: 'attribute', of: made, path: [] } : undefined;
}

function readProgram(context: ReadContext, file: string, entry: string): void {
  const program: Program | undefined = context.program?.(entry, { cwd: folderOf(entry), eager: true, onMade: (made, machine) => outputCall(made, machine, context.params, context.stage) ?? kept(made) });
  if (!program) {
    context.gap({ kind: 'program', file, line: 1, message: `the program ${entry} could not be read` });
    return;
  }
  // A program may export a function that makes everything.
  const main = program.machine.exported(entry, 'default');
  const whole = main.kind === 'closure' ? main : program.machine.exported(entry, '=');
  if (whole.kind === 'closure') program.machine.invoke(whole, [], { file: entry, start: 0, end: 0 });
  const unit = new CodeUnit(program, context, entry, folderOf(entry));
  context.used(entry);
  for (const made of program.made) {
    if (callbackName(made) !== undefined) continue;
    if (isRoutedApi(made)) unit.declare(made, { id: unit.free(labelOf(unit, made.args[0]) ?? 'api'), type: 'aws_api_gateway_rest_api', kind: 'api', mode: 'resource', fields: fieldsOf(undefined), only: true });
    else if (!declareImage(unit, made)) declareProvided(unit, made);
  }
  for (const made of program.made) readCallback(unit, made);
  unit.readFunctions();
  for (const made of program.made) {
    readSubscription(unit, made);
    readRoutes(unit, made);
  }
  unit.wire();
  unit.emit();
}
