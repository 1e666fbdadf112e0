package simulate

import (
	"strconv"
	"strings"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

// payloadType of all streams; 96 is the first dynamic one (RFC 3551 section 3).
const payloadType = 96

// handler answers gortsplib's requests. PAUSE, ANNOUNCE and RECORD are not
// implemented, so gortsplib answers them with 501.
type handler struct{ *Server }

// stream finds what a path names.
func (h *handler) stream(path string) (*camera, Quality, bool) {
	name, q, ok := strings.Cut(strings.Trim(path, "/"), "/")
	digits, isCam := strings.CutPrefix(name, "cam")
	i, err := strconv.Atoi(digits)
	if !ok || !isCam || err != nil || i < 0 || i >= len(h.cameras) || strconv.Itoa(i) != digits || !Quality(q).valid() {
		return nil, "", false
	}
	return h.cameras[i], Quality(q), true
}

// permit is the answer to a request without the right login, nil to one with it.
func (h *handler) permit(conn *gortsplib.ServerConn, req *base.Request) (*base.Response, error) {
	if h.options.User == "" || conn.VerifyCredentials(req, h.options.User, h.options.Password) {
		return nil, nil
	}
	return status(base.StatusUnauthorized), liberrors.ErrServerAuth{}
}

func status(code base.StatusCode) *base.Response { return &base.Response{StatusCode: code} }

// describe is the SDP of a stream. The media line is plain RTP/AVP under RTSPS
// too, as cameras have it: the packets are inside the TLS connection.
func (s *Server) describe(c *camera, q Quality) *description.Session {
	t := c.clip.track(q)
	d := &description.Session{
		Title: c.Name,
		Medias: []*description.Media{{
			Type:    description.MediaTypeVideo,
			Control: "trackID=0",
			Formats: []format.Format{&format.H264{
				PayloadTyp: payloadType, SPS: t.sps, PPS: t.pps, PacketizationMode: 1,
			}},
		}},
	}
	if s.beep != nil {
		d.Medias = append(d.Medias, s.beep.media())
	}
	return d
}

// OnConnOpen implements gortsplib.ServerHandlerOnConnOpen.
func (h *handler) OnConnOpen(ctx *gortsplib.ServerHandlerOnConnOpenCtx) {
	if h.conns.Add(1) > maxConns {
		ctx.Conn.Close()
		return
	}
	ctx.Conn.SetUserData(time.AfterFunc(h.options.patience, ctx.Conn.Close))
}

// OnConnClose implements gortsplib.ServerHandlerOnConnClose.
func (h *handler) OnConnClose(ctx *gortsplib.ServerHandlerOnConnCloseCtx) {
	h.conns.Add(-1)
	if t, ok := ctx.Conn.UserData().(*time.Timer); ok {
		t.Stop()
	}
	h.log.Debug("connection closed", "reader", ctx.Conn.NetConn().RemoteAddr(), "err", ctx.Error)
}

// OnDescribe implements gortsplib.ServerHandlerOnDescribe.
func (h *handler) OnDescribe(ctx *gortsplib.ServerHandlerOnDescribeCtx) (
	*base.Response, *gortsplib.ServerStream, error,
) {
	if res, err := h.permit(ctx.Conn, ctx.Request); err != nil {
		return res, nil, err
	}
	c, q, ok := h.stream(ctx.Path)
	if !ok {
		return status(base.StatusNotFound), nil, nil
	}
	body, err := h.describe(c, q).Marshal(false)
	if err != nil {
		return status(base.StatusInternalServerError), nil, err
	}
	return &base.Response{StatusCode: base.StatusOK, Body: body}, nil, nil
}

// OnSetup implements gortsplib.ServerHandlerOnSetup.
func (h *handler) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (
	*base.Response, *gortsplib.ServerStream, error,
) {
	if res, err := h.permit(ctx.Conn, ctx.Request); err != nil {
		return res, nil, err
	}
	c, q, ok := h.stream(ctx.Path)
	if !ok {
		return status(base.StatusNotFound), nil, nil
	}
	// gortsplib panics at a session that changes its stream.
	if p, ok := ctx.Session.UserData().(*session); ok {
		if p.camera != c || p.quality != q {
			return status(base.StatusBadRequest), nil, nil
		}
		return status(base.StatusOK), p.stream, nil
	}
	if c.sessions.Add(1) > maxSessions {
		c.sessions.Add(-1)
		return status(base.StatusServiceUnavailable), nil, nil
	}
	if n := h.sessions.Add(1); h.options.Sessions > 0 && int(n) > h.options.Sessions {
		h.sessions.Add(-1)
		c.sessions.Add(-1)
		h.refused.Add(1)
		return status(base.StatusNotEnoughBandwidth), nil, nil
	}
	p, err := newSession(h.Server, c, q, ctx.Session, ctx.Conn.NetConn().RemoteAddr().String())
	if err != nil {
		h.sessions.Add(-1)
		c.sessions.Add(-1)
		return status(base.StatusInternalServerError), nil, err
	}
	ctx.Session.SetUserData(p)
	return status(base.StatusOK), p.stream, nil
}

// OnPlay implements gortsplib.ServerHandlerOnPlay.
func (h *handler) OnPlay(ctx *gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) {
	if res, err := h.permit(ctx.Conn, ctx.Request); err != nil {
		return res, err
	}
	p, ok := ctx.Session.UserData().(*session)
	if !ok {
		return status(base.StatusBadRequest), nil
	}
	if t, ok := ctx.Conn.UserData().(*time.Timer); ok {
		t.Stop()
	}
	p.play()
	return status(base.StatusOK), nil
}

// OnSessionClose implements gortsplib.ServerHandlerOnSessionClose.
func (h *handler) OnSessionClose(ctx *gortsplib.ServerHandlerOnSessionCloseCtx) {
	if p, ok := ctx.Session.UserData().(*session); ok {
		p.close()
		p.camera.sessions.Add(-1)
		h.sessions.Add(-1)
		h.log.Debug("session ended", "camera", p.camera.Index, "quality", p.quality, "reader", p.reader,
			"dropped", p.dropped, "err", ctx.Error)
	}
}

// OnDecodeError implements gortsplib.ServerHandlerOnDecodeError: a reader's RTCP
// was no RTCP.
func (h *handler) OnDecodeError(ctx *gortsplib.ServerHandlerOnDecodeErrorCtx) {
	h.log.Debug("bad packet from a reader", "err", ctx.Error)
}
