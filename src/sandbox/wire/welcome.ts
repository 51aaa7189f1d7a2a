import { z } from "zod"
import { limits } from "../limits.ts"
import { attachmentsField, contentFault, textField } from "./content.ts"
import { byteLength, type Ctx, type Endpoint, endpoint, type Failure, fail, text } from "./endpoint.ts"

const send = endpoint({
  path: "externalcontact/send_welcome_msg",
  pair: (raw) => String(raw.welcome_code),
  args: z.object({ welcome_code: text, text: textField, attachments: attachmentsField }),
  run({ world, at }, ask) {
    const welcome = world.t.welcomes.get(ask.welcome_code)
    if (!welcome) return fail(41050)
    const fault = contentFault(world, at, ask.text, ask.attachments)
    if (fault) return fault
    if (welcome.chatted || welcome.used) return fail(41051)
    if (world.patience() - welcome.patience_ms > limits.welcome_valid_ms) return fail(41050)
    world.t.welcomes.put(ask.welcome_code, { ...welcome, used: true, content: ask.text?.content ?? "" })
    world.happen(at, `${world.people.person(welcome.person).name} 收到欢迎语`)
    return {}
  },
})

// Group welcome templates

const part = z.record(z.string(), z.unknown()).optional()
const template = { text: textField, image: part, link: part, miniprogram: part, file: part, video: part }
const agentid = z.number().int().optional()

function faultOf(
  ctx: Ctx,
  ask: { text?: { content: string }; agentid?: number },
  extras: unknown[],
): Failure | null {
  if (ask.agentid !== undefined && ask.agentid !== 0 && ask.agentid !== ctx.config.agent_id)
    return fail(301002)
  if (byteLength(ask.text?.content ?? "") > 3_000) return fail(45002)
  return !ask.text?.content && extras.every((extra) => extra === undefined) ? fail(44004) : null
}

/** Text plus the first of image > link > miniprogram > file > video. */
function kept(ask: Record<string, unknown>): Record<string, unknown> {
  const kind = ["image", "link", "miniprogram", "file", "video"].find((name) => ask[name] !== undefined)
  return { ...(ask.text ? { text: ask.text } : {}), ...(kind ? { [kind]: ask[kind] } : {}) }
}

const add = endpoint({
  path: "externalcontact/group_welcome_template/add",
  args: z.object({ ...template, agentid, notify: z.number().optional() }),
  run(ctx, ask) {
    const fault = faultOf(ctx, ask, [ask.image, ask.link, ask.miniprogram, ask.file, ask.video])
    if (fault) return fault
    if (ctx.world.t.group_welcomes.size >= limits.group_welcome_templates) return fail(41055)
    const template_id = ctx.world.newSecret("msgtpl", 32)
    ctx.world.t.group_welcomes.put(template_id, kept(ask))
    return { template_id }
  },
})

const edit = endpoint({
  path: "externalcontact/group_welcome_template/edit",
  args: z.object({ template_id: text, ...template, agentid }),
  run(ctx, { template_id, ...ask }) {
    if (!ctx.world.t.group_welcomes.has(template_id)) return fail(41058)
    const fault = faultOf(ctx, ask, [ask.image, ask.link, ask.miniprogram, ask.file, ask.video])
    if (fault) return fault
    ctx.world.t.group_welcomes.put(template_id, kept(ask))
    return {}
  },
})

const get = endpoint({
  path: "externalcontact/group_welcome_template/get",
  args: z.object({ template_id: text }),
  run: ({ world }, { template_id }) => world.t.group_welcomes.get(template_id) ?? fail(41058),
})

const del = endpoint({
  path: "externalcontact/group_welcome_template/del",
  args: z.object({ template_id: text, agentid }),
  run({ world }, { template_id }) {
    if (!world.t.group_welcomes.has(template_id)) return fail(41058)
    world.t.group_welcomes.del(template_id)
    return {}
  },
})

export const welcomeEndpoints: Endpoint[] = [send, add, edit, get, del]
