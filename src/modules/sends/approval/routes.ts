import { implement, type Route } from "../../../platform/http/index.ts"
import { readApproval, setApproval } from "./contract.ts"
import { approvalRequired, saveApproval } from "./setting.ts"

export const approvalRoutes: Route[] = [
  implement(readApproval, async (ctx) => ({ required: await approvalRequired(ctx.db) })),
  implement(setApproval, (ctx, { body }) =>
    ctx.command(async (t, note) => {
      note({ target: "sends.approval", before: { required: await approvalRequired(t) }, after: body })
      await saveApproval(t, body.required)
      return body
    }),
  ),
]
