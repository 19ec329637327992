import type { Location } from '../model/location.ts';
import type { DocNode } from './document-node.ts';

/**
 * Keys that an environment does not take over from the top level (Wrangler documentation, "Configuration", section on
 * non-inheritable keys, read 2026-11); every other key holds for all environments that do not set it.
 */
const notInherited: ReadonlySet<string> = new Set([
  'define', 'vars', 'durable_objects', 'workflows', 'kv_namespaces', 'kv-namespaces', 'r2_buckets', 'd1_databases', 'queues', 'services', 'send_email',
  'vectorize', 'hyperdrive', 'analytics_engine_datasets', 'dispatch_namespaces', 'mtls_certificates', 'tail_consumers', 'unsafe', 'browser', 'ai',
  'images', 'version_metadata', 'pipelines', 'secrets_store_secrets', 'vpc_services', 'ratelimits', 'cloudchamber', 'containers',
]);

/** Names of environments that stand for what users meet, best first. */
const deployedNames: readonly string[] = ['production', 'prod', 'live'];

/** One environment of a Wrangler file: the top level, or `env.NAME` with what it inherits. */
export class WorkerConfig {
  readonly name: string | undefined;
  readonly #top: DocNode;
  readonly #own: DocNode;

  constructor(top: DocNode, own: DocNode = top, name?: string) {
    this.#top = top;
    this.#own = own;
    this.name = name;
  }

  /** The value that holds for a key. */
  get(key: string): DocNode | undefined {
    return this.#holder(key)?.get(key);
  }

  text(key: string): string | undefined {
    return this.get(key)?.text();
  }

  /** Place of a key; of the whole environment when it is not set. */
  locationOf(key: string): Location {
    return (this.#holder(key) ?? this.#own).keyLocation(key);
  }

  /** The name it is deployed under: an environment's is `NAME-ENVIRONMENT` unless it sets its own. */
  deployedName(): string | undefined {
    const top = this.#top.get('name')?.text();
    return this.#own.get('name')?.text() ?? (this.name === undefined || top === undefined ? top : `${top}-${this.name}`);
  }

  /** `route` and `routes` exclude each other: one that the environment sets hides both of the top level. */
  routes(): readonly DocNode[] {
    const own = this.#own.get('routes') ?? this.#own.get('route');
    const node = own ?? this.#top.get('routes') ?? this.#top.get('route');
    return node === undefined ? [] : node.kind === 'list' ? node.items : [node];
  }

  #holder(key: string): DocNode | undefined {
    if (this.#own.get(key) !== undefined) return this.#own;
    return this.#own !== this.#top && !notInherited.has(key) && this.#top.get(key) !== undefined ? this.#top : undefined;
  }
}

/**
 * The environments of a file, the one that is read first in front: the stage asked for, else the one that is named for
 * production, else the top level.
 */
export function environments(root: DocNode, stage: string | undefined): readonly WorkerConfig[] {
  const top = new WorkerConfig(root);
  const named = [...(root.get('env')?.entries ?? [])].filter(([, node]) => node.kind === 'map').map(([name, node]) => new WorkerConfig(root, node, name));
  const chosen = named.find((one) => one.name === stage) ?? (stage === undefined ? deployedNames.map((name) => named.find((one) => one.name === name)).find((one) => one !== undefined) : undefined) ?? top;
  return [chosen, ...[top, ...named].filter((one) => one !== chosen)];
}
