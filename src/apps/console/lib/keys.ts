/** A key for one intention. `crypto.randomUUID` is not there on plain http away from this machine, so it is made by hand. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("")
}
