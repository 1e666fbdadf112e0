// Devices that are not as they should be.

/** Runs in the page, before all else: where window.hot is set the decoder seems to drop a third of the pictures. */
export function hot() {
  const real = RTCPeerConnection.prototype.getStats
  let dropped = 0
  RTCPeerConnection.prototype.getStats = async function () {
    const report = await real.call(this)
    if (window.hot) dropped += 10
    const map = new Map()
    report.forEach((s, k) => map.set(k, s.type === 'inbound-rtp' ? { ...s, framesDropped: (s.framesDropped ?? 0) + dropped } : s))
    return map
  }
}
