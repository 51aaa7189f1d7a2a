import { Button, Form, Select } from "antd"
import { useRef, useState } from "react"
import { CallFailed, CallRefused } from "../../../../kernel/client.ts"
import type { Problem } from "../../../../kernel/contract.ts"
import { FILE_KINDS, filesPath } from "../../../../modules/accounts/files/contract.ts"
import { DayField } from "../../../../ui/day-field.tsx"
import { FormDrawer } from "../../../../ui/form-drawer.tsx"
import { toast } from "../../../../ui/toast.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { queryClient } from "../../lib/client.ts"
import { useCodeWord } from "../../lib/words.ts"

type Values = { kind: (typeof FILE_KINDS)[number]; signed_on?: string; file: File }

/** Sends a file as it is. `down` is said where no answer comes, or none of the server's. */
async function send(account_id: string, values: Values, down: string): Promise<void> {
  const asked = new URLSearchParams({
    kind: values.kind,
    name: values.file.name,
    ...(values.kind === "agreement" && values.signed_on ? { signed_on: values.signed_on } : {}),
  })
  const broken = (cause: unknown) => {
    throw new CallFailed(down, { cause })
  }
  const response = await fetch(`${filesPath(account_id)}?${asked}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/octet-stream" },
    body: values.file,
  }).catch(broken)
  const answer: unknown = await response.json().catch(broken)
  if (!response.ok) throw new CallRefused(answer as Problem)
}

/** An agreement with the day on which it was signed, or a piece of evidence. */
export function UploadFile(props: {
  account: { id: string; name: string }
  open: boolean
  onClose: () => void
}) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { account } = props
  const [kind, setKind] = useState<string>("agreement")
  const required = [{ required: true, message: t("ui.required") }]
  return (
    <FormDrawer<Values>
      open={props.open}
      title={t("accounts.upload_title", { name: account.name })}
      verb={t("accounts.upload")}
      initial={{ kind: "agreement" }}
      onClose={props.onClose}
      onSubmit={async (values) => {
        await send(account.id, values, t("accounts.not_sent"))
        await queryClient.invalidateQueries({
          predicate: (q) => String(q.queryKey[0]).startsWith("accounts"),
        })
        props.onClose()
        toast(t("accounts.uploaded"))
      }}
    >
      <Form.Item name="kind" label={t("accounts.file_kind")} rules={required}>
        <Select
          onChange={(value: string) => setKind(value)}
          options={FILE_KINDS.map((value) => ({ value, label: word("file_kind", value) }))}
        />
      </Form.Item>
      {kind === "agreement" ? (
        <Form.Item name="signed_on" label={t("accounts.signed_on")} rules={required}>
          <DayField />
        </Form.Item>
      ) : null}
      <Form.Item name="file" label={t("accounts.file")} extra={t("accounts.file_hint")} rules={required}>
        <ChooseFile />
      </Form.Item>
    </FormDrawer>
  )
}

function ChooseFile(props: { id?: string; value?: File; onChange?: (file: File) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <span className="row">
      <input
        ref={input}
        type="file"
        hidden
        accept=".pdf,.png,.jpg,.jpeg"
        aria-label={t("accounts.choose_file")}
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          // Emptied, so that the same file chosen again is heard.
          event.target.value = ""
          if (chosen) props.onChange?.(chosen)
        }}
      />
      <Button {...(props.id ? { id: props.id } : {})} onClick={() => input.current?.click()}>
        {t("accounts.choose_file")}
      </Button>
      {props.value ? <span className="secondary">{props.value.name}</span> : null}
    </span>
  )
}
