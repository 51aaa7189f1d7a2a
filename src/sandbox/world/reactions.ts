import { becomeContact, buy, joinGroup, refund, say } from "./deeds.ts"
import { pressSend } from "./mass.ts"
import { publishMoment } from "./moments.ts"
import type { Reaction } from "./records.ts"
import { settleTransfer } from "./transfers.ts"
import type { World } from "./world.ts"

/** Somebody does what was decided earlier. `click` is the caller's: it leaves the world. */
export function runReaction(
  world: World,
  reaction: Reaction,
  click: (person: number, link: string) => void,
): void {
  const { at } = reaction
  switch (reaction.kind) {
    case "say":
      say(world, at, reaction.chat, reaction.person, { topic: reaction.topic })
      return
    case "buy":
      buy(world, at, reaction.person, {
        kind: reaction.lead ? "lead" : undefined,
        source_code: reaction.source_code,
      })
      return
    case "refund":
      refund(world, at, reaction.order)
      return
    case "press":
      pressSend(world, at, reaction.msgid, reaction.userid)
      return
    case "publish":
      publishMoment(world, at, reaction.moment_id, reaction.userid)
      return
    case "accept":
      becomeContact(world, at, reaction.person, reaction.userid, {
        state: reaction.state,
        add_way: reaction.add_way,
      })
      return
    case "confirm_half": {
      const half = world.relation(reaction.person, reaction.userid)
      if (half?.half)
        becomeContact(world, at, reaction.person, reaction.userid, {
          state: half.state,
          add_way: half.add_way,
        })
      return
    }
    case "add":
      becomeContact(world, at, reaction.person, reaction.userid, { add_way: 3 })
      return
    case "join":
      joinGroup(world, at, reaction.chat, reaction.person, { scene: 3 })
      return
    case "transfer":
      settleTransfer(world, at, reaction.id)
      return
    case "click":
      click(reaction.person, reaction.link)
  }
}
