import type { ServerlessFunction, Trigger } from '../model/function.ts';

/** A time that something gives a function, whatever the function's own timeout. */
export interface TriggerLimit {
  readonly seconds: number;
  /** For messages: `an API Gateway REST API`. */
  readonly what: string;
  /** The caller is told so and the function goes on as it was meant to (202 with the id of the activation). */
  readonly goesOn?: true;
}

const rest: TriggerLimit = { seconds: 29, what: 'an API Gateway REST API' };
const httpApi: TriggerLimit = { seconds: 30, what: 'an API Gateway HTTP API' };
const socket: TriggerLimit = { seconds: 29, what: 'an API Gateway WebSocket API' };
const graphql: TriggerLimit = { seconds: 30, what: 'AppSync' };
const userPool: TriggerLimit = { seconds: 5, what: 'a Cognito user pool' };
const edge: TriggerLimit = { seconds: 30, what: 'CloudFront' };
const objectLambda: TriggerLimit = { seconds: 60, what: 'S3 Object Lambda' };
const firehose: TriggerLimit = { seconds: 300, what: 'Data Firehose' };
const loadBalancer: TriggerLimit = { seconds: 230, what: 'the load balancer of Azure' };
const webAction: TriggerLimit = { seconds: 60, what: 'the gateway of Adobe I/O Runtime', goesOn: true };
const authorizer: TriggerLimit = { seconds: 30, what: 'API Gateway, which waits for an authorizer no longer than for an integration' };

/**
 * How long the caller behind a trigger waits for its answer; `undefined` where nothing shorter than the function's own timeout is
 * known. Sources (November 2026): API Gateway quotas, REST 29 s (raised on request for Regional and private APIs), HTTP APIs 30 s,
 * WebSocket APIs 29 s. A load balancer and a function URL wait as long as the function runs. AppSync quotas: 30 s a request.
 * Cognito developer guide, "Customizing user pool workflows with Lambda triggers": 5 s, three attempts, not to be changed. CloudFront
 * developer guide, "Quotas on Lambda@Edge": 30 s at the origin, 5 s at the viewer. S3 user guide, "Writing Lambda functions for S3
 * Object Lambda": 60 s. Data Firehose developer guide, "Transform source data": 5 minutes. Azure Functions, "Function app timeout
 * duration": 230 s for an HTTP answer, whatever the app's timeout. Adobe I/O Runtime, "System settings": 60 s for a web action and any
 * other blocking call.
 */
export function triggerLimit(fn: Pick<ServerlessFunction, 'platform' | 'packaging'>, trigger: Trigger): TriggerLimit | undefined {
  const { platform } = fn;
  if (trigger.enabled === false) return undefined;
  if (platform === 'openwhisk') return trigger.kind === 'http' && isAdobe(fn) ? webAction : undefined;
  if (platform === 'azure') return trigger.kind === 'http' ? loadBalancer : undefined;
  if (platform !== 'aws') return undefined;
  if (trigger.kind === 'auth' && /authori[sz]er/i.test(trigger.source)) return authorizer;
  if (trigger.kind === 'auth' && trigger.source === 'Cognito') return userPool;
  if (trigger.source === 'S3ObjectLambda') return objectLambda;
  if (trigger.source === 'Firehose') return firehose;
  if (trigger.kind !== 'http') return undefined;
  if (trigger.source === 'AppSync') return graphql;
  if (trigger.source === 'CloudFront') return edge;
  if (/^httpApi$/i.test(trigger.source)) return httpApi;
  if (/^websocket$/i.test(trigger.source)) return socket;
  return /^(?:api|http|lambda|lambda-proxy)$/i.test(trigger.source) ? rest : undefined;
}

/**
 * The longest timeout that the platform allows a function, in seconds. Sources (November 2026): Lambda quotas, 900 s;
 * Google quotas and firebase-tools: first generation and events 540 s, second generation over HTTP 3,600 s, Firebase schedules and task
 * queues 1,800 s; apache/openwhisk default configuration, 300 s; Adobe I/O Runtime, "System settings", 10,800 s for calls that nobody waits for.
 */
export function longestTimeout(fn: ServerlessFunction): number | undefined {
  switch (fn.platform) {
    case 'aws': return 900;
    case 'openwhisk': return isAdobe(fn) ? 10_800 : 300;
    case 'google': case 'firebase': {
      if (fn.generation === 'run') return 3_600;
      if (fn.generation !== 'gen2') return 540;
      if (fn.triggers.some((trigger) => trigger.kind === 'http')) return 3_600;
      return fn.platform === 'firebase' && fn.triggers.some((trigger) => trigger.kind === 'schedule' || trigger.kind === 'queue') ? 1_800 : 540;
    }
    default: return undefined;
  }
}

/** Adobe I/O Runtime: its own tools bundle actions, plain OpenWhisk's do not. */
const isAdobe = ({ packaging }: Pick<ServerlessFunction, 'packaging'>): boolean => packaging?.tool === 'webpack';

/** Visibility timeout of a queue of SQS that declares none, in seconds (SQS developer guide, November 2026). */
export const defaultVisibilitySeconds = 30;
