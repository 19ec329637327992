import type { Location } from '../model/location.ts';
import { linkDestinations } from './cloudformation-links.ts';
import { publish } from './cloudformation-published.ts';
import { finished } from './cloudformation-wiring.ts';
import type { DocNode } from './document-node.ts';
import type { ReadContext, Reader } from './reader.ts';
import { NodeFactory } from './serverless-nodes.ts';
import { readResources } from './serverless-resources.ts';
import { Service } from './serverless-service.ts';
import { exportedObject } from './serverless-variables.ts';
import { wireService } from './serverless-wire.ts';
import { folderOf } from './source-path-names.ts';

const dataFile = /(?:^|\/)serverless[^/]*\.(?:ya?ml|json)$/;
const programFile = /(?:^|\/)serverless\.[cm]?[jt]s$/;

/**
 * Serverless Framework: `serverless.yml`, `.yaml`, `.json`, variants such as `serverless.prod.yml`, and `serverless.ts`
 * or `.js` through the evaluator (never run).
 */
export const serverlessReader: Reader = {
  name: 'serverless',
  about: {
    format: 'Serverless Framework', platform: 'AWS, Google', files: '`serverless.yml`, `.json`, `.ts`, `.js` and variants; `serverless-compose.yml`',
    reads: "variables, `file()`, stages and params, event types, `resources` with all that CloudFormation has, packaging plugins, step functions, GraphQL APIs of serverless-appsync-plugin, the framework's defaults",
    not: 'other providers; variables of services with a syntax of their own; programs whose value is computed from outside',
  },
  matches: (file) => (dataFile.test(file) && !/(?:^|\/)serverless-compose\./.test(file)) || programFile.test(file),
  sniff: (text) => text.includes('provider') || text.includes('functions'),
  read(file, context) {
    const nodes = new NodeFactory(file);
    const root = programFile.test(file) ? fromProgram(file, context, nodes) : fromData(file, context);
    if (root === undefined || !isService(root)) return;
    context.used(file);
    readService(new Service(file, root, context, nodes));
  },
};

/** Infrastructure of the framework has a service and something to deploy; the old component format has neither. */
function isService(root: DocNode): boolean {
  return root.kind === 'map' && root.get('service') !== undefined && (root.get('functions') !== undefined || root.get('provider') !== undefined);
}

function fromData(file: string, context: ReadContext): DocNode | undefined {
  const document = context.document(file, { version: '1.2' });
  if (document === undefined) {
    const problem = context.workspace.problem(file);
    if (problem !== undefined) context.problem(problem);
    return undefined;
  }
  const [root] = document.roots;
  for (const error of document.errors) {
    if (error.kind === 'duplicate') context.gap({ kind: 'syntax', file, line: error.line, message: error.message });
    else {
      context.problem({ file, reason: `line ${error.line}: ${error.message}` });
      break;
    }
  }
  return root;
}

/** The configuration object that a program exports, as far as its value can be told without running it: followed, else evaluated. */
function fromProgram(file: string, context: ReadContext, nodes: NodeFactory): DocNode | undefined {
  const at: Location = { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
  const program = context.program?.(file, { cwd: folderOf(file) });
  for (const name of program ? ['default', '='] : []) {
    const exported = program?.machine.exported(file, name);
    const config = exported?.kind === 'closure' ? program?.machine.invoke(exported, [], { file, start: 0, end: 0 }) : exported;
    if (program && config?.kind === 'record' && config.entries.size > 0) return nodes.fromSym(config, at, (place) => program.location(place));
  }
  const value = exportedObject(file, context);
  if (value === undefined) {
    context.gap({ kind: 'service', file, line: 1, message: 'the configuration that this program exports is not known' });
    return undefined;
  }
  return nodes.fromValue(value, at);
}

function readService(service: Service): void {
  const { context, platform } = service;
  if (platform === undefined) {
    service.gap('provider', 'functions of this provider are not read', service.provider?.location ?? { file: service.file, line: service.line, column: 1, endLine: service.line, endColumn: 1 });
    return;
  }
  if (service.provider?.get('variableSyntax') !== undefined) service.gap('variable', 'a service with its own variable syntax: variables are not resolved', service.provider.keyLocation('variableSyntax'));
  const wiring = wireService(service, platform);
  for (const draft of wiring.drafts.values()) {
    linkDestinations(draft, wiring, context);
    context.addFunction(finished(draft));
  }
  readResources(service);
  publish(service.template, context, service.stackName);
}
