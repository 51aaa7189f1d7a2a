import { z } from "zod"
import { departments, type Member, members } from "../world/staff.ts"
import type { World } from "../world/world.ts"
import { pageOf } from "./cursor.ts"
import { type Endpoint, endpoint, fail, none, paging, text } from "./endpoint.ts"

const numeric = z.coerce.number().int()

/** New apps get no phone, mail or avatar here. */
function shown(world: World, m: Member) {
  return {
    userid: m.userid,
    name: m.name,
    alias: m.english_name,
    position: m.position,
    external_position: m.position,
    department: [m.department],
    order: [0],
    is_leader_in_dept: [m.leader ? 1 : 0],
    main_department: m.department,
    direct_leader: m.leader ? [] : [m.led_by ?? "liang_yan"],
    gender: String(m.gender),
    status: world.memberStatus(m.userid),
    isleader: m.leader ? 1 : 0,
    extattr: { attrs: [] },
  }
}

const emptyUser = { department: [], order: [], is_leader_in_dept: [], direct_leader: [] }

const getUser = endpoint({
  path: "user/get",
  method: "GET",
  empty: emptyUser,
  args: z.object({ userid: text }),
  run({ world }, { userid }) {
    const member = world.member(userid)
    return member ? shown(world, member) : fail(60111)
  },
})

/** A department and all below it. */
function family(id: number): Set<number> {
  const found = new Set([id])
  for (let grew = true; grew; ) {
    const before = found.size
    for (const d of departments) if (found.has(d.parentid)) found.add(d.id)
    grew = found.size > before
  }
  return found
}

const inDepartment = (world: World, id: number, fetch_child: number | undefined): Member[] => {
  const wanted = fetch_child === 1 ? family(id) : new Set([id])
  return members.filter((m) => wanted.has(m.department) && world.memberStatus(m.userid) !== 5)
}

const listArgs = z.object({ department_id: numeric, fetch_child: numeric.optional() })

const simpleList = endpoint({
  path: "user/simplelist",
  method: "GET",
  empty: { userlist: [] },
  args: listArgs,
  run({ world }, { department_id, fetch_child }) {
    if (!departments.some((d) => d.id === department_id)) return fail(60003)
    const userlist = inDepartment(world, department_id, fetch_child).map((m) => ({
      userid: m.userid,
      name: m.name,
      department: [m.department],
    }))
    return { userlist }
  },
})

const fullList = endpoint({
  path: "user/list",
  method: "GET",
  empty: { userlist: [] },
  args: listArgs,
  run({ world }, { department_id, fetch_child }) {
    if (!departments.some((d) => d.id === department_id)) return fail(60003)
    return { userlist: inDepartment(world, department_id, fetch_child).map((m) => shown(world, m)) }
  },
})

const listId = endpoint({
  path: "user/list_id",
  empty: { dept_user: [] },
  args: z.object(paging),
  run({ world }, ask) {
    const page = pageOf(world.activeMembers(), ask, {
      seed: world.seed,
      scope: "list_id",
      fallback: 10_000,
      max: 10_000,
    })
    if (!page) return fail(50100)
    return {
      dept_user: page.items.map((m) => ({ userid: m.userid, department: m.department })),
      next_cursor: page.next_cursor,
    }
  },
})

const shownDepartment = (d: (typeof departments)[number]) => ({
  id: d.id,
  name: d.name,
  name_en: d.name_en,
  parentid: d.parentid,
  order: d.order,
  department_leader: d.leaders,
})

const departmentList = endpoint({
  path: "department/list",
  method: "GET",
  empty: { department: [] },
  args: z.object({ id: numeric.optional() }),
  run(_, { id }) {
    const wanted = id === undefined ? null : family(id)
    if (id !== undefined && !departments.some((d) => d.id === id)) return fail(60003)
    return { department: departments.filter((d) => !wanted || wanted.has(d.id)).map(shownDepartment) }
  },
})

const departmentSimple = endpoint({
  path: "department/simplelist",
  method: "GET",
  empty: { department_id: [] },
  args: z.object({ id: numeric.optional() }),
  run(_, { id }) {
    const wanted = id === undefined ? null : family(id)
    return {
      department_id: departments
        .filter((d) => !wanted || wanted.has(d.id))
        .map((d) => ({ id: d.id, parentid: d.parentid, order: d.order })),
    }
  },
})

const departmentGet = endpoint({
  path: "department/get",
  method: "GET",
  args: z.object({ id: numeric }),
  run(_, { id }) {
    const found = departments.find((d) => d.id === id)
    return found ? { department: shownDepartment(found) } : fail(60003)
  },
})

const agentGet = endpoint({
  path: "agent/get",
  method: "GET",
  args: z.object({ agentid: numeric }),
  run({ config }, { agentid }) {
    if (agentid !== config.agent_id) return fail(301002)
    const scope = { allow_userinfos: { user: [] }, allow_partys: { partyid: [1] }, allow_tags: { tagid: [] } }
    return {
      agentid,
      name: "私域运营",
      square_logo_url: "",
      description: "",
      ...scope,
      close: 0,
      report_location_flag: 0,
      isreportenter: 0,
    }
  },
})

const tagList = endpoint({
  path: "tag/list",
  method: "GET",
  empty: { taglist: [] },
  args: none,
  run: () => ({ taglist: [] }),
})

export const directoryEndpoints: Endpoint[] = [
  getUser,
  simpleList,
  fullList,
  listId,
  departmentList,
  departmentSimple,
  departmentGet,
  agentGet,
  tagList,
]
