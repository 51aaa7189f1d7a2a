export { type ListedPerson, save as saveMember, takeListed } from "./commands.ts"
export { roleRoutes, routes } from "./routes.ts"
export { ROLE_PERMISSIONS } from "./rules.ts"
export { ROLES, type Role } from "./shared.ts"
export { ensureOwner, resolveActor } from "./sign-in.ts"
export {
  firstOfRoles,
  firstOwner,
  idsByName as staffIdsByName,
  idsByRef as staffIdsByRef,
  memberByLogin,
  namesOf as staffNames,
  staffRows,
  teamOfStaff,
} from "./store.ts"
