export { type ListedPerson, save as saveMember, takeListed } from "./commands.ts"
export { roleRoutes, routes } from "./routes.ts"
export { allows, ROLE_PERMISSIONS, ROLES, type Role } from "./rules.ts"
export { ensureOwner, resolveActor } from "./sign-in.ts"
export {
  firstOwner,
  idsByRef as staffIdsByRef,
  memberByLogin,
  namesOf as staffNames,
  staffRows,
  teamOfStaff,
} from "./store.ts"
