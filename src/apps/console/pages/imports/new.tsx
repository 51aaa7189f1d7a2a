import { Link } from "@tanstack/react-router"
import { Button } from "antd"
import { useState } from "react"
import { listImportKinds, readImport } from "../../../../modules/imports/contract.ts"
import { Page as Sheet } from "../../../../ui/page.tsx"
import { Failed, Ready } from "../../../../ui/states.tsx"
import { StepFoot, Wizard } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { useSay } from "../../lib/words.ts"
import { ChooseFile, ChooseKind } from "./choose.tsx"
import { Columns } from "./columns.tsx"
import { Outcome, Tally } from "./outcome.tsx"
import type { Uploaded } from "./upload.ts"

const LOOK_EVERY_MS = 700

/** A table is handed over in steps: what it holds, the file, its columns, a trial, and the import. */
export function Page() {
  const { t } = useTranslation()
  const say = useSay()
  const kinds = useRead(listImportKinds, {})
  const [file, setFile] = useState<Uploaded | null>(null)
  const [asked, setAsked] = useState(false)
  // An import that the address names is looked at as it stands, whoever began it.
  const [address, changeAddress] = useAddress()
  const id = file?.id ?? address.id
  const looks = file ? asked : id !== undefined
  const state = useRead(readImport, { params: { id: id ?? "" } }, { enabled: looks, every_ms: LOOK_EVERY_MS })
  const row = looks ? state.data : undefined
  const named = row?.kind ?? address.kind
  const kind = kinds.data?.rows.find(({ name }) => name === named)
  const current =
    !looks && !file ? "file" : !row || row.state === "uploaded" ? "map" : row.dry_run ? "check" : "run"
  const steps = (["file", "map", "check", "run"] as const).map((key) => ({
    key,
    title: t(`imports.step_${key}`),
  }))
  const restart = () => {
    setFile(null)
    setAsked(false)
    changeAddress({ id: undefined, kind: named }, { replace: true })
  }
  return (
    <Sheet
      title={kind ? t("imports.title", { kind: say(kind.words) }) : t("imports.title_any")}
      purpose={t("imports.purpose")}
      actions={
        <Link to="/imports" search={{}}>
          <Button>{t("imports.history")}</Button>
        </Link>
      }
    >
      <Wizard steps={steps} current={current} consequence={row?.counts ? <Tally row={row} /> : undefined}>
        <Ready query={kinds}>
          {({ rows }) =>
            !file && !looks ? (
              kind ? (
                <ChooseFile kind={kind.name} onFile={setFile} />
              ) : (
                <ChooseKind kinds={rows} onKind={(name) => changeAddress({ kind: name })} />
              )
            ) : file && kind && !asked ? (
              <Columns
                kind={kind}
                file={file}
                before={state.data?.options ?? null}
                onAsked={() => setAsked(true)}
              />
            ) : state.error ? (
              <Failed error={state.error} onRetry={() => void state.refetch()} />
            ) : row?.state === "uploaded" ? (
              <StepFoot>
                <Button type="primary" onClick={restart}>
                  {t("imports.again")}
                </Button>
              </StepFoot>
            ) : row ? (
              <Outcome row={row} onChange={file ? () => setAsked(false) : restart} onRestart={restart} />
            ) : null
          }
        </Ready>
      </Wizard>
    </Sheet>
  )
}
