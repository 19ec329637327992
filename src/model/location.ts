/** A half-open range of UTF-16 offsets into the text of one file, byte order mark removed. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * A place in a file as people and tools name it: path relative to the root with forward slashes, lines and columns
 * counted from 1, `endColumn` exclusive.
 */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A range in a source file, not yet turned into lines and columns. */
export interface SourcePlace extends TextRange {
  readonly file: string;
}

/** A value together with the place that declares it. */
export interface Located<T> {
  readonly value: T;
  readonly location: Location;
}
