import { useNavigate } from "@tanstack/react-router"
import { Button, Form, Input, Progress, Select, Space } from "antd"
import { useRef, useState } from "react"
import type { z } from "zod"
import { CallFailed, CallRefused } from "../../../../kernel/client.ts"
import type { Problem } from "../../../../kernel/contract.ts"
import {
  failedRowsPath,
  type ImportRow,
  readImport,
  runImport,
  UPLOAD_PATH,
  type uploaded,
} from "../../../../modules/orders/wizard/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { FormProblem } from "../../../../ui/form-drawer.tsx"
import { formatNumber } from "../../../../ui/format.ts"
import { Facts, Page as Sheet } from "../../../../ui/page.tsx"
import { Failed, problemText } from "../../../../ui/states.tsx"
import { StepFoot, Wizard } from "../../../../ui/wizard.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useChange, useRead } from "../../lib/client.ts"
import { useAddress } from "../../lib/search.ts"
import { ImportControls } from "./import-controls.tsx"
import { hasDownload, importState, isOpen, isUnderWay, isWaiting } from "./import-state.tsx"

type Uploaded = z.output<typeof uploaded>
type Values = {
  source: string
  customer: string
  at: string
  amount: string
  product?: string
  order?: string
}
const FIELDS = ["customer", "at", "amount", "product", "order"] as const
const NEEDED = new Set<string>(["customer", "at", "amount"])
const LOOK_EVERY_MS = 700
const KILOBYTE = 1024

/** Sends the file as it is; the answer is what its head looks like. `down` is said where none comes, or none of the server's. */
async function upload(file: File, down: string): Promise<Uploaded> {
  const broken = (cause: unknown) => {
    throw new CallFailed(down, { cause })
  }
  const response = await fetch(`${UPLOAD_PATH}?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "content-type": "application/octet-stream" },
    body: file,
  }).catch(broken)
  const answer: unknown = await response.json().catch(broken)
  if (!response.ok) throw new CallRefused(answer as Problem)
  return answer as Uploaded
}

export function Page() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [file, setFile] = useState<Uploaded | null>(null)
  const [asked, setAsked] = useState(false)
  // An import that the address names is looked at as it stands, whoever began it.
  const [address, changeAddress] = useAddress()
  const id = file?.id ?? address.id
  const looks = file ? asked : id !== undefined
  const state = useRead(readImport, { params: { id: id ?? "" } }, { enabled: looks, every_ms: LOOK_EVERY_MS })
  const row = looks ? state.data : undefined
  const current =
    !looks && !file ? "file" : !row || row.state === "uploaded" ? "map" : row.dry_run ? "check" : "run"
  const steps = (["file", "map", "check", "run"] as const).map((key) => ({
    key,
    title: t(`imports.step_${key}`),
  }))
  const restart = () => {
    setFile(null)
    setAsked(false)
    changeAddress({ id: undefined }, { replace: true })
  }
  return (
    <Sheet
      title={t("imports.title")}
      purpose={t("imports.purpose")}
      actions={<Button onClick={() => void navigate({ to: "/orders" })}>{t("imports.back")}</Button>}
    >
      <Wizard steps={steps} current={current} consequence={row?.counts ? <Tally row={row} /> : undefined}>
        {!file && !looks ? (
          <ChooseFile onFile={setFile} />
        ) : file && !asked ? (
          <Columns file={file} onAsked={() => setAsked(true)} />
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
        ) : null}
      </Wizard>
    </Sheet>
  )
}

function ChooseFile(props: { onFile: (file: Uploaded) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    setProblem(null)
    try {
      props.onFile(await upload(file, t("imports.not_sent")))
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
      <Button type="primary" loading={busy} onClick={() => input.current?.click()}>
        {busy ? t("imports.uploading") : t("imports.choose")}
      </Button>
      <FormProblem text={problem} />
    </Space>
  )
}

function Columns(props: { file: Uploaded; onAsked: () => void }) {
  const { t } = useTranslation()
  const { file } = props
  const [form] = Form.useForm<Values>()
  const run = useChange(runImport, ["imports"])
  const options = (file.headings ?? []).map((heading) => ({ value: heading, label: heading }))
  const check = async ({ source, ...mapping }: Values) => {
    await run.mutateAsync({
      params: { id: file.id },
      body: { dry_run: true, options: { source, mapping, header: true } },
    })
    props.onAsked()
  }
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{ ...file.guess, source: file.source }}
      onFinish={(values) => void check(values).catch(() => undefined)}
    >
      <Facts
        items={[
          [t("imports.file"), file.file_name],
          [t("imports.size"), `${formatNumber(Math.max(1, Math.round(file.bytes / KILOBYTE)))} KB`],
        ]}
      />
      <Form.Item
        name="source"
        label={t("imports.source")}
        extra={t("imports.source_hint")}
        rules={[{ required: true }]}
      >
        <Input maxLength={100} />
      </Form.Item>
      {FIELDS.map((field) => (
        <Form.Item
          key={field}
          name={field}
          label={`${t(`imports.${field}`)}${NEEDED.has(field) ? "" : t("imports.optional")}`}
          rules={[{ required: NEEDED.has(field) }]}
        >
          <Select options={options} placeholder={t("imports.column")} allowClear={!NEEDED.has(field)} />
        </Form.Item>
      ))}
      <FormProblem text={run.error ? problemText(run.error) : null} />
      <StepFoot>
        <Button type="primary" htmlType="submit" loading={run.isPending}>
          {t("imports.check")}
        </Button>
      </StepFoot>
    </Form>
  )
}

function Tally({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const counts = row.counts!
  return (
    <Facts
      items={[
        [t("imports.read"), formatNumber(counts.read)],
        [row.dry_run ? t("imports.imported") : t("imports.imported_done"), formatNumber(counts.imported)],
        [t("imports.skipped"), formatNumber(counts.skipped)],
        [t("imports.failed"), formatNumber(counts.failed)],
      ]}
    />
  )
}

function Outcome(props: { row: ImportRow; onChange: () => void; onRestart: () => void }) {
  const { t } = useTranslation()
  const { row } = props
  const run = useChange(runImport, ["imports", "orders"])
  const start = () =>
    row.options && run.mutate({ params: { id: row.id }, body: { dry_run: false, options: row.options } })
  if (isOpen(row))
    return (
      <section aria-live="polite">
        <p>
          {row.state !== "running"
            ? t(importState(row).word)
            : row.dry_run
              ? t("imports.checking")
              : t("imports.running")}
        </p>
        {isUnderWay(row) ? (
          <Progress percent={100} status="active" showInfo={false} aria-label={t("imports.running")} />
        ) : null}
        <Space>
          <ImportControls row={row} />
        </Space>
      </section>
    )
  const fresh = row.counts?.imported ?? 0
  return (
    <section>
      <p role="status">
        {row.problem
          ? t("imports.problem", { code: row.problem })
          : row.state === "done"
            ? t("imports.done")
            : row.state === "cancelled"
              ? t("imports.stopped")
              : null}
      </p>
      {row.files_expired_at ? <p>{t("imports.files_gone")}</p> : null}
      {row.failures && row.failures.length > 0 ? (
        <>
          <h2>{t("imports.failures")}</h2>
          <PlainTable
            label={t("imports.failures")}
            head={[t("imports.line"), t("imports.reason"), t("imports.cells")]}
            rows={row.failures.map((f) => [String(f.line), f.reason, f.cells.join(" · ")])}
          />
        </>
      ) : null}
      <FormProblem text={run.error ? problemText(run.error) : null} />
      <StepFoot back={<Button onClick={props.onChange}>{t("imports.change")}</Button>}>
        {hasDownload(row) ? (
          <Button href={failedRowsPath(row.id)} download>
            {t("imports.download")}
          </Button>
        ) : null}
        {isWaiting(row) ? (
          <Button type="primary" disabled={fresh === 0} loading={run.isPending} onClick={start}>
            {fresh === 0 ? t("imports.nothing_new") : t("imports.start", { n: formatNumber(fresh) })}
          </Button>
        ) : (
          <Button type="primary" onClick={props.onRestart}>
            {t("imports.again")}
          </Button>
        )}
      </StepFoot>
    </section>
  )
}
