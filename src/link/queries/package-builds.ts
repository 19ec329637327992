import type { ManifestFacts, PackageFacts } from '../../model/project.ts';
import { dirname, join } from '../folders.ts';

/** Commands of package managers that install packages, with what follows them up to the end of the command. */
const installs = /\b(?:npm|pnpm|yarn|bun)\s[^&|;\n]{0,400}/g;
/** Where a command installs, instead of in the folder it is called in (npm `--prefix`, pnpm `--dir`, Yarn and Bun `--cwd`; November 2026). */
const target = /(?:--prefix|--dir|--cwd|-C)[=\s]\s{0,10}["']?([^\s"']{1,200})/;

/** A package that is installed from its folder: `npm install --prefix ./src ./`. */
const isPath = /^(?:\.{1,2}(?:\/|$)|\/?[\w-]+\/$)/;
/** `cp -r node_modules src/`, `mv ./node_modules src/node_modules`, `rsync -a node_modules/ dist/node_modules`. */
const copies = /(?<![\w.-])(?:cp|mv|rsync|cpx|shx\s+cp|shx\s+mv)\s(?:-{1,2}[\w-]{1,30}\s{1,10}){0,5}["']?((?:[\w.-]{1,100}\/){0,10})node_modules(?:\/\*?)?["']?\s{1,10}["']?([^\s"'&;|]{1,200})/g;

/** Whether the manifest of a folder, other than the packaged one, needs a package in production. */
const lists = (packages: PackageFacts, at: string | undefined, folder: string, name: string): boolean => at !== undefined && at !== folder && packages.manifest(at)?.production.has(name) === true;

/**
 * The manifest whose scripts install a package into a folder that has no manifest that lists it: `npm install sharp --prefix DIR`,
 * `cd DIR && npm install sharp`; or all that another manifest lists: `npm install --prefix DIR ./`, `cp -r node_modules DIR`.
 *
 * @param folder relative to the root
 */
export function installedBy(packages: PackageFacts, folder: string, name: string): string | undefined {
  return packages.manifestsAbove(folder === '' ? 'package.json' : `${folder}/package.json`).find((manifest) => {
    const home = dirname(manifest.file);
    return manifest.scripts.some((script) => [...script.matchAll(installs)].some((match) => {
      const [command] = match;
      const words = command.split(/\s+/).map((word) => word.replace(/^["']|["']$/g, ''));
      if (!/^(?:install|i|add)$/.test(words.find((word, index) => index > 0 && /^(?:install|i|add|ci|run|exec|test)$/.test(word)) ?? '')) return false;
      const entered = [...script.slice(0, match.index).matchAll(/\bcd\s{1,10}["']?([^\s"'&;|]{1,200})/g)].at(-1)?.[1] ?? '';
      const at = join(home, entered);
      if (at === undefined || join(at, target.exec(command)?.[1] ?? '') !== folder) return false;
      return words.some((word) => word === name || word.startsWith(`${name}@`) || isPath.test(word) && lists(packages, join(at, word), folder, name));
    }) || [...script.matchAll(copies)].some(([, from = '', to = '']) => {
      const source = join(home, from);
      const goal = join(home, to)?.replace(/\/node_modules$/, '');
      return goal === folder && lists(packages, source, folder, name);
    }));
  })?.file;
}

/** What turns one source into one file, or builds nothing; imports stay what they are. */
const leavesImports = /(?:^|[\s&|;/])(?:tsc|ttsc|tspc|jsii|babel|swc|tsgo)(?=$|[\s&|;])/;
const builds = /\b(?:build|bundle|compile|package|pack)\b/;

/**
 * Whether a folder that is named in the sources of a package stands for what its build makes of it, and the build is not one that
 * leaves imports as they are: a handler in TypeScript below the folder of the sources, in a package whose entry lies elsewhere.
 *
 * @param handler file of the handler, as it is written
 * @param folder the packaged folder, relative to the root
 * @returns the manifest that says so
 */
export function isOutput(packages: PackageFacts, handler: string, folder: string): string | undefined {
  if (!/\.[mc]?tsx?$/.test(handler)) return undefined;
  const manifest: ManifestFacts | undefined = packages.manifestsAbove(handler)[0];
  const home = manifest && dirname(manifest.file);
  if (!manifest || home === undefined || home === folder || manifest.main === undefined || manifest.scripts.length === 0) return undefined;
  const below = (path: string): string => path.replace(/^\.\//, '').split('/')[0] ?? '';
  const sources = below(folder.slice(home === '' ? 0 : home.length + 1));
  if (sources === below(manifest.main) || !manifest.main.includes('/')) return undefined;
  return manifest.scripts.some((script) => builds.test(script)) && !manifest.scripts.some((script) => leavesImports.test(script)) ? manifest.file : undefined;
}
