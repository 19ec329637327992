/** Prints what this process has used so far, as one line of JSON: the last thing that a measured tool does. */
export function reportUse(started, extra = {}) {
  const use = process.resourceUsage();
  process.stdout.write(`${JSON.stringify({
    cpuSeconds: (use.userCPUTime + use.systemCPUTime) / 1e6,
    wallSeconds: (performance.now() - started) / 1e3,
    // maxRSS is in kilobytes on every system (Node documentation of process.resourceUsage).
    peakMegabytes: use.maxRSS / 1024,
    ...extra,
  })}\n`);
}
