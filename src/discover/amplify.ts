import type { Location } from '../model/location.ts';
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

const restApi = /^((?:.*\/)?amplify\/backend)\/api\/([^/]{1,200})\/cli-inputs\.json$/;
const backendConfig = /^((?:.*\/)?amplify\/backend)\/backend-config\.json$/;

/**
 * Routes of REST APIs (`paths` of an API's `cli-inputs.json`) and functions that a user pool calls (`dependsOn` with `triggerProvider` in
 * `backend-config.json`), whose templates Amplify only writes when it is pushed (Amplify CLI 7, files of the categories api and auth, read 2026-11).
 */
export function wireBackend(context: ReadContext, wiring: Wiring, templates: ReadonlyMap<string, Template>): void {
  for (const file of [...templates.keys()].some((one) => template.test(one)) ? context.workspace.files : []) {
    const [, backend, api] = restApi.exec(file) ?? backendConfig.exec(file) ?? [];
    const written = backend === undefined ? undefined : readJson(context.workspace, file);
    if (backend === undefined || written === undefined) continue;
    const location = { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
    if (api === undefined) wirePools(context, wiring, templates, { backend, written, location });
    // Where the API has a template of its own in the repository, that says more.
    else if (![...templates.keys()].some((one) => one.startsWith(`${folderOf(file)}/`))) wirePaths(context, wiring, templates, { backend, written, location });
  }
}

interface Written { readonly backend: string; readonly written: Readonly<Record<string, unknown>>; readonly location: Location }

const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {});

function wirePaths(context: ReadContext, wiring: Wiring, templates: ReadonlyMap<string, Template>, { backend, written, location }: Written): void {
  for (const [path, route] of Object.entries(record(written['paths'])).slice(0, 300)) {
    const { lambdaFunction: name, permissions } = record(route);
    const found = typeof name === 'string' ? functionNamed(templates, backend, name) : undefined;
    const setting = record(permissions)['setting'];
    if (!found) continue;
    // `private`: signed in; `protected`: some routes are open to guests with an identity; both need signed requests.
    const auth = setting === 'open' ? ({ kind: 'none', location } as const) : setting === 'private' || setting === 'protected' ? ({ kind: 'identity', location } as const) : undefined;
    wiring.attach(found, trigger('http', 'Api', location, { filters: [{ kind: 'route', method: '*', path }], ...(auth ? { auth } : {}) }));
    context.used(location.file);
  }
}

function wirePools(context: ReadContext, wiring: Wiring, templates: ReadonlyMap<string, Template>, { backend, written, location }: Written): void {
  for (const [name, pool] of Object.entries(record(written['auth'])).slice(0, 50)) {
    if ([...templates.keys()].some((one) => one.startsWith(`${backend}/auth/${name}/`))) continue;
    const depends = record(pool)['dependsOn'];
    for (const one of Array.isArray(depends) ? depends.slice(0, 50).map(record) : []) {
      const found = one['triggerProvider'] === 'Cognito' && one['category'] === 'function' && typeof one['resourceName'] === 'string' ? functionNamed(templates, backend, one['resourceName']) : undefined;
      if (!found) continue;
      wiring.attach(found, trigger('auth', 'Cognito', location));
      context.used(location.file);
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
