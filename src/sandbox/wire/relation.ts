import type { Follow } from "../world/records.ts"
import type { World } from "../world/world.ts"
import { type Failure, fail } from "./endpoint.ts"

/** The friendship of a person with a member, or the errcode that the wire answers where there is none. */
export function relationOf(
  world: World,
  userid: string,
  external_userid: string,
): { n: number; follow: Follow } | Failure {
  const n = world.personOf(external_userid)
  if (n === null) return fail(40096)
  const member = world.member(userid)
  if (!member) return fail(60111)
  const follow = world.relation(n, member.userid)
  if (!follow || follow.half) return fail(84061)
  return { n, follow }
}
