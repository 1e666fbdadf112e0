package audit

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// columns are those of a CSV export, named as in the JSON.
var columns = []string{"n", "time", "event", "subject", "name", "by", "address", "device", "camera", "kind", "areas", "target",
	"view", "seconds", "reason", "case", "detail"}

// CSV writes entries as a table for people. It proves nothing: only an export
// can be verified.
type CSV struct {
	w    *csv.Writer
	zone *time.Location
}

// NewCSV begins a table with its first row. Times are told in zone.
func NewCSV(w io.Writer, zone *time.Location) (*CSV, error) {
	c := &CSV{csv.NewWriter(w), zone}
	return c, c.w.Write(columns)
}

// Write adds a row.
func (c *CSV) Write(e Entry) error {
	seconds := ""
	if e.Duration > 0 {
		seconds = strconv.FormatFloat(e.Duration.Seconds(), 'f', 3, 64)
	}
	row := []string{strconv.FormatUint(e.N, 10), e.Time.In(c.zone).Format("2006-01-02T15:04:05.000Z07:00"), string(e.Event),
		e.Subject, e.Name, e.By, e.Address, e.Device, e.Camera, e.Kind, strings.Join(e.Areas, " < "), e.Target,
		e.View, seconds, e.Reason, e.Case, e.Detail}
	for i := range row {
		row[i] = plainCell(row[i])
	}
	if err := c.w.Write(row); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

// End writes what is still in memory.
func (c *CSV) End() error {
	c.w.Flush()
	return c.w.Error()
}

// plainCell keeps a spreadsheet from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
