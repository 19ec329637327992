/** An error that the user caused and can mend: wrong option, path or configuration. One line, with the next step. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
