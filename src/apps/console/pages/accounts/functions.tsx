import { Form, Select } from "antd"
import { FUNCTIONS } from "../../../../modules/accounts/contract.ts"
import { setFunctions } from "../../../../modules/accounts/functions/contract.ts"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"
import type { ActProps } from "./note.tsx"

type Values = { function: (typeof FUNCTIONS)[number]; also_functions: (typeof FUNCTIONS)[number][] }

/** What an account is for; in a small team several things. */
export function Functions(props: ActProps) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const save = useChange(setFunctions, ["accounts"])
  const { account } = props
  const options = FUNCTIONS.map((value) => ({ value, label: word("account_function", value) }))
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("accounts.functions_title", { name: account.name })}
      verb={t("accounts.functions_verb")}
      initial={{ function: account.function, also_functions: account.also_functions }}
      onClose={props.onClose}
      onSubmit={async (body) => {
        await save.mutateAsync({ params: { id: account.id }, body })
        props.onClose()
        toast(t("accounts.functions_saved"))
      }}
    >
      <Form.Item name="function" label={t("accounts.function")}>
        <Select options={options} />
      </Form.Item>
      <Form.Item name="also_functions" label={t("accounts.also_functions")} extra={t("accounts.also_hint")}>
        <Select mode="multiple" options={options} />
      </Form.Item>
    </FormDrawer>
  )
}

/** What an account is for, as one reads it: its own function first. */
export function useFunctionsOf() {
  const word = useCodeWord()
  return (account: Pick<Values, "function" | "also_functions">) =>
    [account.function, ...account.also_functions].map((fn) => word("account_function", fn)).join(" · ")
}
