import {
  type Attachment,
  type Channel,
  type Content,
  type Deliverer,
  defineChannel,
  type Instruction,
  type Parcel,
  type Receipt,
  type Recipient,
  TOUCH_KINDS,
  type TouchKind,
} from "../protocol/index.ts"
import { MANUAL_PARCEL } from "./limits.ts"

/**
 * No interface at all: every touch becomes an instruction for the account's person, with the text to copy. What came of it is
 * a tick or a screenshot, so that a team on plain WeChat can use the whole system from the first day.
 */
export function manualChannel(): Channel {
  const touches = Object.fromEntries(TOUCH_KINDS.map((kind) => [kind, deliverer()])) as Partial<
    Record<TouchKind, Deliverer<TouchKind>>
  >
  return defineChannel({ name: "manual", touches, services: {}, senses: [], limits: [] })
}

function deliverer(): Deliverer<TouchKind> {
  return {
    parcel_size: MANUAL_PARCEL,
    // The same parcel gives the same instructions under the same keys; whoever keeps them keeps each key once.
    repeatable: true,
    confirmed_by_staff: true,
    deliver: async (parcel) => ({
      task_ref: parcel.id,
      outcomes: parcel.recipients.map(({ key }) => ({ key, outcome: "accepted" })),
      instructions: parcel.recipients.map((one) => instruct(parcel, one)),
    }),
  }
}

/** What the person reads. `evidence` is a screenshot where the outside would not show later that it was done. */
function instruct(parcel: Parcel, { key, ref }: Recipient): Instruction {
  const common = { key, ref, account_ref: parcel.account_ref, attachments: [], evidence: "tick" as const }
  switch (parcel.kind) {
    case "send_private":
      return { ...common, title: "私聊发送", ...copied(parcel.payload.content), evidence: "screenshot" }
    case "send_group":
      return { ...common, title: "发到群里", ...copied(parcel.payload.content), evidence: "screenshot" }
    case "welcome":
      return { ...common, title: "发送欢迎语", ...copied(parcel.payload.content) }
    case "notify_staff":
      return { ...common, account_ref: ref, title: "请知悉", ...copied(parcel.payload.content) }
    case "announce":
      return { ...common, title: "发布群公告", copy_text: parcel.payload.text, evidence: "screenshot" }
    case "rename_group":
      return { ...common, title: "修改群名", copy_text: parcel.payload.name }
    case "kick":
      return {
        ...common,
        title: `移出群成员（${parcel.payload.reason}）`,
        copy_text: parcel.payload.chat_ref,
        evidence: "screenshot",
      }
    case "tag": {
      const { add, remove } = parcel.payload
      const lines = [
        add.length > 0 ? `打标签：${add.join("、")}` : "",
        remove.length > 0 ? `去标签：${remove.join("、")}` : "",
      ]
      return { ...common, title: "更新标签", copy_text: lines.filter(Boolean).join("\n") }
    }
    case "remark": {
      const { remark, description, mobiles } = parcel.payload
      const lines = [
        remark === undefined ? "" : `备注：${remark}`,
        description === undefined ? "" : `描述：${description}`,
        mobiles === undefined ? "" : `电话：${mobiles.join("、")}`,
      ]
      return { ...common, title: "修改备注", copy_text: lines.filter(Boolean).join("\n") }
    }
    case "transfer_customer":
      return {
        ...common,
        title: `把客户交接给 ${parcel.payload.to_account_ref}`,
        ...(parcel.payload.message ? { copy_text: parcel.payload.message } : {}),
      }
    case "transfer_group":
      return { ...common, title: `把群主转让给 ${parcel.payload.to_account_ref}` }
  }
}

function copied(content: Content): { copy_text?: string; attachments: Attachment[] } {
  return { ...(content.text ? { copy_text: content.text } : {}), attachments: content.attachments ?? [] }
}

/** A person's word about one instruction, as a receipt. */
export function tickReceipt(tick: { ref: string; done: boolean; at: Date }): Receipt {
  return { ref: tick.ref, state: tick.done ? "delivered" : "failed", at: tick.at }
}
