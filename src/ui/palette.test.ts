import { describe, expect, it } from "vitest"
import { contrast, heats, palettes } from "./palette.ts"

describe("colours can be read", () => {
  for (const [mode, c] of Object.entries(palettes)) {
    it(`every text colour reaches 4.5:1 on every ground it stands on (${mode})`, () => {
      for (const ground of [c.ground, c.surface, c.raised]) {
        for (const text of [c.ink, c.secondary, c.accent, c.warn, c.danger, c.info])
          expect([text, ground, contrast(text, ground) >= 4.5]).toEqual([text, ground, true])
      }
      for (const [text, tint] of [
        [c.accent, c.accentTint],
        [c.warn, c.warnTint],
        [c.danger, c.dangerTint],
        [c.info, c.infoTint],
        [c.onAccent, c.accent],
      ] as const)
        expect([text, tint, contrast(text, tint) >= 4.5]).toEqual([text, tint, true])
    })

    it(`a cell of a heat map can be read, and the more it holds the more it stands off its ground (${mode})`, () => {
      const tints = heats[mode as keyof typeof heats]
      for (const { tint, text } of tints)
        expect([text, tint, contrast(text, tint) >= 4.5]).toEqual([text, tint, true])
      const off = tints.map(({ tint }) => contrast(tint, c.surface))
      expect(off).toEqual([...off].sort((a, b) => a - b))
    })
  }
})
