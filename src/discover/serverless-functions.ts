import type { Handler, Platform, ServerlessFunction } from '../model/function.ts';
import type { Located } from '../model/location.ts';
import { literal, unknown } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import { splitHandler } from './cloudformation-handler.ts';
import { template as textOf } from './cloudformation-values.ts';
import { workerHandlers } from './cloudflare-module.ts';
import { eventsOf, eventTargets } from './serverless-events.ts';
import { layerFolder, packagingOf } from './serverless-packaging.ts';
import { normalizedName } from './serverless-service.ts';
import type { Service, ServiceFunction } from './serverless-service.ts';

/** What a function gets that says nothing (Serverless Framework documentation, AWS "Functions": 6 seconds, 1024 MB; read 2026-11). */
const defaults = { timeoutSeconds: 6, memoryMb: 1024 };

/** Variables in which instrumentation that replaces the handler keeps the true one. */
const wrappedHandlers: readonly string[] = ['DD_LAMBDA_HANDLER', 'NEW_RELIC_LAMBDA_HANDLER', 'LUMIGO_ORIGINAL_HANDLER', 'ORIGINAL_HANDLER', 'EPSAGON_HANDLER'];

/** One function of a service, or `undefined` when it is certainly no JavaScript. */
export function readServiceFunction(service: Service, fn: ServiceFunction, platform: Platform): ServerlessFunction | undefined {
  const runtime = service.located(fn, 'runtime', (node) => service.text(node));
  if (runtime !== undefined && !/^(?:nodejs|node\b|provided)/i.test(runtime.value)) return undefined;
  const environment = environmentOf(service, fn);
  const handler = handlerOf(service, fn, platform, environment);
  const known = handler !== undefined && 'handler' in handler;
  if (runtime?.value.startsWith('provided') === true && !known) return undefined;
  if (handler !== undefined && 'gap' in handler) service.gap('handler', `${fn.name}: ${handler.gap}`, handler.at);
  const handlers = known ? [handler.handler, ...handler.more ?? []] : [];
  const image = fn.node.get('image') !== undefined;
  const packaging = image ? undefined : packagingOf(service, fn, handlers.some((one) => /\.[cm]?tsx?$/.test(one.file)));
  const layers = service.setting(fn, 'layers');
  const written = service.setting(fn, 'environment');
  const reserved = service.located(fn, 'reservedConcurrency', (node) => service.number(node));
  return {
    id: `${service.file}#${fn.name}`, name: fn.name, unit: service.file, platform, handlers,
    triggers: eventsOf(service, fn), declaredAt: [fn.location], foundBy: 'infrastructure', environment,
    ...(platform === 'aws' ? { physicalName: physicalName(service, fn) } : {}),
    ...limits(service, fn, platform),
    ...(runtime === undefined ? {} : { runtime }),
    ...architecture(service, fn),
    ...(packaging === undefined ? {} : { packaging }),
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    ...(layers === undefined ? {} : { layersAt: layers.location }),
    ...(written === undefined ? {} : { environmentAt: written.location }),
    layers: [...(layers?.node.items ?? []).map((node) => layer(service, service.value(node))), ...layersOfPlugins(service)],
    mounts: mounts(service, fn),
    destinations: [...destinations(service, fn), ...eventTargets(service, fn).failures],
    ...recursiveLoop(service, fn),
    ...(platform === 'aws' ? extras(service, fn) : {}),
    ...region(service),
  };
}

function physicalName(service: Service, fn: ServiceFunction): Value {
  const declared = service.valueOf(fn.node.get('name'));
  return declared ?? textOf([service.name, literal('-'), service.stage, literal('-'), literal(fn.name)]);
}

function limits(service: Service, fn: ServiceFunction, platform: Platform): { timeoutSeconds?: Located<number>; timeoutUnknown?: true; memoryMb?: Located<number>; memoryUnknown?: true } {
  const timeout = service.located(fn, 'timeout', (node) => service.number(node));
  const memory = service.located(fn, 'memorySize', (node) => service.number(node));
  if (platform !== 'aws') return { ...(timeout === undefined ? {} : { timeoutSeconds: timeout }), ...(memory === undefined ? {} : { memoryMb: memory }) };
  // A value that is stated and not known is not the default.
  const stated = (key: string): boolean => service.setting(fn, key) !== undefined;
  return {
    ...(timeout !== undefined ? { timeoutSeconds: timeout } : stated('timeout') ? { timeoutUnknown: true as const } : { timeoutSeconds: { value: defaults.timeoutSeconds, location: fn.location } }),
    ...(memory !== undefined ? { memoryMb: memory } : stated('memorySize') ? { memoryUnknown: true as const } : { memoryMb: { value: defaults.memoryMb, location: fn.location } }),
  };
}

function architecture(service: Service, fn: ServiceFunction): { architecture?: string } {
  const value = service.located(fn, 'architecture', (node) => service.text(node))?.value;
  return value === undefined ? {} : { architecture: value };
}

function recursiveLoop(service: Service, fn: ServiceFunction): { recursiveLoop?: Located<'Allow' | 'Terminate'> } {
  const value = service.located(fn, 'recursiveLoop', (node) => {
    const text = service.text(node);
    return text === 'Allow' || text === 'Terminate' ? text : undefined;
  });
  return value === undefined ? {} : { recursiveLoop: value };
}

/** Further settings of AWS functions (documentation, "Serverless.yml reference", read 2026-11). */
function extras(service: Service, fn: ServiceFunction): Partial<ServerlessFunction> {
  const count = (key: string): Located<number> | undefined => service.located(fn, key, (node) => service.number(node.kind === 'map' ? node.get('executions') : node));
  const [provisioned, ephemeral, retries] = [count('provisionedConcurrency'), count('ephemeralStorageSize'), count('maximumRetryAttempts')];
  const own = fn.node.get('tracing');
  const shared = service.provider?.get('tracing');
  const traced = own !== undefined ? { node: own, location: fn.node.keyLocation('tracing') } : shared?.get('lambda') && { node: shared.get('lambda'), location: shared.keyLocation('lambda') };
  const mode = traced && (service.boolean(traced.node) ?? service.text(traced.node) === 'Active');
  const atEdge = (fn.node.get('events')?.items ?? []).some((item) => item.get('cloudFront') !== undefined);
  return {
    ...(provisioned === undefined ? {} : { provisionedConcurrency: provisioned }),
    ...(ephemeral === undefined ? {} : { ephemeralStorageMb: ephemeral }),
    ...(retries === undefined ? {} : { maximumRetryAttempts: retries }),
    ...(traced === undefined || mode === undefined ? {} : { tracing: { value: mode, location: traced.location } }),
    ...(atEdge ? { generation: 'edge' } : {}),
  };
}

function region(service: Service): Pick<ServerlessFunction, 'region'> {
  const value = service.valueOf(service.provider?.get('region'));
  return value === undefined ? {} : { region: value };
}

function environmentOf(service: Service, fn: ServiceFunction): Map<string, Value> {
  const environment = new Map<string, Value>();
  for (const level of [service.provider, fn.node]) {
    for (const [name, node] of level?.get('environment')?.entries ?? []) {
      const value = service.valueOf(node);
      // `null` takes a provider's variable away.
      if (value === undefined) environment.delete(name);
      else environment.set(name, value);
    }
  }
  return environment;
}

type Found = { readonly handler: Handler; readonly more?: readonly Handler[] } | { readonly gap: string; readonly at: ServiceFunction['location'] };

function handlerOf(service: Service, fn: ServiceFunction, platform: Platform, environment: ReadonlyMap<string, Value>): Found | undefined {
  const image = fn.node.get('image');
  const key = ['handler', 'script'].find((name) => fn.node.get(name) !== undefined);
  const node = image?.kind === 'map' ? image.at('command', 0) : key === undefined ? undefined : fn.node.get(key);
  const at = key === undefined ? fn.location : fn.node.keyLocation(key);
  if (node === undefined) return image === undefined ? { gap: 'no handler is given', at } : { gap: 'the handler is in the image', at };
  const text = service.text(node);
  if (text === undefined) return { gap: 'the handler is not known before deployment', at };
  const wrapped = /(?:^|\/)node_modules\/|^\/opt\//.test(text) ? wrappedHandlers.map((name) => environment.get(name)).find((value) => value?.kind === 'literal') : undefined;
  const stated = wrapped?.kind === 'literal' && typeof wrapped.value === 'string' ? wrapped.value : text;
  if (platform === 'google') return googleHandler(service, stated, at);
  const found = [splitHandler(stated), splitLast(stated)].filter((split) => split !== undefined);
  let gap = `handler "${stated.slice(0, 200)}" names no export`;
  for (const [index, split] of found.entries()) {
    const source = service.context.sourceOf(service.folder, service.folder, split.path);
    if ('file' in source) return { handler: { file: source.file, export: split.export, kind: 'handler' } };
    if (index === 0) gap = source.gap;
  }
  if (key === 'script' || platform === 'cloudflare') {
    const source = service.context.sourceOf(service.folder, service.folder, stated.replace(/\.[cm]?[jt]sx?$/, ''));
    if ('file' in source) {
      // Modules with a default export, and scripts of before that add listeners.
      const [first, ...more] = workerHandlers(service.context, source.file);
      return { handler: first ?? { file: source.file, export: 'default', kind: 'fetch' }, more };
    }
  }
  return { gap, at };
}

/** Bundlers take what follows the last dot as the export: `src/orders.v2.handler`. */
function splitLast(handler: string): { readonly path: string; readonly export: string } | undefined {
  const dot = handler.lastIndexOf('.');
  return dot <= handler.lastIndexOf('/') || dot === handler.length - 1 || dot === handler.indexOf('.', handler.lastIndexOf('/') + 1)
    ? undefined
    : { path: handler.slice(0, dot), export: handler.slice(dot + 1) };
}

/** Google's handler is an export of the package's main file. */
function googleHandler(service: Service, name: string, at: ServiceFunction['location']): Found {
  const manifest = service.context.document(service.folder === '' ? 'package.json' : `${service.folder}/package.json`, { version: '1.2' });
  const main = manifest?.roots[0]?.get('main')?.text() ?? 'index.js';
  const source = service.context.sourceOf(service.folder, service.folder, main.replace(/\.[cm]?[jt]s$/, ''));
  return 'file' in source ? { handler: { file: source.file, export: name, kind: 'handler' } } : { gap: source.gap, at };
}

/** A layer of this service is its folder, any other what the declaration says. */
function layer(service: Service, value: Value): Value {
  if (value.kind === 'unknown') return value;
  const id = value.kind === 'resource' && value.unit === service.file ? value.id : undefined;
  for (const [key] of service.section('layers')?.entries ?? []) {
    const folder = `${normalizedName(key)}LambdaLayer` === id ? layerFolder(service, key) : undefined;
    if (folder !== undefined) return literal(folder);
  }
  return value;
}

/** Plugins that give each function layers of their own, which bring what they trace with (READMEs of the plugins, November 2026). */
const bringLayers = /^serverless-(?:plugin-datadog|newrelic-lambda-layers|lumigo|plugin-epsagon|plugin-thundra|sentry-lambda-extension|dynatrace)$/;

const layersOfPlugins = (service: Service): readonly Value[] => service.plugins.filter((name) => bringLayers.test(name)).map((name) => unknown(`a layer of ${name}`));

function mounts(service: Service, fn: ServiceFunction): string[] {
  const config = service.setting(fn, 'fileSystemConfig')?.node;
  const items = config?.kind === 'list' ? config.items : config === undefined ? [] : [config];
  return items.map((item) => service.text(item.get('localMountPath'))).filter((path): path is string => path !== undefined);
}

function destinations(service: Service, fn: ServiceFunction): ServerlessFunction['destinations'] {
  const found: ServerlessFunction['destinations'][number][] = [];
  for (const kind of ['onFailure', 'onSuccess'] as const) {
    const node = fn.node.at('destinations', kind);
    if (node === undefined) continue;
    const name = service.text(node);
    const own = name === undefined ? undefined : service.functions.find((other) => other.name === name);
    const arn = node.get('arn');
    const target: Value = own === undefined ? service.value(arn ?? node) : { kind: 'resource', unit: service.file, id: own.name, attribute: 'Arn' };
    found.push({ kind, target, location: fn.node.at('destinations')?.keyLocation(kind) ?? fn.location });
  }
  const onError = fn.node.get('onError');
  if (onError !== undefined) found.push({ kind: 'deadLetter', target: service.value(onError), location: fn.node.keyLocation('onError') });
  return found;
}
