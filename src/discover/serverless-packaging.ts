import type { Packaging } from '../model/function.ts';
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
  if (bundler !== undefined) return bundled(service, bundler.tool, service.section('custom', bundler.settings));
  const version = service.text(service.section('frameworkVersion'))?.trim() ?? '';
  const build = service.section('build');
  if (build?.get('esbuild') !== undefined && service.boolean(build.get('esbuild')) !== false) return bundled(service, 'esbuild', build.get('esbuild'));
  // Version 4 bundles TypeScript handlers by itself.
  if (/^[\^~>=\s]*4\b/.test(version) && typescript && build === undefined) return bundled(service, 'esbuild', undefined);
  const tool = service.plugins.includes('serverless-plugin-typescript') ? 'typescript' : 'serverless';
  return packaging('folder', tool, { folder: service.folder, ...ordered(patternsOf(service, fn)) });
}

/** Patterns in the order in which they count; a function's own only where functions are packed one by one. */
function patternsOf(service: Service, fn: ServiceFunction): string[] {
  const whole = service.section('package');
  const own = fn.node.get('package');
  const individually = service.boolean(whole?.get('individually')) === true || service.boolean(own?.get('individually')) === true;
  return [whole, ...(individually ? [own] : [])].flatMap((node) => {
    const exclude = service.texts(node?.get('exclude')).map((pattern) => (pattern.startsWith('!') ? pattern.slice(1) : `!${pattern}`));
    return [...exclude, ...service.texts(node?.get('include')), ...service.texts(node?.get('patterns'))];
  });
}

/** The last pattern that matches decides: where both kinds are mixed, `include` holds all of them in order, exclusions with their mark. */
function ordered(patterns: readonly string[]): Pick<Packaging, 'include' | 'exclude'> {
  const exclusions = patterns.filter((pattern) => pattern.startsWith('!'));
  if (exclusions.length === patterns.length) return { include: [], exclude: exclusions.map((pattern) => pattern.slice(1)) };
  return { include: patterns, exclude: [] };
}

function bundled(service: Service, tool: string, settings: DocNode | undefined): Packaging {
  const target = service.text(settings?.get('target'));
  const whole = tool === 'esbuild' && service.boolean(settings?.get('bundle')) === false;
  return packaging(whole ? 'folder' : 'bundled', tool, {
    folder: service.folder,
    external: [...new Set([...service.texts(settings?.get('external')), ...service.texts(settings?.get('exclude'))])],
    minify: service.boolean(settings?.get('minify')) ?? false,
    sourceMap: settings?.get('sourcemap') !== undefined && service.text(settings.get('sourcemap')) !== 'false',
    format: service.text(settings?.get('format')) === 'esm' ? 'esm' : 'cjs',
    ...(target === undefined ? {} : { target }),
  });
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
