import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { Empty } from "../../../ui/states.tsx"
import { useTranslation } from "../../../ui/words/use.ts"

export function NoSuchPage() {
  const { t } = useTranslation()
  return (
    <Empty title={t("frame.not_found_page")} action={<Link to="/">{t("frame.go_home")}</Link>}>
      {t("frame.not_found_text")}
    </Empty>
  )
}

/** A bug in a page, or a page file that a new release has replaced: one sentence, a reload, and the words for support. */
export function BrokenPage(props: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <div className="state" role="alert">
      <h1>{t("frame.page_broke")}</h1>
      <p>{t("frame.page_broke_text")}</p>
      <p className="mono">{props.error instanceof Error ? props.error.message : String(props.error)}</p>
      <Button type="primary" onClick={() => location.reload()}>
        {t("ui.retry")}
      </Button>
    </div>
  )
}
