import { readConfig } from "../../platform/config.ts"
import { asProblem } from "./problems.ts"
import { serve } from "./serve.ts"
import { supervise } from "./supervise.ts"

/** One process of the place: all of it, or the role that SIYU_ROLE names. */
async function main(): Promise<number> {
  try {
    return await supervise(readConfig(), serve)
  } catch (error) {
    const problem = asProblem(error)
    process.stderr.write(`${problem.zh}\n${problem.en}\n`)
    return 1
  }
}

process.exit(await main())
