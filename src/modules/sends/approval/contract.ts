import { z } from "zod"
import { defineEndpoint } from "../../../kernel/contract.ts"

const answer = z.object({ required: z.boolean() })

export const readApproval = defineEndpoint({
  id: "sends.approval",
  method: "GET",
  path: "/api/sends/approval",
  permission: "sends.read",
  summary: {
    zh: "提交的群发要不要另一位同事批准",
    en: "Whether a second person must approve what is submitted",
  },
  answer,
})

export const setApproval = defineEndpoint({
  id: "sends.set_approval",
  method: "PUT",
  path: "/api/sends/approval",
  permission: "settings.write",
  summary: {
    zh: "开启或关闭群发审批；发给全部客户的始终要批准",
    en: "Ask for a second person or not; a send to everybody always needs one",
  },
  body: answer,
  answer,
})
