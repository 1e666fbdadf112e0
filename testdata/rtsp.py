#!/usr/bin/python3
"""An RTSP server that shares no code with the gateway: GStreamer's, on ports of its own at 127.0.0.1.

Usage: rtsp.py CERTIFICATE KEY USER PASSWORD FILE... Serves each FILE: a Matroska file at /NAME, without its ending,
from its beginning to each client: as H.264, or as H.265 where NAME begins with hevc, JPEG with photos, and with its sound where
NAME ends with -CODING of it; of an SDP file each media at /NAME/0, /NAME/1 and so on, to one client at a time, the
packets as they come. Writes two ports to standard output: without TLS, for everybody, and with TLS, for who logs in by
Digest; the second is 0 where CERTIFICATE is -.
"""
import os.path
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("GstSdp", "1.0")
from gi.repository import Gio, GLib, Gst, GstRtsp, GstRtspServer, GstSdp  # noqa: E402

Gst.init(None)
certificate, key, user, password = sys.argv[1:5]
# What packs the sound of files that are called after its coding.
SOUND = {"pcmu": "rtppcmupay", "pcma": "rtppcmapay", "opus": "opusparse ! rtpopuspay pt=97", "aac": "aacparse ! rtpmp4gpay pt=97"}


def pipelines(path):
    name, kind = os.path.splitext(os.path.basename(path))
    if kind == ".mkv":
        words = name.split("-")
        picture = {"hevc": "h265parse ! rtph265pay", "photos": "jpegparse ! rtpjpegpay"}.get(words[0], "h264parse ! rtph264pay")
        sound = f"file.audio_0 ! queue ! {SOUND[words[-1]]} name=pay1 " if words[-1] in SOUND else ""
        yield "/" + name, f"( filesrc location={path} ! matroskademux name=file file.video_0 ! queue ! {picture} name=pay0 {sound})"
        return
    with open(path) as f:
        _, sdp = GstSdp.SDPMessage.new_from_text(f.read())
    for i in range(sdp.medias_len()):
        media = sdp.get_media(i)
        caps = media.get_caps_from_media(int(media.get_format(0)))
        media.attributes_to_caps(caps)
        text = caps.to_string().replace("application/x-unknown", "application/x-rtp").replace('"', '\\"')
        yield f"/{name}/{i}", f'( udpsrc address=127.0.0.1 port={media.get_port()} caps="{text}" ! identity name=pay0 )'


def serve(auth):
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    server.set_auth(auth)
    for path in sys.argv[5:]:
        for name, pipeline in pipelines(path):
            factory = GstRtspServer.RTSPMediaFactory()
            factory.set_launch(pipeline)
            factory.add_role_from_structure(Gst.Structure.new_from_string("viewer, media.factory.access=true, media.factory.construct=true"))
            server.get_mount_points().add_factory(name, factory)
    server.attach(None)
    return server


if certificate == "-":
    plain = serve(None)
    print(plain.get_bound_port(), 0, flush=True)
    GLib.MainLoop().run()

secure = GstRtspServer.RTSPAuth()
secure.set_tls_certificate(Gio.TlsCertificate.new_from_files(certificate, key))
secure.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
viewer = GstRtspServer.RTSPToken()
viewer.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, "viewer")
secure.add_digest(user, password, viewer)

servers = serve(None), serve(secure)
print(*(s.get_bound_port() for s in servers), flush=True)
GLib.MainLoop().run()
