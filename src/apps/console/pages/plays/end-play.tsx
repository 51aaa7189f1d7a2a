import { Button } from "antd"
import { useState } from "react"
import { endPlayEndpoint } from "../../../../modules/plans/plays/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Progress } from "../../../../ui/progress.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import type { Play } from "./said.ts"

/** Stops a play and ends it for everybody in it. `onLook`: asks for the number anew, since it is what is confirmed. */
export function EndPlay(props: { play: Play; onLook: () => void }) {
  const { t } = useTranslation()
  const { play, onLook } = props
  const [asking, setAsking] = useState(false)
  const end = useChange(endPlayEndpoint, ["plays"])
  if (!play.running && play.inside === 0) return null
  return (
    <>
      <Button
        danger
        disabled={play.ending !== null}
        onClick={() => {
          onLook()
          setAsking(true)
        }}
      >
        {t("plays.end_all")}
      </Button>
      <ConfirmConsequence
        open={asking}
        title={t("plays.end_title", { n: formatNumber(play.inside) })}
        verb={t("plays.end_all")}
        danger
        typed={t("plays.end_word")}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          try {
            await end.mutateAsync({ params: { id: play.id }, body: { people: play.inside } })
            toast(t("plays.end_begun"))
          } catch (error) {
            onLook()
            throw error
          }
        }}
      />
    </>
  )
}

/** How far the ending is; it goes on by itself, also through a restart. */
export function Ending(props: { ending: NonNullable<Play["ending"]> }) {
  const { t } = useTranslation()
  const { people, ended } = props.ending
  return (
    <Progress label={t("plays.ending")} done={ended} all={people}>
      {t("plays.ended_of", { n: formatNumber(ended), all: formatNumber(people) })}
    </Progress>
  )
}
