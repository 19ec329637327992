/** Part of a text: what stands there, or the inside of one `${…}`. */
export type VariablePart = { readonly text: string } | { readonly variable: string };

const maximumLength = 100_000;
const maximumNesting = 20;

/**
 * Splits a text at its outermost `${…}`. What is no variable of the Serverless Framework (`${AWS::Region}`, `${Name}` of
 * `Fn::Sub`, something unclosed) stays text. Linear in the text; `undefined` when it is too long or nested too deeply.
 */
export function splitVariables(text: string): readonly VariablePart[] | undefined {
  if (!text.includes('${')) return [{ text }];
  if (text.length > maximumLength) return undefined;
  const parts: VariablePart[] = [];
  let plain = 0;
  let start = -1;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '$' && text[at + 1] === '{') {
      if (depth === 0) start = at;
      if (++depth > maximumNesting) return undefined;
      at++;
    } else if (text[at] === '}' && depth > 0 && --depth === 0) {
      const inside = text.slice(start + 2, at);
      if (!isVariable(inside)) continue;
      if (start > plain) parts.push({ text: text.slice(plain, start) });
      parts.push({ variable: inside });
      plain = at + 1;
    }
  }
  if (plain < text.length) parts.push({ text: text.slice(plain) });
  return parts;
}

/** `type:address`, `type(parameter)` or a bare literal with a fallback; two colons are CloudFormation's own. */
function isVariable(inside: string): boolean {
  return /^\s*(?:[A-Za-z][A-Za-z0-9_-]*(?:\(|:(?!:))|(?:cf|ssm)\.[a-z0-9-]{1,30}:|['"])/.test(inside);
}

/** One of the comma-separated sources of a variable. Addresses and parameters may hold variables themselves. */
export type VariableSource =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'variable'; readonly type: string; readonly parameter?: string; readonly address?: string }
  /** A variable of its own: the fallback of `${opt:stage, ${self:custom.stage}}`. */
  | { readonly kind: 'nested'; readonly text: string }
  | { readonly kind: 'invalid'; readonly text: string };

/** The sources of one variable, in order: the first that has a value wins. */
export function sourcesOf(variable: string): readonly VariableSource[] {
  return splitTop(variable).map((source) => sourceOf(source.trim()));
}

/** Splits at commas that lie outside quotes, parentheses and nested variables. */
function splitTop(text: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth--;
    else if (char === ',' && depth <= 0) {
      pieces.push(text.slice(from, at));
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces;
}

function sourceOf(source: string): VariableSource {
  const quote = source[0];
  if (source.length >= 2 && (quote === "'" || quote === '"') && source.endsWith(quote)) return { kind: 'literal', value: source.slice(1, -1) };
  if (source === 'true' || source === 'false') return { kind: 'literal', value: source === 'true' };
  if (source === 'null') return { kind: 'literal', value: null };
  if (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(source)) return { kind: 'literal', value: Number(source) };
  if (source.startsWith('${')) return { kind: 'nested', text: source };
  const type = /^[A-Za-z][A-Za-z0-9_-]*/.exec(source)?.[0];
  if (type === undefined) return { kind: 'invalid', text: source };
  // Old spelling of the region: `cf.eu-west-1:stack.Output`.
  let rest = source.slice(type.length).replace(/^\.[a-z0-9-]{1,30}(?=:)/, '');
  let parameter: string | undefined;
  if (rest.startsWith('(')) {
    const close = closingParenthesis(rest);
    if (close < 0) return { kind: 'invalid', text: source };
    parameter = rest.slice(1, close).trim();
    rest = rest.slice(close + 1);
  }
  if (rest !== '' && !rest.startsWith(':')) return { kind: 'invalid', text: source };
  if (rest === '' && parameter === undefined) return { kind: 'invalid', text: source };
  return { kind: 'variable', type, ...(parameter === undefined ? {} : { parameter }), ...(rest === '' ? {} : { address: rest.slice(1).trim() }) };
}

function closingParenthesis(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return -1;
}
