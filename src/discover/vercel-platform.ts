import type { Workspace } from '../model/workspace.ts';
import { upwards } from './source-path-names.ts';
import { filesBelow, firstIn, firstPresent, manifestOf, notDeployed } from './web-project.ts';

/** Files beside an application that say where it is deployed. */
const vercelFiles: readonly string[] = ['vercel.json', 'now.json', 'vercel.ts', '.vercelignore'];
const otherFiles: ReadonlyMap<string, string> = new Map([
  ['sst.config.ts', 'SST'], ['sst.config.js', 'SST'], ['sst.json', 'SST'], ['open-next.config.ts', 'OpenNext'], ['open-next.config.js', 'OpenNext'],
  ['wrangler.toml', 'Cloudflare'], ['wrangler.json', 'Cloudflare'], ['wrangler.jsonc', 'Cloudflare'], ['amplify.yml', 'Amplify'], ['apphosting.yaml', 'Firebase App Hosting'],
  ['firebase.json', 'Firebase'], ['app.yaml', 'App Engine'], ['fly.toml', 'Fly'], ['render.yaml', 'Render'], ['railway.json', 'Railway'], ['railway.toml', 'Railway'],
  ['Procfile', 'a Procfile'], ['Dockerfile', 'a container'], ['ecosystem.config.js', 'pm2'], ['staticwebapp.config.json', 'Azure Static Web Apps'],
  ['serverless.yml', 'Serverless Framework'], ['serverless.ts', 'Serverless Framework'], ['cdk.json', 'CDK'],
]);

const vercelPackages = /^(?:vercel|@now\/node|@sveltejs\/adapter-vercel|@astrojs\/vercel|@vercel\/(?!ncc$|nft$|style-guide$|og$|webpack-asset-relocator-loader$).+)$/;
/** Libraries that run on any host as well: they give way to another platform's own file beside them. */
const anywhere = /^@vercel\/(?:functions|analytics|speed-insights|blob|kv|postgres|edge-config|edge|otel|toolbar|flags|oidc|related-projects)$/;
const sureFiles = /^(?:sst\.|open-next\.|wrangler\.|amplify\.yml$|apphosting\.yaml$|fly\.toml$|render\.yaml$|railway\.|staticwebapp\.)/;
const otherPackages: readonly (readonly [RegExp, string])[] = [
  [/^(?:sst|@sst\/.+|@serverless-stack\/.+)$/, 'SST'], [/^(?:open-next|@opennextjs\/(?!aws$).+|@cloudflare\/next-on-pages|wrangler)$/, 'Cloudflare'],
  [/^(?:@opennextjs\/aws|@sls-next\/.+|serverless-nextjs|next-aws-lambda)$/, 'AWS'], [/^(?:@netlify\/plugin-nextjs|netlify-cli|@sveltejs\/adapter-netlify|@astrojs\/netlify|@netlify\/(?:remix|vite-plugin|nuxt).*)$/, 'Netlify'],
];

/** Who deploys an application: `other` names a platform that is not read here, and the file that says so. */
export type Host =
  | { readonly kind: 'vercel'; readonly file: string | undefined }
  | { readonly kind: 'netlify'; readonly file: string }
  | { readonly kind: 'other'; readonly name: string; readonly file: string };

/**
 * Who deploys the application in a folder: what the nearest folder at or above it says. Vercel's own file wins over all others of
 * its folder; a container file above the application speaks of it only when it names its folder. `undefined`: nothing says anything.
 */
export function hostOf(workspace: Workspace, folder: string): Host | undefined {
  for (const at of upwards(folder)) {
    const own = firstPresent(workspace, at, vercelFiles);
    if (own !== undefined) return { kind: 'vercel', file: own };
    const netlify = firstIn(workspace, at, ['netlify.toml']);
    if (netlify !== undefined) return { kind: 'netlify', file: netlify };
    const manifest = manifestOf(workspace, at);
    const names = [...(manifest?.dependencies ?? [])];
    const alone = at === folder ? ownServer(workspace, at) : undefined;
    const moved = names.some((name) => anywhere.test(name)) ? alone ?? [...otherFiles].find(([name]) => sureFiles.test(name) && firstPresent(workspace, at, [name]) !== undefined) : undefined;
    if (manifest && (names.some((name) => vercelPackages.test(name) && !(moved && anywhere.test(name))) || [...manifest.scripts.values()].some((text) => /(?:^|[\s;&|])vercel(?:\s|$)/.test(text.slice(0, 2_000))))) return { kind: 'vercel', file: manifest.file };
    if (alone !== undefined) return { kind: 'other', name: 'a server of its own', file: alone };
    for (const [name, platform] of otherFiles) {
      const file = firstPresent(workspace, at, [name]);
      if (file !== undefined && (name !== 'firebase.json' || hostsSites(workspace, file)) && (at === folder || (name === 'Dockerfile' && packs(workspace, file, folder)) || !/^(?:Dockerfile|Procfile|ecosystem\.config\.js|app\.yaml|cdk\.json)$/.test(name))) return { kind: 'other', name: platform, file };
    }
    for (const [pattern, platform] of otherPackages) {
      if (manifest && names.some((name) => pattern.test(name))) return platform === 'Netlify' ? { kind: 'netlify', file: manifest.file } : { kind: 'other', name: platform, file: manifest.file };
    }
  }
  return undefined;
}

/**
 * Whether a `firebase.json` deploys a site or an application: one of functions, rules and indexes alone says nothing of where the site
 * beside it is (Firebase CLI, "firebase.json", read 2026-11).
 */
function hostsSites(workspace: Workspace, file: string): boolean {
  return /"(?:hosting|apphosting)"[ \t\r\n]{0,20}:/.test((workspace.read(file) ?? '').slice(0, 200_000));
}

/**
 * The configuration by which Next.js packs a server to be run somewhere (`output: 'standalone'`; Next.js documentation, "output", read 2026-11:
 * for deployments of one's own); a choice among several says so only beside a container file.
 */
function ownServer(workspace: Workspace, folder: string): string | undefined {
  const file = firstIn(workspace, folder, ['next.config.ts', 'next.config.js', 'next.config.mjs', 'next.config.cjs']);
  const text = file === undefined ? '' : (workspace.read(file) ?? '').slice(0, 100_000);
  const said = /\boutput[ \t]{0,5}[:=][ \t]{0,5}(["'`]standalone["'`])?/.exec(text);
  if (!said || !/["'`]standalone["'`]/.test(text)) return undefined;
  return said[1] !== undefined || firstPresent(workspace, folder, ['Dockerfile']) !== undefined ? file : undefined;
}

/**
 * Settings of a route that speak to a platform of functions and not to a server of one's own: how long an invocation may take, where it
 * runs, that it runs at the edge (Next.js documentation, "Route Segment Config", read 2026-11: `maxDuration` and `preferredRegion` are
 * for the deployment platform).
 */
const platformSettings: readonly RegExp[] = [
  /^export[ \t]+const[ \t]+(?:maxDuration|preferredRegion)[ \t]*(?::[^=\n]{1,60})?=/m,
  /^export[ \t]+const[ \t]+runtime[ \t]*(?::[^=\n]{1,60})?=[ \t]*["'`](?:experimental-)?edge["'`]/m,
  /^export[ \t]+const[ \t]+config[ \t]*(?::[^=\n]{1,60})?=[ \t]*\{[^{}]{0,300}\b(?:maxDuration[ \t]*:|runtime[ \t]*:[ \t]*["'`](?:experimental-)?edge["'`])/m,
];

const routeFile = /(?:^|\/)(?:app\/(?:.*\/)?route|pages\/api\/.*)\.[cm]?[jt]sx?$/;

/** A route that is set up for a platform, in an application of which otherwise only a container file beside it speaks. */
export function platformRoute(workspace: Workspace, folder: string, host: Host | undefined): string | undefined {
  if (host?.kind !== 'other' || host.name !== 'a container') return undefined;
  return filesBelow(workspace, folder).find((file) => {
    if (!routeFile.test(file) || notDeployed.test(file)) return false;
    const text = workspace.read(file) ?? '';
    return platformSettings.some((pattern) => pattern.test(text));
  });
}

/** Whether a container file above an application copies its folder or works in it. */
function packs(workspace: Workspace, file: string, folder: string): boolean {
  const text = (workspace.read(file) ?? '').slice(0, 50_000);
  const home = file.slice(0, Math.max(0, file.lastIndexOf('/')));
  // Paths are from the context of the build: the root of the repository, or the folder of the file.
  const paths = new Set([folder, home !== '' && folder.startsWith(`${home}/`) ? folder.slice(home.length + 1) : folder]);
  return text.split('\n').some((line) => /^[ \t]{0,20}(?:COPY|ADD|WORKDIR)[ \t]/i.test(line) && line.length < 2_000 && line.split(/[\s"',[\]]+/).some((word) => {
    const path = word.replace(/^\.?\/|\/+\.?$/g, '').replace(/^app\//, '');
    return paths.has(path) || paths.has(word.replace(/^\.?\/|\/+\.?$/g, ''));
  }));
}

/** A button in the read-me that deploys the folder to Vercel. */
export function buttonOf(workspace: Workspace, folder: string): Host | undefined {
  const file = firstPresent(workspace, folder, ['README.md', 'readme.md']);
  return file !== undefined && /vercel\.com\/(?:new|import)\b/.test((workspace.read(file) ?? '').slice(0, 100_000)) ? { kind: 'vercel', file } : undefined;
}
