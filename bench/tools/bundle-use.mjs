// Processor time of this process and of its children that still run, from /proc; 100 ticks are a second there.
import { readdirSync, readFileSync } from 'node:fs';

export function cpuSeconds() {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  let ticks = 0;
  let pids = [];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    // No such folder outside Linux.
  }
  for (const pid of pids) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[1]) === process.pid) ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // Ended meanwhile.
    }
  }
  return (userCPUTime + systemCPUTime) / 1e6 + ticks / 100;
}
