import { Button, Space } from "antd"
import { useRef, useState } from "react"
import { type KindRow, templatePath } from "../../../../modules/imports/contract.ts"
import { FormProblem } from "../../../../ui/form-drawer.tsx"
import { Empty, problemText } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useSay } from "../../lib/words.ts"
import { type Uploaded, upload } from "./upload.ts"

/** What the table holds: every kind that the person may import. */
export function ChooseKind(props: { kinds: KindRow[]; onKind: (name: string) => void }) {
  const { t } = useTranslation()
  const say = useSay()
  if (props.kinds.length === 0)
    return <Empty title={t("imports.no_kinds")}>{t("imports.no_kinds_text")}</Empty>
  return (
    <Space orientation="vertical" size="middle">
      <p>{t("imports.kind_hint")}</p>
      <Space wrap>
        {props.kinds.map((kind) => (
          <Button key={kind.name} onClick={() => props.onKind(kind.name)}>
            {t("imports.title", { kind: say(kind.words) })}
          </Button>
        ))}
      </Space>
    </Space>
  )
}

/** The file itself, and an empty one of the right shape for whoever has none yet. */
export function ChooseFile(props: { kind: string; onFile: (file: Uploaded) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      props.onFile(await upload(props.kind, file, t("imports.not_sent")))
    } catch (error) {
      setProblem(problemText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Space orientation="vertical" size="middle">
      <p>{t("imports.choose_hint")}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx"
        aria-label={t("imports.choose")}
        hidden
        onChange={(e) => {
          const chosen = e.target.files?.[0]
          // Emptied, so that the same file chosen again is heard.
          e.target.value = ""
          void take(chosen)
        }}
      />
      <Space wrap>
        <Button type="primary" loading={busy} onClick={() => input.current?.click()}>
          {busy ? t("imports.uploading") : t("imports.choose")}
        </Button>
        <Button href={templatePath(props.kind)} download>
          {t("imports.template")}
        </Button>
      </Space>
      <FormProblem text={problem} />
    </Space>
  )
}
