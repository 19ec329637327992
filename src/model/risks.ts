import type { Finding, Severity } from './finding.ts';

/** A warning of the source documents. `figures`: the page says it in numbers as well, or only so. */
export interface Warning {
  readonly id: string;
  /** What goes wrong, in a few words. */
  readonly title: string;
  /** Numbers of the documents. */
  readonly documents: readonly string[];
  readonly rules: readonly string[];
  readonly figures?: 'portability' | 'granularity' | 'cost' | 'latency';
  /** Why no repository shows it; such a warning has no rules. */
  readonly beyond?: string;
}

/** The warnings of the source documents for one repository; every format of `faaslint risks` is a pure function of it. */
export interface RisksPage {
  readonly date: string;
  readonly functions: number;
  readonly units: number;
  /** Warnings that apply, the heaviest first, then by the number of functions. */
  readonly exposed: readonly Exposure[];
  /** Warnings whose rules found nothing; that of the package's size only where one was measured. */
  readonly clear: readonly Warning[];
  /** Warnings that no repository shows. */
  readonly beyond: readonly Warning[];
  /** Not shown as exposed, and some rule that looks for it is switched off by the configuration. */
  readonly unasked?: readonly Warning[];
  readonly portability: PortabilityFigures;
  readonly granularity: readonly GranularityRow[];
  readonly cost: CostFigures;
  readonly latency: LatencyFigures;
  /** Packages that were measured, and those that were not. */
  readonly packages: { readonly measured: number; readonly notMeasured: number };
}

export interface Exposure {
  readonly warning: Warning;
  readonly severity: Severity;
  /** Names of the functions exposed, sorted. */
  readonly functions: readonly string[];
  /** How many they are: functions of several deployment units may have one name. */
  readonly concerned: number;
  /** The rules that found something, the heaviest first. */
  readonly ways: readonly { readonly rule: string; readonly severity: Severity; readonly count: number; readonly functions: readonly string[]; readonly worst: Finding }[];
}

export interface PortabilityFigures {
  /** Part of the code of all functions, by its size, that speaks no provider's API. */
  readonly portableShare: number;
  readonly providers: readonly string[];
  /** What would have to change, the modules that most functions load first. */
  readonly modules: readonly { readonly file: string; readonly packages: readonly string[]; readonly functions: number }[];
  /** By function, the least portable first. */
  readonly functions: readonly { readonly name: string; readonly id: string; readonly portableShare: number; readonly modules: number; readonly tied: readonly string[] }[];
}

export interface GranularityRow {
  readonly name: string;
  readonly id: string;
  /** Routes and other triggers. */
  readonly routes: number;
  readonly resources: number;
  /** Characters of code of its own, about bytes. */
  readonly codeBytes: number;
  /** Absent: not measured. */
  readonly packageBytes?: number;
}

export interface CostFigures {
  readonly pricesRead: string;
  /** Duration of the invocations that are priced. */
  readonly sampleSeconds: number;
  /** Of AWS functions, the dearest first. */
  readonly functions: readonly { readonly name: string; readonly id: string; readonly dollarsPerMillion: number; readonly requests: number; readonly repeated: boolean; readonly largest: string }[];
  readonly queueMappings: number;
  readonly idleDollarsPerMonth: number;
  /** Functions that ask addresses outside of the repository. */
  readonly outside: readonly string[];
  readonly dollarsPerGigabyte: { readonly internet: number; readonly region: number; readonly zone: number };
}

export interface LatencyFigures {
  readonly answering: number;
  readonly keptWarm: number;
  /** By function that somebody waits for, most calls first. */
  readonly functions: readonly { readonly name: string; readonly id: string; readonly calls: number; readonly repeated: boolean; readonly packageBytes?: number }[];
}
