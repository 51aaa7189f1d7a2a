import { describe, expect, it } from "vitest"
import { z } from "zod"
import { cursorNumber } from "./cursor.ts"
import { isRefused } from "./result.ts"
import { pageOfSorted, placeAsked, type SortPlace, sortedQuery, sorting } from "./sort.ts"

const ID = "01900000-0000-7000-8000-000000000001"
const byNumber = sorting({ columns: ["created", "last_order"], first: "-created", id: cursorNumber(1_000) })
const byId = sorting({ columns: ["paid_at"], first: "paid_at", id: z.uuid() })
const ask = (query: object) => sortedQuery(byNumber).safeParse(query)

describe("a sort", () => {
  it("is the list's own where nobody asks for one, and one of its columns either way", () => {
    expect(ask({}).data?.sort).toBe("-created")
    for (const sort of ["created", "-created", "last_order", "-last_order"])
      expect(ask({ sort }).data?.sort).toBe(sort)
  })

  it.each(["", "-", "name", "+created", "created,-last_order", "created desc"])(
    "that the list does not offer is refused with the field: %j",
    (sort) => {
      expect(ask({ sort }).error?.issues[0]?.path).toEqual(["sort"])
    },
  )
})

describe("a cursor of a sorted list", () => {
  it("comes back as the place it was made of, with a value or without one", () => {
    for (const place of [
      { sort: "-last_order", value: 20_786, id: 17 },
      { sort: "last_order", value: -3, id: 0 },
      { sort: "-last_order", value: null, id: 999 },
    ] as SortPlace<number>[])
      expect(byNumber.cursor.parse(z.encode(byNumber.cursor, place))).toEqual(place)
    const moment = { sort: "-paid_at", value: 1_796_000_000_123_456, id: ID }
    expect(byId.cursor.parse(z.encode(byId.cursor, moment))).toEqual(moment)
  })

  it.each([
    "",
    ".",
    "x",
    "17",
    "-created.1",
    "-created.1.1001",
    "-created.1.5.5",
    "name.1.1",
    "-created.1e3.1",
  ])("is refused where it is none: %j", (cursor) => {
    expect(ask({ cursor }).error?.issues[0]?.path[0]).toBe("cursor")
  })

  it("begins the next page under its own sort, and is refused under another", () => {
    const cursor = { sort: "-created", value: 5, id: 5 }
    expect(placeAsked({ sort: "-created", cursor, limit: 2 })).toEqual(cursor)
    expect(placeAsked({ sort: "-created", limit: 2 })).toBeNull()
    const other = placeAsked({ sort: "created", cursor, limit: 2 })
    expect(isRefused(other) && other).toMatchObject({ refused: "cursor_of_another_sort", field: "cursor" })
  })

  it("stands only where another row was found behind the page", () => {
    const rows = [
      { id: 3, sorted_by: 9 },
      { id: 2, sorted_by: null },
    ]
    const asked = { sort: "-last_order" as const, limit: 1 }
    expect(pageOfSorted(byNumber, rows, asked, (r) => r.id)).toEqual({
      page: [rows[0]],
      next_cursor: "-last_order.9.3",
    })
    expect(pageOfSorted(byNumber, rows.slice(1), asked, (r) => r.id).next_cursor).toBeNull()
  })
})
