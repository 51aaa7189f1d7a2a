export const GROUPS_PAGE = 200
/** Messages of one call of the group robot, and letters of one message. */
export const MESSAGES_PER_CALL = 500
export const MESSAGE_MAX_LENGTH = 5_000
export const ROBOT_BODY_MAX_BYTES = 4_194_304
