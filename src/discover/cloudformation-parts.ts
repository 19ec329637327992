import { readTemplates } from './cloudformation.ts';
import { resourceType, Template } from './cloudformation-template.ts';
import type { DocNode } from './document.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf } from './source-path-names.ts';

const MAX_PARTS = 200;

/** Names of the file that a build begins a template with. */
const beginning = /(?:^|\/)(?:base|head|header|template|main|root|globals?|parameters)[\w.-]{0,40}\.ya?ml$/i;

/**
 * A SAM template that a script puts together: a beginning with everything but `Resources`, and files in folders beside it, each a plain list of
 * resources. What the script does is not read; that all of them are resources, and the beginning has none, says what they are.
 */
export const partsReader: Reader = {
  name: 'cloudformation-parts',
  about: {
    format: 'SAM in parts', platform: 'AWS', files: 'a template without `Resources` and files of nothing but resources in folders beside it',
    reads: 'as CloudFormation and SAM, all parts as one template', not: 'what the script that joins them changes; parts in JSON',
  },
  matches: (file) => beginning.test(file),
  word: 'AWSTemplateFormatVersion',
  sniff: (text) => /^AWSTemplateFormatVersion\b/m.test(text) && /^Transform\b/m.test(text) && !/^Resources\s{0,20}:/m.test(text),
  read(file, context) {
    const root = context.document(file)?.roots[0];
    if (root?.kind !== 'map' || root.get('Resources') !== undefined) return;
    const parts = partsBeside(file, context);
    if (parts.length === 0) return;
    context.used(file);
    readTemplates(context, new Map([[file, new Template(file, root, context.params, () => undefined, parts)]]));
  },
};

/** Resources of the files in folders beside a beginning, in order of paths. */
function partsBeside(file: string, context: ReadContext): readonly DocNode[] {
  const folder = folderOf(file);
  const start = folder === '' ? '' : `${folder}/`;
  const parts: DocNode[] = [];
  for (const other of context.workspace.files) {
    if (other === file || !other.startsWith(start) || !/\.ya?ml$/.test(other) || parts.length >= MAX_PARTS) continue;
    // One folder below: the beginning of another template has parts of its own.
    if (other.slice(start.length).split('/').length !== 2 || context.workspace.mayHold?.(other, 'AWS::') === false) continue;
    const root = context.document(other)?.roots[0];
    if (root?.kind !== 'map' || root.entries.size === 0 || ![...root.entries.values()].every((entry) => resourceType(entry) !== undefined)) continue;
    parts.push(root);
    context.used(other);
  }
  return parts;
}
