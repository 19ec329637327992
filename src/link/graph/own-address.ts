import type { ServerlessFunction, Trigger } from '../../model/function.ts';
import { literalText, type Value } from '../../model/value.ts';
import { ORIGIN } from '../queries/address.ts';

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
  // Listed for addresses that may be own ones only: most are another host's.
  const listening = (): readonly { readonly fn: ServerlessFunction; readonly trigger: Trigger }[] => functions.flatMap((fn) => (fn.platform !== asking.platform ? [] : fn.triggers.flatMap((trigger) =>
    (trigger.enabled !== false && (trigger.kind === 'http' || trigger.kind === 'url') ? [{ fn, trigger }] : []))));
  switch (asking.platform) {
    case 'vercel': case 'netlify': case 'azure':
      return isOwnOrigin(target, ownVariables[asking.platform]) ? listening().filter(({ fn, trigger }) => fn.unit === asking.unit && (fn === asking || !standsInFront(trigger))).map((one) => ({ ...one, byRoute: true })) : [];
    case 'aws': {
      // Only a request to the API itself has the API's host; a function URL is nobody else's.
      const kinds = new Set(asking.triggers.filter((trigger) => trigger.kind === 'http' || trigger.kind === 'url').map((trigger) => trigger.kind));
      if (kinds.size === 0 || !isOwnOrigin(target, undefined)) return [];
      return listening().filter(({ fn, trigger }) => (trigger.kind === 'http' ? kinds.has('http') && fn.unit === asking.unit : fn === asking && kinds.has('url'))).map((one) => ({ ...one, byRoute: true }));
    }
    case 'cloudflare': {
      const host = /^(?:https?:)?\/\/([^/?#:\u0000]+)(?:[/?#:\u0000]|$)/i.exec(text)?.[1]?.toLowerCase();
      return host === undefined ? [] : listening().filter(({ fn, trigger }) => isHostOf(fn, trigger, host)).map((one) => ({ ...one, byRoute: false }));
    }
    case 'firebase': case 'google': {
      const parts = target.kind === 'template' ? target.parts : [];
      const project = literalText(asking.environment.get('GCLOUD_PROJECT'));
      const [, host = '', name] = /^https?:\/\/([\w\u0000-]+)\.cloudfunctions\.net\/([\w-]{1,63})(?:[/?#]|$)/i.exec(text) ?? [];
      const isOwn = (host.endsWith(`-${UNKNOWN}`) && parts.some((part) => part.kind === 'env' && projectVariable.test(part.name))) || (project !== undefined && host.endsWith(`-${project}`));
      if (!isOwn) return [];
      return listening().filter(({ fn }) => fn.unit === asking.unit && name !== undefined && nameOf(fn) === name).map((one) => ({ ...one, byRoute: false }));
    }
    default: return [];
  }
}

/** What runs before every page of a site (middleware, an edge function on all paths) lets requests through: it is not whom they are for. */
const standsInFront = ({ source, filters }: Trigger): boolean =>
  (source === 'edge' || source === 'middleware') && filters.some((filter) => filter.kind === 'route' && /^(?:\/?\*+|\/\{[^{}]*\+\})$/.test(filter.path));

const addressText = (target: Value): string => (target.kind === 'template' ? target.parts : [target]).map((part) => (part.kind === 'literal' ? String(part.value) : UNKNOWN)).join('');

/** `https://${VERCEL_URL}/…`, `${URL}/…`, `new URL('/…', request.url)`: the address starts with the application's own host. */
function isOwnOrigin(target: Value, variable: RegExp | undefined): boolean {
  const [first, second, third, fourth] = target.kind === 'template' ? target.parts : [target];
  const isOwn = (part: Value | undefined): boolean => part !== undefined && ((part.kind === 'env' && variable?.test(part.name) === true) || isRequestHost(part));
  const isHeadOfPath = (part: Value | undefined): boolean => part === undefined || (part.kind === 'literal' && /^[/?#]/.test(String(part.value)));
  const isScheme = (part: Value | undefined, scheme: RegExp): boolean => part?.kind === 'literal' && scheme.test(String(part.value));
  if ((isOwn(first) || isRequestOrigin(first)) && isHeadOfPath(second)) return true;
  if (isScheme(first, /^https?:\/\/$/i) && isOwn(second) && isHeadOfPath(third)) return true;
  // `${protocol}://${host}/…`
  return first !== undefined && first.kind !== 'literal' && isScheme(second, /^:\/\/$/) && isOwn(third) && isHeadOfPath(fourth);
}

/** The origin of the request at hand, or what the platform says the site's address is (Netlify "Functions API", `context.site`, November 2026). */
function isRequestOrigin(part: Value | undefined): boolean {
  if (part?.kind === 'context') return part.path.length === 2 && /^(?:site|deploy)$/.test(part.path[0] ?? '') && part.path[1] === 'url';
  if (part?.kind === 'event') return part.path.at(-1) === 'origin' && part.path.at(-2) === 'nextUrl';
  const [from] = part?.kind === 'derived' && part.what === ORIGIN ? part.from : [];
  return from?.kind === 'event' && (from.path.at(-1) === 'nextUrl' || (from.path.length === 1 && from.path[0] === 'url'));
}

/** The host that the request was sent to. */
function isRequestHost(part: Value): boolean {
  const path = part.kind === 'event' ? part.path : part.kind === 'derived' && part.what === '#get' && part.from[0]?.kind === 'event' ? [...part.from[0].path, literalText(part.from[1]) ?? ''] : [];
  // API Gateway says it beside the headers as well (developer guide, "Lambda proxy integrations", November 2026).
  return (path.at(-2) === 'headers' && /^(?:host|x-forwarded-host)$/i.test(path.at(-1) ?? '')) || path.join('.') === 'requestContext.domainName';
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
