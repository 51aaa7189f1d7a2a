import { Button } from "antd"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import type { SavedSegment } from "./editor.tsx"

/** Somebody else saved while this was written: both are kept in sight, and a person decides. */
export function Conflict(props: { theirs: SavedSegment; onMine: () => void; onTheirs: () => void }) {
  const { t } = useTranslation()
  const say = useSay()
  return (
    <div className="notice notice-bad" role="alert">
      <div>
        <p>{t("segments.conflict")}</p>
        <p className="secondary">
          {props.theirs.name} · {say(props.theirs.sentence)}
        </p>
      </div>
      <span className="row">
        <Button onClick={props.onTheirs}>{t("segments.take_theirs")}</Button>
        <Button danger onClick={props.onMine}>
          {t("segments.keep_mine")}
        </Button>
      </span>
    </div>
  )
}
