import { readFileSync } from "node:fs"
import { isIP } from "node:net"
import { dirname, isAbsolute, join, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { z } from "zod"
import { generatedPassword, keptSecrets, StartProblem } from "./postgres/index.ts"

/** The clone's root: where package.json stands, whether we run from src or from a built dist. */
export const ROOT = findRoot()

/** 7400 is neither another tool's usual port nor one that browsers refuse. */
const DEFAULT_PORT = 7400
const WECOM_ORIGIN = "https://qyapi.weixin.qq.com"
const WECOM_OAUTH_ORIGIN = "https://open.weixin.qq.com"

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((v) => (v === "" ? undefined : v), schema.optional())

const environment = z.object({
  PORT: optional(
    z
      .string()
      .regex(/^\d{1,5}$/)
      .transform(Number)
      .pipe(z.number().int().min(0).max(65_535)),
  ),
  HOST: optional(z.string().regex(/^[A-Za-z0-9.:_-]+$/)),
  SIYU_HOME: optional(z.string()),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\/[^/]/)),
  SIYU_OWNER_PASSWORD: optional(z.string().min(8).max(200)),
  SIYU_SANDBOX: optional(z.enum(["on", "off"])),
  SIYU_ROLE: optional(z.enum(["all", "web", "worker"])),
  SIYU_SECRET_KEY: optional(z.string().min(16)),
  SIYU_TRUST_PROXY: optional(z.string().refine((text) => proxiesOf(text) !== null)),
  SIYU_REAL_DATA: optional(z.string()),
  WECOM_CORP_ID: optional(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)),
  WECOM_AGENT_ID: optional(z.string().regex(/^\d{1,16}$/)),
  WECOM_SECRET: optional(z.string().min(1)),
  WECOM_CALLBACK_TOKEN: optional(z.string().regex(/^[A-Za-z0-9]{1,32}$/)),
  WECOM_CALLBACK_AES_KEY: optional(z.string().regex(/^[A-Za-z0-9]{43}$/)),
  WECOM_API_BASE: optional(z.string().refine(isOrigin)),
  WECOM_OAUTH_BASE: optional(z.string().refine(isOrigin)),
  LOG: optional(z.enum(["file", "stdout"])),
})

type Environment = z.infer<typeof environment>

/** What each variable must be, for the one sentence that is said when it is not. */
const MUST_BE: Record<keyof Environment, [zh: string, en: string]> = {
  PORT: ["0 到 65535 之间的端口号", "a port number from 0 to 65535"],
  HOST: ["一个主机名或 IP 地址", "a host name or IP address"],
  SIYU_HOME: ["一个目录", "a directory"],
  DATABASE_URL: [
    "postgres://用户:密码@主机/数据库 形式的地址",
    "an address like postgres://user:password@host/database",
  ],
  SIYU_OWNER_PASSWORD: ["8 到 200 个字符", "8 to 200 characters"],
  SIYU_SANDBOX: ["on 或 off", "on or off"],
  SIYU_ROLE: ["all、web 或 worker", "all, web or worker"],
  SIYU_SECRET_KEY: ["至少 16 个字符", "at least 16 characters"],
  SIYU_TRUST_PROXY: [
    "off、loopback，或用逗号分开的 IP 地址与网段（例如 10.0.0.0/8）",
    "off, loopback, or IP addresses and networks such as 10.0.0.0/8 with commas between them",
  ],
  SIYU_REAL_DATA: ["一个目录", "a directory"],
  WECOM_CORP_ID: ["企业微信的企业 ID（字母、数字）", "the corp id of WeCom (letters and digits)"],
  WECOM_AGENT_ID: ["应用的数字 ID", "the number of the application"],
  WECOM_SECRET: ["应用的 Secret", "the secret of the application"],
  WECOM_CALLBACK_TOKEN: ["不超过 32 个字母或数字", "up to 32 letters or digits"],
  WECOM_CALLBACK_AES_KEY: ["43 个字母或数字", "43 letters or digits"],
  WECOM_API_BASE: [
    "不带路径的 https 地址（仅本机可用 http），例如 https://qyapi.weixin.qq.com",
    "an https origin without a path (http on loopback only), such as https://qyapi.weixin.qq.com",
  ],
  WECOM_OAUTH_BASE: [
    "不带路径的 https 地址（仅本机可用 http），例如 https://open.weixin.qq.com",
    "an https origin without a path (http on loopback only), such as https://open.weixin.qq.com",
  ],
  LOG: ["file 或 stdout", "file or stdout"],
}

export type Role = "all" | "web" | "worker"

/** The company's account at WeCom; without the two callback values nothing is heard, only asked. */
export type WecomConfig = {
  corp_id: string
  secret: string
  agent_id: string | null
  callback_token: string | null
  callback_aes_key: string | null
  /** Origin, without a slash at the end and without /cgi-bin. */
  api_base: string
  /** Origin where a member's client says who uses it; the same form. */
  oauth_base: string
}

export type Config = {
  root: string
  /** Absolute; everything we keep on disk is below it. */
  home: string
  host: string
  /** 0 asks for any free port. */
  port: number
  role: Role
  /** Null: the embedded PostgreSQL of the home. */
  database_url: string | null
  /** For the first start only. */
  owner_password: string | null
  /** Whether the virtual company is started beside. WECOM_CORP_ID switches it off. */
  sandbox: boolean
  /** Null: no company at WeCom is configured (the sandbox fills this in when it runs). */
  wecom: WecomConfig | null
  /** Null: generated once and kept in the home (see `secretKey`). */
  secret_key: string | null
  /** Proxies whose X-Forwarded headers are believed. */
  trust_proxy: readonly string[]
  real_data: string | null
  log: "file" | "stdout"
}

/** Reads the environment; an unusable value throws a `StartProblem` whose one sentence names the variable. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const parsed = environment.safeParse(env)
  if (!parsed.success) throw damaged(parsed.error.issues[0]?.path[0] as keyof Environment)
  const e = parsed.data
  const role = e.SIYU_ROLE ?? "all"
  if (e.DATABASE_URL && role !== "all" && !e.SIYU_SECRET_KEY) {
    throw new StartProblem(
      "damaged_setting",
      `SIYU_ROLE=${role} 与其它进程共用 DATABASE_URL 时必须设置 SIYU_SECRET_KEY（各进程相同，至少 16 个字符）。`,
      `With SIYU_ROLE=${role} on a shared DATABASE_URL, SIYU_SECRET_KEY must be set (the same everywhere, at least 16 characters).`,
    )
  }
  return {
    root: ROOT,
    home: absolute(e.SIYU_HOME ?? ".siyu"),
    host: e.HOST ?? "127.0.0.1",
    port: e.PORT ?? DEFAULT_PORT,
    role,
    database_url: e.DATABASE_URL ?? null,
    owner_password: e.SIYU_OWNER_PASSWORD ?? null,
    sandbox: e.SIYU_SANDBOX !== "off" && !e.WECOM_CORP_ID,
    wecom: readWecom(e),
    secret_key: e.SIYU_SECRET_KEY ?? null,
    trust_proxy: proxiesOf(e.SIYU_TRUST_PROXY ?? "off") ?? [],
    real_data: e.SIYU_REAL_DATA ? absolute(e.SIYU_REAL_DATA) : null,
    log: e.LOG ?? "file",
  }
}

function readWecom(e: Environment): WecomConfig | null {
  if (!e.WECOM_CORP_ID) return null
  if (!e.WECOM_SECRET) throw missing("WECOM_SECRET", "WECOM_CORP_ID")
  if (e.WECOM_CALLBACK_TOKEN && !e.WECOM_CALLBACK_AES_KEY)
    throw missing("WECOM_CALLBACK_AES_KEY", "WECOM_CALLBACK_TOKEN")
  if (e.WECOM_CALLBACK_AES_KEY && !e.WECOM_CALLBACK_TOKEN)
    throw missing("WECOM_CALLBACK_TOKEN", "WECOM_CALLBACK_AES_KEY")
  return {
    corp_id: e.WECOM_CORP_ID,
    secret: e.WECOM_SECRET,
    agent_id: e.WECOM_AGENT_ID ?? null,
    callback_token: e.WECOM_CALLBACK_TOKEN ?? null,
    callback_aes_key: e.WECOM_CALLBACK_AES_KEY ?? null,
    api_base: new URL(e.WECOM_API_BASE ?? WECOM_ORIGIN).origin,
    oauth_base: new URL(e.WECOM_OAUTH_BASE ?? WECOM_OAUTH_ORIGIN).origin,
  }
}

/** The key that signs and seals: the configured one, or one generated once for this home. */
export function secretKey(config: Config): string {
  return (
    config.secret_key ?? keptSecrets(config.home, "key", () => ({ key: generatedPassword() })).secrets.key
  )
}

/** Relative paths start at the clone's root, wherever the command was called. */
function absolute(path: string): string {
  return isAbsolute(path) ? resolve(path) : resolve(ROOT, path)
}

/** Null where the text names something else than proxies; a network of all addresses would be everybody's word. */
function proxiesOf(text: string): string[] | null {
  if (text === "off") return []
  if (text === "loopback") return ["127.0.0.0/8", "::1/128"]
  const list = text.split(",").map((one) => one.trim())
  const bits = (address: string) => ({ 4: 32, 6: 128 })[isIP(address)] ?? 0
  const fits = (one: string) => {
    const [address = "", prefix, more] = one.split("/")
    if (more !== undefined || bits(address) === 0) return false
    return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= bits(address))
  }
  return list.every(fits) ? list : null
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  const plain = url.pathname === "/" && !url.search && !url.hash && !url.username
  return plain && (url.protocol === "https:" || (url.protocol === "http:" && loopback))
}

function damaged(name: keyof Environment): StartProblem {
  const [zh, en] = MUST_BE[name]
  return new StartProblem(
    "damaged_setting",
    `环境变量 ${name} 无法使用：应为${zh}。`,
    `The setting ${name} cannot be used: it must be ${en}.`,
  )
}

function missing(name: keyof Environment, given: keyof Environment): StartProblem {
  const [zh, en] = MUST_BE[name]
  return new StartProblem(
    "damaged_setting",
    `已设置 ${given}，还需要环境变量 ${name}：${zh}。`,
    `${given} is set, so ${name} is needed too: ${en}.`,
  )
}

function findRoot(): string {
  let at = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    if (isOurPackage(join(at, "package.json"))) return at
    const up = dirname(at)
    if (up === at) return process.cwd()
    at = up
  }
}

function isOurPackage(file: string): boolean {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "siyu"
  } catch {
    return false
  }
}
