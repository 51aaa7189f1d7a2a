import type { FactOffer, Offers } from "../../spine/offers/index.ts"
import {
  groupPassed,
  leavingBegan,
  leavingClosed,
  transferAsked,
  transferFailed,
  transferred,
} from "./events.ts"

const fields: FactOffer["fields"] = {
  to_account_id: { label: { zh: "交给的账号", en: "Account that takes over" }, kind: "account" },
  to_staff_id: { label: { zh: "交给谁", en: "Who takes over" }, kind: "staff" },
}

export const offers: Offers = {
  module: "transfers",
  facts: [
    { type: transferAsked.type, label: { zh: "开始交接", en: "Handing over began" }, fields },
    { type: transferred.type, label: { zh: "交接完成", en: "Handed over" }, fields },
    { type: transferFailed.type, label: { zh: "交接没有成功", en: "Handing over came to nothing" }, fields },
    {
      type: groupPassed.type,
      label: { zh: "群换了群主", en: "A group has another owner" },
      of_a_thing: true,
    },
    {
      type: leavingBegan.type,
      label: { zh: "员工开始离职交接", en: "Somebody began to leave" },
      of_a_thing: true,
    },
    { type: leavingClosed.type, label: { zh: "员工离职办结", en: "A leaving was closed" }, of_a_thing: true },
  ],
}
