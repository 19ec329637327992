import { wrapperOf } from '../../catalog/wrappers.ts';
import type { FunctionView } from '../../model/project.ts';
import { alternatives, type Value } from '../../model/value.ts';

/**
 * Tells of an object whether it is a web application that an adapter of the function runs (`serverless(app)`,
 * `createServer(app)` of aws-serverless-express, `configure({ app })`): the adapter calls it, whether or not it listens.
 */
export function adaptedApps(view: FunctionView): (receiver: Value | undefined) => boolean {
  const made = new Set<string>();
  for (const call of view.calls()) {
    const wrapper = wrapperOf(call.callee);
    if (wrapper?.of !== 'app' || wrapper.handler === undefined) continue;
    const [index, ...path] = wrapper.handler.split('.');
    for (const one of alternatives(call.arg(Number(index)))) {
      const app = path.reduce<Value | undefined>((value, key) => (value?.kind === 'object' ? value.entries.findLast(([name]) => name === key)?.[1] : undefined), one);
      for (const part of app ? alternatives(app) : []) { const site = siteOf(part); if (site !== undefined) made.add(site); }
    }
  }
  return (receiver) => receiver !== undefined && alternatives(receiver).some((one) => { const site = siteOf(one); return site !== undefined && made.has(site); });
}

/** Where an object is made: two values with one site are one object. */
function siteOf(value: Value): string | undefined {
  return value.kind === 'instance' && value.site ? `${value.site.file}:${value.site.start}` : undefined;
}
