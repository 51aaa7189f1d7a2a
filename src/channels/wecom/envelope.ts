import { z } from "zod"
import { readXml, textOf } from "./xml.ts"

const JsonEnvelope = z.object({ encrypt: z.string(), tousername: z.string().optional() })

/** The sealed text of a callback body: XML, or the JSON form that the documents show once. Null for anything else. */
export function readEnvelope(body: string): { encrypt: string } | null {
  if (body.trimStart().startsWith("{")) {
    const parsed = JsonEnvelope.safeParse(jsonOf(body))
    return parsed.success && parsed.data.encrypt ? { encrypt: parsed.data.encrypt } : null
  }
  const fields = readXml(body)
  const encrypt = fields ? textOf(fields, "Encrypt") : ""
  return encrypt ? { encrypt } : null
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
