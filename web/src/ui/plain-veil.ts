import { TileVeil } from './tile-veil'

customElements.define('tile-veil', TileVeil)
