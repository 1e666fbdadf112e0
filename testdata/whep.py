#!/usr/bin/python3
"""A WHEP client that shares no code with the gateway: GStreamer's webrtcbin (libnice, OpenSSL, libsrtp).

Usage: whep.py URL TOKEN. Writes each access unit to standard output: its size in 4 bytes, big-endian,
then its NAL units with start codes. Runs until standard output is closed.
"""
import struct
import sys
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import GLib, Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)
url, token = sys.argv[1:3]
loop = GLib.MainLoop()
pipe = Gst.Pipeline.new()
rtc = Gst.ElementFactory.make("webrtcbin")
rtc.set_property("bundle-policy", "max-bundle")
pipe.add(rtc)


def fail(text):
    print(text, file=sys.stderr)
    loop.quit()


def sample(sink):
    buf = sink.emit("pull-sample").get_buffer()
    data = buf.extract_dup(0, buf.get_size())
    try:
        sys.stdout.buffer.write(struct.pack(">I", len(data)) + data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        loop.quit()
    return Gst.FlowReturn.OK


def pad_added(_, pad):
    if pad.direction != Gst.PadDirection.SRC:
        return
    depay = Gst.ElementFactory.make("rtph264depay")
    sink = Gst.ElementFactory.make("appsink")
    sink.set_property("emit-signals", True)
    sink.set_property("sync", False)
    sink.set_property("caps", Gst.Caps.from_string("video/x-h264,stream-format=byte-stream,alignment=au"))
    sink.connect("new-sample", sample)
    for element in (depay, sink):
        pipe.add(element)
        element.sync_state_with_parent()
    depay.link(sink)
    pad.link(depay.get_static_pad("sink"))


def gathered(*_):
    if rtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
        return
    GLib.idle_add(post)


def post():
    local = rtc.get_property("local-description")
    offer = local.sdp.as_text()
    request = urllib.request.Request(url, offer.encode(), {"Content-Type": "application/sdp", "Authorization": "Bearer " + token})
    try:
        with urllib.request.urlopen(request) as response:
            answer = response.read()
    except urllib.error.HTTPError as e:
        return fail(f"{e.code}: {e.read().decode()}\n{offer}")
    _, sdp = GstSdp.SDPMessage.new()
    GstSdp.sdp_message_parse_buffer(answer, sdp)
    rtc.emit("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp), None)


def offer_made(promise, *_):
    promise.wait()
    reply = promise.get_reply()  # holds the offer
    offer = reply.get_value("offer")
    rtc.emit("set-local-description", offer, None)


rtc.connect("pad-added", pad_added)
rtc.connect("notify::ice-gathering-state", gathered)
caps = "application/x-rtp,media=video,encoding-name=H264,payload=96,clock-rate=90000,packetization-mode=(string)1"
rtc.emit("add-transceiver", GstWebRTC.WebRTCRTPTransceiverDirection.RECVONLY, Gst.Caps.from_string(caps))
bus = pipe.get_bus()
bus.add_signal_watch()
bus.connect("message::error", lambda _, m: fail(str(m.parse_error())))
pipe.set_state(Gst.State.PLAYING)
rtc.emit("create-offer", None, Gst.Promise.new_with_change_func(offer_made))
loop.run()
pipe.set_state(Gst.State.NULL)
