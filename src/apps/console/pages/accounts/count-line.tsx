import { Form, Select } from "antd"
import { countAccount } from "../../../../modules/accounts/stocktake/contract.ts"
import { DayField } from "../../../../ui/day-field.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { NumberItem } from "../../../../ui/number-field.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { NoteItem } from "./note.tsx"
import { PersonItem } from "./people.tsx"
import type { StocktakeLine } from "./stocktake.tsx"

type Values = {
  custodian_staff_id?: string
  friends?: number
  tags_ok?: "yes" | "no"
  backup_on?: string
  note?: string
}

/** How somebody found an account; it begins with what is expected, so that only what differs is typed. */
export function CountLine(props: { stocktake_id: string; line: StocktakeLine | null; onClose: () => void }) {
  const { t } = useTranslation()
  const count = useChange(countAccount, ["accounts"])
  const { line } = props
  const initial: Values = line
    ? {
        ...(line.counted_at ? take(line) : {}),
        ...(line.counted_at || !line.expected_custodian
          ? {}
          : { custodian_staff_id: line.expected_custodian }),
        friends: line.friends ?? line.expected_friends,
      }
    : {}
  return (
    <FormDrawer<Values>
      open={line !== null}
      title={t("stocktakes.count_title", { name: line?.account_name ?? "" })}
      verb={t("stocktakes.count")}
      initial={initial}
      onClose={props.onClose}
      onSubmit={async ({ custodian_staff_id, friends, tags_ok, backup_on, note }) => {
        if (!line) return
        const { differences } = await count.mutateAsync({
          params: { id: props.stocktake_id, account_id: line.account_id },
          body: {
            custodian_staff_id: custodian_staff_id ?? null,
            friends: friends ?? null,
            tags_ok: tags_ok ? tags_ok === "yes" : null,
            backup_on: backup_on ?? null,
            ...(note ? { note } : {}),
            counted_at: line.counted_at ? new Date(line.counted_at).toISOString() : null,
          },
        })
        props.onClose()
        toast(t(differences.length === 0 ? "stocktakes.found" : "stocktakes.found_off"))
      }}
    >
      <PersonItem
        name="custodian_staff_id"
        label={t("stocktakes.found_custodian")}
        empty={t("stocktakes.nobody")}
      />
      <NumberItem name="friends" label={t("stocktakes.friends")} min={0} max={1_000_000} decimals={0} />
      <Form.Item name="tags_ok" label={t("stocktakes.tags_ok")}>
        <Select
          allowClear
          options={[
            { value: "yes", label: t("stocktakes.tags_yes") },
            { value: "no", label: t("stocktakes.tags_no") },
          ]}
        />
      </Form.Item>
      <Form.Item name="backup_on" label={t("stocktakes.backup")}>
        <DayField />
      </Form.Item>
      <NoteItem />
    </FormDrawer>
  )
}

/** What was counted before, to be counted again. */
function take(line: StocktakeLine): Values {
  return {
    ...(line.custodian_staff_id ? { custodian_staff_id: line.custodian_staff_id } : {}),
    ...(line.tags_ok === null ? {} : { tags_ok: line.tags_ok ? "yes" : "no" }),
    ...(line.backup_on ? { backup_on: line.backup_on } : {}),
    note: line.note,
  }
}
