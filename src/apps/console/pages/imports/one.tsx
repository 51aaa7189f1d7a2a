import { LeftOutlined } from "@ant-design/icons"
import { Link, useParams } from "@tanstack/react-router"
import { Button } from "antd"
import { failedRowsPath, type ImportRow, readImport } from "../../../../modules/imports/contract.ts"
import { PlainTable } from "../../../../ui/chart.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Facts, Section, Page as Sheet } from "../../../../ui/page.tsx"
import { Ready } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSay } from "../../lib/words.ts"
import { ImportControls } from "./controls.tsx"
import { Reading } from "./outcome.tsx"
import { hasDownload, ImportState, isOpen, isWaiting } from "./state.tsx"

const BUSY_MS = 1_000

/** One import: how far it is, what came of it, and the rows that could not be taken, each with its reason. */
export function Page() {
  const { t } = useTranslation()
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useRead(
    readImport,
    { params: { id } },
    { every_ms: (data) => (data && isOpen(data) ? BUSY_MS : false) },
  )
  return (
    <Ready query={query}>
      {(row) => (
        <Sheet
          title={row.file_name}
          purpose={<ImportState row={row} />}
          back={
            <Link to="/imports" search={{}} className="small">
              <LeftOutlined /> {t("imports.history")}
            </Link>
          }
          actions={<Actions row={row} />}
        >
          <div className="stack">
            {isOpen(row) ? <Reading row={row} /> : null}
            <About row={row} />
            <Failures row={row} />
          </div>
        </Sheet>
      )}
    </Ready>
  )
}

function Actions({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  return (
    <>
      {hasDownload(row) ? (
        <Button href={failedRowsPath(row.id)} download>
          {t("imports.download")}
        </Button>
      ) : null}
      {isWaiting(row) ? (
        <Link to="/imports/new" search={{ id: row.id }}>
          <Button type="primary">{t("imports.go_on")}</Button>
        </Link>
      ) : null}
      <ImportControls row={row} />
    </>
  )
}

const KILOBYTE = 1024

function About({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const say = useSay()
  return (
    <Section title={t("imports.outcome")}>
      <div className="stack">
        {row.problem ? (
          <p className="danger">{row.problem_words ? say(row.problem_words) : t("imports.fault")}</p>
        ) : null}
        {row.files_expired_at && row.problem !== "file_expired" ? (
          <p className="secondary">{t("imports.files_gone")}</p>
        ) : null}
        <Facts
          columns={2}
          items={[
            [t("imports.count_read"), formatNumber(row.counts?.read)],
            [
              row.dry_run ? t("imports.imported") : t("imports.count_imported"),
              formatNumber(row.counts?.imported),
            ],
            [t("imports.count_changed"), formatNumber(row.counts?.changed)],
            [t("imports.count_skipped"), formatNumber(row.counts?.skipped)],
            [t("imports.count_failed"), formatNumber(row.counts?.failed)],
            [t("imports.source"), row.options?.source ?? MISSING],
            [t("imports.size"), `${formatNumber(Math.max(1, Math.round(row.bytes / KILOBYTE)))} KB`],
            [t("imports.by"), row.by_name ?? MISSING],
            [t("imports.sent_at"), <Time key="sent" at={row.created_at} />],
            [t("imports.ended_at"), <Time key="ended" at={row.ended_at} />],
            row.files_expired_at
              ? [t("imports.files_expired_at"), <Time key="files" at={row.files_expired_at} />]
              : [t("imports.files_until"), <Time key="files" at={row.files_until} />],
          ]}
        />
      </div>
    </Section>
  )
}

function Failures({ row }: { row: ImportRow }) {
  const { t } = useTranslation()
  const failures = row.failures ?? []
  const failed = row.counts?.failed ?? failures.length
  if (failures.length === 0) return null
  return (
    <Section
      title={t("imports.failures")}
      extra={
        failed > failures.length ? (
          <span className="secondary small">
            {t("imports.first_of", { n: formatNumber(failures.length), all: formatNumber(failed) })}
          </span>
        ) : null
      }
    >
      <PlainTable
        label={t("imports.failures")}
        words={[1, 2]}
        head={[t("imports.line"), t("imports.reason"), t("imports.cells")]}
        rows={failures.map((f) => [String(f.line), f.reason, f.cells.join(" · ")])}
      />
    </Section>
  )
}
