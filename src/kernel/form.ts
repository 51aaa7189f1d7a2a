import { z } from "zod"

/**
 * A declaration as a form is drawn from it: JSON schema, with what `.meta` says of its fields beside their types (label, hint,
 * unit, kind). `input`: what may be left out where a default stands in; `output`: everything is there.
 */
export const formSchema = (declared: z.ZodType, io: "input" | "output" = "input") =>
  z.toJSONSchema(declared, { io, unrepresentable: "any" }) as Record<string, unknown>
