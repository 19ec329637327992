import type { Callee } from '../model/project.ts';
import { normalName } from './look-up.ts';

/**
 * Packages, calls and programming models of functions whose end is announced. Collected 2026-11-21; each entry names its source. The X-Ray SDK: an
 * earlier page (`xray-daemon-eos`) ended its support on 2027-02-25, the current one names no end.
 * What only has a newer rival is not listed: somebody must have said that it ends.
 */
export interface DeprecatedApi {
  /** As people know it. */
  readonly name: string;
  /** Day of the end of support, `YYYY-MM-DD`; absent where no day is announced. */
  readonly ends?: string;
  /** What its makers say of it, the end of a sentence that starts with its name. */
  readonly says: string;
  /** The action that repairs it. */
  readonly instead: string;
  /** `told`: superseded, but nobody has said that it stops. Default: judged by its day, a warning where there is none. */
  readonly level?: 'told';
  readonly source: string;
}

const azureStorage: Omit<DeprecatedApi, 'name' | 'instead'> = { says: 'is on the list of deprecated releases of the Azure SDK and gets no more updates', source: 'https://azure.github.io/azure-sdk/releases/deprecated/js.html' };
const apollo: Omit<DeprecatedApi, 'name'> = { ends: '2024-10-22', says: 'belongs to Apollo Server 3', instead: 'Move to `@apollo/server` and the integration of the platform (`@as-integrations/…`).', source: 'https://www.apollographql.com/docs/apollo-server/previous-versions' };

const packages: ReadonlyMap<string, DeprecatedApi> = new Map<string, DeprecatedApi>([
  ['aws-sdk', {
    name: 'aws-sdk (AWS SDK for JavaScript v2)', ends: '2025-09-08', says: 'gets no more fixes, security fixes included, and runtimes from nodejs18.x on do not bring it',
    instead: 'Move to the clients of v3 (`@aws-sdk/client-…`); the codemod `aws-sdk-js-codemod` does most of it.', source: 'https://aws.amazon.com/blogs/developer/announcing-end-of-support-for-aws-sdk-for-javascript-v2/',
  }],
  ['aws-xray-sdk', { name: 'The X-Ray SDK', level: 'told', says: 'is in maintenance since 2026-02-25: security fixes only', instead: 'Trace with OpenTelemetry; the X-Ray console shows its traces too.', source: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-daemon-timeline.html' }],
  ['aws-xray-sdk-core', { name: 'The X-Ray SDK', level: 'told', says: 'is in maintenance since 2026-02-25: security fixes only', instead: 'Trace with OpenTelemetry; the X-Ray console shows its traces too.', source: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-sdk-daemon-timeline.html' }],
  ['azure-storage', { ...azureStorage, name: 'azure-storage', instead: 'Move to `@azure/storage-blob`, `@azure/storage-queue` and `@azure/data-tables`.' }],
  ['azure-sb', { ...azureStorage, name: 'azure-sb', instead: 'Move to `@azure/service-bus`.' }],
  ['azure-event-hubs', { ...azureStorage, name: 'azure-event-hubs', instead: 'Move to `@azure/event-hubs`.' }],
  ['documentdb', { ...azureStorage, name: 'documentdb', instead: 'Move to `@azure/cosmos`.' }],
  ['adal-node', { name: 'adal-node', ends: '2023-06-30', says: 'gets no more fixes for the library that signs in', instead: 'Move to `@azure/msal-node` or `@azure/identity`.', source: 'https://techcommunity.microsoft.com/t5/microsoft-entra-blog/update-your-applications-to-use-microsoft-authentication-library/ba-p/1257363' }],
  ['botbuilder', { name: 'botbuilder (Bot Framework SDK)', ends: '2025-12-31', says: 'is archived and no longer supported', instead: 'Move to the Microsoft 365 Agents SDK (`@microsoft/agents-hosting`).', source: 'https://learn.microsoft.com/azure/bot-service/what-is-new' }],
  ['apollo-server-lambda', { ...apollo, name: 'apollo-server-lambda' }],
  ['apollo-server-cloud-functions', { ...apollo, name: 'apollo-server-cloud-functions' }],
  ['apollo-server-azure-functions', { ...apollo, name: 'apollo-server-azure-functions' }],
]);

/** The entry of a package; `undefined` for one that nobody has ended. */
export const deprecatedPackage = (name: string): DeprecatedApi | undefined => packages.get(name);

/** Month of the shutdown: firebase-tools 15.34.2, `functionsConfig` (read 2026-11-21); earlier releases named December 2025 and March 2026. */
const firebaseConfig: DeprecatedApi = {
  name: 'functions.config()', says: 'throws since firebase-functions 7, and deployments that use it fail once the service behind it shuts down in March 2027',
  instead: 'Move the values to parameters (`defineString`, `defineSecret`); `firebase functions:config:export` writes them out.', source: 'https://firebase.google.com/docs/functions/config-env#migrate-config',
};

/** The entry of a call; `undefined` for one that nobody has ended. */
export function deprecatedCall(callee: Callee): DeprecatedApi | undefined {
  const { module, path, method } = normalName(callee);
  return /^firebase-functions(?:\/v1)?$/.test(module) && method === 'config' && path.filter((part) => part !== 'v1').length === 1 ? firebaseConfig : undefined;
}

/** Handlers of AWS Lambda that answer through a third parameter. Refused from nodejs24.x on (AWS Lambda, Node.js handler; runtime interface client, 2025-08-13). */
export const lambdaCallback: DeprecatedApi = {
  name: 'A handler with a callback', level: 'told', says: 'is refused from nodejs24.x on',
  instead: 'Make the handler `async`: return the answer and throw the error.', source: 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html',
};

/** Functions of Azure that a `function.json` declares. No day is announced; new features come to v4 only (Azure Functions, migrate to v4 of the Node.js programming model, November 2026). */
export const azureModelV3: DeprecatedApi = {
  name: 'The Node.js programming model v3 of Azure Functions', level: 'told', says: 'is superseded by v4, and new features come to v4 only',
  instead: 'Register the function in code with `app.…` of `@azure/functions` 4, all functions of the app at once.', source: 'https://learn.microsoft.com/azure/azure-functions/functions-node-upgrade-v4',
};

/** Functions that an extension brings (firebase-tools 15.34.2, `extensions/warnings`, read 2026-11-21). */
export const firebaseExtensions: DeprecatedApi = {
  name: 'Firebase Extensions', ends: '2027-03-31', says: 'is a service that shuts down',
  instead: 'Deploy the functions of the extension as functions of a project of their own.', source: 'https://firebase.google.com/docs/extensions',
};

/** Gen 1 has no Node.js after 22, whose decommission is its end (Google Cloud, function runtimes, 2026). */
export const firebaseGen1: DeprecatedApi = {
  name: 'A trigger of the first generation', ends: '2027-10-31', says: 'has no runtime after Node.js 22, and no function can be deployed once that is decommissioned',
  instead: 'Move to the trigger of the second generation (`firebase-functions/v2`).', source: 'https://cloud.google.com/run/docs/runtimes/function-runtimes',
};
