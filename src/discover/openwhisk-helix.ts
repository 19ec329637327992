import type { Platform, Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { DocNode } from './document-node.ts';
import { isAside } from './path-aside.ts';
import type { ReadContext, Reader } from './reader.ts';
import { folderOf, withoutExtension } from './source-path-names.ts';

/**
 * Functions that `hedy` (package @adobe/helix-deploy, README, read 2026-11) builds from a package: its settings stand in the
 * manifest below `hlx`, or `wsk` with the older `wsk-builder`. It bundles `src/index.js` and deploys its `main`.
 */
export const helixReader: Reader = {
  name: 'helix-deploy',
  about: {
    format: 'Adobe helix-deploy', platform: 'OpenWhisk, AWS', files: '`hlx` or `wsk` in `package.json`',
    reads: 'what it deploys, targets, limits',
    not: 'other entry points than the one it bundles',
  },
  matches: (file) => (file === 'package.json' || file.endsWith('/package.json')) && !isAside(file),
  sniff: (text) => /"(?:hlx|wsk)"\s{0,20}:\s{0,20}\{/.test(text) && /\bhedy\b|@adobe\/helix-deploy|openwhisk-action-builder/.test(text),
  read(file, context) {
    const root = context.document(file, { format: 'jsonc' })?.roots[0];
    const settings = root?.get('hlx') ?? root?.get('wsk');
    if (root === undefined || settings?.kind !== 'map') return;
    const key = root.get('hlx') === undefined ? 'wsk' : 'hlx';
    const folder = folderOf(file);
    const written = setting(settings, 'entryFile', 'entry-file')?.text() ?? 'src/index.js';
    const source = context.sourceOf(folder, folder, withoutExtension(written.replace(/^(?:\.\/)+/, '')));
    const name = (setting(settings, 'name')?.text() ?? root.get('name')?.text() ?? 'main').replace(/@\$\{[^}]{0,50}\}$/, '');
    const location = root.keyLocation(key);
    if ('gap' in source) {
      context.gap({ kind: 'handler', file, line: location.line, message: `${name}: ${source.gap}` });
      return;
    }
    context.used(file);
    for (const platform of platforms(settings, key)) add(context, file, { name, platform, source: source.file, settings, location });
  },
};

/** A setting, also one that no command line may override (`awsRole!important`). */
function setting(settings: DocNode, ...names: readonly string[]): DocNode | undefined {
  return names.map((name) => settings.get(name) ?? settings.get(`${name}!important`)).find((node) => node !== undefined);
}

/** Without a target the tool takes those that are configured. */
function platforms(settings: DocNode, key: string): readonly Platform[] {
  const node = setting(settings, 'target');
  const names = (node?.kind === 'list' ? node.items.map((item) => item.text() ?? '') : [node?.text() ?? 'auto']).flatMap((text) => text.split(','));
  const known = names.flatMap((name): Platform[] => (name === 'aws' ? ['aws'] : name === 'google' ? ['google'] : name === 'wsk' ? ['openwhisk'] : []));
  if (known.length > 0) return known;
  if (key === 'wsk') return ['openwhisk'];
  const prefixed = (prefix: string): boolean => [...settings.entries.keys()].some((name) => name.startsWith(prefix));
  return prefixed('aws') ? ['aws'] : prefixed('google') ? ['google'] : ['openwhisk'];
}

function add(context: ReadContext, unit: string, { name, platform, source, settings, location }: { readonly name: string; readonly platform: Platform; readonly source: string; readonly settings: DocNode; readonly location: Location }): void {
  const timeout = setting(settings, 'timeout');
  const memory = setting(settings, 'memory');
  const node = setting(settings, 'nodeVersion', 'node-version');
  const milliseconds = timeout?.number();
  const megabytes = memory?.number();
  const version = node?.text();
  const secured = setting(settings, 'web-secure', 'webSecure') !== undefined;
  const exported = setting(settings, 'web-export', 'webExport')?.boolean() !== false;
  const triggers: Trigger[] = platform === 'openwhisk' && exported ? [{ kind: 'http', source: 'web', filters: [{ kind: 'route', method: '*', path: `/${name}` }], auth: { kind: secured ? 'key' : 'none', location }, location }] : [];
  context.addFunction({
    id: `${unit}#${name}${platform === 'openwhisk' ? '' : `@${platform}`}`, name: `${name}${platform === 'openwhisk' ? '' : `@${platform}`}`, unit, platform, handlers: [{ file: source, export: 'main', kind: 'handler' }], triggers, declaredAt: [location], foundBy: 'infrastructure', physicalName: literal(name),
    environment: new Map(), layers: [], mounts: [], destinations: [],
    packaging: { form: 'bundled', tool: 'webpack', include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'cjs' },
    ...(timeout === undefined || milliseconds === undefined ? {} : { timeoutSeconds: { value: milliseconds / 1_000, location: timeout.location } }),
    ...(memory === undefined || megabytes === undefined ? {} : { memoryMb: { value: megabytes, location: memory.location } }),
    ...(node === undefined || version === undefined ? {} : { runtime: { value: platform === 'aws' ? `nodejs${version}.x` : `nodejs:${version}`, location: node.location } }),
  });
}
