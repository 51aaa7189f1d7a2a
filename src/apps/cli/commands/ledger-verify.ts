import { verifyPoints } from "../../../modules/points/index.ts"
import { verifyAudit } from "../../../platform/audit.ts"
import { verify } from "../../../spine/ledger/index.ts"
import type { Command, ExitCode } from "../command.ts"

export const ledgerVerifyCommand: Command = {
  name: "ledger verify",
  usage: "ledger verify [--json]",
  summary: "核对账本：借贷、余额、积分批次、审计链 / check the ledger, points lots and the audit chain",
  run: (env) =>
    env.withDatabase<ExitCode>(async (db) => {
      const verdict = await verify(db)
      const points = await verifyPoints(db)
      const audit = await verifyAudit(db)
      const sound = verdict.findings.length === 0 && points.length === 0 && audit.broken_at === null
      const found = [
        ...verdict.findings.map((f) => `${f.check} ${JSON.stringify(f.detail)}`),
        ...points.map((p) => `points_lots ${JSON.stringify(p)}`),
        ...(audit.broken_at === null ? [] : [`audit_chain broken at ${audit.broken_at}`]),
      ]
      env.answer(
        { sound, ...verdict, points, audit },
        [
          `${verdict.postings} 笔，${verdict.entries} 条分录；${sound ? "账目无误 (sound)" : "有问题 (NOT sound)"}`,
          ...found,
        ].join("\n"),
      )
      return sound ? 0 : 1
    }),
}
