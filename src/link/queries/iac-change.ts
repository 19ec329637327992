import { changeText, type IacChange, type IacFormat } from '../../catalog/iac-changes.ts';
import type { ServerlessFunction } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';

/** The format that a file of infrastructure is written in, as far as its name and the function's declaration tell. */
export function formatOf(fn: ServerlessFunction, file: string): IacFormat | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1);
  if (/\.tf$/.test(name)) return 'terraform';
  if (name === 'package.json') return 'manifest';
  if (/\.arc$/.test(name)) return 'architect';
  if (name === 'firebase.json') return 'firebase';
  if (/^wrangler\.toml$/.test(name)) return 'wranglerToml';
  if (/^wrangler\.jsonc?$/.test(name)) return 'wranglerJson';
  if (/^serverless\b.*\.(?:ya?ml|json|[cm]?[jt]s)$/.test(name)) return 'serverless';
  if (name === 'function.json') return 'functionJson';
  const isCode = /\.[cm]?[jt]sx?$/.test(name);
  if (fn.platform === 'azure') return isCode ? 'azureCode' : undefined;
  if (fn.platform === 'openwhisk') return isCode ? undefined : 'openwhisk';
  // Parts of a service file lie in files of any name.
  if (/\.(?:ya?ml|json|template)$/.test(name) && /(?:^|\/)serverless\b[^/]*$/.test(fn.unit)) return /\.json$/.test(name) ? undefined : 'serverless';
  if (/\.ya?ml$/.test(name)) return fn.platform === 'aws' ? 'cloudformation' : undefined;
  if (/\.(?:json|template)$/.test(name)) return fn.platform === 'aws' ? 'cloudformationJson' : undefined;
  if (!isCode || fn.foundBy !== 'infrastructure') return undefined;
  const tool = fn.packaging?.tool;
  if (tool === 'sst' || /(?:^|\/)sst\.config\.[cm]?[jt]s$/.test(fn.unit)) return 'sst';
  if (tool === 'pulumi') return 'pulumi';
  return fn.platform === 'aws' && (tool === 'cdk' || tool === 'esbuild' || tool === 'docker') ? 'cdk' : undefined;
}

/**
 * The change that repairs a finding in infrastructure, as the last sentence of its repair: ` Change: `x: 1`.` Empty where the format is not
 * known, or the place is not in infrastructure.
 *
 * @param at where the change goes
 * @param finding where the finding stands, if that is another place
 */
export function shownChange(fn: ServerlessFunction, at: Location | undefined, change: IacChange, finding: Location | undefined = at): string {
  const format = at && formatOf(fn, at.file);
  const text = format && changeText(format, change);
  if (!at || text === undefined) return '';
  const elsewhere = finding && (finding.file !== at.file || finding.line !== at.line) ? ` at ${at.file}:${at.line}` : '';
  return ` Change${elsewhere}: \`${text}\`.`;
}
