import type { ServerResponse } from "node:http"
import type { Config } from "./config.ts"
import { newCode } from "./wire/pages.ts"
import type { World } from "./world/world.ts"

/** For the eyes of whoever plays with the sandbox; the system never asks for it. */
export const AUTHORIZE_PATH = "/connect/oauth2/authorize"

/**
 * Where the client is sent to say who uses it. The real client knows; here somebody chooses a member, and the page that asked is
 * come back to with a code. Only pages of the system are trusted (50001), as only the trusted domain is outside.
 */
export function authorize(world: World, config: Config, res: ServerResponse, url: URL): void {
  const q = url.searchParams
  const back = q.get("redirect_uri") ?? ""
  const userid = q.get("as")
  const wrong = problemOf(world, config, q, back)
  if (wrong !== null) page(res, 400, `<p>${wrong}</p>`)
  else if (userid === null) page(res, 200, choice(world, q))
  else if (!world.activeMembers().some((m) => m.userid === userid)) page(res, 400, "<p>no such member</p>")
  else {
    const to = new URL(back)
    to.searchParams.set("code", newCode(world, userid))
    to.searchParams.set("state", q.get("state") ?? "")
    res.writeHead(302, { location: to.href, "cache-control": "no-store" }).end()
  }
}

function problemOf(world: World, config: Config, q: URLSearchParams, back: string): string | null {
  if (q.get("appid") !== config.corp_id) return "40013 invalid corpid"
  if (q.get("agentid") !== String(config.agent_id)) return "301002 not allow operate another agent"
  if (q.get("response_type") !== "code") return "40058 invalid Request Parameter response_type"
  const system = world.meta("system_url") ?? ""
  const trusted = URL.canParse(back) && system !== "" && new URL(back).origin === new URL(system).origin
  return trusted ? null : "50001 redirect_url domain not authorized"
}

function choice(world: World, q: URLSearchParams): string {
  const items = world.activeMembers().map((m) => {
    const link = new URLSearchParams(q)
    link.set("as", m.userid)
    return `<li><a href="${escaped(`?${link}`)}">${escaped(m.name)} · ${escaped(m.position)}</a></li>`
  })
  return `<h1>企业微信沙盒：以谁的身份打开？</h1><ul>${items.join("")}</ul>`
}

function page(res: ServerResponse, status: number, body: string): void {
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>沙盒</title>'
  res
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'",
    })
    .end(`<!doctype html><html lang="zh-CN">${head}${body}`)
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }
const escaped = (value: string) => value.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)
