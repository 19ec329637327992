import type { FactsLoader } from '../extract/load.ts';
import type { Infrastructure } from '../model/function.ts';
import type { Workspace } from '../model/workspace.ts';
import { discover } from './discover.ts';
import type { DiscoverOptions } from './reader.ts';

/** Infrastructure first, then conventions, then what code says of itself. */
export function discoverAll(workspace: Workspace, _loader: FactsLoader, options: DiscoverOptions): Infrastructure {
  return discover(workspace, options);
}
