import { invariant } from "../../kernel/invariant.ts"
import type { Refusal } from "../../kernel/result.ts"
import { type Capability, type Sense, type Service, TOUCH_KINDS, type TouchKind } from "./capability.ts"
import type { PlatformLimit } from "./limits.ts"
import type { Delivery, Failure, Parcel, ReceiptsAnswer, Resolution, SentTask } from "./touch.ts"

/** How a channel does one kind of touch. Whoever implements it has the capability; there is no list beside it to disagree. */
export type Deliverer<K extends TouchKind> = {
  /** Recipients that one parcel may have. */
  parcel_size: number
  /** The same parcel twice has the effect of once, so an unknown outcome may simply be repeated. */
  repeatable: boolean
  /** The platform asks a person to press send: `accepted` is not yet `sent`. */
  confirmed_by_staff: boolean
  /** Never throws for what the outside does: every recipient gets an outcome. */
  deliver(parcel: Parcel<K>): Promise<Delivery>
  /** Needed where not repeatable: finds out what became of a parcel handed over at about `asked_at`. */
  resolve?(parcel: Parcel<K>, asked_at: Date): Promise<Resolution>
}

export type ContactWayWish = {
  /** Staff who may be added by it: 1 to `limits`' contact_way.users. */
  account_refs: string[]
  /** Comes back with the adding; at most 30 characters. */
  state: string
  remark?: string
  skip_verify: boolean
}
export type ContactWay = { way_ref: string; url: string; account_refs: string[]; state: string }

/** What a page shows the platform's client to prove that we let it ask: made for one address, seconds since 1970. */
export type PageSignature = { timestamp: number; nonce: string; signature: string }

/** Our own page inside the platform's client: who opens it, and its right to ask the client beside which chat it stands. */
export type StaffPage = {
  corp_ref: string
  agent_ref: string
  /** Where the client is sent to say who uses it; it comes back to `back` with a code and the state. */
  authorize_url(back: string, state: string): string
  /** Whose code this is: an account of ours, or somebody who is none. A code is good once. */
  person(code: string): Promise<{ account_ref: string } | { stranger: true } | { failure: Failure }>
  /** One signature for the company and one for the application; what stands behind # in the address counts for nothing. */
  sign(url: string): Promise<{ corp: PageSignature; agent: PageSignature } | { failure: Failure }>
}

/** `full`: the taker may have no more. `none`: the platform knows nothing of it. */
export type TransferResult = { ref: string; status: "done" | "waiting" | "refused" | "full" | "none" }

export type Services = {
  contact_way: {
    create(wish: ContactWayWish): Promise<ContactWay | { failure: Failure }>
    update(way_ref: string, wish: ContactWayWish): Promise<ContactWay | { failure: Failure }>
    get(way_ref: string): Promise<ContactWay | { failure: Failure }>
    remove(way_ref: string): Promise<{ removed: true } | { failure: Failure }>
  }
  tag_catalogue: {
    /**
     * Makes tags in a group (made where it is missing), but for those that are there; gives the reference of each name and of the group,
     * and which names were made.
     */
    create(
      group_name: string,
      names: string[],
    ): Promise<
      { group_ref: string | null; tag_refs: Record<string, string>; made: string[] } | { failure: Failure }
    >
    /** A tag or a group of tags; refused where it was not made through us. */
    rename(tag_ref: string, name: string): Promise<{ renamed: true } | { failure: Failure }>
    remove(tag_refs: string[]): Promise<{ removed: true } | { failure: Failure }>
  }
  /** Asks staff again to press send. */
  remind: (task_ref: string) => Promise<{ reminded: true } | { failure: Failure }>
  /** Takes back what staff have not sent yet. */
  cancel: (task_ref: string) => Promise<{ cancelled: true } | { failure: Failure }>
  receipts: (task: SentTask) => Promise<ReceiptsAnswer>
  /** What became of persons handed from one account to another, as far as the platform says. */
  transfer_results: (pair: {
    from_ref: string
    to_ref: string
    resigned: boolean
  }) => Promise<{ results: TransferResult[] } | { failure: Failure }>
  media: (file: {
    kind: "image" | "video" | "file"
    name: string
    bytes: Uint8Array
  }) => Promise<{ media_ref: string; expires_at: Date } | { failure: Failure }>
  staff_page: StaffPage
  /** The smallest question that needs the address, the credentials and the rights: how many people may speak through it. */
  check: () => Promise<{ people: number } | { failure: Failure }>
}

export type ChannelParts = {
  name: string
  touches: { [K in TouchKind]?: Deliverer<K> }
  services: { [S in Service]?: Services[S] }
  senses: readonly Sense[]
  limits: readonly PlatformLimit[]
}

export type Channel = Readonly<ChannelParts> & {
  can(capability: Capability): boolean
  capabilities: ReadonlySet<Capability>
  /** Recipients one parcel of this kind may have; 0 where the channel cannot do it. */
  parcel_size(kind: TouchKind): number
  /** Refused without any effect: `cannot` (ask `can` before), `parcel_empty`, `parcel_too_large`. */
  deliver(parcel: Parcel): Promise<Delivery | Refusal<"cannot" | "parcel_empty" | "parcel_too_large">>
  /** What became of a parcel with unknown outcome. Repeatable kinds are simply delivered again. */
  resolve(parcel: Parcel, asked_at: Date): Promise<Resolution | Refusal<"cannot">>
}

/** A channel out of its parts: capabilities are what is implemented. */
export function defineChannel(parts: ChannelParts): Channel {
  const deliverers = parts.touches as Partial<Record<TouchKind, Deliverer<TouchKind>>>
  const kinds = TOUCH_KINDS.filter((kind) => deliverers[kind])
  for (const kind of kinds) {
    const one = deliverers[kind]!
    invariant(one.parcel_size >= 1, `${parts.name}.${kind} takes no recipients`)
    invariant(one.repeatable || one.resolve, `${parts.name}.${kind} can neither be repeated nor asked about`)
  }
  const services = (Object.keys(parts.services) as Service[]).filter((name) => parts.services[name])
  const capabilities = new Set<Capability>([...kinds, ...services, ...parts.senses])
  return {
    ...parts,
    capabilities,
    can: (capability) => capabilities.has(capability),
    parcel_size: (kind) => deliverers[kind]?.parcel_size ?? 0,
    async deliver(parcel) {
      const deliverer = deliverers[parcel.kind]
      if (!deliverer) return { refused: "cannot", detail: { kind: parcel.kind } }
      const count = parcel.recipients.length
      if (count === 0) return { refused: "parcel_empty" }
      if (count > deliverer.parcel_size)
        return { refused: "parcel_too_large", detail: { count, parcel_size: deliverer.parcel_size } }
      const delivery = await deliverer.deliver(parcel)
      invariant(delivery.outcomes.length === count, `${parts.name}: an outcome for every recipient`)
      return delivery
    },
    async resolve(parcel, asked_at) {
      const deliverer = deliverers[parcel.kind]
      if (!deliverer) return { refused: "cannot", detail: { kind: parcel.kind } }
      if (deliverer.resolve) return deliverer.resolve(parcel, asked_at)
      return { known: true, delivery: await deliverer.deliver(parcel) }
    },
  }
}
