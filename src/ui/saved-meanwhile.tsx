import { Button } from "antd"
import type { ReactNode } from "react"
import { useTranslation } from "./words/use.ts"

/** Somebody else saved while this was written: nothing is lost by itself, and a person decides whose stays. */
export function SavedMeanwhile(props: {
  /** Who saved what, and that what one wrote is still there. */
  children: ReactNode
  /** A way to theirs. */
  theirs: ReactNode
  busy: boolean
  onMine: () => void
}) {
  const { t } = useTranslation()
  return (
    <div className="notice notice-bad" role="alert">
      <div>{props.children}</div>
      <span className="row">
        {props.theirs}
        <Button danger loading={props.busy} onClick={props.onMine}>
          {t("ui.keep_mine")}
        </Button>
      </span>
    </div>
  )
}
