import { lambdaRuntime } from './runtimes.ts';
import type { Platform } from '../model/function.ts';

/**
 * Modules that Node.js itself provides, without the `node:` prefix. Source: Node.js 24 documentation, index of
 * modules, 2026-08; `sys` and `punycode` are deprecated and still there. Modules that exist only behind `node:`
 * (`sea`, `sqlite`, `test`, `test/reporters`) are left to the prefix.
 */
const nodeBuiltins: ReadonlySet<string> = new Set([
  'assert', 'assert/strict', 'async_hooks', 'buffer', 'child_process', 'cluster', 'console', 'constants', 'crypto', 'dgram',
  'diagnostics_channel', 'dns', 'dns/promises', 'domain', 'events', 'fs', 'fs/promises', 'http', 'http2', 'https', 'inspector',
  'inspector/promises', 'module', 'net', 'os', 'path', 'path/posix', 'path/win32', 'perf_hooks', 'process', 'punycode',
  'querystring', 'readline', 'readline/promises', 'repl', 'stream', 'stream/consumers', 'stream/promises', 'stream/web',
  'string_decoder', 'sys', 'timers', 'timers/promises', 'tls', 'trace_events', 'tty', 'url', 'util', 'util/types', 'v8', 'vm',
  'wasi', 'worker_threads', 'zlib', '_http_agent', '_http_client', '_http_common', '_http_incoming', '_http_outgoing',
  '_http_server', '_stream_duplex', '_stream_passthrough', '_stream_readable', '_stream_transform', '_stream_wrap',
  '_stream_writable', '_tls_common', '_tls_wrap',
]);

/** Whether an import specifier names a module of the platform itself. */
export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || specifier.startsWith('cloudflare:') || nodeBuiltins.has(specifier);
}

/** Name of the package of a bare specifier: `@scope/name/sub` gives `@scope/name`. `undefined` for paths and URLs. */
export function packageName(specifier: string): string | undefined {
  if (specifier === '' || /^[./#]/.test(specifier) || specifier.includes(':')) return undefined;
  const [first, second] = specifier.split('/');
  if (first === undefined || first === '') return undefined;
  if (!first.startsWith('@')) return first;
  return second === undefined || second === '' ? undefined : `${first}/${second}`;
}

/**
 * Packages that a runtime brings along, as names or `@scope/*`. Lambda: `aws-sdk` (v2) up to nodejs16.x, `@aws-sdk/*`
 * and the `@smithy/*` packages it rests on from nodejs18.x. Source: AWS re:Post knowledge center, SDK included in
 * Node.js runtimes (undated); @smithy: AWS CDK feature flag LAMBDA_NODEJS_SDK_V3_EXCLUDE_SMITHY_PACKAGES, 2.276.0.
 * The SDK for durable functions: AWS Lambda documentation, durable functions, Node.js 22 and later (November 2026).
 * OpenWhisk: its own client, in every image of the Node.js runtime (Apache OpenWhisk, "Creating and invoking Node.js actions", November 2026).
 * No other platform is known to bring packages. Empty when the runtime is not known.
 */
export function runtimePackages(platform: Platform, runtime: string | undefined): readonly string[] {
  if (platform === 'openwhisk') return ['openwhisk'];
  if (platform !== 'aws' || runtime === undefined) return [];
  // nodejs4.3, 6.10 and 8.10 came before the table of runtimes that still have dates.
  if (/^nodejs(?:4\.3(?:-edge)?|6\.10|8\.10)?$/.test(runtime)) return ['aws-sdk'];
  const entry = lambdaRuntime(runtime);
  if (entry === undefined) return [];
  return entry.sdk === 2 ? ['aws-sdk'] : ['@aws-sdk/*', '@smithy/*', ...(entry.nodeMajor >= 22 ? ['@aws/durable-execution-sdk-js'] : [])];
}

/**
 * Packages of `@aws-sdk` that moved to `@smithy` in mid-2023 and are not among what Lambda's SDK brings since nodejs22.x (AWS SDK for JavaScript v3,
 * changelog of 3.363 to 3.370; SDK 3.632 of the first nodejs22.x).
 */
const movedToSmithy: ReadonlySet<string> = new Set([
  'abort-controller', 'config-resolver', 'credential-provider-imds', 'eventstream-codec', 'eventstream-serde-config-resolver', 'eventstream-serde-node', 'fetch-http-handler', 'hash-node', 'invalid-dependency', 'is-array-buffer',
  'md5-js', 'middleware-content-length', 'middleware-endpoint', 'middleware-retry', 'middleware-serde', 'middleware-stack', 'node-config-provider', 'node-http-handler', 'property-provider', 'protocol-http', 'querystring-builder', 'querystring-parser',
  'service-error-classification', 'shared-ini-file-loader', 'signature-v4', 'smithy-client', 'url-parser', 'util-base64', 'util-body-length-node', 'util-buffer-from', 'util-config-provider', 'util-defaults-mode-node', 'util-hex-encoding', 'util-middleware',
  'util-retry', 'util-stream', 'util-stream-node', 'util-uri-escape', 'util-utf8', 'util-utf8-node', 'util-waiter',
].map((name) => `@aws-sdk/${name}`));

/** Whether a package of `@aws-sdk` moved away before a runtime was made: no page of the vendor lists what a runtime holds. */
export const hasMoved = (runtime: string | undefined, name: string): boolean => movedToSmithy.has(name) && (lambdaRuntime(runtime ?? '')?.nodeMajor ?? 0) >= 22;

/** Whether a runtime brings a package along. */
export function bringsPackage(platform: Platform, runtime: string | undefined, name: string): boolean {
  return !hasMoved(runtime, name) && matchesPackage(name, runtimePackages(platform, runtime));
}

/** Whether a package matches one of a list of names, `@scope/*` or `prefix*` patterns. */
export function matchesPackage(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}

/**
 * Packages whose own dependencies hold the SDK of version 2, and the last major version that does. Manifests in the public registry, November 2026:
 * dynamoose 1.11 and 2.8 hold it, 3.2 does not; @aws-crypto/kms-keyring-node 4.0 does not. Of its versions up to 3 the registry had no manifest to
 * read: they count as bringing it, which keeps the rule quiet.
 */
const onSdk2: readonly (readonly [RegExp, number])[] = [[/^@aws-crypto\/(?:client-node|kms-keyring(?:-node)?)$/, 3], [/^dynamoose$/, 2]];

/** Whether a package, in the version that a manifest asks for, is known to bring another one along. A version that cannot be told may. */
export function bringsAlong(name: string, written: string | undefined, wanted: string): boolean {
  const major = /^[\^~=v]{0,3}(\d{1,4})(?:\.|$)/.exec(written?.trim() ?? '')?.[1];
  return wanted === 'aws-sdk' && onSdk2.some(([names, last]) => names.test(name) && (major === undefined || Number(major) <= last));
}

/**
 * Packages that others bring along so often that a manifest which does not list them says little: among the most depended upon of the public
 * registry (November 2026).
 */
const oftenBrought: ReadonlySet<string> = new Set([
  'ajv', 'ansi-styles', 'async', 'async-retry', 'axios', 'base64-js', 'bluebird', 'buffer', 'chalk', 'commander', 'core-js', 'cross-spawn', 'debug', 'dotenv', 'eventemitter3', 'express', 'follow-redirects', 'form-data',
  'fs-extra', 'glob', 'google-auth-library', 'google-gax', 'graceful-fs', 'https-proxy-agent', 'iconv-lite', 'inherits', 'js-yaml', 'jsonwebtoken', 'lodash', 'lru-cache', 'mime', 'mime-types', 'minimatch', 'minimist',
  'mkdirp', 'moment', 'ms', 'node-fetch', 'object-assign', 'qs', 'readable-stream', 'regenerator-runtime', 'request', 'retry', 'rimraf', 'rxjs', 'safe-buffer', 'semver', 'source-map-support', 'strip-ansi', 'tar', 'through2',
  'tslib', 'underscore', 'undici', 'uuid', 'ws', 'xml2js', 'yargs', 'zod',
]);

/** Whether another package brings this one as often as not. */
export const isOftenBrought = (name: string): boolean => oftenBrought.has(name);
