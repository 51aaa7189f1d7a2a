export const FILE_KINDS = ["agreement", "evidence"] as const
export type FileKind = (typeof FILE_KINDS)[number]
export type FileType = "application/pdf" | "image/png" | "image/jpeg"

const MARKS: [FileType, readonly number[]][] = [
  ["application/pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ["image/png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
]

/** What a file is by its first bytes, whatever it is called; null for anything that is not kept here. */
export function typeOfFile(content: Uint8Array): FileType | null {
  return MARKS.find(([, mark]) => mark.every((byte, at) => content[at] === byte))?.[0] ?? null
}

const ENDINGS: Record<FileType, string> = {
  "application/pdf": ".pdf",
  "image/png": ".png",
  "image/jpeg": ".jpg",
}

/** A name that no system takes for a path or a command, ending as what the file really is. */
export function safeName(name: string, type: FileType, max: number): string {
  const stem = name
    .replace(/\.[^.]*$/, "")
    .replace(/[^\p{L}\p{N}._ -]/gu, "_")
    .replace(/^[. ]+/, "")
    .trim()
  return `${(stem || "file").slice(0, max - 4)}${ENDINGS[type]}`
}
