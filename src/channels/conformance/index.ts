import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { isRefused } from "../../kernel/result.ts"
import {
  type Channel,
  type Delivery,
  FAILURE_CLASSES,
  PARCEL_RECIPIENTS_MAX,
  type Parcel,
  RECEIPT_STATES,
  SERVICES,
  TOUCH_KINDS,
  type TouchKind,
} from "../protocol/index.ts"

/** A channel with its outside world in the test's hands. */
export type Subject = {
  channel: Channel
  /** The shop's clock, as the channel has it. */
  now(): Date
  /** A parcel of this kind for so many recipients (fewer where the world has fewer), each call another one. */
  sample(kind: TouchKind, count: number): Promise<Parcel>
  /** How often something of this kind has reached the outside world. */
  effects(kind: TouchKind): Promise<number>
  /** The outside refuses the next call without any effect. Absent where there is no outside that could. */
  refuseNext?(): Promise<void>
  /** The next call has its effect, but its answer never comes. */
  loseNext?(): Promise<void>
  /** Time passes until the outside can say what became of a call. */
  settle?(): Promise<void>
  /** The people who have to press send do so, and the results are in. */
  confirm?(task_ref: string): Promise<void>
  end(): Promise<void>
}

const MAX_ASKS = 10

/** What every channel promises, whatever is behind it. `make` is called once. */
export function conformance(name: string, make: () => Promise<Subject>): void {
  describe(`the ${name} channel`, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await make()
    })
    afterAll(async () => subject?.end())

    const able = () => TOUCH_KINDS.filter((kind) => subject.channel.can(kind))
    const deliver = async (parcel: Parcel): Promise<Delivery> => {
      const answer = await subject.channel.deliver(parcel)
      if (isRefused(answer)) throw new Error(`refused: ${answer.refused}`)
      const keys = answer.outcomes.map((outcome) => outcome.key).sort()
      expect(keys, `${parcel.kind}: an outcome for every recipient`).toEqual(
        parcel.recipients.map((one) => one.key).sort(),
      )
      return answer
    }

    it("can do what it says, and refuses the rest without pretending", async () => {
      const { channel } = subject
      expect(channel.name).toMatch(/^[a-z][a-z-]*$/)
      for (const service of SERVICES)
        expect(channel.can(service)).toBe(channel.services[service] !== undefined)
      for (const kind of TOUCH_KINDS) {
        expect(channel.can(kind)).toBe(channel.parcel_size(kind) > 0)
        expect(channel.parcel_size(kind)).toBeLessThanOrEqual(PARCEL_RECIPIENTS_MAX)
        if (channel.can(kind)) continue
        const parcel = { ...(await anyParcel(subject)), kind } as Parcel
        expect(await channel.deliver(parcel)).toMatchObject({ refused: "cannot" })
        expect(await channel.resolve(parcel, subject.now())).toMatchObject({ refused: "cannot" })
      }
    })

    it("names the source and the day of every limit", () => {
      for (const limit of subject.channel.limits) {
        expect(limit.channel).toBe(subject.channel.name)
        expect(limit.source).not.toBe("")
        expect(limit.effective_from).toMatch(/^\d{4}-\d{2}-\d{2}$/)
        expect(limit.value).toBeGreaterThan(0)
      }
    })

    it("says for every recipient what became of it", async () => {
      for (const kind of able()) {
        const parcel = await subject.sample(kind, 3)
        const before = await subject.effects(kind)
        const { outcomes } = await deliver(parcel)
        for (const outcome of outcomes) expect(outcome, kind).toMatchObject({ outcome: "accepted" })
        expect(await subject.effects(kind), kind).toBeGreaterThan(before)
      }
    })

    it("takes no parcel over its size, and none that is empty", async () => {
      for (const kind of able()) {
        const parcel = await subject.sample(kind, 1)
        const one = parcel.recipients[0]!
        const size = subject.channel.parcel_size(kind)
        const recipients = Array.from({ length: size + 1 }, (_, n) => ({ key: `k${n}`, ref: one.ref }))
        const before = await subject.effects(kind)
        expect(await subject.channel.deliver({ ...parcel, recipients } as Parcel)).toMatchObject({
          refused: "parcel_too_large",
        })
        expect(await subject.channel.deliver({ ...parcel, recipients: [] } as Parcel)).toMatchObject({
          refused: "parcel_empty",
        })
        expect(await subject.effects(kind), kind).toBe(before)
      }
    })

    it("a refused delivery went nowhere, says what to do about it, and goes out at the next try", async () => {
      if (!subject.refuseNext) return
      for (const kind of able()) {
        const parcel = await subject.sample(kind, 1)
        const before = await subject.effects(kind)
        await subject.refuseNext()
        for (const outcome of (await deliver(parcel)).outcomes) {
          expect(outcome.outcome, kind).toBe("refused")
          if (outcome.outcome !== "refused") continue
          expect(FAILURE_CLASSES).toContain(outcome.failure.class)
          expect(outcome.failure.code).not.toBe("")
        }
        expect(await subject.effects(kind), kind).toBe(before)
        expect((await deliver(parcel)).outcomes[0], kind).toMatchObject({ outcome: "accepted" })
        expect(await subject.effects(kind), kind).toBe(before + 1)
      }
    })

    it("a lost answer is asked about, and the touch reached the outside exactly once", async () => {
      if (!subject.loseNext) return
      for (const kind of able()) {
        const parcel = await subject.sample(kind, 1)
        const before = await subject.effects(kind)
        const asked_at = subject.now()
        await subject.loseNext()
        let outcome = (await deliver(parcel)).outcomes[0]!
        for (let ask = 0; outcome.outcome === "unknown" && ask < MAX_ASKS; ask++) {
          await subject.settle?.()
          const answer = await subject.channel.resolve(parcel, asked_at)
          if (!isRefused(answer) && answer.known) outcome = answer.delivery.outcomes[0]!
        }
        expect(outcome, kind).toMatchObject({ outcome: "accepted" })
        expect(await subject.effects(kind), kind).toBe(before + 1)
      }
    })

    it("what people still have to confirm is not called delivered", async () => {
      const receipts = subject.channel.services.receipts
      if (!receipts || !subject.confirm) return
      for (const kind of ["send_private", "send_group"] as const) {
        if (!subject.channel.can(kind)) continue
        const parcel = await subject.sample(kind, 2)
        const { task_ref } = await deliver(parcel)
        const refs = parcel.recipients.map((one) => one.ref)
        const task = { task_ref: task_ref!, kind, account_ref: parcel.account_ref, refs }
        await subject.settle?.()
        const early = await receipts(task)
        expect(early).toMatchObject({
          done: false,
          receipts: refs.map((ref) => ({ ref, state: "sent_to_staff" })),
        })
        await subject.confirm(task_ref!)
        const late = await receipts(task)
        expect(late).toMatchObject({ done: true })
        if (!("receipts" in late)) continue
        expect(late.receipts.map((receipt) => receipt.ref).sort()).toEqual([...refs].sort())
        for (const receipt of late.receipts) expect(RECEIPT_STATES).toContain(receipt.state)
        expect(late.receipts.some((receipt) => receipt.state === "delivered")).toBe(true)
      }
    })
  })
}

async function anyParcel(subject: Subject): Promise<Parcel> {
  const kind = TOUCH_KINDS.find((one) => subject.channel.can(one))
  if (!kind) throw new Error("a channel that can do nothing")
  return subject.sample(kind, 1)
}
