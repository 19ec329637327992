import { doingWords } from '../../catalog/web-frameworks.ts';

/** What stands in front of the resource of a path. */
const before = /^(?:api|rest|v\d+(?:\.\d+)?|dev|prod|stage|staging|test|public|internal|private)$/i;

const verb = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|CONNECT|ANY)$/i;
const joining = /^(?:by|for|from|to|with|in|of)$/;

/**
 * The resource that a route is about: the first segment of its path that is neither a version nor a parameter; of an action its last
 * word that is no verb (`listOrders`, `order.created`). '' where it names none.
 */
export function resourceOf(label: string): string {
  const path = label.replace(/^[A-Z*,|]+\s+/, '');
  if (path.startsWith('/') || path.includes('/')) {
    const segment = path.split(/[/?#]/).find((part) => part !== '' && !before.test(part) && !/^[:{[*$(\\^]/.test(part));
    // Files (`/robots.txt`) and `/.well-known` are about the service as a whole.
    return segment?.includes('.') ? '' : singular((segment ?? '').toLowerCase().replace(/[*(){}:].*$/, ''));
  }
  if (verb.test(path)) return '';
  // `order.created`, `order:add`: what stands first; `createOrder`, `getOrderById`, `CREATE_ORDER`: the last word that is no verb.
  const [first = '', ...rest] = path.split(/[.:]/);
  const words = first.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z\d]+/).filter((word) => word !== '').map((word) => word.toLowerCase());
  const end = words.findIndex((word, index) => index > 1 && joining.test(word));
  const named = (end < 0 ? words : words.slice(0, end)).filter((word) => !doingWords.has(word));
  return singular((rest.length > 0 ? named[0] : named.at(-1)) ?? '');
}

const singular = (word: string): string => (word.length > 3 && word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word);
