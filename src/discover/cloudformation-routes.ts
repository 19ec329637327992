import type { RouteAuth, TriggerFilter } from '../model/function.ts';
import type { Location } from '../model/location.ts';
import type { Value } from '../model/value.ts';
import { behaviorAuth, dataSourceAuth, graphAuth, urlAuth } from './cloudformation-auth.ts';
import type { Template, TemplateResource } from './cloudformation-template.ts';
import { trigger } from './cloudformation-triggers.ts';
import type { Wiring } from './cloudformation-wiring.ts';
import type { DocNode } from './document.ts';

/** Ways into a function over HTTP that are no API: URLs, GraphQL data sources, load balancers, distributions. */
export function wireRoutes(template: Template, wiring: Wiring, resource: TemplateResource): void {
  const properties = resource.properties;
  if (!properties) return;
  switch (resource.type) {
    case 'AWS::Lambda::Url': {
      wiring.attach(template.value(properties.get('TargetFunctionArn')), trigger('url', 'FunctionUrl', properties.keyLocation('TargetFunctionArn'), {
        resource: template.reference(resource.id, 'Ref'), auth: urlAuth(template, properties, resource.location),
      }));
      break;
    }
    case 'AWS::AppSync::DataSource': {
      const fn = properties.at('LambdaConfig', 'LambdaFunctionArn');
      if (fn) wiring.attach(template.value(fn), trigger('http', 'AppSync', fn.location, { resource: template.reference(resource.id, 'Ref'), auth: dataSourceAuth(template, wiring, properties) }));
      break;
    }
    case 'AWS::Serverless::GraphQLApi': {
      for (const source of properties.at('DataSources', 'Lambda')?.entries.values() ?? []) {
        const fn = source.get('FunctionArn');
        if (fn) wiring.attach(template.value(fn), trigger('http', 'AppSync', fn.location, { resource: template.reference(resource.id, 'Ref'), auth: graphAuth(template, wiring, resource) }));
      }
      break;
    }
    case 'AWS::CloudFront::Distribution': distribution(template, wiring, resource, properties); break;
    case 'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup(template, wiring, resource, properties); break;
    default: break;
  }
}

function distribution(template: Template, wiring: Wiring, resource: TemplateResource, properties: DocNode): void {
  const config = properties.get('DistributionConfig');
  const main = config?.get('DefaultCacheBehavior');
  for (const behavior of [...(main ? [main] : []), ...(config?.get('CacheBehaviors')?.items ?? [])]) {
    const path = behavior === main ? '*' : template.text(behavior.get('PathPattern')) ?? '*';
    for (const item of behavior.get('LambdaFunctionAssociations')?.items ?? []) {
      const filters: TriggerFilter[] = [{ kind: 'route', method: '*', path }];
      const target = template.value(item.get('LambdaFunctionARN') ?? item);
      wiring.attach(target, trigger('http', 'CloudFront', item.location, { resource: template.reference(resource.id, 'Ref'), filters, auth: behaviorAuth(template, behavior, item.location) }));
      for (const draft of wiring.functions(target)) draft.late.generation = 'edge';
    }
  }
}

interface Forward {
  readonly auth: RouteAuth | undefined;
  readonly filters: readonly TriggerFilter[];
  readonly location: Location;
}

/** A function behind a load balancer: one trigger for every listener or rule that forwards to its group. */
function targetGroup(template: Template, wiring: Wiring, resource: TemplateResource, properties: DocNode): void {
  const self = template.reference(resource.id, 'Ref');
  for (const item of properties.get('Targets')?.items ?? []) {
    const target = template.value(item.get('Id'));
    if (wiring.functions(target).length === 0) continue;
    const ways = forwards(template).get(resource.id) ?? [];
    if (ways.length === 0) wiring.attach(target, trigger('http', 'ALB', item.location, { resource: self }));
    for (const way of ways) wiring.attach(target, trigger('http', 'ALB', way.location, { resource: self, filters: way.filters, auth: way.auth }));
  }
}

const forwarding = new WeakMap<Template, ReadonlyMap<string, readonly Forward[]>>();

/** Listeners and rules of a template by the target groups that they forward to. */
function forwards(template: Template): ReadonlyMap<string, readonly Forward[]> {
  const known = forwarding.get(template);
  if (known) return known;
  const index = new Map<string, Forward[]>();
  for (const other of template.ofType('AWS::ElasticLoadBalancingV2::ListenerRule', 'AWS::ElasticLoadBalancingV2::Listener')) {
    const isRule = other.type === 'AWS::ElasticLoadBalancingV2::ListenerRule';
    const actions = other.properties?.get(isRule ? 'Actions' : 'DefaultActions')?.items ?? [];
    const groups = new Set(actions.flatMap((action) => groupsOf(template, action)));
    if (groups.size === 0) continue;
    const check = actions.find((action) => /^(?:authenticate-(?:oidc|cognito)|jwt-validation)$/.test(template.text(action.get('Type')) ?? ''));
    const listener = isRule ? template.value(other.properties?.get('ListenerArn')) : template.reference(other.id, 'Ref');
    const auth: RouteAuth | undefined = check ? { kind: 'identity', location: check.location } : listenerAuth(template, listener, other.location);
    const forward: Forward = { auth, filters: conditions(template, other.properties), location: other.location };
    for (const group of groups) {
      const list = index.get(group);
      if (list) list.push(forward);
      else index.set(group, [forward]);
    }
  }
  forwarding.set(template, index);
  return index;
}

/** Logical ids of the target groups that an action names. */
function groupsOf(template: Template, action: DocNode): string[] {
  const groups = [action.get('TargetGroupArn'), ...(action.at('ForwardConfig', 'TargetGroups')?.items ?? []).map((item) => item.get('TargetGroupArn'))];
  return groups.map((node) => template.value(node)).flatMap((value) => (value.kind === 'resource' && value.unit === template.unit ? [value.id] : []));
}

/** An open or internal load balancer; absent where it is not declared here. */
export function listenerAuth(template: Template, listener: Value, route: Location): RouteAuth | undefined {
  const balancer = listener.kind === 'resource' ? template.value(template.resources.get(listener.id)?.properties?.get('LoadBalancerArn')) : undefined;
  const declared = balancer?.kind === 'resource' ? template.resources.get(balancer.id) : undefined;
  if (declared?.type !== 'AWS::ElasticLoadBalancingV2::LoadBalancer') return undefined;
  const scheme = declared.properties?.get('Scheme');
  if (!scheme || !declared.properties) return { kind: 'none', location: route };
  const text = template.text(scheme);
  return text === undefined ? undefined : text === 'internal' ? { kind: 'private', location: declared.properties.keyLocation('Scheme') } : { kind: 'none', location: route };
}

/** Path and method conditions of a listener rule. */
function conditions(template: Template, properties: DocNode | undefined): TriggerFilter[] {
  const values = (field: string, config: string): string[] => (properties?.get('Conditions')?.items ?? [])
    .filter((item) => template.text(item.get('Field')) === field)
    .flatMap((item) => (item.get('Values') ?? item.at(config, 'Values'))?.items ?? [])
    .map((item) => template.text(item) ?? '*');
  const paths = values('path-pattern', 'PathPatternConfig');
  const methods = values('http-request-method', 'HttpRequestMethodConfig');
  return (paths.length === 0 ? ['*'] : paths.slice(0, 20)).flatMap((path) => (methods.length === 0 ? ['*'] : methods.slice(0, 10)).map((method): TriggerFilter => ({ kind: 'route', method: method.toUpperCase(), path })));
}
