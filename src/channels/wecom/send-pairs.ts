import { z } from "zod"
import type { Deliverer, Delivery, Outcome, Parcel, Recipient } from "../protocol/index.ts"
import { type Client, Gate } from "./client.ts"
import { DESCRIPTION_CHARS, MARK_TAG_PARCEL, REMARK_CHARS } from "./limits.ts"
import { accepted, allRefused, refusedFor, unknownFor } from "./outcomes.ts"

const Nothing = z.object({})

/** What is done to one pair of account and person after the other: the platform answers 45035 to two at once. */
export type PairLock = <T>(pair: string, work: () => Promise<T>) => Promise<T>

export function pairLock(): PairLock {
  const gates = new Map<string, { gate: Gate; users: number }>()
  return async (pair, work) => {
    const held = gates.get(pair) ?? { gate: new Gate(1), users: 0 }
    gates.set(pair, held)
    held.users++
    try {
      return await held.gate.pass(work)
    } finally {
      if (--held.users === 0) gates.delete(pair)
    }
  }
}

async function eachPair(
  client: Client,
  lock: PairLock,
  parcel: Parcel,
  api: string,
  jsonOf: (one: Recipient) => Record<string, unknown>,
): Promise<Delivery> {
  const one = (recipient: Recipient): Promise<Outcome> =>
    lock(`${parcel.account_ref} ${recipient.ref}`, async () => {
      const json = { userid: parcel.account_ref, external_userid: recipient.ref, ...jsonOf(recipient) }
      const answer = await client.call(api, Nothing, { json, repeatable: true })
      if (answer.ok) return accepted(recipient)
      return answer.lost ? unknownFor(recipient, answer.detail) : refusedFor(recipient, answer.failure)
    })
  return { outcomes: await Promise.all(parcel.recipients.map(one)) }
}

export function tagDeliverer(client: Client, lock: PairLock): Deliverer<"tag"> {
  return {
    parcel_size: MARK_TAG_PARCEL,
    repeatable: true,
    confirmed_by_staff: false,
    async deliver(parcel) {
      const { add, remove } = parcel.payload
      if (add.length + remove.length === 0)
        return allRefused(parcel.recipients, { class: "fix", code: "tags_empty" })
      return eachPair(client, lock, parcel, "externalcontact/mark_tag", () => ({
        ...(add.length > 0 ? { add_tag: add } : {}),
        ...(remove.length > 0 ? { remove_tag: remove } : {}),
      }))
    },
  }
}

export function remarkDeliverer(client: Client, lock: PairLock): Deliverer<"remark"> {
  return {
    parcel_size: MARK_TAG_PARCEL,
    repeatable: true,
    confirmed_by_staff: false,
    async deliver(parcel) {
      const { remark, description, mobiles } = parcel.payload
      const no = (code: string) => allRefused(parcel.recipients, { class: "fix", code })
      if (remark === undefined && description === undefined && mobiles === undefined)
        return no("remark_empty")
      if ([...(remark ?? "")].length > REMARK_CHARS) return no("remark_too_long")
      if ([...(description ?? "")].length > DESCRIPTION_CHARS) return no("description_too_long")
      return eachPair(client, lock, parcel, "externalcontact/remark", () => ({
        ...(remark === undefined ? {} : { remark }),
        ...(description === undefined ? {} : { description }),
        ...(mobiles === undefined ? {} : { remark_mobiles: mobiles.length > 0 ? mobiles : [""] }),
      }))
    },
  }
}
