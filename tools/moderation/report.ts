import { BUILT_IN_WORDS, createJudge, type Model } from "../../src/modules/moderation/index.ts"
import { partOf, type Sets } from "./sets.ts"

type Row = [what: string, n: number, share: number, goal: string]

/**
 * What the whole judgement (words, contacts, learned) makes of each text, with weights and bounds that were made without the part that
 * the text is in: one model a part.
 */
export function report(sets: Sets, models: readonly Model[]): string {
  const judges = models.map((model) => createJudge({ model, lists: BUILT_IN_WORDS }))
  const judge = (text: string, original = text) => judges[partOf(original)]!(text)
  const caught = (text: string, original = text) => ["ad", "abuse"].includes(judge(text, original).verdict)
  const share = (texts: readonly string[], is: (text: string) => boolean = caught) =>
    texts.filter((text) => is(text)).length / Math.max(1, texts.length)
  const kept = (list: readonly { text: string; is: boolean }[], is: boolean) =>
    list.filter((l) => l.is === is).map((l) => l.text)
  const abusive = (text: string) => judge(text).verdict === "abuse"
  const seen = (text: string) => judge(text).verdict !== "pass"
  const [spam, ham] = [kept(sets.ads, true), kept(sets.ads, false)]
  const { chat } = sets
  const [offensive, harmless] = [kept(sets.offensive, true), kept(sets.offensive, false)]
  const reviews = (is: boolean) => sets.reviews.filter((r) => r.is === is).map((r) => r.text)
  const rows: Row[] = [
    ["advertising messages caught", spam.length, share(spam), "≥ 95 %"],
    ["the same, caught or shown to a person", spam.length, share(spam, seen), ""],
    ["ordinary messages caught (false alarms)", ham.length, share(ham), "≤ 1 %"],
    ["ordinary service talk caught (false alarms)", chat.length, share(chat), "≤ 0.5 %"],
    ["offensive sentences caught", offensive.length, share(offensive), ""],
    ["the same, caught or shown to a person", offensive.length, share(offensive, seen), ""],
    ["harmless sentences about the same caught (false alarms)", harmless.length, share(harmless), ""],
    ["abusive shop reviews caught (never trained on)", reviews(true).length, share(reviews(true)), ""],
    [
      "ordinary shop reviews caught (false alarms, never trained on)",
      reviews(false).length,
      share(reviews(false)),
      "",
    ],
    ["… of which as abuse", reviews(false).length, share(reviews(false), abusive), ""],
  ]
  return page(rows, evasionRows(sets, caught))
}

function evasionRows(sets: Sets, caught: (text: string, original?: string) => boolean): Row[] {
  const pairs = sets.evasion.filter((p) => caught(p.original))
  const methods = [...new Set(pairs.map((p) => p.method))].sort()
  const of = (list: typeof pairs) =>
    list.filter((p) => caught(p.evaded, p.original)).length / Math.max(1, list.length)
  return [
    ...methods.map((method): Row => {
      const list = pairs.filter((p) => p.method === method)
      return [method, list.length, of(list), ""]
    }),
    ["all methods", pairs.length, of(pairs), "≥ 90 %"],
  ]
}

const table = (head: string, rows: readonly Row[]) =>
  [
    `| ${head} | texts | share | goal |`,
    "| --- | ---: | ---: | --- |",
    ...rows.map(([what, n, share, goal]) => `| ${what} | ${n} | ${(100 * share).toFixed(1)} % | ${goal} |`),
  ].join("\n")

const page = (rows: readonly Row[], evasion: readonly Row[]) => `# Moderation: what it catches

Made by \`npm run moderation -- report --data DIR\`. Each text is judged by weights and bounds that were made without the quarter of the
sets that it is in, which its own letters tell; the figures are over all four quarters. The weights that ship are made by \`-- train\` from
all of them, with the same seeds. Where a figure misses its goal it stands as missed.

${table("set", rows)}

Of the advertisements that are caught, those still caught when their words are rewritten:

${table("method", evasion)}

## Data card

- **Trained on**: advertising messages and ordinary ones (tensorlayer/text-antispam, MIT), service dialogues (CrossWOZ, Apache-2.0), offensive
  and harmless sentences (COLD, Deng et al., EMNLP 2022, Apache-2.0). No text of them is in this repository; the weights are.
- **Measured on, never trained on**: shop reviews (biubiubiiu/SpamClassification) and rewritten advertisements made from the first set.
- **Looks at**: stretches of one to three letters, and of two and three syllables without tones, after one way of writing was made of all
  (width, case, traditional, invisible characters, marks between letters, letters repeated); and at how long it is, how many numbers and which
  marks it has. Logistic regression, 262,144 features a head,
  weights rounded to 255 steps.
- **Does not know**: pictures, voice, irony, what was said before. Digits of the first set are masked, so numbers tell it nothing; what hands out
  an account or a link is found by patterns, and what a team forbids by its lists.
- **Debatable**: some shops' thanks for a call are labelled advertising; sentences that only name a group of people are close to those that
  insult it. \`review\` is for those: it counts as passed above.
`
