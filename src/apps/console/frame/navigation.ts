import {
  AreaChartOutlined,
  GiftOutlined,
  HomeOutlined,
  MessageOutlined,
  SendOutlined,
  SettingOutlined,
  ShoppingOutlined,
  TeamOutlined,
  UserOutlined,
} from "@ant-design/icons"
import type { ComponentType } from "react"
import type { nav } from "../words/zh/frame.ts"

export type NavWord = keyof typeof nav
export type NavLeaf = { word: NavWord; to: string; permission: string }
export type NavItem = { word: NavWord; icon: ComponentType<{ className?: string }>; leaves: NavLeaf[] }

/** The way through the day, not the list of tables. What somebody may not read is not offered. */
export const navigation: NavItem[] = [
  { word: "today", icon: HomeOutlined, leaves: [{ word: "today", to: "/today", permission: "plans.read" }] },
  {
    word: "customers",
    icon: UserOutlined,
    leaves: [
      { word: "customers_list", to: "/customers", permission: "customers.read" },
      { word: "duplicates", to: "/customers/duplicates", permission: "customers.merge" },
      { word: "segments", to: "/segments", permission: "segments.read" },
      { word: "tags", to: "/tags", permission: "tags.read" },
    ],
  },
  {
    word: "groups",
    icon: MessageOutlined,
    leaves: [{ word: "groups", to: "/groups", permission: "groups.read" }],
  },
  {
    word: "touches",
    icon: SendOutlined,
    leaves: [
      { word: "sends", to: "/sends", permission: "sends.read" },
      { word: "plays", to: "/plays", permission: "plays.read" },
      { word: "diversions", to: "/diversions", permission: "plans.read" },
      { word: "codes", to: "/codes", permission: "codes.read" },
    ],
  },
  {
    word: "points",
    icon: GiftOutlined,
    leaves: [{ word: "points", to: "/points", permission: "points.read" }],
  },
  {
    word: "orders",
    icon: ShoppingOutlined,
    leaves: [
      { word: "orders_list", to: "/orders", permission: "orders.read" },
      { word: "imports", to: "/imports", permission: "imports.write" },
    ],
  },
  {
    word: "data",
    icon: AreaChartOutlined,
    leaves: [
      { word: "data", to: "/data", permission: "analytics.read" },
      { word: "rfm", to: "/data/rfm", permission: "orders.read" },
      { word: "value", to: "/data/value", permission: "orders.read" },
      { word: "ladder", to: "/data/ladder", permission: "customers.read" },
    ],
  },
  {
    word: "team",
    icon: TeamOutlined,
    leaves: [
      { word: "accounts", to: "/accounts", permission: "accounts.read" },
      { word: "matrix", to: "/accounts/functions", permission: "accounts.read" },
      { word: "account_requests", to: "/accounts/requests", permission: "accounts.read" },
      { word: "account_findings", to: "/accounts/findings", permission: "accounts.read" },
      { word: "stocktakes", to: "/accounts/stocktakes", permission: "accounts.read" },
      { word: "staff", to: "/staff", permission: "staff.read" },
      { word: "transfers", to: "/transfers", permission: "transfers.read" },
      { word: "roles", to: "/roles", permission: "staff.read" },
      { word: "tokens", to: "/tokens", permission: "tokens.read" },
    ],
  },
  {
    word: "settings",
    icon: SettingOutlined,
    leaves: [
      { word: "channels", to: "/channels", permission: "channels.read" },
      { word: "limits", to: "/limits", permission: "sends.read" },
      { word: "audit", to: "/audit", permission: "audit.read" },
      { word: "sandbox", to: "/sandbox", permission: "sandbox.read" },
    ],
  },
]
