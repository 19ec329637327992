import type { Callee } from '../model/project.ts';
import type { Value } from '../model/value.ts';
import { byName, normalName, wordSet } from './look-up.ts';

/**
 * Calls that keep the processor, and with it the whole process, busy until they return.
 *
 * Sources (November 2026): Node.js 24 documentation (crypto, zlib, child_process: "the synchronous forms block the event loop"), READMEs of
 * bcrypt 6, bcryptjs 3, argon2 (asynchronous only), @node-rs/bcrypt and @node-rs/argon2; OWASP password storage cheat sheet for what a derivation costs.
 */
export interface Heavy {
  /** `derives`: a key or password hash made slow on purpose. `compresses`: its input decides. `blocks`: waits for another program. */
  readonly kind: 'derives' | 'compresses' | 'blocks';
  readonly what: string;
  /** Of `compresses`: the argument that is compressed. */
  readonly input?: Value;
}

const keys = wordSet('pbkdf2Sync scryptSync generateKeyPairSync generatePrimeSync checkPrimeSync argon2Sync');
const commands = wordSet('execSync execFileSync spawnSync');
const packers = wordSet('gzipSync deflateSync deflateRawSync brotliCompressSync zstdCompressSync');
const passwords = wordSet('hashSync compareSync genSaltSync verifySync');
/** Below this a derivation takes well under a millisecond. */
const FEW_ROUNDS = 1_000;

/** Whether a call can be heavy, by its name. Pure. */
export const mayBeHeavy = byName((name) => heavyOf(name, []) !== undefined);

/** What makes a call heavy; `undefined` for anything else. Pure. */
export function heavyOf(callee: Callee, args: readonly Value[]): Heavy | undefined {
  const { module, method } = normalName(callee);
  switch (module) {
    case 'crypto': {
      if (!keys.has(method)) return undefined;
      const rounds = method === 'pbkdf2Sync' ? args[2] : undefined;
      return rounds?.kind === 'literal' && typeof rounds.value === 'number' && rounds.value < FEW_ROUNDS ? undefined : { kind: 'derives', what: method };
    }
    case 'bcrypt': case 'bcryptjs': case '@node-rs/bcrypt': case '@node-rs/argon2': case 'bcrypt-nodejs': case 'bcrypt-ts':
      return passwords.has(method) && method !== 'genSaltSync' ? { kind: 'derives', what: method } : undefined;
    case 'zlib': return packers.has(method) ? { kind: 'compresses', what: method, ...(args[0] ? { input: args[0] } : {}) } : undefined;
    case 'pako': return /^(?:gzip|deflate|deflateRaw)$/.test(method) ? { kind: 'compresses', what: method, ...(args[0] ? { input: args[0] } : {}) } : undefined;
    case 'child_process': return commands.has(method) ? { kind: 'blocks', what: method } : undefined;
    case 'execa': return /^(?:execaSync|execaCommandSync|sync|commandSync)$/.test(method) ? { kind: 'blocks', what: method } : undefined;
    case 'cross-spawn': return method === 'sync' ? { kind: 'blocks', what: 'spawn.sync' } : undefined;
    case 'shelljs': return method === 'exec' ? { kind: 'blocks', what: 'shell.exec' } : undefined;
    default: return undefined;
  }
}

const hashModules = /^(?:crypto|md5|sha1|sha\.js|js-sha256|js-sha512|hash\.js|crypto-js(?:\/.+)?|object-hash|fast-sha256|blakejs|@noble\/hashes(?:\/.+)?)$/;

/** Whether a call makes a hash of something. */
export function isHash(callee: Callee): boolean {
  const { module, path, method } = normalName(callee);
  if (!hashModules.test(module)) return false;
  return module === 'crypto' ? method === 'digest' || path[0] === 'hash' || method === 'createHash' : true;
}
