import { tempo } from "./deeds.ts"
import { delay } from "./scenario.ts"
import { memberOf } from "./staff.ts"
import type { World } from "./world.ts"

export function schedulePublish(world: World, at: number, moment_id: string, userid: string): void {
  if (world.roll("forgets to publish", moment_id, userid) < 0.1) return
  const after_ms = delay(tempo(world).press_ms, world.roll("publishes after", moment_id, userid))
  world.react({ at: at + after_ms, kind: "publish", moment_id, userid })
}

export function publishMoment(world: World, at: number, moment_id: string, userid: string): boolean {
  const moment = world.t.moments.get(moment_id)
  if (!moment || moment.cancelled || moment.published[userid] !== undefined || !world.member(userid))
    return false
  world.t.moments.put(moment_id, { ...moment, published: { ...moment.published, [userid]: at } })
  world.happen(at, `${memberOf(userid)?.name ?? userid} 发表了朋友圈`)
  return true
}

const WATCHED = 400

/** Who of the customers liked or commented by now: fixed by seed, person and moment. */
export function momentAnswers(
  world: World,
  now: number,
  moment_id: string,
  userid: string,
): { likes: [number, number][]; comments: [number, number][] } {
  const published = world.t.moments.get(moment_id)?.published[userid]
  const likes: [number, number][] = []
  const comments: [number, number][] = []
  if (published === undefined) return { likes, comments }
  let watched = 0
  for (const n of world.customersOf(userid)) {
    if (watched++ >= WATCHED) break
    const at = published + delay(tempo(world).buy_ms, world.roll(n, "looks at", moment_id))
    if (at > now) continue
    if (world.roll(n, "likes", moment_id) < 0.05) likes.push([n, at])
    if (world.roll(n, "comments", moment_id) < 0.01) comments.push([n, at])
  }
  return { likes, comments }
}
