import { becomeContact, memberDeletesCustomer } from "./deeds.ts"
import { members } from "./staff.ts"
import type { World } from "./world.ts"

/** 24 hours after the call: the customer has refused, or is now the taker's. */
export function settleTransfer(world: World, at: number, id: string): void {
  const transfer = world.t.transfers.get(id)
  if (transfer?.status !== 2) return
  const { person, from, to } = transfer
  const refuses = world.roll(person, "refuses transfer", from, to) < 0.05
  if (refuses || !world.member(to)) {
    world.t.transfers.put(id, { ...transfer, status: refuses ? 3 : 4 })
    world.emit(at, "change_external_contact", "transfer_fail", [
      ["UserID", to],
      ["ExternalUserID", world.people.ids.encode(person)],
      ["FailReason", refuses ? "customer_refused" : "customer_limit_exceed"],
    ])
    return
  }
  world.t.transfers.put(id, { ...transfer, status: 1 })
  memberDeletesCustomer(world, at, person, from, "DELETE_BY_TRANSFER")
  becomeContact(world, at, person, to, { add_way: 202, no_welcome: true })
}

/** A member leaves the company: contacts and groups stay behind, unassigned. */
export function resign(world: World, at: number, userid: string): boolean {
  const member = world.member(userid)
  if (!member) return false
  world.t.users.put(member.userid, { status: 5, left_at: at })
  for (const [g, chat] of world.t.chats.rows)
    if (chat.owner === member.userid) world.putChat(g, { status: 1 })
  world.emit(at, "change_contact", "delete_user", [["UserID", member.userid]])
  world.happen(at, `${member.name} 离职`)
  return true
}

export const leftMembers = (world: World): string[] =>
  members.map((m) => m.userid).filter((u) => world.memberStatus(u) === 5)
