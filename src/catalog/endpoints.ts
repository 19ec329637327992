import type { Callee } from '../model/project.ts';
import { normalName, wordSet } from './look-up.ts';

/**
 * Addresses that belong to one account, one deployment or one network.
 *
 * Sources (November 2026): AWS General Reference, Amazon Resource Names; API reference of SQS (queue URL), Lambda (function URL), API Gateway
 * (invoke URL); Cloud Functions and Cloud Run (deterministic URLs), Azure App Service (default host name); RFC 1918.
 */
export type EndpointKind = 'arn' | 'queueUrl' | 'api' | 'functionUrl' | 'cloudFunction' | 'azureSite' | 'cloudRun' | 'internalAddress';

const kinds: readonly (readonly [EndpointKind, RegExp])[] = [
  ['arn', /\barn:aws[a-z-]{0,12}:[a-z0-9-]{1,40}:[a-z0-9-]{0,25}:\d{12}:[^\s]/],
  ['queueUrl', /\bhttps?:\/\/(?:sqs\.[a-z0-9-]{1,25}|[a-z0-9-]{1,25}\.queue|queue)\.amazonaws\.com(?:\.cn)?\/\d{12}\//],
  ['api', /(?:^|[/.@])[a-z0-9]{6,20}\.execute-api\.(?:[a-z0-9-]{1,25}\.amazonaws\.com|$)/],
  ['functionUrl', /(?:^|[/.@])[a-z0-9]{10,60}\.lambda-url\.(?:[a-z0-9-]{1,25}\.on\.aws|$)/],
  ['cloudFunction', /(?:^|[/.@])[a-z0-9-]{0,40}[a-z0-9]\.cloudfunctions\.net\b/],
  ['azureSite', /(?:^|[/.@])[a-z0-9-]{1,80}\.azurewebsites\.(?:net|us|cn)\b/],
  ['cloudRun', /(?:^|[/.@])[a-z0-9-]{1,80}\.(?:[a-z]{1,3}\.)?run\.app\b/],
  ['internalAddress', /^(?:[a-z][a-z0-9+]{1,15}:\/\/(?:[^/@\s]{0,60}@)?)?(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?::\d{2,5})?(?:\/|$)/],
];

/** Accounts of the vendors: layers and images that everybody uses (their documentation, November 2026). */
const vendorArn = /\barn:aws[a-z-]{0,12}:(?:lambda|ecr|sagemaker|iam|ssm):[a-z0-9-]{0,25}:(?:aws|580247275435|901920570463|753240598075|017000801446|094274105915|464622532012|451483290750|177933569100|133256977650|015030872274|187925254637|114300393969|200266452380|345057560386):/;

/** What kind of address a literal text holds; `undefined` for public hosts, vendor ARNs, the loopback and the metadata service. Pure. */
export function endpointOf(text: string): EndpointKind | undefined {
  if (text.length > 2_000 || vendorArn.test(text)) return undefined;
  return kinds.find(([, test]) => test.test(text))?.[0];
}

/** Names for messages. */
export const endpointNames: Readonly<Record<EndpointKind, string>> = {
  arn: 'an ARN with an account id', queueUrl: 'the URL of one queue', api: 'the address of one deployed API', functionUrl: 'the URL of one function', cloudFunction: 'the address of one deployed function',
  azureSite: 'the address of one deployed site', cloudRun: 'the address of one deployed service', internalAddress: 'an address of one private network',
};

const region = /^(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-(?:gov|iso|isob))?-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/;
/** A region of AWS as text. */
export const isAwsRegion = (text: string): boolean => region.test(text);

/** Services with one endpoint for all regions: their region is no choice (AWS General Reference, service endpoints). */
const globalServices = /(?:client-(?:cloudfront|iam|route-53|route53-domains|waf|shield|global-accelerator|organizations|budgets|cost-explorer|savingsplans|support|account|acm|cost-and-usage-report-service)|clients\/(?:cloudfront|iam|route53))$/;

/** Whether a `new` or a call makes or sets up a client of AWS, which takes a region. */
export function takesRegion(callee: Callee, constructs: boolean): boolean {
  const { module, path } = normalName(callee);
  const name = path.join('.');
  if (globalServices.test(module)) return false;
  if (module === 'aws-sdk' || module.startsWith('aws-sdk/')) return constructs ? !/^(?:CloudFront|IAM|Route53|Organizations|CostExplorer|Support|Endpoint|Credentials)$/.test(name) : name === 'config.update' || name === 'config.#update' || name === 'update';
  if (/^@aws-sdk\/(?:client-|credential-provider|signature|s3-presigned|rds-signer|dsql-signer)/.test(module)) return constructs;
  return /^(?:@smithy\/signature-v4|aws-appsync|@aws\/dynamodb-data-mapper|dynamoose|@aws-lambda-powertools\/parameters\/.+)$/.test(module) && constructs;
}

const printing = /^(?:console|process\.std(?:out|err))(?:\.|$)/;
const loggers = /^(?:winston|pino|bunyan|loglevel|log4js|debug|signale|consola|tslog|lambda-log|roarr|@aws-lambda-powertools\/(?:logger|tracer|metrics)|@google-cloud\/logging.*|@sentry\/.*|chalk)$/;
const textMethods = wordSet('includes startsWith endsWith indexOf lastIndexOf match matchAll test search split slice substring substr replace replaceAll trim toLowerCase toUpperCase concat padEnd padStart charAt localeCompare exec has equals toString');
const assertions = /^(?:assert|assert\/strict|chai|vitest|jest|@jest\/.*)$/;

/** A call to which an address is text only: it prints, compares, cuts or checks. */
export function isTextOnly(callee: Callee): boolean {
  const { module, path, method } = normalName(callee);
  if (module === 'global') return printing.test(path.join('.')) || /^(?:JSON|RegExp|Error|TypeError|RangeError|String|Object|Map|Set|Promise|Array|Number|Boolean|Date|Symbol|Math|Reflect|WeakMap|encodeURIComponent|encodeURI|decodeURIComponent|Response|Headers|URL|URLSearchParams|Buffer)(?:\.|$)/.test(path.join('.'));
  return loggers.test(module) || assertions.test(module) || (module === 'unknown' && (textMethods.has(method) || /^(?:log|debug|info|warn|error|trace|fatal|header|set|setHeader|append|json|send|end|status|push|add|redirect|html)$/.test(method)));
}
