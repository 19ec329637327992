import type { MachineTask } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { linkTasks } from './cloudformation-tasks.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { trigger } from './cloudformation-triggers.ts';
import type { Draft, Wiring } from './cloudformation-wiring.ts';
import { parseDocument } from './document.ts';
import type { DocNode } from './document.ts';
import type { ReadContext } from './reader.ts';
import { tasksOfDefinition, textWithGaps } from './machine-definition.ts';
import { folderOf, joinInRoot, upwards } from './source-path-names.ts';

const MAX_DEPTH = 100;
/** Where a task names what it runs (Amazon States Language, "Task state", and the Lambda integration's arguments). */
const naming: ReadonlySet<string> = new Set(['Resource', 'FunctionName', 'FunctionName.$', 'Function']);

/**
 * Gives the functions that a state machine's tasks run the trigger `stateMachine`, and links it to what they write to. Definitions: `Definition`,
 * `DefinitionString` and files of the repository, with their substitutions.
 */
export function wireStateMachine(template: Template, wiring: Wiring, resource: TemplateResource, context: ReadContext): void {
  const properties = resource.properties;
  if (!properties) return;
  const self = template.reference(resource.id, 'Ref');
  const substitutions = properties.get('DefinitionSubstitutions');
  const variables = (name: string): Value | undefined => {
    const node = substitutions?.get(name);
    return node && template.value(node);
  };
  const inline = properties.get('Definition');
  const text = properties.get('DefinitionString');
  const path = template.text(properties.get('DefinitionUri') ?? properties.get('DefinitionS3Location'));
  /** How often a function is named, with the tasks of which the order is known. */
  const found = new Map<Draft, { named: number; readonly tasks: MachineTask[] }>();
  const attach = (value: Value): void => {
    for (const draft of wiring.functions(value)) {
      const known = found.get(draft);
      if (known) known.named++; else found.set(draft, { named: 1, tasks: [] });
    }
  };
  const read: ReadDefinition = (root, fill, at) => {
    tasks(root, (node) => attach(fill(node)));
    for (const { task, functions } of tasksOfDefinition(root, { ...documentTree, text: (node) => textWithGaps(fill(node)) ?? node.text(), functions: (node) => wiring.functions(fill(node)) })) {
      for (const draft of functions) found.get(draft)?.tasks.push(task);
    }
    linkTasks(root, fill, { self, wiring, context, at });
  };
  if (inline) {
    if (inline.kind === 'map') read(inline, (node) => filled(template, node, variables));
    else attach(template.value(inline));
  }
  if (text) written(template, text, resource.location, variables, read, attach);
  if (path !== undefined && !/^[a-z0-9]+:\/\//i.test(path)) {
    // What a build puts together, or takes from a base folder, is meant from a folder above.
    const folders = template.root.get('Transform') === undefined ? [folderOf(template.file)] : upwards(folderOf(template.file));
    const file = folders.flatMap((folder) => joinInRoot(folder, path) ?? []).find((one) => context.workspace.has(one));
    const source = file === undefined ? undefined : context.workspace.read(file);
    const root = file === undefined || source === undefined ? undefined : parseDocument(file, quoted(source)).roots[0];
    if (file !== undefined && root) {
      context.used(file);
      read(root, (node) => filled(template, node, variables));
    } else {
      context.gap({ kind: 'definition', file: resource.location.file, line: resource.location.line, message: `${resource.id}: definition ${JSON.stringify(path.slice(0, 200))} was not found` });
    }
  }
  for (const [draft, { named, tasks: order }] of found) {
    // One that is named elsewhere than where a task was understood may be given anything.
    draft.triggers.push(trigger('stateMachine', 'StepFunctions', resource.location, { resource: self, ...(order.length === named ? { tasks: order } : {}) }));
  }
}

const documentTree = {
  get: (node: DocNode, name: string): DocNode | undefined => node.get(name),
  isNull: (node: DocNode): boolean => node.kind === 'scalar' && node.scalar === null,
  keys: (node: DocNode): readonly string[] | undefined => (node.kind === 'map' ? [...node.entries.keys()] : undefined),
  items: (node: DocNode): readonly DocNode[] => node.items,
};

/** `at`: place of everything in the definition, where its own places are those of a text inside a file. */
type ReadDefinition = (root: DocNode, fill: (node: DocNode) => Value, at?: Location) => void;

/** A definition written as a text, perhaps with references in it: they are put back after parsing. */
function written(
  template: Template, text: DocNode, at: Location, variables: (name: string) => Value | undefined,
  read: ReadDefinition, attach: (value: Value) => void,
): void {
  const value = template.value(text);
  const parts = value.kind === 'template' ? value.parts : [value];
  const whole = parts.map((part, index) => (part.kind === 'literal' ? String(part.value) : `\${part:${index}}`)).join('');
  const parsed = parts.some((part) => part.kind === 'literal') ? parseDocument(template.file, quoted(whole)) : undefined;
  const root = parsed?.errors.length === 0 ? parsed.roots[0] : undefined;
  if (root?.kind !== 'map') {
    // What does not parse names its functions all the same; which state they are in does not matter.
    attach(value);
    return;
  }
  const part = (name: string): Value | undefined => (name.startsWith('part:') ? parts[Number(name.slice(5))] : undefined) ?? variables(name);
  read(root, (node) => filled(template, node, part), at);
}

/** Substitutions work on the text, so they may stand for numbers and whole objects: in quotes the text parses. */
function quoted(text: string): string {
  return text.replace(/(:[ \t]{0,20})(\$\{[A-Za-z0-9_.:-]{1,255}\})(?=[ \t]{0,20}[,}\]\r\n])/g, '$1"$2"');
}

function filled(template: Template, node: DocNode, variables: (name: string) => Value | undefined): Value {
  const text = node.text();
  return text?.includes('${') === true ? template.substitute(text, variables) : template.value(node);
}

/** Calls `each` for every node that may name a task's function. */
function tasks(node: DocNode, each: (node: DocNode) => void, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  for (const [name, child] of node.entries) {
    if (naming.has(name)) each(child);
    tasks(child, each, depth + 1);
  }
  for (const item of node.items) tasks(item, each, depth + 1);
}
