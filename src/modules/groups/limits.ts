export const GROUPS_PAGE = 200
export const MEMBERS_PAGE = 500
export const MESSAGES_PAGE = 50
