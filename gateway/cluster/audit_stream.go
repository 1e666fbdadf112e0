package cluster

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The audit log is one stream. Each of its messages holds lines, see
// auth/audit; who reads the messages one after the other reads the log.
const (
	auditStream  = "AUDIT" // not a bucket's: those have a prefix
	auditSubject = "matthan.audit"
	auditWitness = "audit.log" // no bucket may have a dot in its name
	fetchAhead   = 64          // messages asked for and not yet here
)

func auditConfig(most int64) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name: auditStream, Subjects: []string{auditSubject}, Storage: jetstream.FileStorage, Retention: jetstream.LimitsPolicy,
		Discard: jetstream.DiscardOld, MaxMsgs: most, AllowDirect: true, DenyDelete: true, DenyPurge: true,
	}
}

func (e *engine) hasAudit(ctx context.Context) (bool, error) {
	_, err := e.js.Stream(ctx, auditStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for the audit log: %w", err)
	}
	return true, nil
}

func (e *engine) createAudit(ctx context.Context) error {
	if _, err := e.js.CreateStream(ctx, auditConfig(-1)); err != nil {
		return fmt.Errorf("make the audit log: %w", err)
	}
	return nil
}

// keepAudit keeps the newest most messages, -1 for all. It is the only way to
// cut a stream that denies to be purged.
func (e *engine) keepAudit(ctx context.Context, most int64) error {
	if _, err := e.js.UpdateStream(ctx, auditConfig(most)); err != nil {
		return fmt.Errorf("change the audit log's stream: %w", err)
	}
	return nil
}

// auditEnds are the numbers of the first and the last message; the first is
// beyond the last where there are none.
func (e *engine) auditEnds(ctx context.Context) (first, last uint64, err error) {
	stream, err := e.js.Stream(ctx, auditStream)
	if err != nil {
		return 0, 0, fmt.Errorf("look at the audit log: %w", err)
	}
	state := stream.CachedInfo().State
	return max(state.FirstSeq, 1), state.LastSeq, nil
}

// auditMessage makes the message that follows number last.
func auditMessage(lines []byte, last uint64) *nats.Msg {
	msg := nats.NewMsg(auditSubject)
	msg.Data = lines
	msg.Header.Set(expectHeader, strconv.FormatUint(last, 10))
	return msg
}

var errEnough = errors.New("enough was read")

// scanAudit calls each for the messages from one number to another, in order.
// It stops early, without an error, where NATS can read no further.
func (e *engine) scanAudit(ctx context.Context, from, to uint64, each func(number uint64, lines []byte) error) error {
	err := e.scan(ctx, auditStream, from, to, func(msg *nats.Msg) (uint64, error) {
		number, err := strconv.ParseUint(msg.Header.Get("Nats-Sequence"), 10, 64)
		if err != nil {
			return 0, auditDamaged("a message without a number")
		}
		if number > to {
			return 0, errEnough
		}
		return number, each(number, msg.Data)
	})
	if errors.Is(err, errEnough) {
		return nil
	}
	return err
}

// fetchAudit reads the messages with these numbers, in whatever order they come.
// Those that are not there are left out.
func (e *engine) fetchAudit(ctx context.Context, numbers []uint64, each func(lines []byte) error) error {
	sub, err := e.conn.SubscribeSync(nats.NewInbox())
	if err != nil {
		return err
	}
	defer func() { _ = sub.Unsubscribe() }() // fails only when the connection has gone, and the subscription with it
	for sent, got := 0, 0; got < len(numbers); got++ {
		for ; sent < len(numbers) && sent-got < fetchAhead; sent++ {
			ask := strconv.AppendUint([]byte(`{"seq":`), numbers[sent], 10)
			if err := e.conn.PublishRequest(directGet+auditStream, sub.Subject, append(ask, '}')); err != nil {
				return err
			}
		}
		msg, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return err
		}
		switch status := msg.Header.Get("Status"); status {
		case "":
			if err := each(msg.Data); err != nil {
				return err
			}
		case "404": // cut off meanwhile
		default:
			return fmt.Errorf("NATS answers %s %s", status, msg.Header.Get("Description"))
		}
	}
	return nil
}
