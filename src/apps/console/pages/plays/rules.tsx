import { Facts, Section } from "../../../../ui/page.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import type { Said } from "./said.ts"

/** Who enters, under which condition, how often, and when it ends: as sentences. */
export function Rules(props: { said: Said }) {
  const { t } = useTranslation()
  return (
    <Section title={t("plays.rules")}>
      <RuleFacts said={props.said} />
    </Section>
  )
}

/** The same without a card of its own. */
export function RuleFacts(props: { said: Said }) {
  const { t } = useTranslation()
  const say = useSay()
  const { said } = props
  return (
    <Facts
      items={[
        [t("plays.entry"), say(said.entry)],
        ...(said.condition ? [[t("plays.condition"), say(said.condition)] as [string, string]] : []),
        [t("plays.reentry"), say(said.reentry)],
        [
          t("plays.stop"),
          said.stop.length === 0 ? (
            t("plays.no_stop")
          ) : (
            <ul key="stop">
              {said.stop.map((one) => (
                <li key={one.en}>{say(one)}</li>
              ))}
            </ul>
          ),
        ],
        [t("plays.late"), say(said.late)],
      ]}
    />
  )
}
