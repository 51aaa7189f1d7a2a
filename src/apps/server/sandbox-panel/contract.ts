import { z } from "zod"
import { defineEndpoint, type RefusalTable } from "../../../kernel/contract.ts"

const refusals: RefusalTable = {
  no_sandbox: {
    status: 409,
    zh: "这里接的是真实企业，没有沙盒。",
    en: "This is a real company; there is no sandbox.",
  },
  sandbox_silent: {
    status: 503,
    zh: "沙盒暂时没有应答，请稍后再试。",
    en: "The sandbox does not answer; try again shortly.",
  },
  sandbox_refused: { status: 409, zh: "沙盒拒绝了这个操作。", en: "The sandbox refused this." },
}
const free = z.record(z.string(), z.unknown())

export const sandboxState = defineEndpoint({
  id: "sandbox.state",
  method: "GET",
  path: "/api/sandbox/state",
  permission: "sandbox.read",
  summary: { zh: "沙盒：世界的现状", en: "Sandbox: the state of the world" },
  answer: free,
  refusals,
})

export const sandboxClock = defineEndpoint({
  id: "sandbox.clock",
  method: "POST",
  path: "/api/sandbox/clock",
  permission: "sandbox.drive",
  summary: { zh: "沙盒：调整时钟", en: "Sandbox: set the clock" },
  body: z.object({
    rate: z.number().positive().max(100_000).optional(),
    paused: z.boolean().optional(),
    /** Forward by so much. */
    step_ms: z
      .number()
      .int()
      .min(0)
      .max(40 * 86_400_000)
      .optional(),
  }),
  answer: free,
  refusals,
})

/** How much happens by itself, as the sandbox calls it. */
export const SCENARIOS = ["lively", "calm", "quiet", "busy"] as const

export const sandboxScenario = defineEndpoint({
  id: "sandbox.scenario",
  method: "POST",
  path: "/api/sandbox/scenario",
  permission: "sandbox.drive",
  summary: {
    zh: "沙盒：换一种过法（热闹、日常、安静、忙碌）",
    en: "Sandbox: another way of life (lively, calm, quiet, busy)",
  },
  body: z.object({ scenario: z.enum(SCENARIOS) }),
  answer: free,
  refusals,
})

/** What people of the sandbox can be told to do; `deed` is the control's own name. */
export const sandboxDeed = defineEndpoint({
  id: "sandbox.deed",
  method: "POST",
  path: "/api/sandbox/deeds/:deed",
  permission: "sandbox.drive",
  summary: {
    zh: "沙盒：让人们做点什么（扫码、下单、进群、发言、聊天、员工点发送）",
    en: "Sandbox: have people scan, buy, join, speak, chat, press send",
  },
  params: z.object({
    deed: z.enum([
      "scan",
      "buy",
      "refund",
      "join-group",
      "leave-group",
      "say",
      "delete",
      "staff/press-send",
      "staff/chat",
    ]),
  }),
  body: free,
  answer: free,
  refusals,
})

export const sandboxFaults = defineEndpoint({
  id: "sandbox.faults",
  method: "POST",
  path: "/api/sandbox/faults",
  permission: "sandbox.drive",
  summary: { zh: "沙盒：打开或关闭故障", en: "Sandbox: switch faults" },
  body: free,
  answer: free,
  refusals,
})

export const sandboxView = defineEndpoint({
  id: "sandbox.view",
  method: "GET",
  path: "/api/sandbox/views/:view",
  permission: "sandbox.read",
  summary: { zh: "沙盒：看看里面的人、群、码、任务", en: "Sandbox: its people, groups, codes, tasks" },
  params: z.object({
    view: z.enum([
      "happenings",
      "people",
      "groups",
      "staff",
      "codes",
      "orders",
      "tasks",
      "messages",
      "products",
      "chat",
    ]),
  }),
  query: z.object({
    /** Of people: those whom this member has. Of a chat: whose it is. */
    userid: z.string().min(1).max(64).optional(),
    external_userid: z.string().min(1).max(64).optional(),
    q: z.string().trim().max(40).optional(),
    cursor: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  answer: free,
  refusals,
})
