package sheet

import "strings"

// titleRows are how many rows may stand above the header: lists have titles.
const titleRows = 10

// readCSV reads the cameras of a sheet.
func (in *reader) readCSV(text string) {
	text, separator, skipped := separatorOf(text)
	c := &cells{text: text, separator: separator, row: skipped}
	h := in.findHeader(c)
	if h == nil {
		return
	}
	for c.next() {
		if c.empty() {
			continue
		}
		if len(in.cameras) == maxRows {
			in.end(Message{Row: c.row, Code: RowsMany, Params: []string{number(maxRows)}})
			return
		}
		in.cameras = append(in.cameras, in.readRow(c, h))
	}
}

// separatorOf finds what stands between cells: what Excel's own first line
// "sep=;" says, else what parts the most known headers, else the most cells.
func separatorOf(text string) (rest string, separator byte, skipped int) {
	if len(text) > 4 && strings.EqualFold(text[:4], "sep=") && strings.IndexByte(",;\t", text[4]) >= 0 {
		separator = text[4]
		c := cells{text: text, separator: '\n'}
		c.next()
		return c.text, separator, 1
	}
	separator = ','
	most, widest := 0, 0
	for _, s := range []byte(",;\t") {
		c := cells{text: text, separator: s}
		for range titleRows {
			if !c.next() {
				break
			}
			known, wide := knows(c.values), len(c.values)
			if known > most || known == most && known == 0 && wide > widest {
				separator, most, widest = s, known, wide
			}
		}
	}
	return text, separator, 0
}

// findHeader reads up to the row with the columns' names; nil without one.
func (in *reader) findHeader(c *cells) *header {
	var above []int
	empty := true
	for range titleRows {
		if !c.next() {
			break
		}
		if c.empty() {
			continue
		}
		empty = false
		known := knows(c.values)
		if known < 2 && (known < 1 || len(c.values) > 1) {
			above = append(above, c.row)
			continue
		}
		h := in.readHeader(c)
		in.cellFaults(c, h)
		for _, row := range above {
			in.warn(Message{Row: row, Code: RowAbove})
		}
		if !h.has[idField] && !h.has[nameField] && !h.has[mainField] {
			break
		}
		return h
	}
	m := Message{Code: HeaderMissing, Params: []string{knownHeaders()}}
	if empty {
		m.Code = FileEmpty
	}
	in.end(m)
	return nil
}

func (in *reader) cellFaults(c *cells, h *header) {
	for _, f := range c.faults {
		in.fail(h.at(c.row, f))
	}
}

// at is a message about a cell that is not well formed.
func (h *header) at(row int, f fault) Message {
	m := Message{Row: row, Letter: columnLetter(f.column), Code: f.code}
	if f.column < len(h.fields) && h.fields[f.column] < fields {
		m.Column = h.places[h.fields[f.column]].column
	}
	switch f.code {
	case ColumnsMany:
		m.Params = []string{number(MaxColumns)}
	case CellLong:
		m.Params = []string{number(MaxCell)}
	}
	return m
}

func (in *reader) readRow(c *cells, h *header) *row {
	r := &row{number: c.row, places: &h.places, in: in, said: h.has}
	for i, v := range c.values {
		switch {
		case i < len(h.fields) && h.fields[i] < fields:
			f := h.fields[i]
			if f != passwordField {
				v = unguard(strings.TrimSpace(v))
			} else if strings.TrimSpace(v) == "" {
				v = ""
			}
			r.text[f] = strings.Clone(v) // so that a row does not keep the whole file
		case (i >= len(h.named) || !h.named[i]) && strings.TrimSpace(v) != "":
			r.add(h.at(c.row, fault{i, ColumnUnnamed}))
		}
	}
	for _, f := range c.faults {
		r.add(h.at(c.row, f))
	}
	r.parse()
	return r
}

// formulas are what begins a formula in spreadsheets.
const formulas = "=+-@"

// guard writes a text that a spreadsheet would take for a formula as one that
// it does not. unguard takes it back, whatever the text is.
func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if strings.HasPrefix(s, "'") && guarded(s) {
		return s[1:]
	}
	return s
}

func guarded(s string) bool {
	t := strings.TrimLeft(s, "' \t\r\n")
	return t != "" && strings.IndexByte(formulas, t[0]) >= 0
}
