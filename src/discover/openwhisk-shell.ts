/** One `action create` or `action update` of a deployment script. */
export interface ActionCommand {
  readonly name: string;
  /** Path as written; variables that the script does not set are `\0`. */
  readonly path: string;
  /** Folder that the command runs in, relative to the script's; `undefined` when a variable decides. */
  readonly folder: string | undefined;
  readonly line: number;
  readonly kind?: string;
  /** Where the variable is set that stands for the kind. */
  readonly kindLine?: number;
  readonly main?: string;
  readonly web?: string;
  readonly secured: boolean;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  /** What the script packed into the archive of that name before. */
  readonly packed?: PackedArchive;
}

/** `zip -r NAME.zip lib package.json main.js`: where it runs, relative to the script's folder, and what it names. */
export interface PackedArchive {
  readonly folder: string;
  readonly entries: readonly string[];
  /** The file that was copied over the folder's `package.json` before. */
  readonly manifest?: string;
}

const maximumLines = 20_000;
const maximumWords = 400;
/** Flags that take one value, and those that take a name and a value (wsk CLI documentation, "action", read 2026-11). */
const oneValue: ReadonlySet<string> = new Set(['--kind', '--web', '--web-secure', '--main', '-t', '--timeout', '-m', '--memory', '-l', '--logsize', '-c', '--concurrency', '--docker', '-u', '--auth', '--apihost', '--apiversion', '-P', '--param-file', '-A', '--annotation-file', '--save-as', '--cert', '--key', '-n', '--namespace']);
const twoValues: ReadonlySet<string> = new Set(['-p', '--param', '-a', '--annotation', '-e', '--env']);

/**
 * The actions that a shell script deploys: `wsk action update NAME FILE --kind nodejs:20 --web true`, through other names of the tool
 * (`bx wsk`, `ibmcloud fn`, `$WSK -i`) and through a function of the script whose calls name a file (`install "$HOME/echo.js" utils/echo`).
 * Understands assignments of texts, continued lines, `cd` and quotes, and nothing else of the shell.
 */
export function actionCommands(text: string): readonly ActionCommand[] {
  const found: ActionCommand[] = [];
  const variables = new Map<string, string>();
  const setAt = new Map<string, number>();
  const archives = new Map<string, PackedArchive>();
  let copied: string | undefined;
  const installers = installerNames(text);
  let folder: string | undefined = '';
  for (const { line, content } of logicalLines(text)) {
    const assigned = /^\s*(?:export\s+|local\s+)?([A-Za-z_]\w{0,60})=("[^"$`]{0,300}"|'[^']{0,300}'|[^\s"'$`();&|]{0,300})\s*$/.exec(content);
    if (assigned?.[1] !== undefined) {
      variables.set(assigned[1], (assigned[2] ?? '').replace(/^["']|["']$/g, ''));
      setAt.set(assigned[1], line);
      continue;
    }
    // `NAME=${NAME:-text}`: the text, unless who runs the script says otherwise.
    const otherwise = /^\s*(?:export\s+|local\s+)?([A-Za-z_]\w{0,60})="?\$\{\1:?[-=]["']?([^"'$`{}]{1,300})["']?\}"?\s*$/.exec(content);
    if (otherwise?.[1] !== undefined) {
      if (!variables.has(otherwise[1])) {
        variables.set(otherwise[1], otherwise[2] ?? '');
        setAt.set(otherwise[1], line);
      }
      continue;
    }
    // A folder that is entered inside parentheses is left at their end.
    let here: string | undefined = folder;
    for (const command of commands(content)) {
      const words = wordsOf(command, variables);
      if (words[0] === 'cd' || words[0] === 'pushd') {
        here = enter(here, words[1] ?? '');
        continue;
      }
      if (words[0] === 'popd') here = undefined;
      if (words[0] === 'cp' && /(?:^|\/)package\.json$/.test(words.at(-1) ?? '')) copied = words.at(-2);
      const archive = packedBy(words, here, copied);
      if (archive !== undefined) archives.set(archive[0], archive[1]);
      const one = actionOf(words, installers, here, line);
      const packed = one === undefined ? undefined : archives.get(one.path.slice(one.path.lastIndexOf('/') + 1));
      const kindLine = setAt.get(/--kind[ =]["']?\$\{?([A-Za-z_]\w{0,60})\}?["']?(?:\s|$)/.exec(command)?.[1] ?? '');
      if (one !== undefined) found.push({ ...one, ...(packed === undefined ? {} : { packed }), ...(kindLine === undefined ? {} : { kindLine }) });
    }
    if (!content.includes('(')) folder = here;
  }
  return found;
}

/** The name of the archive that a `zip` makes, and what goes into it. */
function packedBy(words: readonly string[], folder: string | undefined, manifest: string | undefined): readonly [string, PackedArchive] | undefined {
  if (words[0] !== 'zip' || folder === undefined) return undefined;
  const [archive, ...entries] = words.slice(1).filter((word) => !word.startsWith('-'));
  if (archive === undefined || entries.length === 0 || archive.endsWith('\0')) return undefined;
  const name = archive.slice(archive.lastIndexOf('/') + 1);
  return [name.includes('.') ? name : `${name}.zip`, { folder, entries, ...(manifest === undefined ? {} : { manifest }) }];
}

/** Functions of the script that deploy an action whose file and name they are given. */
function installerNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/^[ \t]{0,20}(?:function[ \t]{1,10})?([A-Za-z_]\w{0,60})[ \t]{0,10}\(\)[ \t]{0,10}\{/gm)) {
    const body = text.slice(match.index, match.index + 3_000);
    const end = body.indexOf('\n}');
    if (/\baction["']?\s{1,10}["']?(?:create|update)\b/.test(end < 0 ? body : body.slice(0, end)) && match[1] !== undefined) names.add(match[1]);
  }
  // Helpers of a file that is sourced.
  if (/^[ \t]{0,40}(?:source|\.)[ \t]/m.test(text) && /whisk|wsk/i.test(text)) names.add('install');
  return names;
}

function* logicalLines(text: string): Iterable<{ readonly line: number; readonly content: string }> {
  const lines = text.split('\n', maximumLines);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    const parts: string[] = [];
    let current = lines[at] ?? '';
    while (/\\\r?$/.test(current) && at + 1 < lines.length && parts.length < 200) {
      parts.push(current.replace(/\\\r?$/, ' '));
      current = lines[++at] ?? '';
    }
    parts.push(current);
    const content = parts.join('');
    if (!/^\s*#/.test(content) && content.length < 10_000) yield { line, content };
  }
}

/** Commands of a line: `&&`, `||`, `;`, `|` and parentheses part them, quotes do not. */
function commands(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote !== '') {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (';|&()`'.includes(char) && line.charAt(at - 1) !== '$') {
      parts.push(line.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(line.slice(start));
  return parts.filter((part) => part.trim() !== '');
}

/** Words of a command with quotes taken off; a variable without a known value is `\0`. */
function wordsOf(command: string, variables: ReadonlyMap<string, string>): string[] {
  const words: string[] = [];
  let word = '';
  let inside = false;
  let quote = '';
  for (let at = 0; at <= command.length && words.length < maximumWords; at++) {
    const char = command.charAt(at);
    if (at === command.length || (quote === '' && /\s/.test(char))) {
      if (inside) words.push(word);
      word = '';
      inside = false;
    } else if (quote === '' && (char === '"' || char === "'")) {
      quote = char;
      inside = true;
    } else if (char === quote) quote = '';
    else if (char === '$' && quote !== "'") {
      const name = /^\$\{?([A-Za-z_]\w{0,60})\}?|^\$\{[^}]{0,200}\}|^\$[@*#?\d]|^\$\(/.exec(command.slice(at, at + 210));
      word += name?.[1] === undefined ? '\0' : variables.get(name[1]) ?? '\0';
      at += Math.max(0, (name?.[0].length ?? 1) - 1);
      inside = true;
    } else {
      word += char;
      inside = true;
    }
  }
  return words;
}

function enter(folder: string | undefined, path: string): string | undefined {
  if (folder === undefined || path === '' || path.includes('\0') || path.startsWith('/') || path.startsWith('~') || path === '-') return undefined;
  return folder === '' ? path : `${folder}/${path}`;
}

function actionOf(words: readonly string[], installers: ReadonlySet<string>, folder: string | undefined, line: number): ActionCommand | undefined {
  const verb = words.findIndex((word, index) => /^actions?$/.test(word) && /^(?:create|update)$/.test(words[index + 1] ?? ''));
  const tool = words.slice(0, Math.max(0, verb));
  const isTool = verb > 0 && verb <= 12 && tool.some((word) => /(?:^|\/)(?:wsk|wskadmin|bx|ibmcloud|ic|aio)$|\0/.test(word));
  const installer = !isTool && installers.has(words[0] ?? '');
  if (!isTool && !installer) return undefined;
  const flags = new Map<string, string>();
  const annotations = new Map<string, string>();
  const plain: string[] = [];
  const rest = words.slice(isTool ? verb + 2 : 1);
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at] ?? '';
    if (twoValues.has(word)) {
      if (/^(?:-a|--annotation)$/.test(word)) annotations.set(rest[at + 1] ?? '', rest[at + 2] ?? '');
      at += 2;
    } else if (oneValue.has(word)) flags.set(word, rest[++at] ?? '');
    else if (word.startsWith('--') && word.includes('=')) flags.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    else if (word === '--sequence' || word === '--copy') return undefined;
    else if (!word.startsWith('-') && !/^\d?>/.test(word)) plain.push(word);
  }
  const [name, path] = installer ? [plain[1], plain[0]] : plain;
  if (name === undefined || path === undefined || name.replaceAll('\0', '') === '') return undefined;
  if (installer && !/\.(?:[cm]?[jt]s|zip)$/.test(path)) return undefined;
  const number = (value: string | undefined): number | undefined => (value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined);
  const timeoutMs = number(flags.get('--timeout') ?? flags.get('-t'));
  const memoryMb = number(flags.get('--memory') ?? flags.get('-m'));
  const kind = flags.get('--kind');
  const main = flags.get('--main');
  const web = flags.get('--web') ?? annotations.get('web-export');
  return {
    name: name.replaceAll('\0', '').replace(/^\/+|\/{2,}/g, ''), path, folder, line, secured: flags.has('--web-secure') || /^(?!false$)./.test(annotations.get('require-whisk-auth') ?? ''),
    ...(kind === undefined ? {} : { kind }), ...(main === undefined ? {} : { main }), ...(web === undefined ? {} : { web }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(memoryMb === undefined ? {} : { memoryMb }),
  };
}
