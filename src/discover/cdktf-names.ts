import { derived, joinText, type Made, type Sym } from '../link/program-values.ts';
import { literal } from '../model/value.ts';
import { property, thingOf } from './code-unit.ts';
import { snakeCase } from './code-node.ts';

/** Head of Terraform's types by the provider's name in a module: `@cdktf/provider-aws`, `./.gen/providers/aws/…`. */
const heads: ReadonlyMap<string, string> = new Map([['aws', 'aws'], ['google', 'google'], ['google-beta', 'google'], ['azurerm', 'azurerm'], ['cloudflare', 'cloudflare'], ['archive', '']]);

/** Terraform's type of something that a provider's bindings make. */
export function bindingType(made: Made): { readonly type: string; readonly mode: 'resource' | 'data' } | undefined {
  if (made.form !== 'new') return undefined;
  const match = /(?:^|\/)(?:@cdktf\/provider-|\.gen\/providers\/)([a-z-]{2,40})(?:\/|$)/.exec(made.module.replace(/^missing:/, ''));
  const head = match === null ? undefined : heads.get(match[1] ?? '');
  const cls = made.path.at(-1);
  if (head === undefined || cls === undefined || !/^[A-Z]\w{1,100}$/.test(cls) || /Provider$/.test(cls)) return undefined;
  const data = /^Data[A-Z]/.test(cls);
  const provider = match?.[1] === 'archive' ? 'Archive' : { aws: 'Aws', google: 'Google', azurerm: 'Azurerm', cloudflare: 'Cloudflare' }[head] ?? '';
  // Bindings that are made in the project repeat the provider's name in data sources.
  const own = data ? cls.slice(4).replace(new RegExp(`^${provider}(?=[A-Z])`), '') : cls;
  const name = snakeCase(own);
  return { type: head === '' ? `archive_${name.replace(/^archive_/, '')}` : `${head}_${name}`, mode: data ? 'data' : 'resource' };
}

/** Whether something is of the library itself; a package of the repository may have its name. */
export const isLibrary = (made: Made): boolean => /^(?:missing:)?cdktf$/.test(made.module);

export const isStack = (made: Made): boolean => made.form === 'new' && isLibrary(made) && made.path.at(-1) === 'TerraformStack';

/** What functions of the library give (CDKTF documentation, "Functions" and "Tokens", read 2026-11). `undefined`: none of them. */
export function libraryCall(made: Made, params: ReadonlyMap<string, string>): Sym | undefined {
  if (!isLibrary(made)) return undefined;
  const [first] = made.args;
  const name = made.path.join('.');
  if (made.form === 'call') {
    if (/^Token\.as[A-Z]\w{1,20}$/.test(name)) return first === undefined ? undefined : kept(first);
    if (name === 'Fn.jsonencode') return derived('json', first === undefined ? [] : [first]);
    if (name === 'Fn.file') return derived('file', first === undefined ? [] : [first]);
    if (name === 'Fn.join' && made.args[1]?.kind === 'list' && first) {
      const items = made.args[1].items;
      return joinText(items.flatMap((item, index) => (index === 0 ? [item] : [first, item])));
    }
    return undefined;
  }
  if (made.form === 'new' && made.path.at(-1) === 'TerraformVariable') {
    const id = made.args[1]?.kind === 'literal' ? String(made.args[1].value) : '';
    const given = params.get(id);
    const value: Sym = given !== undefined ? literal(given) : property(made.args[2], 'default')?.value ?? { kind: 'env', name: `param:${id}` };
    return { kind: 'record', open: false, born: 0, entries: new Map(['stringValue', 'value', 'numberValue', 'booleanValue', 'listValue'].map((key) => [key, { value, certain: true }])) };
  }
  return undefined;
}

function kept(sym: Sym): Sym {
  const made = sym.kind === 'made' ? thingOf(sym) : undefined;
  return made === undefined ? sym : { kind: 'attribute', of: made, path: [] };
}
