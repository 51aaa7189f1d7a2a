export { type ListedPerson, save as saveMember, takeGone, takeListed } from "./commands.ts"
export { beginLeaving, endLeaving, stopLeaving } from "./leaving.ts"
export { roleRoutes, routes } from "./routes.ts"
export { ROLE_PERMISSIONS } from "./rules.ts"
export { ROLES, type Role } from "./shared.ts"
export { ensureOwner, resolveActor, SESSION_COOKIE_LIFE_S, signInByRef } from "./sign-in.ts"
export {
  activeStaff,
  firstOfRoles,
  firstOwner,
  goneRefs as goneStaffRefs,
  idsByName as staffIdsByName,
  idsByRef as staffIdsByRef,
  leavingMembers,
  type Member,
  memberById,
  memberByLogin,
  namesOf as staffNames,
  roleOfStaff,
  staffRows,
  teamOfStaff,
} from "./store.ts"
