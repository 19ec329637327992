import type { Resource } from '../model/function.ts';
import type { Value } from '../model/value.ts';
import { inside } from '../workspace/sizes.ts';
import { parent } from './tsconfig.ts';

const entry = (value: Value | undefined, name: string): Value | undefined => (value?.kind === 'object' ? value.entries.find(([key]) => key === name)?.[1] : undefined);

/**
 * Folders of the layers that infrastructure declares in the repository, relative to the root, by resource id: `ContentUri` of
 * AWS SAM, `Content` of a template before it is packaged, a path given to Terraform's layer.
 */
export function declaredLayers(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const { id, type, properties, location } of resources) {
    if (!/^(?:AWS::(?:Serverless|Lambda)::LayerVersion|aws_lambda_layer_version|AWS::Lambda::LayerVersion)$/.test(type)) continue;
    const path = ['ContentUri', 'Content', 'filename', 'source_path'].map((name) => entry(properties, name)).find((value) => value?.kind === 'literal');
    if (path?.kind !== 'literal' || typeof path.value !== 'string' || /^[a-z0-9]+:\/\//i.test(path.value)) continue;
    const folder = inside(parent(location.file), path.value);
    if (folder !== undefined) folders.set(id, folder);
  }
  return folders;
}
