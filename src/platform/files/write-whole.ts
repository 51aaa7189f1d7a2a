import { type FileHandle, open, rename, rm } from "node:fs/promises"

/** Writes pieces to a file that appears under its name only when it is whole. */
export async function writeWhole(
  path: string,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<void> {
  const part = `${path}.${process.pid}.part`
  let file: FileHandle | undefined
  try {
    file = await open(part, "w")
    for await (const piece of pieces) await file.write(piece)
    await file.close()
    file = undefined
    await rename(part, path)
  } catch (error) {
    await file?.close()
    await rm(part, { force: true })
    throw error
  }
}
