/** Media types that stores give an object by its name (IANA media types; `mime` 4, which @google-cloud/storage uses for uploads; November 2026). */
const types: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'], ['jpeg', 'image/jpeg'], ['png', 'image/png'], ['gif', 'image/gif'], ['webp', 'image/webp'], ['avif', 'image/avif'], ['svg', 'image/svg+xml'], ['tiff', 'image/tiff'], ['bmp', 'image/bmp'],
  ['mp3', 'audio/mpeg'], ['flac', 'audio/x-flac'], ['wav', 'audio/wav'], ['ogg', 'audio/ogg'], ['mp4', 'video/mp4'], ['webm', 'video/webm'], ['mov', 'video/quicktime'],
  ['pdf', 'application/pdf'], ['json', 'application/json'], ['zip', 'application/zip'], ['gz', 'application/gzip'], ['xml', 'text/xml'], ['csv', 'text/csv'], ['txt', 'text/plain'], ['html', 'text/html'],
]);

/** The media type of an object by the end of its name; `undefined` for an ending that is not listed. */
export const typeOfName = (name: string): string | undefined => types.get(/\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '');
