import type { FileWriteKind } from './file-system.ts';

/**
 * Packages that write or remove files by themselves: method, kind, and where the path stands in the call.
 *
 * Where: `0` an argument; `0.path` a property of it; `tmp` a fresh path in the temporary folder; `?` a path that the call
 * does not tell. Of several places, separated by `|`, the first that is there counts; when none is, nothing is written.
 * Methods and classes are matched by their last name within the package, however the object was made; `()` is the module
 * itself.
 *
 * Sources (November 2026): README or API page of each package at its current major: write-file-atomic 6, jsonfile 6,
 * make-dir 5, mkdirp 3, rimraf 6, del 8, tmp 0.2, tempy 3, multer 2, formidable 3, better-sqlite3 12, sqlite3 5, lowdb 7,
 * @seald-io/nedb 4, winston 3, pino 9, tar 7, unzipper 0.12, extract-zip 2, adm-zip 0.5, sharp 0.34, exceljs 4, xlsx 0.20,
 * puppeteer 24, playwright 1.5x, @google-cloud/storage 7, firebase-admin 13, ssh2-sftp-client 12, basic-ftp 5,
 * fluent-ffmpeg 2, jimp 1, docx-templates, pdf-lib, nodemailer none.
 */
export type LibraryRow = readonly [packages: string, methods: string, kind: FileWriteKind, where: string];

export const libraryWrites: readonly LibraryRow[] = [
  ['write-file-atomic', '() sync', 'write', '0'],
  ['fast-write-atomic', '()', 'write', '0'],
  ['jsonfile', 'writeFile writeFileSync', 'write', '0'],
  ['write-json-file load-json-file', 'writeJsonFile writeJsonFileSync', 'write', '0'],
  ['write-json-file write-pkg write-yaml-file', '() sync', 'write', '0'],
  ['make-dir mkdirp', '() makeDirectory makeDirectorySync mkdirp mkdirpSync sync manual native', 'mkdir', '0'],
  ['cpy', '()', 'write', '1'],
  ['ncp', '() ncp', 'write', '1'],
  ['cp-file move-file', '() sync copyFile copyFileSync moveFile moveFileSync', 'write', '1'],
  ['download', '()', 'write', '1'],
  ['image-downloader', '() image', 'write', '0.dest'],
  ['node-downloader-helper', 'DownloaderHelper', 'write', '1'],
  // Uploads of users stored on disk.
  ['multer', 'diskStorage', 'upload-middleware', '0.destination'],
  ['multer', '()', 'upload-middleware', '0.dest'],
  ['formidable', '() formidable', 'upload-middleware', '0.uploadDir|tmp'],
  ['formidable', 'IncomingForm Formidable', 'upload-middleware', '0.uploadDir|tmp'],
  ['express-fileupload', '()', 'upload-middleware', '0.tempFileDir'],
  // Databases in a file.
  ['better-sqlite3', '()', 'database', '0'],
  ['sqlite3', 'Database', 'database', '0'],
  ['sqlite', 'open', 'database', '0.filename'],
  ['sqlite bun:sqlite', 'DatabaseSync Database', 'database', '0'],
  ['lowdb/node lowdb', 'JSONFilePreset JSONFileSyncPreset', 'database', '0'],
  ['lowdb/node lowdb/adapters/FileSync lowdb/adapters/FileAsync', 'JSONFile JSONFileSync TextFile ()', 'database', '0'],
  ['nedb nedb-promises @seald-io/nedb', '() Datastore create', 'database', '0.filename|0'],
  ['level classic-level', 'Level ClassicLevel', 'database', '0'],
  ['node-persist', 'init initSync create', 'database', '0.dir|?'],
  ['conf', '()', 'database', '0.cwd|?'],
  // Logs in a file.
  ['winston', 'File DailyRotateFile', 'append', '0.filename|0.dirname'],
  ['winston-daily-rotate-file', '() DailyRotateFile', 'append', '0.filename'],
  ['pino', 'destination', 'append', '0.dest|0'],
  ['pino', 'transport', 'append', '0.options.destination'],
  ['bunyan', 'createLogger', 'append', '0.path'],
  ['log4js', 'configure', 'append', '0.appenders.file.filename'],
  ['rotating-file-stream', 'createStream', 'append', '0'],
  // Archives.
  ['tar', 'x extract', 'extract', '0.cwd|0.C|?'],
  ['tar', 'c create', 'write', '0.file|0.f'],
  ['tar-fs', 'extract', 'extract', '0'],
  ['unzipper', 'Extract', 'extract', '0.path|?'],
  ['unzipper', 'extract', 'extract', '0.path|?'],
  ['extract-zip', '() extract', 'extract', '1.dir|?'],
  ['adm-zip', 'extractAllTo extractAllToAsync', 'extract', '0'],
  ['adm-zip', 'extractEntryTo', 'extract', '1'],
  ['adm-zip', 'writeZip', 'write', '0'],
  ['decompress', '()', 'extract', '1'],
  ['node-stream-zip', 'extract', 'extract', '1'],
  ['zip-lib', 'extract', 'extract', '1'],
  ['cross-zip', 'unzip unzipSync zip zipSync', 'extract', '1'],
  ['node-7z', 'extract extractFull', 'extract', '1'],
  // Documents and images.
  ['sharp', 'toFile', 'write', '0'],
  ['jimp', 'write writeAsync', 'write', '0'],
  ['gm', 'write', 'write', '0'],
  ['fluent-ffmpeg', 'save saveToFile output addOutput mergeToFile', 'write', '0'],
  ['fluent-ffmpeg', 'screenshots takeScreenshots thumbnail', 'write', '0.folder|1'],
  ['exceljs', 'writeFile', 'write', '0'],
  ['xlsx-populate', 'toFileAsync', 'write', '0'],
  ['exceljs', 'WorkbookWriter', 'write', '0.filename'],
  ['xlsx xlsx-js-style', 'writeFile writeFileXLSX', 'write', '1'],
  ['xlsx xlsx-js-style', 'writeFileAsync', 'write', '0'],
  ['write-excel-file write-excel-file/node', '()', 'write', '1.filePath'],
  ['excel4node', 'write', 'write', '0'],
  ['csv-writer', 'createObjectCsvWriter createArrayCsvWriter', 'write', '0.path'],
  ['fast-csv @fast-csv/format', 'writeToPath', 'write', '0'],
  ['puppeteer puppeteer-core playwright playwright-core playwright-chromium chrome-aws-lambda puppeteer-extra', 'screenshot pdf', 'write', '0.path'],
  ['puppeteer puppeteer-core playwright playwright-core playwright-chromium chrome-aws-lambda puppeteer-extra', 'saveAs', 'write', '0'],
  ['html-pdf', 'toFile', 'write', '0'],
  ['html-pdf-node pdf-merger-js', 'save', 'write', '0'],
  ['qrcode', 'toFile', 'write', '0'],
  ['pdf2pic', 'fromPath fromBuffer fromBase64', 'write', '1.savePath'],
  ['officegen', 'generate', 'write', '?'],
  // Downloads.
  ['@google-cloud/storage firebase-admin firebase-admin/storage', 'download', 'write', '0.destination'],
  ['@azure/storage-blob', 'downloadToFile', 'write', '0'],
  ['azure-storage', 'getBlobToLocalFile getFileToLocalFile', 'write', '2|3'],
  ['basic-ftp', 'downloadTo', 'write', '0'],
  ['basic-ftp', 'downloadToDir', 'write', '0'],
  ['ssh2-sftp-client', 'get', 'write', '1'],
  ['ssh2-sftp-client', 'fastGet downloadDir', 'write', '1'],
  ['ssh2', 'fastGet', 'write', '1'],
  ['simple-git simple-git/promise', 'clone', 'command', '1|?'],
  ['simple-git simple-git/promise', 'checkout pull commit init add fetch', 'command', '?'],
  ['isomorphic-git', 'clone checkout pull commit init add fetch', 'command', '0.dir'],
  ['nodegit', 'clone', 'command', '1'],
  ['s3-sync-client', 'sync', 'write', '1'],
  // Temporary files.
  ['tmp tmp-promise', 'file fileSync withFile', 'write', 'tmp'],
  ['tmp tmp-promise', 'dir dirSync withDir', 'mkdir', 'tmp'],
  ['tempy', 'temporaryWrite temporaryWriteSync temporaryWriteTask write', 'write', 'tmp'],
  ['tempy', 'temporaryDirectory temporaryDirectoryTask directory', 'mkdir', 'tmp'],
  ['temp', 'open openSync createWriteStream', 'write', 'tmp'],
  ['temp', 'mkdir mkdirSync', 'mkdir', 'tmp'],
  ['temp-dir temp-write', '() sync', 'write', 'tmp'],
];

/** Removals: packages, methods, where, whether a whole folder goes. */
export const libraryRemovals: readonly (readonly [packages: string, methods: string, where: string, recursive: boolean])[] = [
  ['rimraf', '() rimraf sync rimrafSync native manual moveRemove posix windows', '0', true],
  ['del', '() deleteAsync deleteSync sync', '0', true],
  ['trash', '()', '0', true],
  ['tmp tmp-promise', 'removeCallback cleanup', 'r', true],
  ['temp', 'cleanup cleanupSync', '?', true],
  ['isomorphic-git', 'remove', '0.filepath', false],
];

/** Packages that put a file system of their own in the place of Node's: one kept by a Durable Object (README of worker-fs-mount 0.1, read 2026-11). */
export const replacedFileSystems: readonly string[] = ['worker-fs-mount'];

/** File systems in memory: their calls are never a write to disk, whatever their names. */
export const inMemoryFileSystems: readonly string[] = ['memfs', 'mock-fs', 'memory-fs', 'unionfs', '@zenfs/core', 'browserfs', 'metro-memory-fs'];
