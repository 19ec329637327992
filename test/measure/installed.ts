import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, crc32 } from 'node:zlib';
import { readdirSync, statSync } from 'node:fs';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Installs packages of this project, with all that they need, into a folder: real packages without a network. */
export function install(folder: string, names: readonly string[]): readonly string[] {
  const done = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const from = join(modules, name);
    if (done.has(name) || !existsSync(from)) continue;
    done.add(name);
    cpSync(from, join(folder, 'node_modules', name), { recursive: true });
    const manifest = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { dependencies?: Record<string, string> };
    open.push(...Object.keys(manifest.dependencies ?? {}).filter((item) => !existsSync(join(from, 'node_modules', item))));
  }
  return [...done].sort();
}

export function write(root: string, files: Readonly<Record<string, string | object>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/')).sort();
}

export const bytesIn = (folder: string): number => filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/** Size of the archive of a folder, written by the `zip` program where there is one and by ourselves otherwise. */
export function zipFolder(folder: string): number {
  const archive = `${folder}.zip`;
  const zip = spawnSync('zip', ['-q', '-r', '-X', '-D', archive, '.'], { cwd: folder });
  if (zip.status !== 0) writeFileSync(archive, ownZip(folder));
  return statSync(archive).size;
}

/** A whole zip archive (ZIP application note 6.3.10), made without a tool. */
export function ownZip(folder: string): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of filesIn(folder)) {
    const content = readFileSync(join(folder, name));
    const packed = deflateRawSync(content);
    const stored = packed.length >= content.length;
    const body = stored ? content : packed;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(typeof crc32 === 'function' ? crc32(content) : 0, 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}
