import type { Value } from '../model/value.ts';

const open = '{{resolve:';
const close = '}}';

/**
 * Dynamic references (CloudFormation user guide, "Get values stored in other services", read 2026-11) as symbolic values:
 * `{{resolve:ssm:NAME}}` is `parameter(NAME)`, `{{resolve:secretsmanager:NAME:…}}` is `secret(NAME)`. `parts`: of one text. Parts that
 * hold no such reference come back as they are.
 */
export function withDynamicReferences(parts: readonly Value[]): readonly Value[] {
  if (!parts.some((part) => part.kind === 'literal' && typeof part.value === 'string' && part.value.includes(open))) return parts;
  const result: Value[] = [];
  let inside: Value[] | undefined;
  for (const part of parts) {
    if (part.kind !== 'literal' || typeof part.value !== 'string') {
      (inside ?? result).push(part);
      continue;
    }
    let rest = part.value;
    while (rest !== '') {
      const mark = inside ? close : open;
      const at = rest.indexOf(mark);
      const text: Value = { kind: 'literal', value: at < 0 ? rest : rest.slice(0, at) };
      if (text.value !== '') (inside ?? result).push(text);
      if (at < 0) break;
      rest = rest.slice(at + mark.length);
      if (inside) {
        result.push(reference(inside));
        inside = undefined;
      } else inside = [];
    }
  }
  return inside ? parts : result;
}

/** What stands between `{{resolve:` and `}}`. */
function reference(inside: readonly Value[]): Value {
  const [first, ...rest] = inside;
  const head = first?.kind === 'literal' ? String(first.value) : '';
  const service = /^(ssm|ssm-secure|secretsmanager):/.exec(head)?.[1];
  if (service === undefined) return { kind: 'unknown', reason: 'a dynamic reference of an unknown service' };
  const body: Value[] = [{ kind: 'literal' as const, value: head.slice(service.length + 1) }, ...rest].filter((part) => !(part.kind === 'literal' && part.value === ''));
  const start = body[0];
  // An ARN has colons of its own: there only the field's name ends it.
  const whole = start?.kind !== 'literal' || String(start.value).startsWith('arn:');
  const end = service !== 'secretsmanager' ? /:\d{1,10}$/ : whole ? /:Secret(?:String|Binary).*$/s : /:.*$/s;
  const name: Value[] = [];
  for (const part of body) {
    const text = part.kind === 'literal' ? String(part.value) : undefined;
    const cut = text === undefined ? -1 : text.search(end);
    if (cut !== 0) name.push(text !== undefined && cut > 0 ? { kind: 'literal', value: text.slice(0, cut) } : part);
    if (cut >= 0) break;
  }
  const [only] = name;
  if (only === undefined) return { kind: 'unknown', reason: 'a dynamic reference without a name' };
  return { kind: 'derived', what: service === 'secretsmanager' ? 'secret' : 'parameter', from: [name.length === 1 ? only : { kind: 'template', parts: name }], io: false };
}
