import type { Value } from '../model/value.ts';
import type { Template } from './cloudformation-template.ts';
import { trigger } from './cloudformation-triggers.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import { readJson } from './source-path-build.ts';
import type { ReadContext } from './reader.ts';
import { folderOf } from './source-path-names.ts';
import { inFolder } from './web-project.ts';

const template = /(?:^|\/)amplify\/backend\/function\/([^/]+)\/[^/]*cloudformation-template\.(?:json|ya?ml)$/;

/**
 * Folder that Amplify (gen 1) packs for the function of a template that it keeps for it: the code's place in the template is a parameter
 * that is filled when it is pushed (Amplify CLI documentation, "Set up a function", read 2026-11). `undefined` for other templates.
 */
export function amplifyCode(file: string): string | undefined {
  return template.test(file) ? inFolder(folderOf(file), 'src') : undefined;
}

/** Parameters of such a template, from the files that Amplify keeps beside it; those that are given win. Other templates: what is given. */
export function amplifyParameters(context: ReadContext, file: string): ReadonlyMap<string, string> {
  if (!template.test(file)) return context.params;
  const found = new Map<string, string>();
  for (const name of ['function-parameters.json', 'parameters.json']) {
    const path = inFolder(folderOf(file), name);
    if (!context.workspace.has(path)) continue;
    for (const [key, value] of Object.entries(readJson(context.workspace, path) ?? {})) if (typeof value === 'string' || typeof value === 'number') found.set(key, String(value));
    context.used(path);
  }
  return new Map([...found, ...context.params]);
}

const part = /^((?:.*\/)?amplify\/backend)\/([a-z]{1,30})\/([^/]{1,200})\/[^/]*cloudformation-template\.(?:json|ya?ml)$/;

/**
 * Hands the outputs of one part of a backend to the parts that depend on it: a parameter called `functionordersArn` is the output `Arn` of
 * the part `orders` of the category `function` (Amplify CLI documentation, "Access environment variables and resources", read 2026-11).
 * The stack that does so is written when the backend is pushed.
 */
export function joinParts(templates: ReadonlyMap<string, Template>): void {
  const parts = new Map<string, Template>();
  for (const [file, one] of templates) {
    const [, backend, category, name] = part.exec(file) ?? [];
    if (backend !== undefined) parts.set(`${backend}\n${category ?? ''}${name ?? ''}`, one);
  }
  for (const [file, one] of templates) {
    const backend = part.exec(file)?.[1];
    if (backend === undefined) continue;
    one.handed = (parameter) => {
      for (let end = parameter.length - 1; end > 0; end--) {
        const other = parts.get(`${backend}\n${parameter.slice(0, end)}`);
        const value = other === undefined || other === one ? undefined : other.ownOutput(parameter.slice(end));
        if (value !== undefined) return value;
      }
      return undefined;
    };
  }
}

const schema = /^((?:.*\/)?amplify\/backend)\/api\/[^/]{1,200}\/schema(?:\.graphql$|\/[^/]+\.graphql$)/;
const resolver = /@function\s{0,20}\(\s{0,50}name\s{0,20}:\s{0,20}"([\w-]{1,200}?)(?:-?\$\{env\})?"/g;

/** Functions that answer fields of a GraphQL schema: `@function(name: "orders-${env}")` (Amplify CLI documentation, GraphQL transformer, read 2026-11). */
export function wireSchemas(context: ReadContext, wiring: Wiring, templates: ReadonlyMap<string, Template>): void {
  for (const file of [...templates.keys()].some((one) => template.test(one)) ? context.workspace.files : []) {
    const backend = schema.exec(file)?.[1];
    const text = backend === undefined ? undefined : context.workspace.read(file);
    if (backend === undefined || text === undefined || !text.includes('@function')) continue;
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (line.length > 5_000) continue;
      for (const match of line.replace(/#.*$/, '').matchAll(resolver)) {
        const found = functionNamed(templates, backend, match[1] ?? '');
        const location = { file, line: index + 1, column: match.index + 1, endLine: index + 1, endColumn: match.index + 1 + match[0].length };
        if (found) { wiring.attach(found, trigger('http', 'AppSync', location)); context.used(file); }
      }
    }
  }
}

function functionNamed(templates: ReadonlyMap<string, Template>, backend: string, name: string): Value | undefined {
  for (const [file, one] of templates) {
    if (!file.startsWith(`${backend}/function/${name}/`) || !template.test(file)) continue;
    return one.ownOutput('Arn') ?? (one.resources.has('LambdaFunction') ? one.reference('LambdaFunction', 'Arn') : undefined);
  }
  return undefined;
}
