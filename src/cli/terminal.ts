/** What of a standard stream decides about colour and progress. */
export interface StreamLike {
  readonly isTTY?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a stream gets colour: `FORCE_COLOR` decides when set, then `NO_COLOR` (no-color.org), then whether it is a terminal. */
export function wantsColor(stream: StreamLike, env: Environment): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** A scan that is over sooner shows no progress. */
const quietMilliseconds = 700;

/**
 * One line on a terminal that says what is being done, shown only once the scan has taken a while. `write` gets nothing
 * when the stream is no terminal or the run is part of continuous integration.
 */
export function progressLine(stream: StreamLike, env: Environment, write: (text: string) => void, now: () => number): { show(text: string): void; clear(): void } {
  const visible = stream.isTTY === true && (env['CI'] === undefined || env['CI'] === '' || env['CI'] === 'false') && env['TERM'] !== 'dumb';
  const started = now();
  let shown = false;
  return {
    show(text) {
      if (!visible || now() - started < quietMilliseconds) return;
      write(`\r\x1b[2K${text}`);
      shown = true;
    },
    clear() {
      if (shown) write('\r\x1b[2K');
      shown = false;
    },
  };
}
