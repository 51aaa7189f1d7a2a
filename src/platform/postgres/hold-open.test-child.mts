// Run by launcher.test.ts as a process of its own: opens the cluster of a home and keeps it until killed.
import { openCluster } from "./index.ts"

const cluster = await openCluster({ home: process.argv[2] ?? "" })
process.stdout.write(`${JSON.stringify({ pid: cluster.pid, adopted: cluster.adopted })}\n`)
setInterval(() => undefined, 60_000)
