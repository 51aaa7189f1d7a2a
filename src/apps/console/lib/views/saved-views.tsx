import { MoreOutlined } from "@ant-design/icons"
import { Button, Checkbox, Dropdown, Form, Input } from "antd"
import { useState } from "react"
import {
  changeView,
  dropView,
  makeView,
  type SavedView,
  VIEW_NAME_MAX,
} from "../../../../modules/staff/views/contract.ts"
import { ConfirmConsequence } from "../../../../ui/confirm.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import type { Look } from "../../../../ui/list-views.ts"
import { problemText } from "../../../../ui/states.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../client.ts"
import { useViews } from "./use-views.ts"

type Values = { name: string; is_default: boolean }

/** Saved views of a list as tabs above it; what is not saved yet can be, under a name. */
export default function SavedViews(props: { list: string; look: Look; onLook: (look: Look) => void }) {
  const { t } = useTranslation()
  const { list, look } = props
  const { views, known, chosen, changed, filters, open } = useViews(list, look, props.onLook)
  const make = useChange(makeView, ["views"])
  const change = useChange(changeView, ["views"])
  const drop = useChange(dropView, ["views"])
  const [asking, setAsking] = useState<"new" | "rename" | "delete" | null>(null)
  if (!known) return <div className="views" />
  const update = (view: SavedView, over: Partial<SavedView>) => {
    const { name, filters, look, is_default } = { ...view, ...over }
    return change.mutateAsync({ params: { id: view.id }, body: { name, filters, look, is_default } })
  }
  const at_once = (work: Promise<unknown>, said: string) =>
    void work.then(() => toast(said)).catch((error) => toast(problemText(error), "bad"))
  const save = async ({ name, is_default }: Values) => {
    if (asking === "rename" && chosen) await update(chosen, { name, is_default })
    else {
      const { id } = await make.mutateAsync({ body: { list, name, filters, look, is_default } })
      open({ id, list, name, filters, look, is_default })
    }
    setAsking(null)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is a part of a form
    <div className="views" role="group" aria-label={t("views.label")}>
      <button type="button" className="view" aria-pressed={chosen === null} onClick={() => open(null)}>
        {t("views.all")}
      </button>
      {views.map((view) => (
        <button
          key={view.id}
          type="button"
          className="view"
          aria-pressed={view.id === chosen?.id}
          onClick={() => open(view)}
        >
          {view.name}
        </button>
      ))}
      {chosen ? (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "rename", label: t("views.rename") },
              { key: "default", label: t(chosen.is_default ? "views.no_default" : "views.make_default") },
              { key: "delete", label: t("views.delete"), danger: true },
            ],
            onClick({ key }) {
              if (key !== "default") setAsking(key as "rename" | "delete")
              else at_once(update(chosen, { is_default: !chosen.is_default }), t("views.saved"))
            },
          }}
        >
          <Button
            type="text"
            size="small"
            icon={<MoreOutlined />}
            aria-label={t("views.more", { name: chosen.name })}
          />
        </Dropdown>
      ) : null}
      {chosen && changed ? (
        <Button
          size="small"
          loading={change.isPending}
          onClick={() => at_once(update(chosen, { filters, look }), t("views.saved"))}
        >
          {t("views.save_changes")}
        </Button>
      ) : null}
      <Button type="text" size="small" onClick={() => setAsking("new")}>
        {t("views.save_as")}
      </Button>
      <FormDrawer<Values>
        open={asking === "new" || asking === "rename"}
        title={t(asking === "rename" ? "views.rename" : "views.save_as")}
        verb={t("views.save")}
        onClose={() => setAsking(null)}
        onSubmit={save}
        initial={asking === "rename" && chosen ? { name: chosen.name, is_default: chosen.is_default } : {}}
      >
        <p className="secondary">{t("views.purpose")}</p>
        <Form.Item
          name="name"
          label={t("views.name")}
          rules={[{ required: true, whitespace: true, message: t("ui.required") }]}
        >
          <Input maxLength={VIEW_NAME_MAX} autoComplete="off" />
        </Form.Item>
        <Form.Item name="is_default" valuePropName="checked" initialValue={false}>
          <Checkbox>{t("views.default")}</Checkbox>
        </Form.Item>
      </FormDrawer>
      <ConfirmConsequence
        open={asking === "delete" && chosen !== null}
        title={t("views.delete_title", { name: chosen?.name ?? "" })}
        verb={t("views.delete")}
        danger
        onClose={() => setAsking(null)}
        onConfirm={async () => {
          if (!chosen) return
          await drop.mutateAsync({ params: { id: chosen.id } })
          open(null)
        }}
      />
    </div>
  )
}
