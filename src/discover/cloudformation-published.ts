import type { PublishedValue } from '../model/function.ts';
import type { Template } from './cloudformation-template.ts';
import { bounded, isNothing } from './cloudformation-values.ts';
import type { ReadContext } from './reader.ts';
import type { Value } from '../model/value.ts';

/**
 * Names under which a template's values can be read elsewhere: exports, outputs of a stack whose name is known, SSM parameters. The
 * text of a secret is never published.
 */
export function publish(template: Template, context: ReadContext, stackName?: Value): void {
  const add = (scope: PublishedValue['scope'], name: Value | undefined, value: Value | undefined, location: PublishedValue['location']): void => {
    if (!name || !value || isNothing(name) || isNothing(value) || name.kind === 'unknown') return;
    context.addPublished({ scope, name, value: bounded(value), unit: template.unit, location });
  };
  const outputs = template.root.get('Outputs');
  for (const [id, output] of outputs?.entries ?? []) {
    const location = outputs?.keyLocation(id) ?? output.location;
    const value = template.value(output.get('Value'));
    const exported = output.at('Export', 'Name');
    if (exported) add('import', template.value(exported), value, location);
    if (stackName) add('stackOutput', outputName(stackName, id), value, location);
  }
  for (const resource of template.resources.values()) {
    if (resource.type !== 'AWS::SSM::Parameter') continue;
    const name = resource.properties?.get('Name');
    const value = resource.properties?.get('Value');
    if (name && value) add('parameter', template.value(name), template.value(value), resource.location);
  }
}

/** `STACK.OUTPUT`. */
export function outputName(stack: Value, output: string): Value {
  const tail: Value = { kind: 'literal', value: `.${output}` };
  if (stack.kind === 'literal') return { kind: 'literal', value: `${String(stack.value)}.${output}` };
  if (stack.kind !== 'template') return { kind: 'template', parts: [stack, tail] };
  const last = stack.parts.at(-1);
  return last?.kind === 'literal' ? { kind: 'template', parts: [...stack.parts.slice(0, -1), { kind: 'literal', value: `${String(last.value)}.${output}` }] } : { kind: 'template', parts: [...stack.parts, tail] };
}
