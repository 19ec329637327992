import type { Value } from '../../model/value.ts';

/**
 * Variables that are secret by their name. Tokens and API keys are left out: those of maps, search and analytics are made to be given to
 * browsers, and one that a caller signs in for is theirs.
 */
const secretName = /(?:^|_)(?:SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PRIVATE_KEY|SECRET_(?:ACCESS_)?KEY)(?:_|$)/;
const openName = /(?:^|_)(?:PUBLIC|PUBLISHABLE|NAME|ARN|ID|PATH|FILE|LENGTH|POLICY|HINT|URL)(?:_|$)/;
const maximumDepth = 8;

/** The variable whose secret stands as it is in what an answer is made of: in a field, in a text, in JSON. */
export function secretIn(value: Value, depth = 0): string | undefined {
  if (depth > maximumDepth) return undefined;
  const first = (list: readonly Value[]): string | undefined => {
    for (const item of list) {
      const found = secretIn(item, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  switch (value.kind) {
    case 'env': return isSecret(value.name) ? value.name : undefined;
    case 'event': case 'context': {
      const [holder, name, more] = value.path;
      return holder === 'env' && name !== undefined && more === undefined && isSecret(name) ? name : undefined;
    }
    case 'object': return first(value.entries.map(([, item]) => item));
    case 'array': return first(value.items);
    case 'template': return first(value.parts);
    case 'oneOf': return first(value.options);
    // Signed, hashed or compared it is a secret no more.
    case 'derived': return value.what === 'global:JSON.stringify' ? first(value.from) : undefined;
    default: return undefined;
  }
}

const isSecret = (name: string): boolean => secretName.test(name) && !openName.test(name);
