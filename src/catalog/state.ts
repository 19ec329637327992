import { alternatives, type Value } from '../model/value.ts';

/**
 * Objects that keep what they are given, and how they let it go. Sources (November 2026): ECMAScript 2026; README of
 * lru-cache 11, quick-lru 7, node-cache 5, memory-cache, tiny-lru, @isaacs/ttlcache; docs of Powertools for AWS Lambda
 * (TypeScript) 2 Logger, pino 9, typedi 0.10, tsyringe 4, awilix 12, Sentry 10.
 */

/** Methods that drop everything that an object of a package has kept so far. */
export const resetMethods: ReadonlySet<string> = new Set([
  'clear', 'reset', 'resetKeys', 'resetState', 'clearState', 'removeKeys', 'removePersistentLogAttributes', 'removePersistentKeys', 'resetContext', 'clearContext', 'flushAll', 'clearAll', 'removeAll',
]);

const keyed: ReadonlySet<string> = new Set(['Map', 'Set', 'Headers', 'URLSearchParams', 'FormData']);
const weak: ReadonlySet<string> = new Set(['WeakMap', 'WeakSet', 'WeakRef', 'AsyncLocalStorage']);

/**
 * What sort of object a method is called on: a `list`, a `keyed` collection, a `weak` one whose entries die with their keys,
 * a package's own (`foreign`), or one that cannot be told.
 */
export function nativeCollection(receiver: Value): 'list' | 'keyed' | 'weak' | 'foreign' | 'unknown' {
  let found: 'list' | 'keyed' | 'weak' | 'foreign' | 'unknown' = 'unknown';
  for (const one of alternatives(receiver)) {
    if (one.kind === 'array') return 'list';
    if (one.kind === 'instance' && one.of.kind === 'external') {
      const name = one.of.path.at(-1) ?? '';
      if (one.of.module === 'global' && one.of.path.length === 1) {
        if (keyed.has(name)) return 'keyed';
        if (weak.has(name)) return 'weak';
        if (name === 'Array') return 'list';
      }
      found = 'foreign';
    }
    // What hangs on the global object may be the code's own.
    if ((one.kind === 'external' && one.module !== 'global') || (one.kind === 'derived' && one.io)) found = 'foreign';
  }
  return found;
}

const caches = /^(?:lru-cache|quick-lru|lru_map|node-cache|memory-cache|tiny-lru|@isaacs\/ttlcache|lru|flru|ttl-mem-cache|lru-memoize|@exact-realty\/lru|lru\.min|toad-cache)$/;

/** Whether an in-memory cache of a package is bounded by its options; `undefined` when the value is no such cache. */
export function bounds(receiver: Value): boolean | undefined {
  for (const one of alternatives(receiver)) {
    if (one.kind !== 'instance' || one.of.kind !== 'external' || !caches.test(one.of.module)) continue;
    const [options] = one.args;
    if (options?.kind === 'literal' && typeof options.value === 'number') return true;
    return options?.kind === 'object' && options.entries.some(([name]) => ['max', 'maxSize', 'maxKeys', 'ttl', 'stdTTL', 'maxAge'].includes(name));
  }
  return undefined;
}

const persistentKeys: ReadonlySet<string> = new Set(['appendKeys', 'appendPersistentKeys', 'addPersistentLogAttributes', 'setPersistentLogAttributes', 'setPersistentKeys', 'setBindings']);
/** Methods of packages that hold for the whole process: `moment.locale(…)`, `i18next.changeLanguage(…)`, `AWS.config.update(…)`, `moment.tz.setDefault(…)`. */
export const globalSetters: ReadonlySet<string> = new Set(['locale', 'changeLanguage', 'setDefault', 'update', 'configure']);
const settingPackages: Readonly<Record<string, RegExp>> = { locale: /^(?:moment|dayjs|numeral)/, changeLanguage: /^i18next$/, setDefault: /^moment/, update: /^aws-sdk/, configure: /^(?:aws-amplify|@aws-amplify\/|cloudinary|i18n)/ };
const credentials = /^set(?:Access|Refresh|Id|Auth|Bearer|Api|Session|Security|Client|User|Default|Base|Request|Http|Global)?(?:Token|Tokens|Credential|Credentials|Auth|Authorization|Key|Keys|ApiKey|Session|User|UserId|Identity|Tenant|Header|Headers|Config|Configuration|Options|Context|Locale|Language|Url|URL|Host|Endpoint|Region|Secret|AccessToken)$/;
/** Packages that keep such data for each invocation apart. */
const isolated = /^(?:@sentry\/|@opentelemetry\/|async_hooks$|cls-hooked$|@aws-lambda-powertools\/(?:metrics|tracer)|aws-xray-sdk)/;

/** Whether a method of a package's object keeps its arguments: persistent logger keys, credentials and defaults of clients. */
export function isPersistentSetter(receiver: Value, method: string): boolean {
  if (alternatives(receiver).some((one) => packageOf(one) !== undefined && isolated.test(packageOf(one) ?? ''))) return false;
  if (globalSetters.has(method)) return alternatives(receiver).some((one) => settingPackages[method]?.test(packageOf(one) ?? '') === true && (method !== 'update' || (one.kind === 'external' && one.path.at(-1) === 'config')));
  return persistentKeys.has(method) || credentials.test(method);
}

function packageOf(value: Value): string | undefined {
  if (value.kind === 'external') return value.module;
  return value.kind === 'instance' && value.of.kind === 'external' ? value.of.module : undefined;
}

/** `Container.set(key, value)` of injection containers: one container for the whole process. */
export function containerSetter(receiver: Value, method: string): boolean {
  return (method === 'set' || method === 'register' || method === 'registerInstance') && alternatives(receiver).some((one) => one.kind === 'external' && /^(?:typedi|tsyringe|awilix|inversify)$/.test(one.module));
}

/** Libraries made for a platform's life cycle, whose own state is flushed by the runtime or meant to last; the same when their source lies in the repository. */
export const isPlatformLibrary = (packageName: string): boolean => /^@aws-lambda-powertools\/|^@middy\//.test(packageName);
