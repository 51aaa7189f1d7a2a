import { Button } from "antd"
import { useState } from "react"
import { filePath } from "../../../../modules/accounts/files/contract.ts"
import { accountFiles } from "../../../../modules/accounts/life/contract.ts"
import { DataTable } from "../../../../ui/data-table.tsx"
import { formatNumber, MISSING } from "../../../../ui/format.ts"
import { Time } from "../../../../ui/now.tsx"
import { Empty } from "../../../../ui/states.tsx"
import { useTranslation } from "../../../../ui/words/use.ts"
import { useRead } from "../../lib/client.ts"
import { useSession } from "../../lib/session.tsx"
import { useCodeWord } from "../../lib/words.ts"
import type { AccountDetail } from "./state.tsx"
import { UploadFile } from "./upload.tsx"

const KILOBYTE = 1024

export function Files(props: { account: AccountDetail }) {
  const { t } = useTranslation()
  const word = useCodeWord()
  const { can, user } = useSession()
  const { account } = props
  const [adding, setAdding] = useState(false)
  const query = useRead(accountFiles, { params: { id: account.id } })
  const may = can("accounts.write") || account.custodian_staff_id === user.id
  const add = may ? (
    <Button type="primary" onClick={() => setAdding(true)}>
      {t("accounts.upload")}
    </Button>
  ) : null
  const some = (query.data?.rows.length ?? 0) > 0
  return (
    <>
      <DataTable
        name="account-files"
        label={t("accounts.tab_files")}
        rows={query.data?.rows}
        rowKey={(r) => r.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        actions={some ? add : null}
        empty={
          <Empty title={t("accounts.no_files")} action={add}>
            {t("accounts.no_files_text")}
          </Empty>
        }
        columns={[
          {
            key: "name",
            title: t("accounts.file"),
            fixed: true,
            render: (r) =>
              may ? (
                <a href={filePath(account.id, r.id)} download className="name">
                  {r.file_name}
                </a>
              ) : (
                <span className="name">{r.file_name}</span>
              ),
          },
          { key: "kind", title: t("accounts.file_kind"), render: (r) => word("file_kind", r.kind) },
          { key: "signed", title: t("accounts.signed_on"), render: (r) => r.signed_on ?? MISSING },
          {
            key: "size",
            title: t("accounts.size"),
            numeric: true,
            render: (r) => `${formatNumber(Math.max(1, Math.round(r.bytes / KILOBYTE)))} KB`,
          },
          { key: "by", title: t("accounts.uploaded_by"), render: (r) => r.uploaded_by_name ?? MISSING },
          { key: "at", title: t("accounts.when"), render: (r) => <Time at={r.uploaded_at} /> },
        ]}
      />
      <UploadFile account={account} open={adding} onClose={() => setAdding(false)} />
    </>
  )
}
