import { spawnSync } from "node:child_process"
import { expect, it } from "vitest"
import { ROOT } from "./config.ts"

/** Batches that live as long as two more of them, as the rows of a file do; says the most that the heap held, in MB. */
const PROGRAM = `
  import { thriftily } from "./src/platform/thrift.ts"
  const keep = Array.from({ length: 300_000 }, (_, i) => ({ i, of: [i] }))
  const batches = []
  let most = 0
  const read = async () => {
    for (let n = 0; n < 400; n++) {
      batches.push(Array.from({ length: 5_000 }, (_, i) => ({ cells: [n, i, n + i, {}, {}], row: { n } })))
      if (batches.length > 3) batches.shift()
      most = Math.max(most, process.memoryUsage().heapUsed)
      await new Promise(setImmediate)
    }
  }
  const most_of = async (work) => {
    most = 0
    await work()
    return Math.round(most / 2 ** 20)
  }
  const thrifty = await most_of(() => thriftily(async () => thriftily(read)))
  const before = process.memoryUsage().heapUsed
  console.log(JSON.stringify([thrifty, await most_of(read), keep.length, before]))
`

it("reading what is soon forgotten does not leave the heap at four times what lives in it, and afterwards all is as before", () => {
  const args = ["--import", "tsx", "--input-type=module", "-e", PROGRAM]
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })
  const [thrifty, otherwise] = JSON.parse(stdout || `["${stderr.slice(0, 300)}"]`) as number[]
  expect(thrifty).toBeLessThan(otherwise! * 0.75)
})
