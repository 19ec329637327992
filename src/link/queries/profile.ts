import type { FunctionProfile, ProfileRequest } from '../../model/profile.ts';
import type { FunctionView } from '../../model/project.ts';
import { effects, resolutionKey } from './effects.ts';
import { portabilityOf } from './portability.ts';
import { ancestorsOf } from './positions.ts';
import { servedRoutes } from './served-routes.ts';
import { triggerRoutes } from './trigger-routes.ts';

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a function is made of and what it asks of others. */
export function profileOf(view: FunctionView): FunctionProfile {
  const { modules, portableShare } = portabilityOf(view);
  const resources = new Set<string>();
  const requests = new Map<string, ProfileRequest>();
  for (const { effect, targets, call, body, expr } of effects(view)) {
    if (effect.deferred || effect.kind === 'subscribe') continue;
    const own = targets.some(({ names }) => names.kind === 'function' || names.kind === 'resource');
    for (const { names } of targets) if (names.kind === 'resource' || names.kind === 'name') resources.add(resolutionKey(names));
    const key = `${body.file}:${expr.start}:${effect.row}`;
    if (!call || requests.has(key)) continue;
    requests.set(key, {
      service: effect.service, operation: effect.detail, kind: effect.kind, repeated: ancestorsOf(body.fn, expr).some((item) => item.kind === 'loop'), outside: effect.service === 'http' && !own,
    });
  }
  const served = servedRoutes(view).map(({ routes }) => routes.length);
  return {
    id: view.fn.id,
    portability: { portableShare, modules: modules.length, tied: modules.filter((one) => one.providers.length > 0).map(({ file, providers, packages }) => ({ file, providers, packages })) },
    granularity: { routes: Math.max(triggerRoutes(view.fn).routes.length, ...served), resources: [...resources].sort(byCodeUnit), characters: modules.reduce((sum, one) => sum + one.characters, 0) },
    requests: [...requests.values()].sort((a, b) => byCodeUnit(a.service, b.service) || byCodeUnit(a.operation, b.operation) || Number(a.repeated) - Number(b.repeated)),
  };
}
