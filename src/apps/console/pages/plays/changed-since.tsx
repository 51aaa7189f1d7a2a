import { Link } from "@tanstack/react-router"
import { onePlay } from "../../../../modules/plans/plays/contract.ts"
import { Time } from "../../../../ui/now.tsx"
import { SavedMeanwhile } from "../../../../ui/saved-meanwhile.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"

type Saving = { version: number; revision: number }

/** Somebody else has saved while this was written: who and when, a look at theirs, and the choice to put one's own over it. */
export function ChangedSince(props: {
  play_id: string | null
  since: Saving | null
  busy: boolean
  onOver: (newer: Saving) => void
}) {
  const { t } = useTranslation()
  const { play_id, since } = props
  const query = useRead(
    onePlay,
    { params: { id: play_id ?? "" } },
    { enabled: play_id !== null && since !== null },
  )
  if (!since || play_id === null) return null
  const theirs = query.data?.versions.find(
    (one) => one.version === since.version && one.revision === since.revision,
  )
  return (
    <SavedMeanwhile
      busy={props.busy}
      onMine={() => props.onOver(since)}
      theirs={
        <Link
          to="/plays/$id"
          params={{ id: play_id }}
          search={{ version: String(since.version) }}
          target="_blank"
        >
          {t("plays.look_at_theirs")}
        </Link>
      }
    >
      <p>
        {t("plays.changed_since", { name: theirs?.author_name ?? t("plays.somebody") })}
        {theirs ? (
          <>
            {" "}
            <Time at={theirs.saved_at} />
          </>
        ) : null}
      </p>
    </SavedMeanwhile>
  )
}
