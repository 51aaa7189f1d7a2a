/** Letters of a channel's name for somebody, of a code and of a state. */
export const REF_MAX = 128
export const CODE_MAX = 512
export const STATE_MAX = 64
export const URL_MAX = 2_000
/** Open assignments about one customer that the page gets; what is due first comes first. */
export const ASSIGNMENTS_SHOWN = 20
/** Whoever was added so lately is greeted first. */
export const NEWCOMER_DAYS = 7
/** How long somebody may take from leaving for the client's word until they are back with it. */
export const STATE_LIFE_S = 600
/** Refused sign-ins from one address, and how soon one comes back. */
export const SIGN_INS_PER_ADDRESS = { tries: 40, back_after_ms: 15_000 }
