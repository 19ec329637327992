import type { Callee } from '../model/project.ts';
import { unknown, type Value } from '../model/value.ts';
import type { Effect } from './effects.ts';
import { httpRequestOf } from './http-clients.ts';
import { headOf, textOf } from './look-up.ts';

/**
 * HTTP requests as effects, by the clients of http-clients.ts. The target is the address; a base address is put before a
 * relative one. Whether somebody waits for the answer is not in the call: the linker says.
 */
export function httpEffects(callee: Callee, args: readonly Value[]): readonly Effect[] {
  const request = httpRequestOf(callee, args);
  if (!request) return [];
  const { url, base } = request;
  const target = !url ? (base ?? unknown('address of the request is not in the call')) : base && !isAbsolute(url) ? joined(base, url) : url;
  return [{
    kind: 'request', service: 'http', resourceKind: 'url', target, method: request.method, waits: true, naming: ['url'],
    detail: `${textOf(request.method) ?? 'request'} by ${request.client}`, row: `http ${request.client}`, ...(request.body ? { payload: request.body } : {}), ...(request.headers ? { attributes: request.headers } : {}),
  }];
}

const isAbsolute = (url: Value): boolean => /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(headOf(url));

/** `base` and a path, with one slash between. */
function joined(base: Value, path: Value): Value {
  const head = textOf(base);
  const next = headOf(path);
  const parts = path.kind === 'template' ? path.parts : [path];
  if (head !== undefined && head.endsWith('/') && next.startsWith('/')) return { kind: 'template', parts: [{ kind: 'literal', value: head.slice(0, -1) }, ...parts] };
  const gap: readonly Value[] = next.startsWith('/') || head?.endsWith('/') === true ? [] : [{ kind: 'literal', value: '/' }];
  return { kind: 'template', parts: [...(base.kind === 'template' ? base.parts : [base]), ...gap, ...parts] };
}
