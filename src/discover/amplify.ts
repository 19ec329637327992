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
