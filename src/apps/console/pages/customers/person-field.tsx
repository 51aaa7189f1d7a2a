import { Select } from "antd"
import { useId, useState } from "react"
import { listCustomers } from "../../../../modules/customers/contract.ts"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSettled } from "../../lib/settled.ts"

const TYPING_MS = 300
const CHOICES = 10

/** Chooses one customer by the beginning of a name, pinyin, or the last digits of a phone. */
export function PersonField(props: { value?: string | null; onChange?: (id: string) => void }) {
  const { t } = useTranslation()
  const field = useId()
  const [text, setText] = useState("")
  const asked = useSettled(text, TYPING_MS)
  const found = useRead(
    listCustomers,
    { query: { q: asked, limit: CHOICES } },
    { enabled: asked.trim() !== "" },
  )
  return (
    <div className="field">
      <label htmlFor={field}>{t("customers.which")}</label>
      <Select
        id={field}
        placeholder={t("customers.which_hint")}
        value={props.value ?? null}
        showSearch={{ filterOption: false, onSearch: setText }}
        notFoundContent={asked.trim() === "" ? t("customers.which_hint") : undefined}
        options={(found.data?.rows ?? []).map((r) => ({ value: r.id, label: r.remark || r.name }))}
        onChange={(id: string) => props.onChange?.(id)}
      />
    </div>
  )
}
