import type { Trigger } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import { literal } from '../model/value.ts';
import type { Value } from '../model/value.ts';
import type { Template } from './cloudformation-template.ts';
import { attributeFilter, mappingSettings, objectFilter, retryPolicy, trigger } from './cloudformation-triggers.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';
import { samRouteAuth } from './sam-auth.ts';

/**
 * Triggers of one entry of `Events` (SAM specification, "EventSource", read 2026-11). A type that is not known is an
 * `unknown` trigger, never dropped: something invokes the function.
 */
export function samEvent(template: Template, wiring: Wiring, event: DocNode, location: Location): readonly Trigger[] {
  const type = template.text(event.get('Type')) ?? 'unknown';
  const properties = event.get('Properties');
  const value = (name: string): Value => template.value(properties?.get(name));
  const mapped = (): ReturnType<typeof mappingSettings> => mappingSettings(template, properties);
  const state = enabled(template, properties);
  switch (type) {
    case 'Api':
      return [trigger('http', 'Api', location, { resource: properties?.get('RestApiId') ? value('RestApiId') : template.reference('ServerlessRestApi', 'Ref'), filters: [route(template, properties)], auth: samRouteAuth(template, wiring, type, properties, location) })];
    case 'HttpApi':
      return [trigger('http', 'HttpApi', location, { resource: properties?.get('ApiId') ? value('ApiId') : template.reference('ServerlessHttpApi', 'Ref'), filters: [route(template, properties)], auth: samRouteAuth(template, wiring, type, properties, location) })];
    case 'SQS': return [trigger('queue', 'SQS', location, { resource: value('Queue'), ...mapped() })];
    case 'MQ': return [trigger('queue', 'MQ', location, { resource: value('Broker'), ...mapped() })];
    case 'Kinesis': case 'DynamoDB': case 'MSK': return [trigger('stream', type, location, { resource: value('Stream'), ...mapped() })];
    case 'SelfManagedKafka': return [trigger('stream', type, location, mapped())];
    case 'DocumentDB': return [trigger('stream', type, location, { resource: value('Cluster'), ...mapped() })];
    case 'SNS': {
      const topic = trigger('topic', 'SNS', location, { resource: value('Topic'), filters: attributeFilter(template, properties) });
      const queue = properties?.at('SqsSubscription', 'QueueArn');
      return queue ? [topic, trigger('queue', 'SQS', location, { resource: template.value(queue), ...mappingSettings(template, properties?.get('SqsSubscription')) })] : [topic];
    }
    case 'S3': return [trigger('bucket', 'S3', location, { resource: value('Bucket'), filters: [objectFilter(template, properties?.get('Events'), properties?.get('Filter'))] })];
    case 'EventBridgeRule': case 'CloudWatchEvent':
      return [trigger('bus', type, location, {
        resource: properties?.get('EventBusName') ? value('EventBusName') : literal('default'),
        filters: properties?.get('Pattern') ? [{ kind: 'pattern', pattern: value('Pattern') }] : [], ...state, ...retryPolicy(template, properties),
      })];
    case 'Schedule': case 'ScheduleV2':
      return [trigger('schedule', type, location, { schedule: value(type === 'Schedule' ? 'Schedule' : 'ScheduleExpression'), ...state, ...retryPolicy(template, properties) })];
    case 'CloudWatchLogs':
      return [trigger('log', type, location, { resource: value('LogGroupName'), filters: properties?.get('FilterPattern') ? [{ kind: 'pattern', pattern: value('FilterPattern') }] : [] })];
    case 'IoTRule': return [trigger('topic', type, location, { filters: [{ kind: 'pattern', pattern: value('Sql') }] })];
    case 'Cognito': return [trigger('auth', type, location, { resource: value('UserPool') })];
    case 'AlexaSkill': return [trigger('invoke', type, location)];
    default: return [trigger('unknown', type, location)];
  }
}

function route(template: Template, properties: DocNode | undefined): NonNullable<Trigger['filters'][number]> {
  return {
    kind: 'route',
    method: (template.text(properties?.get('Method')) ?? '*').toUpperCase().replace(/^(?:ANY|X-AMAZON-APIGATEWAY-ANY-METHOD)$/, '*'),
    path: template.text(properties?.get('Path')) ?? '*',
  };
}

function enabled(template: Template, properties: DocNode | undefined): { readonly enabled?: boolean } {
  const flag = template.boolean(properties?.get('Enabled'));
  if (flag !== undefined) return { enabled: flag };
  const state = template.text(properties?.get('State'));
  return state === undefined ? {} : { enabled: state !== 'DISABLED' };
}
