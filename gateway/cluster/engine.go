package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	startWithin = 30 * time.Second // for a large store on a slow disk
	maxStore    = 1 << 40          // bytes; the disk is the real bound
	lookEvery   = 50 * time.Millisecond
	inFlight    = 64  // changes sent and not yet acknowledged
	batch       = 512 // records asked for at once when a bucket is read
	batchBytes  = 8 << 20
)

// Headers of a stored message. The first and last are ours and NATS's KV's.
const (
	stateHeader   = "Matthan-State" // the bucket after this change, see state
	expectHeader  = "Nats-Expected-Last-Sequence"
	removeHeader  = "KV-Operation"
	removeValue   = "DEL"
	streamPrefix  = "KV_"
	subjectPrefix = "$KV."
	directGet     = "$JS.API.DIRECT.GET."
)

// engine is the NATS server and our connection to it. It is replaced as a whole
// after a failed write, because NATS switches its store off for good.
type engine struct {
	server *server.Server
	conn   *nats.Conn
	js     jetstream.JetStream
	errs   *lastError
}

// lastError is the last error that NATS logged. It answers nothing at all to a
// message that it could not write, and says why in its log only.
type lastError struct{ atomic.Pointer[string] }

func startEngine(dir string, log *slog.Logger) (*engine, error) {
	srv, err := server.NewServer(&server.Options{
		ServerName:        "matthan",
		DontListen:        true,
		NoSigs:            true,
		JetStream:         true,
		StoreDir:          dir,
		SyncAlways:        true,
		JetStreamMaxStore: maxStore,
		MaxPayload:        2 * MaxValue, // a value and its headers
	})
	if err != nil {
		return nil, fmt.Errorf("start NATS: %w", err)
	}
	e := &engine{server: srv, errs: &lastError{}}
	srv.SetLoggerV2(natsLog{log, e.errs}, false, false, false)
	srv.Start()
	if !srv.ReadyForConnections(startWithin) || !srv.JetStreamEnabled() {
		e.stop()
		return nil, errors.New("start NATS: its file store does not come up: the log says why")
	}
	if e.conn, err = nats.Connect("", nats.InProcessServer(srv), nats.NoReconnect()); err != nil {
		e.stop()
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	if e.js, err = jetstream.New(e.conn); err != nil {
		e.stop()
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	return e, nil
}

// stop waits for all that the server runs.
func (e *engine) stop() {
	if e.conn != nil {
		e.conn.Close()
	}
	e.server.Shutdown()
	e.server.WaitForShutdown()
}

// buckets are the names of those that NATS has found.
func (e *engine) buckets(ctx context.Context) ([]string, error) {
	var names []string
	list := e.js.StreamNames(ctx)
	for name := range list.Name() {
		if bucket, ok := strings.CutPrefix(name, streamPrefix); ok {
			names = append(names, bucket)
		}
	}
	if err := list.Err(); err != nil {
		return nil, fmt.Errorf("list the buckets: %w", err)
	}
	return names, nil
}

// create makes a bucket where there is none.
func (e *engine) create(ctx context.Context, bucket string) error {
	_, err := e.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, History: 1, Storage: jetstream.FileStorage})
	if err != nil {
		return fmt.Errorf("make the bucket %s: %w", bucket, err)
	}
	return nil
}

// last is the number of a bucket's last message, as NATS knows it.
func (e *engine) last(ctx context.Context, bucket string) (uint64, error) {
	stream, err := e.js.Stream(ctx, streamPrefix+bucket)
	if err != nil {
		return 0, fmt.Errorf("look at the bucket %s: %w", bucket, err)
	}
	return stream.CachedInfo().State.LastSeq, nil
}

// stored is one message of a bucket.
type stored struct {
	key      string
	value    []byte
	revision uint64
	state    string
	removed  bool
}

// message makes the one that follows number last.
func message(bucket string, m stored, last uint64) *nats.Msg {
	msg := nats.NewMsg(subjectPrefix + bucket + "." + m.key)
	msg.Data = m.value
	msg.Header.Set(stateHeader, m.state)
	msg.Header.Set(expectHeader, strconv.FormatUint(last, 10))
	if m.removed {
		msg.Header.Set(removeHeader, removeValue)
	}
	return msg
}

// publish writes messages in order and returns how many are durable.
func (e *engine) publish(ctx context.Context, msgs []*nats.Msg) (acked int, err error) {
	sub, err := e.conn.SubscribeSync(nats.NewInbox())
	if err != nil {
		return 0, err
	}
	defer func() { _ = sub.Unsubscribe() }() // fails only when the connection has gone, and the subscription with it
	e.errs.Store(nil)
	for sent := 0; acked < len(msgs); acked++ {
		for ; sent < len(msgs) && sent-acked < inFlight; sent++ {
			msgs[sent].Reply = sub.Subject
			if err := e.conn.PublishMsg(msgs[sent]); err != nil {
				return acked, err
			}
		}
		ack, err := e.awaitAck(ctx, sub)
		if err != nil {
			return acked, err
		}
		if err := refusal(ack); err != nil {
			return acked, err
		}
	}
	return acked, nil
}

var errOff = errors.New("NATS has switched its file store off")

// awaitAck looks from time to time whether an answer can still come.
func (e *engine) awaitAck(ctx context.Context, sub *nats.Subscription) (*nats.Msg, error) {
	for {
		ack, err := sub.NextMsg(lookEvery)
		switch {
		case !errors.Is(err, nats.ErrTimeout):
			return ack, err
		case e.errs.Load() != nil:
			return nil, fmt.Errorf("NATS: %s", *e.errs.Load())
		case !e.server.JetStreamEnabled():
			return nil, errOff
		case ctx.Err() != nil:
			return nil, ctx.Err()
		}
	}
}

// refusal is nil for an acknowledgement.
func refusal(ack *nats.Msg) error {
	if status := ack.Header.Get("Status"); status != "" {
		return errOff
	}
	var answer struct {
		Error *jetstream.APIError `json:"error"`
		Seq   uint64              `json:"seq"`
	}
	if err := json.Unmarshal(ack.Data, &answer); err != nil {
		return fmt.Errorf("read the acknowledgement: %w", err)
	}
	if answer.Error != nil {
		return answer.Error
	}
	if answer.Seq == 0 {
		return errors.New("an acknowledgement without a number")
	}
	return nil
}

// read calls each for all messages of a bucket, oldest first. It stops without
// an error where NATS can read no further: the caller compares.
func (e *engine) read(ctx context.Context, bucket string, each func(stored) error) error {
	return e.scan(ctx, streamPrefix+bucket, 1, math.MaxUint64, func(msg *nats.Msg) (uint64, error) {
		m, err := parse(bucket, msg)
		if err != nil {
			return 0, err
		}
		return m.revision, each(m)
	})
}

// scan calls each for the messages of a stream from one number to another, oldest
// first. each returns the message's own number.
func (e *engine) scan(ctx context.Context, stream string, next, to uint64, each func(*nats.Msg) (uint64, error)) error {
	sub, err := e.conn.SubscribeSync(nats.NewInbox())
	if err != nil {
		return err
	}
	defer func() { _ = sub.Unsubscribe() }() // fails only when the connection has gone, and the subscription with it
	for next <= to {
		from := next
		ask := fmt.Sprintf(`{"seq":%d,"next_by_subj":">","batch":%d,"max_bytes":%d}`, from, min(to-next, batch-1)+1, batchBytes)
		if err := e.conn.PublishRequest(directGet+stream, sub.Subject, []byte(ask)); err != nil {
			return err
		}
		for {
			msg, err := sub.NextMsgWithContext(ctx)
			if err != nil {
				return err
			}
			if status := msg.Header.Get("Status"); status == "204" || status == "404" { // end of batch; nothing there
				break
			} else if status != "" {
				return fmt.Errorf("NATS answers %s %s", status, msg.Header.Get("Description"))
			}
			number, err := each(msg)
			if err != nil {
				return err
			}
			next = number + 1
		}
		if next == from {
			return nil
		}
	}
	return nil
}

func parse(bucket string, msg *nats.Msg) (stored, error) {
	key, ok := strings.CutPrefix(msg.Header.Get("Nats-Subject"), subjectPrefix+bucket+".")
	revision, err := strconv.ParseUint(msg.Header.Get("Nats-Sequence"), 10, 64)
	if !ok || err != nil {
		return stored{}, fmt.Errorf("%w: a message without a key or a number", ErrDamaged)
	}
	return stored{key, msg.Data, revision, msg.Header.Get(stateHeader), msg.Header.Get(removeHeader) != ""}, nil
}

// natsLog passes NATS's warnings and errors on; its notices are of no use here.
type natsLog struct {
	log  *slog.Logger
	errs *lastError
}

func (l natsLog) Noticef(string, ...any) {}
func (l natsLog) Debugf(string, ...any)  {}
func (l natsLog) Tracef(string, ...any)  {}

func (l natsLog) Warnf(format string, v ...any) {
	l.log.Warn("store: NATS: " + fmt.Sprintf(format, v...))
}

func (l natsLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.errs.Store(&text)
	l.log.Error("store: NATS: " + text)
}

func (l natsLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }
