import type { Workspace } from '../model/workspace.ts';
import { folderOf } from './source-path-names.ts';

/**
 * Templates that the CDK made of a program in the repository: they carry the paths of constructs (`aws:cdk:path`, AWS CDK guide,
 * "Metadata", November 2026), and a `cdk.json` beside or above them names the program, in whatever language. They tell what is
 * deployed, and nobody changes them by hand.
 *
 * @param files declaring files that readers took something from
 */
export function synthesisedAmong(workspace: Workspace, files: Iterable<string>): readonly string[] {
  return [...files].filter((file) => {
    if (!/\.(?:ya?ml|json|template)$/.test(file) || workspace.mayHold?.(file, 'aws:cdk:path') === false) return false;
    return workspace.read(file)?.includes('aws:cdk:path') === true && hasProgram(workspace, folderOf(file));
  }).sort();
}

function hasProgram(workspace: Workspace, folder: string): boolean {
  for (let at = folder; ; at = folderOf(at)) {
    if (workspace.has(at === '' ? 'cdk.json' : `${at}/cdk.json`)) return true;
    if (at === '') return false;
  }
}
