import { readFile } from "node:fs/promises"
import { type Model, readModel } from "./classifier/model.ts"

const WEIGHTS = new URL("data/weights.bin", import.meta.url)

let known: Promise<Model> | null = null

/** The weights that come with the system; read once. How they were made and how well they do: docs/moderation.md. */
export function shippedModel(): Promise<Model> {
  known ??= readFile(WEIGHTS).then(readModel)
  return known
}
