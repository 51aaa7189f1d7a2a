import { statfsSync } from "node:fs"
import { totalmem } from "node:os"

const MB = 1024 * 1024

/**
 * The configuration of the embedded cluster, written anew at each start: safe first (nothing that can lose a
 * commit), then modest (a laptop with a browser open), then fast. `local.conf` beside it is the user's own.
 */
export function settingsText(extra: Record<string, string> = {}): string {
  const memory = Math.min(totalmem(), process.constrainedMemory?.() || Number.POSITIVE_INFINITY)
  const buffers = Math.max(32, Math.min(256, Math.floor(memory / MB / 8)))
  const settings: [name: string, value: string, why: string][] = [
    ["listen_addresses", "127.0.0.1", "never open to other machines"],
    ["unix_socket_directories", "", "one door only; no stale socket files, no path length limit"],
    ["max_connections", "100", "server, worker, CLI and tests together; each process has a bounded pool"],
    ["superuser_reserved_connections", "5", "doctor and backup get in when the pools are full"],
    ["password_encryption", "scram-sha-256", "proves both sides: a stranger's cluster cannot pose as ours"],

    ["fsync", "on", "a commit that was acknowledged survives a power cut"],
    ["synchronous_commit", "on", "as above; speed comes from group commit, not from a promise broken"],
    ["full_page_writes", "on", "a page torn by a power cut is restored"],

    [
      "shared_buffers",
      `${buffers}MB`,
      "an eighth of the memory, at most 256 MB; the file cache does the rest",
    ],
    ["effective_cache_size", `${buffers * 4}MB`, "what the planner may expect to find in the file cache"],
    ["work_mem", "32MB", "sorts of a million customers in memory; bounded by the few connections that sort"],
    ["maintenance_work_mem", "128MB", "index builds after an import"],
    ["dynamic_shared_memory_type", sharedMemory(), "containers often have a tiny /dev/shm: then files"],

    ["wal_level", "minimal", "no standby reads this cluster; loads into new tables write half as much"],
    ["max_wal_senders", "0", "goes with it"],
    ["wal_compression", "pglz", "page images after a checkpoint at about half the size; lz4 is not built in"],
    ["max_wal_size", "2GB", "fewer checkpoints during an import of ten million orders"],
    ["min_wal_size", "128MB", "and small again afterwards"],
    ["checkpoint_timeout", "10min", "bounds recovery after a kill to seconds"],
    ["checkpoint_completion_target", "0.9", "spread, so that answers do not stall"],

    ["random_page_cost", "1.1", "solid-state disks"],
    ["jit", "off", "our statements are many and short; compiling them costs more than it saves"],
    ["autovacuum_vacuum_scale_factor", "0.05", "queues and cursors are updated in place all day"],
    ["autovacuum_analyze_scale_factor", "0.02", "an import changes the picture at once"],

    ["timezone", "UTC", "the shop's day is computed in one place, never by the server's zone"],
    ["log_timezone", "UTC", "as the other logs"],
    ["lc_messages", "C", "the launcher reads a few messages"],
    [
      "log_min_messages",
      "log",
      "statements that fail are told by who sent them; here they could hold personal data",
    ],
    ["log_checkpoints", "off", "the log stays small for years"],
  ]
  for (const [name, value] of Object.entries(extra)) settings.push([name, value, "asked for by the caller"])
  const lines = settings.map(([name, value, why]) => `${name} = '${value}'  # ${why}`)
  return [
    "# Written by Siyu at each start; own settings belong into local.conf.",
    ...lines,
    "include_if_exists = 'local.conf'",
    "",
  ].join("\n")
}

/** Parallel queries share memory in /dev/shm; 64 MB of it (a usual container) would fail them in mid-query. */
function sharedMemory(): "posix" | "mmap" {
  if (process.platform !== "linux") return "posix"
  try {
    const { bavail, bsize } = statfsSync("/dev/shm")
    return bavail * bsize >= 512 * MB ? "posix" : "mmap"
  } catch {
    return "mmap"
  }
}
