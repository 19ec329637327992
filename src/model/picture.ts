/**
 * The event graph as a picture: plain data that every format of `faaslint graph` is drawn from, and that
 * `schema/graph.json` publishes. Sorted by code unit.
 */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly PictureEdge[];
  readonly loops: readonly PictureLoop[];
  /** Ids of the functions that the picture was cut around; empty for the whole graph. */
  readonly focus: readonly string[];
  /** What was left out or drawn together, in words. */
  readonly notes: readonly string[];
}

export const pictureNodeKinds = [
  'function', 'queue', 'topic', 'bucket', 'table', 'stream', 'bus', 'schedule', 'route', 'stateMachine', 'document', 'external',
] as const;

/** `route`: an API, a route of one or a function URL. `external`: everything that is no event source of its own, and what is not known. */
export type PictureNodeKind = (typeof pictureNodeKinds)[number];

export interface PictureNode {
  /** `unit#name` of what infrastructure declares; any other text that tells things apart else. */
  readonly id: string;
  readonly kind: PictureNodeKind;
  /** People's name; several lines for several routes. */
  readonly label: string;
  /** Deployment unit that declares it. */
  readonly unit?: string;
  /** Where it is declared. */
  readonly place?: PicturePlace;
  /** Numbers of the loops that it is part of. */
  readonly loops: readonly number[];
  /** Written to or sent to, and nobody listens in this repository. */
  readonly unheard?: true;
  /** Stands for something that is not known. */
  readonly unknown?: true;
  /** Functions that were drawn together to one node. */
  readonly count?: number;
}

/**
 * `trigger`: what happens in a thing runs a function. `write`: a function writes, publishes or sends to a thing. `link`: a
 * resource hands on to another one. `destination`: the platform hands a result or failure on. `invoke`: a function calls
 * another one. `request`: an HTTP request to a function of the repository.
 */
export type PictureEdgeKind = 'trigger' | 'write' | 'link' | 'destination' | 'invoke' | 'request';

export interface PictureEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: PictureEdgeKind;
  /** Filters, event names, batch size, verb; several lines for several ways. */
  readonly label?: string;
  /** `possible` rests on an assumption; `unresolved`: one end is not known. */
  readonly certainty: 'proved' | 'possible' | 'unresolved';
  /** Why, where it is not proved. */
  readonly reasons: readonly string[];
  readonly places: readonly PicturePlace[];
  /** Numbers of the loops that it is part of. */
  readonly loops: readonly number[];
}

/** A way on which a function makes itself run again. */
export interface PictureLoop {
  readonly number: number;
  /** Ids of the nodes on the way, the first one only once. */
  readonly nodes: readonly string[];
  /** Nothing is assumed. */
  readonly certainty: 'proved' | 'possible';
  readonly assumptions: readonly string[];
  /** A condition that ends the loop. */
  readonly ends?: { readonly file: string; readonly line: number; readonly why: string };
}

export interface PicturePlace {
  readonly file: string;
  readonly line: number;
}
