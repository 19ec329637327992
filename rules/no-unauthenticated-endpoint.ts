import { isPublicPath } from '../src/catalog/verifications.ts';
import { answersWithoutAsking, isAuthorizer } from '../src/link/queries/authorizers.ts';
import { filesReached, mayLieElsewhere } from '../src/link/queries/elsewhere.ts';
import { exposedDataOf } from '../src/link/queries/exposed-data.ts';
import { handlerPlace } from '../src/link/queries/handler-place.ts';
import { shownChange } from '../src/link/queries/iac-change.ts';
import { runsBefore } from '../src/link/queries/middleware-routes.ts';
import { isOfflineOnly } from '../src/link/queries/setting-limits.ts';
import { isCalledPublic, startsLogin } from '../src/link/queries/meant-public.ts';
import { openRoutes, type OpenRoute } from '../src/link/queries/public-routes.ts';
import { verificationOf, type Verification } from '../src/link/queries/verification.ts';
import type { ServerlessFunction } from '../src/model/function.ts';
import type { Location, SourcePlace } from '../src/model/location.ts';
import type { FunctionView } from '../src/model/project.ts';
import { defineRule } from '../src/rule.ts';

/** Platforms on which a route is declared by the place of the file: the line to change is the handler's. */
const byConvention: ReadonlySet<string> = new Set(['cloudflare', 'vercel', 'netlify']);

const template = (auth: string): string => `Transform: AWS::Serverless-2016-10-31\nResources:\n  Handler:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: handler.handler\n      Runtime: nodejs24.x\n      Timeout: 10\n      Events:\n        Create:\n          Type: HttpApi\n          Properties:\n            Method: POST\n            Path: /orders\n${auth}`;
const store = `import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';\nconst table = new DynamoDBClient({});\n`;
const put = `  await table.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: event.body } } }));\n  return { statusCode: 201 };\n};\n`;

export default defineRule({
  id: 'no-unauthenticated-endpoint',
  title: 'Disallow endpoints that anybody may call',
  scope: 'function',
  category: 'exposure',
  preset: 'recommended',
  risk: 'Whoever finds the address reads and writes what the function can reach, and spends the account\'s money with every call.',
  references: [
    { title: 'Serverless Scales: the API gateway\'s authentication and authorization', document: '000' },
    { title: 'Amazon API Gateway: controlling access to APIs', url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html' },
  ],
  messages: {
    open: { severity: 'warning', text: '{function} {verb} {what} for anybody who calls {routes}: no authorizer, and the handler verifies nobody.', repair: 'Put an authorizer in front of the route, or verify a signature, token or session first thing in the handler.{change}' },
    keyOnly: { severity: 'warning', text: '{function} {verb} {what}, and an API key is the only check of {routes}.', repair: 'Put an authorizer in front of the route; an API key tells clients apart, it does not tell who calls.' },
    openIdle: { severity: 'info', text: 'Anybody may call {function} ({routes}): no authorizer, and the handler verifies nobody.', repair: 'Put an authorizer in front of the route where it is not meant for everybody.' },
    openNamed: { severity: 'info', text: 'Anybody may call {function} ({routes}): no authorizer, and what is named like a check on the way is not known to be one.', repair: 'See that it refuses who may not call; where it does, say so on this line.' },
    keyIdle: { severity: 'info', text: 'A key is the only check of {function} ({routes}).', repair: 'Put an authorizer in front of the route where the key is not enough.' },
    allows: { severity: 'warning', text: '{function} authorizes requests and refuses none: it has no answer but yes.', repair: 'Verify the token in the authorizer and answer with a denial when it does not verify, or take the authorizer away.' },
  },
  options: {},
  examples: [
    { title: 'Anybody writes', code: `${store}export const handler = async (event) => {\n${put}`, template: template(''), reports: ['open'] },
    { title: 'IAM in front', code: `${store}export const handler = async (event) => {\n${put}`, template: template('            Auth:\n              Authorizer: AWS_IAM\n'), reports: [] },
    { title: 'The handler verifies', code: `import { createHmac, timingSafeEqual } from 'node:crypto';\n${store}export const handler = async (event) => {\n  const expected = createHmac('sha256', process.env.SIGNING_SECRET).update(event.body).digest();\n  if (!timingSafeEqual(expected, Buffer.from(event.headers['x-signature'], 'hex'))) return { statusCode: 401 };\n${put}`, template: template(''), reports: [] },
  ],
  *check({ view }) {
    const { fn } = view;
    if (isAuthorizer(view) && answersWithoutAsking(view)) {
      const at = handlerPlace(view);
      if (at) yield { message: 'allows', at, data: { function: fn.name }, evidence: filesReached(view) };
    }
    const routes = openRoutes(fn);
    const [first] = routes;
    if (!first || isPublicPath(fn.name) || mayLieElsewhere(view)) return;
    const middleware = middlewareOf(view);
    if (middleware.isGuard) return;
    const verified = verificationOf(view);
    if (verified === 'proved') return;
    const at = placeOf(view, first);
    if (!at) return;
    const keyed = routes.every(({ auth }) => auth.kind === 'key');
    const data = { function: fn.name, change: changeOf(fn, first, at), routes: routes.map(({ label }) => label).join(', ') };
    const evidence = [...filesReached(view), ...middleware.files];
    if (startsLogin(view)) return;
    const exposed = exposedDataOf(view);
    const isMeant = (exposed?.verb === 'reads' && isCalledPublic(view, routes)) || isStartedByHand(view, routes);
    if (!exposed || isMeant || isMild(view, verified, keyed)) yield { message: keyed ? 'keyIdle' : verified === 'named' ? 'openNamed' : 'openIdle', at, data, evidence };
    else yield { message: keyed ? 'keyOnly' : 'open', at, data: { ...data, ...exposed }, evidence };
  },
});

/** A service that only the emulator runs, with a route for each function that is called like it: there to start what runs otherwise elsewhere. */
const isStartedByHand = (view: FunctionView, routes: readonly OpenRoute[]): boolean =>
  routes.every(({ trigger, label }) => label.split(' ').at(-1) === `/${view.fn.name}` && trigger.location !== undefined && isOfflineOnly(view, trigger.location));

/** Azure's function key, a check that is only known by its name, and code that could not be followed weigh less. */
const isMild = (view: FunctionView, verified: Verification, keyed: boolean): boolean =>
  verified === 'named' || (keyed && view.fn.platform === 'azure') || view.bodies('invoke').length === 0;

/** An authorizer in front, where the route is declared in the same place and one word does it. */
function changeOf(fn: ServerlessFunction, { trigger, auth }: OpenRoute, at: Location | SourcePlace): string {
  const written = auth.location;
  if ('line' in at && written && fn.platform === 'azure') return shownChange(fn, written, { set: 'routeAuth' }, at);
  // A method of a REST API. Where that stands in a module, its place is the module's, which has words of its own.
  const isOwnWord = written && trigger.location && written.file === trigger.location.file && written.line !== trigger.location.line;
  const word = trigger.writtenAt ?? (isOwnWord ? written : undefined);
  if ('line' in at && word && trigger.source === 'Api' && /\.tf$/.test(word.file)) return shownChange(fn, word, { set: 'methodAuth' }, at);
  // A route in a specification of an API is authorized by other words than one of the function.
  const inDeclaration = 'line' in at && at.file === fn.declaredAt[0]?.file;
  const byOneWord = trigger.kind === 'url' || fn.platform !== 'aws' || /^httpApi$/i.test(trigger.source) || (/^(?:api|http)$/i.test(trigger.source) && /\.ya?ml$/.test(at.file));
  return inDeclaration && byOneWord ? shownChange(fn, at, { set: trigger.kind === 'url' ? 'urlAuth' : 'routeAuth' }) : '';
}

/** The line to change: the property that says who may call, else the route, else the declaration that uses a shared construct. */
function placeOf(view: FunctionView, { trigger, auth }: OpenRoute): Location | SourcePlace | undefined {
  const { fn } = view;
  const declared = fn.declaredAt[0];
  if (byConvention.has(fn.platform) && !(trigger.location && /(?:^|\/)sst\.config\./.test(trigger.location.file))) return handlerPlace(view, trigger.handlerExport) ?? trigger.location ?? declared;
  if (fn.platform === 'azure') return auth.location ?? trigger.location ?? declared;
  const shared = trigger.location && declared && trigger.location.file !== declared.file && view.project.infrastructure.functions.some((other) => other.id !== fn.id && other.triggers.some((one) => one.location?.file === trigger.location?.file && one.location?.line === trigger.location?.line));
  return shared ? declared : trigger.location ?? auth.location ?? declared;
}

/** Middleware of the same project that runs before the function's routes: whether one verifies, and where it is written. */
function middlewareOf(view: FunctionView): { readonly isGuard: boolean; readonly files: readonly string[] } {
  const path = /(?:^|\/)(?:_?middleware|proxy)\.[cm]?[jt]sx?$/;
  const isInFront = (other: ServerlessFunction): boolean =>
    other.id !== view.fn.id && other.unit === view.fn.unit && other.handlers.some(({ file }) => path.test(file)) && runsBefore(other, view.fn);
  if (!byConvention.has(view.fn.platform)) return { isGuard: false, files: [] };
  const files = view.project.infrastructure.functions.filter(isInFront).flatMap((other) => other.handlers.map(({ file }) => file));
  // What it does is not known in the editor, where its file is not open.
  if (!view.project.whole) return { isGuard: files.length > 0, files };
  const isGuard = view.project.functions.some((other) => {
    if (!isInFront(other.fn)) return false;
    const verified = verificationOf(other) !== 'none';
    other.release();
    return verified;
  });
  return { isGuard, files };
}
