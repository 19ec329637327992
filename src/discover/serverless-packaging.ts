import type { Packaging } from '../model/function.ts';
import { buildSettings, documentOptions } from './bundler-settings.ts';
import { packaging } from './cloudformation-handler.ts';
import type { DocNode } from './document-node.ts';
import type { Service, ServiceFunction } from './serverless-service.ts';
import { joinInRoot } from './source-path-names.ts';

/** Plugins that bundle a handler, with their settings below `custom`. */
const bundlers: readonly { readonly plugin: string; readonly tool: string; readonly settings: string }[] = [
  { plugin: 'serverless-esbuild', tool: 'esbuild', settings: 'esbuild' },
  { plugin: 'serverless-webpack', tool: 'webpack', settings: 'webpack' },
  { plugin: 'serverless-bundle', tool: 'webpack', settings: 'bundle' },
  { plugin: 'serverless-plugin-optimize', tool: 'browserify', settings: 'optimize' },
  { plugin: 'serverless-rollup-plugin', tool: 'rollup', settings: 'rollup' },
  { plugin: 'serverless-vite', tool: 'vite', settings: 'vite' },
];

/**
 * How the framework packs one function: a plugin's bundler, version 4's own esbuild, a ready artifact, or the service's
 * folder with patterns (documentation, "Packaging").
 */
export function packagingOf(service: Service, fn: ServiceFunction, typescript: boolean): Packaging {
  const artifact = service.text(fn.node.at('package', 'artifact')) ?? service.text(service.section('package', 'artifact'));
  if (artifact !== undefined) return packaging('unknown', 'artifact');
  const bundler = bundlers.find((one) => service.plugins.includes(one.plugin));
  const together = isAlone(service, fn) ? {} : { oneArchive: true as const };
  if (bundler !== undefined) return { ...bundled(service, bundler.tool, service.section('custom', bundler.settings), bundler.plugin), ...together };
  const version = service.text(service.section('frameworkVersion'))?.trim() ?? '';
  const build = service.section('build');
  if (build?.get('esbuild') !== undefined && service.boolean(build.get('esbuild')) !== false) return { ...bundled(service, 'esbuild', build.get('esbuild'), 'serverless'), ...together };
  // Version 4 bundles TypeScript handlers by itself.
  if (/^[\^~>=\s]*4\b/.test(version) && typescript && build === undefined) return { ...bundled(service, 'esbuild', undefined, 'serverless'), ...together };
  const tool = service.plugins.includes('serverless-plugin-typescript') ? 'typescript' : 'serverless';
  return packaging('folder', tool, { folder: service.folder, ...ordered(patternsOf(service, fn)) });
}

/** Patterns in the order in which they count; a function's own only where functions are packed one by one. */
function patternsOf(service: Service, fn: ServiceFunction): string[] {
  return [service.section('package'), ...(isAlone(service, fn) ? [fn.node.get('package')] : [])].flatMap((node) => {
    const exclude = service.texts(node?.get('exclude')).map((pattern) => (pattern.startsWith('!') ? pattern.slice(1) : `!${pattern}`));
    return [...exclude, ...service.texts(node?.get('include')), ...service.texts(node?.get('patterns'))];
  });
}

/** Whether the function has an archive of its own; by default one archive holds them all. */
function isAlone(service: Service, fn: ServiceFunction): boolean {
  return [service.section('package'), fn.node.get('package')].some((node) => service.boolean(node?.get('individually')) === true);
}

/** The last pattern that matches decides: where both kinds are mixed, `include` holds all of them in order, exclusions with their mark. */
function ordered(patterns: readonly string[]): Pick<Packaging, 'include' | 'exclude'> {
  const exclusions = patterns.filter((pattern) => pattern.startsWith('!'));
  if (exclusions.length === patterns.length) return { include: [], exclude: exclusions.map((pattern) => pattern.slice(1)) };
  return { include: patterns, exclude: [] };
}

function bundled(service: Service, tool: string, settings: DocNode | undefined, by: string): Packaging {
  const target = service.text(settings?.get('target'));
  const whole = tool === 'esbuild' && service.boolean(settings?.get('bundle')) === false;
  const sourceMap = settings?.get('sourcemap');
  const mode = service.text(sourceMap?.kind === 'map' ? sourceMap.get('type') : sourceMap);
  const framework = by === 'serverless';
  const exclude = service.texts(settings?.get('exclude'));
  const external = service.texts(settings?.get('external'));
  // The framework itself takes the format from the manifest and writes source maps unless told not to (packages/serverless/lib/plugins/esbuild, read 2026-11).
  const format = service.text(settings?.get('format')) ?? (framework && isModule(service) ? 'esm' : 'cjs');
  const raw = new Map(tool === 'esbuild' ? documentOptions(settings) : []);
  if (mode !== undefined && /^(?:inline|external|linked|both)$/.test(mode)) raw.set('sourceMapMode', mode);
  return packaging(whole ? 'folder' : 'bundled', tool, {
    folder: service.folder,
    external: [...new Set([...external, ...exclude])],
    minify: service.boolean(settings?.get('minify')) ?? false,
    sourceMap: sourceMap === undefined ? framework : mode !== 'false',
    format: format === 'esm' ? 'esm' : 'cjs', by,
    build: buildSettings(raw, { folder: service.folder, install: external.filter((name) => !exclude.includes(name)), ...(settings?.get('exclude') === undefined ? {} : { ownExternals: true as const }) }),
    ...(target === undefined ? {} : { target }),
  });
}

function isModule(service: Service): boolean {
  const text = service.context.workspace.read(service.folder === '' ? 'package.json' : `${service.folder}/package.json`);
  return text !== undefined && /"type"\s*:\s*"module"/.test(text);
}

/** Folder of a layer that the service declares itself. */
export function layerFolder(service: Service, key: string): string | undefined {
  const layers = service.section('layers');
  for (const [name, node] of layers?.entries ?? []) {
    const path = service.text(node.get('path'));
    if (key === name && path !== undefined) return joinInRoot(service.folder, path);
  }
  return undefined;
}
