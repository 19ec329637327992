import { madeOf, type Made } from '../link/program-values.ts';
import { commandEntry } from './cdk-apps.ts';
import { bindingType, isLibrary, isStack, libraryCall } from './cdktf-names.ts';
import { CodeUnit } from './code-unit.ts';
import { fieldsOf } from './code-node.ts';
import { isAside } from './path-aside.ts';
import { labelOf } from './pulumi-resources.ts';
import type { ReadContext, Reader } from './reader.ts';
import { readJson } from './source-path-build.ts';
import { folderOf } from './source-path-names.ts';

/**
 * Programs of CDK for Terraform in TypeScript and JavaScript: `cdktf.json` names the program, `link`'s engine follows it and nothing
 * is run. Its resources are Terraform's and are read as the Terraform reader reads them. A deployment unit is the program's
 * entry; a function's name is its path of construct ids. Of several instances of one stack whose functions have the same code,
 * one counts: that of the asked stage, else of production, else the first.
 */
export const cdktfReader: Reader = {
  name: 'cdktf',
  about: {
    format: 'CDK for Terraform', platform: 'AWS, Google, Azure, Cloudflare', files: '`cdktf.json` and the program that it names',
    reads: 'stacks, own constructs, loops, resources of the providers as in Terraform',
    not: 'programs in other languages; modules of the registry that are generated',
  },
  matches: (file) => /(?:^|\/)cdktf\.json$/.test(file) && !isAside(file),
  read(file, context) {
    const config = readJson(context.workspace, file);
    const command = config?.['app'];
    if (!context.program || typeof command !== 'string' || !/^(?:typescript|undefined)$/.test(String(config?.['language']))) return;
    const entry = commandEntry(command, folderOf(file), context);
    if (entry === undefined) {
      context.gap({ kind: 'program', file, line: 1, message: `the program of "${command.slice(0, 200)}" was not found` });
      return;
    }
    context.used(file);
    readProgram(context, file, entry);
  },
};

function readProgram(context: ReadContext, file: string, entry: string): void {
  const cwd = folderOf(file);
  const program = context.program?.(entry, { cwd, onMade: (made) => libraryCall(made, context.params) });
  if (!program) {
    context.gap({ kind: 'program', file, line: 1, message: `the program ${entry} could not be read` });
    return;
  }
  context.used(entry);
  const unit = new CodeUnit(program, context, entry, cwd);
  for (const made of program.made) {
    if (made.form === 'new' && isLibrary(made) && made.path.at(-1) === 'TerraformAsset') {
      const path = fieldsOf(made.args[2]).get('path');
      unit.declare(made, { id: unit.free(`asset:${pathOf(unit, made)}`), type: 'terraform_asset', mode: 'data', fields: new Map(path ? [['path', path]] : []), only: true });
      continue;
    }
    const binding = bindingType(made);
    if (!binding) {
      if (made.form === 'new' && /TerraformHclModule$|\/\.gen\/modules\//.test(`${made.module}.${made.path.join('.')}`)) unit.gap('module', made.place, `module ${pathOf(unit, made)} is not read`);
      continue;
    }
    const path = pathOf(unit, made);
    unit.declare(made, { id: unit.free(binding.type === 'aws_lambda_function' ? path : `${binding.type}.${path}`), ...binding, fields: fieldsOf(made.args[2]) });
  }
  unit.readFunctions();
  joinStacks(unit);
  unit.wire();
  unit.emit();
}

/** Ids of a construct and its scopes, stack first. */
function pathOf(unit: CodeUnit, made: Made): string {
  const parts: string[] = [];
  let at: Made | undefined = made;
  for (let depth = 0; at && depth < 30; depth++) {
    if (isLibrary(at) && at.path.at(-1) === 'App') break;
    parts.unshift(labelOf(unit, at.args[1]) ?? '*');
    at = madeOf(at.args[0]);
  }
  return parts.join('/').slice(0, 250);
}

function stackOf(made: Made): Made | undefined {
  let at: Made | undefined = made;
  for (let depth = 0; at && depth < 30; depth++) {
    if (isStack(at)) return at;
    at = madeOf(at.args[0]);
  }
  return undefined;
}

/** Drops the instances of a stack that deploy what another one deploys too. */
function joinStacks(unit: CodeUnit): void {
  const stacks = new Map<Made, string[]>();
  for (const made of unit.things.keys()) {
    const stack = stackOf(made);
    const draft = unit.draftOf(made);
    if (!stack || !draft) continue;
    const key = `${made.written.file}:${made.written.start} ${draft.fn.handlers.map((handler) => `${handler.file}#${handler.export}`).join('|')}`;
    stacks.set(stack, [...(stacks.get(stack) ?? []), key]);
  }
  const groups = new Map<string, Made[]>();
  for (const [stack, keys] of stacks) {
    const key = `${stack.written.file}:${stack.written.start}\n${keys.sort().join('\n')}`;
    groups.set(key, [...(groups.get(key) ?? []), stack]);
  }
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    const words = (stack: Made): readonly string[] => (labelOf(unit, stack.args[1]) ?? '').replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/);
    const { stage } = unit.context;
    const best = (stage === undefined ? undefined : group.find((stack) => words(stack).includes(stage.toLowerCase()))) ?? group.find((stack) => words(stack).some((word) => /^(?:prod|production|prd|live)$/.test(word))) ?? group[0];
    unit.drop((made) => { const stack = stackOf(made); return stack !== undefined && stack !== best && group.includes(stack); });
  }
}
