import { z } from "zod"
import { defineFact } from "../../spine/facts/index.ts"

/** A friendship with one of our accounts began. The subject is the customer. */
export const contactAdded = defineFact(
  "customer.contact_added",
  z.object({
    account_id: z.string(),
    external_userid: z.string(),
    /** The code that was scanned, as the channel echoes it; our contact ways carry ours. */
    state: z.string().nullable(),
    add_way: z.number().int(),
    /** Present while a welcome may still be sent, with the moment at which that ends. */
    welcome_code: z.string().nullable(),
    welcome_until: z.string().nullable(),
    first: z.boolean(),
  }),
)

export const contactRemoved = defineFact(
  "customer.contact_removed",
  z.object({ account_id: z.string(), by: z.enum(["customer", "staff", "transfer"]) }),
)

/** Name, remark, gender or region changed; the values themselves stay in the customer's record. */
export const profileChanged = defineFact(
  "customer.profile_changed",
  z.object({ fields: z.array(z.string()) }),
)

/** Another customer turned out to be this one; what they had is this one's. `by_staff_id` null: the outside itself said so. */
export const customersMerged = defineFact(
  "customer.merged",
  z.object({ from_customer_id: z.string(), by_staff_id: z.string().nullable() }),
)

/** A merge was undone: told of both, each with the other. `came_back`: whether the subject is the one who had been merged away. */
export const customersParted = defineFact(
  "customer.parted",
  z.object({ other_customer_id: z.string(), came_back: z.boolean(), by_staff_id: z.string().nullable() }),
)

export const ownerChanged = defineFact(
  "customer.owner_changed",
  z.object({ from_staff_id: z.string().nullable(), to_staff_id: z.string().nullable() }),
)
