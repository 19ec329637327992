import type { DocNode } from './document-node.ts';
import type { ReadContext } from './reader.ts';
import { folderOf, joinInRoot } from './source-path-names.ts';

const maximumIncludes = 10;

/** A node with the file that it stands in: paths in it are relative to that file's folder. */
export interface Part {
  readonly node: DocNode;
  readonly file: string;
}

/** A package of actions in a manifest. */
export interface WhiskPackage {
  /** `default` for the one without a name. */
  readonly name: string;
  readonly part: Part;
}

/** One manifest of a file, with the folder of sources that its application names. */
export interface Manifest {
  readonly packages: readonly WhiskPackage[];
  /** Folder of the actions' sources (`application.actions`), relative to the root. */
  readonly actionsFolder: string | undefined;
}

/** Reads manifests through `$include` (App Builder documentation, "Configuration files", read 2026-11). */
export class Manifests {
  readonly #context: ReadContext;
  #includes = 0;

  constructor(context: ReadContext) {
    this.#context = context;
  }

  /** Every manifest of a file: its own packages, and those of an application and its extensions. */
  of(file: string): readonly Manifest[] {
    const document = this.#context.document(file, { version: '1.2' });
    const broken = document?.errors.find((error) => error.kind !== 'duplicate');
    const root = document?.roots[0];
    if (root?.kind !== 'map') return [];
    const part: Part = { node: root, file };
    const extensions = this.child(part, 'extensions');
    const holders = [part, this.child(part, 'application'), ...this.entries(extensions).map(([, one]) => one)].filter((one) => one !== undefined);
    const found = holders.flatMap((holder): Manifest[] => {
      const manifest = this.child(holder, 'runtimeManifest') ?? (holder.node.get('actions')?.kind === 'map' && holder !== part ? holder : undefined);
      const packages = [...(manifest === undefined ? [] : this.#packages(manifest)), ...(holder === part ? this.#packages(part) : [])];
      if (packages.length === 0) return [];
      return [{ packages, actionsFolder: joinInRoot(folderOf(holder.file), holder.node.get('actions')?.text() ?? 'actions') }];
    });
    if (broken !== undefined && found.length > 0) this.#context.problem({ file, reason: `line ${broken.line}: ${broken.message}` });
    return found;
  }

  /** `packages`, `project.packages`, or the one `package` of old manifests; only those that hold something of OpenWhisk's. */
  #packages(part: Part): readonly WhiskPackage[] {
    const project = this.child(part, 'project');
    const lists = [this.child(part, 'packages'), project === undefined ? undefined : this.child(project, 'packages')];
    const found = lists.flatMap((list) => this.entries(list).map(([name, one]): WhiskPackage => ({ name, part: one })));
    const old = this.child(part, 'package');
    if (old !== undefined) found.push({ name: old.node.get('name')?.text() ?? 'default', part: old });
    return found.filter(({ part: { node } }) => ['actions', 'sequences', 'triggers', 'rules'].some((key) => node.get(key) !== undefined));
  }

  /** The value of a key, through `$include`. */
  child(part: Part, key: string): Part | undefined {
    const node = part.node.get(key);
    return node === undefined ? undefined : this.#included({ node, file: part.file });
  }

  /** Entries of a map whose values are maps, each through `$include`. */
  entries(part: Part | undefined): readonly (readonly [string, Part])[] {
    if (part === undefined || part.node.kind !== 'map') return [];
    return [...part.node.entries].flatMap(([name, node]): (readonly [string, Part])[] => {
      const one = this.#included({ node, file: part.file });
      return one?.node.kind === 'map' ? [[name, one]] : [];
    });
  }

  #included(part: Part): Part | undefined {
    const include = part.node.get('$include');
    const path = include?.text();
    if (include === undefined || path === undefined) return part;
    const target = joinInRoot(folderOf(part.file), path);
    // A configuration file of its own is read on its own.
    if (target !== undefined && isManifestName(target) && this.#context.workspace.has(target)) return undefined;
    const root = target === undefined || ++this.#includes > maximumIncludes * 50 ? undefined : this.#context.document(target, { version: '1.2' })?.roots[0];
    if (root === undefined || target === undefined) {
      this.#context.gap({ kind: 'include', file: part.file, line: include.line, message: `$include of ${path.slice(0, 200)} does not lead to a file of the repository` });
      return undefined;
    }
    this.#context.used(target);
    return root.get('$include') === undefined ? { node: root, file: target } : undefined;
  }
}

/** Names under which the tools look for manifests: wskdeploy, `aio app`. */
export function isManifestName(file: string): boolean {
  return /(?:^|\/)(?:[\w.-]{0,60}manifest[\w.-]{0,60}|app\.config|ext\.config)\.ya?ml$/.test(file);
}
