import { FEATURES } from "./features.ts"

/** What is looked for, each with weights of its own. */
export const HEADS = ["ad", "abuse"] as const
export type Head = (typeof HEADS)[number]

export type Weights = { bias: number; scale: number; weights: Int8Array }
/** `certain`: from this score on it is what is looked for; `likely`: somebody should look. */
export type Model = Record<Head, Weights & { certain: number; likely: number }>

/** Pure: how likely a text with these features is what a head looks for, 0 to 1. */
export function scoreOf({ bias, scale, weights }: Weights, features: Int32Array): number {
  let sum = 0
  for (const f of features) sum += weights[f]!
  return 1 / (1 + Math.exp(-(bias + (sum * scale) / Math.sqrt(Math.max(1, features.length)))))
}

const VERSION = 1
const HEADER = 8

const NUMBERS = ["bias", "scale", "certain", "likely"] as const
const A_HEAD = NUMBERS.length * 8

/** A model as bytes: its version, then the numbers of each head, then the weights, all little-endian. */
export function packModel(model: Model): Buffer {
  const head = Buffer.alloc(HEADER + HEADS.length * A_HEAD)
  head.write("SIYU", 0, "latin1")
  head.writeUInt32LE(VERSION, 4)
  HEADS.forEach((name, i) => {
    NUMBERS.forEach((number, n) => {
      head.writeDoubleLE(model[name][number], HEADER + i * A_HEAD + n * 8)
    })
  })
  return Buffer.concat([head, ...HEADS.map((name) => Buffer.from(model[name].weights.buffer))])
}

/** Throws where the bytes are of no model, or of one of another version. */
export function readModel(bytes: Buffer): Model {
  const start = HEADER + HEADS.length * A_HEAD
  if (bytes.length !== start + HEADS.length * FEATURES || bytes.readUInt32LE(4) !== VERSION)
    throw new Error("the file of the classifier's weights is not of this version")
  const model = HEADS.map((name, i) => [
    name,
    {
      ...Object.fromEntries(
        NUMBERS.map((number, n) => [number, bytes.readDoubleLE(HEADER + i * A_HEAD + n * 8)]),
      ),
      weights: new Int8Array(bytes.subarray(start + i * FEATURES, start + (i + 1) * FEATURES)),
    },
  ])
  return Object.fromEntries(model) as Model
}
