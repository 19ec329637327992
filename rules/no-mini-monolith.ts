import { placeOf, servedRoutes } from '../src/link/queries/served-routes.ts';
import { standsAlone } from '../src/link/queries/stands-alone.ts';
import { triggerRoutes } from '../src/link/queries/trigger-routes.ts';
import { defineRule } from '../src/rule.ts';

const SHOWN = 8;
const list = (names: readonly string[]): string => (names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', '));
const paths = (all: readonly string[]): string => all.map((path) => `  if (path === '${path}') return 1;\n`).join('');
const router = (all: readonly string[]): string => `export const handler = async (event) => {\n  const { path } = event;\n${paths(all)}  return 0;\n};\n`;

export default defineRule({
  id: 'no-mini-monolith',
  title: 'Disallow functions that serve many routes of many resources',
  scope: 'function',
  category: 'granularity',
  preset: 'strict',
  risk: 'Everything in one function shares one size, one timeout, one role and one deployment: the rarest route decides how the busiest one starts, and a fault of one takes all of them down.',
  references: [
    { title: 'Serverless Architecture explained: a challenge with granularity', document: '001' },
    { title: 'AWS Lambda: comparing single-purpose functions and the Lambda monolith', url: 'https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html' },
  ],
  messages: {
    routes: { severity: 'warning', text: 'One function serves {count} routes over {resources} resources ({names}) with {by}.', repair: 'Give each resource a function of its own, with the size, timeout and role that it needs; the API can tell them apart.' },
    triggers: { severity: 'warning', text: 'One function is started by {count} triggers of {resources} kinds ({names}).', repair: 'Give each of them a function of its own, with the size, timeout and role that it needs.' },
  },
  options: {
    maxRoutes: { type: 'number', default: 8, description: 'Most routes that one function may serve when they are about more than `maxResources` resources.' },
    maxResources: { type: 'number', default: 3, description: 'Most resources that one function may serve when it has more than `maxRoutes` routes.' },
  },
  examples: [
    { title: 'Nine paths of four resources', code: router(['/orders', '/orders/new', '/users', '/users/new', '/carts', '/carts/new', '/bills', '/bills/new', '/bills/old']), reports: ['routes'] },
    { title: 'Nine paths of one resource', code: router(['/orders', '/orders/1', '/orders/2', '/orders/3', '/orders/4', '/orders/5', '/orders/6', '/orders/7', '/orders/8']), reports: [] },
    { title: 'Four resources with one path each', code: router(['/orders', '/users', '/carts', '/bills']), reports: [] },
    { title: 'A lower limit', code: router(['/orders', '/users', '/carts']), reports: ['routes'], options: { maxRoutes: 2, maxResources: 2 } },
  ],
  *check({ view, options }) {
    const isMany = ({ routes, resources }: { readonly routes: readonly unknown[]; readonly resources: readonly string[] }): boolean => routes.length > Number(options['maxRoutes']) && resources.length > Number(options['maxResources']);
    // An open file that loads others of the repository does not show every route.
    const served = standsAlone(view) ? servedRoutes(view).filter(isMany) : [];
    for (const { by, routes, resources } of served.slice(0, 1)) {
      const first = placeOf(routes);
      if (first) yield { message: 'routes', at: first.place, flow: first.flow, data: { count: routes.length, resources: resources.length, names: list(resources), by }, evidence: view.files() };
    }
    if (served.length > 0 || !view.project.whole) return;
    const declared = triggerRoutes(view.fn);
    const [at] = view.fn.declaredAt;
    if (at && isMany(declared)) yield { message: 'triggers', at, data: { count: declared.routes.length, resources: declared.resources.length, names: list(declared.resources) } };
  },
});
