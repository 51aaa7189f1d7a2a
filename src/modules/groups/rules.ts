export type HeldMember = { member_ref: string; left_at: Date | null; joined_at: Date }
export type ListedMember = { member_ref: string; joined_at: Date | null }

/**
 * What a whole member list, seen at `at`, changes in the list we hold: who is new or back, who is gone. A member who joined or
 * left after `at` is left alone, since that news is newer than the list.
 */
export function compareMembers(
  held: readonly HeldMember[],
  listed: readonly ListedMember[],
  at: Date,
): { joined: string[]; left: string[] } {
  const known = new Map(held.map((m) => [m.member_ref, m]))
  const there = new Set(listed.map((m) => m.member_ref))
  const joined = listed
    .filter(({ member_ref }) => {
      const before = known.get(member_ref)
      return !before || (before.left_at !== null && before.left_at < at)
    })
    .map((m) => m.member_ref)
  const left = held
    .filter((m) => m.left_at === null && m.joined_at <= at && !there.has(m.member_ref))
    .map((m) => m.member_ref)
  return { joined, left }
}
