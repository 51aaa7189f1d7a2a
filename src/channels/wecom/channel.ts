import { type Channel, defineChannel } from "../protocol/index.ts"
import type { Client } from "./client.ts"
import { WECOM_LIMITS } from "./platform-limits.ts"
import { readReceipts } from "./receipts.ts"
import { massDeliverer } from "./send-mass.ts"
import { pairLock, remarkDeliverer, tagDeliverer } from "./send-pairs.ts"
import { notifyDeliverer } from "./send-staff.ts"
import { groupTransferDeliverer, transferDeliverer, transferResults } from "./send-transfer.ts"
import { welcomeDeliverer } from "./send-welcome.ts"
import { cancel, check, contactWays, media, remind, tagCatalogue } from "./services.ts"
import { type PageSettings, staffPage } from "./staff-page.ts"

/**
 * The official API. It cannot read messages, remove members, announce or rename in customer groups: no interface for that
 * exists, so those become assignments. `agent_id` is needed to write to staff; without it that is an assignment too.
 */
export function wecomChannel(options: {
  client: Client
  agent_id?: number
  /** Pages inside the client; they need an application too. */
  page?: PageSettings
  now(): Date
}): Channel {
  const { client, agent_id, page, now } = options
  const lock = pairLock()
  return defineChannel({
    name: "wecom",
    touches: {
      send_private: massDeliverer(client, "send_private", now),
      send_group: massDeliverer(client, "send_group", now),
      welcome: welcomeDeliverer(client),
      tag: tagDeliverer(client, lock),
      remark: remarkDeliverer(client, lock),
      transfer_customer: transferDeliverer(client, now),
      transfer_group: groupTransferDeliverer(client),
      ...(agent_id === undefined ? {} : { notify_staff: notifyDeliverer(client, agent_id) }),
    },
    services: {
      contact_way: contactWays(client),
      tag_catalogue: tagCatalogue(client),
      remind: remind(client),
      cancel: cancel(client),
      receipts: (task) => readReceipts(client, task, now()),
      transfer_results: transferResults(client),
      media: media(client, now),
      ...(page === undefined ? {} : { staff_page: staffPage(client, page) }),
      check: check(client),
    },
    senses: ["read_staff", "read_contacts", "read_tags", "read_groups", "read_transfers"],
    limits: WECOM_LIMITS,
  })
}
