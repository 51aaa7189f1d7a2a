import { useQuery } from "@tanstack/react-query"
import { Fragment } from "react"
import { sayPlay } from "../../../../modules/plans/plays/contract.ts"
import { problemText } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { call } from "../../lib/client.ts"
import { useSettled } from "../../lib/settled.ts"
import { useSay } from "../../lib/words.ts"
import type { Definition } from "./definition.ts"
import { RuleFacts } from "./rules.tsx"
import { useWays } from "./said.ts"

const SAY_AFTER_MS = 400

/** Beside the form: the whole play as it reads now. What is not filled in yet keeps the last reading, greyed. */
export function EditorLive(props: { definition: Definition | null }) {
  const { t } = useTranslation()
  const say = useSay()
  const ways = useWays()
  const definition = useSettled(props.definition, SAY_AFTER_MS)
  const read = useQuery({
    queryKey: [sayPlay.id, definition],
    queryFn: ({ signal }) => call(sayPlay, { body: { definition }, signal }),
    enabled: definition !== null,
    placeholderData: (before) => before,
    retry: false,
  })
  const said = read.data?.said
  const waiting = props.definition === null
  return (
    <div className="stack" aria-live="polite">
      {waiting ? <p className="secondary small">{t("plays.live_incomplete")}</p> : null}
      {read.error && !waiting ? <p className="danger">{problemText(read.error)}</p> : null}
      {said ? (
        <div className={waiting || read.isPlaceholderData ? "stack secondary" : "stack"}>
          <RuleFacts said={said} />
          <ol className="stack-s">
            {said.steps.map((step, n) => (
              <li key={step.node}>
                <span className="num secondary">{n + 1} </span>
                {say(step.words)}
                {ways(said.steps, n).map((way) => (
                  <Fragment key={way}>
                    <br />
                    <span className="secondary small">{way}</span>
                  </Fragment>
                ))}
              </li>
            ))}
          </ol>
        </div>
      ) : null}
    </div>
  )
}
