import type { Callee } from '../model/project.ts';
import { normalName } from './look-up.ts';

/**
 * Calls that find out who a caller is, or whether what it sends was signed by somebody who holds a secret.
 *
 * Sources (November 2026): Node.js 24 `crypto`, Web Crypto; READMEs and documentation of jsonwebtoken 9, jose 6, express-jwt 8,
 * aws-jwt-verify 5, passport 0.7, firebase-admin 13, google-auth-library 10, stripe 19, svix 1, standardwebhooks 1,
 * @octokit/webhooks 14, probot 14, @slack/bolt 4, discord-interactions 4, tweetnacl 1, twilio 5, @clerk/backend, @clerk/nextjs,
 * next-auth 4 and 5, iron-session 8, better-auth 1, supabase-js 2, hono 4 (jwt, bearer-auth, basic-auth), @fastify/jwt,
 * express-openid-connect 2, bcrypt 6, argon2 0.44, @microsoft/teamsfx 3, middy 6 (`@middy/…-authorizer` packages do not count: they run before the route).
 */
interface Row {
  readonly modules: RegExp;
  /** Last part of the callee's path; '' is the module itself. */
  readonly names: RegExp;
}

const row = (modules: RegExp, names: RegExp): Row => ({ modules, names });

const rows: readonly Row[] = [
  row(/^crypto$/, /^(?:timingSafeEqual|createVerify|verify)$/),
  row(/^(?:jsonwebtoken|jws|jwt-simple|fast-jwt|njwt|@tsndr\/cloudflare-worker-jwt|paseto)$/, /^(?:verify|decode|createVerifier)$/),
  row(/^jose(?:\/|$)/, /^(?:jwtVerify|compactVerify|flattenedVerify|generalVerify|jwtDecrypt|compactDecrypt|verify|decrypt)$/),
  row(/^(?:jwks-rsa|express-jwt|koa-jwt|express-oauth2-jwt-bearer|express-openid-connect|express-basic-auth|basic-auth|tiny-jwt|@fastify\/(?:jwt|auth|basic-auth|bearer-auth)|hono\/(?:jwt|jwk|bearer-auth|basic-auth)|@hono\/(?:clerk-auth|auth-js|oidc-auth|firebase-auth)|koa-basic-auth|@elysiajs\/(?:jwt|bearer)|@middy\/http-auth)$/, /./),
  row(/^(?:express-jwt|koa-jwt|express-basic-auth|basic-auth|@fastify\/(?:jwt|auth|basic-auth|bearer-auth)|koa-basic-auth|@auth0\/nextjs-auth0|jwks-rsa)$/, /^$/),
  row(/^(?:aws-jwt-verify|cognito-express|@southlane\/cognito-jwt-verifier)/, /^(?:verify|verifySync|validate)$/),
  row(/^(?:passport|@nestjs\/passport|koa-passport|@fastify\/passport)$/, /^(?:authenticate|authorize|session|AuthGuard)$/),
  row(/^firebase-admin(?:\/|$)/, /^(?:verifyIdToken|verifySessionCookie|verifyToken)$/),
  row(/^(?:google-auth-library|googleapis)$/, /^(?:verifyIdToken|verifySignedJwtWithCertsAsync|getTokenInfo)$/),
  row(/^stripe$/, /^(?:constructEvent|constructEventAsync|verifyHeader|verifyHeaderAsync)$/),
  row(/^(?:svix|standardwebhooks|resend|@polar-sh\/sdk(?:\/.*)?|@clerk\/backend\/webhooks|@clerk\/nextjs\/webhooks)$/, /^(?:verify|verifyWebhook|validateEvent)$/),
  row(/^(?:@octokit\/webhooks(?:-methods)?|octokit|@octokit\/app|probot|@probot\/.+|gcf-utils)$/, /^(?:verify|verifyAndReceive|sign|createNodeMiddleware|createWebMiddleware|createLambdaFunction|createProbot|gcf|verifyAndParse|receive)$/),
  row(/^(?:@slack\/(?:bolt|events-api|interactive-messages|web-api)|slack-verify)$/, /^(?:App|AwsLambdaReceiver|HTTPReceiver|ExpressReceiver|verifyRequestSignature|verifySlackRequest|createEventAdapter|createMessageAdapter|isValidSlackRequest)$/),
  row(/^(?:discord-interactions|tweetnacl|@noble\/(?:ed25519|curves.*)|@line\/bot-sdk|twilio(?:\/.*)?|@sendgrid\/eventwebhook|@linear\/sdk(?:\/.*)?|@shopify\/.+|@vonage\/jwt|@paddle\/paddle-node-sdk|@lemonsqueezy\/.+|botbuilder|@upstash\/qstash(?:\/.*)?|inngest(?:\/.*)?|@trigger\.dev\/.+|@mux\/mux-node|@workos-inc\/node)$/, /^(?:verify\w*|validate\w*|middleware|unmarshal|constructEvent|webhook|webhooks|process|processActivity|serve|receive|Receiver|verifySignatureEdge|verifySignatureAppRouter|authenticateWithSessionCookie)$/i),
  row(/^(?:@clerk\/.+|@auth0\/.+|auth0|@kinde-oss\/.+|@stackframe\/.+|@propelauth\/.+|@descope\/.+|@okta\/.+|@azure\/msal-node|openid-client|oidc-provider|@openauthjs\/openauth(?:\/.*)?)$/, /^(?:getAuth|auth|authenticate\w*|verify\w*|requireAuth|currentUser|clerkMiddleware|authMiddleware|withAuth\w*|withApiAuthRequired|withPageAuthRequired|getSession|requiresAuth|validate\w*|handleAuth|JwtVerifier|issuer|ClerkExpress\w*|claimCheck|callback|assertAuthenticated|getAccessToken|introspect|userInfo)$/),
  row(/^h3$/, /^(?:useSession|getSession|unsealSession)$/),
  row(/^(?:next-auth(?:\/.*)?|@auth\/.+|iron-session(?:\/.*)?|better-auth(?:\/.*)?|lucia|@supabase\/.+|next-iron-session|@edgestore\/.+)$/, /^(?:getServerSession|unstable_getServerSession|getSession|getToken|auth|NextAuth|Auth|getIronSession|withIronSession\w*|withAuth|validateSession|validateRequest|getUser|getClaims|getServerAuthSession|api|toNextJsHandler)$/),
  row(/^@microsoft\/teamsfx(?:\/|$)/, /^(?:requestHandler|process)$/),
  // A return from the provider's own page: what it says is asked of the provider before it counts.
  row(/^paypal-rest-sdk$/, /^execute$/),
  row(/^(?:bcrypt|bcryptjs|argon2|@node-rs\/(?:bcrypt|argon2)|scrypt-kdf|pbkdf2-password)$/, /^(?:compare|compareSync|verify|verifySync)$/),
  row(/^(?:@adobe\/aio-lib-ims|@adobe\/helix-shared-ims|@adobe\/spacecat-shared-http-utils)$/, /^(?:validateToken|validateTokenAllowList|authWrapper|getImsUserProfile)$/),
];

/** Packages about authentication that no row names: their name says it, and so does the function's. */
const aboutAuth = /(?:^|[-/@])(?:auth|authn|authz|authorizer|authentication|authorization|jwt|oauth2?|oidc|session|signature|webhook-verify|csrf|hmac)(?:[-/]|$)/;
const checks = /^(?:verify|authenticate|authori[sz]e|validate|require|protect|check|ensure|assert|is|with)(?:$|[A-Z])/;

/** Sessions in sealed cookies, as server code of Nitro has them without an import (h3 1, "Sessions"; nuxt-auth-utils 0.5; read 2026-11). */
const sealedSessions = /^(?:useSession|getUserSession|requireUserSession)$/;

/** Whether a call verifies its caller's identity or signature. Pure. */
export function verifiesCaller(callee: Callee): boolean {
  if (callee.module === 'global') return isWebCrypto(callee.path) || (callee.path.length === 1 && sealedSessions.test(callee.path[0] ?? ''));
  const { module, method, path } = normalName(callee);
  if (module === 'crypto' && isWebCrypto(path)) return true;
  if (module === 'unknown') return /^(?:verifyIdToken|verifySessionCookie|timingSafeEqual|constructEvent|constructEventAsync|jwtVerify)$/.test(method);
  if (rows.some((one) => one.modules.test(module) && one.names.test(method))) return true;
  return aboutAuth.test(module) && checks.test(method);
}

/** `crypto.subtle.verify`, and the comparison that Workers have. */
const isWebCrypto = (path: readonly string[]): boolean => /^(?:#?verify|#?timingSafeEqual)$/.test(path.at(-1) ?? '') && path.some((part) => /subtle/.test(part));

/** A keyed hash: a check when it is made of what the caller sent. Pure. */
export function keyedHash(callee: Callee): boolean {
  const { module, method, path } = normalName(callee);
  return (module === 'crypto' && method === 'createHmac') || (callee.module === 'global' && method === 'sign' && path.includes('subtle')) || /^(?:crypto-js(?:\/hmac.*)?|hash\.js|jshashes)$/.test(module) && /^(?:Hmac\w*|hmac\w*|)$/.test(method);
}

/** `verifyTriggerAuth`, `checkTenantPermissions`: whatever it is of, a verb of checking before a word that stands for who calls. */
const namedAfter = /^_?(?:check|verify|validate|require|ensure|assert|enforce)(?:[A-Z][a-z0-9]{1,20}){1,3}(?:Auth|Authentication|Authori[sz]ation|Permissions?|Signature)$/;

/** Names that functions of a project give to checks of the caller; no proof, but a reason not to be loud. */
export function namedLikeCheck(name: string): boolean {
  return namedAfter.test(name) || /^(?:check|verify|validate|require|ensure|assert|is|has|authenticate|authori[sz]e|with|protect|get|must|need)?_?(?:Be)?(?:Caller|Request|Webhook|User|Http|Api|Bearer|Access|Id|Jwt|Session|Admin|Slack|Github)?(?:Auth|Authenticated?|Authentication|Authori[sz](?:ed|ation|e)|Identity|Principal|Signature|Signed|Token|Jwt|Session|LoggedIn|SignedIn|Admin|Permissions?|Permitted|ApiKey|Key|Secret|Hmac|Credentials?|Allowed(?:User|Caller))(?:Check|Guard|Middleware|Required|OrThrow|Valid|FromRequest|FromHeader|User)?$/.test(name.charAt(0) === '_' ? name.slice(1) : name)
    && !/^(?:token|key|secret|session|withSession|isKey|hasKey|validateKey|getSession|getKey|getSecret|getToken|getCredentials?|get(?:Request|Http|Api)?Signature|getSigned|getHmac|getApi_?Key|getAccessToken|credentials?|admin|auth|authorization|jwt|apiKey|signature)$/i.test(name);
}

const publicWords: ReadonlySet<string> = new Set([
  'health', 'healthz', 'healthcheck', 'heartbeat', 'ping', 'liveness', 'readiness', 'livez', 'readyz', 'version', 'info', 'robots', 'favicon', 'sitemap', 'manifest', 'static', 'assets', 'jwks',
  'login', 'signin', 'signup', 'register', 'logout', 'signout', 'callback', 'oauth', 'oauth2', 'oidc', 'saml', 'sso', 'redirect', 'authorize', 'authenticator', 'authenticate', 'auth', 'oauthcallback', 'csrf', 'unsubscribe', 'docs', 'swagger', 'openapi',
]);

/** Paths that are public by nature or by protocol: health, login, callbacks, keys to verify with, files for everybody. */
export function isPublicPath(path: string): boolean {
  if (path.includes('/.well-known/')) return true;
  return path.split('/').some((segment) => {
    const name = segment.replace(/\.[a-z]{2,5}$/i, '');
    return publicWords.has(name.toLowerCase().replace(/[-_]/g, '')) || /^(?:health|ping|jwks|login|oauth|favicon|well-known)[-_.]|[-_.](?:health|callback|login|oauth2?|jwks|healthcheck)$/i.test(name) || (/^[a-z]+[A-Z]/.test(name) && /(?:Health|HealthCheck|Callback|Login|OAuth|Oauth|Jwks)$/.test(name));
  });
}

/** Services that answer everybody by their protocol: revocation of certificates (RFC 6960, RFC 5280), finding of accounts (RFC 7033). */
export const isPublicService = (word: string): boolean => /^(?:ocsp|crl|webfinger|nodeinfo)$/.test(word);

/** What a framework or a kit calls the step in front of a handler that asks who calls: `AzureApiAuthMiddleware`, `tenantAuthGuard`. */
export const namedLikeMiddleware = (name: string): boolean => /(?:^a|A)uth(?:entication|ori[sz]ation)?(?:Middleware|Guard)$/.test(name);
