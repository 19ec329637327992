import { amplifyParameters, joinParts, wireBackend, wireSchemas } from './amplify.ts';
import type { Value } from '../model/value.ts';
import { wireApi } from './cloudformation-api.ts';
import { readFunction } from './cloudformation-function.ts';
import { FunctionProperties } from './cloudformation-properties.ts';
import { readResource } from './cloudformation-resources.ts';
import { wireStateMachine } from './cloudformation-state-machine.ts';
import { looksLikeTemplate, Template } from './cloudformation-template.ts';
import { bounded, valueKey } from './cloudformation-values.ts';
import { wirePermission, wireResource } from './cloudformation-wire.ts';
import { finished as whole, Wiring } from './cloudformation-wiring.ts';
import { publish } from './cloudformation-published.ts';
import { stackName } from './sam-config.ts';
import { linkDestinations } from './cloudformation-links.ts';
import type { ReadContext, Reader } from './reader.ts';
import { wireSamFunction } from './sam-function.ts';
import { samStateMachine } from './sam-state-machine.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

const functionTypes: ReadonlySet<string> = new Set(['AWS::Lambda::Function', 'AWS::Serverless::Function']);
const stackTypes: ReadonlyMap<string, string> = new Map([['AWS::CloudFormation::Stack', 'TemplateURL'], ['AWS::Serverless::Application', 'Location']]);

/** What a text that did not parse must contain to count as a template. */
const surely = /AWS::Serverless::|AWSTemplateFormatVersion|\bType["']?[ \t]{0,5}:[ \t]{0,5}["']?AWS::/;

/**
 * CloudFormation and SAM templates, YAML and JSON, nested stacks of the repository included. Synthesised templates (`cdk.out`,
 * `.aws-sam`) are left out: their sources are the truth.
 */
export const cloudformation: Reader = cloudformationReader(sniff, 'Resources');

/** The reader with a given look at the text, of which `word` is a part; tests compare its answers with those without a look. */
export function cloudformationReader(look: (text: string) => boolean, word?: string): Reader {
  return {
    name: 'cloudformation',
    about: {
      format: 'CloudFormation, SAM (and Amplify gen 1)', platform: 'AWS', files: 'templates in YAML and JSON, with `samconfig.toml`, OpenAPI and state machine files that they name',
      reads: 'intrinsics, parameters, mappings, conditions, `Globals`, layers, images by their Dockerfile, nested stacks of the repository, exports between stacks, every event source, API routes with their authorizers, pipes, state machines',
      not: 'other languages than JavaScript and TypeScript; macros other than SAM; synthesised templates (`cdk.out`, `.aws-sam`, snapshots of tests), whose sources are read instead',
    },
    // Templates name each other.
    once: true,
    matches,
    ...(word === undefined ? {} : { word }),
    sniff: look,
    read(_file, context) {
      readAll(context, (file) => {
        const text = matches(file) && (word === undefined || context.workspace.mayHold?.(file, word) !== false) ? context.workspace.read(file) : undefined;
        return text !== undefined && look(text) ? text : undefined;
      });
    },
  };
}

/** Templates that a test of the CDK's integ-runner compares with (its readme, read 2026-11: `integ.name.js.snapshot/`), and Jest's. */
const snapshot = /(?:^|\/)(?:__snapshots__|integ\.[^/]{1,200}\.snapshot|[^/]{1,200}\.integ(?:\.[cm]?[jt]s)?\.snapshot)\//;

function matches(file: string): boolean {
  if (!/\.(?:ya?ml|json|template)$/.test(file)) return false;
  if (/(?:^|\/)(?:cdk\.out|\.aws-sam|node_modules|\.serverless)\//.test(file) || snapshot.test(file)) return false;
  return !/(?:^|\/)(?:package(?:-lock)?\.json|tsconfig[^/]*\.json|serverless(?![^/]*template)[^/]*\.ya?ml)$/.test(file);
}

/** Top-level `Resources`, or what only a template says. */
function sniff(text: string): boolean {
  if (!text.includes('Resources') || (!text.includes('AWS::') && !text.includes('AWSTemplateFormatVersion') && !text.includes('Custom::'))) return false;
  // In JSON, data that speaks of such types is more common than templates: a template gives them as types.
  if (/^\s{0,100}\{/.test(text) && !/"(?:Type|Transform)"\s{0,20}:\s{0,20}"(?:AWS|Custom|Alexa)::/.test(text) && !text.includes('AWSTemplateFormatVersion')) return false;
  if (runsOnlyOtherLanguages(text)) return false;
  return /^\s{0,8}["']?Resources["']?\s{0,8}:/m.test(text) || text.includes('"Resources"') || /^["']?AWSTemplateFormatVersion/m.test(text) || text.includes('AWS::Serverless::');
}

/**
 * Every function of the template names a runtime of another language, and nothing in it leads to further templates: no
 * handler of ours is there. Parsing costs far more than this look.
 */
function runsOnlyOtherLanguages(text: string): boolean {
  if (text.includes('nodejs') || /AWS::CloudFormation::Stack|AWS::Serverless::Application|ImageUri|PackageType/.test(text)) return false;
  const runtimes = [...text.matchAll(/\bRuntime["']?[ \t]{0,8}:[ \t]{0,8}["']?([^\s"',]{1,40})/g)].map((match) => match[1] ?? '');
  // A runtime of one's own may run JavaScript: its handler then looks like `file.export`.
  const custom = /\bHandler["']?[ \t]{0,8}:[ \t]{0,8}["']?[\w./-]{1,200}\.[A-Za-z_]\w{0,100}["']?[ \t]{0,8}(?:[\r\n,}#]|$)/.test(text);
  return runtimes.length > 0 && runtimes.every((runtime) => /^(?:python|java\d|go\d|dotnet|ruby)/.test(runtime) || (!custom && runtime.startsWith('provided')));
}

/** `textOf`: text of what may be a template. */
function readAll(context: ReadContext, textOf: (file: string) => string | undefined): void {
  readTemplates(context, load(context, textOf));
}

/** Functions, resources and triggers of templates that know each other. */
export function readTemplates(context: ReadContext, templates: ReadonlyMap<string, Template>): void {
  nest(templates, context);
  joinParts(templates);
  const wiring = new Wiring(templates);
  const guarded = (template: Template, work: () => void): void => {
    try {
      work();
    } catch (error) {
      context.problem({ file: template.file, reason: error instanceof RangeError ? 'nested too deeply' : 'the template could not be read' });
    }
  };
  for (const template of templates.values()) guarded(template, () => declare(template, wiring, context));
  for (const template of templates.values()) guarded(template, () => wire(template, wiring, context));
  wireSchemas(context, wiring, templates);
  wireBackend(context, wiring, templates);
  // Last: a permission only counts where nothing else explains it.
  for (const template of templates.values()) {
    for (const resource of template.resources.values()) if (resource.type === 'AWS::Lambda::Permission') guarded(template, () => wirePermission(template, wiring, resource));
  }
  for (const template of templates.values()) guarded(template, () => publish(template, context, stackName(template.file, context)));
  for (const draft of wiring.drafts.values()) {
    linkDestinations(draft, wiring, context);
    context.addFunction(whole(draft));
  }
}

/** Parses every template of the workspace. */
function load(context: ReadContext, textOf: (file: string) => string | undefined): ReadonlyMap<string, Template> {
  const templates = new Map<string, Template>();
  const imports = exportIndex(templates);
  for (const file of context.workspace.files) {
    const text = textOf(file);
    if (text === undefined) continue;
    const document = context.document(file);
    const root = document?.roots.find(looksLikeTemplate);
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    if (broken && (root || broken.kind === 'limit' || surely.test(text))) context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    if (!document || !root) continue;
    for (const error of document.errors) if (error.kind === 'duplicate') context.gap({ kind: 'duplicate-key', file, line: error.line, message: error.message });
    templates.set(file, new Template(file, root, amplifyParameters(context, file), imports));
    context.used(file);
  }
  return templates;
}

/** Joins nested stacks with the templates that they name. */
function nest(templates: ReadonlyMap<string, Template>, context: ReadContext): void {
  for (const template of templates.values()) {
    for (const resource of template.resources.values()) {
      const property = stackTypes.get(resource.type);
      const written = property === undefined ? undefined : resource.properties?.get(property);
      const path = template.text(written);
      const local = path !== undefined && !/^[a-z0-9]+:\/\//i.test(path);
      const folder = local ? joinInRoot(folderOf(template.file), path) : undefined;
      // SAM takes a folder for the template in it.
      const beside = folder === undefined ? undefined : [folder, `${folder}/template.yaml`, `${folder}/template.yml`].map((file) => templates.get(file)).find((found) => found !== undefined);
      const child = local || property === undefined ? beside : uploaded(templates, template, template.value(written));
      if (!child && local) context.gap({ kind: 'nested-stack', file: template.file, line: resource.location.line, message: `${resource.id}: template ${JSON.stringify(path.slice(0, 200))} was not found` });
      if (!child || child === template) continue;
      template.children.set(resource.id, child);
      child.parents.push({ template, parameters: resource.properties?.get('Parameters') });
    }
  }
}

/**
 * The template of the repository that a deployment uploads to the address: of what is known of the address' end, the file's name beside the
 * naming template, else the only file in the repository whose path ends so.
 */
function uploaded(templates: ReadonlyMap<string, Template>, parent: Template, url: Value): Template | undefined {
  const end = url.kind === 'template' ? url.parts.at(-1) : url;
  if (end?.kind !== 'literal' || typeof end.value !== 'string') return undefined;
  const path = /\/?((?:[\w.-]+\/){0,20}[\w.-]+\.(?:template|ya?ml|json))$/.exec(end.value.slice(-500))?.[1];
  const name = path?.slice(path.lastIndexOf('/') + 1);
  if (path === undefined || name === undefined) return undefined;
  const folder = folderOf(parent.file);
  for (const file of [path, name].map((one) => (folder === '' ? one : `${folder}/${one}`))) {
    const found = templates.get(file);
    if (found) return found;
  }
  const same = [...templates.values()].filter((one) => one.file === path || one.file.endsWith(`/${path}`));
  return same.length === 1 ? same[0] : undefined;
}

/** Finds what exactly one template exports under a name; built on first need. */
function exportIndex(templates: ReadonlyMap<string, Template>): (name: Value) => Value | undefined {
  let index: Map<string, { readonly template: Template; readonly output: string } | null> | undefined;
  return (name) => {
    if (!index) {
      index = new Map();
      for (const template of templates.values()) {
        for (const [output, node] of template.root.get('Outputs')?.entries ?? []) {
          const exported = node.at('Export', 'Name');
          if (!exported) continue;
          const key = valueKey(bounded(template.value(exported)));
          index.set(key, index.has(key) ? null : { template, output });
        }
      }
    }
    const found = index.get(valueKey(bounded(name)));
    return found?.template.ownOutput(found.output);
  };
}

/** Functions and resources of one template. */
function declare(template: Template, wiring: Wiring, context: ReadContext): void {
  const globals = template.root.at('Globals', 'Function');
  const section = template.root.get('Resources');
  for (const name of section?.entries.keys() ?? []) {
    if (section && name.startsWith('Fn::')) context.gap({ kind: 'transform', file: template.file, line: section.keyLocation(name).line, message: `${name} is not expanded` });
  }
  for (const resource of template.resources.values()) {
    if (!functionTypes.has(resource.type)) {
      context.addResource(readResource(template, resource));
      continue;
    }
    const draft = readFunction(new FunctionProperties(template, resource, resource.type === 'AWS::Serverless::Function' ? globals : undefined), context);
    if (draft) wiring.add(draft);
  }
}

/** Triggers that one template declares, for functions of any template. */
function wire(template: Template, wiring: Wiring, context: ReadContext): void {
  const globals = template.root.at('Globals', 'Function');
  for (const resource of template.resources.values()) {
    const draft = wiring.drafts.get(`${template.unit}#${resource.id}`);
    if (draft && resource.type === 'AWS::Serverless::Function') wireSamFunction(new FunctionProperties(template, resource, globals), draft, wiring, context);
    else if (/::StateMachine$/.test(resource.type)) {
      wireStateMachine(template, wiring, resource, context);
      samStateMachine(template, wiring, resource, context);
    } else {
      wireApi(template, wiring, resource, context);
      wireResource(template, wiring, resource, context);
    }
  }
}
