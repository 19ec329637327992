import { describe, expect, it } from 'vitest';
import { discoverAll } from '../../src/discover/all.ts';
import { createFactsLoader } from '../../src/extract/load.ts';
import { memoryWorkspace } from './memory-workspace.ts';

/** Everything that a scan takes for a function, of code that looks like one; the package deploys to every platform. */
function found(files: Readonly<Record<string, string>>): string[] {
  const workspace = memoryWorkspace({ 'package.json': '{"dependencies":{"@types/aws-lambda":"8","@netlify/functions":"4","aws-sdk":"2"}}', ...files });
  return discoverAll(workspace, createFactsLoader(workspace), { params: new Map() }).functions.map((fn) => fn.id);
}

const lambda = 'export const handler = async (event, context) => ({ statusCode: 200 });';

describe('what looks like a function and is none', () => {
  it.each<[name: string, files: Readonly<Record<string, string>>]>([
    ['a command of a command line', { 'src/commands/deploy.ts': "export const command = 'deploy';\nexport const describe = 'x';\nexport const builder = {};\nexport const handler = async (argv) => { console.log(argv); };" }],
    ['a command in one object', { 'src/cmd.js': "exports.command = 'run';\nexports.handler = function (argv, context) {};" }],
    ['a command whose argument is named event', { 'src/commands/emit.ts': "export const command = 'emit';\nexport const desc = 'x';\nexport const handler = async (event, context) => {};" }],
    ['Astro middleware', { 'src/middleware.ts': 'export const onRequest = async (context, next) => next();' }],
    ['Gatsby build hooks', { 'gatsby-node.js': "exports.createPages = async ({ graphql }) => {};\nexports.handler = async (event, context) => {};", 'gatsby-ssr.ts': lambda }],
    ['Storybook', { '.storybook/preview.ts': lambda, 'src/Button.stories.ts': `${lambda}\nexport default {};`, 'src/stories/a.ts': lambda }],
    ['request mocks', { 'src/mocks/handlers.ts': "import { http } from 'msw';\nexport const handlers = [http.get('/x', () => {})];\nexport const handler = async (event, context) => {};", 'mocks/lambda.ts': lambda }],
    ['test doubles', { '__mocks__/handler.ts': lambda, 'test/support/handler.ts': lambda, 'src/handler.mock.ts': lambda, 'src/handler.test.ts': lambda, 'e2e/handler.ts': lambda, '__tests__/handler.ts': lambda }],
    ['programs that deploy', { 'scripts/deploy.ts': lambda, 'bin/app.ts': lambda, 'deploy.js': lambda }],
    ['examples of a package that is installed', { 'node_modules/x/examples/handler.js': lambda, 'vendor/x/handler.js': lambda }],
    ['declarations and built output', { 'types/handler.d.ts': 'export declare const handler: unknown;', 'dist/handler.js': lambda, 'build/handler.js': lambda }],
    ['an event handler of a page', { 'src/events.ts': 'export const handler = (event, element) => {};\nexport function main(event) {}' }],
    ['functions of a folder that no site declares', { 'lib/functions/a.js': 'export const handler = () => {};', 'src/api/users.ts': 'export default function users() {}', 'api/users.ts': 'export default function users() {}' }],
    ['pages and helpers of a Next.js application', { 'package.json': '{"dependencies":{"next":"16"}}', 'app/page.tsx': 'export default async function Page() {}', 'app/layout.tsx': 'export default function L() {}', 'pages/index.tsx': 'export default function P() {}', 'lib/route.ts': 'export async function GET() {}', 'app/api/helpers.ts': 'export const GET = 1;' }],
    ['a project that tests feed to the code under test', { 'packages/kit/test/fixtures/01-api/package.json': '{"dependencies":{"next":"16"}}', 'packages/kit/test/fixtures/01-api/pages/api/hello.js': 'export default function hello(req, res) {}', 'src/__tests__/fixtures/serverless.yml': 'service: a\nprovider: { name: aws }\nfunctions: { a: { handler: a.handler } }\n', 'src/__tests__/fixtures/a.js': lambda, 'test/integ/delay/stack.yaml': 'Resources: { F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs22.x, Handler: index.handler, Code: { ZipFile: "exports.handler = 1" } } } }' }],
    ['a static export', { 'package.json': '{"dependencies":{"next":"16"}}', 'next.config.ts': "export default { output: 'export' };", 'app/feed/route.ts': 'export async function GET() {}' }],
  ])('%s', (_name, files) => expect(found(files)).toEqual([]));

  it('near misses are functions', () => {
    expect(found({ 'src/order.ts': lambda })).toEqual(['src/order.ts#handler']);
    expect(found({ 'netlify/functions/a.js': 'export const handler = () => {};' })).toEqual(['netlify/functions#a']);
    expect(found({ 'src/commands/order.ts': lambda })).toEqual(['src/commands/order.ts#handler']);
  });
});
