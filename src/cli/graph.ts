import { basename } from 'node:path';
import { analyze } from '../analyze.ts';
import { nearest } from '../check/nearest.ts';
import { UsageError } from '../check/usage-error.ts';
import { around } from '../link/graph/around.ts';
import type { ScanResult } from '../model/finding.ts';
import type { Picture } from '../model/picture.ts';
import { graphDot } from '../report/graph-dot.ts';
import { graphJson } from '../report/graph-json.ts';
import { graphMermaid } from '../report/graph-mermaid.ts';
import { exitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { emit, projectOptions, shownRoot, tellMissing, type ProjectFlags } from './project.ts';
import { progressLine } from './terminal.ts';

export interface GraphFlags extends ProjectFlags {
  readonly function?: readonly string[];
  /** Text of a number. */
  readonly depth: string;
}

/** `faaslint graph`; gives the exit code. Runs no rule and measures nothing. */
export async function graph(io: Io, version: string, paths: readonly string[], flags: GraphFlags): Promise<number> {
  if (!/^\d{1,3}$/.test(flags.depth)) throw new UsageError(`--depth "${flags.depth}" is no number of arrows. Give it as 2.`);
  const progress = progressLine(io.stderr, io.env, (text) => io.stderr.write(text), io.now);
  let result: ScanResult;
  try {
    result = await analyze({ ...projectOptions(paths, flags), rules: [], bundles: false, graph: true, onProgress: (text) => progress.show(text) });
  } finally {
    progress.clear();
  }
  const picture = partOf(result, flags);
  tellMissing(io, result, paths);
  emit(io, flags, await draw(picture, result, { version, root: shownRoot(io, result.root), rules: [] }, flags.format));
  return exitCode(result, 'never', flags.allowIncomplete === true);
}

async function draw(picture: Picture, result: ScanResult, context: Parameters<typeof graphJson>[1], format: string): Promise<string> {
  const title = { title: basename(result.root) };
  switch (format) {
    case 'json': return graphJson(picture, context);
    case 'dot': return graphDot(picture, title);
    // The layout is loaded for this format only.
    case 'svg': return (await import('../report/graph-svg.ts')).graphSvg(picture, title);
    default: return graphMermaid(picture, title);
  }
}

/** The whole picture, the part around the functions asked for, or around those that the paths hold. */
function partOf(result: ScanResult, flags: GraphFlags): Picture {
  const picture = result.graph ?? { nodes: [], edges: [], loops: [], focus: [], notes: [] };
  const functions = picture.nodes.filter((node) => node.kind === 'function' && !node.unknown);
  const depth = Number(flags.depth);
  if (flags.function) {
    return around(picture, flags.function.flatMap((name) => {
      const found = functions.filter((node) => node.id === name || node.label === name || node.label.endsWith(`/${name}`)).map((node) => node.id);
      if (found.length > 0) return found;
      const near = nearest(name, functions.map((node) => node.label));
      throw new UsageError(`there is no function "${name}".${near === undefined ? '' : ` Did you mean "${near}"?`} Run "faaslint functions" for the list.`);
    }), depth);
  }
  return result.functions.length < functions.length ? around(picture, result.functions.map((fn) => fn.id), depth) : picture;
}
