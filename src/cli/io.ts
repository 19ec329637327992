/** What commands see of the process: `src/cli.ts` makes it, tests can. */
export interface Io {
  /** Arguments of the user, without the interpreter and the script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Milliseconds, for progress and statistics. */
  now(): number;
  /** Processor time of the process and its threads in milliseconds, and its largest resident size in bytes. */
  usage(): { readonly cpuMilliseconds: number; readonly peakBytes: number };
}

export interface Output {
  readonly isTTY?: boolean;
  write(text: string): void;
}
