import type { Store } from "../store.ts"
import type {
  CallbackEvent,
  Chat,
  ContactWay,
  Follow,
  GroupMember,
  GroupMessage,
  JoinWay,
  MassPart,
  MassTask,
  Media,
  Meta,
  Moment,
  Order,
  Reaction,
  Said,
  TagGroup,
  Transfer,
  UserChange,
  Welcome,
} from "./records.ts"

/** Every table of the world. Adding one here is all that persistence needs. */
export function openTables(store: Store) {
  return {
    meta: store.table<keyof Meta, Meta[keyof Meta]>("meta"),
    counters: store.table<string, number>("counters"),
    follows: store.table<number, Follow[]>("follows"),
    members: store.table<string, GroupMember>("members"),
    chats: store.table<number, Chat>("chats"),
    users: store.table<string, UserChange>("users"),
    ways: store.table<string, ContactWay>("ways"),
    join_ways: store.table<string, JoinWay>("join_ways"),
    tag_groups: store.table<string, TagGroup>("tag_groups"),
    mass: store.table<string, MassTask>("mass"),
    mass_parts: store.table<string, MassPart>("mass_parts"),
    welcomes: store.table<string, Welcome>("welcomes"),
    group_welcomes: store.table<string, Record<string, unknown>>("group_welcomes"),
    moments: store.table<string, Moment>("moments"),
    transfers: store.table<string, Transfer>("transfers"),
    media: store.table<string, Media>("media"),
    tokens: store.table<string, { until_patience_ms: number }>("tokens"),
    tickets: store.table<"corp" | "agent", { ticket: string; until_patience_ms: number }>("tickets"),
    oauth_codes: store.table<string, { userid: string; until_patience_ms: number }>("oauth_codes"),
    /** By person and member, `12:hm_ip_01`. */
    said: store.table<string, Said[]>("said"),
    app_messages: store.table<number, { at: number; to: string[]; msgtype: string; text: string }>(
      "app_messages",
    ),
    robot_sent: store.table<number, { at: number; chat_id: string; text: string; kind: string }>(
      "robot_sent",
    ),
    reactions: store.table<number, Reaction>("reactions"),
    out_events: store.table<number, CallbackEvent>("out_events"),
    out_orders: store.table<number, Order>("out_orders"),
    out_messages: store.table<number, GroupMessage>("out_messages"),
    live_orders: store.table<number, Order>("live_orders"),
  }
}

export type Tables = ReturnType<typeof openTables>
