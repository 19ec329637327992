import type { Location } from './location.ts';
import type { Gap, ServerlessFunction, Skipped } from './function.ts';
import type { BundleDetail } from './bundle.ts';
import type { Picture } from './picture.ts';
import type { FunctionProfile } from './profile.ts';
import type { Repair } from './suggestion.ts';

export type Severity = 'error' | 'warning' | 'info';
/** Rising weight. */
export const severityRank: Readonly<Record<Severity, number>> = { info: 0, warning: 1, error: 2 };

export type Confidence = 'proved' | 'possible';

/** One step of the path from the handler to the line of the finding. */
export interface FlowStep extends Location {
  readonly message: string;
}

/** What ends, or seems to end, a loop. */
export interface Guard {
  readonly strength: 'ends' | 'weak';
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

/** Where a claim comes from: one of the five source documents, or a vendor's page. */
export interface Reference {
  readonly title: string;
  readonly url?: string;
  /** Number of the source document, `000` to `004`. */
  readonly document?: string;
}

/** One result of the analyzer. */
export interface Finding extends Location {
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly assumptions: readonly string[];
  /** The fact. */
  readonly message: string;
  /** The consequence. */
  readonly risk: string;
  /** The action. */
  readonly repair: string;
  /** Names of the functions concerned, sorted. */
  readonly functions: readonly string[];
  /** Their ids: functions of several deployment units may have one name. Absent where only names are known. */
  readonly functionIds?: readonly string[];
  readonly flow: readonly FlowStep[];
  readonly guard?: Guard;
  readonly references: readonly Reference[];
  readonly fingerprint: string;
  readonly state?: 'introduced' | 'preexisting';
  /** `by`: a comment or declaration beside the code, or the configuration. */
  readonly suppressed?: { readonly by: 'source' | 'configuration'; readonly reason?: string };
  /** Message id and its data: what both hosts must agree on. */
  readonly messageId: string;
  readonly data: Readonly<Record<string, string | number>>;
  /** Mechanical repairs of this finding. */
  readonly suggestions?: readonly Repair[];
  /** Files whose contents the finding rests on. */
  readonly evidence: readonly string[];
}

/** What a package may weigh unpacked, layers included, by the team's own choice. 0: never. */
export interface BundleBudget {
  readonly warnBytes?: number;
  readonly errorBytes?: number;
}

export interface BundleResult {
  readonly function: string;
  readonly status: 'measured' | 'notMeasured';
  readonly reason?: string;
  /** The command, to be run at the root, after which it can be measured. */
  readonly fix?: string;
  /** Budgets that the configuration sets for the function. */
  readonly budget?: BundleBudget;
  readonly bytes?: number;
  readonly zippedBytes?: number;
  readonly contributors?: readonly { readonly name: string; readonly bytes: number; readonly chain: readonly string[] }[];
  /** `unit#name` of the function: `function` alone need not be unique. */
  readonly id?: string;
  /** Equal for functions that ship the same package. */
  readonly package?: string;
  /** Packages that are in it more than once: all their bytes, and those beyond the largest copy. */
  readonly duplicates?: readonly { readonly name: string; readonly copies: number; readonly bytes: number; readonly savedBytes: number }[];
  /** What the numbers rest on where the project's own tool was not modelled. Given: they are an estimate. */
  readonly assumptions?: readonly string[];
  /** Parts that ship and whose size is not known, such as layers outside the repository: the sizes are then at least that. */
  readonly notCounted?: readonly string[];
}

/** `discovered = analysed + partial + skipped.length`, exactly. */
export interface FileAccount {
  readonly discovered: number;
  readonly analysed: number;
  readonly partial: number;
  readonly skipped: readonly Skipped[];
}

/** The whole answer of one scan; reporters turn it into text. */
export interface ScanResult {
  readonly root: string;
  readonly functions: readonly ServerlessFunction[];
  readonly findings: readonly Finding[];
  readonly bundles: readonly BundleResult[];
  readonly gaps: readonly Gap[];
  readonly files: FileAccount;
  /** Files that a function's code or declaration needs and that could not be used; each makes the run incomplete. */
  readonly incomplete: readonly Skipped[];
  /** Things to tell the user that are no findings: unused suppressions, stale baseline entries. */
  readonly notices: readonly string[];
  readonly stats?: Readonly<Record<string, number>>;
  /** The whole event graph, where it was asked for. */
  readonly graph?: Picture;
  /** What each function is made of, in order of the functions, where it was asked for. */
  readonly profiles?: readonly FunctionProfile[];
  /** With profiles: ids of the rules that ran, which the configuration can switch off. */
  readonly ran?: readonly string[];
  /** What packages are made of, where it was asked for. */
  readonly bundleDetails?: readonly BundleDetail[];
}
