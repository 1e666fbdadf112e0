package rtc

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/pion/logging"
)

// pionLog passes pion's warnings on as debug lines: what they tell is about
// single viewers' networks, and a flood of bad packets must not flood the log.
type pionLog struct{ log *slog.Logger }

// NewLogger implements logging.LoggerFactory.
func (p pionLog) NewLogger(scope string) logging.LeveledLogger {
	return leveled{p.log.With("pion", scope)}
}

type leveled struct{ log *slog.Logger }

func (l leveled) Trace(string)                  {}
func (l leveled) Tracef(string, ...interface{}) {}
func (l leveled) Debug(string)                  {}
func (l leveled) Debugf(string, ...interface{}) {}
func (l leveled) Info(string)                   {}
func (l leveled) Infof(string, ...interface{})  {}
func (l leveled) Warn(s string)                 { l.log.Debug(s) }
func (l leveled) Warnf(f string, a ...interface{}) {
	l.format(f, a)
}
func (l leveled) Error(s string) { l.log.Debug(s) }
func (l leveled) Errorf(f string, a ...interface{}) {
	l.format(f, a)
}

// format is most of what a bad packet costs, and is done only where it is read.
func (l leveled) format(f string, a []interface{}) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.log.Debug(fmt.Sprintf(f, a...))
	}
}
