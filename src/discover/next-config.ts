import type { Workspace } from '../model/workspace.ts';
import { firstIn } from './web-project.ts';

/** What is read from `next.config.*`: as text, since the settings that matter are written out in practice. */
export interface NextConfig {
  /** `output: 'export'`: a static site, nothing runs. */
  readonly static: boolean;
  /** Extensions of route files, without the leading dot. */
  readonly extensions: readonly string[];
  readonly basePath: string;
}

export const nextConfigNames: readonly string[] = ['next.config.js', 'next.config.mjs', 'next.config.ts', 'next.config.mts', 'next.config.cjs'];

/** Settings of Next.js in a folder, defaults where none are written (Next.js documentation, `next.config.js` options, read 2026-11). */
export function nextConfig(workspace: Workspace, folder: string): NextConfig {
  const file = firstIn(workspace, folder, nextConfigNames);
  const text = (file === undefined ? '' : workspace.read(file) ?? '').slice(0, 200_000).replaceAll(/^[ \t]{0,200}(?:\/\/|\*).*$/gm, '');
  const listed = /\bpageExtensions\s{0,20}[:=]\s{0,20}\[([^\]]{0,1000})\]/.exec(text)?.[1];
  const extensions = listed === undefined ? [] : [...listed.matchAll(/['"`]\.?([\w.]{1,50})['"`]/g)].map((match) => match[1] ?? '');
  return {
    static: /\boutput\s{0,20}[:=]\s{0,20}['"`]export['"`]/.test(text),
    extensions: extensions.length > 0 ? extensions : ['tsx', 'ts', 'jsx', 'js'],
    basePath: /\bbasePath\s{0,20}[:=]\s{0,20}['"`](\/[^'"`\n]{1,200})['"`]/.exec(text)?.[1] ?? '',
  };
}
