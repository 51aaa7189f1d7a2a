import { type Db, type Tx, tx } from "../../platform/db.ts"
import type { Happening } from "../protocol/index.ts"
import { TELL_BATCH } from "./limits.ts"
import { type Group, type Relation, tellContact, tellGroup, tellStaff, type Want, wantOf } from "./rules.ts"
import { type Marks, markTold, putOff, type StoredCallback, takeWaiting } from "./store-callbacks.ts"
import { groupsOf, keepGroups, keepRelations, relationsOf } from "./store-mirror.ts"
import { addWants } from "./store-wants.ts"
import { textOf } from "./xml.ts"

/** Where happenings go: the app's modules, in the channel's transaction, so that each takes effect once. */
export type Sink = (tx: Tx, happenings: Happening[]) => Promise<void>

/**
 * Tells what callbacks say, before anything is fetched: an adding with its welcome code is told at once. One transaction holds
 * the marks, what is told, the mirror and the wish for the fetched state. Gives how many callbacks were taken; 0 also where
 * another process is telling.
 */
export async function tellCallbacks(db: Db, sink: Sink, now: Date): Promise<number> {
  let taken: StoredCallback[] = []
  try {
    return await tx(db, async (t) => {
      taken = (await takeWaiting(t, TELL_BATCH)) ?? []
      return tellBatch(t, taken, sink, now)
    })
  } catch (error) {
    // One poisoned subject must not hold up the others: each is told alone, and only what fails is put off.
    const subjects = [...new Set(taken.map((callback) => callback.subject))]
    if (subjects.length === 0) throw error
    for (const subject of subjects) {
      let alone: StoredCallback[] = []
      try {
        await tx(db, async (t) => {
          alone = (await takeWaiting(t, TELL_BATCH, subject)) ?? []
          return tellBatch(t, alone, sink, now)
        })
      } catch (reason) {
        if (alone.length === 0) throw reason
        await putOff(
          db,
          alone.map((callback) => callback.id),
          (reason as Error).message,
        )
      }
    }
    return taken.length
  }
}

async function tellBatch(t: Tx, batch: StoredCallback[], sink: Sink, now: Date): Promise<number> {
  if (batch.length === 0) return 0
  const people = unique(batch.map((callback) => textOf(callback.fields, "ExternalUserID")))
  const chats = unique(batch.map((callback) => textOf(callback.fields, "ChatId")))
  // Wanted first: a fetch of the same state either ends before we read on, or sees that it is out of date.
  await addWants(t, wantsOf(batch), true)
  const relations =
    people.length > 0 ? await relationsOf(t, people) : new Map<string, Map<string, Relation>>()
  const groups = chats.length > 0 ? await groupsOf(t, chats) : new Map<string, Group>()
  const told = { relations: new Map<string, Relation>(), groups: new Map<string, Group>() }
  const marks: Marks = []
  const happenings: Happening[] = []
  for (const callback of batch) {
    const answer = tellOne(callback, relations, groups)
    marks.push({ id: callback.id, state: answer.outcome })
    happenings.push(...answer.happenings)
    for (const moved of answer.relations)
      told.relations.set(`${moved.external_ref} ${moved.account_ref}`, moved)
    if (answer.group) {
      groups.set(answer.group.chat_ref, answer.group)
      told.groups.set(answer.group.chat_ref, answer.group)
    }
  }
  await keepRelations(t, [...told.relations.values()])
  await keepGroups(t, [...told.groups.values()])
  await markTold(t, marks, now)
  if (happenings.length > 0) await sink(t, happenings)
  return batch.length
}

/** The states that a batch of events makes doubtful, in one order for all, so that two batches cannot lock crosswise. */
function wantsOf(batch: readonly StoredCallback[]): Want[] {
  const wants = batch.flatMap((callback) => {
    const want = wantOf(callback)
    return want ? [want] : []
  })
  return wants.sort((a, b) => (`${a.kind} ${a.ref}` < `${b.kind} ${b.ref}` ? -1 : 1))
}

type One = {
  outcome: "handled" | "stale" | "ignored"
  happenings: Happening[]
  relations: Relation[]
  group?: Group
}

function tellOne(
  callback: StoredCallback,
  relations: Map<string, Map<string, Relation>>,
  groups: Map<string, Group>,
): One {
  switch (callback.event) {
    case "change_external_contact": {
      const held = relations.get(textOf(callback.fields, "ExternalUserID")) ?? new Map<string, Relation>()
      const account_ref = textOf(callback.fields, "UserID")
      const before = held.get(account_ref)
      const answer = tellContact(callback, held)
      const after = held.get(account_ref)
      return { ...answer, relations: after && after !== before ? [after] : [] }
    }
    case "change_external_chat":
      return { ...tellGroup(callback, groups.get(textOf(callback.fields, "ChatId"))), relations: [] }
    case "change_contact":
      return { ...tellStaff(callback), relations: [] }
    case "change_external_tag":
      return { outcome: "handled", happenings: [], relations: [] }
    default:
      return { outcome: "ignored", happenings: [], relations: [] }
  }
}

const unique = (texts: string[]) => [...new Set(texts.filter(Boolean))]
