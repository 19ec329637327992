import type { Resource, Trigger, TriggerKind } from '../../model/function.ts';
import type { Location } from '../../model/location.ts';
import type { Picture, PictureEdge, PictureEdgeKind, PictureLoop, PictureNode, PictureNodeKind, PicturePlace } from '../../model/picture.ts';
import type { ProjectView } from '../../model/project.ts';

/** Lines of a label that lists several ways; the rest is a number. */
const MAX_LINES = 4;

interface DraftNode {
  kind: PictureNodeKind;
  label: string;
  readonly lines: Set<string>;
  readonly unit: string | undefined;
  readonly place: PicturePlace | undefined;
  readonly unknown: boolean;
  readonly loops: Set<number>;
}

interface DraftEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: PictureEdgeKind;
  readonly labels: Set<string>;
  readonly reasons: Set<string>;
  readonly places: Map<string, PicturePlace>;
  readonly loops: Set<number>;
  /** One way is proved. */
  proved: boolean;
  unresolved: boolean;
}

/** A picture that is being put together: nodes and arrows by the keys of the wiring, each once. */
export class Draft {
  private readonly project: ProjectView;
  private readonly nodes = new Map<string, DraftNode>();
  private readonly edges = new Map<string, DraftEdge>();
  private readonly between = new Map<string, DraftEdge[]>();
  private readonly apis = new Map<string, Set<string>>();

  constructor(project: ProjectView) {
    this.project = project;
  }

  /**
   * Adds a thing; what infrastructure declares keeps its own name and kind, whatever is said of it here.
   *
   * @param given `lines`: ways that its label lists
   */
  node(key: string, given: { readonly kind: PictureNodeKind; readonly label: string; readonly unit: string; readonly place?: Location | undefined; readonly unknown?: boolean; readonly lines?: readonly string[] }): void {
    let node = this.nodes.get(key);
    if (!node) {
      const resource = key.startsWith('#') ? this.project.resources.get(key.slice(1)) : undefined;
      const place = resource?.location ?? given.place;
      node = {
        kind: resource && given.kind !== 'function' ? kindOfDeclared(resource) : given.kind, label: resource && given.kind !== 'function' ? resource.logicalId : given.label, lines: new Set(),
        unit: resource?.unit ?? given.unit, place: place && { file: place.file, line: place.line }, unknown: given.unknown === true, loops: new Set(),
      };
      this.nodes.set(key, node);
    }
    if (node.kind === 'external') node.kind = given.kind;
    for (const line of given.lines ?? []) node.lines.add(line);
  }

  /** Adds an arrow, or what it says to the one that is there. Both ends must be nodes. */
  edge(from: string, to: string, kind: PictureEdgeKind, given: { readonly label?: string; readonly place?: Location | undefined; readonly reasons?: readonly string[]; readonly unresolved?: boolean }): void {
    const key = `${from}\n${to}\n${kind}`;
    let edge = this.edges.get(key);
    if (!edge) {
      edge = { from, to, kind, labels: new Set(), reasons: new Set(), places: new Map(), loops: new Set(), proved: false, unresolved: false };
      this.edges.set(key, edge);
      const pair = `${from}\n${to}`;
      const list = this.between.get(pair);
      if (list) list.push(edge); else this.between.set(pair, [edge]);
    }
    for (const line of (given.label ?? '').split('\n')) if (line !== '') edge.labels.add(line);
    for (const reason of given.reasons ?? []) edge.reasons.add(reason);
    if (given.place) edge.places.set(`${given.place.file}\n${given.place.line}`, { file: given.place.file, line: given.place.line });
    if (given.unresolved) edge.unresolved = true;
    else if ((given.reasons ?? []).length === 0) edge.proved = true;
  }

  /** Whether an arrow of any kind leads from one to the other. */
  has(from: string, to: string): boolean {
    return this.between.has(`${from}\n${to}`);
  }

  /** The route is one of an API; the API itself is drawn only where something else leads to it. */
  belongsTo(route: string, api: string): void {
    const routes = this.apis.get(api);
    if (routes) routes.add(route); else this.apis.set(api, new Set([route]));
  }

  /** Marks a loop: keys in order, the first one again at the end. */
  loop(number: number, way: readonly string[]): void {
    way.forEach((key, index) => {
      this.nodes.get(key)?.loops.add(number);
      const next = way[index + 1];
      for (const edge of next === undefined ? [] : (this.between.get(`${key}\n${next}`) ?? [])) edge.loops.add(number);
    });
  }

  /** Id of a key in the picture. */
  id(key: string): string {
    return key.startsWith('#') ? key.slice(1) : key.replaceAll('\0', '|');
  }

  /** What was drawn, sorted by code unit. */
  picture(loops: readonly PictureLoop[]): Picture {
    for (const [api, routes] of this.apis) if (this.nodes.has(api)) for (const route of routes) this.edge(api, route, 'link', {});
    const out = new Set([...this.edges.values()].map((edge) => edge.from));
    const into = new Set([...this.edges.values()].map((edge) => edge.to));
    const nodes = [...this.nodes].map(([key, node]): PictureNode => ({
      id: this.id(key), kind: node.kind, label: labelOf(node), ...(node.unit === undefined ? {} : { unit: node.unit }), ...(node.place ? { place: node.place } : {}),
      loops: numbers(node.loops), ...(node.kind !== 'function' && !node.unknown && into.has(key) && !out.has(key) ? { unheard: true as const } : {}), ...(node.unknown ? { unknown: true as const } : {}),
    }));
    const edges = [...this.edges.values()].map((edge): PictureEdge => ({
      from: this.id(edge.from), to: this.id(edge.to), kind: edge.kind, ...(edge.labels.size > 0 ? { label: linesOf(edge.labels) } : {}),
      certainty: edge.unresolved ? 'unresolved' : edge.proved ? 'proved' : 'possible', reasons: edge.proved && !edge.unresolved ? [] : [...edge.reasons].sort(byCodeUnit),
      places: [...edge.places.values()].sort((a, b) => byCodeUnit(a.file, b.file) || a.line - b.line), loops: numbers(edge.loops),
    }));
    return {
      nodes: nodes.sort((a, b) => byCodeUnit(a.id, b.id)), edges: edges.sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to) || byCodeUnit(a.kind, b.kind)),
      loops, focus: [], notes: [],
    };
  }
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const numbers = (set: ReadonlySet<number>): readonly number[] => [...set].sort((a, b) => a - b);

function labelOf(node: DraftNode): string {
  if (node.lines.size === 0) return node.label;
  const lines = linesOf(node.lines);
  return node.label === '' || node.lines.has(node.label) ? lines : `${node.label}\n${lines}`;
}

/** Sorted lines, the first few. */
function linesOf(lines: ReadonlySet<string>): string {
  const sorted = [...lines].sort(byCodeUnit);
  return (sorted.length <= MAX_LINES ? sorted : [...sorted.slice(0, MAX_LINES - 1), `… ${sorted.length - MAX_LINES + 1} more`]).join('\n');
}

const kinds: ReadonlyMap<string, PictureNodeKind> = new Map([
  ['bucket', 'bucket'], ['queue', 'queue'], ['topic', 'topic'], ['table', 'table'], ['stream', 'stream'], ['bus', 'bus'], ['rule', 'bus'], ['stateMachine', 'stateMachine'],
  ['api', 'route'], ['schedule', 'schedule'], ['document', 'document'], ['database', 'table'], ['function', 'function'],
]);

/** Kind of what a call names, by the word of the catalog. */
export const kindOfResource = (kind: string): PictureNodeKind => kinds.get(kind) ?? 'external';

function kindOfDeclared(resource: Resource): PictureNodeKind {
  return kindOfResource(resource.kind);
}

const triggerKinds: Readonly<Record<TriggerKind, PictureNodeKind>> = {
  http: 'route', url: 'route', queue: 'queue', topic: 'topic', stream: 'stream', bucket: 'bucket', bus: 'bus', schedule: 'schedule', document: 'document',
  log: 'external', invoke: 'external', stateMachine: 'stateMachine', custom: 'external', auth: 'external', unknown: 'external',
};

/** Kind of what a trigger listens to. A stream of a table is the table. */
export function kindOfTrigger(trigger: Trigger): PictureNodeKind {
  return trigger.kind === 'stream' && /dynamo/i.test(trigger.source) ? 'table' : triggerKinds[trigger.kind];
}
