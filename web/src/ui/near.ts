// What knows where the device is, as one piece that is fetched when somebody wants to know.
export { nearest } from '../core/near'
export { Position } from './position'
