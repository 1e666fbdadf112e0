import { CameraTile } from './camera-tile'

customElements.define('camera-tile', CameraTile)
