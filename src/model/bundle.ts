import type { BundleResult } from './finding.ts';
import type { Platform } from './function.ts';

/** What one function ships, with where it comes from and what changes would save. Plain data. */
export interface BundleDetail {
  readonly result: BundleResult;
  readonly unit: string;
  readonly platform: Platform;
  readonly runtime?: string;
  /** How the package is made and by what. */
  readonly form: string;
  readonly tool: string;
  /** Sorted by falling size; the bytes add up to those of the result. */
  readonly parts: readonly BundlePart[];
  readonly limits: readonly BundleLimit[];
  readonly notes: readonly BundleNote[];
  /** Sorted by what they save. Savings of several changes do not add up. */
  readonly savings: readonly BundleSaving[];
  /** Why savings were not worked out, or not all of them. */
  readonly savingsLeftOut?: string;
  /** What a cold start costs; absent where it cannot be told what the handler loads. */
  readonly start?: ColdStart;
}

/** What a cold start of one function reads and evaluates, as far as code alone tells. */
export interface StartParts {
  /** Bytes of code that are read and parsed, as deployed. */
  readonly bytes: number;
  readonly minified: boolean;
  /** Modules of the project and its packages that are evaluated; an upper bound where some are loaded on first use. */
  readonly modules: number;
  /** Files that are opened: one for a bundle. */
  readonly files: number;
  /** Modules of Node.js itself that are loaded for it. */
  readonly nodeModules: number;
  /** Bytes of CommonJS that ES modules import without a bundler. */
  readonly lexedBytes: number;
}

/** An estimate of a cold start (docs/cold-start.md): never without its parts. */
export interface ColdStart extends StartParts {
  /** Processor time of parsing and evaluating, in milliseconds, on the machine of the measurement; absent where no Node.js is started. */
  readonly processorMs?: number;
  /** The same on the share of a processor that the function's memory gives; absent where the platform does not say. */
  readonly atMemoryMs?: number;
  readonly memoryMb?: number;
  /** Things that the start waits for, by the rule `no-slow-init`: their time is not in the numbers. Absent: nobody looked. */
  readonly waits?: number;
  /** Median error of `processorMs` over programs held out, in percent. */
  readonly errorPercent: number;
}

export interface BundlePart {
  readonly kind: 'own' | 'package' | 'bundler' | 'sourceMap' | 'asset' | 'layer';
  readonly name: string;
  readonly version?: string;
  /** Folder of a package, relative to the root. */
  readonly folder?: string;
  readonly bytes: number;
  /** Imports that lead to it: files and packages from the handler on. */
  readonly chain: readonly string[];
  /** Of a package that ships as a folder: no import of a function that ships it leads to it. */
  readonly unreached?: true;
  /** Files, or where they are many, folders with all that is below them (the path ends with `/`) or with the rest of it (with `/*`). */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly fileCount: number;
}

/** A dated limit of the platform, and what of it is used. */
export interface BundleLimit {
  readonly of: 'unpacked' | 'archive';
  readonly bytes: number;
  readonly usedBytes: number;
  readonly source: string;
  readonly date: string;
  readonly condition?: string;
}

/** Something about what ships. */
export interface BundleNote {
  readonly kind: 'duplicate' | 'commonJs' | 'native' | 'sourceMap' | 'asset' | 'unreached' | 'notCounted' | 'assumption';
  readonly subject: string;
  readonly text: string;
  readonly bytes: number;
}

/** A change with what it saves, worked out by building again with it. */
export interface BundleSaving {
  readonly change: 'without' | 'oneCopy' | 'moduleBuild' | 'minify' | 'runtime' | 'noSourceMap' | 'bundle' | 'unreached' | 'leaveOut';
  /** The package, or what is left out. */
  readonly subject: string;
  /** What to do, in words. */
  readonly action: string;
  readonly savedBytes: number;
  readonly savedZippedBytes?: number;
}
