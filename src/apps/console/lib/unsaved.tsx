import { useBlocker } from "@tanstack/react-router"
import { Button, Modal } from "antd"
import { useTranslation } from "../../../ui/words/use.ts"

/**
 * Asks before a page with something unsaved is left, by a link or by closing the window. Steps of one page are no leaving:
 * only another path is.
 */
export function UnsavedGuard(props: { dirty: boolean }) {
  const { t } = useTranslation()
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => props.dirty && current.pathname !== next.pathname,
    enableBeforeUnload: props.dirty,
    withResolver: true,
  })
  const blocked = blocker.status === "blocked"
  return (
    <Modal
      open={blocked}
      title={t("ui.unsaved")}
      closable={{ "aria-label": t("ui.close") }}
      onCancel={() => blocker.reset?.()}
      footer={[
        <Button key="stay" type="primary" onClick={() => blocker.reset?.()}>
          {t("ui.stay")}
        </Button>,
        <Button key="leave" danger onClick={() => blocker.proceed?.()}>
          {t("ui.leave")}
        </Button>,
      ]}
    />
  )
}
