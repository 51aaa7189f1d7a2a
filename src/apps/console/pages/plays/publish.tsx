import { publishPlay } from "../../../../modules/plans/plays/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useSay } from "../../lib/words.ts"
import type { Play, Version } from "./said.ts"

type Publishable = Pick<Version, "version" | "revision" | "said">

/** Asks before a version is published: who will enter from then on, and what happens to those inside. */
export function PublishPlay(props: {
  play: Pick<Play, "id" | "running" | "versions">
  version: Publishable | null
  onClose: () => void
  onDone?: () => void
}) {
  const { t } = useTranslation()
  const say = useSay()
  const publish = useChange(publishPlay, ["plays"])
  const { play, version } = props
  const inside = play.versions.reduce((sum, one) => sum + one.inside, 0)
  return (
    <ConfirmConsequence
      open={version !== null}
      title={t("plays.publish_title", { n: version?.version ?? 0 })}
      verb={t("plays.publish")}
      onClose={props.onClose}
      onConfirm={async () => {
        if (!version) return
        const { version: n, revision } = version
        await publish.mutateAsync({ params: { id: play.id }, body: { version: n, revision } })
        toast(t("plays.published_now"))
        props.onDone?.()
      }}
    >
      <div className="stack-s">
        <p>{say(version?.said.entry)}</p>
        <p>
          {inside > 0 ? t("plays.publish_inside", { n: formatNumber(inside) }) : t("plays.publish_nobody")}
        </p>
        {play.running ? null : <p>{t("plays.publish_starts")}</p>}
      </div>
    </ConfirmConsequence>
  )
}
