// The long walks: every screen looked at by axe, contrast measured over real pictures, a minute in the background, and
// a whole shift and a whole day. Twenty minutes on two cores, so they have a command of their own (make walk).
import './returning.test.mjs'
import './contrast.test.mjs'
import './axe.test.mjs'
import './shift.test.mjs'
