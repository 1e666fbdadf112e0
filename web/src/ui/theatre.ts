/** What is needed only while the picture stands alone. */
export { sideBars } from './side-bars'
export { theatreStyle } from './theatre-style'
