import type { FactsLoader } from '../extract/load.ts';
import type { Gap, Infrastructure, ServerlessFunction } from '../model/function.ts';
import type { BundleResult } from '../model/finding.ts';
import type { ProjectView } from '../model/project.ts';
import type { Workspace } from '../model/workspace.ts';
import { AutoImports } from './auto-imports.ts';
import { locate } from './locate.ts';
import { Modules } from './modules.ts';
import { packageFacts, type Sizes } from './packages.ts';
import { Resolver } from './resolve.ts';
import { TypeOracle, type OracleStats } from './types/oracle.ts';
import { LinkedFunction } from './view.ts';

export interface LinkInput {
  /** Absent in the editor's view, where only the open file is known. */
  readonly workspace?: Workspace;
  readonly infrastructure: Infrastructure;
  /** Functions whose code is looked at; the others are known by what declares them. Default: all. */
  readonly analysed?: readonly ServerlessFunction[];
  readonly loader: FactsLoader;
  /** Where manifests are read, when that is not `workspace`: the editor knows them too. */
  readonly manifests?: Workspace;
  /** Sizes of files and of installed packages. */
  readonly sizes?: Sizes;
  readonly date: string;
  readonly whole: boolean;
  readonly bundles?: readonly BundleResult[];
  /** Ask TypeScript's inference where names and declared types give up (whole projects only). Default true. */
  readonly typeOracle?: boolean;
}

/** What `link` gives: the project, and what the type oracle cost. */
export interface LinkedProject extends ProjectView {
  readonly typeOracle: Readonly<OracleStats>;
}

/** Joins facts and infrastructure into the project that rules look at. Nothing is computed before a rule asks. */
export function link(input: LinkInput): LinkedProject {
  const resolver = input.workspace && input.whole ? new Resolver(input.workspace, layerRoots(input.workspace)) : undefined;
  const modules = new Modules(input.loader, resolver, !input.whole && input.manifests ? ownResolver(input.manifests) : undefined, resolver && input.workspace ? new AutoImports(input.workspace, (file) => input.loader.facts(file)) : undefined);
  const oracle = input.workspace && input.whole && input.typeOracle !== false ? new TypeOracle(input.workspace, modules) : undefined;
  const functions: LinkedFunction[] = [];
  const readable = input.manifests ?? input.workspace;
  const packages = readable ? packageFacts(readable, input.sizes) : undefined;
  const project: LinkedProject = {
    ...(packages ? { packages } : {}),
    typeOracle: oracle?.stats ?? { files: 0, questions: 0, milliseconds: 0 },
    functions, infrastructure: input.infrastructure, bundles: input.bundles ?? [], whole: input.whole, date: input.date,
    resources: new Map(input.infrastructure.resources.map((resource) => [resource.id, resource])),
    get gaps(): readonly Gap[] { return [...modules.gaps.values(), ...(packages?.gaps?.() ?? []), ...(oracle?.gaps.values() ?? []), ...functions.flatMap((item) => [...item.unresolved].map((message): Gap => ({ kind: 'handler', file: item.fn.declaredAt[0]?.file ?? item.fn.unit, message, ...(item.fn.declaredAt[0] ? { line: item.fn.declaredAt[0].line } : {}) }))), ...functions.filter((item) => item.wasCut).map((item): Gap => ({ kind: 'call graph', file: item.fn.unit, message: `${item.fn.name} reaches more than 2,000 function bodies; the rest is not followed` }))]; },
    facts: (file) => modules.facts(file),
    location: (place) => locate(modules.facts(place.file), place),
  };
  for (const fn of input.analysed ?? input.infrastructure.functions) functions.push(new LinkedFunction(fn, project, modules, oracle));
  return project;
}

const ownResolvers = new WeakMap<Workspace, Resolver>();

/** The resolver by which the editor tells the repository's own packages and paths from installed ones; made once. */
function ownResolver(workspace: Workspace): Resolver {
  let resolver = ownResolvers.get(workspace);
  if (!resolver) {
    resolver = new Resolver(workspace, layerRoots(workspace));
    ownResolvers.set(workspace, resolver);
  }
  return resolver;
}

/** A layer's content is unpacked under /opt, and `/opt/nodejs/node_modules` is on the module path of every function. */
function layerRoots(workspace: Workspace): { prefix: string; dir: string }[] {
  const roots = new Map<string, string>();
  for (const file of workspace.files) {
    const at = /^(.*?)(^|\/)nodejs\//.exec(file);
    if (at && !roots.has(at[1] ?? '')) roots.set(at[1] ?? '', '');
  }
  return [...roots.keys()].sort().map((dir) => ({ prefix: '/opt/', dir }));
}
