import type { Located } from '../model/location.ts';
import type { ReadContext } from './reader.ts';
import { joinInRoot, withoutExtension } from './source-path-names.ts';

/** Folders of tests, emulators and documentation: what is declared there is run to try something out, not deployed. */
export const isAside = (file: string): boolean => /(?:^|\/)(?:node_modules|_?emulators?|__tests__|__mocks__|__fixtures__|tests?|integration-tests?|e2e|mocks?|docs?)\//.test(file);

/** What the manifest of a deployed folder says. */
export interface CodeManifest {
  readonly file: string;
  /** `main` as written; `index.js` where it is not. */
  readonly main: string;
  readonly mainWritten: boolean;
  readonly engine?: Located<string>;
  readonly scripts: ReadonlyMap<string, Located<string>>;
  /** Range of versions that the manifest asks for of a package, development dependencies included. */
  dependency(name: string): string | undefined;
}

/** The manifest in a folder; `undefined` when there is none that can be read. */
export function codeManifest(context: ReadContext, folder: string): CodeManifest | undefined {
  const file = folder === '' ? 'package.json' : `${folder}/package.json`;
  const root = context.workspace.has(file) ? context.document(file, { format: 'jsonc' })?.roots[0] : undefined;
  if (root === undefined) return undefined;
  const main = root.get('main')?.text();
  const engine = root.at('engines', 'node')?.text();
  const scripts = root.get('scripts');
  return {
    file, main: main ?? 'index.js', mainWritten: main !== undefined,
    ...(engine === undefined ? {} : { engine: { value: engine, location: (root.get('engines') ?? root).keyLocation('node') } }),
    scripts: new Map([...(scripts?.entries ?? [])].flatMap(([name, node]) => { const text = node.text(); return text === undefined ? [] : [[name, { value: text, location: scripts?.keyLocation(name) ?? node.location }] as const]; })),
    dependency: (name) => ['dependencies', 'devDependencies', 'peerDependencies'].map((key) => root.at(key, name)?.text()).find((text) => text !== undefined),
  };
}

/** First number of a range of versions: 6 of `^6.0.1`; `undefined` for `latest`, `*`, paths. */
export function majorOf(range: string | undefined): number | undefined {
  const digits = range === undefined ? undefined : /^(?:npm:[^@]{0,100}@)?[\^~>=v\s]{0,5}(\d{1,4})(?:\.|$|\s|-)/.exec(range)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * The runtime that `engines.node` names, `nodejs20`: one version and nothing else. An open range (`>=16`) or a choice only says what the
 * code bears: Google builds with the newest version that satisfies it, and Firebase takes no range at all (Google Cloud documentation,
 * "Building a Node.js application": specify the Node.js version; firebase-tools, `runtimes/node/parseRuntimeAndValidateSDK.ts`; read 2026-11).
 */
export function engineRuntime(engine: Located<string> | undefined): Located<string> | undefined {
  const major = engine === undefined ? undefined : /^[\s=^~v]{0,5}(\d{1,3})(?:\.(?:x|\*|\d{1,4})){0,3}\s{0,5}$/i.exec(engine.value)?.[1];
  return engine === undefined || major === undefined ? undefined : { value: `nodejs${major}`, location: engine.location };
}

/** The source of a folder's main module, or why there is none. */
export function mainSource(context: ReadContext, folder: string, main: string): { readonly file: string } | { readonly gap: string } {
  const path = joinInRoot(folder, main.replace(/^\.\//, ''));
  if (path === undefined) return { gap: `main "${main.slice(0, 200)}" lies outside the repository` };
  const found = context.sourceOf(folder, folder, withoutExtension(main));
  if ('file' in found || /\.[cm]?js$/.test(main)) return found;
  // A folder stands for its index.
  const index = context.sourceOf(folder, folder, `${main.replace(/\/$/, '')}/index`);
  return 'file' in index ? index : found;
}
