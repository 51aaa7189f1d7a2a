/** Why something of the client came to nothing, as it says it: `sendChatMessage:fail no permission`. */
export function reasonOf(error: unknown): string {
  const said = (error as { errMsg?: unknown } | null)?.errMsg
  return typeof said === "string" ? said : error instanceof Error ? error.message : ""
}
