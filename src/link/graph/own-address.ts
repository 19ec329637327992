import type { ServerlessFunction, Trigger } from '../../model/function.ts';
import type { Value } from '../../model/value.ts';

/**
 * Variables in which a platform tells an application its own host or origin (Vercel "System environment variables", Netlify
 * "Build environment variables", Azure Functions "App settings reference", November 2026).
 */
const ownVariables: Readonly<Record<string, RegExp>> = {
  vercel: /^(?:(?:NEXT|NUXT|GATSBY|VITE|PUBLIC)_(?:ENV_|PUBLIC_)?)?VERCEL_(?:URL|BRANCH_URL|PROJECT_PRODUCTION_URL)$/,
  netlify: /^(?:URL|DEPLOY_URL|DEPLOY_PRIME_URL)$/,
  azure: /^WEBSITE_HOSTNAME$/,
};
/** Variables that hold the project of a Google Cloud function. */
const projectVariable = /^(?:GCLOUD_PROJECT|GCP_PROJECT|GOOGLE_CLOUD_PROJECT)$/;
/** What stands for a part that is not known; no address contains it. */
const UNKNOWN = '\u0000';

/** A function that an address of its own application leads to, and the address as a path that its routes can be compared with. */
export interface OwnAddress {
  readonly fn: ServerlessFunction;
  readonly trigger: Trigger;
  /** The routes of the function still have to fit the path; `false`: the host alone names the function. */
  readonly byRoute: boolean;
}

/** Functions that an address may lead to because it is an address of the application that asks. */
export function ownAddresses(asking: ServerlessFunction, functions: readonly ServerlessFunction[], target: Value): readonly OwnAddress[] {
  const text = addressText(target);
  const listening = functions.flatMap((fn) => (fn.platform === asking.platform ? fn.triggers.flatMap((trigger) => (trigger.enabled !== false && (trigger.kind === 'http' || trigger.kind === 'url') ? [{ fn, trigger }] : [])) : []));
  switch (asking.platform) {
    case 'vercel': case 'netlify': case 'azure':
      return isOwnOrigin(target, ownVariables[asking.platform]) ? listening.filter(({ fn }) => fn.unit === asking.unit).map((one) => ({ ...one, byRoute: true })) : [];
    case 'cloudflare': {
      const host = /^(?:https?:)?\/\/([^/?#:\u0000]+)(?:[/?#:\u0000]|$)/i.exec(text)?.[1]?.toLowerCase();
      return host === undefined ? [] : listening.filter(({ fn, trigger }) => isHostOf(fn, trigger, host)).map((one) => ({ ...one, byRoute: false }));
    }
    case 'firebase': case 'google': {
      const parts = target.kind === 'template' ? target.parts : [];
      if (!parts.some((part) => part.kind === 'env' && projectVariable.test(part.name))) return [];
      const name = /^https?:\/\/[^/?#]*-\u0000\.cloudfunctions\.net\/([\w-]{1,63})(?:[/?#]|$)/i.exec(text)?.[1];
      return listening.filter(({ fn }) => fn.unit === asking.unit && name !== undefined && nameOf(fn) === name).map((one) => ({ ...one, byRoute: false }));
    }
    default: return [];
  }
}

/** The address that a request is made to, with `new URL(path, base)` as one text. */
export function asAddress(target: Value): Value {
  if (target.kind !== 'instance' || target.of.kind !== 'external' || target.of.path.at(-1) !== 'URL') return target;
  const [path, base] = target.args;
  if (!path) return target;
  if (!base) return path;
  const parts = (value: Value): readonly Value[] => (value.kind === 'template' ? value.parts : [value]);
  const head = path.kind === 'literal' ? String(path.value) : '';
  return { kind: 'template', parts: [...parts(base), ...(head.startsWith('/') ? [] : [{ kind: 'literal', value: '/' } as const]), ...parts(path)] };
}

const addressText = (target: Value): string => (target.kind === 'template' ? target.parts : [target]).map((part) => (part.kind === 'literal' ? String(part.value) : UNKNOWN)).join('');

/** `https://${VERCEL_URL}/…`, `${URL}/…`: the address starts with the application's own host. */
function isOwnOrigin(target: Value, variable: RegExp | undefined): boolean {
  const [first, second, third] = target.kind === 'template' ? target.parts : [target];
  const isOwn = (part: Value | undefined): boolean => part?.kind === 'env' && variable?.test(part.name) === true;
  const isHeadOfPath = (part: Value | undefined): boolean => part === undefined || (part.kind === 'literal' && /^[/?#]/.test(String(part.value)));
  return (isOwn(first) && isHeadOfPath(second)) || (first?.kind === 'literal' && /^https?:\/\/$/i.test(String(first.value)) && isOwn(second) && isHeadOfPath(third));
}

/**
 * Whether a host is that of a Worker: its custom domain, or its name under any account's `workers.dev` (Cloudflare Workers
 * documentation, "Custom Domains" and "workers.dev", November 2026). A request to a route of its own zone goes past the
 * Worker to the origin, so routes do not count.
 */
function isHostOf(fn: ServerlessFunction, trigger: Trigger, host: string): boolean {
  if (trigger.source === 'customDomain') return trigger.filters.some((filter) => filter.kind === 'route' && filter.path.toLowerCase() === host);
  if (trigger.source !== 'workers.dev') return false;
  const name = nameOf(fn)?.toLowerCase();
  return name !== undefined && host.startsWith(`${name}.`) && /^[\w-]+\.[\w-]+\.workers\.dev$/.test(host);
}

const nameOf = (fn: ServerlessFunction): string | undefined => (fn.physicalName?.kind === 'literal' ? String(fn.physicalName.value) : undefined);
