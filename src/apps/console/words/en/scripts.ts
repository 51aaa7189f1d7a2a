import type { WordsLike } from "../../../../ui/words/like.ts"
import type * as zh from "../zh/scripts.ts"

export const scripts: WordsLike<typeof zh.scripts> = {
  title: "Scripts",
  purpose: "What staff find beside a chat: chosen by situation, copied or put into the chat by one press.",
  add: "Write a script",
  change: "Change",
  change_title: "Change the script",
  drop: "Take out of use",
  drop_title: "Take this script out of use; it is no longer shown beside chats",
  drop_shared_title: "Take this script out of use for every account of the function",
  dropped: "Out of use",
  saved: "Script saved",
  shared: "Shared by the function",
  situation: "Situation",
  persona: "For which people",
  persona_hint:
    "Said only to customers who wear this persona tag; plays that take scripts by kind of people use it too.",
  everybody: "Everybody",
  one_kind: "One kind of people",
  text: "Script",
  text_hint: "{{hole}} stands for the customer's name.",
  share: "For every account of this function",
  share_hint: "Otherwise only this account has it.",
  empty: "No scripts yet",
  empty_text:
    "Write down what this account says when it opens, closes or cares; the sidebar then has it at hand.",
}

export const situation: WordsLike<typeof zh.situation> = {
  opening: "Opening",
  ice: "Breaking the ice",
  trust: "Building trust",
  objection: "Objections",
  closing: "Closing",
  after_sale: "After sale",
  revival: "Revival",
  school: "First course",
  training: "Training",
  second_purchase: "Second purchase",
  referral: "First referral",
  middle: "Into the middle layer",
}
