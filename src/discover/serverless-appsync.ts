import type { RouteAuth } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { trigger } from './cloudformation-triggers.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document-node.ts';
import type { Service, ServiceFunction } from './serverless-service.ts';

/** One use of a function by a GraphQL API: where its settings stand, and how the function that stands in them is called. */
interface Use {
  readonly config: DocNode;
  readonly name: string;
  readonly at: Location;
}

/** One GraphQL API of the plugin. */
interface Api {
  readonly uses: readonly Use[];
  /** Settings of the function that decides who may call. */
  readonly authorizers: readonly Use[];
  readonly type: DocNode | undefined;
  readonly at: Location;
}

/**
 * Functions that stand in the settings of `serverless-appsync-plugin` itself (its documentation, version 2, "Data sources",
 * "Resolvers", "Authentication", read 2026-11): called after the data source or resolver.
 */
export function graphFunctions(sections: readonly (DocNode | undefined)[]): ServiceFunction[] {
  const found: ServiceFunction[] = [];
  for (const api of apisOf(sections)) {
    for (const { config, name } of [...api.uses, ...api.authorizers]) {
      const node = config.get('function');
      if (node?.kind === 'map' && node.get('handler') !== undefined) found.push({ name, node, location: config.keyLocation('function') });
    }
  }
  return found;
}

/** Gives functions that answer for a GraphQL API their triggers: `appSync` (version 2), `custom.appSync` (version 1). */
export function wireGraph(service: Service, wiring: Wiring, sections: readonly (DocNode | undefined)[]): void {
  for (const api of apisOf(sections)) {
    const decides = api.authorizers.map((use) => functionOf(service, use)).find((value) => value !== undefined);
    const auth = authOf(service, api, decides);
    for (const use of api.uses) {
      const fn = functionOf(service, use);
      if (fn) wiring.attach(fn, trigger('http', 'AppSync', use.at, auth === undefined ? {} : { auth }));
    }
    for (const use of api.authorizers) {
      const fn = functionOf(service, use);
      if (fn) wiring.attach(fn, trigger('auth', 'Authorizer', use.at));
    }
  }
}

function functionOf(service: Service, { config, name }: Use): Value | undefined {
  if (config.get('function')?.kind === 'map') return { kind: 'resource', unit: service.file, id: name, attribute: 'Arn' };
  const key = service.text(config.get('functionName'));
  if (key !== undefined && service.functions.some((one) => one.name === key)) return { kind: 'resource', unit: service.file, id: key, attribute: 'Arn' };
  const arn = config.get('functionArn') ?? config.get('lambdaFunctionArn');
  return arn === undefined ? undefined : service.valueOf(arn);
}

function authOf(service: Service, api: Api, decides: Value | undefined): RouteAuth | undefined {
  const type = api.type === undefined ? undefined : service.text(api.type);
  if (api.type === undefined || type === undefined) return undefined;
  const location = api.type.location;
  if (type === 'API_KEY') return { kind: 'key', location };
  if (type === 'AWS_LAMBDA') return { kind: 'authorizer', location, ...(decides === undefined ? {} : { authorizer: decides }) };
  return { kind: 'identity', location };
}

function apisOf(sections: readonly (DocNode | undefined)[]): Api[] {
  return sections.flatMap((section) => (section?.kind === 'list' ? section.items : section?.kind === 'map' ? [section] : [])).filter((node) => node.kind === 'map').map(apiOf);
}

function apiOf(api: DocNode): Api {
  const uses: Use[] = [];
  const add = (name: string, source: DocNode | undefined, at: Location): void => {
    const config = source?.get('config');
    if (source?.get('type')?.text() === 'AWS_LAMBDA' && config?.kind === 'map') uses.push({ config, name, at });
  };
  for (const [name, source, at] of named(api.get('dataSources'))) add(name, source, at);
  for (const section of ['resolvers', 'pipelineFunctions']) {
    for (const [name, node] of named(api.get(section))) {
      const source = node.get('dataSource');
      if (source?.kind === 'map') add(name.replace(/[^A-Za-z0-9_]/g, '_'), source, node.keyLocation('dataSource'));
    }
  }
  const authentication = api.get('authentication');
  const authorizers: Use[] = [];
  for (const one of [authentication, ...(api.get('additionalAuthentications')?.items ?? [])]) {
    const config = one?.get('config');
    if (one?.get('type')?.text() === 'AWS_LAMBDA' && config?.kind === 'map') authorizers.push({ config, name: 'appSyncAuthorizer', at: config.location });
  }
  const lambda = api.get('lambdaAuthorizerConfig');
  if (lambda?.kind === 'map') authorizers.push({ config: lambda, name: 'appSyncAuthorizer', at: lambda.location });
  return { uses, authorizers, type: authentication?.get('type') ?? api.get('authenticationType'), at: api.location };
}

/** Entries by name: of a map, of a list of maps, of a list of settings with a `name`. */
function named(section: DocNode | undefined): (readonly [string, DocNode, Location])[] {
  const found: (readonly [string, DocNode, Location])[] = [];
  for (const part of section?.kind === 'list' ? section.items.flatMap((item) => (item.kind === 'list' ? item.items : [item])) : section === undefined ? [] : [section]) {
    if (part.kind !== 'map') continue;
    const name = part.get('name')?.text();
    if (name !== undefined && part.get('type') !== undefined) found.push([name, part, part.location]);
    else for (const [key, node] of part.entries) if (node.kind === 'map') found.push([key, node, part.keyLocation(key)]);
  }
  return found;
}
