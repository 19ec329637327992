import { isPublicService } from '../../catalog/verifications.ts';
import type { FunctionView } from '../../model/project.ts';
import type { Value } from '../../model/value.ts';
import type { OpenRoute } from './public-routes.ts';

/** Words of a name: `PublicApi-ColGET` is public, api, col, get. */
const words = (name: string): readonly string[] => name.split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase());

/**
 * Whether the names that the author gave to a function, its handler or its routes say that it is there for everybody to read, or that
 * it speaks a protocol that is (revocation of certificates). No proof that what it reads is not private: a reason not to be loud.
 */
export function isCalledPublic(view: FunctionView, routes: readonly OpenRoute[]): boolean {
  const { fn } = view;
  const files = fn.handlers.map(({ file }) => file.slice(file.lastIndexOf('/') + 1).replace(/\.[a-z]+$/, ''));
  const named = [fn.name, ...files, ...fn.handlers.map((handler) => handler.export), ...routes.map(({ label }) => label)];
  return named.some((name) => words(name).includes('public')) || [fn.name, fixedText(fn.physicalName)].some((name) => words(name).some(isPublicService));
}

function fixedText(value: Value | undefined): string {
  if (value?.kind === 'literal') return String(value.value);
  return value?.kind === 'template' ? value.parts.map((part) => (part.kind === 'literal' ? String(part.value) : '*')).join('') : '';
}

/** Makes the address of a provider's own page for signing in (googleapis, simple-oauth2, openid-client, arctic, msal-node; November 2026). */
const addressOfLogin = /^#?(?:generateAuthUrl|generateAuthorizationUrl|getAuthorizationUrl|getAuthorizeUrl|authorizationUrl|buildAuthorizationUrl|createAuthorizationURL|authorizeURL|getAuthCodeUrl)$/;

/** Whether a handler, before it calls anything of the project, sends who calls on to a login: that has to be open. */
export function startsLogin(view: FunctionView): boolean {
  const [handler] = view.bodies('invoke');
  return handler !== undefined && view.calls('invoke').some(({ body, callee }) => body === handler && callee.module !== 'unknown' && addressOfLogin.test(callee.path.at(-1) ?? ''));
}
