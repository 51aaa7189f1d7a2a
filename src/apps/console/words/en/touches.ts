import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/touches.ts"

export const touches: WordsLike<typeof zh.touches> = {
  all: "All",
  part: "Which",
  got: "Got",
  coming: "To come",
  not_got: "Not got",
  list: "Touches",
  empty: "No touches yet",
  empty_text:
    "Whatever a send, a play or a welcome intends for this customer stands here, with the reason where it did not arrive.",
  none_got: "Nothing has reached this customer yet",
  none_coming: "Nothing is on its way",
  none_not_got: "Nothing was missed",
  none_text: "Look at another part.",
  from_send: "Send",
  from_play: "Play",
  from_welcome: "Welcome",
  through: "from {{name}}",
  through_staff: "from {{name}} ({{staff}})",
  by_hand: "by hand: {{name}}",
  handed: "handed over {{at}}",
  reminded: "staff reminded {{at}}",
  until: "until {{at}}",
  stopped_by: "Ended by “{{fact}}”",
  by_code: "The channel did not take it (code {{code}})",
  by_channel: "The channel did not say why",
}

export const touch_state: WordsLike<typeof zh.touch_state> = {
  unplaced: "Waits for room",
  planned: "Planned",
  sending: "Sending",
  sent_to_staff: "Waits for staff",
  confirmed: "Pressed, awaiting receipt",
  delivered: "Delivered",
  not_friend: "No longer a contact",
  over_quota: "Full for the day",
  failed: "Failed",
  unknown: "Being checked",
  left_out: "Left out",
  expired: "Expired",
  cancelled: "Cancelled",
}
