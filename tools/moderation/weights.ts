import {
  createNormaliser,
  featuresOf,
  type Head,
  type Model,
  scoreOf,
  train,
} from "../../src/modules/moderation/index.ts"
import { type Labelled, PARTS, partOf, type Sets } from "./sets.ts"

const SEEDS: Record<Head, number> = { ad: 1, abuse: 2 }
/** Share of harmless texts that a head may take for certain, and for worth a look: of the ordinary messages for ads, of harmless sentences about touchy subjects for abuse. */
const FALSE_ALARMS: Record<Head, { certain: number; likely: number }> = {
  ad: { certain: 0.004, likely: 0.03 },
  abuse: { certain: 0.015, likely: 0.08 },
}

const normalise = createNormaliser()
const read = (text: string) => featuresOf(text, normalise(text))

/**
 * Trains both heads on all parts but one (`apart`; on all where it is null). From which scores on they are certain is found on a part
 * that a first training did not see, and that is not the one apart. Reviews and evasion pairs are never trained on.
 */
export function makeModel(sets: Sets, apart: number | null): Model {
  const harmless = sets.chat.map((text) => ({ text, is: false }))
  const ads = [...sets.ads, ...harmless, ...sets.offensive.map(({ text }) => ({ text, is: false }))]
  const abuse = [...sets.offensive, ...harmless, ...sets.ads.filter((a) => !a.is)]
  return { ad: head("ad", ads, sets.ads, apart), abuse: head("abuse", abuse, sets.offensive, apart) }
}

function head(
  name: Head,
  all: readonly Labelled[],
  judged: readonly Labelled[],
  apart: number | null,
): Model[Head] {
  const seen = all
    .map(({ text, is }) => ({ part: partOf(text), features: read(text), is }))
    .filter((e) => e.part !== apart)
  const bound = ((apart ?? 0) + 1) % PARTS
  const first = train(
    seen.filter((e) => e.part !== bound),
    SEEDS[name],
  )
  const negatives = judged
    .filter((e) => !e.is && partOf(e.text) === bound)
    .map((e) => scoreOf(first, read(e.text)))
    .sort((a, b) => b - a)
  const from = (share: number) => negatives[Math.floor(negatives.length * share)]!
  const { certain, likely } = FALSE_ALARMS[name]
  return { ...train(seen, SEEDS[name]), certain: from(certain) + 1e-9, likely: from(likely) }
}
