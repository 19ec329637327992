import type { BindingFact, ImportFact, ModuleFacts } from '../model/facts.ts';
import type { Workspace } from '../model/workspace.ts';

/** A file of a server that Nitro builds, and the folder of its project. */
const serverFile = /^(.{0,500}?\/|)(?:server|api|routes|utils|middleware|plugins|tasks)\/.{1,500}\.[cm]?[jt]s$/;
const script = /\.[cm]?[jt]s$/;
const noSource = /\.d\.[cm]?ts$|[._-](?:test|spec)\.[cm]?[jt]s$/;
const maximumFiles = 1_000;
const maximumDepth = 300;

/** What a project's server code has without asking: exported names by the files that export them. */
type Names = ReadonlyMap<string, { readonly file: string; readonly exported: string }>;

/**
 * Names that server code of Nuxt and Nitro has without importing them: exports of `server/utils` (Nitro's own `utils`) and of the top level of
 * `shared/utils` and `shared/types`, default exports under the name of their file (Nuxt 4 documentation, "server/utils", "shared"; Nitro 2,
 * "Utils"; read 2026-11). Facts are given back with these names as the imports that the build makes of them.
 */
export class AutoImports {
  private readonly workspace: Workspace;
  private readonly load: (file: string) => ModuleFacts | undefined;
  private readonly roots = new Map<string, 'nuxt' | 'nitro' | undefined>();
  private readonly names = new Map<string, Names>();
  private readonly done = new Map<string, ModuleFacts>();

  /** @param load facts of a file as they are written */
  constructor(workspace: Workspace, load: (file: string) => ModuleFacts | undefined) {
    this.workspace = workspace;
    this.load = load;
  }

  apply(facts: ModuleFacts): ModuleFacts {
    // Asked with every look at a file: the answer is at hand before anything is matched.
    const known = this.done.get(facts.file);
    if (known) return known;
    const names = facts.globals.length > 0 && serverFile.test(facts.file) ? this.namesFor(facts.file) : undefined;
    const used = names ? facts.globals.filter((name) => names.has(name) && names.get(name)?.file !== facts.file) : [];
    const made = names && used.length > 0 ? withImports(facts, used, names) : facts;
    this.done.set(facts.file, made);
    return made;
  }

  /** Of the nearest project above a file that is one of Nuxt or Nitro. */
  private namesFor(file: string): Names | undefined {
    for (let path = file; ;) {
      const cut = path.lastIndexOf('/');
      const root = path.slice(0, cut + 1);
      const kind = this.kindOf(root);
      // Of an application of Nuxt the rest is what the browser loads.
      if (kind !== undefined) return kind === 'nitro' || /^(?:server|shared)\//.test(file.slice(root.length)) ? this.namesOf(root, kind) : undefined;
      if (cut < 0) return undefined;
      path = path.slice(0, cut);
    }
  }

  private kindOf(root: string): 'nuxt' | 'nitro' | undefined {
    if (!this.roots.has(root)) {
      const manifest = this.workspace.has(`${root}package.json`) ? (this.workspace.read(`${root}package.json`) ?? '').slice(0, 200_000) : '';
      this.roots.set(root, /"nuxt3?"[ \t]{0,5}:/.test(manifest) ? 'nuxt' : /"nitro(?:pack)?"[ \t]{0,5}:/.test(manifest) ? 'nitro' : undefined);
    }
    return this.roots.get(root);
  }

  private namesOf(root: string, kind: 'nuxt' | 'nitro'): Names {
    const known = this.names.get(root);
    if (known) return known;
    const found = new Map<string, { file: string; exported: string }>();
    this.names.set(root, found);
    const folders = kind === 'nuxt' ? [`${root}server/utils/`] : [`${root}server/utils/`, `${root}utils/`];
    const flat = kind === 'nuxt' ? [`${root}shared/utils/`, `${root}shared/types/`] : [];
    let count = 0;
    for (const file of this.workspace.files) {
      const inside = folders.some((folder) => file.startsWith(folder)) || flat.some((folder) => file.startsWith(folder) && !file.slice(folder.length).includes('/'));
      if (!inside || !script.test(file) || noSource.test(file) || ++count > maximumFiles) continue;
      for (const one of this.load(file)?.exports ?? []) {
        if (one.typeOnly || one.name === '*' || one.name === '=') continue;
        const name = one.name === 'default' ? nameOf(file) : one.name;
        if (!found.has(name)) found.set(name, { file, exported: one.name });
      }
    }
    return found;
  }
}

/** `send-mail.ts` is `sendMail`. */
const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(script, '').replace(/[-_.](\w)/g, (_, head: string) => head.toUpperCase());

function withImports(facts: ModuleFacts, used: readonly string[], names: Names): ModuleFacts {
  const place = { start: 0, end: 0 };
  const bindings = used.map((name): BindingFact => ({ ...place, name, kind: 'import', fn: 0, inLoop: false }));
  const numbers = new Map(used.map((name, index) => [name, facts.bindings.length + index]));
  const imports = used.map((name): ImportFact => {
    const { file, exported } = names.get(name) ?? { file: facts.file, exported: name };
    return { ...place, form: 'static', source: relative(facts.file, file), typeOnly: false, fn: 0, names: [{ imported: exported, binding: numbers.get(name) ?? 0, typeOnly: false }] };
  });
  const copies = new WeakMap<object, unknown>();
  const renamed = <T>(node: T): T => rewrite(node, numbers, copies, 0) as T;
  return {
    ...facts, imports: [...facts.imports, ...imports], bindings: [...facts.bindings, ...bindings], functions: renamed(facts.functions), classes: renamed(facts.classes),
    exports: renamed(facts.exports), globals: facts.globals.filter((name) => !numbers.has(name)),
  };
}

/** The same facts with references in the place of names that nothing declares; what holds none of them stays the very object. */
function rewrite(node: unknown, numbers: ReadonlyMap<string, number>, copies: WeakMap<object, unknown>, depth: number): unknown {
  if (typeof node !== 'object' || node === null || depth > maximumDepth) return node;
  if (copies.has(node)) return copies.get(node);
  let made: unknown = node;
  if (Array.isArray(node)) {
    const items: unknown[] = node.map((item: unknown) => rewrite(item, numbers, copies, depth + 1));
    if (items.some((item, index) => item !== node[index])) made = items;
  } else {
    const { kind, name, start, end } = node as { readonly kind?: unknown; readonly name?: unknown; readonly start?: unknown; readonly end?: unknown };
    const binding = kind === 'global' && typeof name === 'string' ? numbers.get(name) : undefined;
    if (binding !== undefined) made = { kind: 'ref', binding, start, end };
    else {
      const entries = Object.entries(node).map(([key, item]: [string, unknown]) => [key, rewrite(item, numbers, copies, depth + 1), item] as const);
      if (entries.some(([, after, before]) => after !== before)) made = Object.fromEntries(entries.map(([key, after]) => [key, after]));
    }
  }
  copies.set(node, made);
  return made;
}

/** The path by which one file imports another. */
function relative(from: string, to: string): string {
  const [home, target] = [from.split('/').slice(0, -1), to.replace(script, '').split('/')];
  let same = 0;
  while (same < home.length && same < target.length - 1 && home[same] === target[same]) same++;
  const up = home.length - same;
  return `${up === 0 ? './' : '../'.repeat(up)}${target.slice(same).join('/')}`;
}
