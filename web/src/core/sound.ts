import type { Peer } from './peer'
import type { Session } from './session'

/** The line for the cameras' sound, once there is one. */
function lineOf(p: Peer): RTCRtpTransceiver | undefined {
  return p.pc.getTransceivers().find((t) => t.receiver.track.kind === 'audio')
}

/** Asks for the sound of a tile's camera, or for none. The first time a line for it is offered. @returns what is heard then */
export function listen(s: Session, tile: number, on: boolean): MediaStreamTrack | undefined {
  const line = on && s.peer ? (lineOf(s.peer) ?? s.peer.pc.addTransceiver('audio', { direction: 'recvonly' })) : undefined
  void (async () => {
    if (line && !line.currentDirection) await s.restartIce(false)
    s.tell({ type: 'listen', tile, on })
  })()
  return line?.receiver.track
}
