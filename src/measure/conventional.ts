import type { Packaging, ServerlessFunction } from '../model/function.ts';
import type { SizeReader } from '../workspace/sizes.ts';
import type { ManifestReader } from './manifest.ts';
import { join, parent } from './tsconfig.ts';

const MAX_IGNORE_FILE = 200_000;

/** A packaging that no declaration states, or why there is none to measure. */
export type Conventional = { readonly packaging: Packaging; readonly assumptions: readonly string[] } | { readonly reason: string };

interface Files {
  readonly sizes: SizeReader;
  readonly manifest: ManifestReader;
}

const unknown: Conventional = { reason: 'how its package is made is not known' };

/**
 * What platforms do with functions whose declaration says nothing of packaging. Google and Firebase upload the folder of the manifest without
 * what `.gcloudignore` or the CLI's defaults leave out, and install production dependencies; Azure uploads the folder of
 * `host.json` without what `.funcignore` lists; Vercel traces files below `api/`, Netlify those of its functions' folder (vendors'
 * documentation, November 2026). Frameworks that make their own packages (Next.js) and edge functions are not measured.
 */
export function conventional(fn: ServerlessFunction, files: Files): Conventional {
  const handler = fn.handlers[0]?.file;
  if (handler === undefined || fn.foundBy === 'evidence' || fn.platform === 'aws') return unknown;
  switch (fn.platform) {
    case 'google':
    case 'firebase': return fn.generation === 'run' ? unknown : folder(nearest(handler, files), fn.platform === 'firebase' ? 'firebase' : 'gcloud', '.gcloudignore', files);
    case 'azure': return folder(/(?:^|\/)host\.json$/.test(fn.unit) ? parent(fn.unit) : nearest(handler, files), 'func', '.funcignore', files);
    case 'vercel': {
      if (usesNext(handler, files)) return { reason: 'Next.js makes its package' };
      return fn.generation === 'edge' ? { reason: 'edge functions are not measured' } : { packaging: traced('vercel'), assumptions: [] };
    }
    case 'netlify': return fn.generation === 'edge' ? { reason: 'edge functions are not measured' } : usesNext(handler, files) ? { reason: 'Next.js makes its package' } : { packaging: traced('netlify'), assumptions: [] };
    default: return unknown;
  }
}

const traced = (tool: string): Packaging => ({ form: 'bundled', tool, include: [], exclude: [], external: [], minify: false, sourceMap: false, format: 'esm' });

function folder(at: string | undefined, tool: string, ignoreFile: string, files: Files): Conventional {
  if (at === undefined) return unknown;
  const manifest = files.manifest(at);
  const main = manifest === undefined || manifest === 'broken' ? undefined : manifest.entries.get('main');
  const built = main === undefined || main.includes('*') || ['', '.js', '.cjs', '/index.js'].some((end) => files.sizes.real(join(at, main.replace(/^\.\//, '').replace(/\/+$/, '')) + end).kind === 'file');
  return {
    packaging: { form: 'folder', tool, folder: at, include: [], exclude: ignored(join(at, ignoreFile), files.sizes), external: [], minify: false, sourceMap: false, format: 'cjs' },
    assumptions: built ? [] : ['its build output is not there: sources are measured in its place'],
  };
}

/** Lines of an ignore file as patterns; a name without a slash is meant in every folder. */
function ignored(file: string, sizes: SizeReader): readonly string[] {
  const bytes = sizes.bytes(file, MAX_IGNORE_FILE);
  const lines = bytes === undefined ? [] : Buffer.from(bytes).toString('utf8').split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).slice(0, 1_000);
  return lines.flatMap((line) => {
    const mark = line.startsWith('!') ? '!' : '';
    const path = line.slice(mark.length).replace(/\/+$/, '');
    const pattern = path.includes('/') ? path.replace(/^\/+/, '') : `**/${path}`;
    return [mark + pattern, `${mark}${pattern}/**`];
  });
}

function nearest(file: string, { manifest }: Files): string | undefined {
  for (let at = parent(file); ; at = parent(at)) {
    if (manifest(at) !== undefined) return at;
    if (at === '') return undefined;
  }
}

function usesNext(file: string, files: Files): boolean {
  const at = nearest(file, files);
  const manifest = at === undefined ? undefined : files.manifest(at);
  return manifest !== undefined && manifest !== 'broken' && [...manifest.dependencies, ...manifest.devDependencies].includes('next');
}
