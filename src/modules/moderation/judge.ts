import { featuresOf } from "./classifier/features.ts"
import { HEADS, type Model, scoreOf } from "./classifier/model.ts"
import { findContacts, type Hit, type Verdict } from "./patterns.ts"
import { createNormaliser, type Switches } from "./text/normalise.ts"
import { createLexicon, type WordList } from "./words/lexicon.ts"

export type JudgeOptions = {
  model: Model
  lists: readonly WordList[]
  /** Words of the lists that are welcome here. */
  allowed?: readonly string[]
  switches?: Switches
  /** Links of our own are never a hit. */
  ours?: (link: string) => boolean
}

export type Judgement = { verdict: Verdict; hits: Hit[] }
export type Judge = (text: string) => Judgement

/** Units of one message that are read; what is longer is judged by its beginning. */
export const TEXT_READ = 20_000

const WORST: readonly Verdict[] = ["pass", "review", "abuse", "ad"]

/**
 * Judges one message: by words, by contacts and links handed out, and by what the classifier has learned of advertisements and insults that no
 * list has. The worst that was found is the verdict; every hit says its rule and where in the text it stood.
 */
export function createJudge({
  model,
  lists,
  allowed = [],
  switches,
  ours = () => false,
}: JudgeOptions): Judge {
  const normalise = createNormaliser(switches)
  const lexicon = createLexicon(lists, normalise, allowed)
  return (whole) => {
    const text = whole.length > TEXT_READ ? whole.slice(0, TEXT_READ) : whole
    const reading = normalise(text)
    const hits = [...lexicon.find(reading), ...findContacts(text, reading, ours)]
    if (reading.text.length > 0) {
      const features = featuresOf(text, reading)
      for (const head of HEADS) {
        const score = scoreOf(model[head], features)
        const verdict = score >= model[head].certain ? head : score >= model[head].likely ? "review" : null
        if (verdict) hits.push({ rule: `learned.${head}`, verdict, from: 0, to: text.length })
      }
    }
    hits.sort((a, b) => a.from - b.from || a.to - b.to)
    return { verdict: WORST[Math.max(0, ...hits.map((h) => WORST.indexOf(h.verdict)))]!, hits }
  }
}
