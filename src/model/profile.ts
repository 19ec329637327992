/**
 * What a function is made of, for the page of risks: how far it is tied to its provider, how large it is, and what it asks of others
 * in one invocation. Plain data; sorted by code unit.
 */
export interface FunctionProfile {
  /** `unit#name`. */
  readonly id: string;
  readonly portability: {
    /** Part of the code, by characters, in modules that speak no provider's API: 0 to 1. */
    readonly portableShare: number;
    readonly modules: number;
    /** Modules that speak one. */
    readonly tied: readonly TiedModule[];
  };
  readonly granularity: {
    /** Routes and other triggers, or the routes that the code tells apart, whichever are more. */
    readonly routes: number;
    /** Names of what it writes to, reads or sends to, as far as they are known. */
    readonly resources: readonly string[];
    readonly characters: number;
  };
  /** Calls in the code of one invocation that leave the process, each place once. */
  readonly requests: readonly ProfileRequest[];
}

export interface TiedModule {
  readonly file: string;
  readonly providers: readonly string[];
  readonly packages: readonly string[];
}

export interface ProfileRequest {
  readonly service: string;
  readonly operation: string;
  readonly kind: string;
  /** It stands in a loop: the number of requests is the data's. */
  readonly repeated: boolean;
  /** It goes to an address that is none of the repository's functions. */
  readonly outside: boolean;
}
