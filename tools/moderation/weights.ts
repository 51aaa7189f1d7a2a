import {
  createNormaliser,
  featuresOf,
  type Head,
  type Model,
  scoreOf,
  train,
} from "../../src/modules/moderation/index.ts"
import { isKeptBack, type Labelled, type Sets } from "./sets.ts"

const SEEDS: Record<Head, number> = { ad: 1, abuse: 2 }
/** Share of harmless texts that a head may take for certain, and for worth a look: of the ordinary messages for ads, of harmless sentences about touchy subjects for abuse. */
const FALSE_ALARMS: Record<Head, { certain: number; likely: number }> = {
  ad: { certain: 0.004, likely: 0.03 },
  abuse: { certain: 0.015, likely: 0.08 },
}

const normalise = createNormaliser()
const read = (text: string) => featuresOf(text, normalise(text))

/**
 * Trains both heads on what is not kept back, finds from which scores on they are certain on what is, and, for what is shipped (`whole`), trains
 * once more on everything. Reviews and evasion pairs are never trained on.
 */
export function makeModel(sets: Sets, whole: boolean): Model {
  const harmless = sets.chat.map((text) => ({ text, is: false }))
  const ads = [...sets.ads, ...harmless, ...sets.offensive.map(({ text }) => ({ text, is: false }))]
  const abuse = [...sets.offensive, ...harmless, ...sets.ads.filter((a) => !a.is)]
  return { ad: head("ad", ads, sets.ads, whole), abuse: head("abuse", abuse, sets.offensive, whole) }
}

function head(
  name: Head,
  all: readonly Labelled[],
  judged: readonly Labelled[],
  whole: boolean,
): Model[Head] {
  const examples = all.map(({ text, is }) => ({ text, features: read(text), is }))
  const first = train(
    examples.filter((e) => !isKeptBack(e.text)),
    SEEDS[name],
  )
  const negatives = judged.filter((e) => !e.is && isKeptBack(e.text)).map((e) => scoreOf(first, read(e.text)))
  const from = (share: number) => negatives.sort((a, b) => b - a)[Math.floor(negatives.length * share)]!
  const { certain, likely } = FALSE_ALARMS[name]
  return {
    ...(whole ? train(examples, SEEDS[name]) : first),
    certain: from(certain) + 1e-9,
    likely: from(likely),
  }
}
